"""Suggested targets, with the arithmetic that they are made of."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quota.suggestion import Basis, NothingToGoBy, Past, Suggestion, round_target, suggest

CENTS = 100


def past(
    achieved: int, days: int = 60, *, period: str = "2026-Q3", of_days: int = 60, is_ramping: bool = False
) -> Past:
    """A quarter of sixty working days."""
    return Past(period, achieved, Fraction(days), Fraction(of_days), is_ramping)


def made(own: Sequence[Past], peers: Sequence[Past] = (), days: int = 65, **more: Any) -> Suggestion:
    """A suggestion for a quarter of so many working days."""
    found = suggest(own, peers, Fraction(days), **more)
    assert isinstance(found, Suggestion)
    return found


def test_it_is_the_median_a_day_times_the_days_and_some_growth() -> None:
    # 90,000 and 102,000 in 60 days, 84,000 in 56, 60,000 in 60: 1,500, 1,700, 1,500 and 1,000 a day; the median is the
    # second of four, 1,500. × 65 × 1.1 = 107,250, made round 105,000. In 65 days 1,700 a day would have reached it.
    quarters = [past(each * CENTS, days) for each, days in ((90_000, 60), (102_000, 60), (84_000, 56), (60_000, 60))]
    found = made(quarters, unit=CENTS)
    assert [found.per_day, found.exact] == [1_500 * CENTS, 107_250 * CENTS]
    assert (found.target, found.times_reached, len(found.used)) == (105_000 * CENTS, 1, 4)
    assert (found.basis, found.left_out, found.growth) == (Basis.OWN, (), Fraction(1, 10))


def test_only_the_last_four_that_count_are_looked_at() -> None:
    # 1, 1, 2 and 2 a day: the second is 1; with one more before them, or one fewer, it would be 2
    old, recent = [past(600_000)] * 5, [past(60), past(60), past(120), past(120)]
    assert made(old + recent).per_day == 1


@pytest.mark.parametrize(
    ("unlike", "why"),
    [
        (past(6_000, 29), "there for less than half"),
        (past(6_000, is_ramping=True), "on the ramp"),
        (past(0, 0), "not there"),
        (past(0, 0, of_days=0), "nobody was"),
    ],
)
def test_a_quarter_that_is_not_like_the_others_is_left_out_and_named(unlike: Past, why: str) -> None:
    found = made([past(60), past(120), unlike])
    assert (found.left_out, found.per_day) == ((unlike,), Fraction(1)), why


def test_half_a_quarter_counts() -> None:
    assert made([past(60), past(30, 30)]).left_out == ()


def test_with_one_quarter_of_ones_own_it_is_the_colleagues_median() -> None:
    peers = [past(120), past(60), past(180), past(0, is_ramping=True)]
    found = made([past(6_000)], peers)
    assert (found.basis, found.per_day, found.used, found.left_out) == (
        Basis.PEERS,
        Fraction(2),
        tuple(peers[:3]),
        (peers[3],),
    )


def test_of_too_few_nothing_is_made() -> None:
    assert suggest([past(60)], [past(60), past(60)], Fraction(65)) == NothingToGoBy(1, 2)
    assert suggest([], [], Fraction(65)) == NothingToGoBy(0, 0)


def test_growth_is_the_workspaces() -> None:
    assert made([past(6_000)] * 2, days=60, growth=0).target == 6_000
    assert made([past(6_000)] * 2, days=60, growth=1).target == 12_000


@pytest.mark.parametrize(
    ("exact", "unit", "expected"),
    [
        ("10725000", 100, 10_500_000),
        ("104999.99", 1, 105_000),
        ("102500", 1, 100_000),  # half-way: the even multiple of 5,000
        ("107500", 1, 110_000),
        ("122", 1, 120),
        ("123", 1, 125),
        ("96", 1, 96),
        ("12.4", 1, 12),
        ("99.6", 1, 100),
        ("0.2", 1, 1),
        ("0", 100, 100),
        ("-50", 1, 1),
    ],
)
def test_a_target_is_a_round_number_and_at_least_one(exact: str, unit: int, expected: int) -> None:
    assert round_target(Fraction(exact), unit) == expected


some = st.lists(
    st.builds(
        Past, st.just("2026-Q3"), st.integers(-(10**6), 10**9), *[st.integers(0, 66).map(Fraction)] * 2, st.booleans()
    ),
    max_size=7,
)


@given(some, some, st.integers(0, 66), st.sampled_from([1, 100]))
def test_nothing_raises_for_any_past(own: Sequence[Past], peers: Sequence[Past], days: int, unit: int) -> None:
    found = suggest(own, peers, Fraction(days), unit=unit)
    if isinstance(found, Suggestion):
        assert found.target >= unit
        assert found.target % unit == 0
        exact = max(found.exact, Fraction(unit))
        assert abs(found.target - exact) <= exact / 40 + unit
        assert 0 <= found.times_reached <= len(found.used)
    else:
        assert found.own < 2
        assert found.peers < 3
