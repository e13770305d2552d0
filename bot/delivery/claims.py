"""Taking rows of the ledger and giving them back, for any number of processes at once.

A row is taken with a lease. On PostgreSQL the takers pass by what others are just taking (`SKIP LOCKED`); SQLite has
one writer anyway. Whoever held a row whose lease has ended is gone, and the row may or may not have arrived.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, case, delete, not_, or_, select, update

from bot.delivery.model import Delivery
from bot.delivery.outcome import Parcel, Sent
from bot.delivery.queries import IS_CLAIMED, WAITS
from bot.delivery.rules import LEASE, PACE, STALE, TOKEN_REASONS, Step
from bot.delivery.states import UNSENT, State, Way
from bot.store.sql import one_of, table_of

delivery = table_of(Delivery)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who takes: one process, for one workspace."""

    workspace_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What a try led to; `sent` says where the message stands."""

    parcel: Parcel
    step: Step
    sent: Sent | None = None


def take(
    tx: Connection,
    holder: Holder,
    now: datetime,
    most: int,
    *,
    closed: Collection[str] = (),
    busy: Collection[str] = (),
    lease: timedelta = LEASE,
) -> list[Parcel]:
    """Take up to `most` rows that may be sent at `now` (UTC), one for each recipient, the longest waiting first.

    Args:
        tx: a transaction.
        holder: who takes.
        now: the moment.
        most: how many at the most.
        closed: ways of sending (`Way`) that Slack wants left alone for now.
        busy: recipients who have just got something; theirs waits.
        lease: for how long.
    """
    rows = tx.execute(
        select(delivery)
        .where(
            delivery.c.workspace_id == holder.workspace_id,
            WAITS,
            delivery.c.not_before <= now,
            delivery.c.way.not_in(sorted(closed)),
            not_(one_of(delivery.c.recipient, "busy")),
        )
        .order_by(delivery.c.not_before, delivery.c.id)
        .limit(most)
        .with_for_update(skip_locked=True),
        {"busy": sorted(busy)},
    ).all()
    first: dict[str, Any] = {}
    for row in rows:
        first.setdefault(row.recipient, row)
    _put_off(tx, holder, [row for row in rows if first[row.recipient] is not row], now)
    _hold(tx, holder, list(first.values()), now, lease)
    return [_parcel(row, now) for row in first.values()]


def settle(tx: Connection, holder: Holder, settled: Sequence[Settled], now: datetime) -> int:
    """Write down what became of rows that this process holds; those that it lost meanwhile are left alone.

    Returns:
        How many were still held.
    """
    sent = [each for each in settled if each.step.state == State.SENT]
    others = [each for each in settled if each.step.state != State.SENT]
    changed = 0
    if sent:
        changed += tx.execute(SENT, [_sent_values(holder, each, now) for each in sent]).rowcount
    if others:
        changed += tx.execute(OTHER, [_other_values(holder, each, now) for each in others]).rowcount
    return changed


def expire(tx: Connection, workspace_id: str, now: datetime) -> int:
    """Let those rows be unsure whose holder is gone.

    A lease that ends far ahead was given by a clock that has been set back since; it is not waited for.
    """
    gone = or_(delivery.c.lease_until <= now, delivery.c.lease_until > now + 2 * LEASE)
    held = and_(delivery.c.workspace_id == workspace_id, IS_CLAIMED)
    return _let_go(tx, held & gone)


def expire_all(tx: Connection, workspace_id: str) -> int:
    """Let every row be unsure that anybody holds: for a database that belongs to one process, which has just begun."""
    return _let_go(tx, and_(delivery.c.workspace_id == workspace_id, IS_CLAIMED))


def drop_stale(tx: Connection, workspace_id: str, now: datetime) -> dict[str, int]:
    """Drop what waits and is of no use any more.

    Returns:
        How many of each kind.
    """
    stale = and_(delivery.c.workspace_id == workspace_id, WAITS, delivery.c.useful_until < now)
    dropped = tx.execute(
        update(delivery)
        .where(stale)
        .values(state=State.DROPPED, reason=STALE, settled_at=now)
        .returning(delivery.c.kind)
    ).scalars()
    counts: dict[str, int] = {}
    for kind in dropped:
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def revive(tx: Connection, workspace_id: str, now: datetime) -> int:
    """Let those rows wait again that ended because the token was dead, for Slack takes it once more."""
    revived = tx.execute(
        update(delivery)
        .where(
            delivery.c.workspace_id == workspace_id,
            delivery.c.state == State.FAILED,
            delivery.c.reason.in_(sorted(TOKEN_REASONS)),
        )
        .values(state=State.WAITING, not_before=now, attempts=0, settled_at=None)
    )
    return revived.rowcount


def forget(tx: Connection, workspace_id: str, before: datetime) -> int:
    """Delete what was settled and stored before that moment (UTC)."""
    old = and_(delivery.c.workspace_id == workspace_id, delivery.c.recorded_at < before)
    return tx.execute(delete(delivery).where(old, delivery.c.state.not_in(sorted(UNSENT)))).rowcount


IS_NEWER = delivery.c.version > bindparam("of_version")
HELD = and_(
    delivery.c.workspace_id == bindparam("of_workspace"),
    delivery.c.id == bindparam("of_id"),
    IS_CLAIMED,
    delivery.c.claimed_by == bindparam("holder"),
)
LET_GO = {"claimed_by": None, "lease_until": None}

# A card that has changed while it was under way waits again, for an update of what now stands.
SENT = (
    update(delivery)
    .where(HELD)
    .values(
        state=case((and_(IS_NEWER, bindparam("ts").is_not(None)), State.WAITING.value), else_=State.SENT.value),
        way=case((and_(IS_NEWER, bindparam("ts").is_not(None)), Way.UPDATE.value), else_=delivery.c.way),
        shown=bindparam("of_version"),
        channel=bindparam("channel"),
        ts=bindparam("ts"),
        attempts=0,
        reason=None,
        tried_at=None,
        not_before=case((IS_NEWER, bindparam("now")), else_=delivery.c.not_before),
        settled_at=bindparam("now"),
        **LET_GO,
    )
)
OTHER = (
    update(delivery)
    .where(HELD)
    .values(
        state=bindparam("state"),
        reason=bindparam("reason"),
        attempts=bindparam("tries"),
        not_before=bindparam("again"),
        tried_at=bindparam("tried"),
        settled_at=bindparam("settled"),
        **LET_GO,
    )
)


def _put_off(tx: Connection, holder: Holder, rows: Sequence[Any], now: datetime) -> None:
    """Give those a later moment that would follow another one to the same recipient too closely."""
    places: dict[str, int] = {}
    values = []
    for row in rows:
        places[row.recipient] = places.get(row.recipient, 0) + 1
        values.append({"of_id": row.id, "again": now + PACE * places[row.recipient]})
    if values:
        where = and_(delivery.c.workspace_id == holder.workspace_id, delivery.c.id == bindparam("of_id"))
        tx.execute(update(delivery).where(where).values(not_before=bindparam("again")), values)


def _hold(tx: Connection, holder: Holder, rows: Sequence[Any], now: datetime, lease: timedelta) -> None:
    ids: list[UUID] = [row.id for row in rows]
    if ids:
        tx.execute(
            update(delivery)
            .where(delivery.c.workspace_id == holder.workspace_id, delivery.c.id.in_(ids))
            .values(
                state=State.CLAIMED,
                claimed_by=holder.name,
                lease_until=now + lease,
                attempts=delivery.c.attempts + 1,
                tried_at=case((delivery.c.tried_at.is_(None), now), else_=delivery.c.tried_at),
            )
        )


def _let_go(tx: Connection, which: Any) -> int:
    gone = tx.execute(update(delivery).where(which).values(state=State.UNSURE, **LET_GO))
    return gone.rowcount


def _sent_values(holder: Holder, settled: Settled, now: datetime) -> dict[str, Any]:
    assert settled.sent is not None
    return {
        **_of(holder, settled.parcel),
        "of_version": settled.parcel.version,
        "channel": settled.sent.channel,
        "ts": settled.sent.ts,
        "now": now,
    }


def _other_values(holder: Holder, settled: Settled, now: datetime) -> dict[str, Any]:
    parcel, step = settled.parcel, settled.step
    waits_for_others = step.reason == "ratelimited"
    return {
        **_of(holder, parcel),
        "state": step.state,
        "reason": step.reason,
        "tries": parcel.attempts - waits_for_others,
        "again": step.not_before or now,
        "tried": parcel.tried_at if step.state == State.UNSURE else None,
        "settled": now if step.state in {State.DROPPED, State.FAILED} else None,
    }


def _of(holder: Holder, parcel: Parcel) -> dict[str, Any]:
    return {"of_workspace": parcel.workspace_id, "of_id": parcel.id, "holder": holder.name}


def _parcel(row: Any, now: datetime) -> Parcel:
    return Parcel(
        workspace_id=row.workspace_id,
        id=row.id,
        kind=row.kind,
        recipient=row.recipient,
        occasion=row.occasion,
        place=row.place,
        subject=row.subject,
        way=row.way,
        if_unsure=row.if_unsure,
        version=row.version,
        attempts=row.attempts + 1,
        was_unsure=row.state == State.UNSURE,
        tried_at=row.tried_at or now,
        useful_until=row.useful_until,
        channel=row.channel,
        ts=row.ts,
        act=row.act,
        recorded_at=row.recorded_at,
    )
