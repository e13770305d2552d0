"""What a line of `/lead` says. `ref` is that of a known name; None if it is new, misspelt or shared by several."""

from dataclasses import dataclass
from datetime import date

from bot.leads.vocabulary import Source
from bot.reading.asked import Unclear
from bot.reading.text import words_of

ASKS = words_of(
    "line_long verb_close verb_missing name_missing name_long company_missing company_end email_unread phone_unread "
    "source_unknown employees_unread number_bare country_unknown said_twice handle mention_unused owner_unread "
    "points_missing points_unread points_zero points_range points_sign why_missing why_long day_missing day_unread "
    "day_impossible day_ambiguous day_past day_far words_unknown merge_into_missing merge_direction merge_same"
)
"""Every code that a problem may have: `leads.ask.CODE` in the catalogue."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """A bare `/lead`."""


@dataclass(frozen=True, slots=True)
class Help:
    """`/lead help`."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Inbound leads that nobody has claimed."""


@dataclass(frozen=True, slots=True)
class ScoringRules:
    """The rules behind every score."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What became of leads, by where they came from."""


@dataclass(frozen=True, slots=True)
class New:
    """A new lead; `country` is a code (`DE`, `DE-BE`), `owner` the Slack id that a mention names."""

    company: str
    person: str | None = None
    email: str | None = None
    phone: str | None = None
    source: Source | None = None
    title: str | None = None
    employees: int | None = None
    country: str | None = None
    note: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Show:
    """A lead's card."""

    name: str
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """Why the lead went to whom it went."""

    name: str
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class AddPoints:
    """Points to add to the score, or to take from it, and why."""

    name: str
    ref: str | None
    points: int
    why: str


@dataclass(frozen=True, slots=True)
class Nurture:
    """Keep warm until a day to come."""

    name: str
    ref: str | None
    until: date
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Take a lead out of the queue."""

    name: str
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """Put a lead back into the queue."""

    name: str
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """Make one lead of two: the first becomes a part of the second."""

    name: str
    ref: str | None
    into: str
    into_ref: str | None


LeadLine = (
    Nothing
    | Help
    | Queue
    | ScoringRules
    | Sources
    | New
    | Show
    | Why
    | AddPoints
    | Nurture
    | Claim
    | Release
    | Merge
    | Unclear
)
