"""Reads about the ledger."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, bindparam, func, literal_column, or_, select

from bot.delivery.model import Delivery
from bot.delivery.states import UNSENT, State
from bot.store.sql import Prepared, one_of, table_of

delivery = table_of(Delivery)


def stands_in(*states: State) -> ColumnElement[bool]:
    """Whether a row is in one of these states, written out: only so a partial index is seen to serve."""
    return delivery.c.state.in_([literal_column(f"'{state}'") for state in sorted(states)])


WAITS = stands_in(State.WAITING, State.UNSURE)
IS_CLAIMED = stands_in(State.CLAIMED)

SLOTS = Prepared(
    select(delivery.c.recipient, func.max(delivery.c.not_before, type_=delivery.c.not_before.type).label("last"))
    .where(
        delivery.c.workspace_id == bindparam("workspace"),
        one_of(delivery.c.recipient, "recipients"),
        delivery.c.not_before > bindparam("since", type_=delivery.c.not_before.type),
    )
    .group_by(delivery.c.recipient)
)
ONE = Prepared(
    select(delivery).where(delivery.c.workspace_id == bindparam("workspace"), delivery.c.id == bindparam("delivery"))
)
NOW = bindparam("now", type_=delivery.c.not_before.type)
HERE = delivery.c.workspace_id == bindparam("workspace")
DUE = Prepared(
    select(
        or_(
            select(delivery.c.id).where(HERE, WAITS, delivery.c.not_before <= NOW).exists(),
            select(delivery.c.id)
            .where(HERE, delivery.c.state == State.CLAIMED, delivery.c.lease_until <= NOW)
            .exists(),
        ).label("anything")
    )
)
NEXT = Prepared(
    select(func.min(delivery.c.not_before, type_=delivery.c.not_before.type).label("at")).where(
        HERE, WAITS, delivery.c.not_before > NOW
    )
)
COUNTS = Prepared(
    select(delivery.c.state, delivery.c.kind, func.count().label("rows")).group_by(delivery.c.state, delivery.c.kind)
)
OLDEST = Prepared(
    select(func.min(delivery.c.recorded_at, type_=delivery.c.recorded_at.type).label("at")).where(stands_in(*UNSENT))
)
LAST_OF_KIND = Prepared(
    select(delivery)
    .where(
        delivery.c.workspace_id == bindparam("workspace"),
        delivery.c.kind == bindparam("kind"),
        delivery.c.recipient == bindparam("recipient"),
        delivery.c.state == State.SENT,
    )
    .order_by(delivery.c.recorded_at.desc(), delivery.c.id.desc())
    .limit(bindparam("most"))
)


class Count(NamedTuple):
    """How many rows of a kind stand in a state."""

    state: str
    kind: str
    rows: int


def last_slots(tx: Connection, workspace_id: str, recipients: Collection[str], since: datetime) -> dict[str, datetime]:
    """The last moment after `since` that a message to each of `recipients` was given, for those that have one."""
    found = SLOTS.all(tx, {"workspace": workspace_id, "recipients": recipients, "since": since})
    return {row.recipient: row.last for row in found}


def find(tx: Connection, workspace_id: str, delivery_id: UUID) -> Any | None:
    """A row of the ledger, or None."""
    return ONE.first(tx, {"workspace": workspace_id, "delivery": delivery_id})


def anything_due(tx: Connection, workspace_id: str, now: datetime) -> bool:
    """Whether a row may be sent at `now` (UTC), or is held by a process that is gone."""
    row = DUE.first(tx, {"workspace": workspace_id, "now": now})
    return bool(row and row.anything)


def next_after(tx: Connection, workspace_id: str, now: datetime) -> datetime | None:
    """When the first of those may be sent that wait for a moment after `now`; None while none does."""
    row = NEXT.first(tx, {"workspace": workspace_id, "now": now})
    return row.at if row else None


def counts(tx: Connection) -> list[Count]:
    """How many rows of each kind stand in each state, in the whole database."""
    return [Count(*row) for row in COUNTS.all(tx, {})]


def oldest_unsent(tx: Connection) -> datetime | None:
    """When the oldest row was stored that still is to be sent; None while there is none."""
    row = OLDEST.first(tx, {})
    return row.at if row else None


def last_sent(tx: Connection, workspace_id: str, kind: str, recipient: str, most: int) -> list[Any]:
    """The last `most` messages of a kind that somebody got, newest first."""
    values = {"workspace": workspace_id, "kind": kind, "recipient": recipient, "most": most}
    return LAST_OF_KIND.all(tx, values)
