"""A team that sells: an SDR, two account executives with a manager, customer success, operations."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from bot.access.actor import Actor
from bot.deals import planning, queries, service
from bot.deals.closing import Loss, Win
from bot.deals.queries import CustomerRow, DealRow
from bot.deals.rules import Change
from bot.deals.service import Done, Wish
from bot.deals.states import Stage
from bot.delivery import queries as deliveries
from bot.money import Money
from bot.schedule import service as schedule
from bot.store.engine import Store
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
from tests.factories import a_member

HERE = "T0BATON"
MORNING = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
"""A Wednesday, one hour into everybody's day."""


def eur(amount: int) -> Money:
    """So many euros."""
    return Money("EUR", amount * 100)


class Team:
    """People by name, and what they do."""

    def __init__(self, store: Store, *, wins: str | None = "C0WINS") -> None:
        self.store, self.now = store, MORNING
        self.maria = a_member(store, "U0MARIA", "MANAGER")
        self.ana = a_member(store, "U0ANA", "SDR", manager="U0MARIA")
        self.dana = a_member(store, "U0DANA", "AE", manager="U0MARIA")
        self.arun = a_member(store, "U0ARUN", "AE")
        self.cem = a_member(store, "U0CEM", "CSM", manager="U0MARIA")
        self.mark = a_member(store, "U0MARK", "MARKETING")
        self.sam = a_member(store, "U0SAM", "OPS")
        settings: dict[str, Any] = {Setting.CURRENCY: "EUR", Setting.WINS_CHANNEL: wins, Setting.ZONE: "UTC"}
        workspace.change(store, self.sam, settings, MORNING)

    def opens(self, company: str = "Acme", *, by: Actor | None = None, origin: str = "", **wish: Any) -> DealRow:
        """Dana (or `by`) opens a deal."""
        done = service.open_deal(
            self.store, by or self.dana, company, None, Wish(**wish), origin=origin or uuid4().hex, now=self.now
        )
        return done.row

    def changes(self, row: DealRow, *, by: Actor | None = None, **wish: Any) -> Done:
        """Dana (or `by`) changes one."""
        who = by or self.dana
        return service.change(self.store, who, row.id, Wish(**wish), origin=uuid4().hex, now=self.now)

    def wins(self, row: DealRow, amount: int | None = 24_000, *, by: Actor | None = None, **said: Any) -> DealRow:
        """Dana (or `by`) wins one."""
        money = None if amount is None else eur(amount)
        return service.win(
            self.store, by or self.dana, row.id, Win(money, **said), origin=uuid4().hex, now=self.now
        ).row

    def loses(self, row: DealRow, reason: str = "price", note: str | None = None) -> DealRow:
        """Dana loses one."""
        loss = Loss(reason, note)
        return service.lose(self.store, self.dana, row.id, loss, origin=uuid4().hex, now=self.now).row

    def reopens(self, row: DealRow, stage: Stage | None = None) -> DealRow:
        """Dana reopens one."""
        return service.reopen(self.store, self.dana, row.id, stage, origin=uuid4().hex, now=self.now).row

    def history(self, deal_id: UUID) -> list[Change]:
        """Every change of a deal."""
        with self.store.read() as tx:
            return queries.changes(tx, HERE, deal_id)

    def customer(self, account_id: UUID) -> CustomerRow | None:
        """A company as a customer."""
        with self.store.read() as tx:
            return queries.find_customer(tx, HERE, account_id)

    def told(self, kind: str) -> list[Any]:
        """The rows of the ledger of a kind."""
        delivery = deliveries.delivery
        with self.store.read() as tx:
            return list(
                tx.execute(
                    select(delivery).where(delivery.c.kind == kind).order_by(delivery.c.recorded_at, delivery.c.id)
                )
            )

    def passes(self, **time: float) -> None:
        """Time goes by, with a look at the jobs every hour."""
        end = self.now + timedelta(**time)
        while self.now < end:
            self.now = min(end, self.now + timedelta(hours=1))
            schedule.tick(self.store, planning.PLANNERS, self.now)
