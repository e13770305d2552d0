"""What a workspace can decide for itself, what holds until it does, and the steps that set it up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel.core import get_global

from bot.access.roles import Role
from bot.errors import Refused
from bot.working_time.hours import STANDARD, Hours
from bot.workspace.checklists import CHECKLISTS, CHOICES, OWN, Question, from_json, usual

DAILY_GOAL = 10
DAILY_GOAL_OF_CALLERS = 40
CALLERS = frozenset({Role.SDR, Role.MRR})
MOST_CALLS_A_DAY = 500

SPEED_TARGET = 5
LONGEST_SPEED_TARGET = 24 * 60
"""Minutes within which somebody should have reached out to a lead, in working time."""
SPEED_MINUTES = range(1, LONGEST_SPEED_TARGET + 1)

CLAWBACK_DAYS = 90
"""Days within which commission is taken back when a deal is reopened or its customer leaves; 0 for none."""
CLAWBACK_RANGE = range(731)

RAMP_CURVE = (25, 50, 75, 100)
"""Percent of a full quota that somebody new carries in their first month, the second and so on; the last one stays."""
RAMP_MONTHS = range(1, 25)
RAMP_PERCENT = range(101)

QUOTA_GROWTH = 10
"""Percent that a proposed target asks beyond the past."""
GROWTH_RANGE = range(-50, 201)

HANDOFF_MINUTES = range(5, 481)
"""Working minutes that an offer may wait."""
TOUCH_DAYS = range(1, 11)
"""Working days within which whoever accepted reaches out."""
WEIGHTS = range(1, 101)
CAPS = range(1, 501)

BASE_SHARES = {
    Role.SDR: 65,
    Role.MRR: 65,
    Role.AE: 60,
    Role.SPECIALIST: 70,
    Role.CSM: 75,
    Role.MANAGER: 70,
    Role.OPS: 100,
    Role.ADMIN: 100,
    Role.MARKETING: 100,
}
"""Percent of the pay that is base, the usual mix of each role; the rest is variable."""


class Setting(StrEnum):
    """What stands in the table of settings."""

    GOALS = "daily_goals"
    HOURS = "working_hours"
    COUNTRY = "country"
    ZONE = "zone"
    HANDOFFS_CHANNEL = "handoffs_channel"
    WINS_CHANNEL = "wins_channel"
    FISCAL_MONTH = "fiscal_month"
    CURRENCY = "currency"
    HANDOFF_MINUTES = "handoff_minutes"
    TOUCH_DAYS = "touch_days"
    CHECKLIST = "checklist"
    REQUIRED_ANSWERS = "required_answers"
    QUESTIONS = "questions"
    ROUTING = "routing"
    SPEED_MINUTES = "speed_minutes"
    LEAD_RULES = "lead_rules"
    CLAWBACK_DAYS = "clawback_days"
    RAMP_CURVE = "ramp_curve"
    QUOTA_GROWTH = "quota_growth"
    OWN_METRICS = "own_metrics"
    COMPETITORS = "competitors"
    SALES_PROCESS = "sales_process"
    RECOGNITION = "recognition"
    INLET = "inlet"
    FORGOTTEN = "forgotten"
    SETUP_BY = "setup_by"
    SETUP_HIDDEN = "setup_hidden"


class Step(StrEnum):
    """The set-up list, in its order."""

    ROLES = "roles"
    GOALS = "goals"
    HOURS = "hours"
    CHANNELS = "channels"
    FISCAL_YEAR = "fiscal_year"
    CURRENCY = "currency"


SETTINGS_OF: Mapping[Step, tuple[Setting, ...]] = {
    Step.ROLES: (),
    Step.GOALS: (Setting.GOALS,),
    Step.HOURS: (Setting.HOURS, Setting.COUNTRY, Setting.ZONE),
    Step.CHANNELS: (Setting.HANDOFFS_CHANNEL, Setting.WINS_CHANNEL),
    Step.FISCAL_YEAR: (Setting.FISCAL_MONTH,),
    Step.CURRENCY: (Setting.CURRENCY,),
}
"""The settings that a step writes; it is done once each has been saved, be it as it was. Roles are not settings."""


@dataclass(frozen=True, slots=True)
class Card:
    """How a workspace words a role: its lines by language, and the base share of its pay in percent.

    What is empty is as the product words it.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    base_share: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a workspace has decided, and the defaults of what it has not."""

    goals: Mapping[str, int] = field(default_factory=dict)
    hours: Hours = STANDARD
    country: str | None = None
    zone: str | None = None
    handoffs_channel: str | None = None
    wins_channel: str | None = None
    fiscal_month: int = 1
    currency: str = "USD"
    handoff_minutes: int = 60
    touch_days: int = 1
    checklist: str = "bant"
    required_answers: tuple[str, ...] = ()
    questions: Mapping[str, Any] = field(default_factory=dict)
    routing: Mapping[str, Any] = field(default_factory=dict)
    speed_minutes: int = SPEED_TARGET
    lead_rules: Mapping[str, Any] | None = None
    clawback_days: int = CLAWBACK_DAYS
    ramp_curve: tuple[int, ...] = RAMP_CURVE
    quota_growth: int = QUOTA_GROWTH
    own_metrics: Mapping[str, Sequence[str]] = field(default_factory=dict)
    competitors: tuple[str, ...] = ()
    sales_process: Mapping[str, Any] | None = None
    recognition: Mapping[str, Any] = field(default_factory=dict)
    setup_by: str | None = None
    setup_hidden: bool = False
    cards: Mapping[str, Card] = field(default_factory=dict)
    saved: frozenset[str] = frozenset()

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions of the checklist."""
        return from_json(self.questions.get("asked", ())) if self.checklist == OWN else usual(self.checklist)

    def goal_of(self, role: str) -> int:
        """Calls a day that somebody of this role aims for."""
        return self.goals.get(role, DAILY_GOAL_OF_CALLERS if role in CALLERS else DAILY_GOAL)

    def done(self, step: Step) -> bool:
        """Whether a step of the set-up list has been saved; `ROLES` is done once somebody holds one."""
        return all(setting in self.saved for setting in SETTINGS_OF[step])

    def card(self, role: str) -> Card:
        """How this workspace words a role."""
        return self.cards.get(role, Card())


def settings_of(values: Mapping[str, Any]) -> Settings:
    """The settings behind the rows of a workspace, `values` by name."""
    plain = {
        name: values[name]
        for name in ("country", "zone", "handoffs_channel", "wins_channel", "setup_by")
        if values.get(name)
    }
    checklist = values.get(Setting.CHECKLIST) or "bant"
    questions = values.get(Setting.QUESTIONS) or {}
    required = values.get(Setting.REQUIRED_ANSWERS) or ()
    if checklist == OWN:
        required = [each.code for each in from_json(questions.get("asked", ())) if each.is_required]
    return Settings(
        goals=values.get(Setting.GOALS) or {},
        hours=Hours.from_json(values[Setting.HOURS]) if values.get(Setting.HOURS) else STANDARD,
        fiscal_month=values.get(Setting.FISCAL_MONTH) or 1,
        currency=values.get(Setting.CURRENCY) or "USD",
        handoff_minutes=values.get(Setting.HANDOFF_MINUTES) or 60,
        touch_days=values.get(Setting.TOUCH_DAYS) or 1,
        checklist=checklist,
        required_answers=tuple(code for code in required if checklist == OWN or code in CHECKLISTS.get(checklist, ())),
        questions=questions,
        routing=values.get(Setting.ROUTING) or {},
        speed_minutes=values.get(Setting.SPEED_MINUTES) or SPEED_TARGET,
        lead_rules=values.get(Setting.LEAD_RULES),
        clawback_days=_or(values.get(Setting.CLAWBACK_DAYS), CLAWBACK_DAYS),
        ramp_curve=tuple(values.get(Setting.RAMP_CURVE) or RAMP_CURVE),
        quota_growth=_or(values.get(Setting.QUOTA_GROWTH), QUOTA_GROWTH),
        own_metrics=values.get(Setting.OWN_METRICS) or {},
        competitors=tuple(values.get(Setting.COMPETITORS) or ()),
        sales_process=values.get(Setting.SALES_PROCESS),
        recognition=values.get(Setting.RECOGNITION) or {},
        setup_hidden=bool(values.get(Setting.SETUP_HIDDEN)),
        cards={name.removeprefix(CARD): _card(value) for name, value in values.items() if name.startswith(CARD)},
        saved=frozenset(values),
        **plain,
    )


def _or(value: int | None, usual: int) -> int:
    """A value that may be 0, or what holds without one."""
    return usual if value is None else value


CARD = "role_card."
"""The name of the setting behind a reworded card: `role_card.AE`."""


def _card(value: Mapping[str, Any] | None) -> Card:
    found = value or {}
    return Card(found.get("texts") or {}, found.get("base_share"))


def daily_goal(goals: Mapping[str, int] | None, roles: Iterable[str]) -> int:
    """Calls a day until somebody sets another figure: 40 for those who call for a living, 10 for the others.

    Who holds several roles aims for the highest of their goals.
    """
    settings = Settings(goals=goals or {})
    return max((settings.goal_of(role) for role in roles), default=DAILY_GOAL)


def left_alone(name: str, value: Any, before: Mapping[str, Any], seen: Mapping[str, Any]) -> bool:
    """Whether a form's reader did not touch a field that somebody else has changed since they opened it.

    `before` are the values that stand, `seen` those that the form was opened with.
    """
    return name in seen and seen[name] == value and before.get(name, value) != value


def merged(name: str, value: Any, before: Mapping[str, Any], seen: Mapping[str, Any]) -> Any:
    """The value to save. Goals are one setting but a field for each role: those not touched stay as they are; so does
    each part of the rules of routing and of the score.
    """
    if name in IN_PARTS and name in seen and name in before:
        merged_rules: dict[str, Any] = _merged_deep(before[name], seen[name], value)
        return merged_rules
    if name != Setting.GOALS or name not in seen or name not in before:
        return value
    untouched = {role for role, goal in value.items() if seen[name].get(role) == goal}
    return value | {role: goal for role, goal in before[name].items() if role in untouched}


IN_PARTS = frozenset({Setting.ROUTING, Setting.LEAD_RULES, Setting.SALES_PROCESS, Setting.RECOGNITION})
"""Settings of many parts, of which a form changes some."""


def _merged_deep(before: Any, seen: Any, value: Any) -> Any:
    """What stands, with what was changed between `seen` and `value`."""
    if not all(isinstance(each, Mapping) for each in (before, seen, value)):
        return before if value == seen else value
    found = {}
    for key in {**before, **value}:
        each = _merged_deep(*(part.get(key, _GONE) for part in (before, seen, value)))
        if each is not _GONE:
            found[key] = each
    return found


_GONE = object()


def _stands_deep(before: Any, after: Any, value: Any) -> bool:
    """Whether all that is different in `after` is so in `value`."""
    if not all(isinstance(each, Mapping) for each in (before, after, value)):
        return after in (before, value)
    keys = {**before, **after}
    return all(_stands_deep(*(each.get(key, _GONE) for each in (before, after, value))) for key in keys)


def still_stands(name: str, before: Any, after: Any, value: Any) -> bool:
    """Whether a change from `before` to `after` is still seen in what is now the `value`."""
    if name in IN_PARTS:
        return _stands_deep(before, after, value)
    if name != Setting.GOALS:
        return bool(value == after)
    old = Settings(goals=before or {})
    return all(value.get(role) == goal for role, goal in after.items() if old.goal_of(role) != goal)


@cache
def currencies() -> tuple[str, ...]:
    """The ISO codes of all money in use today (Unicode CLDR), in the order of the alphabet."""
    in_use = get_global("territory_currencies").values()
    return tuple(sorted({code for used in in_use for code, _, end, is_tender in used if is_tender and end is None}))


@cache
def zones() -> frozenset[str]:
    """The names of all time zones (IANA); to list them, Python reads through all of their files."""
    return frozenset(available_timezones())


def check(name: str, value: Any) -> None:
    """Let a value pass that a setting can have.

    Raises:
        Refused: `settings.problem.…` with what is wrong.
    """
    if name == Setting.CURRENCY and value not in currencies():
        raise Refused("settings.problem.currency", value=str(value))
    if name == Setting.FISCAL_MONTH and value not in range(1, 13):
        raise Refused("settings.problem.month", value=str(value))
    if name == Setting.ZONE and value and value not in zones():
        raise Refused("settings.problem.zone", value=str(value))
    if name == Setting.SPEED_MINUTES and value not in SPEED_MINUTES:
        raise Refused("settings.problem.speed", value=str(value), most=str(LONGEST_SPEED_TARGET))
    if name == Setting.CLAWBACK_DAYS and not _is_whole(value, CLAWBACK_RANGE):
        raise Refused("settings.problem.clawback", most=str(CLAWBACK_RANGE[-1]))
    if name == Setting.GOALS and any(not 0 <= goal <= MOST_CALLS_A_DAY for goal in value.values()):
        raise Refused("settings.problem.goal", most=str(MOST_CALLS_A_DAY))
    _check_planning(name, value)
    _check_handoffs(name, value)


def _check_planning(name: str, value: Any) -> None:
    if name == Setting.RAMP_CURVE and (
        len(value) not in RAMP_MONTHS or any(not _is_whole(each, RAMP_PERCENT) for each in value) or not value[-1]
    ):
        raise Refused("settings.problem.ramp", most=str(RAMP_MONTHS[-1]))
    if name == Setting.QUOTA_GROWTH and not _is_whole(value, GROWTH_RANGE):
        raise Refused("settings.problem.growth", least=str(GROWTH_RANGE[0]), most=str(GROWTH_RANGE[-1]))


def _check_handoffs(name: str, value: Any) -> None:
    if name == Setting.HANDOFF_MINUTES and value not in HANDOFF_MINUTES:
        raise Refused("settings.problem.minutes", least=HANDOFF_MINUTES[0], most=HANDOFF_MINUTES[-1])
    if name == Setting.TOUCH_DAYS and value not in TOUCH_DAYS:
        raise Refused("settings.problem.touch_days", least=TOUCH_DAYS[0], most=TOUCH_DAYS[-1])
    if name == Setting.CHECKLIST and value not in CHOICES:
        raise Refused("settings.problem.checklist")
    if name == Setting.REQUIRED_ANSWERS and not {*value} <= {code for codes in CHECKLISTS.values() for code in codes}:
        raise Refused("settings.problem.required")
    if name == Setting.ROUTING:
        _check_routing(value)


def _check_routing(value: Mapping[str, Any]) -> None:
    """The rules of routing: `{"weights": {person: 2}, "caps": {person: 10}, "cap": 20, "stuck": person}`, each part
    where it is not the usual.
    """
    caps = [*(value.get("caps") or {}).values(), *([value["cap"]] if value.get("cap") is not None else [])]
    if any(not _is_whole(each, WEIGHTS) for each in (value.get("weights") or {}).values()):
        raise Refused("settings.problem.weight", least=WEIGHTS[0], most=WEIGHTS[-1])
    if any(not _is_whole(each, CAPS) for each in caps):
        raise Refused("settings.problem.cap", least=CAPS[0], most=CAPS[-1])
    if not value.keys() <= {"weights", "caps", "cap", "stuck"} or not isinstance(value.get("stuck") or "", str):
        raise Refused("settings.problem.routing")


def _is_whole(value: Any, among: range) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in among
