"""What tiers are measured by, out of the rows of quotas, on both databases."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from bot.money import Money
from bot.pay.period import Period, quarter_of
from bot.pay.targets import of_quotas
from bot.quota import service as quotas
from bot.quota.metrics import DEALS, REVENUE, Metric
from bot.quota.periods import named
from bot.quota.queries import Subject
from bot.quota.service import Wanted
from bot.quota.whose import Whose
from bot.store.engine import Store
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
from tests.bot.pay.office import HERE, JANUARY, Q4, Office, eur

FOURTH = quarter_of(date(2026, 11, 1), 1)
MONTHS = ("2026-10", "2026-11", "2026-12")


def sets(
    office: Office, euros: int | None, name: str, *, metric: Metric = REVENUE, of: str = "U0DANA", first_month: int = 1
) -> None:
    """Sam sets a target of Dana's (or of somebody else), now."""
    period = named(name, first_month)
    assert period is not None
    value = None if euros is None else euros * (100 if metric == REVENUE else 1)
    quotas.set_target(
        office.store,
        office.sam,
        Wanted(Subject(Whose.PERSON, of), metric, period, value),
        origin=uuid4().hex,
        now=office.now,
    )


def target(office: Office, period: Period = FOURTH, *, days_ago: float = 0) -> Money | None:
    """Dana's, as it is known now, or was some days ago."""
    with office.store.read() as tx:
        return of_quotas(tx, HERE, "U0DANA", period, office.now - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("targets", "found"),
    [
        ({}, None),
        ({"2026-Q4": 120_000}, 120_000),
        ({"2026-Q4": 0, **dict.fromkeys(MONTHS, 10_000)}, 0),
        (dict.fromkeys(MONTHS, 40_000), 120_000),
        ({**dict.fromkeys(MONTHS, 40_000), "2026-Q4": 100_000}, 100_000),
        (dict.fromkeys(MONTHS[:2], 40_000), None),
        ({"2026": 480_000, "2026-Q3": 120_000, "2027-Q1": 120_000, "2026-W46": 9_000}, None),
    ],
)
def test_a_quarter_is_measured_by_its_own_target_or_by_those_of_all_its_months(
    store: Store, targets: dict[str, int], found: int | None
) -> None:
    office = Office(store, with_plans=False)
    for name, euros in targets.items():
        sets(office, euros, name)
    sets(office, 7, "2026-Q4", metric=DEALS)
    sets(office, 70_000, "2026-Q4", of="U0ARUN")
    assert target(office) == (None if found is None else eur(found))


def test_a_target_is_what_it_was_known_to_be_then(store: Store) -> None:
    office = Office(store, with_plans=False)
    sets(office, 100_000, "2026-Q4")
    office.passes(2)
    sets(office, 120_000, "2026-Q4")
    office.passes(2)
    sets(office, None, "2026-Q4")
    assert [target(office, days_ago=days) for days in (5, 4, 2, 0)] == [None, eur(100_000), eur(120_000), None]


def test_the_days_of_a_period_count_and_not_its_name(store: Store) -> None:
    office = Office(store, with_plans=False)
    sets(office, 90_000, "FY2027-Q2", first_month=5)  # August to October 2026
    assert target(office, quarter_of(date(2026, 9, 1), 5)) == eur(90_000)
    assert target(office, quarter_of(date(2026, 9, 1), 2)) == eur(90_000)  # the same days are FY2027-Q3 there
    assert target(office) is None
    sets(office, 30_000, "2026-11")
    sets(office, 30_000, "2026-12")
    assert target(office, Period(date(2026, 11, 1), date(2026, 12, 31), "2026-Q4 (2026-11)")) == eur(60_000)


def test_targets_in_two_currencies_are_none_together(store: Store) -> None:
    office = Office(store, with_plans=False)
    sets(office, 40_000, "2026-10")
    sets(office, 40_000, "2026-11")
    workspace.change(store, office.sam, {Setting.CURRENCY: "USD"}, office.now)
    sets(office, 40_000, "2026-12")
    assert target(office) is None
    sets(office, 40_000, "2026-10")
    sets(office, 40_000, "2026-11")
    assert target(office) == Money("USD", 12_000_000)


def test_tiers_are_paid_by_the_target_that_was_set(store: Store) -> None:
    office = Office(store)
    office.quotas = of_quotas
    office.wins("Acme", 60_000)
    office.wins("Globex", 55_000)
    assert [each.key for each in office.statement().notices] == ["pay.notice.no_quota"]
    office.passes()
    before = office.now
    office.passes()
    sets(office, 100_000, "2026-Q4")
    assert office.total() == "9800.00"  # 100,000 × 8 % and 15,000 × 12 %
    assert office.total(as_of=before) == "0.00"
    office.goes_to(JANUARY)
    office.shuts()
    office.passes()
    sets(office, 50_000, "2026-Q4")
    assert office.total(day=Q4) == "9800.00"  # it was paid so
