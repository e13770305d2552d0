"""All that the figures of many people, in several periods, are made of: read once, in a fixed number of look-ups."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection

from bot.deals.keeping import Life, lives
from bot.handoffs.offered import Offered, offered
from bot.performance.deals import (
    DAY,
    Calendar,
    Closed,
    Open,
    closed_deals,
    open_deals,
    shared_closed,
    shared_open,
)
from bot.performance.origins import UNKNOWN, origins_of

Spells = Mapping[str, Sequence[tuple[date, date]]]
"""By person, the first and last days on which they belong to something."""

Each = TypeVar("Each")


@dataclass(frozen=True, slots=True)
class Group:
    """Whose figures are asked for. `spells`: of these people, on these days; None: of everybody. `source`: only what
    came from there. What somebody did counts for the group that they were in on that day.
    """

    spells: Spells | None = None
    source: str | None = None

    @classmethod
    def of(cls, *people: str) -> "Group":
        """These people, ever."""
        return cls({each: [(date.min, date.max)] for each in people})

    @property
    def is_everybody(self) -> bool:
        """Whether everything counts."""
        return self.spells is None and self.source is None

    def has(self, person_id: str, day: date, source: str | None) -> bool:
        """Whether what somebody did on a day, with something from a source, counts."""
        if self.source is not None and self.source != (source or UNKNOWN):
            return False
        if self.spells is None:
            return True
        return any(first <= day <= last for first, last in self.spells.get(person_id, ()))


class Scope(NamedTuple):
    """What is read: of these people or (None) everybody, what happened on the days `first` to `last` of the workspace's
    calendar, both included; by what was recorded at `known` (UTC; None: as it stands).
    """

    workspace_id: str
    people: Collection[str] | None
    first: date
    last: date
    known: datetime | None = None


class Asked(NamedTuple):
    """An offer, with its day."""

    offer: Offered
    day: date


class Kept(NamedTuple):
    """A customer, and where they came from."""

    life: Life
    source: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read, by person: deals by owner, those of others by whoever has a share of them, offers by taker and by
    giver, customers by whoever ever had them.
    """

    here: Calendar
    scope: Scope
    closed: Mapping[str, Sequence[Closed]] = field(default_factory=dict)
    open: Mapping[str, Sequence[Open]] = field(default_factory=dict)
    taken: Mapping[str, Sequence[Asked]] = field(default_factory=dict)
    given: Mapping[str, Sequence[Asked]] = field(default_factory=dict)
    kept: Mapping[str, Sequence[Kept]] = field(default_factory=dict)
    closed_shared: Mapping[str, Sequence[Closed]] = field(default_factory=dict)
    open_shared: Mapping[str, Sequence[Open]] = field(default_factory=dict)

    def of(self, group: Group, by_person: Mapping[str, Sequence[Each]]) -> Iterable[Each]:
        """What those have who are ever in a group, whatever the day."""
        people = by_person if group.spells is None else group.spells
        return (each for person in people for each in by_person.get(person, ()))

    def shared(self, group: Group, by_person: Mapping[str, Sequence[Each]]) -> Iterable[tuple[str, Each]]:
        """The same with the person."""
        people = by_person if group.spells is None else group.spells
        return ((person, each) for person in people for each in by_person.get(person, ()))

    def sources(self) -> set[str]:
        """Wherever anything came from."""
        closed = (each.source for found in self.closed.values() for each in found)
        still = (each.source for found in self.open.values() for each in found)
        offers = (each.offer.source or UNKNOWN for found in self.taken.values() for each in found)
        return {*closed, *still, *offers, *(each.source for found in self.kept.values() for each in found)}

    def persons(self) -> set[str]:
        """Whoever has a deal or an offer among it."""
        deals = {*self.closed, *self.open, *self.closed_shared, *self.open_shared}
        return {*deals, *self.taken, *self.given}


def read(tx: Connection, scope: Scope) -> Facts:
    """Read it."""
    workspace_id, people, first, last, known = scope
    here = Calendar.of(tx, workspace_id, known)
    start, end = here.start(first), here.start(last + DAY)
    closed = closed_deals(tx, workspace_id, first, last, people, known)
    open_ones = open_deals(tx, workspace_id, people, known)
    shared_ones = closed if people is None else shared_closed(tx, workspace_id, first, last, people, known)
    still_shared = open_ones if people is None else shared_open(tx, workspace_id, people, known)
    offers = [Asked(each, here.day(each.at)) for each in offered(tx, workspace_id, start, end, people, known)]
    customers = lives(tx, workspace_id, here.currency, people, known)
    kept = zip(customers, origins_of(tx, workspace_id, customers, known), strict=True)
    return Facts(
        here,
        scope,
        _by((each.owner_id, each) for each in closed),
        _by((each.owner_id, each) for each in open_ones),
        _by((each.offer.taker_id, each) for each in offers),
        _by((each.offer.giver_id, each) for each in offers),
        _by((who, Kept(each, origin.source)) for each, origin in kept for who in each.carers),
        _by((who, each) for each in shared_ones if each.parts for who in _sharers(each)),
        _by((who, each) for each in still_shared if each.parts for who in _sharers(each)),
    )


def _sharers(each: Closed | Open) -> list[str]:
    """Whoever has a share of somebody else's deal."""
    return [who for who in each.parts or () if who != each.owner_id]


def _by(found: Iterable[tuple[str, Each]]) -> Mapping[str, Sequence[Each]]:
    grouped = defaultdict[str, list[Each]](list)
    for person_id, each in found:
        grouped[person_id].append(each)
    return dict(grouped)
