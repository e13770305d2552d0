"""What every kind of table has: its columns, a way in and a way out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

from sqlalchemy import Connection

from bot.quota.periods import Period
from bot.store.engine import Store
from bot.transfer.queries import Directory
from bot.transfer.stream import Stream
from bot.transfer.table import Problem, Table

T = TypeVar("T")


class Track(Protocol):
    """Shows how far the work on `things` has come while they are taken one by one."""

    def __call__(self, things: Iterable[T], /) -> Iterable[T]:
        """Each of `things`."""


def unseen(things: Iterable[T], /) -> Iterable[T]:
    """The work on `things` with nobody watching."""
    return things


class Counted(Generic[T]):
    """Things that come one by one, of which it is known how many they are."""

    def __init__(self, things: Iterable[T], count: int) -> None:
        self._things, self._count = things, count

    def __iter__(self) -> Iterator[T]:
        """Each of them."""
        return iter(self._things)

    def __length_hint__(self) -> int:
        """How many there are."""
        return self._count


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
    `more_changed` rows changed something, too, and are too many to be told one by one.
    """

    changed: tuple[Changed, ...]
    unchanged: int
    problems: tuple[Problem, ...] = ()
    told: tuple[str, ...] = ()
    notes: tuple[str, ...] | None = None
    more_changed: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to write, and the names of those who could not be put into it."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """A table to write that is read while it is written; whoever could not be put into it is named once it was."""

    header: tuple[str, ...]
    rows: Iterable[tuple[str, ...]]
    left_out: Sequence[str]


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


Keep = Callable[[Connection], None]
"""Remembers people in a running transaction."""


class TakeAll(Protocol):
    """Brings in a file of any size."""

    def __call__(self, store: Store, job: Job, rows: Stream, keep: Keep, *, dry_run: bool) -> Outcome:
        """Take all rows, or raise BadFile with what is wrong with them."""


@dataclass(frozen=True, slots=True)
class LargeForm:
    """A kind of table that may be larger than memory, so that it opens its transactions itself.

    Args:
        columns: as of a `Form`.
        required: likewise.
        emails: likewise.
        bring_in: takes the rows of a file in, all or none.
        take_out: the table of one workspace as it stands.
    """

    columns: tuple[str, ...]
    required: tuple[str, ...]
    emails: tuple[str, ...]
    bring_in: TakeAll
    take_out: Callable[[Store, Asked], Flow]
    has_periods: bool = True
