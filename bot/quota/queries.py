"""Reads about targets. What was recorded after `known` (UTC) is left out."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, select

from bot.money import Money
from bot.people.queries import LATEST
from bot.quota.model import Quota
from bot.quota.periods import Kind, Period
from bot.quota.whose import Whose
from bot.reading.text import fold
from bot.store.sql import Param, Prepared, one_of, table_of

quota = table_of(Quota)

WORKSPACE: Param = bindparam("workspace")
KNOWN: Param = bindparam("known", type_=quota.c.recorded_at.type)
FIRST: Param = bindparam("first", type_=quota.c.first_day.type)
LAST: Param = bindparam("last", type_=quota.c.last_day.type)


class Subject(NamedTuple):
    """Who a target is for: a person by Slack id, a team or territory by its name as it is compared."""

    whose: Whose
    key: str

    @classmethod
    def person(cls, person_id: str) -> "Subject":
        """Somebody."""
        return cls(Whose.PERSON, person_id)

    @classmethod
    def named(cls, whose: Whose, name: str) -> "Subject":
        """A team or territory: the same whatever its case."""
        return cls(whose, _compared(name))


@lru_cache(maxsize=4096)
def _compared(name: str) -> str:
    """A name as it is compared. Kept: everybody's is asked for, and there are few."""
    return " ".join(fold(name).split())


class Target(NamedTuple):
    """A target as it was set. `value` is in the metric's unit, None where it was taken back."""

    id: UUID
    subject: Subject
    name: str | None
    metric: str
    period: Period
    value: int | None
    currency: str | None
    at: datetime
    by: str

    @property
    def money(self) -> Money | None:
        """A target in money."""
        return None if self.value is None or self.currency is None else Money(self.currency, self.value)


class Goal(NamedTuple):
    """A target in few words, for there are thousands of them: of the person, team or territory of a key."""

    key: str
    metric: str
    period: Period
    value: int
    currency: str | None

    @property
    def part(self) -> tuple[str, str]:
        """The metric and the period's name."""
        return self.metric, self.period.name


def _rows(*columns: Any) -> Select[Any]:
    rows = select(*columns or [quota]).where(quota.c.workspace_id == WORKSPACE)
    return rows.order_by(quota.c.recorded_at, quota.c.id)


_OVERLAPPING = (
    quota.c.whose == bindparam("whose"),
    one_of(quota.c.subject, "subjects"),
    quota.c.first_day <= LAST,
    quota.c.last_day >= FIRST,
    quota.c.recorded_at <= KNOWN,
)
OVERLAPPING = Prepared(_rows().where(*_OVERLAPPING))
_GOALS = _rows(*(quota.c[name] for name in "subject metric period first_day last_day target currency".split()))
GOALS = Prepared(_GOALS.where(*_OVERLAPPING))
GOALS_FOR = Prepared(
    _GOALS.where(*_OVERLAPPING, quota.c.metric == bindparam("metric"), quota.c.period == bindparam("period"))
)
IN_TIME = Prepared(_rows().where(quota.c.first_day <= LAST, quota.c.last_day >= FIRST, quota.c.recorded_at <= KNOWN))
HISTORY = Prepared(
    _rows().where(
        quota.c.whose == bindparam("whose"),
        quota.c.subject == bindparam("subject"),
        quota.c.metric == bindparam("metric"),
        quota.c.period == bindparam("period"),
    )
)
BY_ORIGIN = Prepared(_rows().where(quota.c.origin == bindparam("origin")))


def targets(
    tx: Connection,
    workspace_id: str,
    whose: Whose,
    keys: Collection[str],
    first: date,
    last: date,
    known: datetime = LATEST,
) -> list[Target]:
    """The targets that hold for these people, teams or territories in periods that meet the days `first` to `last`."""
    when = {"workspace": workspace_id, "first": first, "last": last, "known": known}
    return standing(_target(row) for row in OVERLAPPING.all(tx, {**when, "whose": whose, "subjects": keys}))


def goals(
    tx: Connection,
    workspace_id: str,
    whose: Whose,
    keys: Collection[str],
    first: date,
    last: date,
    known: datetime = LATEST,
) -> list[Goal]:
    """The same in few words."""
    when = {"workspace": workspace_id, "first": first, "last": last, "known": known}
    return _goals(GOALS.all(tx, {**when, "whose": whose, "subjects": keys}))


def goals_for(
    tx: Connection,
    workspace_id: str,
    whose: Whose,
    keys: Collection[str],
    metric: str,
    period: Period,
    known: datetime = LATEST,
) -> list[Goal]:
    """Those of one metric for just one period."""
    when = {"workspace": workspace_id, "first": period.first, "last": period.last, "known": known}
    what = {"metric": metric, "period": period.name}
    return _goals(GOALS_FOR.all(tx, {**when, **what, "whose": whose, "subjects": keys}))


def _goals(rows: Iterable[Any]) -> list[Goal]:
    last = {(row.subject, row.metric, row.period): row for row in rows}
    return [
        Goal(row.subject, row.metric, _period(row.period, row.first_day, row.last_day), row.target, row.currency)
        for row in last.values()
        if row.target is not None
    ]


def in_time(tx: Connection, workspace_id: str, first: date, last: date, known: datetime = LATEST) -> list[Target]:
    """Everybody's targets in periods that meet the days `first` to `last`."""
    rows = IN_TIME.all(tx, {"workspace": workspace_id, "first": first, "last": last, "known": known})
    return standing(_target(row) for row in rows)


def standing(rows: Iterable[Target]) -> list[Target]:
    """Those of `rows`, in the order of recording, that hold: the last one of each, unless it takes a target back."""
    last = {(row.subject, row.metric, row.period.name): row for row in rows}
    return [row for row in last.values() if row.value is not None]


def history(tx: Connection, workspace_id: str, subject: Subject, metric: str, period: str) -> list[Target]:
    """Every target that was set for one metric and period, oldest first."""
    what = {"whose": subject.whose, "subject": subject.key, "metric": metric, "period": period}
    return [_target(row) for row in HISTORY.all(tx, {"workspace": workspace_id, **what})]


def by_origin(tx: Connection, workspace_id: str, origin: str) -> Target | None:
    """The target that a delivery has set before."""
    row = BY_ORIGIN.first(tx, {"workspace": workspace_id, "origin": origin})
    return _target(row) if row else None


WHOSE = {each.value: each for each in Whose}


def _target(row: Any) -> Target:
    period = _period(row.period, row.first_day, row.last_day)
    subject = Subject(WHOSE[row.whose], row.subject)
    return Target(
        row.id, subject, row.name, row.metric, period, row.target, row.currency, row.recorded_at, row.recorded_by
    )


@lru_cache(maxsize=1024)
def _period(name: str, first: date, last: date) -> Period:
    """A period as it is stored. Kept: everybody's targets are of the same few."""
    return Period(_kind(name), first, last, name)


def _kind(name: str) -> Kind:
    """How long the period of a name is."""
    part = name.partition("-")[2]
    if not part:
        return Kind.YEAR
    return {"W": Kind.WEEK, "Q": Kind.QUARTER}.get(part[0], Kind.MONTH)
