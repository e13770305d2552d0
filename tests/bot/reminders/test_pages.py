"""What a reminder shows when it is sent, and when it changes: always the state of that moment."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from bot.activity import service as activity
from bot.activity import steps
from bot.activity.model import StepState
from bot.delivery.outcome import NotYet, Parcel
from bot.noise import rules
from bot.people import service as people
from bot.reminders import pages, service
from bot.reminders.pages import DailyPage, DayOff, FollowUpPage, WeekPage
from bot.reminders.rules import Kind
from bot.reminders.service import Act
from bot.store.engine import Store
from tests.bot.reminders.desk import (
    ANA,
    HERE,
    a_rep,
    found,
    is_away,
    logs,
    on,
    promises,
    put,
    rows,
    sent,
    tick,
)
from tests.factories import NOW, a_profile

DAILY, FOLLOW_UP, WEEK = Kind.DAILY, Kind.FOLLOW_UP, Kind.WEEK_AHEAD
OF_ROW = (
    *("workspace_id", "id", "kind", "recipient", "occasion", "place", "subject", "way", "if_unsure", "version"),
    *("attempts", "useful_until", "channel", "ts", "act", "recorded_at"),
)


def parcel(row: Any) -> Parcel:
    """A row in the hands of whoever sends it."""
    values = {name: getattr(row, name) for name in OF_ROW}
    return Parcel(**values, was_unsure=False, tried_at=row.recorded_at)


def newest(store: Store, kind: Kind, *, stands: bool = False) -> Parcel:
    """The last reminder of a kind: about to be sent, or to be changed where it stands."""
    found_row = parcel(rows(store, kind)[-1])
    return replace(found_row, channel="D0ANA", ts="1.1") if stands else found_row


def daily(store: Store, text: str = "11-18 16:30", *, stands: bool = False) -> DailyPage | None:
    """The last reminder of the day, as it reads at a moment."""
    return pages.daily_page(store, newest(store, DAILY, stands=stands), on(text))


def follow_up(store: Store, text: str, *, stands: bool = False) -> FollowUpPage | None:
    """The last reminder of follow-ups; None where it is not sent, or not yet."""
    page = pages.follow_up_page(store, newest(store, FOLLOW_UP, stands=stands), on(text))
    return None if isinstance(page, NotYet) else page


def week(store: Store, text: str, *, stands: bool = False) -> WeekPage | None:
    """The last of the week ahead."""
    return pages.week_page(store, newest(store, WEEK, stands=stands), on(text))


def test_the_day_is_shown_as_it_stands_when_the_message_goes_out(store: Store) -> None:
    a_rep(store)
    logs(store, 3, "11-18")
    tick(store, "11-18 16:30")
    logs(store, 2, "11-18")
    page = daily(store)
    assert page is not None
    assert (page.day, page.calls, page.goal) == (date(2026, 11, 18), 5, 10)
    assert (page.actor.id, page.today, page.act, page.asks) == (ANA, date(2026, 11, 18), None, False)


def test_a_goal_that_is_reached_meanwhile_needs_no_reminder_but_one_that_stands_shows_it(store: Store) -> None:
    a_rep(store)
    tick(store, "11-18 16:30")
    logs(store, 10, "11-18")
    assert daily(store) is None
    page = daily(store, stands=True)
    assert page is not None
    assert page.calls == 10


def test_the_day_stays_the_day_that_was_asked_about(store: Store) -> None:
    a_rep(store)
    tick(store, "11-18 16:30")
    logs(store, 4, "11-19")
    page = daily(store, "11-19 09:00", stands=True)
    assert page is not None
    assert (page.day, page.today, page.calls) == (date(2026, 11, 18), date(2026, 11, 19), 0)


@pytest.mark.parametrize("kind", [DAILY, FOLLOW_UP, WEEK])
@pytest.mark.parametrize("stands", [False, True])
def test_who_is_no_colleague_any_more_reads_nothing(store: Store, kind: Kind, stands: bool) -> None:
    a_rep(store)
    promises(store, "send quote", "11-23")
    for moment in ("11-23 09:00", "11-23 10:00", "11-23 16:30"):
        tick(store, moment)
    people.remember(store, HERE, a_profile(id=ANA, zone="UTC", is_active=False), NOW)
    reads = {DAILY: pages.daily_page, FOLLOW_UP: pages.follow_up_page, WEEK: pages.week_page}
    assert reads[kind](store, newest(store, kind, stands=stands), on("11-23 16:30")) is None


@pytest.fixture
def any_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many reminders are in vain, none moves into the digest: ten in a row take three moves otherwise."""
    monkeypatch.setattr(rules, "IN_A_ROW", 1000)


def working_days(first: date = date(2026, 11, 18)) -> Any:
    """Day after day, weekends left out."""
    return (day for n in range(200) if (day := first + timedelta(days=n)).weekday() < 5)


def is_reminded_daily(store: Store, times: int, first: date = date(2026, 11, 18)) -> datetime:
    """So many reminders of the day went out, on working days; returns the moment of the last."""
    days = working_days(first)
    now = on("11-18 16:30")
    for _ in range(times):
        now = on(f"{next(days):%m-%d} 16:30")
        tick(store, f"{now:%m-%d %H:%M}")
        sent(store, rows(store, DAILY)[-1], now)
    return now


@pytest.mark.usefixtures("any_noise")
@pytest.mark.parametrize(
    ("times", "asks"), [(1, False), (10, False), (11, True), (12, False), (20, False), (21, True), (22, False)]
)
def test_after_ten_in_a_row_that_nobody_acted_on_it_asks_and_then_after_ten_more(
    store: Store, times: int, asks: bool
) -> None:
    a_rep(store)
    now = is_reminded_daily(store, times)
    page = daily(store, f"{now:%m-%d %H:%M}", stands=True)
    assert page is not None
    assert page.asks is asks


@pytest.mark.usefixtures("any_noise")
@pytest.mark.parametrize(("nth", "asks"), [(0, True), (5, False), (10, False)])
def test_a_press_begins_the_count_anew(store: Store, nth: int, asks: bool) -> None:
    who = a_rep(store)
    is_reminded_daily(store, 11)
    acted_on = rows(store, DAILY)[nth]
    service.act(store, who, acted_on.id, Act.NOT_TODAY, on("12-02 16:35"))
    sent(store, acted_on, on("12-02 16:36"))
    tick(store, "12-03 16:30")
    page = daily(store, "12-03 16:30")
    assert page is not None
    assert page.asks is asks


@pytest.mark.usefixtures("any_noise")
@pytest.mark.parametrize(("day", "asks"), [("11-17", True), ("11-18", False), ("11-24", False), ("12-01", False)])
def test_who_logs_a_call_after_a_reminder_has_acted_on_it(store: Store, day: str, asks: bool) -> None:
    a_rep(store)
    logs(store, 2, "11-18")
    is_reminded_daily(store, 10)
    logs(store, 1, day)
    tick(store, "12-02 16:30")
    page = daily(store, "12-02 16:30")
    assert page is not None
    assert page.asks is asks


@pytest.mark.usefixtures("any_noise")
def test_what_was_never_sent_is_not_counted(store: Store) -> None:
    a_rep(store)
    is_reminded_daily(store, 9)
    tick(store, "12-01 16:30")  # dropped, say: Slack was away
    tick(store, "12-02 16:30")
    page = daily(store, "12-02 16:30")
    assert page is not None
    assert not page.asks


def is_reminded_of_steps(store: Store, times: int) -> list[Any]:
    """So many messages about a follow-up each went out; returns the ids of the steps."""
    ids = []
    for day in [next_day for next_day, _ in zip(working_days(date(2026, 11, 19)), range(times), strict=False)]:
        ids.append(promises(store, f"step of {day}", f"{day:%m-%d}"))
        for at in ("09:00", "10:00"):
            tick(store, f"{day:%m-%d} {at}")
        sent(store, rows(store, FOLLOW_UP)[-1], on(f"{day:%m-%d} 10:00"))
    return ids


@pytest.mark.usefixtures("any_noise")
@pytest.mark.parametrize(
    ("how", "asks"),
    [
        pytest.param("nothing", True, id="left alone"),
        pytest.param("done", False, id="done on Home"),
        pytest.param("moved", False, id="moved on Home"),
    ],
)
def test_what_becomes_of_a_follow_up_on_home_counts_as_a_press(store: Store, how: str, asks: bool) -> None:
    who = a_rep(store)
    ids = is_reminded_of_steps(store, 11)
    if how == "done":
        steps.finish(store, who, ids[5], on("11-26 11:00"))
    if how == "moved":
        steps.postpone(store, who, ids[5], date(2026, 12, 24), on("11-26 11:00"))
    for row in rows(store, FOLLOW_UP):
        sent(store, row, row.recorded_at)  # the cards that changed stand again
    page = follow_up(store, "12-03 10:00", stands=True)
    assert page is not None
    assert page.asks is asks


@pytest.mark.usefixtures("any_noise")
def test_after_ten_weeks_the_week_ahead_asks(store: Store) -> None:
    a_rep(store)
    promises(store, "send quote", "11-24")
    first = date(2026, 8, 31)
    for n in range(11):
        monday = first + timedelta(weeks=n)
        put(store, WEEK, f"{monday:%m-%d} 09:00")
        tick(store, f"{monday:%m-%d} 09:00")
        sent(store, rows(store, WEEK)[-1], on(f"{monday:%m-%d} 09:00"))
    page = week(store, "11-09 09:00", stands=True)
    assert page is not None
    assert page.asks


def reminded_of_three(store: Store) -> list[Any]:
    """Ana was reminded of three follow-ups at once."""
    a_rep(store)
    ids = [promises(store, what, "11-19") for what in ("send quote", "call back", "book a room")]
    for moment in ("11-19 09:00", "11-19 10:00"):
        tick(store, moment)
    return ids


def test_follow_ups_are_shown_as_they_stand_in_their_order(store: Store) -> None:
    ids = reminded_of_three(store)
    steps.finish(store, found(store), ids[0], on("11-19 10:01"))
    steps.postpone(store, found(store), ids[1], date(2026, 11, 20), on("11-19 10:01"))
    page = follow_up(store, "11-19 10:02")
    assert page is not None
    assert [(each.what, each.state, each.day.day) for each in page.steps] == [
        ("send quote", StepState.DONE, 19),
        ("call back", StepState.OPEN, 20),
        ("book a room", StepState.OPEN, 19),
    ]
    assert page.steps[0].who == "Acme"


def test_what_is_settled_before_anybody_had_to_be_reminded_is_not_said_but_shown_where_it_stands(store: Store) -> None:
    ids = reminded_of_three(store)
    for each in ids[:2]:
        steps.finish(store, found(store), each, on("11-19 10:01"))
    activity.undo_last(store, found(store), origin="undo", now=on("11-19 10:01"))
    assert follow_up(store, "11-19 10:02") is None
    page = follow_up(store, "11-19 10:02", stands=True)
    assert page is not None
    assert [each.state for each in page.steps] == [StepState.DONE, StepState.DONE, StepState.WITHDRAWN]


def test_a_step_that_changes_changes_its_card(store: Store) -> None:
    ids = reminded_of_three(store)
    (row,) = rows(store, FOLLOW_UP)
    sent(store, row, on("11-19 10:00"))
    steps.finish(store, found(store), ids[0], on("11-19 10:01"))
    (row,) = rows(store, FOLLOW_UP)
    assert (row.state, row.way, row.version) == ("waiting", "update", 2)


def test_the_week_brings_what_is_overdue_what_was_promised_and_days_off(store: Store) -> None:
    a_rep(store, country="DE")
    for what, day in (("late", "12-18"), ("tuesday", "12-22"), ("monday", "12-21"), ("next week", "12-28")):
        promises(store, what, day, time(12))
    is_away(store, "12-23", "12-23")
    put(store, WEEK, "12-21 09:00")
    tick(store, "12-21 09:00")
    page = week(store, "12-21 09:00")
    assert page is not None
    assert page.monday == date(2026, 12, 21)
    assert [each.what for each in page.overdue] == ["late"]
    assert [each.what for each in page.steps] == ["monday", "tuesday"]
    assert page.days_off == (
        DayOff(date(2026, 12, 23), None),
        DayOff(date(2026, 12, 25), "Christmas Day"),
    )


def test_a_holiday_has_its_name_in_the_readers_language(store: Store) -> None:
    a_rep(store, country="RU", language="ru")
    put(store, WEEK, "11-02 09:00")
    tick(store, "11-02 09:00")
    page = week(store, "11-02 09:00")
    assert page is not None
    assert page.days_off == (DayOff(date(2026, 11, 4), "День народного единства"),)


def test_days_off_that_are_over_are_not_part_of_the_week_ahead(store: Store) -> None:
    a_rep(store, country="DE")
    promises(store, "send quote", "12-31")
    is_away(store, "12-28", "12-29")
    put(store, WEEK, "12-30 09:00")
    tick(store, "12-30 09:00")
    page = week(store, "12-30 09:00")
    assert page is not None
    assert page.days_off == (DayOff(date(2027, 1, 1), "New Year's Day"),)


def test_a_week_that_brings_nothing_is_not_told_but_one_that_was_told_stays(store: Store) -> None:
    a_rep(store)
    tick(store, "11-23 09:00")
    assert week(store, "11-23 09:00") is None
    page = week(store, "11-23 09:00", stands=True)
    assert page is not None
    assert (page.overdue, page.steps, page.days_off) == ((), (), ())
