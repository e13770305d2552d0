"""What people have achieved, for every metric: the one place that replies, digests and pages ask.

Deals, re-qualified leads and renewals fall on the workspace's day, activity on the day where the person was. A win that
was reopened is none; one that was won again counts on its new day. Revenue and deals are new business and upsells; a
renewal is a metric of its own, with its value beside it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.activity.counted import counts
from bot.activity.entry import Kind as Logged
from bot.clock import instant
from bot.deals.states import Kind
from bot.deals.wins import Win, wins
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
    def of(cls, facts: Iterable[Fact]) -> "Achieved":
        """Add up facts."""
        sums: dict[tuple[str, str], dict[date, int]] = {}
        for fact in facts:
            days = sums.setdefault((fact.metric, fact.person_id), {})
            days[fact.day] = days.get(fact.day, 0) + fact.value
        return cls(sums)

    def together(self, name: str) -> "Achieved":
        """The same as if one person of this `name` had done it all."""
        sums: dict[tuple[str, str], dict[date, int]] = {}
        for (metric, _), days in self.sums.items():
            whole = sums.setdefault((metric, name), {})
            for day, value in days.items():
                whole[day] = whole.get(day, 0) + value
        return Achieved(sums)

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
    the workspace's own metrics that each logged kind counts towards. Activity is wanted from `active_first` on, if that
    is later: of a thousand people its days are many.
    """

    workspace_id: str
    people: Collection[str]
    first: date
    last: date
    zone: ZoneInfo
    currency: str
    own: Mapping[str, Sequence[str]] = MappingProxyType({})
    active_first: date = date.min


NOT_LOGGED = frozenset(each.code for each in (REVENUE, DEALS, SQLS, RENEWALS))
"""Metrics that no logged activity counts towards."""


def achieved(tx: Connection, scope: Scope, known: datetime | None = None) -> Achieved:
    """What these people achieved on these days, as it stands, or by what was recorded at `known` (UTC)."""
    return Achieved.of(facts(tx, scope, known))


def facts(tx: Connection, scope: Scope, known: datetime | None = None) -> Iterator[Fact]:
    """The single things that it adds up."""
    start = instant(scope.first, time.min, scope.zone)
    end = instant(scope.last + timedelta(days=1), time.min, scope.zone)
    for win in wins(tx, scope.workspace_id, scope.people, start, end, known):
        yield from _of_win(win, scope)
    for each in qualified(tx, scope.workspace_id, scope.people, start, end, known):
        yield _of_lead(each, scope.zone)
    codes = _codes(scope.own)
    for count in counts(tx, scope.workspace_id, scope.people, max(scope.first, scope.active_first), scope.last, known):
        for code in codes.get(count.kind, ()):
            yield Fact(code, count.person_id, count.day, count.quantity)


def _of_win(win: Win, scope: Scope) -> Iterator[Fact]:
    day = win.at.astimezone(scope.zone).date()
    is_renewal = win.kind is Kind.RENEWAL
    yield Fact((RENEWALS if is_renewal else DEALS).code, win.owner_id, day, 1)
    if win.money and win.money.currency == scope.currency:
        yield Fact((RENEWED if is_renewal else REVENUE).code, win.owner_id, day, win.money.minor)


def _of_lead(lead: Qualified, zone: ZoneInfo) -> Fact:
    return Fact(SQLS.code, lead.giver_id, lead.at.astimezone(zone).date(), 1)


def _codes(own: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The codes of all metrics that each logged kind counts towards."""
    standard = {str(kind): (metric.code,) for kind, metric in _OF_ACTIVITY.items()}
    return {kind: (*standard.get(kind, ()), *own.get(kind, ())) for kind in {*standard, *own}}
