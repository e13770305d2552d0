"""What can be done with the ledger: say something, let a card change, note what its reader did.

All of it runs inside the caller's transaction, so that a message is stored with the change that causes it or not at
all; whoever sends is woken once that is committed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import Connection, case, func, or_, update

from bot.delivery import queries
from bot.delivery.model import Delivery
from bot.delivery.rules import FIRST_VERSION, PACE
from bot.delivery.states import UNSENT, IfUnsure, State, Way
from bot.ops import causes
from bot.store.engine import announce
from bot.store.many import insert_many_once
from bot.store.sql import table_of
from bot.store.types import new_id, quick_id

log = structlog.get_logger()

delivery = table_of(Delivery)

NAMED = 20
"""Rows that one line of the log names."""

NEWS = "delivery"
"""The topic under which the store tells of committed rows."""


class Letter(NamedTuple):
    """Something to say to one recipient for one occasion; the columns of `Delivery` say what each field means. Without
    an id it gets one when it is stored.
    """

    kind: str
    recipient: str
    occasion: str
    subject: Mapping[str, Any] = {}
    useful_until: datetime | None = None
    if_unsure: IfUnsure = IfUnsure.DROP
    way: Way = Way.POST
    place: str | None = None
    id: UUID | None = None


def tell(tx: Connection, workspace_id: str, letter: Letter, now: datetime) -> bool:
    """Have something said; False when it was for this occasion before."""
    delivery_id = letter.id or new_id()
    tell_all(tx, workspace_id, [letter._replace(id=delivery_id)], now)
    return delivery_id in queries.known(tx, workspace_id, [delivery_id])


def tell_all(tx: Connection, workspace_id: str, letters: Sequence[Letter], now: datetime) -> None:
    """Have many things said; those that were said for their occasion before are not said again.

    Those to one recipient get a second each, behind what waits for them already, so that no channel is flooded.
    """
    if not letters:
        return
    free = _free_from(tx, workspace_id, {letter.recipient for letter in letters}, now)
    rows, request = [], causes.request()
    for letter in letters:
        at = free.get(letter.recipient, now)
        free[letter.recipient] = at + PACE
        rows.append(_row(workspace_id, letter, at, now, request))
    insert_many_once(tx, Delivery, rows)
    log.info("to_be_said", kinds=sorted({row["kind"] for row in rows}), rows=len(rows), deliveries=_named(rows))
    announce(tx, NEWS, workspace_id)


def change(tx: Connection, workspace_id: str, delivery_id: UUID, now: datetime) -> None:
    """A card shows something new. One that waits shows it anyway when it is sent, but not before this is committed; one
    that ended does not change, nor does one to which Slack gave no name.
    """
    shows = (delivery.c.workspace_id == workspace_id) & (delivery.c.id == delivery_id)
    is_sent = delivery.c.state == State.SENT
    may_change = or_(is_sent & delivery.c.ts.is_not(None), delivery.c.state.in_(sorted(UNSENT)))
    tx.execute(
        update(delivery)
        .where(shows, may_change)
        .values(
            version=delivery.c.version + 1,
            state=case((is_sent, State.WAITING.value), else_=delivery.c.state),
            way=case((is_sent, Way.UPDATE.value), else_=delivery.c.way),
            not_before=case((is_sent, now), else_=delivery.c.not_before),
            waits_since=case((is_sent, now), else_=delivery.c.waits_since),
            attempts=case((is_sent, 0), else_=delivery.c.attempts),
            useful_until=case((is_sent, None), else_=delivery.c.useful_until),
            request=case((is_sent, func.coalesce(causes.request(), delivery.c.request)), else_=delivery.c.request),
        )
    )
    announce(tx, NEWS, workspace_id)


def act(tx: Connection, workspace_id: str, delivery_id: UUID, recipient: str, what: str, now: datetime) -> bool:
    """Note what the recipient did with a message, and let it show that; False when it is none of theirs."""
    mine = (delivery.c.workspace_id == workspace_id) & (delivery.c.id == delivery_id)
    noted = tx.execute(update(delivery).where(mine, delivery.c.recipient == recipient).values(act=what, acted_at=now))
    if noted.rowcount != 1:
        return False
    change(tx, workspace_id, delivery_id, now)
    return True


def _named(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The keys of the first rows, by which they are found in the sender's lines."""
    return [str(row["id"]) for row in rows[:NAMED]]


NEW = {"state": State.WAITING.value, "version": FIRST_VERSION, "shown": 0, "attempts": 0}


def _row(workspace_id: str, letter: Letter, at: datetime, now: datetime, request: str | None) -> dict[str, Any]:
    return {
        **NEW,
        "workspace_id": workspace_id,
        "id": letter.id or quick_id(),
        "kind": letter.kind,
        "recipient": letter.recipient,
        "occasion": letter.occasion,
        "place": letter.place,
        "subject": letter.subject,
        "way": letter.way,
        "if_unsure": letter.if_unsure,
        "not_before": at,
        "useful_until": letter.useful_until,
        "request": request,
        "recorded_at": now,
        "waits_since": at,
    }


def _free_from(tx: Connection, workspace_id: str, recipients: set[str], now: datetime) -> dict[str, datetime]:
    """From when on each recipient may get the next message, of those who have just got or will get one."""
    last = queries.last_slots(tx, workspace_id, recipients, now - PACE, now)
    return {recipient: max(now, at + PACE) for recipient, at in last.items()}
