"""How much of each kind people did on each day: from the totals, or as it was known at some moment."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, select, union_all
from sqlalchemy.sql.selectable import FromClause

from bot.activity.model import Activity, ActivityDay
from bot.store.sql import Param, Prepared, one_of, table_of, unindexed

activity = table_of(Activity)
total = table_of(ActivityDay)

WORKSPACE: Param = bindparam("workspace")
SPAN: tuple[Param, Param] = (bindparam("first"), bindparam("last"))
KNOWN: Param = bindparam("known", type_=activity.c.recorded_at.type)

_TOTALS = select(total.c.person_id, total.c.day, total.c.kind, total.c.quantity).where(
    total.c.workspace_id == WORKSPACE,
    one_of(total.c.person_id, "people"),
    total.c.day.between(*SPAN),
    total.c.quantity > 0,
)
TOTALS = Prepared(_TOTALS)


def _then(stood: ColumnElement[bool]) -> Select[Any]:
    """What was known of entries that stood then: those that still do, or those that do not, for each has an index."""
    return select(activity.c.person_id, activity.c.day, activity.c.kind, activity.c.quantity).where(
        activity.c.workspace_id == WORKSPACE,
        one_of(activity.c.person_id, "people"),
        activity.c.day.between(*SPAN),
        unindexed(activity.c.recorded_at) <= KNOWN,
        stood,
    )


_STANDING = _TOTALS.subquery()
_KNOWN = union_all(
    _then(activity.c.superseded_at.is_(None)),
    _then(and_(activity.c.superseded_at.is_not(None), activity.c.superseded_at > KNOWN)),
).subquery()


def _of_kinds(rows: FromClause, *by: str) -> Prepared:
    """The quantities of the rows of some kinds, summed."""
    columns = [rows.c[name] for name in by]
    found = select(*columns, func.sum(rows.c.quantity).label("quantity"))
    return Prepared(found.where(one_of(rows.c.kind, "kinds")).group_by(*columns))


KNOWN_THEN = Prepared(
    select(_KNOWN.c.person_id, _KNOWN.c.day, _KNOWN.c.kind, func.sum(_KNOWN.c.quantity).label("quantity")).group_by(
        _KNOWN.c.person_id, _KNOWN.c.day, _KNOWN.c.kind
    )
)
SUM, SUM_THEN = (_of_kinds(each) for each in (_STANDING, _KNOWN))
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
    rows = TOTALS.all(tx, span) if known is None else KNOWN_THEN.all(tx, {**span, "known": known})
    return [Count(row.person_id, row.day, row.kind, int(row.quantity)) for row in rows]


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


def quantity(tx: Connection, asked: Logged) -> int | None:
    """How much they did together, summed by the database; None of nothing at all."""
    (row,) = _rows(tx, asked, SUM, SUM_THEN)
    return None if row.quantity is None else int(row.quantity)


def quantities(tx: Connection, asked: Logged) -> dict[str, int]:
    """How much every one of them did who did anything, summed by the database."""
    return {row.person_id: int(row.quantity) for row in _rows(tx, asked, OF_EACH, OF_EACH_THEN)}


def _rows(tx: Connection, asked: Logged, standing: Prepared, then: Prepared) -> list[Any]:
    values = {
        "workspace": asked.workspace_id,
        "people": asked.people,
        "kinds": asked.kinds,
        "first": asked.first,
        "last": asked.last,
    }
    return standing.all(tx, values) if asked.known is None else then.all(tx, {**values, "known": asked.known})
