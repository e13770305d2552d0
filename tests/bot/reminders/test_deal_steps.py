"""A deal's next step reminds its owner as its day begins, once; what was done, moved or replaced reminds nobody."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.absence import service as absence
from bot.deals import next_steps, steps
from bot.deals import service as deals
from bot.deals.closing import Loss
from bot.deals.queries import DealRow
from bot.deals.service import Wish
from bot.deals.states import Stage
from bot.delivery.outcome import NotYet, Parcel
from bot.errors import Refused
from bot.people import service as people
from bot.reminders import deal_steps, pages, planning, service
from bot.reminders.deal_steps import Page
from bot.reminders.line import Decided
from bot.reminders.rules import Kind, Quiet
from bot.schedule import service as schedule
from bot.store.engine import Store
from bot.working_time.hours import STANDARD, Hours, read_hours
from bot.working_time.presence import Reason, Schedule, Span, presence
from tests.bot.reminders.desk import ANA, HERE, a_rep, decides, found, is_away, on, promises, put, rows, sent
from tests.factories import NOW, a_member, a_profile
from tests.lengths import length

STEP: Any = steps.STEP
BEN = "U0BEN"


def _whole_minute(at: time) -> time:
    return at.replace(second=0, microsecond=0)


def opens(store: Store, company: str = "Acme", day: str | None = "11-20", now: datetime = NOW, **wish: Any) -> DealRow:
    """Ana opens a deal with a next step."""
    next_on = date.fromisoformat(f"2026-{day}") if day else None
    wanted = Wish(**{"next_step": "send quote", "next_on": next_on, **wish})
    return deals.open_deal(store, found(store), company, None, wanted, origin=uuid4().hex, now=now).row


def changes(store: Store, row: DealRow, by: str = ANA, now: datetime = NOW, **wish: Any) -> DealRow:
    """Ana (or `by`) changes it."""
    return deals.change(store, found(store, by), row.id, Wish(**wish), origin=uuid4().hex, now=now).row


def tick(store: Store, *moments: str) -> list[Any]:
    """Ticks; returns the reminders that there are then."""
    for moment in moments:
        schedule.tick(store, deal_steps.PLANNERS, on(moment))
    return rows(store, STEP)


def named(row: Any) -> list[str]:
    """The steps that a reminder speaks of."""
    return [each["s"] for each in row.subject["deals"]]


def page(store: Store, row: Any, text: str) -> Page | NotYet | None:
    """What the reminder shows at a moment."""
    [row] = [each for each in rows(store, STEP) if each.id == row.id]
    values: dict[str, Any] = {name: getattr(row, name, None) for name in Parcel.__dataclass_fields__}
    values |= {"workspace_id": HERE, "tried_at": NOW, "was_unsure": False}
    return deal_steps.page(store, Parcel(**values), on(text))


def test_it_comes_as_the_day_begins_and_once(store: Store) -> None:
    a_rep(store)
    opens(store)
    assert tick(store, "11-20 08:59") == []
    [row] = tick(store, "11-20 09:00", "11-20 09:30", "11-20 16:00")
    assert (row.recipient, named(row)) == (ANA, ["send quote"])


def test_several_of_one_person_are_one_message(store: Store) -> None:
    a_rep(store)
    for company in ("Acme", "Globex", "Initech"):
        opens(store, company, next_step=f"call {company}")
    [row] = tick(store, "11-20 09:00")
    assert named(row) == ["call Acme", "call Globex", "call Initech"]


@pytest.mark.parametrize(
    "change",
    [
        {"next_step": ""},
        {"next_step": "call", "next_on": date(2026, 11, 24)},
        {"next_step": "call", "next_on": None},
        {"next_step": "send quote", "next_on": date(2026, 11, 24)},
    ],
)
def test_what_was_done_moved_or_replaced_reminds_nobody(store: Store, change: dict[str, Any]) -> None:
    a_rep(store)
    changes(store, opens(store), **change)
    assert tick(store, "11-20 09:00", "11-21 09:00") == []
    assert len(tick(store, "11-24 09:00")) == int(change.get("next_on") is not None)


def test_a_closed_deal_reminds_nobody_and_a_reopened_one_does(store: Store) -> None:
    a_rep(store)
    row = opens(store)
    deals.lose(store, found(store), row.id, Loss("price"), origin="lost", now=NOW)
    assert tick(store, "11-20 08:00") == []
    deals.reopen(store, found(store), row.id, Stage.DEMO, origin="again", now=on("11-20 08:30"))
    assert len(tick(store, "11-20 09:00")) == 1


def test_another_owner_is_reminded_instead(store: Store) -> None:
    a_member(store, "U0SAM", "OPS")
    a_rep(store)
    a_rep(store, BEN)
    changes(store, opens(store), by="U0SAM", owner_id=BEN)
    assert [each.recipient for each in tick(store, "11-20 09:00")] == [BEN]


def test_a_change_of_anything_else_reminds_no_second_time(store: Store) -> None:
    a_rep(store)
    row = opens(store)
    tick(store, "11-20 09:00")
    changes(store, row, now=on("11-20 09:10"), close_on=date(2027, 1, 30), note="called")
    assert len(tick(store, "11-20 10:30", "11-20 12:00")) == 1


def test_a_step_of_today_comes_an_hour_later(store: Store) -> None:
    a_rep(store)
    opens(store, day="11-18")
    assert tick(store, "11-18 14:59") == []
    assert len(tick(store, "11-18 15:00")) == 1


def test_without_a_day_and_of_days_past_nobody_is_reminded(store: Store) -> None:
    a_rep(store)
    opens(store, "Acme", None)
    opens(store, "Globex", "11-17")
    assert tick(store, "11-18 16:00", "11-19 09:00", "11-20 09:00") == []


def test_who_is_away_hears_of_all_when_back(store: Store) -> None:
    a_rep(store)
    is_away(store, "11-19", "11-24")
    opens(store, "Acme", "11-20")
    opens(store, "Globex", "11-23", next_step="call")
    assert tick(store, "11-20 09:00", "11-23 09:00", "11-24 17:00") == []
    [row] = tick(store, "11-25 09:00")
    assert named(row) == ["send quote", "call"]


def test_who_comes_back_early_hears_of_it_then(store: Store) -> None:
    a_rep(store)
    opens(store)
    is_away(store, "11-19", "11-24")
    tick(store, "11-20 09:00")
    absence.come_back(store, found(store), on("11-23 10:00"))
    service.ensure(store, HERE, [ANA], on("11-23 10:00"))
    assert len(tick(store, "11-23 10:00")) == 1


def test_who_mutes_follow_ups_hears_of_none_until_they_bring_them_back(store: Store) -> None:
    a_rep(store)
    opens(store)
    opens(store, "Globex", "11-24", next_step="call")
    decides(store, Decided(Kind.FOLLOW_UP, is_on=False))
    assert tick(store, "11-20 09:00", "11-20 12:00") == []
    decides(store, Decided(Kind.FOLLOW_UP, is_on=True), now=on("11-23 10:00"))
    [row] = tick(store, "11-23 10:00", "11-24 09:00")
    assert named(row) == ["call"]


def test_a_saturday_that_is_named_is_meant_but_quiet_hours_hold(store: Store) -> None:
    a_rep(store)
    opens(store, day="11-21")
    decides(store, Decided(None, quiet=Quiet(time(20), time(10))))
    assert tick(store, "11-21 09:00", "11-21 09:59") == []
    assert len(tick(store, "11-21 10:00")) == 1


@pytest.mark.parametrize("zone", ["Asia/Vladivostok", "America/Los_Angeles"])
def test_the_day_is_the_owners(store: Store, zone: str) -> None:
    a_rep(store, zone=zone)
    opens(store)
    start = datetime(2026, 11, 20, 9, tzinfo=found(store).zone).astimezone(UTC)
    before = start - timedelta(minutes=1)
    assert tick(store, f"{before:%m-%d %H:%M}") == []
    assert len(tick(store, f"{start:%m-%d %H:%M}")) == 1


def test_the_message_shows_what_became_of_the_steps(store: Store) -> None:
    a_rep(store)
    first, second = opens(store), opens(store, "Globex", next_step="call")
    [row] = tick(store, "11-20 09:00")
    next_steps.finish(store, found(store), first.id, steps.key_of(first), origin="done", now=on("11-20 09:05"))
    sent(store, row, on("11-20 09:05"))  # the first press was faster than the ledger
    next_steps.postpone(store, found(store), second.id, steps.key_of(second), origin="later", now=on("11-20 09:06"))
    shown = page(store, row, "11-20 09:07")
    assert isinstance(shown, Page)
    assert [(each.waits, each.is_done, each.is_moved) for each in shown.promises] == [
        (False, True, False),
        (False, False, True),
    ]
    assert [each.row.next_on for each in shown.promises if each.row] == [None, date(2026, 11, 23)]
    [after] = [each for each in rows(store, STEP) if each.id == row.id]
    assert after.version == row.version + 2
    [again] = [each for each in tick(store, "11-23 09:00") if each.id != row.id]
    assert named(again) == ["call"]


def test_done_twice_is_once_and_a_step_that_was_replaced_is_told(store: Store) -> None:
    a_rep(store)
    row = opens(store)
    key = steps.key_of(row)
    for _ in range(2):
        done = next_steps.finish(store, found(store), row.id, key, origin="press", now=NOW)
    assert done.row.next_step is None
    assert done.row.version == 2
    changes(store, row, next_step="call", next_on=date(2026, 11, 24))
    with pytest.raises(Refused, match="step_gone"):
        next_steps.finish(store, found(store), row.id, key, origin="late", now=NOW)


def test_nothing_is_sent_of_what_was_done_in_between_nor_to_who_has_gone(store: Store) -> None:
    a_rep(store)
    row = opens(store)
    [letter] = tick(store, "11-20 09:00")
    assert isinstance(page(store, letter, "11-20 09:00"), Page)
    is_away(store, "11-20", "11-24")
    assert page(store, letter, "11-20 09:01") == NotYet(on("11-25 09:00"))
    changes(store, row, next_step="")
    assert page(store, letter, "11-25 09:00") is None
    people.remember(store, HERE, a_profile(id=ANA, is_active=False), NOW)
    assert page(store, letter, "11-25 09:00") is None


def test_the_week_ahead_has_the_next_steps_of_deals_too(store: Store) -> None:
    a_rep(store)
    promises(store, "call back", "11-24")
    opens(store, "Late", "11-20", next_step="fix it")
    opens(store, "Acme", "11-26")
    opens(store, "Next week", "11-30", next_step="too far")
    put(store, Kind.WEEK_AHEAD, "11-23 09:00")
    schedule.tick(store, planning.PLANNERS, on("11-23 09:00"))
    [row] = rows(store, Kind.WEEK_AHEAD)
    values: dict[str, Any] = {name: getattr(row, name, None) for name in Parcel.__dataclass_fields__}
    values |= {"workspace_id": HERE, "tried_at": NOW, "was_unsure": False}
    week = pages.week_page(store, Parcel(**values), on("11-23 09:00"))
    assert week is not None
    assert [each.what for each in week.overdue] == ["fix it"]
    assert [(each.what, each.who) for each in week.steps] == [("call back", "Acme"), ("send quote", "Acme")]


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"])
LEAVES = st.lists(st.tuples(MOMENTS, st.timedeltas(timedelta(hours=1), timedelta(days=20))), max_size=4)
QUIETS = st.none() | st.builds(Quiet, st.times().map(_whole_minute), st.times().map(_whole_minute))


@settings(max_examples=length(200, 3_000), deadline=None)
@given(
    MOMENTS, st.integers(-10, 30), ZONES, LEAVES, QUIETS, st.sampled_from([STANDARD, read_hours("mon-fri 22:00-06:00")])
)
def test_a_moment_is_none_before_its_day_none_while_away_and_holds_when_it_has_come(
    now: datetime, ahead: int, zone: str, leaves: Any, quiet: Quiet | None, hours: Hours
) -> None:
    absences = tuple(Span(start, start + long) for start, long in leaves)
    working = Schedule(ZoneInfo(zone), hours, "DE", None, absences)
    day = now.astimezone(working.zone).date() + timedelta(days=ahead)
    moment = deal_steps.step_moment(working, quiet, day, now)
    assert moment >= now
    assert moment.astimezone(working.zone).date() >= day
    assert presence(working, moment).reason not in {Reason.AWAY, Reason.HOLIDAY}
    assert deal_steps.step_moment(working, quiet, day, moment) == moment
