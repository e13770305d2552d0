"""Working days gone and left: the worked quarter, and that every day is in one of the two."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quota.working_days import WorkingDays
from tests.bot.quota.calendars import HALF, Q4, berlin


def test_the_worked_quarter_has_65() -> None:
    # 22 in October, 21 in November, 23 weekdays in December less the 25th
    days = berlin()
    assert days.between(date(2026, 10, 1), date(2026, 10, 31)) == 22
    assert days.between(date(2026, 11, 1), date(2026, 11, 30)) == 21
    assert days.between(date(2026, 12, 1), date(2026, 12, 31)) == 22
    assert days.total == 65


@pytest.mark.parametrize(
    ("today", "gone", "left"),
    [
        (date(2026, 11, 20), 36, 29),  # a Friday: 22 + 14 before it, today is left
        (date(2026, 11, 21), 37, 28),  # on Saturday what is left starts on Monday
        (date(2026, 11, 22), 37, 28),
        (date(2026, 11, 23), 37, 28),
        (date(2026, 10, 1), 0, 65),
        (date(2026, 9, 1), 0, 65),
        (date(2026, 12, 31), 64, 1),
        (date(2027, 1, 1), 65, 0),
        (date(2027, 6, 1), 65, 0),
    ],
)
def test_gone_is_before_today_and_left_has_it(today: date, gone: int, left: int) -> None:
    days = berlin()
    assert [days.gone(today), days.left(today)] == [gone, left]


def test_a_half_day_counts_a_half() -> None:
    tuesday, saturday = date(2026, 11, 24), date(2026, 11, 28)
    days = berlin(away={tuesday: HALF, saturday: Fraction(1)})
    assert days.on(tuesday) == HALF
    assert days.left(date(2026, 11, 20)) == Fraction("28.5")


def test_weights_come_as_decimals() -> None:
    days = WorkingDays.of(date(2026, 11, 16), [Decimal("0.5"), Decimal(1), Decimal(0)])
    assert days.total == Fraction(3, 2)
    assert [days.on(date(2026, 11, day)) for day in (15, 16, 17, 18, 19)] == [0, HALF, 1, 0, 0]


weights = st.lists(st.sampled_from([Fraction(0), HALF, Fraction(1)]), max_size=100)
days_about = st.dates(date(2026, 8, 1), date(2027, 2, 28))


@given(weights)
def test_day_by_day_gone_and_left_are_all_of_them(each: Sequence[Fraction]) -> None:
    days, last_gone = WorkingDays(Q4.first, tuple(each)), Fraction(0)
    for further in range(-3, len(each) + 4):
        today = Q4.first + timedelta(days=further)
        assert days.gone(today) + days.left(today) == days.total == sum(each)
        assert days.gone(today) + days.on(today) == days.gone(today + timedelta(days=1))
        assert days.gone(today) >= last_gone
        last_gone = days.gone(today)


@given(weights, days_about, days_about, days_about)
def test_stretches_add_up(each: Sequence[Fraction], one: date, other: date, third: date) -> None:
    first, middle, last = sorted((one, other, third))
    days = WorkingDays(Q4.first, tuple(each))
    after = middle + timedelta(days=1)
    assert days.between(first, middle) + days.between(after, last) == days.between(first, last)
