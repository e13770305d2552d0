"""The three forms in which operations change how leads are scored, as plain texts: what stands, what was filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

from bot.errors import Refused
from bot.leads import scoring_lines as lines
from bot.leads.scoring_rules import WHOLE, Bounds, Rules
from bot.workspace.rules import SPEED_MINUTES

DECAY, A, B, C, SPEED = "decay", "a", "b", "c", "speed"
"""Fields that are no tables; the others are called like the parts of `Rules`."""


class Form(StrEnum):
    """Which of the three."""

    FIT = "fit"
    BEHAVIOUR = "behaviour"
    GRADES = "grades"


FIELDS: Mapping[Form, tuple[str, ...]] = {
    Form.FIT: ("sizes", "industries", "countries", "territories", "titles"),
    Form.BEHAVIOUR: ("sources", "touches", "recency", DECAY),
    Form.GRADES: (A, B, C, SPEED),
}
TABLES = frozenset(FIELDS[Form.FIT] + FIELDS[Form.BEHAVIOUR]) - {DECAY}


@dataclass(frozen=True, slots=True)
class Scoring:
    """All that a workspace decides about scoring: the rules, and the minutes of the speed-to-lead target."""

    rules: Rules
    speed_minutes: int


class Reading(NamedTuple):
    """What stands after a form, and what is wrong in it by field; with something wrong nothing is to be saved."""

    scoring: Scoring
    problems: dict[str, tuple[Refused, ...]]


def standing(form: Form, scoring: Scoring, language: str) -> dict[str, str]:
    """What a form holds when it opens, as texts."""
    grades = scoring.rules.grades
    plain = {
        DECAY: lines.percent(scoring.rules.decay, language),
        A: str(grades.a),
        B: str(grades.b),
        C: str(grades.c),
        SPEED: str(scoring.speed_minutes),
    }
    return {
        name: lines.written(name, scoring.rules, language) if name in TABLES else plain[name] for name in FIELDS[form]
    }


def read(form: Form, filled: Mapping[str, str], seen: Scoring, language: str) -> Reading:
    """What somebody filled in who saw `seen`; fields that are empty have no rows."""
    if form is Form.GRADES:
        return _grades(filled, seen)
    parts: dict[str, Any] = {}
    problems: dict[str, tuple[Refused, ...]] = {}
    for name in FIELDS[form]:
        text = filled.get(name) or ""
        if name == DECAY:
            parts[name] = lines.read_decay(text)
            wrong: tuple[Refused, ...] = () if parts[name] is not None else (_no_percent(text, seen, language),)
        else:
            parts[name], wrong = lines.read(name, text, language)
        if wrong:
            problems[name] = wrong
    return Reading(seen if problems else replace(seen, rules=replace(seen.rules, **parts)), problems)


def _no_percent(text: str, seen: Scoring, language: str) -> Refused:
    line = " ".join(text.split())[: lines.SHOWN] or "–"
    return Refused("scoring.line.decay", line=line, example=lines.percent(seen.rules.decay, language))


def _grades(filled: Mapping[str, str], seen: Scoring) -> Reading:
    found = {name: _whole(filled.get(name) or "") for name in FIELDS[Form.GRADES]}
    problems: dict[str, tuple[Refused, ...]] = {
        name: (Refused("scoring.line.bound", line=filled.get(name) or "–", most=str(WHOLE)),)
        for name in (A, B, C)
        if found[name] not in range(1, WHOLE + 1)
    }
    if found[SPEED] not in SPEED_MINUTES:
        most = str(SPEED_MINUTES[-1])
        problems[SPEED] = (Refused("scoring.line.speed", line=filled.get(SPEED) or "–", most=most),)
    for upper, lower in ((A, B), (B, C)):
        if not {upper, lower} & problems.keys() and found[upper] <= found[lower]:
            shown = {"grade": lower.upper(), "above": upper.upper(), "line": str(found[lower])}
            problems[lower] = (Refused("scoring.line.grades", example=str(max(1, found[upper] - 1)), **shown),)
    if problems:
        return Reading(seen, problems)
    grades = Bounds(found[A], found[B], found[C])
    return Reading(Scoring(replace(seen.rules, grades=grades), found[SPEED]), {})


def _whole(text: str) -> int:
    return int(text) if text.strip().isdecimal() and len(text) < 10 else 0
