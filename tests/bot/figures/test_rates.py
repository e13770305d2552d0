"""Rates of few cases: the worked numbers to the letter, what is too few, and what holds for any counts."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.figures.exact import root
from bot.figures.rates import Rate, Showing, difference, has_changed, wilson


def percent(*shares: Fraction | None) -> list[str]:
    """As they are shown in tables."""
    return [f"{float(share * 100):.1f}" for share in shares if share is not None]


# Wilson: centre (p + z²/2n)/(1 + z²/n), half-width z·√(p(1−p)/n + z²/4n²)/(1 + z²/n), z = 1.959964.
# 3 of 7: z²/n = 0.548780; centre (0.428571 + 0.274390)/1.548780 = 0.453881; half 0.295925 → 0.157956 to 0.749806.
@pytest.mark.parametrize(
    ("hits", "cases", "expected"),
    [
        (3, 7, ["42.9", "15.8", "75.0"]),
        (25, 70, ["35.7", "25.5", "47.4"]),
        (0, 10, ["0.0", "0.0", "27.8"]),  # z²/(n + z²) = 3.841/13.841
        (10, 10, ["100.0", "72.2", "100.0"]),  # its mirror
        (2, 20, ["10.0", "2.8", "30.1"]),
        (1, 1, ["100.0", "20.7", "100.0"]),  # 1/(1 + 3.841)
    ],
)
def test_a_rate_comes_with_the_range_that_its_cases_allow(hits: int, cases: int, expected: list[str]) -> None:
    rate = Rate(hits, cases)
    assert rate.interval is not None
    assert percent(rate.share, *rate.interval) == expected


def test_no_cases_are_no_rate_of_zero() -> None:
    nothing = Rate(0, 0)
    assert (nothing.share, nothing.interval, nothing.showing) == (None, None, Showing.NOTHING_YET)


@pytest.mark.parametrize(
    ("hits", "cases", "showing"),
    [
        (3, 7, Showing.AS_CASES),  # fewer than 10
        (0, 9, Showing.AS_CASES),  # 29.9 points wide, but fewer than 10
        (0, 10, Showing.AS_PERCENT),  # 27.8 points
        (10, 20, Showing.AS_CASES),  # 40.1 points wide
        (11, 22, Showing.AS_PERCENT),  # 38.6
        (2, 20, Showing.AS_PERCENT),  # 27.3
        (5, 10, Showing.AS_CASES),  # 52.7
    ],
)
def test_a_rate_of_few_or_vague_cases_is_shown_as_such(hits: int, cases: int, showing: Showing) -> None:
    rate = Rate(hits, cases)
    assert (rate.showing, rate.is_firm) == (showing, showing is Showing.AS_PERCENT)


@pytest.mark.parametrize(("hits", "cases", "width"), [(10, 20, "40.1"), (11, 22, "38.6")])
def test_the_width_that_decides_it(hits: int, cases: int, width: str) -> None:
    assert percent(wilson(hits, cases).width) == [width]


@pytest.mark.parametrize(("hits", "cases"), [(1, 0), (8, 7), (-1, 7), (0, -1)])
def test_what_is_no_rate_is_refused(hits: int, cases: int) -> None:
    with pytest.raises(ValueError, match="is no rate"):
        Rate(hits, cases)


# Newcombe: d − √((p₁−l₁)² + (u₂−p₂)²) to d + √((u₁−p₁)² + (p₂−l₂)²).
# 24 of 50 is 34.8 to 61.5, 12 of 50 is 14.3 to 37.4: 24.0 − √(13.2² + 13.4²) = 5.2, 24.0 + √(13.5² + 9.7²) = 40.6.
@pytest.mark.parametrize(
    ("now", "before", "expected", "changed"),
    [
        (Rate(24, 50), Rate(12, 50), ["24.0", "5.2", "40.6"], True),
        (Rate(12, 50), Rate(24, 50), ["-24.0", "-40.6", "-5.2"], True),
        (Rate(25, 70), Rate(30, 60), ["-14.3", "-30.2", "2.7"], False),
        (Rate(20, 40), Rate(20, 40), ["0.0", "-20.9", "20.9"], False),  # 35.2 to 64.8: √2 × 14.8 = 20.9
    ],
)
def test_a_rate_has_changed_only_if_the_range_of_the_difference_leaves_zero_out(
    now: Rate, before: Rate, expected: list[str], changed: bool
) -> None:
    found = difference(now, before)
    assert found is not None
    assert percent(found.points, *found.interval) == expected
    assert found.is_sure == has_changed(now, before) == changed


def test_too_few_cases_have_no_arrow_though_they_are_told_apart() -> None:
    now, before = Rate(9, 9), Rate(10, 60)
    found = difference(now, before)
    assert found is not None
    assert found.is_sure
    assert not has_changed(now, before)
    assert not has_changed(before, now)


def test_nothing_is_compared_with_nothing() -> None:
    assert difference(Rate(0, 0), Rate(1, 2)) is None
    assert difference(Rate(1, 2), Rate(0, 0)) is None
    assert not has_changed(Rate(0, 0), Rate(30, 60))


def test_a_root_is_cut_off_and_never_below_nothing() -> None:
    assert root(Fraction(9, 4)) == Fraction(3, 2)
    assert root(Fraction(0)) == 0
    assert 0 <= Fraction(2) - root(Fraction(2)) ** 2 < Fraction(1, 10**11)
    with pytest.raises(ValueError, match="nonnegative"):
        root(Fraction(-1))


cases_and_hits = st.integers(0, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
rates = cases_and_hits.map(lambda pair: Rate(*pair))


@given(rates)
def test_the_range_holds_the_rate_and_stays_between_nothing_and_all(rate: Rate) -> None:
    if rate.share is not None and rate.interval is not None:
        assert 0 <= rate.interval.low <= rate.share <= rate.interval.high <= 1
        assert rate.interval.width > 0


@given(st.integers(1, 10**6))
def test_none_of_any_begins_at_nothing_and_all_of_any_ends_at_all(cases: int) -> None:
    assert wilson(0, cases).low == 0
    assert wilson(cases, cases).high == 1
    assert wilson(0, cases).high == 1 - wilson(cases, cases).low


@given(rates)
def test_hits_and_misses_mirror_each_other(rate: Rate) -> None:
    other = Rate(rate.cases - rate.hits, rate.cases)
    if rate.interval and other.interval:
        assert (rate.interval.low, rate.interval.high) == (1 - other.interval.high, 1 - other.interval.low)
    assert rate.showing is other.showing


@given(st.integers(2, 500).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))))
def test_one_more_hit_moves_both_ends_up(pair: tuple[int, int]) -> None:
    hits, cases = pair
    fewer, more = wilson(hits, cases), wilson(hits + 1, cases)
    assert fewer.low < more.low
    assert fewer.high < more.high


@given(st.integers(0, 30), st.integers(1, 30), st.integers(2, 9))
def test_more_cases_at_the_same_rate_narrow_the_range(hits: int, misses: int, times: int) -> None:
    assert wilson(times * hits, times * (hits + misses)).width < wilson(hits, hits + misses).width


@given(rates, rates)
def test_a_difference_turned_round_is_its_mirror(one: Rate, other: Rate) -> None:
    there, back = difference(one, other), difference(other, one)
    assert (there is None) == (back is None) == (not one.cases or not other.cases)
    if there and back:
        assert -1 <= there.interval.low <= there.points <= there.interval.high <= 1
        assert (there.points, there.interval.low) == (-back.points, -back.interval.high)
        assert there.is_sure == back.is_sure
    assert has_changed(one, other) == has_changed(other, one)
