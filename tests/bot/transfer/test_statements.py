"""The table of statements: everybody's lines, as paid or as known now, adding up to each person's statement."""

import csv
import io
from decimal import Decimal

import pytest

from bot.access.roles import Role
from bot.errors import NotReady
from bot.people import service as people
from bot.quota import service as quotas
from bot.quota.metrics import REVENUE
from bot.quota.queries import Subject
from bot.quota.service import Wanted
from bot.store.engine import Store
from bot.transfer import service, table
from bot.transfer.kinds import Kind
from tests.bot.pay.office import HERE, JANUARY, Q1, Q4, Office
from tests.bot.quota.desk import period
from tests.factories import a_member, a_profile


class Payroll(Office):
    """An office whose targets are rows, and its file of statements."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, dana=100_000)
        for who in (self.ana, self.maria, self.arun):
            people.remember(store, HERE, a_profile(id=who.id, email=f"{who.id}@x.example"), self.now)
        for name in ("2026-Q4", "2027-Q1"):
            wanted = Wanted(Subject.person("U0DANA"), REVENUE, period(name), 10_000_000)
            quotas.set_target(store, self.sam, wanted, origin=name, now=self.now)

    def file(self, name: str | None = None) -> list[dict[str, str]]:
        """The rows of an export."""
        sheet = service.take_out(self.store, HERE, Kind.STATEMENTS, self.now, name)
        text = table.write(sheet.header, sheet.rows).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))


def sums(rows: list[dict[str, str]], *of: str) -> dict[tuple[str, ...], Decimal]:
    """The amounts added up by some columns."""
    found: dict[tuple[str, ...], Decimal] = {}
    for row in rows:
        key = tuple(row[name] for name in of)
        found[key] = found.get(key, Decimal(0)) + Decimal(row["amount"])
    return found


@pytest.fixture
def payroll(store: Store) -> Payroll:
    """A lead that was handed over and won, and a deal that goes beyond the quota."""
    found = Payroll(store)
    lead = found.hands_over("Acme")
    found.passes()
    found.closes(found.deal_of(lead), 60_000)
    found.passes()
    found.wins("=Globex", 55_000)
    return found


def test_every_line_stands_with_what_earned_it(payroll: Payroll) -> None:
    rows = payroll.file()
    assert [(row["email"], row["event"], row["subject"], row["kind"], row["base"], row["amount"]) for row in rows] == [
        ("U0ANA@x.example", "requalified", "Acme", "fixed", "", "150.00"),
        ("U0ANA@x.example", "assist_won", "Acme", "flat", "60000.00", "600.00"),
        ("dana@northwind.example", "won", "Acme", "tier", "60000.00", "4800.00"),
        ("dana@northwind.example", "won", "'=Globex", "tier", "40000.00", "3200.00"),
        ("dana@northwind.example", "won", "'=Globex", "tier", "15000.00", "1800.00"),
    ]
    assert {(row["period"], row["currency"]) for row in rows} == {("2026-Q4", "EUR")}
    assert rows[2]["at"] == "2026-11-20T10:00:00+00:00"


def test_the_sum_of_a_person_is_their_statement_open_or_paid(payroll: Payroll) -> None:
    acme = payroll.wins("Umbrella", 20_000)
    payroll.goes_to(JANUARY)
    payroll.shuts()
    payroll.passes()
    payroll.reopens(acme)
    payroll.wins("Initech", 5_000)
    wanted = {
        ("dana@northwind.example" if who is payroll.dana else f"{who.id}@x.example", name): payroll.statement(
            who, day
        ).total.amount
        for who in (payroll.dana, payroll.ana, payroll.maria, payroll.arun)
        for name, day in (("2026-Q4", Q4), ("2027-Q1", Q1))
    }
    assert sums(payroll.file(), "email", "period") == {key: amount for key, amount in wanted.items() if amount}
    assert len({period for _, period in wanted}) == 2


def test_what_was_paid_stays_so_in_the_file(payroll: Payroll) -> None:
    payroll.goes_to(JANUARY)
    payroll.shuts()
    before = payroll.file("2026-Q4")
    payroll.passes()
    payroll.plans(Role.AE, "flat won 50%", seen=1)
    assert payroll.file("2026-Q4") == before
    assert len(before) == 5
    assert payroll.file("2027-Q1") == []
    assert payroll.file("2026") == before


def test_less_than_a_quarter_has_no_statement(payroll: Payroll) -> None:
    with pytest.raises(NotReady, match="Statements are of quarters, and not of 2026-11"):
        payroll.file("2026-11")


def test_whoever_has_no_address_is_in_the_sums(payroll: Payroll) -> None:
    payroll.wins("Soylent", 1_000, by=a_member(payroll.store, "U0NEMO", "AE", email=None))
    payroll.plans(Role.AE, "flat won 10%", seen=1)
    assert sums(payroll.file(), "email")[("U0NEMO",)] == Decimal("100.00")


def test_statements_are_not_imported() -> None:
    with pytest.raises(NotReady, match="Files of statements are only exported"):
        service.read(Kind.STATEMENTS, b"email,period\n")
