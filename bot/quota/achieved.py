"""What people have achieved, for every metric: the one place that replies, digests and pages ask.

Deals, re-qualified leads and renewals fall on the workspace's day, activity on the day where the person was. A win that
was reopened is none; one that was won again counts on its new day. Revenue and deals are new business and upsells; a
renewal is a metric of its own, with its value beside it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.activity.counted import Logged as LoggedBy
from bot.activity.counted import by_day, counts, quantities
from bot.activity.entry import Kind as Logged
from bot.clock import instant
from bot.deals.states import Kind
from bot.deals.wins import Credit, credited_wins
from bot.handoffs.qualified import Qualified, qualified
from bot.quota.metrics import CALLS, DEALS, MEETINGS, RENEWALS, REVENUE, SQLS, Metric, Unit

RENEWED = Metric("renewed", Unit.MONEY)
"""What was renewed, in money: it stands beside `renewals`, and nobody has a target for it."""

_OF_ACTIVITY: Mapping[str, Metric] = {Logged.CALL: CALLS, Logged.MEETING: MEETINGS, Logged.DEMO: MEETINGS}


class Fact(NamedTuple):
    """So much of a metric, by one person on one day."""

    metric: str
    person_id: str
    day: date
    value: int


@dataclass(frozen=True, slots=True)
class Achieved:
    """Sums by metric, person and day."""

    sums: Mapping[tuple[str, str], Mapping[date, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Iterable[tuple[str, str, date, int]]) -> "Achieved":
        """Add up facts."""
        sums: dict[tuple[str, str], dict[date, int]] = {}
        for metric, person_id, day, value in facts:
            key = metric, person_id
            if key in sums:
                sums[key][day] = sums[key].get(day, 0) + value
            else:
                sums[key] = {day: value}
        return cls(sums)

    def together(self, name: str) -> "Achieved":
        """The same as if one person of this `name` had done it all."""
        sums: dict[tuple[str, str], dict[date, int]] = {}
        for (metric, _), days in self.sums.items():
            whole = sums.setdefault((metric, name), {})
            for day, value in days.items():
                whole[day] = whole.get(day, 0) + value
        return Achieved(sums)

    def with_those(self, other: "Achieved") -> "Achieved":
        """Both added up."""
        both = (self.sums, other.sums)
        return Achieved.of(
            (*key, day, value) for sums in both for key, days in sums.items() for day, value in days.items()
        )

    def of_each(self, metric: Metric, first: date, last: date) -> dict[str, int]:
        """The total of everybody to whom anything happened at all."""
        found: dict[str, int] = {}
        for (code, person), days in self.sums.items():
            values = [value for day, value in days.items() if first <= day <= last] if code == metric.code else []
            if values:
                found[person] = sum(values)
        return found

    def total(self, metric: Metric, people: Iterable[str], first: date, last: date) -> int:
        """What `people` achieved together on the days `first` to `last`, both included, in the metric's unit."""
        days = (self.sums.get((metric.code, person), {}) for person in people)
        return sum(value for each in days for day, value in each.items() if first <= day <= last)

    def has_any(self, metric: Metric, people: Iterable[str], first: date, last: date) -> bool:
        """Whether anything happened at all: none is not 0."""
        days = (self.sums.get((metric.code, person), {}) for person in people)
        return any(first <= day <= last for each in days for day in each)


class Scope(NamedTuple):
    """Whose achievements are asked for, and on which days: in the workspace's zone and currency; `own` are the codes of
    the workspace's own metrics that each logged kind counts towards.

    Activity is wanted from `active_first` on, if that is later, and only the `metrics` of these codes (None: all of
    them): of a thousand people its days are many.
    """

    workspace_id: str
    people: Collection[str]
    first: date
    last: date
    zone: ZoneInfo
    currency: str
    own: Mapping[str, Sequence[str]] = MappingProxyType({})
    active_first: date = date.min
    metrics: frozenset[str] | None = None

    def wants(self, *codes: str) -> bool:
        """Whether any of these metrics is asked for."""
        return self.metrics is None or not self.metrics.isdisjoint(codes)

    def within(self, first: date, last: date) -> "Scope":
        """The same for those of its days that lie in `first` to `last`, both included."""
        return self._replace(first=max(self.first, first), last=min(self.last, last))

    @property
    def active(self) -> tuple[date, date]:
        """The days whose activity is wanted."""
        return max(self.first, self.active_first), self.last

    def counting(self) -> dict[str, tuple[str, ...]]:
        """The codes of the wanted metrics that each logged kind counts towards."""
        standard = {str(kind): (metric.code,) for kind, metric in _OF_ACTIVITY.items()}
        every = {kind: (*standard.get(kind, ()), *self.own.get(kind, ())) for kind in {*standard, *self.own}}
        return {kind: tuple(filter(self.wants, codes)) for kind, codes in every.items()}

    def kinds(self) -> dict[str, list[str]]:
        """The same the other way round: the logged kinds that count towards each wanted metric."""
        found: dict[str, list[str]] = {}
        for kind, codes in sorted(self.counting().items()):
            for code in codes:
                found.setdefault(code, []).append(kind)
        return found


NOT_LOGGED = frozenset(each.code for each in (REVENUE, DEALS, SQLS, RENEWALS))
"""Metrics that no logged activity counts towards."""

_OF_WINS = NOT_LOGGED - {SQLS.code}


def achieved(tx: Connection, scope: Scope, known: datetime | None = None) -> Achieved:
    """What these people achieved on these days, as it stands, or by what was recorded at `known` (UTC)."""
    return Achieved.of(_facts(tx, scope, known))


def closed(tx: Connection, scope: Scope, known: datetime | None = None) -> Achieved:
    """The part of it that was not logged: deals, leads, renewals."""
    return Achieved.of(_closed(tx, scope, known))


def logged(tx: Connection, scope: Scope, known: datetime | None = None) -> Achieved:
    """The rest of it."""
    return Achieved.of(_logged(tx, scope, known))


def logged_together(tx: Connection, scope: Scope, name: str, known: datetime | None = None) -> Achieved:
    """The same as if one person of this `name` had done it all: the database adds up each day."""
    whose = LoggedBy(scope.workspace_id, scope.people, (), *scope.active, known)
    every = {code: by_day(tx, replace(whose, kinds=kinds)) for code, kinds in scope.kinds().items()}
    return Achieved({(code, name): days for code, days in every.items() if days})


def logged_of_each(tx: Connection, scope: Scope, metric: Metric, known: datetime | None = None) -> dict[str, int]:
    """What each of these people logged that counts towards a metric, on all these days; who has nothing is left out."""
    kinds = scope._replace(metrics=frozenset({metric.code})).kinds().get(metric.code)
    if not kinds:
        return {}
    return quantities(tx, LoggedBy(scope.workspace_id, scope.people, kinds, *scope.active, known))


def facts(tx: Connection, scope: Scope, known: datetime | None = None) -> Iterator[Fact]:
    """The single things that it adds up."""
    return map(Fact._make, _facts(tx, scope, known))


_Bare = tuple[str, str, date, int]
"""A fact, of which there are thousands."""


def _facts(tx: Connection, scope: Scope, known: datetime | None) -> Iterator[_Bare]:
    yield from _closed(tx, scope, known)
    yield from _logged(tx, scope, known)


def _logged(tx: Connection, scope: Scope, known: datetime | None) -> Iterator[_Bare]:
    codes = {kind: each for kind, each in scope.counting().items() if each}
    for count in counts(tx, scope.workspace_id, scope.people, *scope.active, known) if codes else ():
        for code in codes.get(count.kind, ()):
            yield code, count.person_id, count.day, count.quantity


def _closed(tx: Connection, scope: Scope, known: datetime | None) -> Iterator[_Bare]:
    start = instant(scope.first, time.min, scope.zone)
    end = instant(scope.last + timedelta(days=1), time.min, scope.zone)
    if scope.wants(*_OF_WINS):
        yield from _of_wins(credited_wins(tx, scope.workspace_id, scope.people, start, end, known), scope)
    if scope.wants(SQLS.code):
        for each in qualified(tx, scope.workspace_id, scope.people, start, end, known):
            yield _of_lead(each, scope.zone)


def _of_wins(found: Iterable[Credit], scope: Scope) -> Iterator[_Bare]:
    """A deal of several people is one deal, its owner's; of its money each has their share."""
    new, renewal = (DEALS.code, REVENUE.code), (RENEWALS.code, RENEWED.code)
    zone, here, renewed = scope.zone, scope.currency, Kind.RENEWAL.value
    for person_id, kind, minor, currency, at, is_owner in found:
        day, (count, value) = at.astimezone(zone).date(), renewal if kind == renewed else new
        if is_owner:
            yield count, person_id, day, 1
        if minor and currency == here:
            yield value, person_id, day, minor


def _of_lead(lead: Qualified, zone: ZoneInfo) -> _Bare:
    return SQLS.code, lead.giver_id, lead.at.astimezone(zone).date(), 1
