"""Reads the forms of the team: the same checks as a typed line, each problem under its own field."""

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date
from typing import Any

from bot.people.model import Aspect
from bot.people.rules import Member, Standing, standing_of
from bot.reading.text import storable
from bot.team.clauses import LONGEST_VALUE, MOST_VALUES, read_country, read_values
from bot.team.draft import Draft, Problem
from bot.working_time.hours import read_hours
from bot.workspace.names import hours_line

Filled = Mapping[str, str | Sequence[str]]
"""What stands in each field as plain text, `roles` as codes; an empty field is empty."""

Problems = dict[str, Problem]

FIELD_OF = {
    "team.problem.own_manager": "manager",
    "team.problem.circle": "manager",
    "team.problem.overlap": "roles",
    "team.problem.overlap_until": "roles",
    "team.problem.not_held": "roles",
    "team.problem.nothing_new": "roles",
    "team.problem.too_far": "start",
    "team.problem.end_before_start": "last",
    "refused.granting": "roles",
    "refused.granting_alone": "roles",
}
"""The field under which a refusal stands; the others belong to the person."""


def initial(member: Member | None, draft: Draft, language: str) -> dict[str, str]:
    """What stands in the fields of a form: somebody's own values, and over them what a line said."""
    said = _texts(standing_of(draft.aspects), language)
    own = _texts(member.standing, language) if member else {}
    return own | {name: text for name, text in said.items() if name in draft.aspects}


def _texts(standing: Standing, language: str) -> dict[str, str]:
    return {
        "manager": standing.manager or "",
        "team": standing.team or "",
        "territories": ", ".join(standing.territories),
        "segments": ", ".join(standing.segments),
        "hours": hours_line(standing.hours, language) if standing.hours else "",
        "country": standing.country or "",
    }


def read_form(person_id: str, filled: Filled, shown: Filled, meant: Set[str], today: date) -> tuple[Draft, Problems]:
    """The change that a form says, and what is wrong with it, by field.

    Args:
        person_id: whom it is about, where the form does not ask.
        filled: as it was sent.
        shown: as it was opened. What its reader left alone is not part of the change, but for the fields in `meant`.
        meant: fields that a line filled in.
        today: where the reader is.
    """
    problems: Problems = {}
    aspects: dict[str, Any] = {}
    for name, read in _READERS.items():
        text = storable(str(filled.get(name) or ""))
        if name not in filled or (name not in meant and text == storable(str(shown.get(name) or ""))):
            continue
        value, problem = read(text) if text else (None, None)
        aspects[name] = value
        if problem:
            problems[name] = problem
    start, last = (date.fromisoformat(str(filled[name])) if filled.get(name) else None for name in ("start", "last"))
    roles = tuple(filled.get("roles") or ())
    return Draft(str(filled.get("person") or person_id), roles, start or today, last, aspects), problems


def read_days_form(person_id: str, filled: Filled) -> Draft:
    """One role of somebody, with the days that a form names."""
    start, last = (date.fromisoformat(str(filled[name])) if filled.get(name) else None for name in ("start", "last"))
    return Draft(str(filled.get("person") or person_id), (str(filled["roles"]),), start, last)


def _team(text: str) -> tuple[str | None, Problem | None]:
    return text, _too_long([text])


def _several(text: str) -> tuple[list[str], Problem | None]:
    values = read_values(text)
    return values, _too_long(values)


def _hours(text: str) -> tuple[Any, Problem | None]:
    try:
        return read_hours(text).to_json(), None
    except ValueError:
        return None, Problem("hours_unread", {"text": text})


def _country(text: str) -> tuple[str | None, Problem | None]:
    problem, code = read_country(text)
    return code, problem


def _too_long(values: Sequence[str]) -> Problem | None:
    too_long = len(values) > MOST_VALUES or any(len(value) > LONGEST_VALUE for value in values)
    return Problem("value_long", {"limit": LONGEST_VALUE, "most": MOST_VALUES}) if too_long else None


_READERS: Mapping[str, Callable[[str], tuple[Any, Problem | None]]] = {
    Aspect.MANAGER: lambda text: (text, None),
    Aspect.TEAM: _team,
    Aspect.TERRITORIES: _several,
    Aspect.SEGMENTS: _several,
    Aspect.HOURS: _hours,
    Aspect.COUNTRY: _country,
}
