"""The scorecard: the worked numbers to the letter, and what holds for any."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.figures.scorecard import Item, card

REVENUE = Item("revenue", 50, 61, 120)
DEALS = Item("deals", 20, 4, 6)
CALLS = Item("calls", 15, 520, 400)
IN_TIME = Item("accepted in time", 15, 18, 20)


def shown(score: Fraction | None) -> str | None:
    """With two decimals."""
    return None if score is None else f"{float(score):.2f}"


def test_the_worked_card_comes_out_to_the_letter() -> None:
    # 50 × 61/120 + 20 × 4/6 + 15 × 520/400 (at most 1) + 15 × 18/20 = 25.42 + 13.33 + 15.00 + 13.50 = 67.25 of 100
    found = card([REVENUE, DEALS, CALLS, IN_TIME])
    assert [shown(item.points) for item in found.items] == ["25.42", "13.33", "15.00", "13.50"]
    assert (shown(found.score), found.counted, found.whole) == ("67.25", 100, 100)


@pytest.mark.parametrize("target", [None, 0, -5])
def test_what_has_no_target_has_no_weight(target: int | None) -> None:
    # (25.42 + 15.00 + 13.50) ÷ 80 = 53.92 ÷ 80 = 67.40 %
    found = card([REVENUE, Item("deals", 20, 4, target), CALLS, IN_TIME])
    assert (shown(found.score), found.counted) == ("67.40", 80)
    assert found.items[1].reached is None
    assert found.items[1].points is None


@pytest.mark.parametrize(("weight", "expected"), [(60, "50.00"), (59, None)])
def test_with_less_than_60_percent_of_the_weight_there_is_no_score(weight: int, expected: str | None) -> None:
    found = card([Item("revenue", weight, 1, 2), Item("deals", 100 - weight, 4, None)])
    assert (shown(found.score), found.counted, found.whole) == (expected, weight, 100)


def test_an_empty_card_has_no_score() -> None:
    assert card([]).score is None
    assert card([Item("revenue", 1, 5, None)]).score is None


def test_clawbacks_do_not_reach_into_other_items() -> None:
    assert card([Item("revenue", 50, -100, 120), Item("calls", 50, 400, 400)]).score == 50


items = st.lists(
    st.builds(
        Item, st.just("x"), st.integers(1, 100), st.integers(-(10**9), 10**12), st.none() | st.integers(0, 10**9)
    ),
    max_size=8,
)


@given(items)
def test_a_score_lies_between_0_and_100(values: Sequence[Item]) -> None:
    found = card(values)
    assert found.score is None or 0 <= found.score <= 100
    assert found.counted <= found.whole
    assert (found.score is not None) == (found.counted > 0 and 10 * found.counted >= 6 * found.whole)


@given(items, st.integers(0, 10**9))
def test_who_achieves_more_scores_no_less(values: Sequence[Item], more: int) -> None:
    before = card(values).score
    after = card([Item(item.name, item.weight, item.achieved + more, item.target) for item in values]).score
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert after >= before
