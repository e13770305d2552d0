"""How many go on: the worked shares to the letter, and every edge."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.figures.conversion import FEWEST_TO_WEIGH, Handed, conversions, win_rate, win_shares
from bot.figures.deals import ClosedDeal
from bot.figures.rates import Rate
from tests.bot.figures.closings import STAGES, a_closed, worked


def lost_in(stage: str, count: int, **more: Any) -> list[ClosedDeal]:
    """Deals that got as far as a stage."""
    return [a_closed(f"{stage}{at}{more}", won=False, entered=frozenset({stage}), **more) for at in range(count)]


def won(count: int, **more: Any) -> list[ClosedDeal]:
    """Deals that were won."""
    return [a_closed(f"won{at}{more}", **more) for at in range(count)]


def shown(rates: Mapping[str, Rate]) -> list[str]:
    """In percent with one decimal."""
    return [f"{float(rate.share * 100):.1f}" if rate.share is not None else "-" for rate in rates.values()]


def test_the_worked_stage_shares() -> None:
    # 25 won of 100, 70, 49 and 35 that entered; `requalify` was skipped by all, so it counts as entered
    shares = win_shares(worked(), STAGES)
    assert list(shares.workspace) == list(STAGES)
    assert shown(shares.workspace) == ["25.0", "25.0", "35.7", "51.0", "71.4"]
    assert shares.rate("negotiation") == Rate(25, 35)


def test_the_conversion_of_each_stage() -> None:
    # 100 of 100, 70 of 100, 49 of 70, 35 of 49, 25 won of 35
    assert list(conversions(worked(), STAGES).values()) == [
        Rate(100, 100),
        Rate(70, 100),
        Rate(49, 70),
        Rate(35, 49),
        Rate(25, 35),
    ]


@pytest.mark.parametrize(("lost", "weighs"), [(4, False), (5, True)])
def test_a_share_of_fewer_than_thirty_cases_is_none(lost: int, weighs: bool) -> None:
    shares = win_shares(won(25) + lost_in("needs", lost), STAGES)
    assert (shares.rate("needs") is not None) == (shares.share("needs") is not None) == weighs
    assert shares.rate("demo") is None  # 25 were in there, however many there were in all


@pytest.mark.parametrize(("lost", "expected"), [(19, Rate(11, 60)), (20, Rate(10, 30))])
def test_a_segment_has_its_own_share_from_thirty_cases(lost: int, expected: Rate) -> None:
    # 10 of 29 in the segment are one too few: of all it is 10 + 1 of 10 + 19 + 1 + 30. 10 of 30 are enough.
    deals = (
        won(10, segment="smb")
        + lost_in("needs", lost, segment="smb")
        + won(1, segment="big")
        + lost_in("needs", 30, segment="big")
    )
    shares = win_shares(deals, STAGES)
    assert shares.rate("needs", "smb") == expected
    assert shares.rate("needs", "new") == shares.rate("needs") == Rate(11, 41 + lost)


def test_a_stage_that_nobody_entered_or_knows_has_no_share() -> None:
    shares = win_shares(lost_in("needs", 40), STAGES)
    assert shares.rate("demo") is None
    assert shares.rate("gone") is None
    assert shares.share("needs") == 0
    assert win_shares([], STAGES).rate("needs") is None


def test_a_deal_that_was_reopened_counts_once_by_its_last_close() -> None:
    lost = a_closed("D1", won=False, closed=date(2026, 10, 2), days=60)
    assert win_rate([a_closed("D1"), lost]) == win_rate([lost, a_closed("D1")]) == Rate(1, 1)


def test_a_duplicate_is_no_loss() -> None:
    deals = [*won(3), *lost_in("needs", 4), *lost_in("demo", 5, is_duplicate=True)]
    assert win_rate(deals) == Rate(3, 7)
    assert win_shares(deals, STAGES).workspace["needs"] == Rate(3, 7)
    assert conversions(deals, STAGES)["demo"] == Rate(3, 3)


def test_nothing_closed_is_no_rate_of_zero() -> None:
    assert win_rate([]).share is None
    assert [rate.share for rate in conversions([], STAGES).values()] == [None] * 5


def test_a_stage_taken_out_of_the_process_is_passed_over() -> None:
    deal = a_closed(won=False, entered=frozenset({"needs", "pilot"}))
    assert list(conversions([deal], STAGES).values()) == [Rate(1, 1), Rate(0, 1), Rate(0, 0), Rate(0, 0), Rate(0, 0)]
    assert win_shares([deal], ()).workspace == {}


def test_hand_offs_are_accepted_of_those_answered_or_expired() -> None:
    # 18 of 18 + 3 + 1; what was withdrawn or still waits is in no rate. Of 10 that were checked, 6 were re-qualified.
    handed = Handed(accepted=18, declined=3, expired=1, withdrawn=5, waiting=2, requalified=6, rejected=4)
    assert handed.acceptance == Rate(18, 22)
    assert handed.requalification == Rate(6, 10)
    assert Handed(waiting=9, withdrawn=9).acceptance.share is None


closings = st.lists(
    st.builds(
        lambda key, won, entered, segment, is_duplicate: a_closed(
            key, won=won, entered=frozenset(entered), segment=segment, is_duplicate=is_duplicate
        ),
        st.uuids().map(str),
        st.booleans(),
        st.sets(st.sampled_from([*STAGES, "gone"])),
        st.sampled_from([None, "smb", "big"]),
        st.booleans(),
    ),
    max_size=80,
)


@given(closings)
def test_the_further_a_deal_is_the_likelier_it_is_won(deals: Sequence[ClosedDeal]) -> None:
    shares = [rate.share for rate in win_shares(deals, STAGES).workspace.values() if rate.share is not None]
    assert shares == sorted(shares)


@given(closings)
def test_the_conversions_multiply_to_the_share_that_is_won(deals: Sequence[ClosedDeal]) -> None:
    rates, of_first = conversions(deals, STAGES), win_shares(deals, STAGES).workspace[STAGES[0]]
    product = of_first.share and 1
    for rate in rates.values():
        product = product and rate.share and product * rate.share
    if of_first.share:
        assert product == of_first.share
    assert all(
        one.hits == other.cases for one, other in zip(list(rates.values())[:-1], list(rates.values())[1:], strict=True)
    )


@given(closings)
def test_a_share_that_weighs_has_thirty_cases(deals: Sequence[ClosedDeal]) -> None:
    shares = win_shares(deals, STAGES)
    for stage in STAGES:
        for segment in (None, "smb", "big", "new"):
            rate = shares.rate(stage, segment)
            assert rate is None or rate.cases >= FEWEST_TO_WEIGH
