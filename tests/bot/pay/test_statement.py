"""What-if, pay on target, shares of a deal, and what lines and notices say."""

from datetime import date
from decimal import Decimal

import pytest

from bot.access.roles import Role
from bot.errors import Refused
from bot.money import Money
from bot.pay.earned import Notice
from bot.pay.explained import explanation, notice
from bot.pay.plan import Event
from bot.pay.rules import reckon
from bot.pay.statement import OnTarget, on_target, statement, what_if
from bot.words import words_for
from tests.bot.pay.desk import LATEST, LEADS, Q4, TIERS, at, earned, fixed, flat, money, reopened, terms, tier

A, B, C = earned("A", 60_000, "2026-10-05"), earned("B", 55_000, "2026-11-02"), earned("C", 45_000, "2026-12-01")
NOW = at("2026-11-18")


def test_the_commission_so_far_is_the_statement_of_the_period_that_runs() -> None:
    found = statement([A, B, C], terms(), Q4, NOW)
    assert (found.total, found.as_of, found.is_paid) == (money(9_800), NOW, False)  # 4,800 + 3,200 + 1,800
    assert found.period == Q4


def test_what_if_says_what_one_more_deal_would_bring() -> None:
    found = what_if([A, B, C], terms(), money(50_000), "U1", Role.AE, NOW)  # C is not recorded yet
    assert (found.attained, found.attained_then) == (money(115_000), money(165_000))
    assert (found.commission, found.commission_then) == (money(9_800), money(16_250))
    assert found.more == money(6_450)  # 12 % × 35,000 + 15 % × 15,000 = 4,200 + 2,250
    assert (found.percent(found.attained), found.percent(found.attained_then)) == (Decimal(115), Decimal(165))


def test_what_if_without_a_quota_has_no_percent_and_no_tiers() -> None:
    found = what_if([A], terms(quota=0), money(50_000), "U1", Role.AE, NOW)
    assert (found.more, found.quota, found.percent(found.attained)) == (money(0), None, None)


def test_what_if_nothing_has_happened_yet() -> None:
    found = what_if([], terms(), money(50_000), "U1", Role.AE, NOW)
    assert (found.attained, found.more) == (money(0), money(4_000))  # 8 % × 50,000


def test_what_if_comes_after_what_happened_at_the_same_moment() -> None:
    found = what_if([earned("zzz", 100_000, NOW)], terms(), money(1_000), "U1", Role.AE, NOW)
    assert found.more == money(120)  # 12 % × 1,000


@pytest.mark.parametrize(
    ("earnings", "base_percent", "base", "variable", "per_period"),
    [
        (money(90_000), 60, money(54_000), money(36_000), money(9_000)),
        (money(60_000), 65, money(39_000), money(21_000), money(5_250)),
        (money(80_000), 100, money(80_000), money(0), money(0)),
        (money(80_000), 0, money(0), money(80_000), money(20_000)),
        # half of 0.03 is 0.015, to the even cent 0.02; the rest is 0.01, not another 0.02
        (money("0.03"), 50, money("0.02"), money("0.01"), money(0)),
        # 65 % × 100.01 = 65.0065, the rest 35.00 (34.99 or 35.00 rounded by itself); a quarter of it
        (money("100.01"), 65, money("65.01"), money("35.00"), money("8.75")),
        # 65 % × 101 = 65.65; the rest 35; 8.75
        (money(101, "JPY"), 65, money(66, "JPY"), money(35, "JPY"), money(9, "JPY")),
    ],
)
def test_the_pay_mix_divides_what_is_earned_on_target(
    earnings: Money, base_percent: int, base: Money, variable: Money, per_period: Money
) -> None:
    found = on_target(earnings, base_percent)
    assert found == OnTarget(base, variable)
    assert found.per_period == per_period
    assert base + variable == earnings


def test_the_implied_rate_pays_the_variable_part_of_a_years_quota() -> None:
    found = on_target(money(90_000), 60)
    assert found.implied_rate(money(480_000)) == Decimal("0.075")
    assert found.implied_rate(None) is None
    assert found.implied_rate(money(0)) is None


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_base_is_a_part_of_the_pay(percent: int) -> None:
    with pytest.raises(Refused) as refused:
        on_target(money(90_000), percent)
    assert refused.value.key == "pay.problem.mix"


# What is said


def said(language: str, *events: str) -> list[str]:
    """The explanations of everything that lines can be."""
    steps = (*TIERS[:2], tier("150", "200", "0.15"), flat(Event.RENEWED, "0.07625"), fixed(Event.CHURNED, "-50"))
    of = [
        earned("A", 90_000, "2026-10-05"),
        earned("B", "10000.50", "2026-10-06"),
        earned("N", 100, "2026-10-08", event=Event.RENEWED),
        earned("L", None, "2026-10-09", event=Event.CHURNED),
        reopened("A", "2026-10-10"),
    ]
    found = reckon(of, terms(*steps, *LEADS), LATEST)
    return [explanation(words_for(language), line).replace("\u00a0", " ") for line in found.lines]


def test_a_line_explains_itself() -> None:
    assert said("en") == [
        "Deal won: 8 % of 90,000.00 EUR, the part from 0 to 100 % of the quota.",
        "Deal won: 8 % of 10,000.00 EUR, the part from 0 to 100 % of the quota.",
        "Deal won: accelerator, 12 % of 0.50 EUR, the part from 100 to 150 % of the quota.",
        "Renewal: 7.625 % of 100.00 EUR.",
        "Customer left: a fixed amount for each.",
        "Taken back: the deal was reopened.",
        "Tier adjustment: without this deal, the others move down to where it stood.",
    ]
    assert said("ru") == [
        "Сделка выиграна: 8 % от 90 000,00 EUR, то есть от части между 0 и 100 % плана.",
        "Сделка выиграна: 8 % от 10 000,00 EUR, то есть от части между 0 и 100 % плана.",
        "Сделка выиграна: ускоритель, 12 % от 0,50 EUR, то есть от части между 100 и 150 % плана.",
        "Продление: 7,625 % от 100,00 EUR.",
        "Клиент ушёл: фиксированная сумма за каждое событие.",
        "Возврат комиссии: сделку снова открыли.",
        "Пересчёт ступеней: без этой сделки остальные опускаются на её место.",
    ]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (
            Notice("2026-Q4", "pay.notice.no_quota", {"event": Event.WON, "period": "2026-Q4"}),
            "Deal won: there is no target above 0 for 2026-Q4, so the tiers cannot pay. Ask operations to set one.",
        ),
        (
            Notice("2026-Q4", "pay.notice.no_plan", {"role": "AE", "day": date(2026, 11, 18)}),
            "AE has no commission plan on Wed 18 Nov 2026, so nothing is paid for what happened then. Ask operations "
            "for one.",
        ),
        (
            Notice("2026-Q4", "pay.notice.carried", {"amount": money(4_000)}),
            "This period is below zero: nothing is paid out, and 4,000.00 EUR are carried forward to the next.",
        ),
    ],
)
def test_a_notice_says_what_to_do(found: Notice, expected: str) -> None:
    assert notice(words_for("en"), found).replace("\u00a0", " ") == expected
    assert "{" not in notice(words_for("ru"), found)
