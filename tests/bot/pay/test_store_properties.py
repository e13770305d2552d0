"""What always holds of statements that are read from rows: whatever a team did, in whatever order, entered late or not,
in years with a leap day, fiscal years of any beginning and currencies of any coin.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.access.roles import Role
from bot.deals import wins
from bot.deals.queries import DealRow
from bot.errors import Refused
from bot.money import Money, digits
from bot.pay import books, everybody, pages, queries
from bot.pay.statement import Statement
from bot.pay.targets import of_quotas
from bot.people import assignments
from bot.people.assignments import Assign
from bot.people.model import Aspect
from bot.quota import service as quotas
from bot.quota.metrics import REVENUE
from bot.quota.periods import Kind, period_of
from bot.quota.queries import Subject
from bot.quota.service import Wanted
from bot.store.engine import Store
from bot.transfer.statements_out import file_of
from bot.transfer.table import read
from tests.bot.pay.office import TIERS, Office
from tests.lengths import length

LEAP = datetime(2028, 2, 27, 10, tzinfo=UTC)
"""Two days before a 29th of February."""

SELLERS = ("U0DANA", "U0ARUN")
CURRENCIES = ("JPY", "EUR", "BHD")
PLANS = (TIERS, "flat won 7.5%\nfixed won 10", "tier won 0- 4.125%\nflat churned -1%", "")

EXAMPLES = settings(
    max_examples=length(4, 150),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["wins", "wins", "wins", "late", "reopens", "leaves", "target", "plan", "moves", "closes"]),
        st.integers(0, 200_000),
        st.integers(0, 40),
    ),
    min_size=4,
    max_size=14,
)


class Quarter(Office):
    """A team at work, whose statements are noted as they stand after each thing that it does."""

    def __init__(self, store: Store, currency: str = "EUR", first_month: int = 1) -> None:
        super().__init__(store, here=f"T{uuid4().hex}", now=LEAP, currency=currency, first_month=first_month)
        self.quotas, self.first_month, self.start = of_quotas, first_month, self.now
        self.plans(Role.MANAGER, "flat won 2%")
        for person in SELLERS:
            self.sets(person, 50_000)
        self.deals: list[DealRow] = []
        self.seen: dict[tuple[datetime, str, date], Statement] = {}

    def does(self, what: str, amount: int, days: int) -> None:
        """One thing; what the rules refuse is not done."""
        seller = self.dana if amount % 3 else self.arun
        try:
            if what in {"wins", "late"}:
                at = self.now - timedelta(days=days if what == "late" else 0, hours=1)
                at = max(at, self.start - timedelta(days=30))
                self.deals.append(self.wins(uuid4().hex, amount, by=seller, happened_at=at, is_sure=True))
            elif what == "target":
                self.sets(seller.id, amount)
            elif what == "plan":
                self.replans(amount, days)
            elif what == "moves":
                self.moves(seller.id, days)
            elif what == "closes":
                self.goes_to(self.now.date() + timedelta(days=95))
                self.shuts(period_of(Kind.QUARTER, self.now.date(), self.first_month).first - timedelta(days=1))
            elif self.deals:
                self.undoes(what, self.deals[amount % len(self.deals)])
        except Refused:
            pass
        self.passes(0.3 + days / 7)

    def undoes(self, what: str, row: DealRow) -> None:
        """A deal is reopened, or its customer leaves."""
        owner = self.dana if row.owner_id == self.dana.id else self.arun
        if what == "leaves":
            self.leaves(row)
        else:
            self.reopens(row, by=owner)

    def sets(self, person_id: str, amount: int) -> None:
        """A target for the quarter or for its months."""
        day = self.now.date()
        quarter = period_of(Kind.QUARTER, day, self.first_month)
        months = {period_of(Kind.MONTH, each).name: period_of(Kind.MONTH, each) for each in quarter.days}
        value = amount // 2 * 10 ** digits(self.currency)
        for period in [quarter] if amount % 2 else months.values():
            wanted = Wanted(Subject.person(person_id), REVENUE, period, value)
            quotas.set_target(self.store, self.sam, wanted, origin=uuid4().hex, now=self.now)

    def replans(self, amount: int, days: int) -> None:
        """Another plan from today on, or for the one that holds."""
        with self.store.read() as tx:
            versions = queries.versions(tx, self.here, Role.AE)
        start = self.now.date() if days % 2 else date(2026, 10, 1)
        standing = [each.version for each in versions if each.plan.start == start and each.until is None]
        self.plans(Role.AE, PLANS[amount % len(PLANS)], start, seen=standing[0] if standing else None)

    def moves(self, person_id: str, days: int) -> None:
        """Somebody goes to another team and manager, from some day on."""
        to = "U0MARIA" if days % 2 else None
        where = Assign(person_id, self.now.date(), aspects={Aspect.TEAM: f"Team {days}", Aspect.MANAGER: to})
        assignments.assign(self.store, self.sam, where, self.now)

    def looks(self) -> None:
        """Note everybody's statements of this quarter and the one before, as of now."""
        running = period_of(Kind.QUARTER, self.now.date(), self.first_month)
        for day in (running.first, running.first - timedelta(days=1)):
            for person in (*SELLERS, "U0MARIA"):
                self.seen[self.now, person, day] = self.shown(person, day, self.now)

    def shown(self, person_id: str, day: date, as_of: datetime | None = None) -> Statement:
        """A statement as operations read it."""
        return pages.statement(
            self.store, self.sam, self.quotas, self.now, person_id=person_id, day=day, as_of=as_of
        ).statement


@pytest.mark.usefixtures("unwalled")
@pytest.mark.timeout(3600)
@pytest.mark.short_on("sqlite")
def test_every_answer_is_the_same_for_ever_and_every_total_the_sum_of_its_lines(store: Store) -> None:
    @EXAMPLES
    @given(ACTS, st.sampled_from(CURRENCIES), st.sampled_from([1, 2, 7]))
    def holds(acts: list[tuple[str, int, int]], currency: str, first_month: int) -> None:
        team = Quarter(store, currency, first_month)
        for act in acts:
            team.does(*act)
            team.looks()
            team.passes(0.01)
        for (as_of, person, day), then in team.seen.items():
            assert team.shown(person, day, as_of) == then
            assert then.total.minor == sum(line.amount.minor for line in then.lines)
            assert (then.due + then.carried, then.carried <= Money(currency, 0)) == (then.brought + then.total, True)
        _everybody_s_are_each_one_s(team)
        _what_was_paid_adds_up(team)

    holds()


def _everybody_s_are_each_one_s(team: Quarter) -> None:
    """Read for all at once, or for each alone, and as a file: the same lines."""
    with team.store.read() as tx:
        framed = books.frame(tx, team.here, team.now, of_quotas)
        found = list(everybody.lines(tx, framed, lambda _period: True))
    for person, period, lines in found:
        page = pages.statement(team.store, team.sam, of_quotas, team.now, person_id=person, day=period.first)
        assert page.statement.lines == lines
        rows = read(file_of(page)[1], ("subject", "amount", "currency"), ()).rows
        assert sum(Decimal(row.cells["amount"]) for row in rows) == page.statement.total.amount


def _what_was_paid_adds_up(team: Quarter) -> None:
    line, statement = queries.line, queries.statement
    with team.store.read() as tx:
        kept = tx.execute(select(statement).where(statement.c.workspace_id == team.here)).all()
        for row in kept:
            mine = (line.c.workspace_id == team.here) & (line.c.person_id == row.person_id)
            summed = select(func.coalesce(func.sum(line.c.amount), 0)).where(mine, line.c.period == row.period)
            assert int(tx.execute(summed).scalar_one()) == row.total


@pytest.mark.usefixtures("unwalled")
@pytest.mark.timeout(3600)
def test_what_is_shown_can_be_reckoned_anew_from_the_deals_alone(store: Store) -> None:
    @EXAMPLES
    @given(ACTS, st.sampled_from(CURRENCIES), st.integers(1, 300_000))
    def holds(acts: list[tuple[str, int, int]], currency: str, target: int) -> None:
        team = Quarter(store, currency, 2)
        team.sets("U0DANA", target | 1)
        for what, amount, days in acts:
            if what in {"wins", "late", "reopens", "moves"}:
                team.does(what, amount, days % 3)
        day = LEAP.date()
        quarter = period_of(Kind.QUARTER, day, 2)
        assert (quarter.first, quarter.last) == (date(2028, 2, 1), date(2028, 4, 30))
        start, end = (
            datetime(each.year, each.month, each.day, tzinfo=UTC) for each in (quarter.first, date(2028, 5, 1))
        )
        with store.read() as tx:
            won = [each.money for each in wins.wins(tx, team.here, ["U0DANA"], start, end) if each.money]
        minor = 10 ** digits(currency)
        attained, quota = sum(each.minor for each in won), (target | 1) // 2 * minor
        found = team.shown("U0DANA", day)
        exact = _by_tiers(Fraction(attained), Fraction(quota)) if quota else Fraction(0)
        assert abs(found.total.minor - exact) <= Fraction(len(found.lines) + 2, 2)

    holds()


def _by_tiers(attained: Fraction, quota: Fraction) -> Fraction:
    """8 % up to the quota, 12 % up to half as much again, 15 % beyond."""
    bounds = ((Fraction(0), Fraction(8, 100)), (quota, Fraction(12, 100)), (quota * Fraction(3, 2), Fraction(15, 100)))
    ends = (*(lower for lower, _ in bounds[1:]), None)
    paid = Fraction(0)
    for (lower, rate), upper in zip(bounds, ends, strict=True):
        inside = (attained if upper is None else min(attained, upper)) - lower
        paid += max(inside, Fraction(0)) * rate
    return paid


@pytest.mark.usefixtures("unwalled")
def test_a_win_on_a_leap_day_is_of_that_day_s_plan_and_quarter(store: Store) -> None:
    team = Quarter(store, "BHD", 2)
    team.goes_to(date(2028, 2, 29))
    team.plans(Role.AE, "flat won 1.5%", date(2028, 2, 29))
    team.plans(Role.AE, "flat won 9%", date(2028, 3, 1))
    team.passes(0.2)
    row = team.wins("Acme", 1_001)
    team.passes(1)
    found = team.shown("U0DANA", date(2028, 2, 29))
    assert (found.period.name, [str(each.amount.amount) for each in found.lines]) == ("FY2029-Q1", ["15.015"])
    team.goes_to(date(2028, 2, 29) + timedelta(days=89))  # the last day of the window
    team.reopens(row)
    assert team.shown("U0DANA", date(2028, 2, 29)).total.minor == 0


@pytest.mark.usefixtures("unwalled")
def test_who_goes_to_another_manager_takes_what_they_earn_along_from_that_day(store: Store) -> None:
    team = Quarter(store)
    team.wins("Acme", 10_000)
    team.passes(1)
    team.moves("U0DANA", 2)  # to nobody
    team.passes(1)
    team.wins("Globex", 30_000)
    maria = team.shown("U0MARIA", team.now.date())
    assert [(each.subject, str(each.amount.amount)) for each in maria.lines] == [("Acme", "200.00")]
    assert replace(maria, lines=()).total.minor == 0
