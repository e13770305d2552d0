"""What a line of coaching says: plain values."""

from dataclasses import dataclass
from datetime import date

from bot.quota.periods import Period
from bot.reading.asked import Problem
from bot.reading.text import words_of

ASKS = words_of(
    "handle two_people person_missing text_missing text_long words_unknown title_missing link_bad title_long "
    "day_missing day_unread day_ambiguous day_past day_far whom_missing period_unread period_ambiguous period_ahead"
)
"""Every code that a problem may have: `coaching.ask.CODE` in the catalogue."""


@dataclass(frozen=True, slots=True)
class About:
    """One-to-ones with somebody; without a person, one's own and those of one's reports."""

    person: str | None = None


@dataclass(frozen=True, slots=True)
class Give:
    """Feedback or kudos for somebody, in these words; what is None was not said."""

    person: str | None
    text: str | None
    is_kudos: bool


@dataclass(frozen=True, slots=True)
class Review:
    """Everything about somebody (None: oneself) in a period."""

    person: str | None
    period: Period


@dataclass(frozen=True, slots=True)
class Mine:
    """What the reader has to learn."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What the reader has assigned, and how far it is."""


@dataclass(frozen=True, slots=True)
class Module:
    """A module of training as it is assigned: to people by their Slack ids, and to everybody in some roles."""

    title: str
    link: str | None
    due_on: date
    people: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssignForm:
    """A module is to be assigned, and nothing of it is said."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that needs another look, with one that would do."""

    problem: Problem
    example: str


Said = About | Give | Review | Mine | Progress | Module | AssignForm | Unread
