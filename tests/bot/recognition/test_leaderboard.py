"""A week's leaderboard by hand, on both databases; when it comes, who stands on it, and who does not want to."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from bot.absence import service as absence
from bot.absence.rules import Away
from bot.errors import Refused
from bot.recognition import planning, service
from bot.recognition.pages import Leaderboard
from bot.recognition.rules import Recognition
from bot.store.engine import Store
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
from tests.bot.quota.desk import at, on
from tests.bot.recognition.desk import MONDAY, W46, Board, parcel_of
from tests.factories import a_member


def shown(page: Leaderboard | None) -> list[tuple[str, int | None, Fraction | None]]:
    assert page is not None
    return [(each.name, each.place, each.card.score) for each in page.standings]


def away(desk: Board, first: date, last: date) -> None:
    desk.now = at(2, 10)
    absence.declare(desk.store, desk.cem, Away(first, last), desk.now)
    desk.now = MONDAY


def test_the_week_by_hand(store: Store) -> None:
    desk = Board(store)
    away(desk, on(9), on(15))
    page = service.leaderboard(store, desk.dana, None, desk.now)
    assert page.week == W46
    # One deal of 10,000 is no proof: 58.8 and 11.5 are not told apart, so they stand by name.
    assert shown(page) == [("Ana", None, Fraction(750, 65)), ("Dana", None, Fraction(5000, 85))]
    assert page.without_score == 1  # Arun; Cem was away
    assert page.mine is not None
    assert [(item.name, item.points) for item in page.mine.items] == [
        ("revenue", 25),
        ("deals", 10),
        ("calls", 15),
        ("accepted", None),
    ]


def test_whoever_was_there_for_a_day_is_asked_for_a_day(store: Store) -> None:
    desk = Board(store)
    away(desk, on(10), on(15))
    desk.now = at(9)
    desk.logs(by=desk.cem, count=5)
    desk.now = MONDAY
    page = service.leaderboard(store, desk.cem, W46, desk.now)
    assert page.mine is not None
    targets = {item.name: item.target for item in page.mine.items}
    assert targets["calls"] == 10  # 210 ÷ 21, though he works on fewer days of November than 21
    assert page.mine.score == Fraction(750, 65)


def test_figures_told_apart_have_places(store: Store) -> None:
    desk = Board(store)
    desk.decides(Recognition("C0TEAM", {"calls": 100}), Recognition("C0TEAM"))
    desk.now = at(11)
    desk.logs(by=desk.cem, count=26)
    desk.now = MONDAY
    found = shown(service.leaderboard(store, desk.ana, None, desk.now))
    # 60 against 26 of 50: 100 − 52 points, noise 1.96·100·√(60 ÷ 60² + 26 ÷ 50²) = 32.3
    assert found == [("Dana", 1, Fraction(100)), ("Ana", 2, Fraction(50)), ("Cem", 2, Fraction(52))]


def test_a_running_week_is_measured_by_the_days_so_far(store: Store) -> None:
    desk = Board(store)
    desk.now = at(10, 12)
    page = service.leaderboard(store, desk.ana, W46, desk.now)
    assert page.is_running
    assert page.mine is not None
    assert {item.name: item.target for item in page.mine.items}["calls"] == 20


def test_it_comes_once_a_week_on_monday_morning(store: Store) -> None:
    desk = Board(store)
    assert desk.job() == at(9, 9)
    desk.now = at(9, 8)
    desk.ticks()
    assert desk.boards() == []
    desk.now = at(9, 9)
    desk.ticks()
    desk.ticks()
    assert desk.job() == MONDAY
    desk.now = MONDAY
    desk.ticks()
    assert [(row.recipient, row.occasion) for row in desk.boards()] == [("C0TEAM", "2026-W45"), ("C0TEAM", "2026-W46")]


def test_after_a_public_holiday_it_comes_on_the_next_working_day_of_the_workspace(store: Store) -> None:
    desk = Board(store)
    settings: dict[str, Any] = {Setting.ZONE: "Europe/Berlin", Setting.COUNTRY: "DE"}
    desk.now = at(28, 12, month=3).replace(year=2027)
    desk.ticks()
    workspace.change(store, desk.sam, settings, desk.now)
    service.ensure(store, "T0BATON", desk.now)
    # Easter Monday is 29 March 2027; summer time has begun the day before.
    assert desk.job() == at(30, 7, month=3).replace(year=2027)
    desk.now = at(30, 7, month=3).replace(year=2027)
    desk.ticks()
    assert [row.occasion for row in desk.boards()][-1] == "2027-W12"


def test_one_that_is_too_late_does_not_come(store: Store) -> None:
    desk = Board(store)
    desk.now = at(14)
    desk.ticks()
    assert desk.boards() == []
    assert desk.job() == MONDAY


def test_off_until_somebody_decides_and_off_again(store: Store) -> None:
    desk = Board(store)
    desk.decides(Recognition(None), Recognition("C0TEAM"))
    assert desk.job() is None
    with pytest.raises(Refused) as refused:
        service.leaderboard(store, desk.ana, None, desk.now)
    assert refused.value.key == "recognition.refused.off"
    assert "Sam" in str(refused.value.params["can"])


def test_only_those_decide_who_may_change_settings(store: Store) -> None:
    desk = Board(store)
    for actor in (desk.ana, desk.maria, desk.mark):
        with pytest.raises(Refused):
            service.decide(store, actor, Recognition("C0MINE"), Recognition("C0TEAM").to_json(), desk.now)
        with pytest.raises(Refused):
            service.deciding(store, actor, desk.now)
    admin = a_member(store, "U0BOSS", is_admin=True)
    assert service.deciding(store, admin, desk.now) == Recognition("C0TEAM")


def test_whoever_leaves_is_off_the_posted_ones_too_and_back_when_they_like(store: Store) -> None:
    desk = Board(store)
    desk.now = at(9, 9)
    desk.ticks()
    desk.now = MONDAY
    desk.ticks()
    assert service.show(store, desk.dana, desk.now, is_out=True)
    assert not service.show(store, desk.dana, desk.now, is_out=True)
    old, new = desk.boards()
    assert (old.version, new.version) == (2, 2)
    assert [name for name, _, _ in shown(service.told(store, parcel_of(new, ts="1.0"), desk.now))] == ["Ana", "Cem"]
    mine = service.leaderboard(store, desk.dana, None, desk.now)
    assert mine.is_out
    assert mine.mine is not None
    assert service.show(store, desk.dana, desk.now, is_out=False)
    assert "Dana" in [name for name, _, _ in shown(service.told(store, parcel_of(new, ts="1.0"), desk.now))]


def test_nothing_is_posted_where_nobody_has_a_score_or_the_channel_is_another_one_by_now(store: Store) -> None:
    desk = Board(store)
    desk.now = MONDAY
    desk.ticks()
    row = desk.boards()[-1]
    desk.decides(Recognition("C0TEAM", {"sqls": 10}), Recognition("C0TEAM"))
    assert service.told(store, parcel_of(row), desk.now) is None
    desk.decides(Recognition("C0ELSE"), Recognition("C0TEAM", {"sqls": 10}))
    assert service.told(store, parcel_of(row), desk.now) is None
    desk.ticks()
    assert len([each for each in desk.boards() if each.occasion == "2026-W46"]) == 1


def test_the_language_is_that_of_most(store: Store) -> None:
    desk = Board(store)
    assert service.leaderboard(store, desk.ana, None, desk.now).language == "en"
    for each in ("U0ANA", "U0DANA"):
        a_member(store, each, name=each.removeprefix("U0").title(), language="ru")
    assert service.leaderboard(store, desk.ana, None, desk.now).language == "ru"


def test_the_ids_of_the_last_weeks(store: Store) -> None:
    assert planning.message_id("T0BATON", "2026-W46") in planning.shown_ids("T0BATON", on(16))
    assert planning.message_id("T1OTHER", "2026-W46") not in planning.shown_ids("T0BATON", on(16))
