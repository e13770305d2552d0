"""An example is reckoned by the rules that pay is reckoned by."""

from datetime import date
from decimal import Decimal

import pytest

from bot.access.roles import Role
from bot.pay import plan_lines
from bot.pay.plan import Event, Plan
from bot.pay.standard import standard_plans
from bot.pay.worked import worked

START = date(2026, 10, 1)


def a_plan(text: str, role: Role = Role.AE) -> Plan:
    return plan_lines.read_plan(text, role, START).plans[0]


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("tier won 0-100 8%\ntier won 100-150 12%", "10400.00"),  # 100,000 at 8 %, 20,000 at 12 %
        ("tier won 110- 10%", "1000.00"),
        ("flat won 7.5%", "750.00"),
        ("fixed requalified 150\nflat assist_won 1%", "250.00"),
        ("flat renewed 2%\nflat churned -1%", "100.00"),
        ("fixed churned -50", "-50.00"),
    ],
)
def test_what_an_example_comes_to(text: str, total: str) -> None:
    assert str(worked(a_plan(text), "EUR").total.amount) == total


def test_a_currency_without_coins_has_larger_figures() -> None:
    found = worked(a_plan("tier won 0- 8%"), "JPY")
    assert found.quota is not None
    assert (found.quota.amount, found.total.amount) == (Decimal(10_000_000), Decimal(960_000))


def test_every_standard_plan_has_an_example_of_all_that_it_pays_for() -> None:
    for plan in standard_plans(START):
        found = worked(plan, "BHD")
        assert {each.event for each in found.examples} == {step.event for step in plan.steps}
        assert all(each.parts for each in found.examples)
        assert (found.quota is None) == (plan.role is not Role.AE)
        assert [each.value for each in found.examples if each.event is Event.REQUALIFIED] in ([], [None])
