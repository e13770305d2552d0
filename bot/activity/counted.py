"""How much of each kind people did on each day: from the totals, or as it was known at some moment."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, select, union_all

from bot.activity.model import Activity, ActivityDay
from bot.store.sql import Param, Prepared, one_of, table_of, unindexed

activity = table_of(Activity)
total = table_of(ActivityDay)

WORKSPACE: Param = bindparam("workspace")
SPAN: tuple[Param, Param] = (bindparam("first"), bindparam("last"))
KNOWN: Param = bindparam("known", type_=activity.c.recorded_at.type)

TOTALS = Prepared(
    select(total.c.person_id, total.c.day, total.c.kind, total.c.quantity).where(
        total.c.workspace_id == WORKSPACE,
        one_of(total.c.person_id, "people"),
        total.c.day.between(*SPAN),
        total.c.quantity > 0,
    )
)


def _then(stood: ColumnElement[bool]) -> Select[Any]:
    """What was known of entries that stood then: those that still do, or those that do not, for each has an index."""
    return select(activity.c.person_id, activity.c.day, activity.c.kind, activity.c.quantity).where(
        activity.c.workspace_id == WORKSPACE,
        one_of(activity.c.person_id, "people"),
        activity.c.day.between(*SPAN),
        unindexed(activity.c.recorded_at) <= KNOWN,
        stood,
    )


_THEN = union_all(
    _then(activity.c.superseded_at.is_(None)),
    _then(and_(activity.c.superseded_at.is_not(None), activity.c.superseded_at > KNOWN)),
).subquery()
KNOWN_THEN = Prepared(
    select(_THEN.c.person_id, _THEN.c.day, _THEN.c.kind, func.sum(_THEN.c.quantity).label("quantity")).group_by(
        _THEN.c.person_id, _THEN.c.day, _THEN.c.kind
    )
)


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
