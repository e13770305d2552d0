"""What every kind of table has: its columns, a way in and a way out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from bot.quota.periods import Period
from bot.transfer.queries import Directory
from bot.transfer.table import Problem, Table

T = TypeVar("T")


class Track(Protocol):
    """Shows how far the work on `things` has come while they are taken one by one."""

    def __call__(self, things: Sequence[T], /) -> Iterable[T]:
        """Each of `things`."""


def unseen(things: Sequence[T], /) -> Iterable[T]:
    """The work on `things` with nobody watching."""
    return things


@dataclass(frozen=True, slots=True)
class Job:
    """One import: whose data, and when; `today` is the calendar day of the workspace."""

    workspace_id: str
    now: datetime
    today: date
    directory: Directory
    track: Track = unseen


@dataclass(frozen=True, slots=True)
class Asked:
    """One export: whose data, as of when, and of which days; None for all of it. `today` is the workspace's."""

    workspace_id: str
    now: datetime
    today: date
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What one row changed, in words."""

    line: int
    who: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rows of a file changed, how many changed nothing, and what was wrong with others.

    `told` is more to say about all of them; `notes` are the columns that became notes, where not all further ones did.
    """

    changed: tuple[Changed, ...]
    unchanged: int
    problems: tuple[Problem, ...] = ()
    told: tuple[str, ...] = ()
    notes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to write, and the names of those who could not be put into it."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of table.

    Args:
        columns: its names, as an export writes them; an import takes them in any order and case.
        required: those that a file must have.
        emails: those whose cells name people.
        bring_in: makes the changes of a file's rows in a running transaction, and returns all of its problems; None
            for what is only exported.
        take_out: the table of one workspace as it stands.
        has_periods: whether an export can be of one period.
    """

    columns: tuple[str, ...]
    required: tuple[str, ...]
    emails: tuple[str, ...]
    bring_in: Callable[[Connection, Job, Table], Outcome] | None
    take_out: Callable[[Connection, Asked], Sheet]
    has_periods: bool = False
