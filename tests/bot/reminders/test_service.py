"""What people decide about their reminders, which jobs follow from it, and what they do with a message."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from bot.access.actor import Actor
from bot.access.roles import Role
from bot.errors import Refused
from bot.people import assignments
from bot.people import service as people
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.reminders import service
from bot.reminders.line import Decided
from bot.reminders.rules import Choice, Kind, Quiet
from bot.reminders.service import Act
from bot.store.engine import Store
from bot.working_time.hours import read_hours
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
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
    put,
    rows,
    sent,
    tick,
)
from tests.factories import NOW, TODAY, a_member, a_profile

DAILY, FOLLOW_UP, WEEK = Kind.DAILY, Kind.FOLLOW_UP, Kind.WEEK_AHEAD
NIGHT = Quiet(time(20), time(7))
AS_USUAL = {DAILY: "11-18 16:30", WEEK: "11-23 09:00"}


def lines(overview: service.Overview) -> dict[Kind, tuple[bool, Choice]]:
    """What stands, by kind."""
    return {line.kind: (line.is_on, line.choice) for line in overview.lines}


def test_who_sells_is_reminded_without_having_asked(store: Store) -> None:
    rep = a_rep(store)
    overview = service.overview(store, rep, NOW)
    assert lines(overview) == dict.fromkeys(Kind, (True, Choice()))
    assert [line.next_at for line in overview.lines] == [on("11-18 16:30"), None, on("11-23 09:00"), None]
    assert overview.quiet is None


@pytest.mark.parametrize("role", [Role.MANAGER, Role.OPS, Role.MARKETING, Role.ADMIN])
def test_the_others_are_reminded_of_what_they_promised_and_may_ask_for_more(store: Store, role: Role) -> None:
    who = a_rep(store, ANA, role)
    assert jobs(store) == {}
    assert {kind: is_on for kind, (is_on, _) in lines(service.overview(store, who, NOW)).items()} == {
        DAILY: False,
        FOLLOW_UP: True,
        WEEK: False,
        Kind.TRAINING: True,
    }
    decides(store, Decided(WEEK, is_on=True))
    assert jobs(store) == {WEEK: "11-23 09:00"}


@pytest.mark.parametrize(
    ("decided", "jobs_then"),
    [
        pytest.param(Decided(DAILY, at=time(15)), {**AS_USUAL, DAILY: "11-18 15:00"}, id="today still"),
        pytest.param(Decided(DAILY, at=time(13)), {**AS_USUAL, DAILY: "11-19 13:00"}, id="from tomorrow on"),
        pytest.param(Decided(WEEK, at=time(10)), {**AS_USUAL, WEEK: "11-23 10:00"}, id="the week"),
        pytest.param(Decided(DAILY, is_on=False), {WEEK: "11-23 09:00"}, id="the day muted"),
        pytest.param(Decided(is_on=False), {}, id="all muted"),
        pytest.param(Decided(FOLLOW_UP, early=15), AS_USUAL, id="follow-ups"),
        pytest.param(Decided(quiet=NIGHT), AS_USUAL, id="quiet hours"),
    ],
)
def test_jobs_follow_what_somebody_decides(store: Store, decided: Decided, jobs_then: dict[Kind, str]) -> None:
    a_rep(store)
    decides(store, decided)
    assert jobs(store) == jobs_then


def test_what_is_muted_comes_again_as_it_was(store: Store) -> None:
    a_rep(store)
    decides(store, Decided(DAILY, at=time(15)))
    decides(store, Decided(is_on=False))
    overview = decides(store, Decided(is_on=True))
    assert lines(overview)[DAILY] == (True, Choice(at=time(15)))
    assert jobs(store) == {**AS_USUAL, DAILY: "11-18 15:00"}


def test_who_says_a_time_wants_the_reminder_muted_or_not(store: Store) -> None:
    a_rep(store)
    decides(store, Decided(DAILY, is_on=False))
    assert lines(decides(store, Decided(DAILY, at=time(15))))[DAILY] == (True, Choice(at=time(15)))
    decides(store, Decided(FOLLOW_UP, is_on=False))
    assert lines(decides(store, Decided(FOLLOW_UP, early=10)))[FOLLOW_UP] == (True, Choice(early=10))


def test_the_form_decides_everything_at_once(store: Store) -> None:
    who = a_rep(store)
    choices = {DAILY: Choice(at=time(15)), FOLLOW_UP: Choice(early=30), WEEK: Choice(is_muted=True)}
    choices[Kind.TRAINING] = Choice(is_muted=True)
    overview = service.choose_all(store, who, choices, NIGHT, NOW)
    assert lines(overview) == {
        DAILY: (True, choices[DAILY]),
        FOLLOW_UP: (True, choices[FOLLOW_UP]),
        WEEK: (False, choices[WEEK]),
        Kind.TRAINING: (False, choices[Kind.TRAINING]),
    }
    assert overview.quiet == NIGHT
    assert jobs(store) == {DAILY: "11-18 15:00"}
    overview = service.choose_all(store, who, dict.fromkeys(Kind, Choice()), None, NOW)
    assert (overview.quiet, jobs(store)) == (None, AS_USUAL)


def test_quiet_hours_are_changed_and_given_up(store: Store) -> None:
    a_rep(store)
    assert decides(store, Decided(quiet=NIGHT)).quiet == NIGHT
    assert decides(store, Decided(quiet=Quiet(time(19), time(8)))).quiet == Quiet(time(19), time(8))
    assert decides(store, Decided(is_loud=True)).quiet is None
    assert decides(store, Decided(is_loud=True)).quiet is None


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([Decided(quiet=NIGHT), Decided(DAILY, at=time(21))], id="a time in quiet hours"),
        pytest.param([Decided(DAILY, at=time(21)), Decided(quiet=NIGHT)], id="quiet hours around a time"),
        pytest.param([Decided(quiet=NIGHT), Decided(WEEK, at=time(6, 30))], id="a week that begins too early"),
    ],
)
def test_no_reminder_lies_in_quiet_hours(store: Store, said: list[Decided]) -> None:
    a_rep(store)
    before = decides(store, said[0])
    with pytest.raises(Refused) as told:
        decides(store, said[1])
    assert told.value.key == "reminders.problem.quiet"
    assert told.value.params["start"] == "20:00"
    assert service.overview(store, found(store), NOW) == before


def test_a_form_that_lies_in_quiet_hours_stores_nothing(store: Store) -> None:
    who = a_rep(store)
    choices = {**dict.fromkeys(Kind, Choice()), DAILY: Choice(at=time(22))}
    with pytest.raises(Refused):
        service.choose_all(store, who, choices, NIGHT, NOW)
    assert lines(service.overview(store, who, NOW)) == dict.fromkeys(Kind, (True, Choice()))


@pytest.mark.parametrize(
    "choice",
    [pytest.param(Choice(at=time(21), is_muted=True), id="muted"), pytest.param(Choice(at=time(12)), id="at work")],
)
def test_quiet_hours_do_not_mind_what_is_muted_or_comes_at_work(store: Store, choice: Choice) -> None:
    who = a_rep(store)
    quiet = Quiet(time(11), time(7))
    overview = service.choose_all(store, who, {**dict.fromkeys(Kind, Choice()), DAILY: choice}, quiet, NOW)
    assert overview.quiet == quiet


def test_a_role_brings_jobs_and_its_end_takes_them_away(store: Store) -> None:
    a_member(store, ANA)
    service.ensure(store, HERE, (), NOW)
    assert jobs(store) == {}
    with store.write() as tx:
        assignments.apply(tx, Stamp(HERE, "U0SAM", NOW), Assign(ANA, TODAY, (Role.SDR,)), today=TODAY)
    service.ensure(store, HERE, (), NOW)
    assert jobs(store) == AS_USUAL
    assignments.end(store, a_member(store, "U0SAM", Role.OPS), ANA, Role.SDR, None, NOW)
    service.ensure(store, HERE, [ANA], NOW)
    assert jobs(store) == {}


def test_who_leaves_has_no_jobs(store: Store) -> None:
    a_rep(store)
    people.remember(store, HERE, a_profile(id=ANA, zone="UTC", is_active=False), NOW)
    service.ensure(store, HERE, [ANA], NOW)
    assert jobs(store) == {}


def moves(store: Store) -> None:
    people.remember(store, HERE, a_profile(id=ANA, zone="America/New_York"), NOW)


def works_nights(store: Store) -> None:
    placed(store, hours={str(day): ["22:00", "06:00"] for day in range(7)})


def works_early_on_weekends(store: Store) -> None:
    placed(store, hours={"5": ["07:00", "12:00"], "6": ["07:00", "12:00"]})


def lives_in_germany(store: Store) -> None:
    placed(store, country="DE")


def placed(store: Store, **aspects: Any) -> None:
    with store.write() as tx:
        command = Assign(ANA, TODAY, (), aspects=aspects)
        assignments.apply(tx, Stamp(HERE, "U0SAM", NOW), command, today=TODAY)


def is_on_leave(store: Store) -> None:
    is_away(store, "11-18", "11-25")


def the_workspace_begins_early(store: Store) -> None:
    hours = read_hours("7-15")
    workspace.change(store, a_member(store, "U0SAM", Role.OPS), {Setting.HOURS: hours.to_json()}, NOW)


@pytest.mark.parametrize(
    ("change", "jobs_then"),
    [
        pytest.param(moves, {DAILY: "11-18 21:30", WEEK: "11-23 14:00"}, id="another zone"),
        pytest.param(works_nights, {DAILY: "11-19 05:00", WEEK: "11-23 22:00"}, id="other hours"),
        pytest.param(works_early_on_weekends, {DAILY: "11-21 11:00", WEEK: "11-21 07:00"}, id="other days"),
        pytest.param(lives_in_germany, AS_USUAL, id="a country without a holiday soon"),
        pytest.param(is_on_leave, {DAILY: "11-26 16:30", WEEK: "11-26 09:00"}, id="leave"),
    ],
)
def test_jobs_follow_what_becomes_of_somebody(
    store: Store, change: Callable[[Store], None], jobs_then: dict[Kind, str]
) -> None:
    a_rep(store)
    change(store)
    service.ensure(store, HERE, [ANA], NOW)
    assert jobs(store) == jobs_then


def test_a_country_brings_its_holidays(store: Store) -> None:
    a_rep(store, now=on("12-24 17:00"))
    assert jobs(store)[DAILY] == "12-25 16:30"
    lives_in_germany(store)
    service.ensure(store, HERE, [ANA], on("12-24 17:00"))
    assert jobs(store) == {DAILY: "12-28 16:30", WEEK: "12-28 09:00"}


def test_a_job_whose_moment_has_come_is_left_to_the_tick(store: Store) -> None:
    a_rep(store)
    late = on("11-18 16:31")
    service.ensure(store, HERE, (), late)
    service.ensure(store, HERE, [ANA], late)
    assert jobs(store)[DAILY] == "11-18 16:30"


def test_everybody_is_seen_to_in_portions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PEOPLE_AT_ONCE", 2)
    for n in range(5):
        a_member(store, f"U{n}", Role.AE)
    service.ensure(store, HERE, (), NOW)
    assert all(jobs(store, f"U{n}") == AS_USUAL for n in range(5))


def test_seeing_to_somebody_whom_nobody_knows_does_nothing(store: Store) -> None:
    service.ensure(store, HERE, ["U0NOBODY"], NOW)
    assert jobs(store, "U0NOBODY") == {}


def test_follow_ups_that_were_muted_come_again_if_they_are_still_to_come(store: Store) -> None:
    a_rep(store)
    promises(store, "past", "11-19")
    promises(store, "to come", "11-20")
    decides(store, Decided(FOLLOW_UP, is_on=False))
    for moment in ("11-19 09:00", "11-20 09:00"):
        tick(store, moment)
    assert FOLLOW_UP not in jobs(store)
    decides(store, Decided(FOLLOW_UP, is_on=True), now=on("11-20 09:30"))
    tick(store, "11-20 09:30")
    assert rows(store, FOLLOW_UP) == []
    tick(store, "11-20 10:00")
    assert len(rows(store, FOLLOW_UP)) == 1


def test_a_follow_up_that_was_reminded_of_is_not_when_all_is_saved_again(store: Store) -> None:
    who = a_rep(store)
    promises(store, "send quote", "11-19")
    for moment in ("11-19 09:00", "11-19 10:00"):
        tick(store, moment)
    service.choose_all(store, who, dict.fromkeys(Kind, Choice()), None, on("11-19 10:01"))
    tick(store, "11-19 10:02")
    assert len(rows(store, FOLLOW_UP)) == 1


def a_message(store: Store, kind: Kind = DAILY) -> UUID:
    """A reminder that stands in Slack."""
    put(store, kind, "11-23 09:00")
    put(store, DAILY, "11-23 16:30")
    tick(store, "11-23 16:30")
    row = rows(store, kind)[-1]
    sent(store, row, on("11-23 16:30"))
    found_id: UUID = row.id
    return found_id


def done_with(store: Store, delivery_id: UUID) -> Any:
    """Its row."""
    return next(row for row in rows(store) if row.id == delivery_id)


@pytest.mark.parametrize("what", list(Act))
def test_what_its_reader_did_stands_in_the_ledger_and_changes_the_card(store: Store, what: Act) -> None:
    who = a_rep(store)
    message = a_message(store)
    service.act(store, who, message, what, on("11-23 16:35"))
    row = done_with(store, message)
    assert (row.act, row.acted_at) == (what, on("11-23 16:35"))
    assert (row.version, row.state, row.way) == (2, "waiting", "update")


@pytest.mark.parametrize("kind", [DAILY, WEEK])
def test_a_reminder_stops_and_comes_back_as_it_was(store: Store, kind: Kind) -> None:
    who = a_rep(store)
    decides(store, Decided(kind, at=time(16)))
    before = jobs(store)
    message = a_message(store, kind)
    service.stop(store, who, message, on("11-23 17:00"))
    assert done_with(store, message).act == Act.STOPPED
    assert kind not in jobs(store)
    service.resume(store, who, message, on("11-23 17:01"))
    assert done_with(store, message).act == Act.KEPT
    assert lines(service.overview(store, who, NOW))[kind] == (True, Choice(at=time(16)))
    assert jobs(store)[kind] > before[kind]


Press = Callable[[Store, Actor, UUID, datetime], None]


@pytest.mark.parametrize(
    "press",
    [
        pytest.param(lambda store, who, message, now: service.act(store, who, message, Act.SEEN, now), id="act"),
        pytest.param(service.stop, id="stop"),
        pytest.param(service.resume, id="bring back"),
    ],
)
def test_only_its_reader_can_do_something_with_a_reminder(store: Store, press: Press) -> None:
    a_rep(store)
    ben = a_rep(store, "U0BEN")
    message = a_message(store)
    for delivery_id in (message, uuid4()):
        with pytest.raises(Refused) as told:
            press(store, ben, delivery_id, on("11-23 17:00"))
        assert told.value.key == "reminders.gone"
    assert done_with(store, message).act is None
    assert DAILY in jobs(store, "U0BEN")


def test_a_workspaces_own_hours_move_everybody(store: Store) -> None:
    a_rep(store)
    the_workspace_begins_early(store)
    service.ensure(store, HERE, (), NOW - timedelta(hours=2))
    assert jobs(store) == {DAILY: "11-18 14:00", WEEK: "11-23 07:00"}
