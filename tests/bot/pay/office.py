"""A team that is paid: an SDR, two account executives with a manager, customer success, a specialist, operations."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, select

from bot.access.actor import Actor
from bot.access.roles import Role
from bot.deals import after_sale
from bot.deals import queries as deal_queries
from bot.deals import service as deals
from bot.deals.after_sale import Renewal
from bot.deals.closing import Win
from bot.deals.queries import DealRow
from bot.deals.service import Wish
from bot.delivery import queries as deliveries
from bot.handoffs import service as handoffs
from bot.handoffs.giving import Giving, give
from bot.handoffs.queries import HandoffRow
from bot.money import Money
from bot.pay import closing, pages, service
from bot.pay.closing import Closing
from bot.pay.pages import StatementPage
from bot.pay.period import Period
from bot.pay.queries import Dispute
from bot.pay.service import PlanWish
from bot.pay.statement import Statement
from bot.pay.targets import Targets
from bot.people import assignments
from bot.store.engine import Store
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
from tests.factories import a_member

HERE = "T0BATON"
START = date(2026, 10, 1)
MORNING = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
"""A Thursday; everybody was entered the day before, in their roles since June."""

Q4, Q1 = date(2026, 10, 1), date(2027, 1, 1)
JANUARY = date(2027, 1, 5)

TIERS = "tier won 0-100 8%\ntier won 100-150 12%\ntier won 150- 15%"
"""The trade's example."""
LEADS = "fixed requalified 150\nflat assist_won 1%"


def eur(amount: int) -> Money:
    """So many euros."""
    return Money("EUR", amount * 100)


class Quotas:
    """Targets of revenue, by person; the same in every period."""

    def __init__(self, **euros: int) -> None:
        self.euros = {f"U0{name.upper()}": amount for name, amount in euros.items()}

    def __call__(
        self, tx: Connection, workspace_id: str, person_id: str, period: Period, as_of: datetime, /
    ) -> Money | None:
        """The target."""
        euros = self.euros.get(person_id)
        return None if euros is None else eur(euros)


class Office:
    """People by name, and what they do."""

    def __init__(
        self,
        store: Store,
        *,
        with_plans: bool = True,
        here: str = HERE,
        now: datetime = MORNING,
        currency: str = "EUR",
        first_month: int = 1,
        **euros: int,
    ) -> None:
        self.store, self.now, self.here, self.currency = store, now, here, currency
        self.quotas: Targets = Quotas(**euros)
        self.maria = a_member(store, "U0MARIA", "MANAGER", workspace_id=here)
        self.ana = a_member(store, "U0ANA", "SDR", manager="U0MARIA", workspace_id=here)
        self.dana = a_member(
            store, "U0DANA", "AE", manager="U0MARIA", email="dana@northwind.example", workspace_id=here
        )
        self.arun = a_member(store, "U0ARUN", "AE", workspace_id=here)
        self.sofia = a_member(store, "U0SOFIA", "SPECIALIST", workspace_id=here)
        self.cem = a_member(store, "U0CEM", "CSM", manager="U0MARIA", workspace_id=here)
        self.sam = a_member(store, "U0SAM", "OPS", workspace_id=here)
        self.olga = a_member(store, "U0OLGA", "OPS", workspace_id=here)
        settings: dict[str, Any] = {Setting.CURRENCY: currency, Setting.ZONE: "UTC", Setting.FISCAL_MONTH: first_month}
        workspace.change(store, self.sam, settings, min(now, MORNING))
        if with_plans:
            self.plans(Role.AE, TIERS)
            self.plans(Role.SDR, LEADS)

    def plans(
        self,
        role: Role,
        text: str,
        start: date = START,
        *,
        seen: int | None = None,
        by: Actor | None = None,
        **more: Any,
    ) -> None:
        """Sam (or `by`) gives a role a plan."""
        wish = PlanWish(role, start, text, seen, **more)
        service.change_plan(self.store, by or self.sam, wish, origin=uuid4().hex, now=self.now)

    def passes(self, days: float = 1) -> None:
        """Time goes by."""
        self.now += timedelta(days=days)

    def goes_to(self, day: date) -> None:
        """It is the morning of a day."""
        self.now = datetime(day.year, day.month, day.day, 10, 0, tzinfo=UTC)

    def wins(self, company: str, amount: int, *, by: Actor | None = None, **said: Any) -> DealRow:
        """Dana (or `by`) opens a deal and wins it."""
        who = by or self.dana
        row = deals.open_deal(self.store, who, company, None, Wish(), origin=uuid4().hex, now=self.now).row
        return self.closes(row, amount, by=who, **said)

    def closes(self, row: DealRow, amount: int, *, by: Actor | None = None, **said: Any) -> DealRow:
        """Dana (or `by`) wins a deal that is open."""
        won = Win(Money.of(Decimal(amount), self.currency), **said)
        return deals.win(self.store, by or self.dana, row.id, won, origin=uuid4().hex, now=self.now).row

    def reopens(self, row: DealRow, *, by: Actor | None = None) -> DealRow:
        """Dana (or `by`) reopens one."""
        return deals.reopen(self.store, by or self.dana, row.id, None, origin=uuid4().hex, now=self.now).row

    def hands_over(self, company: str, *, by: Actor | None = None) -> HandoffRow:
        """Ana (or `by`) hands a company to Dana, who qualifies it."""
        giving = Giving(company, to="U0DANA")
        row = give(self.store, by or self.ana, giving, origin=uuid4().hex, now=self.now)
        handoffs.accept(self.store, self.dana, row.id, self.now)
        return handoffs.requalify(self.store, self.dana, row.id, {}, None, self.now)

    def deal_of(self, row: HandoffRow) -> DealRow:
        """The deal that came of a hand-off."""
        with self.store.read() as tx:
            found = deal_queries.of_handoff(tx, self.here, row.id)
        assert found
        return found

    def renews(self, row: DealRow, amount: int) -> DealRow:
        """Cem says that a customer stays."""
        said = Renewal(eur(amount))
        return after_sale.renew(self.store, self.cem, row.account_id, said, origin=uuid4().hex, now=self.now).row

    def leaves(self, row: DealRow) -> None:
        """Sam says that a customer has left."""
        after_sale.churn(self.store, self.sam, row.account_id, "price", None, origin=uuid4().hex, now=self.now)

    def stays(self, row: DealRow) -> None:
        """They have not, after all."""
        after_sale.unchurn(self.store, self.sam, row.account_id, origin=uuid4().hex, now=self.now)

    def ends(self, person_id: str, role: Role, last: date) -> None:
        """Somebody has left a role."""
        assignments.end(self.store, self.sam, person_id, role, last, self.now)

    def page(self, who: Actor | None = None, day: date | None = None, *, by: Actor | None = None) -> StatementPage:
        """Dana's statement (or that of `who`), read by `by` or themselves."""
        whom = who or self.dana
        return pages.statement(self.store, by or whom, self.quotas, self.now, person_id=whom.id, day=day)

    def statement(self, who: Actor | None = None, day: date | None = Q4, *, as_of: datetime | None = None) -> Statement:
        """The figures of it."""
        whom = who or self.dana
        return pages.statement(
            self.store, whom, self.quotas, self.now, person_id=whom.id, day=day, as_of=as_of
        ).statement

    def total(self, who: Actor | None = None, day: date | None = Q4, *, as_of: datetime | None = None) -> str:
        """What it comes to."""
        return str(self.statement(who, day, as_of=as_of).total.amount)

    def shuts(self, day: date = Q4, *, by: Actor | None = None) -> Closing:
        """Sam (or `by`) closes a period."""
        return closing.close(self.store, by or self.sam, day, self.quotas, origin=uuid4().hex, now=self.now)

    def disputes(
        self, line_id: str, text: str = "It was 26,000", *, by: Actor | None = None, origin: str = ""
    ) -> Dispute:
        """Dana (or `by`) says that one of her lines of the fourth quarter is wrong."""
        return service.dispute(
            self.store, by or self.dana, Q4, line_id, text, self.quotas, origin=origin or uuid4().hex, now=self.now
        )

    def told(self, kind: str) -> list[Any]:
        """The rows of the ledger of a kind."""
        delivery = deliveries.delivery
        with self.store.read() as tx:
            return list(tx.execute(select(delivery).where(delivery.c.kind == kind).order_by(delivery.c.id)))


def lines(found: Statement) -> list[tuple[str, str, str, str]]:
    """What matters of lines: the company, the event, how it came to be, the amount."""
    return [(each.subject, each.event, each.kind, str(each.amount.amount)) for each in found.lines]
