"""What can be done with the ledger: say something, let a card change, note what its reader did.

All of it runs inside the caller's transaction, so that a message is stored with the change that causes it or not at
all; whoever sends is woken once that is committed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, case, update

from bot.delivery import queries
from bot.delivery.model import Delivery
from bot.delivery.rules import PACE
from bot.delivery.states import IfUnsure, State, Way
from bot.store.engine import announce
from bot.store.sql import insert_many_once, table_of
from bot.store.types import new_id

delivery = table_of(Delivery)

NEWS = "delivery"
"""The topic under which the store tells of committed rows."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Something to say to one recipient for one occasion; the columns of `Delivery` say what each field means."""

    kind: str
    recipient: str
    occasion: str
    subject: Mapping[str, Any] = field(default_factory=dict)
    useful_until: datetime | None = None
    if_unsure: IfUnsure = IfUnsure.DROP
    way: Way = Way.POST
    place: str | None = None
    id: UUID = field(default_factory=new_id)


def tell(tx: Connection, workspace_id: str, letter: Letter, now: datetime) -> bool:
    """Have something said; False when it was for this occasion before."""
    return bool(tell_all(tx, workspace_id, [letter], now))


def tell_all(tx: Connection, workspace_id: str, letters: Sequence[Letter], now: datetime) -> set[UUID]:
    """Have many things said.

    Those to one recipient get a second each, behind what waits for them already, so that no channel is flooded.

    Returns:
        The ids of those that are new.
    """
    if not letters:
        return set()
    free = _free_from(tx, workspace_id, {letter.recipient for letter in letters}, now)
    rows = []
    for letter in letters:
        at = free.get(letter.recipient, now)
        free[letter.recipient] = at + PACE
        rows.append(_row(workspace_id, letter, at, now))
    announce(tx, NEWS)
    return insert_many_once(tx, Delivery, rows)


def change(tx: Connection, workspace_id: str, delivery_id: UUID, now: datetime) -> None:
    """A card shows something new. One that waits shows it anyway when it is sent; one that ended does not change."""
    shows = (delivery.c.workspace_id == workspace_id) & (delivery.c.id == delivery_id)
    is_sent = delivery.c.state == State.SENT
    tx.execute(
        update(delivery)
        .where(shows, delivery.c.state.in_([State.SENT, State.CLAIMED, State.UNSURE]))
        .values(
            version=delivery.c.version + 1,
            state=case((is_sent, State.WAITING.value), else_=delivery.c.state),
            way=case((is_sent, Way.UPDATE.value), else_=delivery.c.way),
            not_before=case((is_sent, now), else_=delivery.c.not_before),
            attempts=case((is_sent, 0), else_=delivery.c.attempts),
            useful_until=case((is_sent, None), else_=delivery.c.useful_until),
        )
    )
    announce(tx, NEWS)


def act(tx: Connection, workspace_id: str, delivery_id: UUID, recipient: str, what: str, now: datetime) -> bool:
    """Note what the recipient did with a message, and let it show that; False when it is none of theirs."""
    mine = (delivery.c.workspace_id == workspace_id) & (delivery.c.id == delivery_id)
    noted = tx.execute(update(delivery).where(mine, delivery.c.recipient == recipient).values(act=what, acted_at=now))
    change(tx, workspace_id, delivery_id, now)
    return noted.rowcount == 1


def _row(workspace_id: str, letter: Letter, at: datetime, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id,
        "id": letter.id,
        "kind": letter.kind,
        "recipient": letter.recipient,
        "occasion": letter.occasion,
        "place": letter.place,
        "subject": dict(letter.subject),
        "way": letter.way,
        "if_unsure": letter.if_unsure,
        "state": State.WAITING,
        "version": 1,
        "shown": 0,
        "attempts": 0,
        "not_before": at,
        "useful_until": letter.useful_until,
        "recorded_at": now,
    }


def _free_from(tx: Connection, workspace_id: str, recipients: set[str], now: datetime) -> dict[str, datetime]:
    """From when on each recipient may get the next message, of those who have just got or will get one."""
    last = queries.last_slots(tx, workspace_id, recipients, now - PACE)
    return {recipient: max(now, at + PACE) for recipient, at in last.items()}
