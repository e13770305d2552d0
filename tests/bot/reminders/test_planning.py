"""What the ticks make of jobs that are due: who is reminded, once, and what is late; on both databases."""

import threading
from collections.abc import Mapping, Sequence
from contextvars import copy_context
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import Connection

from bot.access.roles import Role
from bot.delivery.claims import drop_stale
from bot.people import assignments
from bot.people import service as people
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.reminders import planning, service
from bot.reminders.line import Decided
from bot.reminders.rules import Kind, Quiet
from bot.schedule import service as schedule
from bot.schedule.service import Due
from bot.store.engine import Store
from tests.bot.reminders.desk import (
    ANA,
    HERE,
    a_rep,
    decides,
    is_away,
    jobs,
    logs,
    on,
    promises,
    put,
    rows,
    tick,
)
from tests.factories import NOW, TODAY, a_member, a_profile

DAILY, WEEK, FOLLOW_UP = Kind.DAILY, Kind.WEEK_AHEAD, Kind.FOLLOW_UP


def stale(store: Store, text: str) -> dict[str, int]:
    """What the sender drops and counts at a moment."""
    with store.write() as tx:
        return drop_stale(tx, HERE, on(text))


def test_who_is_below_their_goal_is_reminded_of_the_day(store: Store) -> None:
    a_rep(store)
    logs(store, 3, "11-18")
    assert jobs(store)[DAILY] == "11-18 16:30"
    assert tick(store, "11-18 16:29") == 0
    assert tick(store, "11-18 16:30") == 1
    (row,) = rows(store, DAILY)
    assert (row.recipient, row.occasion, row.subject) == (ANA, "2026-11-18", {"day": "2026-11-18", "calls": 3})
    assert row.useful_until == on("11-18 17:30")
    assert jobs(store)[DAILY] == "11-19 16:30"


def test_who_has_reached_their_goal_is_left_alone_until_the_next_day(store: Store) -> None:
    a_rep(store)
    logs(store, 10, "11-18")
    assert tick(store, "11-18 16:30") == 1
    assert rows(store) == []
    tick(store, "11-19 16:30")
    assert [row.occasion for row in rows(store)] == ["2026-11-19"]


def test_the_goal_is_that_of_the_role(store: Store) -> None:
    a_rep(store, ANA, Role.SDR)
    logs(store, 10, "11-18")
    tick(store, "11-18 16:30")
    assert len(rows(store, DAILY)) == 1


@pytest.mark.parametrize("kind", [DAILY, WEEK])
def test_who_muted_a_kind_has_no_job_and_one_that_is_left_over_says_nothing(store: Store, kind: Kind) -> None:
    a_rep(store)
    decides(store, Decided(kind, is_on=False))
    assert kind not in jobs(store)
    put(store, kind, "11-18 16:30")
    assert tick(store, "11-18 16:30") >= 1
    assert rows(store, kind) == []
    assert kind not in jobs(store)


def test_an_absence_that_nobody_has_planned_for_yet_is_seen(store: Store) -> None:
    a_rep(store)
    is_away(store, "11-18", "11-20")
    tick(store, "11-18 16:30")
    assert rows(store) == []
    assert jobs(store)[DAILY] == "11-23 16:30"


def test_a_holiday_that_nobody_has_planned_for_yet_is_seen(store: Store) -> None:
    a_rep(store, country="DE")
    put(store, DAILY, "12-25 16:30")
    put(store, WEEK, "12-25 16:30")
    tick(store, "12-25 16:30")
    assert rows(store, DAILY) == []
    assert jobs(store) == {DAILY: "12-28 16:30", WEEK: "12-28 09:00"}


def test_who_is_at_the_dentists_hears_it_as_they_are_back(store: Store) -> None:
    a_rep(store)
    is_away(store, "11-18", "11-18", start=time(16), end=time(17))
    service.ensure(store, HERE, [ANA], NOW)
    assert jobs(store)[DAILY] == "11-18 17:00"
    tick(store, "11-18 17:00")
    assert [row.occasion for row in rows(store)] == ["2026-11-18"]


def test_who_is_away_over_midnight_hears_it_as_they_are_back_in_that_night(store: Store) -> None:
    a_rep(store, hours={str(day): ["22:00", "06:00"] for day in range(7)})
    decides(store, Decided(DAILY, at=time(23, 50)))
    is_away(store, "11-18", "11-19", start=time(23, 30), end=time(0, 30))
    service.ensure(store, HERE, [ANA], NOW)
    assert jobs(store)[DAILY] == "11-19 00:30"
    tick(store, "11-19 00:30")
    assert [row.occasion for row in rows(store, DAILY)] == ["2026-11-18"]


def test_a_time_of_a_late_shift_comes_in_no_quiet_hours_of_the_other_days(store: Store) -> None:
    hours = {str(day): ["12:00", "20:00"] if day == TODAY.weekday() else ["09:00", "17:30"] for day in range(5)}
    a_rep(store)
    with store.write() as tx:
        command = Assign(ANA, TODAY, aspects={"hours": hours})
        assignments.apply(tx, Stamp(HERE, ANA, NOW), command, today=TODAY)
    decides(store, Decided(DAILY, at=time(19)))
    decides(store, Decided(quiet=Quiet(time(18), time(8))))
    tick(store, "11-18 19:00")
    assert jobs(store)[DAILY] == "11-25 19:00"
    put(store, DAILY, "11-19 19:00")
    tick(store, "11-19 19:00")
    assert [row.occasion for row in rows(store, DAILY)] == ["2026-11-18"]


def test_whose_role_has_ended_is_reminded_no_more(store: Store) -> None:
    a_rep(store)
    ends(store, ANA, Role.AE, date(2026, 11, 17))
    tick(store, "11-18 16:30")
    assert rows(store) == []
    tick(store, "11-23 09:00")
    assert jobs(store) == {}


def ends(store: Store, person_id: str, role: Role, last: date) -> None:
    """A role ends after its last day."""
    assignments.end(store, a_member(store, "U0SAM", Role.OPS), person_id, role, last, NOW)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"is_active": False}, id="left"),
        pytest.param({"is_guest": True}, id="a guest now"),
        pytest.param({"is_foreign": True}, id="of another workspace now"),
    ],
)
def test_who_is_no_colleague_any_more_is_reminded_of_nothing(store: Store, change: Mapping[str, bool]) -> None:
    a_rep(store)
    promises(store, "send quote", "11-19")
    people.remember(store, HERE, a_profile(id=ANA, zone="UTC", **change), NOW)
    for moment in ("11-18 16:30", "11-19 10:00", "11-23 09:00"):
        tick(store, moment)
    assert rows(store) == []
    assert jobs(store) == {}


@pytest.mark.parametrize(
    ("late", "dropped"),
    [
        pytest.param("11-18 17:25", {}, id="still of use"),
        pytest.param("11-18 17:30", {}, id="in the last moment"),
        pytest.param("11-18 17:31", {DAILY: 1}, id="after the day is over"),
        pytest.param("11-19 08:00", {DAILY: 1}, id="on the next morning"),
    ],
)
def test_what_was_slept_through_is_sent_once_or_dropped_and_counted(
    store: Store, late: str, dropped: dict[str, int]
) -> None:
    a_rep(store)
    tick(store, late)
    tick(store, late)
    assert [row.occasion for row in rows(store)] == ["2026-11-18"]
    assert stale(store, late) == dropped
    assert jobs(store)[DAILY] == "11-19 16:30"


def test_after_three_days_one_reminder_stands_for_all_of_them_and_is_dropped(store: Store) -> None:
    a_rep(store)
    tick(store, "11-21 10:00")
    assert [row.occasion for row in rows(store)] == ["2026-11-20"]
    assert stale(store, "11-21 10:00") == {DAILY: 1}
    assert jobs(store) == {DAILY: "11-23 16:30", WEEK: "11-23 09:00"}


def test_after_three_days_that_ended_in_a_weekend_it_is_counted_all_the_same(store: Store) -> None:
    a_rep(store)
    put(store, DAILY, "11-19 16:30")
    tick(store, "11-22 10:00")
    assert stale(store, "11-22 10:00") == {DAILY: 1}


def test_after_three_days_the_week_ahead_is_stale(store: Store) -> None:
    a_rep(store)
    tick(store, "11-26 10:00")
    assert [row.occasion for row in rows(store, WEEK)] == ["2026-11-23"]
    assert stale(store, "11-26 10:00") == {DAILY: 1, WEEK: 1}
    assert jobs(store)[WEEK] == "11-30 09:00"


def test_the_week_is_told_as_it_begins(store: Store) -> None:
    a_rep(store)
    assert jobs(store)[WEEK] == "11-23 09:00"
    tick(store, "11-23 09:00")
    (row,) = rows(store, WEEK)
    assert (row.occasion, row.subject, row.useful_until) == (
        "2026-11-23",
        {"monday": "2026-11-23"},
        on("11-23 17:30"),
    )
    assert jobs(store)[WEEK] == "11-30 09:00"


def test_after_leave_the_week_is_told_on_the_day_that_somebody_is_back(store: Store) -> None:
    a_rep(store)
    is_away(store, "11-19", "11-24")
    service.ensure(store, HERE, [ANA], NOW)
    service.ensure(store, HERE, (), on("11-25 08:00"))
    assert jobs(store)[WEEK] == "11-25 09:00"
    tick(store, "11-25 09:00")
    (row,) = rows(store, WEEK)
    assert (row.occasion, row.useful_until) == ("2026-11-23", on("11-25 17:30"))
    assert WEEK not in stale(store, "11-25 09:00")


@pytest.mark.parametrize("kind", [DAILY, WEEK])
def test_a_clock_that_is_set_back_sends_nothing_twice(store: Store, kind: Kind) -> None:
    a_rep(store)
    moment = on(jobs(store)[kind])
    for minutes in (0, -60, -60, -30, 0, 1):
        now = moment + timedelta(minutes=minutes)
        schedule.tick(store, planning.PLANNERS, now)
        service.ensure(store, HERE, (), now)
    assert len(rows(store, kind)) == 1


def test_two_ticks_at_once_make_one_row(store: Store) -> None:
    a_rep(store)
    promises(store, "send quote", "11-18", time(16, 30))
    tick(store, "11-18 15:30")
    taken, other_is_done = threading.Event(), threading.Event()

    def held(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Mapping[Due, datetime | None]:
        taken.set()
        if not store.is_sqlite:  # on SQLite the other one waits for this one to end
            assert other_is_done.wait(20)
        return planning.plan_daily(tx, workspace_id, due, now)

    def other() -> None:
        assert taken.wait(20)
        seen_to.append(tick(store, "11-18 16:30"))
        other_is_done.set()

    seen_to: list[int] = []
    thread = threading.Thread(target=copy_context().run, args=(other,))
    thread.start()
    first = schedule.tick(store, {**planning.PLANNERS, DAILY: held}, on("11-18 16:30"))
    thread.join()
    assert (first, seen_to) == (2, [0])
    assert [row.kind for row in rows(store)] == [DAILY, FOLLOW_UP]


def test_a_job_that_fails_is_put_off_and_holds_up_no_others(store: Store) -> None:
    for person in (ANA, "U0BEN", "U0CEM"):
        a_rep(store, person)

    def failing(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Mapping[Due, datetime | None]:
        following = planning.plan_daily(tx, workspace_id, due, now)
        if any(each.person_id == "U0BEN" for each in due):
            raise ZeroDivisionError
        return following

    assert schedule.tick(store, {**planning.PLANNERS, DAILY: failing}, on("11-18 16:30")) == 3
    assert {row.recipient for row in rows(store)} == {ANA, "U0CEM"}
    assert [jobs(store, person)[DAILY] for person in (ANA, "U0BEN")] == ["11-19 16:30", "11-18 16:35"]
    tick(store, "11-18 16:35")
    assert {row.recipient for row in rows(store)} == {ANA, "U0BEN", "U0CEM"}


def test_a_kind_that_this_version_does_not_know_is_left_to_one_that_does(store: Store) -> None:
    a_rep(store)
    with store.write() as tx:
        schedule.put(tx, HERE, "of_tomorrow", ANA, on("11-18 16:00"))
    assert tick(store, "11-18 16:30") == 1
    assert len(rows(store, DAILY)) == 1
    with store.read() as tx:
        moments = schedule.moments(tx, HERE, [ANA], ["of_tomorrow"])
    assert list(moments.values()) == [on("11-18 16:00")]


def test_people_of_many_zones_are_each_reminded_in_their_own_afternoon(store: Store) -> None:
    zones = {"U0LA": "America/Los_Angeles", "U0TOKYO": "Asia/Tokyo", "U0KIRI": "Pacific/Kiritimati"}
    for person, zone in zones.items():
        a_rep(store, person, zone=zone, now=on("11-18 00:00"))
    hours = (on("11-18 00:00") + timedelta(hours=n) / 2 for n in range(60))
    for now in hours:
        schedule.tick(store, planning.PLANNERS, now)
    at = {(row.recipient, row.occasion): f"{row.recorded_at:%d %H:%M}" for row in rows(store, DAILY)}
    assert at["U0LA", "2026-11-18"] == "19 00:30"
    assert at["U0TOKYO", "2026-11-18"] == "18 07:30"
    assert at["U0KIRI", "2026-11-18"] == "18 02:30"


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        pytest.param("Pacific/Honolulu", "11-19 02:30", id="west"),
        pytest.param("Pacific/Auckland", "11-18 03:30", id="east"),
    ],
)
def test_roles_and_goals_are_those_of_the_persons_own_day(store: Store, zone: str, moment: str) -> None:
    a_rep(store, zone=zone, now=on("11-18 00:00"))
    logs(store, 20, "11-18")
    ends(store, ANA, Role.AE, TODAY)
    with store.write() as tx:
        command = Assign(ANA, TODAY + timedelta(days=1), (Role.SDR,))
        assignments.apply(tx, Stamp(HERE, "U0SAM", NOW), command, today=TODAY)
    tick(store, moment)
    assert rows(store, DAILY) == []  # twenty calls are enough for an AE, who is an SDR from tomorrow on


def test_a_full_page_of_people_is_followed_by_the_next(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "PAGE", 3)
    for n in range(7):
        a_rep(store, f"U{n}")
    assert tick(store, "11-18 16:30") == 7
    assert {row.recipient for row in rows(store)} == {f"U{n}" for n in range(7)}


def test_what_a_tick_reads_is_a_moment_in_utc(store: Store) -> None:
    a_rep(store)
    with store.read() as tx:
        (moment,) = schedule.moments(tx, HERE, [ANA], [DAILY]).values()
    assert moment.tzinfo is UTC


def test_a_job_is_seen_to_once_in_a_tick_whatever_its_planner_says(store: Store) -> None:
    a_rep(store)
    seen: list[Due] = []

    def at_once(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Mapping[Due, datetime | None]:
        assert not seen, "again in the same tick"
        seen.extend(due)
        return dict.fromkeys(due, now)

    now = on("11-18 16:30")
    assert schedule.tick(store, {DAILY: at_once}, now) == 1
    with store.read() as tx:
        moments = schedule.moments(tx, HERE, [ANA], [DAILY])
    assert list(moments.values()) == [now + schedule.SOONEST]
