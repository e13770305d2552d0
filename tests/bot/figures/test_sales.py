"""Sizes, lengths, velocity and retention: the worked numbers to the letter, and every edge."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.figures.deals import ClosedDeal
from bot.figures.rates import Rate
from bot.figures.sales import (
    Customers,
    CycleLength,
    DealSize,
    NoVelocity,
    Velocity,
    annual_value,
    cycle_length,
    deal_size,
    oldest_open,
    velocity,
    volume,
)
from bot.money import Money
from tests.bot.figures.closings import CLOSED, a_closed, an_open, eur

AMOUNTS = (24_000, 18_000, 9_500, 31_000, 12_500)
LENGTHS = (12, 18, 21, 34, 95)


def wins(amounts: Sequence[int | None] = AMOUNTS, lengths: Sequence[int] = LENGTHS) -> list[ClosedDeal]:
    """Won deals with these amounts in euros and these lengths in days."""
    pairs = enumerate(zip(amounts, lengths, strict=True))
    return [a_closed(f"D{at}", amount=amount, days=days) for at, (amount, days) in pairs]


def size_of(deals: Sequence[ClosedDeal]) -> DealSize:
    """The average size, which there is."""
    found = deal_size(deals)
    assert found is not None
    return found


def length_of(deals: Sequence[ClosedDeal]) -> CycleLength:
    """The length, which there is."""
    found = cycle_length(deals)
    assert found is not None
    return found


def test_the_worked_average_size() -> None:
    # 24,000 + 18,000 + 9,500 + 31,000 + 12,500 = 95,000; ÷ 5 = 19,000; the third of five is 18,000
    found = size_of(wins())
    assert (found.mean, found.spread.median, found.spread.cases) == (eur(19_000), eur(18_000), 5)
    assert (found.spread.least, found.spread.most, found.left_out, found.is_few) == (eur(9_500), eur(31_000), 0, False)


def test_deals_without_an_amount_are_left_out_and_counted() -> None:
    found = size_of(wins((24_000, None, 0, 12_000), (1, 2, 3, 4)))
    assert (found.mean, found.spread.cases, found.left_out, found.is_few) == (eur(18_000), 2, 2, True)


def test_without_any_amount_there_is_no_average() -> None:
    assert deal_size([]) is None
    assert deal_size(wins((None, 0), (1, 2))) is None
    assert deal_size([a_closed(won=False)]) is None


def test_an_average_is_rounded_once_a_half_to_the_even_cent() -> None:
    # (1 + 2) ÷ 2 = 1.5 → 2; (2 + 3) ÷ 2 = 2.5 → 2
    for one, other, expected in ((1, 2, 2), (2, 3, 2)):
        deals = [a_closed(f"D{minor}", amount=None) for minor in (one, other)]
        priced = [
            ClosedDeal(deal.id, True, deal.opened, deal.closed, Money("EUR", minor))
            for deal, minor in zip(deals, (one, other), strict=True)
        ]
        assert size_of(priced).mean == Money("EUR", expected)


@pytest.mark.parametrize(
    ("amount", "months", "expected"),
    [
        (72_000, 36, eur(24_000)),  # 72,000 × 12 ÷ 36
        (24_000, 12, eur(24_000)),
        (6_000, 6, eur(12_000)),
        (1_000, 7, Money("EUR", 171429)),  # 1,714.2857…
        (1_000, 0, None),
        (1_000, -3, None),
    ],
)
def test_the_value_of_a_year(amount: int, months: int, expected: Money | None) -> None:
    assert annual_value(eur(amount), months) == expected


def test_the_volume_is_what_was_won() -> None:
    found = volume([*wins(), a_closed("L", won=False), a_closed("N", amount=None)], "EUR")
    assert (found.value, found.deals, found.without_amount) == (eur(95_000), 6, 1)
    assert volume([], "EUR").value == eur(0)


def test_the_worked_length() -> None:
    # 12, 18, 21, 34, 95: the third is 21; 180 ÷ 5 = 36
    found = length_of(wins())
    assert (found.spread.median, found.mean, found.days, found.is_few) == (21, Fraction(36), LENGTHS, False)


def test_won_on_the_first_day_is_no_time_at_all() -> None:
    assert length_of([a_closed(days=0)]).days == (0,)


def test_fewer_than_five_wins_are_listed() -> None:
    found = length_of(wins(AMOUNTS[:4], (34, 12, 21, 18)))
    assert (found.is_few, found.days) == (True, (12, 18, 21, 34))


def test_lost_ones_are_told_apart_and_duplicates_not_at_all() -> None:
    deals = [*wins(), a_closed("L", won=False, days=7), a_closed("X", won=False, days=1, is_duplicate=True)]
    lost = cycle_length(deals, won=False)
    assert lost is not None
    assert lost.days == (7,)
    assert length_of(deals).days == LENGTHS
    assert cycle_length([a_closed(won=False)]) is None


def test_closed_before_it_was_opened_is_left_out_and_counted() -> None:
    found = length_of([a_closed("A", days=5), a_closed("B", days=-1)])
    assert (found.days, found.left_out) == ((5,), 1)
    assert cycle_length([a_closed(days=-1)]) is None


def test_open_deals_show_the_oldest() -> None:
    # 1 Oct to 18 Nov: 48 days
    assert oldest_open([an_open(), an_open("D2", opened=date(2026, 11, 1))], CLOSED) == 48
    assert oldest_open([an_open(opened=date(2026, 12, 1))], CLOSED) == 0
    assert oldest_open([], CLOSED) is None


def test_the_worked_velocity_uses_the_mean_length() -> None:
    # 18 × 25 % × 19,000 ÷ 36 = 2,375.00 a day (÷ 21, the median, would be 4,071.43)
    found = velocity(18, Rate(25, 100), size_of(wins()), length_of(wins()))
    assert isinstance(found, Velocity)
    assert found.per_day == eur(2_375)
    assert found.length.mean == 36


@pytest.mark.parametrize(
    ("rate", "deals", "expected"),
    [
        (Rate(0, 0), wins(), NoVelocity.FEW_CLOSED),
        (Rate(3, 7), wins(), NoVelocity.FEW_CLOSED),
        (Rate(10, 20), wins(), NoVelocity.FEW_CLOSED),  # 40.1 points wide
        (Rate(25, 100), wins(AMOUNTS[:4], LENGTHS[:4]), NoVelocity.FEW_WON),
        (Rate(25, 100), wins((24_000, 18_000, None, None, 12_500)), NoVelocity.FEW_WON),  # three sizes
        (Rate(25, 100), wins(lengths=(12, 18, 21, 34, -1)), NoVelocity.FEW_WON),  # four lengths
        (Rate(25, 100), wins(lengths=(0, 0, 0, 0, 0)), NoVelocity.NO_LENGTH),
    ],
)
def test_without_a_firm_factor_there_is_no_velocity(
    rate: Rate, deals: Sequence[ClosedDeal], expected: NoVelocity
) -> None:
    assert velocity(18, rate, size_of(deals), length_of(deals)) is expected


def test_without_any_win_there_is_none_either() -> None:
    assert velocity(18, Rate(0, 100), None, length_of(wins())) is NoVelocity.FEW_WON
    assert velocity(18, Rate(0, 100), size_of(wins()), None) is NoVelocity.FEW_WON


def customers(
    value: int = 1_000_000, churned: int = 60_000, contracted: int = 20_000, expanded: int = 110_000
) -> Customers:
    """Fifty customers, four of whom left."""
    return Customers(50, 4, eur(value), eur(churned), eur(contracted), eur(expanded))


def test_the_worked_retention() -> None:
    # 4 of 50 = 8.0 %; (1,000,000 − 60,000 − 20,000) ÷ 1,000,000 = 92.0 %; + 110,000 = 103.0 %
    found = customers()
    assert found.logo_churn == Rate(4, 50)
    assert found.gross_retention == Fraction("0.92")
    assert found.net_retention == Fraction("1.03")


def test_without_customers_at_the_start_nothing_is_retained() -> None:
    found = Customers(0, 0, eur(0), eur(0), eur(0), eur(500))
    assert (found.logo_churn.share, found.gross_retention, found.net_retention) == (None, None, None)


@given(st.integers(1, 10**9), st.data())
def test_gross_retention_never_passes_100_percent_and_net_is_no_less(value: int, data: st.DataObject) -> None:
    churned = data.draw(st.integers(0, value))
    contracted = data.draw(st.integers(0, value - churned))
    found = customers(value, churned, contracted, data.draw(st.integers(0, 10**9)))
    assert found.gross_retention is not None
    assert found.net_retention is not None
    assert 0 <= found.gross_retention <= 1
    assert found.gross_retention <= found.net_retention


some_wins = st.lists(st.tuples(st.none() | st.integers(0, 10**7), st.integers(-3, 500)), max_size=12)


@given(some_wins, st.integers(0, 500), st.integers(0, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_nothing_raises_for_any_deals(
    pairs: Sequence[tuple[int | None, int]], open_deals: int, closed: tuple[int, int]
) -> None:
    deals = wins([amount for amount, _ in pairs], [days for _, days in pairs])
    size, length = deal_size(deals), cycle_length(deals)
    if size:
        assert size.spread.least.minor <= size.exact <= size.spread.most.minor
        assert size.spread.cases + size.left_out == len(deals)
    if length:
        assert length.spread.least <= length.mean <= length.spread.most
        assert len(length.days) + length.left_out == len(deals)
    assert volume(deals, "EUR").value.minor == sum(100 * (amount or 0) for amount, _ in pairs)
    found = velocity(open_deals, Rate(*closed), size, length)
    assert isinstance(found, NoVelocity) or found.per_day.minor >= 0
