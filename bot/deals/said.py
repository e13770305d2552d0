"""What a line of `/deal` says. `ref` is that of a known name; None if it is new, misspelt or shared by several."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.deals.states import Stage
from bot.money import Money
from bot.reading.asked import Unclear
from bot.reading.text import words_of

ASKS = words_of(
    "line_long name_missing name_long handle mention_unused two_people two_amounts amount_unread negative currency "
    "too_large day_missing day_unread day_impossible day_ambiguous day_past day_ahead day_old day_far stage_missing "
    "step_missing step_long words_unknown two_verbs both_ways "
    "split_missing split_share split_none split_fine split_over "
    "split_owner split_twice split_many split_unused"
)
"""Every code that a problem may have: `deals.ask.CODE` in the catalogue."""


Shares = tuple[tuple[str, Decimal], ...]
"""Who has how many percent of a deal besides its owner; of nobody it is the owner's alone."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """A bare `/deal`."""


@dataclass(frozen=True, slots=True)
class Help:
    """`/deal help`."""


@dataclass(frozen=True, slots=True)
class List:
    """Open deals: one's own, or those of the person who is mentioned."""

    person: str | None = None


@dataclass(frozen=True, slots=True)
class Show:
    """A deal's card."""

    name: str
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """A deal to open or to change; `grouped` is an amount whose lone mark was taken to group thousands, as typed."""

    name: str
    ref: str | None = None
    money: Money | None = None
    close_on: date | None = None
    stage: Stage | None = None
    next_step: str | None = None
    next_on: date | None = None
    owner: str | None = None
    note: str | None = None
    grouped: str | None = None
    split: Shares | None = None


@dataclass(frozen=True, slots=True)
class Won:
    """A deal that was won: for how much, on which day (None: today), and when it renews, on a day or in months."""

    name: str
    ref: str | None = None
    money: Money | None = None
    on: date | None = None
    renewal_on: date | None = None
    months: int | None = None
    note: str | None = None
    grouped: str | None = None
    split: Shares | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """A deal that was lost, with its reason."""

    name: str
    ref: str | None
    reason: str
    note: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Reopen:
    """A closed deal that is open again."""

    name: str
    ref: str | None = None
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class Renewed:
    """A customer that stays: for how much (None: as before), and until when."""

    name: str
    ref: str | None = None
    money: Money | None = None
    renewal_on: date | None = None
    months: int | None = None
    note: str | None = None
    grouped: str | None = None


@dataclass(frozen=True, slots=True)
class Churned:
    """A customer that has left, perhaps with the reason."""

    name: str
    ref: str | None = None
    reason: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Upsell:
    """More for a customer: a new deal."""

    update: Update


@dataclass(frozen=True, slots=True)
class WhichDay:
    """A close day that may be two: the update with either is meant."""

    update: Update
    text: str
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class WhichStage:
    """A stage that there is not: the update with one of these is meant, the likeliest first."""

    update: Update
    text: str
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class WhyLost:
    """A loss without a reason: these, the likeliest first. The note is kept."""

    name: str
    ref: str | None
    note: str | None
    reasons: tuple[str, ...]
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ForNothing:
    """A win for nothing, to be confirmed."""

    won: Won


About = Show | Update | Won | Lost | Reopen | Renewed | Churned | Upsell | WhichDay | WhichStage | WhyLost | ForNothing
"""What is about a company's deal."""

DealLine = Nothing | Help | List | About | Unclear
