"""Ramp: the worked start in November, months that are no calendar's, and absences that stop the curve."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quota.ramp import DEFAULT_CURVE, Leave, Ramp, Ramped, Step, ramped, whole_months
from bot.quota.working_days import WorkingDays
from tests.bot.quota.calendars import Q4, berlin

QUARTER, HALF, THREE_QUARTERS, FULL = DEFAULT_CURVE
START = date(2026, 11, 2)
TARGET = 12_000_000


def of(ramp: Ramp, days: WorkingDays | None = None, stints: list[tuple[date, date]] | None = None) -> Ramped:
    """The target of the fourth quarter by a curve."""
    found = ramped(TARGET, days or berlin(), ramp, stints)
    assert found is not None
    return found


def test_the_default_curve_is_a_quarter_more_each_month() -> None:
    assert (Fraction(25, 100), Fraction(50, 100), Fraction(75, 100), Fraction(1)) == DEFAULT_CURVE


def test_the_worked_ramp() -> None:
    # from 2 Nov to 1 Dec 22 days × 25 %, from 2 Dec 21 × 50 %: 5.5 + 10.5 = 16 full days; × 120,000 ÷ 65 = 29,538.46
    found = of(Ramp(START))
    assert found.steps == (Step(QUARTER, Fraction(22)), Step(HALF, Fraction(21)))
    assert [found.full_days, round(found.exact)] == [16, 2_953_846]


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (date(2026, 11, 1), Fraction(0)),  # not there yet
        (date(2026, 11, 2), QUARTER),
        (date(2026, 12, 1), QUARTER),
        (date(2026, 12, 2), HALF),
        (date(2027, 1, 1), HALF),
        (date(2027, 1, 2), THREE_QUARTERS),
        (date(2027, 2, 1), THREE_QUARTERS),
        (date(2027, 2, 2), FULL),
        (date(2030, 1, 1), FULL),
    ],
)
def test_months_run_from_the_start_day(day: date, share: Fraction) -> None:
    assert Ramp(START).share(day) == share


@pytest.mark.parametrize(
    ("start", "day", "months"),
    [
        (date(2027, 1, 31), date(2027, 2, 27), 0),
        (date(2027, 1, 31), date(2027, 2, 28), 1),
        (date(2028, 1, 31), date(2028, 2, 28), 0),
        (date(2028, 1, 31), date(2028, 2, 29), 1),
        (date(2027, 1, 31), date(2027, 3, 30), 1),  # the third month keeps the original day
        (date(2027, 1, 31), date(2027, 3, 31), 2),
        (date(2027, 1, 31), date(2027, 4, 30), 3),
        (date(2027, 1, 30), date(2027, 3, 1), 1),
        (date(2026, 12, 15), date(2027, 1, 15), 1),
        (date(2026, 12, 15), date(2026, 12, 15), 0),
        (date(2026, 12, 15), date(2026, 12, 31), 0),
    ],
)
def test_a_month_that_is_too_short_ends_with_its_last_day(start: date, day: date, months: int) -> None:
    assert whole_months(start, day) == months


def test_a_long_absence_stops_the_curve() -> None:
    # away 16 Nov to 15 Dec, 30 days: the second month begins on 1 Jan in place of 2 Dec
    leave = Leave(date(2026, 11, 16), date(2026, 12, 15), Fraction(22))
    ramp = Ramp(START, leaves=(leave,))
    assert [ramp.share(date(2026, 12, 31)), ramp.share(date(2027, 1, 1))] == [QUARTER, HALF]
    assert {ramp.share(leave.first + timedelta(days=further)) for further in range(30)} == {QUARTER}


def test_an_absence_of_twenty_days_does_not() -> None:
    leave = Leave(date(2026, 11, 16), date(2026, 12, 15), Fraction(20))
    assert not leave.is_long
    assert Ramp(START, leaves=(leave,)).share(date(2026, 12, 2)) == HALF


def test_whoever_is_away_from_the_start_begins_when_they_are_back() -> None:
    ramp = Ramp(START, leaves=(Leave(date(2026, 10, 1), date(2027, 1, 31), Fraction(80)),))
    assert [ramp.share(date(2026, 11, 2)), ramp.share(date(2027, 2, 1)), ramp.share(date(2027, 3, 1))] == [QUARTER] * 3
    assert ramp.share(date(2027, 3, 3)) == HALF  # 2 Nov and 91 days lost: a month and a day after 1 Feb


def test_days_of_two_absences_count_once() -> None:
    one = Leave(date(2026, 11, 16), date(2026, 12, 15), Fraction(22))
    within = Leave(date(2026, 11, 20), date(2026, 12, 10), Fraction(21))
    for leaves in ((one, within), (within, one), (one, one)):
        assert Ramp(START, leaves=leaves).share(date(2027, 1, 1)) == HALF
        assert Ramp(START, leaves=leaves).share(date(2026, 12, 31)) == QUARTER


def test_a_workspace_has_its_own_curve() -> None:
    ramp = Ramp(START, curve=(Fraction(0), Fraction(9, 10)))
    assert [ramp.share(START), ramp.share(date(2026, 12, 2)), ramp.share(date(2030, 1, 1))] == [
        0,
        *[Fraction(9, 10)] * 2,
    ]
    with pytest.raises(ValueError, match="at least one month"):
        Ramp(START, curve=())


def test_only_days_in_the_role_carry_anything() -> None:
    # 2 to 13 Nov and 7 to 31 Dec: 10 days × 25 %, 18 × 50 % = 2.5 + 9 = 11.5
    found = of(Ramp(START), stints=[(START, date(2026, 11, 13)), (date(2026, 12, 7), date(2027, 3, 1))])
    assert found.full_days == Fraction("11.5")


def test_whoever_is_on_full_has_the_whole_target_and_who_comes_later_nothing() -> None:
    assert of(Ramp(date(2025, 1, 1))).exact == TARGET
    assert of(Ramp(date(2027, 1, 1))).exact == 0
    assert ramped(TARGET, WorkingDays(Q4.first, ()), Ramp(START)) is None


starts = st.dates(date(2026, 1, 1), date(2027, 2, 1))
leaves = st.lists(
    st.builds(
        lambda first, length, days: Leave(first, first + timedelta(days=length), Fraction(days)),
        st.dates(date(2025, 10, 1), date(2027, 6, 1)),
        st.integers(0, 90),
        st.integers(0, 60),
    ),
    max_size=4,
).map(tuple)


@given(starts, leaves)
def test_a_curve_never_falls_and_a_leave_never_lifts_it(start: date, away: tuple[Leave, ...]) -> None:
    ramp, without, last = Ramp(start, leaves=away), Ramp(start), Fraction(0)
    for further in range(-2, 300):
        share = ramp.share(start + timedelta(days=further))
        assert last <= share <= without.share(start + timedelta(days=further))
        last = share


@given(starts, leaves)
def test_a_ramped_target_is_no_more_than_the_whole(start: date, away: tuple[Leave, ...]) -> None:
    found = of(Ramp(start, leaves=away))
    assert 0 <= found.exact <= TARGET
    assert sum(step.days for step in found.steps) == berlin().between(start, Q4.last)


@given(starts, st.dates(Q4.first, Q4.last))
def test_a_period_cut_in_two_stints_is_the_same_target(start: date, cut: date) -> None:
    whole = of(Ramp(start))
    halves = [of(Ramp(start), stints=[stint]) for stint in ((Q4.first, cut), (cut + timedelta(days=1), Q4.last))]
    assert sum(half.exact for half in halves) == whole.exact
