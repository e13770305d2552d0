"""A target in parts: the worked ones, and that a team's sum stays."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quota.shares import RollUp, prorated, roll_up, rounded_together, split

ALL = Fraction(65)


def only(full: int, days: int | Fraction, least: int = 0) -> int:
    """The target of one person."""
    found = prorated([(full, Fraction(days))], ALL, least=least)
    assert found is not None
    return found[0].target


@pytest.mark.parametrize(
    ("full", "days", "expected"),
    [
        (12_000_000, 43, 7_938_462),  # 120,000 × 43 ÷ 65 = 79,384.615…
        (12_000_000, 65, 12_000_000),
        (12_000_000, 1, 184_615),
        (12_000_000, 0, 0),
        (0, 43, 0),
        (13, Fraction(5, 2), 0),  # 0.5 of a cent: the even one
        (39, Fraction(5, 2), 2),  # 1.5
    ],
)
def test_a_money_target_by_the_days_in_the_role(full: int, days: int | Fraction, expected: int) -> None:
    assert only(full, days) == expected


@pytest.mark.parametrize(
    ("full", "days", "expected"),
    [
        (10, 43, 7),  # 6.615
        (10, 1, 1),  # 0.154, and at least one: joined on the last day
        (10, 0, 0),  # not there at all
        (0, 43, 0),  # of nothing there is nothing
        (10, 65, 10),
    ],
)
def test_a_target_of_counts_is_at_least_one(full: int, days: int, expected: int) -> None:
    assert only(full, days, least=1) == expected


def test_the_arithmetic_is_kept() -> None:
    found = prorated([(12_000_000, Fraction(43))], ALL)
    assert found is not None
    each = found[0]
    assert (each.full, each.days, each.of_days, each.target) == (12_000_000, Fraction(43), ALL, 7_938_462)
    assert each.exact == Fraction(12_000_000 * 43, 65)


def test_without_working_days_there_is_no_part() -> None:
    assert prorated([(10, Fraction(0))], Fraction(0)) is None


def test_two_stints_add_up() -> None:
    # 10 days and 12 days are 22: 120,000 × 22 ÷ 65 = 40,615.38…
    assert only(12_000_000, 10 + 12) == 4_061_538


def test_of_a_transfer_each_has_their_own_days_and_nothing_is_lost() -> None:
    # 10 × 43 ÷ 65 = 6.615, 10 × 22 ÷ 65 = 3.385: 7 + 3
    found = prorated([(10, Fraction(43)), (10, Fraction(22))], ALL, least=1)
    assert found is not None
    assert [each.target for each in found] == [7, 3]


@pytest.mark.parametrize(
    ("exact", "least", "expected"),
    [
        (["3.5", "3.5", "3"], 0, [4, 3, 3]),  # the sum is 10; of equal remainders the first
        (["1/3", "1/3", "1/3"], 0, [1, 0, 0]),  # the sum is 1
        (["1/3", "1/3", "1/3"], 1, [1, 1, 1]),  # everybody has something: there is no one to take it from
        (["0.25", "0.25", "9.5"], 1, [1, 1, 8]),  # two have one, which the third gives up
        (["0.25", "0.25", "5.1", "5.4"], 1, [1, 1, 4, 5]),  # the sum is 11; who is over by most gives up
        (["0.5", "0"], 1, [1, 0]),
        (["2.5"], 0, [2]),
        (["3.5"], 0, [4]),
        ([], 0, []),
    ],
)
def test_parts_are_rounded_together(exact: Sequence[str], least: int, expected: list[int]) -> None:
    assert rounded_together([Fraction(each) for each in exact], least=least) == expected


@pytest.mark.parametrize(
    ("whole", "weights", "expected"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (500_000, [2, 1, 1], [250_000, 125_000, 125_000]),
        (7, [0, 0], [0, 0]),
        (0, [1, 2], [0, 0]),
    ],
)
def test_a_whole_is_split_by_weight(whole: int, weights: list[int], expected: list[int]) -> None:
    assert split(whole, [Fraction(each) for each in weights]) == expected


def test_the_worked_roll_up() -> None:
    # 500,000 for the team, 460,000 given: 40,000 unassigned
    found = roll_up(500_000, {"ana": 260_000, "ben": 200_000, "cem": None})
    assert found == RollUp(500_000, 460_000, 1)
    assert (found.unassigned, found.over_assigned) == (40_000, 0)


@pytest.mark.parametrize(
    ("target", "given_out", "unassigned", "over"),
    [
        (500_000, 575_000, 0, 75_000),
        (500_000, 500_000, 0, 0),
        (None, 500_000, 0, 0),
        (500_000, 0, 500_000, 0),
        (0, 5, 0, 5),
    ],
)
def test_a_team_is_given_too_little_or_more(target: int | None, given_out: int, unassigned: int, over: int) -> None:
    found = roll_up(target, {"ana": given_out})
    assert (found.unassigned, found.over_assigned) == (unassigned, over)


parts = st.lists(st.fractions(0, 10**6, max_denominator=130), max_size=20)


@given(parts)
def test_each_is_the_next_whole_number_up_or_down_and_the_sum_is_theirs(exact: list[Fraction]) -> None:
    found = rounded_together(exact)
    assert sum(found) == round(sum(exact, Fraction(0)))
    assert all(abs(whole - each) < 1 for whole, each in zip(found, exact, strict=True))


@given(parts, st.integers(0, 3))
def test_with_a_least_the_sum_stays_as_long_as_it_can(exact: list[Fraction], least: int) -> None:
    found = rounded_together(exact, least=least)
    some = sum(each > 0 for each in exact)
    assert sum(found) == max(round(sum(exact, Fraction(0))), least * some)
    assert all(whole >= least if each else whole == 0 for whole, each in zip(found, exact, strict=True))


team = st.lists(
    st.tuples(st.integers(0, 10**9), st.integers(0, 130).map(lambda twice: Fraction(twice, 2))), min_size=1, max_size=15
)


@given(team)
def test_a_team_has_the_sum_of_its_members(members: list[tuple[int, Fraction]]) -> None:
    found = prorated(members, ALL)
    assert found is not None
    assert sum(each.target for each in found) == round(sum((each.exact for each in found), Fraction(0)))
    assert roll_up(sum(each.target for each in found), dict(enumerate(each.target for each in found))).unassigned == 0


@given(st.integers(0, 10**12), st.lists(st.integers(0, 130).map(lambda twice: Fraction(twice, 2)), min_size=1))
def test_splitting_loses_nothing(whole: int, weights: list[Fraction]) -> None:
    found = split(whole, weights)
    assert sum(found) == (whole if any(weights) else 0)
    assert all(share == 0 for share, weight in zip(found, weights, strict=True) if not weight)


@given(st.integers(0, 10**9), st.integers(0, 65), st.integers(0, 65))
def test_a_period_cut_in_two_is_the_same_target(full: int, one: int, other: int) -> None:
    first, last = sorted((one, other))
    pieces = [(full, Fraction(first)), (full, Fraction(last - first)), (full, 65 - Fraction(last))]
    found = prorated(pieces, ALL)
    assert found is not None
    assert sum(each.target for each in found) == full
