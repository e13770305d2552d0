"""What one `/log` line says, as plain values: no clock, no database, no Slack.

Times here are the person's own wall clock: `day` and `at` belong to the zone that the line was read in.
They become UTC at the edge of the store and nowhere else.
"""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum


class Kind(StrEnum):
    """The standard kinds of activity; a workspace may add its own, so what is stored is a `str`."""

    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    DEMO = "demo"
    SOCIAL = "social"
    NOTE = "note"
    INTEL = "intel"


class Outcome(StrEnum):
    """How a call ended; a workspace may add its own."""

    CONNECTED = "connected"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no-answer"
    BUSY = "busy"
    CALLBACK = "callback"
    WRONG_NUMBER = "wrong-number"


@dataclass(frozen=True, slots=True)
class Who:
    """The company or person of the other side: a known one (`ref` set), or a new name as it was typed."""

    name: str
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The next step: a day, what to do, and perhaps an hour (none: when that day's working hours start)."""

    day: date
    what: str
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One activity, or several of a kind without names (`count` above 1 goes with `who` of None or one WHO).

    `minutes` is the length in whole minutes, 1 to 720. `colleagues` are Slack user ids that came along.
    """

    kind: str
    day: date
    count: int = 1
    who: Who | None = None
    minutes: int | None = None
    outcome: str | None = None
    at: time | None = None
    note: str | None = None
    colleagues: tuple[str, ...] = ()
    follow_up: FollowUp | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A follow-up without an activity: what "Make it a follow-up" stores."""

    who: Who | None
    follow_up: FollowUp


@dataclass(frozen=True, slots=True)
class Offer:
    """One button under an answer: a label (message key and its parameters) and what pressing it stores.

    `entries` are stored as new; with `amends` they replace the entry that the line had already stored
    (the `connected?` button of a line that was stored without an outcome).
    """

    label: str
    params: dict[str, object] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    reminder: Reminder | None = None
    amends: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line was asked back: a message key `log.problem.CODE` and its parameters, in plain values."""

    code: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Understood:
    """The line says something that can be stored as it stands; `offers` are improvements, often none."""

    entries: tuple[Entry, ...]
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedBack:
    """The line needs an answer first. `partial` is what was understood, `example` a corrected line to type.

    `field` names the form's field that the problem belongs to (`kind`, `who`, `count`, `outcome`, `duration`,
    `day`, `time`, `note`, `next_day`, `next_time`, `next_what`), so the modal can show it there.
    """

    problem: Problem
    field: str
    partial: Entry | None = None
    offers: tuple[Offer, ...] = ()
    example: str = ""


class Verb(StrEnum):
    """Lines that ask for something other than an entry."""

    FORM = "form"
    TODAY = "today"
    WEEK = "week"
    UNDO = "undo"
    HELP = "help"


Reading = Understood | AskedBack | Verb
