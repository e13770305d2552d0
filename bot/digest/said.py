"""What a line of `/digest` says."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from bot.digest.rules import Digest
from bot.quota.periods import Period
from bot.reading.asked import Unclear
from bot.reading.text import words_of

ASKS = words_of(
    "line_long words_unknown period_unread period_ambiguous ahead time_missing two_periods nothing_on only_weeks"
)
"""Every code that a problem may have: `digest.ask.CODE` in the catalogue."""


class Whose(StrEnum):
    """Whose week is told."""

    MINE = "mine"
    TEAM = "team"
    MARKETING = "marketing"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Show:
    """A digest to be shown: of whom (None: what the reader gets by themselves), of which period."""

    period: Period
    whose: Whose | None = None


@dataclass(frozen=True, slots=True)
class Decide:
    """Digests are to come or not (None: those that the writer gets): `weekday` 0 is Monday."""

    is_on: bool
    digest: Digest | None = None
    weekday: int | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """Which digests come, and when."""


@dataclass(frozen=True, slots=True)
class Board:
    """The leaderboard: of a week (None: the last whole one); or, with `is_shown`, whether the writer stands on it."""

    week: Period | None = None
    is_shown: bool | None = None


@dataclass(frozen=True, slots=True)
class Help:
    """How it is used."""


DigestLine = Show | Decide | Overview | Board | Help | Unclear
