"""A standing is all figures of one metric and period; what-if moves the achieved part only."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quota.pace import Days, Needed, NoPace, Pace, Reached
from bot.quota.run_rate import RunRate, TooEarly, Week
from bot.quota.standing import Standing, what_if
from tests.bot.quota.calendars import berlin

DAYS = Days.on(date(2026, 11, 20), berlin())
WORKED = Standing(6_100_000, 12_000_000, DAYS)


def test_the_worked_standing() -> None:
    # 61,000 of 120,000 on 20 November; the forecast of 110,138.89 is 91.8 % of the target
    assert f"{float(WORKED.attainment or 0):.3f}" == "0.508"
    assert WORKED.bar == "█████░░░░░"
    assert isinstance(WORKED.pace, Pace)
    assert isinstance(WORKED.needed, Needed)
    assert isinstance(WORKED.forecast, RunRate)
    assert f"{float(WORKED.forecast_attainment or 0):.3f}" == "0.918"


@pytest.mark.parametrize("target", [None, 0])
def test_without_a_target_there_is_no_percent_no_bar_and_no_zero(target: int | None) -> None:
    standing = Standing(6_100_000, target, DAYS)
    assert (standing.attainment, standing.bar, standing.needed, standing.forecast_attainment) == (
        None,
        None,
        None,
        None,
    )
    assert standing.pace is NoPace.NO_TARGET
    assert isinstance(standing.forecast, RunRate)


def test_a_week_is_over_before_it_can_be_forecast() -> None:
    assert isinstance(Standing(12, 40, Days(Fraction(2), Fraction(3))).forecast, TooEarly)
    assert Standing(12, 40, Days(Fraction(2), Fraction(3))).forecast_attainment is None


def test_what_if_it_were_closed() -> None:
    # 61,000 + 50,000 = 111,000 of 120,000 = 92.5 %; with 60,000 it is reached, 1,000 over
    now, then = what_if(WORKED, 5_000_000)
    assert now == WORKED
    assert then.attainment == Fraction("0.925")
    assert what_if(WORKED, 6_000_000).then.needed == Reached(100_000)
    assert what_if(WORKED, 0).then == WORKED


figures, halves = st.integers(-(10**9), 10**12), st.integers(0, 130).map(lambda twice: Fraction(twice, 2))
standings = st.builds(
    Standing,
    figures,
    st.none() | st.integers(0, 10**12),
    st.builds(Days, halves, halves),
    st.lists(st.builds(Week, figures, halves), max_size=15),
)


@given(standings, st.integers(0, 10**12))
def test_nothing_raises_and_more_is_never_worse(standing: Standing, more: int) -> None:
    now, then = what_if(standing, more)
    assert (now.attainment is None) == (then.attainment is None) == (now.bar is None) == (not standing.target)
    if now.attainment is not None and then.attainment is not None:
        assert now.attainment <= then.attainment
    if isinstance(now.needed, Needed) and isinstance(then.needed, Needed):
        assert now.needed.per_day >= then.needed.per_day
    if isinstance(now.forecast, RunRate) and isinstance(then.forecast, RunRate):
        assert now.forecast.value <= then.forecast.value
    assert type(now.forecast) is type(then.forecast)
    if now.forecast_attainment is not None and then.forecast_attainment is not None:
        assert now.forecast_attainment <= then.forecast_attainment
