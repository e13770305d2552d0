"""Where one stands: the worked numbers to the letter, every edge, and what holds for any figures."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.figures.exact import in_coins
from bot.money import Money
from bot.quota.pace import Days, Missed, Needed, NoPace, Pace, Reached, attainment, bar, needed, pace
from tests.bot.quota.calendars import HALF, berlin

EUROS = 100
ACHIEVED, TARGET = 61_000 * EUROS, 120_000 * EUROS
FRIDAY = date(2026, 11, 20)
DAYS = Days.on(FRIDAY, berlin())


def percent(share: Fraction | None) -> str | None:
    """With one decimal."""
    return None if share is None else f"{float(share * 100):.1f}"


def euros(minor: Fraction) -> str:
    """Rounded as money is."""
    return f"{in_coins(minor, 'EUR').amount:,}"


@pytest.mark.parametrize(
    ("achieved", "target", "expected"),
    [
        (61_000, 120_000, "50.8"),  # 61,000 ÷ 120,000
        (180_000, 120_000, "150.0"),
        (-6_000, 120_000, "-5.0"),  # clawbacks
        (0, 120_000, "0.0"),
        (61_000, 0, None),
        (61_000, None, None),
    ],
)
def test_attainment_is_achieved_of_the_target(achieved: int, target: int | None, expected: str | None) -> None:
    assert percent(attainment(achieved, target)) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (Fraction(0), "░░░░░░░░░░"),
        (Fraction(61, 120), "█████░░░░░"),  # 0.508 × 80 = 40.7 eighths: five cells, and not yet the next eighth
        (Fraction(1, 2) + Fraction(1, 80), "█████▏░░░░"),
        (Fraction(7, 80), "▉░░░░░░░░░"),
        (Fraction(999, 1000), "█████████▉"),  # not full before it is reached
        (Fraction(1), "██████████"),
        (Fraction(5, 2), "██████████"),
        (Fraction(-1, 4), "░░░░░░░░░░"),
    ],
)
def test_a_bar_has_ten_cells_in_eighths(share: Fraction, expected: str) -> None:
    assert bar(share) == expected


@given(st.fractions(), st.fractions())
def test_any_bar_has_ten_cells_and_more_is_no_shorter(one: Fraction, other: Fraction) -> None:
    def filled(share: Fraction) -> int:
        return sum("░▏▎▍▌▋▊▉█".index(cell) for cell in bar(share))

    assert len(bar(one)) == 10
    assert (filled(one) <= filled(other)) or one > other
    assert (filled(one) == 80) == (one >= 1)


def test_the_worked_pace() -> None:
    # expected 120,000 × 36 ÷ 65 = 66,461.54; 61,000 ÷ 66,461.54 = 91.8 %; 61,000 − 66,461.54 = −5,461.54;
    # 50.8 − 36 ÷ 65 (55.4) = −4.6 points
    found = pace(ACHIEVED, TARGET, DAYS)
    assert isinstance(found, Pace)
    assert (euros(found.expected), percent(found.share)) == ("66,461.54", "91.8")
    assert (euros(found.gap), percent(found.points), percent(DAYS.share)) == ("-5,461.54", "-4.6", "55.4")


@pytest.mark.parametrize(
    ("target", "days", "expected"),
    [
        (None, DAYS, NoPace.NO_TARGET),
        (0, DAYS, NoPace.NO_TARGET),
        (TARGET, Days(Fraction(0), Fraction(0)), NoPace.NO_DAYS),  # on leave for all of it
        (TARGET, Days(Fraction(0), Fraction(65)), NoPace.STARTS),
    ],
)
def test_there_may_be_no_pace(target: int | None, days: Days, expected: NoPace) -> None:
    assert pace(ACHIEVED, target, days) is expected


def test_after_the_last_day_the_pace_is_the_attainment() -> None:
    found = pace(ACHIEVED, TARGET, Days.on(date(2027, 1, 1), berlin()))
    assert isinstance(found, Pace)
    assert (found.expected, percent(found.share), euros(found.gap)) == (Fraction(TARGET), "50.8", "-59,000.00")


# (120,000 − 61,000) ÷ 29 = 2,034.48; with five days of leave ahead ÷ 24 = 2,458.33; with half a day ÷ 28.5 = 2,070.18
@pytest.mark.parametrize(
    ("away", "left", "expected"),
    [
        ({}, Fraction(29), "2,034.48"),
        ({date(2026, 11, day): Fraction(1) for day in range(23, 28)}, Fraction(24), "2,458.33"),
        ({date(2026, 11, 24): HALF}, Fraction(57, 2), "2,070.18"),
    ],
)
def test_the_worked_need_per_day(away: dict[date, Fraction], left: Fraction, expected: str) -> None:
    days = Days.on(FRIDAY, berlin(away=away))
    found = needed(ACHIEVED, TARGET, days)
    assert days.left == left
    assert isinstance(found, Needed)
    assert (found.missing, euros(found.per_day)) == (59_000 * EUROS, expected)


OVER = Days(Fraction(65), Fraction(0))


@pytest.mark.parametrize(
    ("achieved", "target", "days", "expected"),
    [
        (125, 120, DAYS, Reached(5)),
        (120, 120, DAYS, Reached(0)),
        (125, 120, OVER, Reached(5)),
        (119, 120, OVER, Missed(1)),
        (119, 120, DAYS, Needed(1, Fraction(1, 29))),
        (-3, 120, OVER, Missed(123)),
        (119, None, DAYS, None),
        (119, 0, DAYS, None),
    ],
)
def test_a_target_is_reached_missed_or_needed(
    achieved: int, target: int | None, days: Days, expected: Needed | Reached | Missed | None
) -> None:
    assert needed(achieved, target, days) == expected


halves = st.integers(0, 200).map(lambda twice: Fraction(twice, 2))
some_days = st.builds(Days, halves, halves)
figures = st.integers(-(10**12), 10**12)
targets = st.none() | st.integers(0, 10**12)


@given(figures, targets, some_days)
def test_what_is_needed_each_day_makes_the_target(achieved: int, target: int | None, days: Days) -> None:
    found, so_far = needed(achieved, target, days), pace(achieved, target, days)
    if isinstance(found, Needed):
        assert achieved + found.per_day * days.left == target
        assert found.per_day > 0
    if isinstance(so_far, Pace):
        assert achieved == so_far.expected + so_far.gap == so_far.expected * so_far.share
        assert (so_far.gap < 0) == (so_far.points < 0) == (so_far.share < 1)


@given(figures, st.integers(0, 10**9), st.integers(1, 10**12), st.builds(Days, halves.filter(bool), halves))
def test_who_achieves_more_is_further(achieved: int, more: int, target: int, days: Days) -> None:
    before, after = pace(achieved, target, days), pace(achieved + more, target, days)
    assert isinstance(before, Pace)
    assert isinstance(after, Pace)
    assert before.share <= after.share
    assert before.gap + more == after.gap
    one, other = attainment(achieved, target), attainment(achieved + more, target)
    assert one is not None
    assert other is not None
    assert one <= other


def test_money_is_rounded_once_at_the_end() -> None:
    assert in_coins(Fraction(5, 2), "EUR") == Money("EUR", 2)
    assert in_coins(Fraction(7, 2), "EUR") == Money("EUR", 4)
    assert in_coins(Fraction(-5, 2), "EUR") == Money("EUR", -2)
