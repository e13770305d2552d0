"""The form of recognition as plain texts, field by field: what stands, and what somebody filled in."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.errors import Refused
from bot.recognition.rules import MEASURED, WEIGHTS, Recognition

MILESTONES = "milestones"
"""The box to tick."""


class Reading(NamedTuple):
    """The decision, and what is wrong by field; with something wrong nothing is saved."""

    wanted: Recognition | None
    problems: Mapping[str, Refused]


def read(filled: Mapping[str, str | Sequence[str]]) -> Reading:
    """What somebody filled in: `channel`, a weight for each figure, `milestones`. An empty weight is 0."""
    texts = {name: str(filled.get(name) or "0").strip() for name in MEASURED}
    problems = {
        name: Refused("recognition.problem.weight", most=str(WEIGHTS[-1]))
        for name, text in texts.items()
        if not text.isdecimal() or int(text) not in WEIGHTS
    }
    if problems:
        return Reading(None, problems)
    weights = {name: int(text) for name, text in texts.items() if int(text)}
    if not weights:
        return Reading(None, {MEASURED[0]: Refused("recognition.problem.nothing")})
    channel = str(filled.get("channel") or "") or None
    return Reading(Recognition(channel, weights, MILESTONES in filled.get(MILESTONES, ())), {})
