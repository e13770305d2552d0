"""Nearest-rank: the median and the 90th percentile are cases that happened."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.figures.spread import HALF, NINE_TENTHS, Spread, nearest_rank, spread


@pytest.mark.parametrize(
    ("values", "median", "p90"),
    [
        ([95, 12, 34, 21, 18], 21, None),  # ⌈2.5⌉ = the 3rd of 12, 18, 21, 34, 95
        ([4, 1], 1, None),  # ⌈1⌉: the lower of the two
        ([7], 7, None),
        (range(1, 10), 5, None),  # nine: no 90th percentile yet
        (range(1, 11), 5, 9),  # ⌈5⌉ and ⌈9⌉
        (range(1, 12), 6, 10),  # ⌈5.5⌉ and ⌈9.9⌉
    ],
)
def test_the_nearest_rank(values: Sequence[int], median: int, p90: int | None) -> None:
    found = spread(values)
    assert found == Spread(len(values), median, p90, min(values), max(values))


def test_nothing_has_no_median() -> None:
    assert spread([]) is None


def test_durations_have_one_too() -> None:
    found = spread(timedelta(minutes=minutes) for minutes in (4, 90, 7))
    assert found is not None
    assert (found.median, found.most) == (timedelta(minutes=7), timedelta(minutes=90))


@given(st.lists(st.integers(), min_size=1, max_size=60), st.fractions(Fraction(1, 100), 1))
def test_at_least_the_share_is_at_or_below_it(values: list[int], share: Fraction) -> None:
    found = nearest_rank(sorted(values), share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values)


@given(st.lists(st.integers(), min_size=1))
def test_the_middle_is_not_above_the_ninth_tenth(values: list[int]) -> None:
    ordered = sorted(values)
    assert ordered[0] <= nearest_rank(ordered, HALF) <= nearest_rank(ordered, NINE_TENTHS) <= ordered[-1]
