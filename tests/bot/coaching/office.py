"""A manager with two reports, a colleague elsewhere, and operations."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from bot.access.actor import Actor
from bot.access.roles import Role
from bot.audit import service as audit
from bot.coaching.oneonones import Wish
from bot.delivery.model import Delivery
from bot.people.model import Aspect
from bot.store.engine import Store
from bot.store.sql import table_of
from tests.factories import NOW, TODAY, a_member

delivery = table_of(Delivery)

HERE = "T0BATON"
LATER = NOW + timedelta(minutes=5)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Office:
    """Who is there: Maria leads Ana (who leads Dana), Olga reports to nobody, Sam is of operations."""

    store: Store
    maria: Actor
    ana: Actor
    dana: Actor
    olga: Actor
    sam: Actor

    def told(self, kind: str) -> list[tuple[str, str]]:
        """Recipient and state of every message of a kind."""
        with self.store.read() as tx:
            rows = tx.execute(select(delivery).where(delivery.c.kind == kind).order_by(delivery.c.recorded_at))
            return [(row.recipient, row.state) for row in rows]

    def audited(self, person_id: str) -> list[tuple[str, str]]:
        """What was changed of somebody, and by whom, but for their roles."""
        with self.store.read() as tx:
            found = audit.changes(tx, HERE, people=[person_id])
        return [(each.what, each.by) for each in reversed(found) if not each.what.startswith(("role", "manager"))]


def an_office(store: Store) -> Office:
    """Everybody in their roles since the summer."""
    maria = a_member(store, "U0MARIA", Role.MANAGER)
    ana = a_member(store, "U0ANA", Role.AE, **{Aspect.MANAGER: "U0MARIA"})
    dana = a_member(store, "U0DANA", Role.AE, **{Aspect.MANAGER: "U0ANA"})
    olga = a_member(store, "U0OLGA", Role.SDR)
    sam = a_member(store, "U0SAM", Role.OPS)
    return Office(store, maria, ana, dana, olga, sam)


def a_wish(**more: object) -> Wish:
    """A one-to-one that was held today."""
    return Wish(**{"held_on": TODAY, **more})  # type: ignore[arg-type]  # whatever a test says of it
