"""How much of each kind people did on each day: from the totals, or as it was known at some moment.

As of a moment it is the totals, too, less what was logged late and was not known yet, with what was removed since: of
a thousand people that is little, where their entries are a hundred thousand. Only days that were not over everywhere
at that moment are gone through entry by entry.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import FromClause

from bot.activity.model import LATE, Activity, ActivityDay
from bot.store.sql import Param, Prepared, one_of, table_of, unindexed

OVER_EVERYWHERE = timedelta(days=2)
"""How long after a day begins in UTC it is over in every zone, with half a day to spare."""

activity = table_of(Activity)
total = table_of(ActivityDay)

WORKSPACE: Param = bindparam("workspace")
SPAN: tuple[Param, Param] = (bindparam("first"), bindparam("last"))
KNOWN: Param = bindparam("known", type_=activity.c.recorded_at.type)

SETTLED: Param = bindparam("settled", type_=total.c.day.type)
"""The last day that was over everywhere at the moment `known`."""
UNSETTLED: Param = bindparam("unsettled", type_=total.c.day.type)
"""The day behind it, or the span's first one."""


class _Late(ColumnElement[bool]):
    """An entry that was recorded when its day was over everywhere."""

    inherit_cache = True
    columns = (activity.c.recorded_at, activity.c.day)


@compiles(_Late)
def _late(element: _Late, compiler: SQLCompiler, **how: Any) -> str:
    columns = {column.name: compiler.process(column, **how) for column in element.columns}
    return LATE[compiler.dialect.name].format(**columns)


def _totals(first: Param, last: Param) -> Select[Any]:
    return select(total.c.person_id, total.c.day, total.c.kind, total.c.quantity).where(
        total.c.workspace_id == WORKSPACE,
        one_of(total.c.person_id, "people"),
        total.c.day.between(first, last),
        total.c.quantity > 0,
    )


def _entries(quantity: ColumnElement[int], first: Param, last: Param, *which: ColumnElement[bool]) -> Select[Any]:
    return select(activity.c.person_id, activity.c.day, activity.c.kind, quantity.label("quantity")).where(
        activity.c.workspace_id == WORKSPACE,
        one_of(activity.c.person_id, "people"),
        activity.c.day.between(first, last),
        *which,
    )


_STANDS, _WAS_KNOWN = activity.c.superseded_at.is_(None), unindexed(activity.c.recorded_at) <= KNOWN
_STANDING_ROWS = _totals(*SPAN)
TOTALS = Prepared(_STANDING_ROWS)
_STANDING = _STANDING_ROWS.subquery()
_KNOWN = union_all(
    _totals(SPAN[0], SETTLED),
    _entries(-activity.c.quantity, SPAN[0], SETTLED, _STANDS, _Late(), unindexed(activity.c.recorded_at) > KNOWN),
    _entries(activity.c.quantity, UNSETTLED, SPAN[1], _STANDS, _WAS_KNOWN),
    _entries(
        activity.c.quantity, *SPAN, activity.c.superseded_at.is_not(None), activity.c.superseded_at > KNOWN, _WAS_KNOWN
    ),
).subquery()


def _summed(rows: FromClause, *by: str) -> Select[Any]:
    columns = [rows.c[name] for name in by]
    return select(*columns, func.sum(rows.c.quantity).label("quantity")).group_by(*columns)


def _of_kinds(rows: FromClause, *by: str) -> Prepared:
    """The quantities of the rows of some kinds, summed."""
    return Prepared(_summed(rows, *by).where(one_of(rows.c.kind, "kinds")))


KNOWN_THEN = Prepared(_summed(_KNOWN, "person_id", "day", "kind"))
BY_DAY, BY_DAY_THEN = (_of_kinds(each, "day") for each in (_STANDING, _KNOWN))
OF_EACH, OF_EACH_THEN = (_of_kinds(each, "person_id") for each in (_STANDING, _KNOWN))


class Count(NamedTuple):
    """So much of a kind on one day where the person was."""

    person_id: str
    day: date
    kind: str
    quantity: int


def counts(
    tx: Connection,
    workspace_id: str,
    person_ids: Collection[str],
    first: date,
    last: date,
    known: datetime | None = None,
) -> list[Count]:
    """What these people logged for the days `first` to `last`; with `known`, by what was recorded then."""
    span = {"workspace": workspace_id, "people": person_ids, "first": first, "last": last}
    rows = TOTALS.all(tx, span) if known is None else KNOWN_THEN.all(tx, {**span, **_then(first, last, known)})
    return [Count(row.person_id, row.day, row.kind, int(row.quantity)) for row in rows if row.quantity]


def _then(first: date, last: date, known: datetime) -> dict[str, Any]:
    """The moment, with the days of a span that were over everywhere by then, and those that were not."""
    settled = min(last, known.astimezone(UTC).date() - OVER_EVERYWHERE)
    return {"known": known, "settled": settled, "unsettled": max(first, settled + timedelta(days=1))}


@dataclass(frozen=True, slots=True)
class Logged:
    """What is asked of what people logged: theirs, of these kinds, for the days `first` to `last`, both included; with
    `known` (UTC), by what was recorded then.
    """

    workspace_id: str
    people: Collection[str]
    kinds: Collection[str]
    first: date
    last: date
    known: datetime | None = None


def by_day(tx: Connection, asked: Logged) -> dict[date, int]:
    """How much they did together on each day on which anybody did anything, summed by the database."""
    return {row.day: int(row.quantity) for row in _rows(tx, asked, BY_DAY, BY_DAY_THEN) if row.quantity}


def quantities(tx: Connection, asked: Logged) -> dict[str, int]:
    """How much every one of them did who did anything, summed by the database."""
    return {row.person_id: int(row.quantity) for row in _rows(tx, asked, OF_EACH, OF_EACH_THEN) if row.quantity}


def _rows(tx: Connection, asked: Logged, standing: Prepared, then: Prepared) -> list[Any]:
    values = {
        "workspace": asked.workspace_id,
        "people": asked.people,
        "kinds": asked.kinds,
        "first": asked.first,
        "last": asked.last,
    }
    if asked.known is None:
        return standing.all(tx, values)
    return then.all(tx, {**values, **_then(asked.first, asked.last, asked.known)})
