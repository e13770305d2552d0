"""The form of `/baton reminders`: what its fields are called, and what was filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from bot.reminders.line import EARLY
from bot.reminders.rules import Choice, Kind, Quiet

ON, OFF = "on", "off"

FIELDS = ("daily", "daily_at", "follow_up", "early", "week", "week_at", "training", "quiet_start", "quiet_end")


@dataclass(frozen=True, slots=True)
class Filled:
    """Everything that somebody decided."""

    choices: dict[Kind, Choice]
    quiet: Quiet | None


def read(texts: Mapping[str, str]) -> Filled | dict[str, str]:
    """What was filled in, or a message key for each field that needs another look. An empty time
    is the usual one; without a start and an end there are no quiet hours."""
    start, end = _time(texts["quiet_start"]), _time(texts["quiet_end"])
    if (start or end) and (start is None or end is None or start == end):
        return {"quiet_end": "reminders.problem.quiet_ends"}
    early = int(texts["early"]) if texts["early"].isdecimal() else 0
    return Filled(
        {
            Kind.DAILY: Choice(at=_time(texts["daily_at"]), is_muted=texts["daily"] == OFF),
            Kind.FOLLOW_UP: Choice(early=early if early in EARLY else 0, is_muted=texts["follow_up"] == OFF),
            Kind.WEEK_AHEAD: Choice(at=_time(texts["week_at"]), is_muted=texts["week"] == OFF),
            Kind.TRAINING: Choice(is_muted=texts["training"] == OFF),
        },
        Quiet(start, end) if start and end else None,
    )


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None
