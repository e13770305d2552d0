"""A quarter of leads: nobody gets one who should not, everybody gets about their share, who returns is not flooded."""

from dataclasses import replace
from datetime import timedelta
from math import sqrt

import pytest

from bot.routing.replay import replay
from bot.working_time.presence import Span
from tests.bot.routing.quarter import PERIOD, SEED, Quarter, beyond, by_office, chances, leaves, quarter
from tests.lengths import length

LEADS = length(600, 10_000)

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def lived() -> Quarter:
    return quarter(LEADS, SEED)


def test_nobody_gets_one_while_away_over_the_cap_or_elsewhere(lived: Quarter) -> None:
    takers = {each.id: each for each in lived.takers}
    assert len(lived.picks) >= LEADS
    for pick in lived.picks:
        winner = takers[pick.choice.winner or ""]
        assert not any(away.start <= pick.at < away.end for away in winner.schedule.absences), pick
        (row,) = (row for row in pick.choice.rows if row.candidate == winner.id)
        assert row.open < (winner.cap or row.open + 1)
        assert pick.lead.territory is None or pick.lead.territory in winner.territories
        assert pick.lead.segment is None or not winner.segments or pick.lead.segment in winner.segments


def test_every_lead_finds_somebody_unless_all_have_passed_it(lived: Quarter) -> None:
    assert len(lived.unplaced) <= LEADS / 1000


def test_shares_are_as_near_to_fair_as_a_drawn_lot_would_be(lived: Quarter) -> None:
    """Within three standard deviations of a lot drawn by weight. Loads are made level, not counts: who settles faster
    than others gets more, and what was not got in the days after a leave is not made up for.
    """
    shares = replay(lived.events, lived.takers, PERIOD).shares
    fair = by_office(lived, shares)
    far = {each.taker: float(each.got - fair[each.taker]) for each in shares if each.taker in fair}
    assert {name: off for name, off in far.items() if abs(off) > 3 * sqrt(fair[name])} == {}
    assert sum(each.got for each in shares) == sum(each.fair for each in shares)


def test_of_the_first_ten_after_a_fortnight_nobody_gets_two_more_than_their_share(lived: Quarter) -> None:
    back = [(each, leave) for each in lived.takers for leave in leaves(each)]
    assert len(back) > 8
    for taker, leave in back:
        after = chances(lived, taker, Span(leave.end, leave.end + timedelta(days=7)))
        assert beyond(after[:10]) <= 1, taker.id


def test_the_rules_of_then_give_the_answers_of_then(lived: Quarter) -> None:
    found = replay(lived.events, lived.takers, PERIOD)
    assert [each for each in found.fates if each.then != each.now] == []
    assert all(each.then == each.got for each in found.shares)


def test_other_weights_give_other_shares(lived: Quarter) -> None:
    doubled = [replace(each, weight=each.weight * 2) if each.id == "New York 1" else each for each in lived.takers]
    found = {each.taker: each for each in replay(lived.events, doubled, PERIOD).shares}
    assert found["New York 1"].got > 1.2 * found["New York 1"].then
    assert found["New York 3"].got < found["New York 3"].then
