"""Milestones on both databases: told once, taken back in their place, and of nobody who does not want it."""

from decimal import Decimal

import pytest

from bot.deals import service as service_of_deals
from bot.people import assignments
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.quota.metrics import DEALS
from bot.quota.whose import Whose
from bot.recognition import milestones, service
from bot.recognition.pages import Milestone
from bot.recognition.rules import Recognition
from bot.store.engine import Store
from tests.bot.quota.desk import HERE, at, on
from tests.bot.recognition.desk import Board, parcel_of

FIRST = ("person:U0DANA:wins:1", False)


@pytest.fixture
def desk(store: Store) -> Board:
    """Dana has won Acme; it has been looked at."""
    desk = Board(store)
    desk.ticks()
    return desk


def test_the_first_win_is_told_once_in_the_channel_of_wins(desk: Board) -> None:
    assert desk.milestones() == [FIRST]
    (row,) = desk.told(milestones.REACHED)
    assert row.recipient == "C0WINS"
    page = service.told_milestone(desk.store, parcel_of(row), desk.now)
    assert page == Milestone("Dana", False, 1, None, False, "en")
    desk.wins(desk.opens("Globex"), 1)
    desk.ticks()
    assert desk.milestones() == [FIRST]


def test_the_first_win_is_taken_back_with_its_only_deal(store: Store) -> None:
    desk = Board(store)
    won = desk.wins(desk.opens("Globex", by=desk.arun), 1, by=desk.arun)
    desk.ticks()
    assert ("person:U0ARUN:wins:1", False) in desk.milestones()
    service_of_deals.reopen(store, desk.arun, won.id, None, origin="again", now=desk.now)
    desk.ticks()
    assert ("person:U0ARUN:wins:1", True) in desk.milestones()


def test_of_two_wins_one_may_go(desk: Board) -> None:
    globex = desk.wins(desk.opens("Globex"), 1)
    desk.ticks()
    desk.reopens(globex)
    desk.ticks()
    assert desk.milestones() == [FIRST]


def test_tenth_win_comes_and_goes(desk: Board) -> None:
    for nth in range(2, 10):
        desk.wins(desk.opens(f"Company {nth}"), 1)
    desk.ticks()
    assert desk.milestones() == [FIRST]
    tenth = desk.wins(desk.opens("Tenth"), 1)
    desk.ticks()
    assert ("person:U0DANA:wins:10", False) in desk.milestones()
    reopened = desk.reopens(tenth)
    desk.ticks()
    assert ("person:U0DANA:wins:10", True) in desk.milestones()
    assert FIRST in desk.milestones()
    desk.wins(reopened, 1)
    desk.ticks()
    assert ("person:U0DANA:wins:10", False) in desk.milestones()
    assert len(desk.told(milestones.REACHED)) == 2
    (row,) = [each for each in desk.told(milestones.REACHED) if each.occasion.endswith(":10")]
    assert row.version == 3


def test_several_wins_between_two_looks_pass_over_none(desk: Board) -> None:
    for nth in range(2, 14):
        desk.wins(desk.opens(f"Company {nth}"), 1)
    desk.ticks()
    assert ("person:U0DANA:wins:10", False) in desk.milestones()


def test_what_was_won_by_a_list_is_no_occasion(desk: Board) -> None:
    for nth in range(2, 12):
        desk.wins(desk.opens(f"Company {nth}"), 1, is_quiet=True)
    desk.wins(desk.opens("Globex"), 1)
    desk.ticks()
    assert desk.milestones() == [FIRST]


def test_the_target_of_the_quarter(desk: Board) -> None:
    globex = desk.wins(desk.opens("Globex"), 253_999)
    desk.ticks()
    assert desk.milestones() == [FIRST]
    desk.wins(desk.opens("Initech"), 1)
    desk.ticks()
    assert ("person:U0DANA:target:2026-Q4", False) in desk.milestones()
    desk.reopens(globex)
    desk.ticks()
    assert ("person:U0DANA:target:2026-Q4", True) in desk.milestones()


def test_a_target_that_was_reached_before_is_no_news(desk: Board) -> None:
    desk.wins(desk.opens("Globex"), 300_000, is_quiet=True)
    desk.wins(desk.opens("Initech"), 1)
    desk.ticks()
    assert desk.milestones() == [FIRST]


def test_the_target_of_a_team_with_those_who_were_in_it(desk: Board) -> None:
    with desk.store.write() as tx:
        for person in ("U0DANA", "U0ANA"):
            command = Assign(person, on(1), aspects={"team": "North"})
            assignments.apply(tx, Stamp(HERE, "U0SAM", at(2)), command, today=on(2))
    desk.sets(2, by=desk.sam, group=(Whose.TEAM, "North"), metric=DEALS)
    desk.wins(desk.opens("Globex"), 1)
    desk.ticks()
    assert ("team:north:target:2026-Q4", False) in desk.milestones()
    row = next(each for each in desk.told(milestones.REACHED) if each.occasion.startswith("team:"))
    page = service.told_milestone(desk.store, parcel_of(row), desk.now)
    assert page == Milestone("North", True, 0, "2026-Q4", False, "en")


def test_a_deal_of_two_reaches_the_team_s_target_though_neither_share_does(desk: Board) -> None:
    with desk.store.write() as tx:
        for person in ("U0DANA", "U0ARUN"):
            command = Assign(person, on(1), aspects={"team": "North"})
            assignments.apply(tx, Stamp(HERE, "U0SAM", at(2)), command, today=on(2))
    desk.sets(1_004_000, by=desk.sam, group=(Whose.TEAM, "North"))  # Acme brought 10,000 of 10,040
    desk.wins(desk.opens("Globex", split=(("U0ARUN", Decimal(50)),)), 100)
    desk.ticks()
    assert ("team:north:target:2026-Q4", False) in desk.milestones()
    assert len([each for each in desk.milestones() if each[0].startswith("team:")]) == 1


def test_whoever_is_left_out_is_congratulated_by_nobody(store: Store) -> None:
    desk = Board(store)
    service.show(store, desk.dana, desk.now, is_out=True)
    desk.ticks()
    assert desk.milestones() == []
    service.show(store, desk.dana, desk.now, is_out=False)
    desk.wins(desk.opens("Globex"), 1)
    desk.ticks()
    assert desk.milestones() == []  # it was the second


def test_leaving_before_it_is_sent_keeps_it_from_being_sent(desk: Board) -> None:
    (row,) = desk.told(milestones.REACHED)
    service.show(desk.store, desk.dana, desk.now, is_out=True)
    assert service.told_milestone(desk.store, parcel_of(row), desk.now) is None


def test_none_without_a_channel_of_wins_or_where_they_are_off(store: Store) -> None:
    desk = Board(store)
    desk.decides(Recognition("C0TEAM", has_milestones=False), Recognition("C0TEAM"))
    desk.ticks()
    assert desk.milestones() == []
