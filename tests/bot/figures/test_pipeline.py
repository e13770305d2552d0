"""What the open deals promise: the worked forecast to the letter, what it leaves out, and coverage."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.figures.conversion import WinShares, win_shares
from bot.figures.deals import OpenDeal
from bot.figures.pipeline import Coverage, Covered, LeftOut, Pipeline, coverage, firm_share, pipeline
from bot.figures.rates import Rate
from bot.money import Money
from tests.bot.figures.closings import STAGES, an_open, eur, worked

FIRST, LAST, TODAY = date(2026, 10, 1), date(2026, 12, 31), date(2026, 11, 20)
WON = eur(61_000)
SHARES = win_shares(worked(), STAGES)
NO_SHARES = WinShares({}, {})


def of(*deals: OpenDeal, shares: WinShares = SHARES, won: Money = WON, today: date = TODAY) -> Pipeline:
    """The pipeline of the fourth quarter."""
    return pipeline(deals, shares, won=won, first=FIRST, last=LAST, today=today)


def test_the_worked_forecast() -> None:
    # 40,000 × 25/100 + 30,000 × 25/70 + 20,000 × 25/49 + 15,000 × 25/35
    # = 10,000.00 + 10,714.29 + 10,204.08 + 10,714.29 = 41,632.65, summed unrounded; + 61,000 = 102,632.65
    found = of(
        an_open("A", stage="needs", amount=40_000),
        an_open("B", stage="demo", amount=30_000),
        an_open("C", stage="concerns", amount=20_000),
        an_open("D", stage="negotiation", amount=15_000),
    )
    parts = [each.exact for each in found.closing if each.exact is not None]
    assert [f"{float(each / 100):,.2f}" for each in parts] == ["10,000.00", "10,714.29", "10,204.08", "10,714.29"]
    assert found.open_amount == eur(105_000)
    assert found.weighted == Money("EUR", 4_163_265)
    assert found.forecast == Money("EUR", 10_263_265)
    assert f"{found.forecast.amount / 120_000:.3f}" == "0.855"
    assert found.win_share is not None
    assert f"{float(found.win_share):.3f}" == "0.397"  # 41,632.65 ÷ 105,000


def test_a_sum_is_not_that_of_its_rounded_parts() -> None:
    # a third of 1.00 three times is 1.00, not 0.99
    shares = WinShares({"needs": Rate(10, 30)}, {})
    assert of(*[an_open(each, amount=1) for each in "ABC"], shares=shares, won=eur(0)).weighted == eur(1)


@pytest.mark.parametrize(
    ("deal", "reason"),
    [
        (an_open(closes=date(2026, 11, 19)), LeftOut.PAST_DUE),
        (an_open(closes=date(2026, 9, 30)), LeftOut.PAST_DUE),
        (an_open(closes=date(2026, 11, 19), amount=None), LeftOut.PAST_DUE),
        (an_open(closes=TODAY), None),
        (an_open(closes=LAST), None),
        (an_open(closes=date(2027, 1, 1)), LeftOut.OTHER_PERIOD),
        (an_open(closes=date(2027, 1, 1), amount=None), LeftOut.OTHER_PERIOD),
        (an_open(closes=None), LeftOut.NO_CLOSE_DAY),
        (an_open(amount=None), LeftOut.NO_AMOUNT),
        (an_open(amount=0), None),
    ],
)
def test_what_is_left_out_is_listed_with_its_reason(deal: OpenDeal, reason: LeftOut | None) -> None:
    found = of(deal)
    assert found.left_out == (((deal, reason),) if reason else ())
    assert len(found.closing) == (reason is None)
    for each in LeftOut:
        assert found.why(each) == ([deal] if each is reason else [])


def test_before_the_period_what_closes_until_then_is_of_another() -> None:
    early = date(2026, 9, 1)
    deals = [an_open("A", closes=date(2026, 9, 20)), an_open("B", closes=FIRST)]
    found = of(*deals, today=early)
    assert [each.deal.id for each in found.closing] == ["B"]
    assert found.why(LeftOut.OTHER_PERIOD) == [deals[0]]


def test_with_too_few_closed_deals_nothing_is_weighed() -> None:
    found = of(an_open(), shares=NO_SHARES)
    assert (found.weighted, found.forecast, found.win_share) == (None, None, None)
    assert (found.open_amount, len(found.unweighed)) == (eur(24_000), 1)


def test_a_stage_with_too_few_is_listed_and_the_others_are_weighed() -> None:
    shares = WinShares({"needs": Rate(10, 40), "demo": Rate(10, 29)}, {})
    found = of(an_open("A", amount=40_000), an_open("B", stage="demo", amount=9_000), shares=shares)
    assert [each.deal.id for each in found.unweighed] == ["B"]
    assert (found.weighted, found.open_amount) == (eur(10_000), eur(49_000))
    assert found.win_share == Fraction(1, 4)


def test_an_empty_pipeline_promises_what_is_won() -> None:
    found = of(shares=NO_SHARES)
    assert (found.weighted, found.forecast, found.win_share) == (eur(0), eur(61_000), None)


def test_a_deal_is_weighed_by_its_segment() -> None:
    shares = WinShares({"needs": Rate(10, 40)}, {"smb": {"needs": Rate(20, 40)}})
    assert of(an_open(amount=10_000, segment="smb"), shares=shares).weighted == eur(5_000)
    assert of(an_open(amount=10_000, segment="big"), shares=shares).weighted == eur(2_500)


# 105,000 ÷ (120,000 − 61,000) = 105,000 ÷ 59,000 = 1.78; at 25 % 1 ÷ 0.25 = 4.00 are needed
def test_the_worked_coverage() -> None:
    found = coverage(eur(105_000), eur(120_000), eur(61_000), Fraction(1, 4))
    assert isinstance(found, Coverage)
    assert (f"{float(found.times):.2f}", found.required, found.is_enough) == ("1.78", Fraction(4), False)


@pytest.mark.parametrize(
    ("target", "achieved", "expected"),
    [
        (None, 61_000, None),
        (0, 61_000, None),
        (60_000, 61_000, Covered.REACHED),
        (61_000, 61_000, Covered.REACHED),
    ],
)
def test_there_may_be_nothing_to_cover(target: int | None, achieved: int, expected: Covered | None) -> None:
    goal = None if target is None else eur(target)
    assert coverage(eur(105_000), goal, eur(achieved), Fraction(1, 4)) is expected


@pytest.mark.parametrize("share", [None, Fraction(0)])
def test_without_a_win_share_nothing_is_known_to_be_needed(share: Fraction | None) -> None:
    found = coverage(eur(105_000), eur(120_000), eur(-30_000), share)
    assert found == Coverage(Fraction(105, 150), None)
    assert isinstance(found, Coverage)
    assert found.is_enough is None


def test_enough_is_enough() -> None:
    found = coverage(eur(40_000), eur(20_000), eur(10_000), Fraction(1, 4))
    assert found == Coverage(Fraction(4), Fraction(4))
    assert isinstance(found, Coverage)
    assert found.is_enough


@pytest.mark.parametrize(
    ("rate", "expected"), [(Rate(25, 100), Fraction(1, 4)), (Rate(3, 7), None), (Rate(0, 0), None)]
)
def test_only_a_firm_win_rate_says_what_is_needed(rate: Rate, expected: Fraction | None) -> None:
    assert firm_share(rate) == expected


some_deals = st.lists(
    st.builds(
        lambda key, stage, amount, closes: an_open(key, stage=stage, amount=amount, closes=closes),
        st.uuids().map(str),
        st.sampled_from([*STAGES, "gone"]),
        st.none() | st.integers(0, 10**7),
        st.none() | st.dates(date(2026, 9, 1), date(2027, 2, 1)),
    ),
    max_size=20,
)


@given(some_deals, st.dates(date(2026, 8, 1), date(2027, 3, 1)))
def test_every_deal_stands_in_one_place_and_is_worth_no_more_than_its_amount(
    deals: Sequence[OpenDeal], today: date
) -> None:
    found = of(*deals, today=today)
    placed = [each.deal for each in found.closing] + [deal for deal, _ in found.left_out]
    assert sorted(deal.id for deal in placed) == sorted(deal.id for deal in deals)
    assert all(today <= each.deal.closes <= LAST for each in found.closing if each.deal.closes)
    if found.weighted is not None:
        assert 0 <= found.weighted.minor <= found.open_amount.minor
        assert found.forecast == found.won + found.weighted
    assert found.win_share is None or 0 <= found.win_share <= 1
