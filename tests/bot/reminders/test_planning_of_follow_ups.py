"""What the ticks make of follow-ups: they come at their time, or once their owner can act on them."""

from datetime import date, time, timedelta

import pytest

from bot.absence import service as absence
from bot.absence.model import Absence
from bot.activity import service as activity
from bot.activity import steps
from bot.reminders import service
from bot.reminders.line import Decided
from bot.reminders.rules import Kind, Quiet
from bot.store.engine import Store
from bot.store.sql import table_of
from tests.bot.reminders.desk import (
    ANA,
    HERE,
    a_rep,
    decides,
    found,
    is_away,
    jobs,
    on,
    promises,
    rows,
    tick,
    whats,
)
from tests.factories import NOW

FOLLOW_UP = Kind.FOLLOW_UP


def test_after_three_days_follow_ups_come_in_one_message(store: Store) -> None:
    a_rep(store)
    for what, day in (("call back", "11-19"), ("send quote", "11-20"), ("later", "11-24")):
        promises(store, what, day)
    tick(store, "11-23 02:00")
    assert rows(store, FOLLOW_UP) == []  # what is late does not come at night
    tick(store, "11-23 09:00")
    (row,) = rows(store, FOLLOW_UP)
    assert whats(store, row) == ["call back", "send quote"]
    assert row.useful_until is None


def test_a_clock_that_is_set_back_reminds_of_no_follow_up_twice(store: Store) -> None:
    a_rep(store)
    promises(store, "send quote", "11-19")
    for moment in ("11-19 09:00", "11-19 10:00", "11-19 09:00", "11-19 09:30"):
        tick(store, moment)
        service.ensure(store, HERE, [ANA], on(moment))
    tick(store, "11-19 10:00")
    assert len(rows(store, FOLLOW_UP)) == 1


def test_a_follow_up_comes_at_its_time_and_knows_its_message(store: Store) -> None:
    a_rep(store)
    step_id = promises(store, "send quote", "11-19")
    tick(store, "11-19 09:00")
    assert rows(store, FOLLOW_UP) == []
    tick(store, "11-19 10:00")
    (row,) = rows(store, FOLLOW_UP)
    assert whats(store, row) == ["send quote"]
    assert FOLLOW_UP not in jobs(store)
    steps.finish(store, found(store), step_id, on("11-19 10:05"))
    tick(store, "11-19 12:00")
    assert len(rows(store, FOLLOW_UP)) == 1


def test_who_wants_follow_ups_early_hears_them_early(store: Store) -> None:
    a_rep(store)
    decides(store, Decided(FOLLOW_UP, early=15))
    promises(store, "send quote", "11-19")
    for moment in ("11-19 09:00", "11-19 09:44"):
        tick(store, moment)
    assert rows(store, FOLLOW_UP) == []
    tick(store, "11-19 09:45")
    assert len(rows(store, FOLLOW_UP)) == 1


def test_two_promises_for_one_moment_come_in_one_message(store: Store) -> None:
    a_rep(store)
    promises(store, "send quote", "11-19")
    promises(store, "call back", "11-19")
    promises(store, "somebody else's", "11-19", person_id=a_rep(store, "U0BEN").id)
    for moment in ("11-19 09:00", "11-19 10:00"):
        tick(store, moment)
    assert sorted(map(len, (whats(store, row) for row in rows(store, FOLLOW_UP)))) == [1, 2]


def test_what_was_promised_for_days_of_leave_comes_in_one_message_after_it(store: Store) -> None:
    a_rep(store)
    for what, day in (("one", "11-19"), ("two", "11-20"), ("three", "11-23"), ("in time", "11-24")):
        promises(store, what, day)
    is_away(store, "11-19", "11-23")
    for moment in ("11-19 09:00", "11-20 09:00", "11-23 09:00", "11-24 08:59"):
        tick(store, moment)
    assert rows(store, FOLLOW_UP) == []
    for moment in ("11-24 09:00", "11-24 10:00"):
        tick(store, moment)
    assert [whats(store, row) for row in rows(store, FOLLOW_UP)] == [["one", "two", "three"], ["in time"]]


def test_who_is_back_early_hears_at_once_what_waited_for_them(store: Store) -> None:
    a_rep(store)
    promises(store, "send quote", "11-19")
    is_away(store, "11-19", "11-27")
    tick(store, "11-19 09:00")
    assert jobs(store)[FOLLOW_UP] == "11-30 09:00"
    absence.come_back(store, found(store), on("11-20 11:00"))
    service.ensure(store, HERE, [ANA], on("11-20 11:00"))
    tick(store, "11-20 11:00")
    assert len(rows(store, FOLLOW_UP)) == 1


def test_who_is_away_for_longer_than_anybody_can_see_is_looked_at_again(store: Store) -> None:
    a_rep(store)
    promises(store, "send quote", "11-19")
    is_away(store, "11-18", "12-31")
    with store.write() as tx:
        tx.execute(table_of(Absence).update().values(end_at=NOW + timedelta(days=900)))
    tick(store, "11-19 09:00")
    assert jobs(store)[FOLLOW_UP] == "11-20 09:00"


def test_after_a_silence_follow_ups_come_when_work_begins_again(store: Store) -> None:
    a_rep(store)
    decides(store, Decided(quiet=Quiet(time(20), time(7))))
    promises(store, "in the quiet", "11-19", time(21))
    promises(store, "before it", "11-19", time(19))
    tick(store, "11-19 18:00")
    tick(store, "11-19 22:00")  # nothing ran since six
    assert rows(store, FOLLOW_UP) == []
    tick(store, "11-20 07:00")
    assert rows(store, FOLLOW_UP) == []
    tick(store, "11-20 09:00")
    assert [whats(store, row) for row in rows(store, FOLLOW_UP)] == [["before it", "in the quiet"]]


def test_a_follow_up_that_is_late_waits_for_who_is_away_now(store: Store) -> None:
    a_rep(store)
    promises(store, "send quote", "11-19")
    is_away(store, "11-19", "11-20", start=time(10, 30))
    tick(store, "11-19 12:00")
    assert rows(store, FOLLOW_UP) == []
    assert jobs(store)[FOLLOW_UP] == "11-23 09:00"


@pytest.mark.parametrize("how", ["done", "taken back", "muted"])
def test_what_needs_no_reminder_any_more_has_none(store: Store, how: str) -> None:
    a_rep(store)
    step_id = promises(store, "send quote", "11-19")
    if how == "done":
        steps.finish(store, found(store), step_id, NOW)
    elif how == "taken back":
        activity.undo_last(store, found(store), origin="undo", now=NOW)
    else:
        decides(store, Decided(FOLLOW_UP, is_on=False))
    for moment in ("11-19 09:00", "11-19 10:00"):
        tick(store, moment)
    assert rows(store, FOLLOW_UP) == []
    assert FOLLOW_UP not in jobs(store)


def test_a_follow_up_that_is_moved_takes_its_reminder_along(store: Store) -> None:
    a_rep(store)
    step_id = promises(store, "send quote", "11-19")
    steps.postpone(store, found(store), step_id, date(2026, 11, 20), NOW)
    for moment in ("11-19 09:00", "11-19 10:00"):
        tick(store, moment)
    assert rows(store, FOLLOW_UP) == []
    for moment in ("11-20 09:00", "11-20 10:00"):
        tick(store, moment)
    steps.postpone(store, found(store), step_id, date(2026, 11, 23), on("11-20 10:01"))
    for moment in ("11-23 09:00", "11-23 10:00"):
        tick(store, moment)
    assert [f"{row.recorded_at:%m-%d %H:%M}" for row in rows(store, FOLLOW_UP)] == ["11-20 10:00", "11-23 10:00"]


def test_what_is_promised_for_now_is_reminded_of_in_a_while(store: Store) -> None:
    a_rep(store)
    promises(store, "send quote", "11-18", time(11))  # it is two in the afternoon
    tick(store, "11-18 14:30")
    assert rows(store, FOLLOW_UP) == []
    tick(store, "11-18 15:00")
    assert len(rows(store, FOLLOW_UP)) == 1
