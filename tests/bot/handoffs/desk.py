"""A team that hands over: an SDR, three account executives in one zone, their manager, operations."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from bot.access.actor import Actor
from bot.delivery import queries as deliveries
from bot.handoffs import planning, queries, service
from bot.handoffs.giving import Giving, give
from bot.handoffs.queries import HandoffRow
from bot.handoffs.rules import Answer, Known
from bot.people import service as people
from bot.schedule import service as schedule
from bot.store.engine import Store
from tests.factories import a_member

HERE = "T0BATON"
MORNING = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
"""A Wednesday, one hour into everybody's day."""

KNOWN = {"budget": Answer(Known.YES, "50k set aside"), "need": Answer(Known.YES, "no overview")}


class Team:
    """People by name, and what they do."""

    def __init__(self, store: Store, *takers: str, zone: str = "UTC") -> None:
        self.store, self.now = store, MORNING
        self.maria = a_member(store, "U0MARIA", "MANAGER", zone=zone)
        self.ana = a_member(store, "U0ANA", "SDR", manager="U0MARIA", zone=zone)
        self.takers = [a_member(store, f"U0{name}", "AE", manager="U0MARIA", zone=zone) for name in takers]
        self.sam = a_member(store, "U0SAM", "OPS", zone=zone)

    def gives(self, company: str = "Acme", *, by: Actor | None = None, **more: object) -> HandoffRow:
        """Ana (or `by`) hands a company over."""
        giving = Giving(company, answers=KNOWN, **more)  # type: ignore[arg-type]
        return give(self.store, by or self.ana, giving, origin=uuid4().hex, now=self.now)

    def taker(self, row: HandoffRow) -> Actor:
        """To whom it is on offer, or who has it."""
        found = people.find(self.store, HERE, row.taker_id or "", self.now)
        assert found is not None
        return found

    def passes(self, **time: float) -> None:
        """Time goes by, and every tick on the way sees to its jobs."""
        end = self.now + timedelta(**time)
        while self.now < end:
            self.now = min(end, self.now + timedelta(minutes=5))
            schedule.tick(self.store, planning.PLANNERS, self.now)

    def row(self, handoff_id: UUID) -> HandoffRow:
        """It as it stands."""
        return service.read(self.store, self.ana, handoff_id)

    def states(self, handoff_id: UUID) -> list[str]:
        """Every state it has been in, with the taker."""
        with self.store.read() as tx:
            return [
                f"{each.after} {(each.taker_id or '')[2:]}".strip() for each in queries.changes(tx, HERE, handoff_id)
            ]

    def told(self, kind: str) -> list[str]:
        """Who has been told of something, in the ledger."""
        with self.store.read() as tx:
            delivery = deliveries.delivery
            rows = tx.execute(delivery.select().where(delivery.c.kind == kind).order_by(delivery.c.recorded_at)).all()
        return [row.recipient for row in rows]
