"""The forms of the set-up list as plain texts, field by field: what stands, and what somebody filled in."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from bot.access.roles import Role
from bot.errors import Refused
from bot.people.assignments import Assign
from bot.people.model import Aspect
from bot.reading.text import storable
from bot.working_time.hours import WEEK, Hours, read_hours
from bot.workspace.checklists import CHECKLISTS, CHOICES, OWN, read_questions
from bot.workspace.names import hours_line
from bot.workspace.places import country_of, zone_of
from bot.workspace.rules import (
    CAPS,
    HANDOFF_MINUTES,
    MOST_CALLS_A_DAY,
    TOUCH_DAYS,
    WEIGHTS,
    Setting,
    Settings,
    Step,
    check,
    currencies,
)

GOALS = frozenset(map(str, range(MOST_CALLS_A_DAY + 1)))
MONTHS = frozenset(map(str, range(1, 13)))

LONGEST_NAME = 80
"""Characters of a team, a territory or a segment."""

Filled = Mapping[str, str | Sequence[str]]
"""The fields of a form: a text each, and several where several can be chosen; what is empty is nothing."""

Fields = dict[str, str | Sequence[str]]


class Reading(NamedTuple):
    """The values to save by setting, and what is wrong by field; with something wrong nothing is saved."""

    values: dict[str, Any]
    problems: dict[str, Refused]


class Group(NamedTuple):
    """What several people are to be from a day on, one command each, and what is wrong by field."""

    commands: list[Assign]
    problems: dict[str, Refused]


def standing(settings: Settings, step: Step, zone: str, language: str) -> Fields:
    """What a step's form holds when it opens. `zone` is that of its reader, for a workspace without one."""
    if step is Step.GOALS:
        return {role.value: str(settings.goal_of(role)) for role in Role}
    if step is Step.HOURS:
        return {
            **hours_fields(settings.hours, language),
            "country": settings.country or "",
            "zone": settings.zone or zone,
        }
    if step is Step.CHANNELS:
        return {"handoffs": settings.handoffs_channel or "", "wins": settings.wins_channel or ""}
    if step is Step.FISCAL_YEAR:
        return {"month": str(settings.fiscal_month)}
    return {"currency": settings.currency} if step is Step.CURRENCY else {}


def hours_fields(hours: Hours, language: str) -> Fields:
    """One start and end and the days they are for, or (where days differ) a line to type in."""
    as_line = len({shift for shift in hours.week if shift}) > 1
    return other_hours_fields(hours, language, as_line=as_line)


def other_hours_fields(hours: Hours, language: str, *, as_line: bool) -> Fields:
    """The hours as a line, or as the start and end of their first days for all of them."""
    if as_line:
        return {"hours": hours_line(hours, language)}
    spans = hours.spans()
    days = sorted(day for span in spans for day in span[0])
    return {"start": f"{spans[0][1]:%H:%M}", "end": f"{spans[0][2]:%H:%M}", "days": [str(day) for day in days]}


def read(step: Step, filled: Filled) -> Reading:
    """What somebody filled into a step's form (for `ROLES`, see `read_group`)."""
    readers = {
        Step.GOALS: _goals,
        Step.HOURS: _working_time,
        Step.CHANNELS: _channels,
        Step.FISCAL_YEAR: _fiscal_month,
        Step.CURRENCY: _currency,
    }
    return readers[step](filled)


def read_hours_fields(filled: Filled) -> Hours | dict[str, Refused]:
    """The hours of a form, or what is wrong with them by field."""
    if "hours" in filled:
        try:
            return read_hours(_text(filled, "hours"))
        except ValueError:
            return {"hours": Refused("settings.problem.hours", text=_text(filled, "hours"))}
    start, end = _time(_text(filled, "start")), _time(_text(filled, "end"))
    days = [day for day in WEEK if str(day) in _several(filled, "days")]
    if start and end and days and start != end:
        return Hours.of(dict.fromkeys(days, (start, end)))
    problems = {field: Refused("settings.problem.no_time") for field, at in (("start", start), ("end", end)) if not at}
    if start and start == end:
        problems["end"] = Refused("settings.problem.empty_day")
    return problems if days else problems | {"days": Refused("settings.problem.no_days")}


def read_group(filled: Filled) -> Group:
    """What the form for roles says of each person in it."""
    people, roles, start = _several(filled, "people"), _several(filled, "roles"), _day(_text(filled, "start"))
    aspects = _aspects(filled)
    problems = {
        field: Refused("settings.problem.long", most=str(LONGEST_NAME))
        for field, aspect in (("team", Aspect.TEAM), ("territory", Aspect.TERRITORIES), ("segment", Aspect.SEGMENTS))
        if any(len(name) > LONGEST_NAME for name in _names(aspects.get(aspect)))
    }
    if not people:
        problems["people"] = Refused("settings.problem.nobody")
    if not set(roles) <= set(Role) or not (roles or aspects):
        problems["roles"] = Refused("settings.problem.no_role")
    if start is None or problems:
        return Group([], problems if start else problems | {"start": Refused("settings.problem.no_day")})
    return Group([Assign(each, start, tuple(roles), aspects=aspects) for each in people], {})


def read_routing(filled: Filled, rules: Mapping[str, Any]) -> Reading:
    """The form of weights and limits: for some people at once, and the limit of everybody else.

    A weight of 1, and a limit of 0, are the usual again. `rules` are those that stand.
    """
    whom = _several(filled, "people")
    weight, cap, most = (_whole(filled, field) for field in ("weight", "cap", "most"))
    ranges = (("weight", weight, WEIGHTS), ("cap", cap, range(CAPS.stop)), ("most", most, range(CAPS.stop)))
    problems = {
        field: Refused(f"settings.problem.{'weight' if field == 'weight' else 'cap'}", least=among[0], most=among[-1])
        for field, value, among in ranges
        if _text(filled, field) and value not in among
    }
    if (weight or cap is not None) and not whom:
        problems["people"] = Refused("settings.problem.nobody")
    if whom and weight is None and cap is None and not problems:
        problems["weight"] = Refused("settings.problem.no_weight")
    weights = {**(rules.get("weights") or {}), **(dict.fromkeys(whom, weight) if weight else {})}
    caps = {**(rules.get("caps") or {}), **(dict.fromkeys(whom, cap) if cap is not None else {})}
    found = {
        **rules,
        "weights": {person: each for person, each in weights.items() if each != 1},
        "caps": {person: each for person, each in caps.items() if each},
        "cap": most or None,
    }
    return Reading({Setting.ROUTING: _lean(found)}, problems)


def read_handoffs(filled: Filled, rules: Mapping[str, Any], questions: Mapping[str, Any] | None = None) -> Reading:
    """The form of the clock, the checklist, own questions, and who takes over what is stuck.

    `rules` and `questions` are those that stand.
    """
    minutes, days, checklist = _whole(filled, "minutes"), _whole(filled, "days"), _text(filled, "checklist")
    problems = {}
    if minutes not in HANDOFF_MINUTES:
        problems["minutes"] = Refused("settings.problem.minutes", least=HANDOFF_MINUTES[0], most=HANDOFF_MINUTES[-1])
    if days not in TOUCH_DAYS:
        problems["days"] = Refused("settings.problem.touch_days", least=TOUCH_DAYS[0], most=TOUCH_DAYS[-1])
    if checklist not in CHOICES:
        problems["checklist"] = Refused("settings.problem.checklist")
    asked = _questions(filled, questions or {}, problems)
    if checklist == OWN and not asked.get("asked"):
        problems.setdefault("questions", Refused("settings.problem.no_questions"))
    chosen = _several(filled, "required")
    required = [code for code in CHECKLISTS.get(checklist, ()) if code in chosen]
    values: dict[str, Any] = {
        Setting.HANDOFF_MINUTES: minutes,
        Setting.TOUCH_DAYS: days,
        Setting.CHECKLIST: checklist,
        **({} if checklist == OWN else {Setting.REQUIRED_ANSWERS: required}),
        Setting.QUESTIONS: asked,
        Setting.ROUTING: _lean({**rules, "stuck": _text(filled, "stuck")}),
    }
    return Reading({} if problems else values, problems)


MOST_COMPETITORS = 50
LONGEST_COMPETITOR = 60
"""Characters of a name."""


def read_competitors(text: str) -> list[str]:
    """The names of competitors, each on a line of its own or with commas between them; each once.

    Raises:
        Refused: when there are too many, or one is too long.
    """
    names = {name.casefold(): name for part in text.splitlines() for each in part.split(",") if (name := each.strip())}
    if len(names) > MOST_COMPETITORS:
        raise Refused("settings.problem.competitor_many", most=str(MOST_COMPETITORS))
    for name in names.values():
        if len(name) > LONGEST_COMPETITOR or not any(each.isalnum() for each in name):
            raise Refused("settings.problem.competitor_name", text=name, most=str(LONGEST_COMPETITOR))
    return list(names.values())


def read_planning(filled: Filled) -> Reading:
    """The form of the ramp curve (`25 50 75 100`, percent by month) and of the growth that proposed targets ask."""
    words = _text(filled, "ramp").replace("%", " ").replace(",", " ").replace("/", " ").split()
    growth = _text(filled, "growth").replace("−", "-").removesuffix("%").strip()
    values: dict[str, Any] = {
        Setting.RAMP_CURVE: [int(word) if word.isdecimal() else -1 for word in words],
        Setting.QUOTA_GROWTH: int(growth) if growth.removeprefix("-").isdecimal() else None,
    }
    problems = {}
    for field, name in (("ramp", Setting.RAMP_CURVE), ("growth", Setting.QUOTA_GROWTH)):
        try:
            check(name, values[name])
        except Refused as refused:
            problems[field] = refused
    return Reading({} if problems else values, problems)


def _questions(filled: Filled, before: Mapping[str, Any], problems: dict[str, Refused]) -> Mapping[str, Any]:
    try:
        return read_questions(_text(filled, "questions"), before)
    except Refused as refused:
        problems["questions"] = refused
        return before


def _lean(rules: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in rules.items() if value}


def _whole(filled: Filled, field: str) -> int | None:
    text = _text(filled, field)
    return int(text) if text.isdecimal() else None


def _goals(filled: Filled) -> Reading:
    found = {role.value: _text(filled, role) for role in Role}
    wrong = [role for role, text in found.items() if text not in GOALS]
    if wrong:
        return Reading({}, {role: Refused("settings.problem.goal", most=str(MOST_CALLS_A_DAY)) for role in wrong})
    return Reading({Setting.GOALS: {role: int(text) for role, text in found.items()}}, {})


def _working_time(filled: Filled) -> Reading:
    hours = read_hours_fields(filled)
    problems = dict(hours) if isinstance(hours, dict) else {}
    places: dict[str, Any] = {}
    for field, setting, place_of in (("country", Setting.COUNTRY, country_of), ("zone", Setting.ZONE, zone_of)):
        text = _text(filled, field)
        try:
            places[setting] = place_of(text) if text else None
        except ValueError:
            problems[field] = Refused(f"settings.problem.{field}", value=text)
    if problems or isinstance(hours, dict):
        return Reading({}, problems)
    return Reading({Setting.HOURS: hours.to_json(), **places}, {})


def _channels(filled: Filled) -> Reading:
    return Reading(
        {
            Setting.HANDOFFS_CHANNEL: _text(filled, "handoffs") or None,
            Setting.WINS_CHANNEL: _text(filled, "wins") or None,
        },
        {},
    )


def _fiscal_month(filled: Filled) -> Reading:
    text = _text(filled, "month")
    if text not in MONTHS:
        return Reading({}, {"month": Refused("settings.problem.month", value=text)})
    return Reading({Setting.FISCAL_MONTH: int(text)}, {})


def _currency(filled: Filled) -> Reading:
    code = _text(filled, "currency").upper()
    if code not in currencies():
        return Reading({}, {"currency": Refused("settings.problem.currency", value=code)})
    return Reading({Setting.CURRENCY: code}, {})


def _aspects(filled: Filled) -> dict[str, Any]:
    """Where the people are to stand; what was left empty stays as it is."""
    said: dict[str, Any] = {
        Aspect.TEAM: _text(filled, "team"),
        Aspect.MANAGER: _text(filled, "manager"),
        Aspect.TERRITORIES: _listed(_text(filled, "territory")),
        Aspect.SEGMENTS: _listed(_text(filled, "segment")),
    }
    return {aspect: value for aspect, value in said.items() if value}


def _listed(text: str) -> list[str]:
    parts = (part.strip() for part in text.replace(";", ",").split(","))
    return list(dict.fromkeys(part for part in parts if part))


def _names(value: Any) -> Sequence[str]:
    return [value] if isinstance(value, str) else value or []


def _text(filled: Filled, field: str) -> str:
    found = filled.get(field) or ""
    return storable(found) if isinstance(found, str) else ""


def _several(filled: Filled, field: str) -> list[str]:
    found = filled.get(field) or []
    return [found] if isinstance(found, str) else list(found)


def _time(text: str) -> time | None:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time on the wall, in nobody's zone
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
