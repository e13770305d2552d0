"""Taking rows of the ledger and giving them back, for any number of processes at once.

A row is taken with a lease. On PostgreSQL the takers pass by what others are just taking (`SKIP LOCKED`); SQLite has
one writer anyway. Whoever held a row whose lease has ended is gone, and the row may or may not have arrived.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    and_,
    bindparam,
    case,
    delete,
    literal,
    not_,
    null,
    or_,
    select,
    update,
)

from bot.delivery import queries
from bot.delivery.model import Delivery
from bot.delivery.outcome import Parcel, Sent
from bot.delivery.queries import IS_CLAIMED, IS_KNOWN, WAITS, stands_in
from bot.delivery.rules import LEASE, LOOK, LOOK_AFTER, PACE, STALE, TOKEN_REASONS, Step
from bot.delivery.states import UNSENT, State, Way
from bot.store.sql import Prepared, PreparedChange, one_of, one_of_ids, table_of

delivery = table_of(Delivery)


WAITING = Prepared(
    select(delivery)
    .where(
        delivery.c.workspace_id == bindparam("workspace"),
        WAITS,
        delivery.c.not_before <= bindparam("now", type_=delivery.c.not_before.type),
        not_(one_of(delivery.c.way, "closed")),
        IS_KNOWN,
        or_(delivery.c.state == State.WAITING, bindparam("may_look", type_=Boolean())),
    )
    .order_by(delivery.c.not_before, delivery.c.id)
    .limit(bindparam("most", type_=Integer()))
    .with_for_update(skip_locked=True)
)


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
    kinds: Collection[str],
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
        kinds: those that this process has words for; a newer version may know others.
        closed: ways of sending (`Way`, `LOOK`) that Slack wants left alone for now.
        busy: recipients who have just got something; theirs waits for a second or more.
        lease: for how long.
    """
    values = {"workspace": holder.workspace_id, "now": now, "closed": closed, "kinds": kinds, "most": most}
    rows = WAITING.all(tx, {**values, "may_look": LOOK not in closed})
    under_way = {*busy, *queries.claimed(tx, holder.workspace_id)} if rows else ()
    first: dict[str, Any] = {}
    for row in rows:
        if row.recipient not in under_way:
            first.setdefault(row.recipient, row)
    _put_off(tx, holder, [row for row in rows if first.get(row.recipient) is not row], now)
    _hold(tx, holder, list(first.values()), now, lease)
    return [_parcel(row, now) for row in first.values()]


def renew(tx: Connection, holder: Holder, parcel: Parcel, now: datetime, lease: timedelta = LEASE) -> bool:
    """Hold a row for as long once more, from `now` (UTC) on; False where somebody else does, or may by now."""
    return RENEW.once(tx, {**_of(holder, parcel), "until": now + lease}) == 1


def settle(tx: Connection, holder: Holder, settled: Sequence[Settled], now: datetime) -> int:
    """Write down what became of rows that this process holds; those that it lost meanwhile are left alone.

    Returns:
        How many were still held.
    """
    sent = [each for each in settled if each.step.state == State.SENT]
    others = [each for each in settled if each.step.state != State.SENT]
    return SENT.each(tx, [_sent_values(holder, each, now) for each in sent]) + OTHER.each(
        tx, [_other_values(holder, each, now) for each in others]
    )


def expire(tx: Connection, workspace_id: str, now: datetime) -> int:
    """Let those rows be unsure whose holder is gone.

    A lease that ends far ahead was given by a clock that has been set back since; it is not waited for.
    """
    return EXPIRE.once(tx, {"of_workspace": workspace_id, "moment": now, "latest": now + 2 * LEASE})


def expire_all(tx: Connection, workspace_id: str, now: datetime) -> int:
    """Let every row be unsure that anybody holds: for a database that belongs to one process, which has just begun.

    The one before may have sent them a moment ago, so they are looked for a little later.
    """
    held = and_(delivery.c.workspace_id == workspace_id, IS_CLAIMED)
    later = {"not_before": now + LOOK_AFTER}
    return tx.execute(update(delivery).where(held).values(state=State.UNSURE, **LET_GO, **later)).rowcount


def drop_stale(tx: Connection, workspace_id: str, now: datetime) -> dict[str, int]:
    """Drop what waits and is of no use any more.

    Returns:
        How many of each kind.
    """
    return Counter(row.kind for row in DROP_STALE.all(tx, {"of_workspace": workspace_id, "moment": now}))


def revive(tx: Connection, workspace_id: str, now: datetime) -> int:
    """Let those rows wait again that ended because the token was dead, for Slack takes it once more."""
    revived = tx.execute(
        update(delivery)
        .where(
            delivery.c.workspace_id == workspace_id,
            delivery.c.state == State.FAILED,
            delivery.c.reason.in_(sorted(TOKEN_REASONS)),
        )
        .values(state=State.WAITING, not_before=now, waits_since=now, attempts=0, settled_at=None)
    )
    return revived.rowcount


def forget(tx: Connection, workspace_id: str, ids: Collection[UUID]) -> int:
    """Delete rows that were found by `settled_before`, but not those that wait again since."""
    return FORGET.once(tx, {"of_workspace": workspace_id, "ids": ids})


def settled_before(tx: Connection, workspace_id: str, before: datetime, most: int) -> list[UUID]:
    """Up to `most` rows that were settled before that moment (UTC)."""
    old = and_(delivery.c.workspace_id == workspace_id, delivery.c.settled_at < before)
    return list(tx.scalars(select(delivery.c.id).where(old, IS_OVER).limit(most)))


C = delivery.c
IS_OVER = not_(stands_in(*sorted(UNSENT)))
FORGET = PreparedChange(
    delete(delivery).where(C.workspace_id == bindparam("of_workspace"), one_of_ids(C.id, "ids"), IS_OVER)
)
AT = bindparam("moment", type_=C.not_before.type)
NEW_TS = bindparam("new_ts", type_=C.ts.type)
IS_NEWER = C.version > bindparam("of_version", type_=C.version.type)
CHANGES = and_(IS_NEWER, NEW_TS.is_not(None))
THIS = and_(C.workspace_id == bindparam("of_workspace"), C.id == bindparam("of_id", type_=C.id.type))
HELD = and_(IS_CLAIMED, C.claimed_by == bindparam("holder"))
LET_GO = {"claimed_by": None, "lease_until": None}

EXPIRE = PreparedChange(
    update(delivery)
    .where(
        C.workspace_id == bindparam("of_workspace"),
        IS_CLAIMED,
        or_(C.lease_until <= AT, C.lease_until > bindparam("latest", type_=C.lease_until.type)),
    )
    .values(state=State.UNSURE.value, **LET_GO)
)
# One that may have arrived is looked for first. (`WAITS` is what the index says; the state narrows it.)
IS_STALE = and_(WAITS, C.state == State.WAITING.value, C.useful_until < AT)
DROP_STALE = Prepared(
    update(delivery)
    .where(C.workspace_id == bindparam("of_workspace"), IS_STALE)
    .values(state=State.DROPPED.value, reason=STALE, settled_at=AT)
    .returning(C.kind)
)

# A card that has changed while it was under way waits again, for an update of what now stands. What has arrived has
# arrived, also when the lease ended meanwhile and nobody has looked yet.
SENT = PreparedChange(
    update(delivery)
    .where(THIS, or_(HELD, C.state == State.UNSURE.value))
    .values(
        state=case((CHANGES, literal(State.WAITING.value)), else_=literal(State.SENT.value)),
        way=case((CHANGES, literal(Way.UPDATE.value)), else_=C.way),
        shown=bindparam("of_version", type_=C.version.type),
        channel=bindparam("new_channel", type_=C.channel.type),
        ts=NEW_TS,
        attempts=0,
        reason=None,
        tried_at=None,
        not_before=case((IS_NEWER, AT), else_=C.not_before),
        waits_since=case((IS_NEWER, AT), else_=C.waits_since),
        useful_until=case((CHANGES, null()), else_=C.useful_until),
        settled_at=AT,
        **LET_GO,
    )
)
NEW_STATE: ColumnElement[str] = bindparam("new_state", type_=C.state.type)
# There was nothing to say, but of an older state of things.
IS_OUTDATED = and_(literal(State.DROPPED.value) == NEW_STATE, IS_NEWER)
OTHER = PreparedChange(
    update(delivery)
    .where(THIS, HELD)
    .values(
        state=case((IS_OUTDATED, literal(State.WAITING.value)), else_=NEW_STATE),
        reason=bindparam("new_reason", type_=C.reason.type),
        attempts=bindparam("tries", type_=C.attempts.type),
        not_before=bindparam("again", type_=C.not_before.type),
        tried_at=bindparam("tried", type_=C.tried_at.type),
        settled_at=bindparam("settled", type_=C.settled_at.type),
        **LET_GO,
    )
)
RENEW = PreparedChange(
    update(delivery).where(THIS, HELD).values(lease_until=bindparam("until", type_=C.lease_until.type))
)
HOLD = PreparedChange(
    update(delivery)
    .where(C.workspace_id == bindparam("of_workspace"), one_of_ids(C.id, "ids"))
    .values(
        state=State.CLAIMED.value,
        claimed_by=bindparam("holder", type_=C.claimed_by.type),
        lease_until=bindparam("until", type_=C.lease_until.type),
        attempts=C.attempts + 1,
        tried_at=case((C.tried_at.is_(None), AT), else_=C.tried_at),
    )
)

PUT_OFF = PreparedChange(
    update(delivery)
    .where(C.workspace_id == bindparam("of_workspace"), one_of_ids(C.id, "ids"))
    .values(not_before=bindparam("again", type_=C.not_before.type))
)


def _put_off(tx: Connection, holder: Holder, rows: Sequence[Any], now: datetime) -> None:
    """Give those a later moment that would follow another one to the same recipient too closely."""
    places: Counter[str] = Counter()
    together: dict[int, list[UUID]] = defaultdict(list)
    for row in rows:
        places[row.recipient] += 1
        together[places[row.recipient]].append(row.id)
    for place, ids in together.items():
        PUT_OFF.once(tx, {"of_workspace": holder.workspace_id, "ids": ids, "again": now + PACE * place})


def _hold(tx: Connection, holder: Holder, rows: Sequence[Any], now: datetime, lease: timedelta) -> None:
    if rows:
        held = {"of_workspace": holder.workspace_id, "holder": holder.name, "ids": [row.id for row in rows]}
        HOLD.once(tx, {**held, "until": now + lease, "moment": now})


def _sent_values(holder: Holder, settled: Settled, now: datetime) -> dict[str, Any]:
    assert settled.sent is not None
    return {
        **_of(holder, settled.parcel),
        "of_version": settled.parcel.version,
        "new_channel": settled.sent.channel,
        "new_ts": settled.sent.ts,
        "moment": now,
    }


def _other_values(holder: Holder, settled: Settled, now: datetime) -> dict[str, Any]:
    parcel, step = settled.parcel, settled.step
    return {
        **_of(holder, parcel),
        "of_version": parcel.version,
        "new_state": step.state,
        "new_reason": step.reason,
        "tries": parcel.attempts - (not step.is_try),
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
        request=row.request,
    )
