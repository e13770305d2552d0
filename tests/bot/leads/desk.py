"""A team that sorts inbound leads: two who serve the queue, an SDR, their manager, operations; and their days."""

from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from bot.access.actor import Actor
from bot.accounts import service as accounts
from bot.activity import service as activity
from bot.activity.entry import Entry, Kind, Who
from bot.delivery.queries import delivery
from bot.leads import planning, queries, service
from bot.leads.changes import NewLead
from bot.leads.queries import LeadRow
from bot.people import service as people
from bot.schedule import service as schedule
from bot.store.engine import Store
from tests.factories import a_member

HERE = "T0BATON"
JANE = NewLead("Acme", person="Jane Roe", email="jane@acme.example", source="website", said="wants a demo")
_origins = count()


def on(text: str) -> datetime:
    """`11-18 16:30` of 2026, in UTC, where everybody is."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


class Desk:
    """People by name, leads, and a clock that moves by ticks."""

    def __init__(self, store: Store, *serving: str) -> None:
        self.store, self.now = store, on("11-18 10:00")  # a Wednesday
        self.maria = a_member(store, "U0MARIA", "MANAGER")
        self.sam = a_member(store, "U0SAM", "OPS")
        self.sid = a_member(store, "U0SID", "SDR", manager="U0MARIA")
        self.mark = a_member(store, "U0MARK", "MARKETING")
        for each in serving:
            a_member(store, f"U0{each}", "MRR", manager="U0MARIA")

    def who(self, name: str) -> Actor:
        """Somebody as they stand."""
        found = people.find(self.store, HERE, f"U0{name}", self.now)
        assert found is not None
        return found

    def at(self, text: str) -> None:
        """The clock shows another moment, with one tick in it."""
        self.now = on(text)
        self.tick()

    def tick(self) -> int:
        """One tick."""
        return schedule.tick(self.store, planning.PLANNERS, self.now)

    def comes(self, new: NewLead = JANE, at: str | None = None, **more: Any) -> LeadRow:
        """A lead comes in by itself."""
        self.now = on(at) if at else self.now
        received = service.take_in(self.store, HERE, new, origin=origin(), now=self.now, **more)
        return self.row(received.lead_id)

    def claims(self, name: str, lead: LeadRow) -> LeadRow:
        """Somebody takes a lead."""
        return service.claim(self.store, self.who(name), lead.id, origin=origin(), now=self.now)

    def calls(self, name: str, company: str = "Acme", kind: str = Kind.CALL) -> None:
        """Somebody reaches out now, and logs it."""
        with self.store.read() as tx:
            ref = accounts.find_account(tx, HERE, company)
        entry = Entry(kind, self.now.date(), who=Who(company, f"account:{ref}"), at=self.now.time())
        activity.log(self.store, self.who(name), [entry], origin=origin(), now=self.now)

    def row(self, lead_id: UUID) -> LeadRow:
        """A lead as it stands."""
        return service.find(self.store, self.sam, lead_id)

    def happened(self, lead: LeadRow) -> list[str]:
        """The timeline in words."""
        with self.store.read() as tx:
            return [each.what for each in queries.events(tx, HERE, lead.id)]

    def rows(self, kind: str) -> list[Any]:
        """What the ledger holds of a kind."""
        with self.store.read() as tx:
            return list(
                tx.execute(delivery.select().where(delivery.c.kind == kind).order_by(delivery.c.recipient)).all()
            )

    def told(self, kind: str) -> list[str]:
        """Who is told something, by name."""
        return [row.recipient.removeprefix("U0") for row in self.rows(kind)]


def origin() -> str:
    """Another delivery."""
    return f"test:{next(_origins)}"
