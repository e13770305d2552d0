"""The run-rate forecast: the worked one, when it is too early, and how its range is drawn."""

import random
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quota.pace import Days
from bot.quota.run_rate import FEWEST_WEEKS, MOST_WEEKS, RunRate, TooEarly, Week, margin, run_rate
from tests.bot.quota.calendars import berlin

DAYS = Days.on(date(2026, 11, 20), berlin())


def days(gone: float, left: float) -> Days:
    """So many working days."""
    return Days(Fraction(gone), Fraction(left))


def weeks(*achieved: int, each: int = 5) -> list[Week]:
    """Whole weeks."""
    return [Week(value, Fraction(each)) for value in achieved]


def test_the_worked_forecast() -> None:
    # 61,000 ÷ 36 × 65 = 110,138.89, that is 91.8 % of 120,000
    found = run_rate(6_100_000, DAYS)
    assert isinstance(found, RunRate)
    assert f"{float(found.value / 100):,.2f}" == "110,138.89"
    assert f"{float(found.value / 12_000_000):.3f}" == "0.918"
    assert (found.low, found.high, found.weeks) == (None, None, 0)


@pytest.mark.parametrize(
    ("gone", "left", "least"),
    [
        (0, 65, "6.5"),
        (6, 59, "6.5"),  # over five, but 10 % of 65 is 6.5
        (4.5, 17.5, "5"),  # over 10 % of 22, but under five
        (0.5, 4.5, "5"),
    ],
)
def test_before_five_days_and_a_tenth_it_is_too_early(gone: float, left: float, least: str) -> None:
    assert run_rate(100, days(gone, left)) == TooEarly(Fraction(gone), Fraction(least))


@pytest.mark.parametrize(("gone", "left"), [(6.5, 58.5), (5, 17)])
def test_from_then_on_it_is_not(gone: float, left: float) -> None:
    found = run_rate(100, days(gone, left))
    assert isinstance(found, RunRate)
    assert found.value == 100 / Fraction(gone) * Fraction(gone + left)


@pytest.mark.parametrize("gone", [4, 5, 65])
def test_when_no_day_is_left_it_is_what_was_achieved(gone: int) -> None:
    assert run_rate(-7, days(gone, 0)) == RunRate(Fraction(-7), Fraction(-7), Fraction(-7), 0)


def test_without_a_working_day_there_is_nothing_to_say() -> None:
    assert run_rate(100, days(0, 0)) is None


def test_the_range_is_drawn_from_the_spread_of_the_weeks() -> None:
    # Four weeks of 40 and four of 60, five days each: 10 a day. Each is 2 a day off: Σ 5 × 2² = 160, ÷ 7 = 22.857.
    # 25 days gone, 40 left: 22.857 × (40 + 40² ÷ 25) = 22.857 × 104 = 2,377.14, its root 48.756, × 1.415 (t, 7) = 68.99
    history = weeks(40, 60, 40, 60, 40, 60, 40, 60)
    assert f"{float(margin(history, days(25, 40))):.2f}" == "68.99"
    found = run_rate(250, days(25, 40), history)
    assert isinstance(found, RunRate)
    assert found.low is not None
    assert found.high is not None
    assert (found.value, f"{float(found.low):.2f}", f"{float(found.high):.2f}", found.weeks) == (
        Fraction(650),
        "581.01",
        "718.99",
        8,
    )


def test_a_short_week_weighs_less() -> None:
    # a day's 20 in a week of one day is as far from 10 a day as 100 in a week of five, and a fifth as telling
    history = weeks(50, 50, 50, 50, 50, 50, 50)
    short, long = [*history, Week(20, Fraction(1))], [*history, Week(100, Fraction(5))]
    assert margin(short, days(25, 40)) < margin(long, days(25, 40))


def test_there_is_no_range_before_eight_weeks_and_days_off_are_none() -> None:
    off = weeks(0, 0, 0, each=0)
    for history, expected in ((weeks(*[5] * 7) + off, 0), (weeks(*[5] * 8) + off, 8), (weeks(*[5] * 20), MOST_WEEKS)):
        found = run_rate(100, DAYS, history)
        assert isinstance(found, RunRate)
        assert found.weeks == expected
        assert (found.low is None) == (found.high is None) == (expected == 0)


def test_weeks_in_which_nothing_was_achieved_foretell_nothing() -> None:
    found = run_rate(100, DAYS, weeks(*[0] * MOST_WEEKS))
    assert isinstance(found, RunRate)
    assert (found.low, found.high, found.weeks) == (None, None, 0)


def test_the_latest_weeks_are_looked_at() -> None:
    wild, calm = weeks(0, 900, 0, 900, 0, 900, 0, 900), weeks(*[50] * MOST_WEEKS)
    assert run_rate(100, DAYS, wild + calm) == run_rate(100, DAYS, calm)


def test_what_is_achieved_is_not_forecast_away() -> None:
    found = run_rate(100, DAYS, weeks(0, 900, 0, 900, 0, 900, 0, 900))
    assert isinstance(found, RunRate)
    assert found.low == 100


def test_below_nothing_the_range_goes_on_falling() -> None:
    found = run_rate(-100, DAYS, weeks(40, 60, 40, 60, 40, 60, 40, 60))
    assert isinstance(found, RunRate)
    assert found.low is not None
    assert found.low < found.value < -100


@pytest.mark.parametrize(("busy", "seed"), [(0.9, 1), (0.2, 2), (0.05, 3)])
def test_about_four_of_five_quarters_end_inside_the_range(busy: float, seed: int) -> None:
    """Quarters that never were: every day up to four things happen, often or seldom; the range is drawn half-way."""
    chance = random.Random(seed)

    def day() -> int:
        return sum(chance.random() < busy for _ in range(4))

    inside, rounds = 0, 600
    for _ in range(rounds):
        history = weeks(*[sum(day() for _ in range(5)) for _ in range(MOST_WEEKS)])
        so_far, rest = sum(day() for _ in range(30)), sum(day() for _ in range(35))
        found = run_rate(so_far, days(30, 35), history)
        assert isinstance(found, RunRate)
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= so_far + rest <= found.high
    assert 0.74 <= inside / rounds <= 0.88


halves = st.integers(0, 200).map(lambda twice: Fraction(twice, 2))
some_weeks = st.lists(st.builds(Week, st.integers(-(10**9), 10**9), st.integers(0, 14).map(lambda n: Fraction(n, 2))))


@given(st.integers(-(10**12), 10**12), halves, halves, some_weeks)
def test_a_range_holds_its_forecast_whatever_the_figures(
    achieved: int, gone: Fraction, left: Fraction, history: Sequence[Week]
) -> None:
    found = run_rate(achieved, Days(gone, left), history)
    assert (found is None) == (gone + left == 0)
    if isinstance(found, TooEarly):
        assert found.gone < found.least
    if isinstance(found, RunRate) and found.low is not None and found.high is not None:
        assert found.low <= found.value <= found.high
        assert not left or found.weeks >= FEWEST_WEEKS


@given(
    st.lists(st.integers(0, 1000), min_size=FEWEST_WEEKS, max_size=MOST_WEEKS), st.integers(5, 60), st.integers(1, 60)
)
def test_the_range_narrows_as_the_period_goes_by(achieved: Sequence[int], gone: int, left: int) -> None:
    history = weeks(*achieved)
    assert margin(history, days(gone + 1, left - 1)) <= margin(history, days(gone, left))
