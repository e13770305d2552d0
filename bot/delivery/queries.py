"""Reads about the ledger."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, literal_column, or_, select

from bot.delivery.model import Delivery
from bot.delivery.states import State
from bot.installations.queries import is_served
from bot.store.sql import Prepared, one_of, one_of_ids, table_of

delivery = table_of(Delivery)


def stands_in(*states: State) -> ColumnElement[bool]:
    """Whether a row is in one of these states, letter for letter as the partial indexes say it: SQLite looks no further
    to see that one serves.
    """
    written: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in states]
    return delivery.c.state.in_(written) if len(written) > 1 else delivery.c.state == written[0]


WAITS = stands_in(State.WAITING, State.UNSURE)
IS_CLAIMED = stands_in(State.CLAIMED)
NOW = bindparam("now", type_=delivery.c.not_before.type)
HERE = delivery.c.workspace_id == bindparam("workspace")

SLOTS = Prepared(
    select(delivery.c.recipient, func.max(delivery.c.not_before, type_=delivery.c.not_before.type).label("last"))
    .where(
        HERE,
        one_of(delivery.c.recipient, "recipients"),
        delivery.c.not_before > bindparam("since", type_=delivery.c.not_before.type),
        or_(delivery.c.not_before <= NOW, and_(WAITS, delivery.c.attempts == 0)),
    )
    .group_by(delivery.c.recipient)
)
ONE = Prepared(select(delivery).where(HERE, delivery.c.id == bindparam("delivery")))
IS_KNOWN = one_of(delivery.c.kind, "kinds")
DUE = Prepared(select(delivery.c.id).where(HERE, WAITS, delivery.c.not_before <= NOW, IS_KNOWN).limit(1))
HELD_TOO_LONG = Prepared(select(delivery.c.id).where(HERE, IS_CLAIMED, delivery.c.lease_until <= NOW).limit(1))
NEXT = Prepared(
    select(func.min(delivery.c.not_before, type_=delivery.c.not_before.type).label("at")).where(
        HERE, WAITS, delivery.c.not_before > NOW, IS_KNOWN
    )
)
HOW_MANY = select(delivery.c.state, delivery.c.kind, func.count().label("rows")).group_by(
    delivery.c.state, delivery.c.kind
)
WAITING_ROWS = Prepared(HOW_MANY.where(WAITS))
CLAIMED_ROWS = Prepared(HOW_MANY.where(IS_CLAIMED))
SINCE = func.min(delivery.c.waits_since, type_=delivery.c.waits_since.type).label("at")
SERVED = is_served(delivery.c.workspace_id)
SOMEWHERE = select(delivery.c.workspace_id).distinct()
DUE_SOMEWHERE = Prepared(SOMEWHERE.where(WAITS, delivery.c.not_before <= NOW, IS_KNOWN, SERVED))
HELD_SOMEWHERE = Prepared(SOMEWHERE.where(IS_CLAIMED, delivery.c.lease_until <= NOW, SERVED))
OLDEST_WAITING = Prepared(select(SINCE).where(HERE, WAITS))
OLDEST_CLAIMED = Prepared(select(SINCE).where(HERE, IS_CLAIMED))
OLDEST_WAITING_ANYWHERE = Prepared(select(SINCE).where(WAITS, SERVED))
OLDEST_CLAIMED_ANYWHERE = Prepared(select(SINCE).where(IS_CLAIMED, SERVED))
CLAIMED = Prepared(select(delivery.c.recipient).where(HERE, IS_CLAIMED))
LAST_OF_KIND = Prepared(
    select(delivery)
    .where(
        HERE,
        delivery.c.kind == bindparam("kind"),
        delivery.c.recipient == bindparam("recipient"),
        delivery.c.state == State.SENT,
    )
    .order_by(delivery.c.recorded_at.desc(), delivery.c.id.desc())
    .limit(bindparam("most"))
)
LATELY = Prepared(
    select(delivery.c.id, delivery.c.subject)
    .where(HERE, delivery.c.kind == bindparam("kind"), delivery.c.recipient == bindparam("recipient"))
    .order_by(delivery.c.recorded_at.desc(), delivery.c.id.desc())
    .limit(bindparam("most"))
)
LATEST_FIRST = (
    func.row_number()
    .over(partition_by=delivery.c.recipient, order_by=(delivery.c.recorded_at.desc(), delivery.c.id.desc()))
    .label("nth")
)
ARRIVING = (
    HERE,
    one_of(delivery.c.recipient, "recipients"),
    delivery.c.not_before > bindparam("since", type_=delivery.c.not_before.type),
    delivery.c.recorded_at > bindparam("since", type_=delivery.c.not_before.type),
    delivery.c.state != State.DROPPED,
    delivery.c.state != State.FAILED,
)
_NTH = (
    select(delivery.c.id, delivery.c.recipient, delivery.c.ts, delivery.c.act, delivery.c.recorded_at, LATEST_FIRST)
    .where(*ARRIVING, delivery.c.kind == bindparam("kind"))
    .subquery()
)
LAST_FEW = Prepared(select(_NTH).where(_NTH.c.nth <= bindparam("most")).order_by(_NTH.c.recipient, _NTH.c.nth))
ARRIVED = Prepared(select(delivery.c.recipient, delivery.c.recorded_at).where(*ARRIVING, IS_KNOWN))
OF_OCCASIONS = Prepared(
    select(delivery.c.id).where(HERE, delivery.c.kind == bindparam("kind"), one_of(delivery.c.occasion, "occasions"))
)
KNOWN = Prepared(select(delivery.c.id).where(HERE, one_of_ids(delivery.c.id, "ids")))


class Count(NamedTuple):
    """How many rows of a kind stand in a state."""

    state: str
    kind: str
    rows: int


def last_slots(
    tx: Connection, workspace_id: str, recipients: Collection[str], since: datetime, now: datetime
) -> dict[str, datetime]:
    """The last moment after `since` that a message to each of `recipients` was given, for those that have one; a later
    try is none.
    """
    found = SLOTS.all(tx, {"workspace": workspace_id, "recipients": recipients, "since": since, "now": now})
    return {row.recipient: row.last for row in found}


def find(tx: Connection, workspace_id: str, delivery_id: UUID) -> Any | None:
    """A row of the ledger, or None."""
    return ONE.first(tx, {"workspace": workspace_id, "delivery": delivery_id})


def known(tx: Connection, workspace_id: str, delivery_ids: Collection[UUID]) -> set[UUID]:
    """Those of these ids that are in the ledger."""
    return {row.id for row in KNOWN.all(tx, {"workspace": workspace_id, "ids": delivery_ids})}


def of_occasions(tx: Connection, workspace_id: str, kind: str, occasions: Collection[str]) -> list[UUID]:
    """The messages of a kind about some occasions, whoever got them."""
    return [row.id for row in OF_OCCASIONS.all(tx, {"workspace": workspace_id, "kind": kind, "occasions": occasions})]


def anything_due(tx: Connection, workspace_id: str, kinds: Collection[str], now: datetime) -> bool:
    """Whether a row of one of these kinds may be sent at `now` (UTC)."""
    return bool(DUE.first(tx, {"workspace": workspace_id, "kinds": kinds, "now": now}))


def workspaces_with_something_due(tx: Connection, kinds: Collection[str], now: datetime) -> list[str]:
    """The workspaces with rows that may be sent at `now` (UTC), or that a process holds which is gone; a look over all
    of them. What waits where Baton was removed is left out.
    """
    due = DUE_SOMEWHERE.all(tx, {"kinds": kinds, "now": now})
    return sorted({row.workspace_id for row in (*due, *HELD_SOMEWHERE.all(tx, {"now": now}))})


def held_too_long(tx: Connection, workspace_id: str, now: datetime) -> bool:
    """Whether a process that is gone holds a row."""
    return bool(HELD_TOO_LONG.first(tx, {"workspace": workspace_id, "now": now}))


def next_after(tx: Connection, workspace_id: str, kinds: Collection[str], now: datetime) -> datetime | None:
    """When the first of those may be sent that wait for a moment after `now`; None while none does."""
    row = NEXT.first(tx, {"workspace": workspace_id, "kinds": kinds, "now": now})
    return row.at if row else None


def unsent_rows(tx: Connection) -> list[Count]:
    """How many rows of each kind are still to be sent, by state, in the whole database; what is settled is not looked
    at, for there may be millions.
    """
    return [Count(*row) for look in (WAITING_ROWS, CLAIMED_ROWS) for row in look.all(tx, {})]


def oldest_unsent(tx: Connection, workspace_id: str) -> datetime | None:
    """Since when the oldest row waits that is still to be sent; None while there is none."""
    rows = (look.first(tx, {"workspace": workspace_id}) for look in (OLDEST_WAITING, OLDEST_CLAIMED))
    return min((row.at for row in rows if row and row.at), default=None)


def oldest_unsent_anywhere(tx: Connection) -> datetime | None:
    """The same for all workspaces that are served."""
    rows = (look.first(tx, {}) for look in (OLDEST_WAITING_ANYWHERE, OLDEST_CLAIMED_ANYWHERE))
    return min((row.at for row in rows if row and row.at), default=None)


def claimed(tx: Connection, workspace_id: str) -> set[str]:
    """The recipients of messages that are under way, in whatever process."""
    return {row.recipient for row in CLAIMED.all(tx, {"workspace": workspace_id})}


def last_few(
    tx: Connection, workspace_id: str, kind: str, recipients: Collection[str], since: datetime, most: int
) -> list[Any]:
    """The last `most` messages of a kind that each recipient got after `since` (UTC), or is to get, the newest
    first: without their subjects, and with a `ts` once they stand.
    """
    values = {"workspace": workspace_id, "kind": kind, "recipients": recipients, "since": since, "most": most}
    return LAST_FEW.all(tx, values)


def moments(
    tx: Connection, workspace_id: str, kinds: Collection[str], recipients: Collection[str], since: datetime
) -> list[tuple[str, datetime]]:
    """To whom something of some kinds was said after `since` (UTC), and when."""
    values = {"workspace": workspace_id, "kinds": kinds, "recipients": recipients, "since": since}
    return [(row.recipient, row.recorded_at) for row in ARRIVED.all(tx, values)]


def last_told(tx: Connection, workspace_id: str, kind: str, recipient: str, most: int) -> list[Any]:
    """Ids and subjects of the last `most` messages of a kind for somebody, newest first, on their way or arrived."""
    values = {"workspace": workspace_id, "kind": kind, "recipient": recipient, "most": most}
    return LATELY.all(tx, values)


def last_sent(tx: Connection, workspace_id: str, kind: str, recipient: str, most: int) -> list[Any]:
    """The last `most` messages of a kind that somebody got, newest first."""
    values = {"workspace": workspace_id, "kind": kind, "recipient": recipient, "most": most}
    return LAST_OF_KIND.all(tx, values)
