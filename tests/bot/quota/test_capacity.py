"""Capacity: the worked team, and what is assumed."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quota.capacity import Expected, Heads, Missing, capacity, expected

QUOTA = 150_000
TEAM = (Heads(7, Fraction(1), QUOTA), Heads(3, Fraction(40, 100), QUOTA))


def test_the_worked_capacity() -> None:
    # 7 × 150,000 × 85 % = 892,500; 3 × 40 % × 150,000 × 85 % = 153,000; 1,045,500 in all.
    # 1,200,000 − 1,045,500 = 154,500; ÷ (150,000 × 85 %) = 1.21 ramped heads: 2 to hire
    found = capacity(TEAM, [Fraction(85, 100)])
    assert [found.of(group) for group in TEAM] == [892_500, 153_000]
    assert found.total == 1_045_500
    missing = found.missing(1_200_000, QUOTA)
    assert missing == Missing(Fraction(154_500), Fraction(154_500, 127_500), 2)
    assert missing is not None
    assert f"{float(missing.heads):.2f}" == "1.21"


@pytest.mark.parametrize(
    ("attainments", "result"),
    [
        ([], Expected(Fraction(1), True)),  # nobody has a past: 100 %, assumed
        (["0.85"], Expected(Fraction(85, 100), False)),
        (["1.4", "0.2", "0.9"], Expected(Fraction(9, 10), False)),
        (["0.8", "1"], Expected(Fraction(8, 10), False)),  # nearest rank: the lower of the two
    ],
)
def test_the_median_of_ramped_people_is_expected(attainments: Sequence[str], result: Expected) -> None:
    assert expected([Fraction(each) for each in attainments]) == result


@pytest.mark.parametrize(("target", "hires"), [(1_045_500, None), (1_045_501, 1), (1_173_000, 1), (1_173_001, 2)])
def test_a_part_of_a_head_is_a_head(target: int, hires: int | None) -> None:
    # one ramped head adds 127,500
    missing = capacity(TEAM, [Fraction(85, 100)]).missing(target, QUOTA)
    assert (missing.hires if missing else None) == hires


@pytest.mark.parametrize("attainment", [Fraction(0), Fraction(-1, 10)])
def test_heads_that_add_nothing_cannot_fill_a_gap(attainment: Fraction) -> None:
    assert capacity(TEAM, [attainment]).missing(1_200_000, QUOTA) is None
    assert capacity(TEAM, []).missing(9_000_000, 0) is None


def test_nobody_carries_nothing() -> None:
    found = capacity((), [])
    assert found.total == 0
    assert found.missing(100, 100) == Missing(Fraction(100), Fraction(1), 1)


heads = st.lists(st.builds(Heads, st.integers(0, 50), st.fractions(0, 1), st.integers(0, 10**9)), max_size=6)


@given(heads, st.lists(st.fractions(0, 3), max_size=9), st.integers(0, 10**12), st.integers(0, 10**9))
def test_those_to_hire_close_the_gap_and_one_fewer_would_not(
    team: Sequence[Heads], attainments: Sequence[Fraction], target: int, quota: int
) -> None:
    found = capacity(team, attainments)
    missing = found.missing(target, quota)
    if missing:
        more = capacity([*team, Heads(missing.hires, Fraction(1), quota)], attainments)
        fewer = capacity([*team, Heads(missing.hires - 1, Fraction(1), quota)], attainments)
        assert fewer.total < target <= more.total
