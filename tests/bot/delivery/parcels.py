"""Rows and parcels for the tests of the ledger: sensible in every field, and each field can be said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from bot.delivery import service
from bot.delivery.model import Delivery
from bot.delivery.outcome import Parcel
from bot.delivery.service import Letter
from bot.delivery.states import IfUnsure, Way
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.types import new_id
from tests.factories import NOW

HERE = "T0BATON"

delivery = table_of(Delivery)


def a_parcel(**more: Any) -> Parcel:
    """A reminder for Ana in the hands of a sender, at its first try."""
    values = {
        "workspace_id": HERE,
        "id": new_id(),
        "kind": "drill",
        "recipient": "U0ANA",
        "occasion": "today",
        "place": None,
        "subject": {},
        "way": Way.POST,
        "if_unsure": IfUnsure.DROP,
        "version": 1,
        "attempts": 1,
        "was_unsure": False,
        "tried_at": NOW,
        "useful_until": None,
        "channel": None,
        "ts": None,
        "act": None,
        "recorded_at": NOW,
    }
    return Parcel(**{**values, **more})


def a_letter(recipient: str = "U0ANA", occasion: str = "today", **more: Any) -> Letter:
    """Something to say to Ana."""
    return Letter(**{"id": new_id(), "kind": "drill", "recipient": recipient, "occasion": occasion, **more})


@dataclass
class Ledger:
    """The rows of a store, to put there and to look at."""

    store: Store

    def tell(self, *letters: Letter, now: datetime = NOW) -> list[UUID]:
        """Have these said; returns the ids of their rows."""
        with self.store.write() as tx:
            service.tell_all(tx, HERE, letters, now)
        return [letter.id for letter in letters if letter.id]

    def put(self, *rows: Mapping[str, Any]) -> list[UUID]:
        """Rows as they may have come to stand there; what is not said is as in a new one for somebody of their own."""
        full = [a_row(row) for row in rows]
        with self.store.write() as tx:
            tx.execute(insert(delivery), full)
        return [row["id"] for row in full]

    def set(self, row_id: UUID, **values: Any) -> None:
        """Let a row be another one."""
        with self.store.write() as tx:
            tx.execute(update(delivery).where(delivery.c.id == row_id).values(**values))

    def clear(self) -> None:
        """Let there be no rows."""
        with self.store.write() as tx:
            tx.execute(delete(delivery))

    def row(self, row_id: UUID) -> Any:
        """One row."""
        with self.store.read() as tx:
            return tx.execute(select(delivery).where(delivery.c.id == row_id)).one()

    def rows(self) -> Sequence[Any]:
        """All of them, the oldest first."""
        with self.store.read() as tx:
            return tx.execute(select(delivery).order_by(delivery.c.id)).all()

    def states(self) -> list[str]:
        """Where each of them stands, the oldest first."""
        return [row.state for row in self.rows()]


def a_row(given: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the ledger as it stands there; what is not given is as in a new one for somebody of their own."""
    row_id = new_id()
    row = {
        "workspace_id": HERE,
        "id": row_id,
        "kind": "drill",
        "recipient": f"U{row_id.hex}",
        "occasion": "today",
        "place": None,
        "subject": {},
        "way": Way.POST,
        "if_unsure": IfUnsure.DROP,
        "state": "waiting",
        "reason": None,
        "version": 1,
        "shown": 0,
        "attempts": 0,
        "not_before": NOW,
        "useful_until": None,
        "claimed_by": None,
        "lease_until": None,
        "tried_at": None,
        "channel": None,
        "ts": None,
        "act": None,
        "acted_at": None,
        "recorded_at": NOW,
        "waits_since": NOW,
        "settled_at": None,
        "request": None,
    }
    assert not given.keys() - row.keys()
    return {**row, **given}
