"""Training: who gives it to whom, new holders of a role, reminders on their days, done, taken back; and the review."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.access.roles import Role
from bot.coaching import feedback, planning, reminding, review, rules, training
from bot.coaching.said import Module
from bot.delivery.outcome import NotYet
from bot.errors import Refused
from bot.people import assignments
from bot.people import service as people
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.quota.periods import Kind as PeriodKind
from bot.quota.periods import Period
from bot.reminders import service as reminders
from bot.reminders.line import Decided
from bot.reminders.rules import Kind
from bot.schedule import service as schedule
from bot.store.engine import Store
from bot.upkeep import Upkeep
from bot.working_time.hours import STANDARD
from bot.working_time.presence import Schedule
from tests.bot.coaching.office import DAY, HERE, LATER, Office, an_office
from tests.bot.delivery.parcels import a_parcel
from tests.factories import NOW, TODAY, a_member, a_profile

DUE = date(2026, 12, 15)
"""A Tuesday: three working days before it is Thursday the 10th."""


def a_module(**more: Any) -> Module:
    return Module(**{"title": "MEDDIC", "link": "https://learn.example", "due_on": DUE, "roles": ("AE",), **more})


def assign(office: Office, *, origin: str = "o1", **more: Any) -> training.ModulePage:
    return training.assign(office.store, office.maria, a_module(**more), origin=origin, now=NOW)


def jobs(office: Office) -> list[tuple[str, datetime]]:
    with office.store.read() as tx:
        found = schedule.moments(tx, HERE, ["U0ANA", "U0DANA", "U0OLGA"], [Kind.TRAINING])
    return sorted((person, at) for (_, person, _), at in found.items())


def tick(office: Office, at: datetime) -> None:
    schedule.tick(office.store, planning.PLANNERS, at)


def test_a_role_means_those_who_hold_it_below_whoever_assigns_it(store: Store) -> None:
    office = an_office(store)
    a_member(store, "U0ELSE", Role.AE)
    for _ in range(2):
        assert {each.name for each in assign(office).learners} == {"Ana", "Dana"}
    page = training.assign(store, office.sam, a_module(), origin="ops", now=NOW)
    assert {each.name for each in page.learners} == {"Ana", "Dana", "Else"}
    assert sorted(office.told(reminding.GIVEN))[0] == ("U0ANA", "waiting")
    assert len(office.told(reminding.GIVEN)) == 5
    assert office.audited("U0DANA") == [("training", "U0MARIA"), ("training", "U0SAM")]


@pytest.mark.parametrize(
    ("who", "wish", "key"),
    [
        ("olga", {}, "coaching.training.not_yours"),
        ("maria", {"people": ("U0OLGA",)}, "coaching.refused.not_yours"),
        ("maria", {"people": ("U0MARIA",)}, "coaching.training.oneself"),
        ("maria", {"people": ("U0NOBODY",)}, "coaching.refused.stranger"),
        ("maria", {"roles": ("CSM",)}, "coaching.training.nobody"),
        ("sam", {"roles": ("CSM",)}, "coaching.training.nobody"),
    ],
)
def test_who_may_assign_to_whom(store: Store, who: str, wish: dict[str, Any], key: str) -> None:
    office = an_office(store)
    with pytest.raises(Refused) as refused:
        training.assign(store, getattr(office, who), a_module(**wish), origin="o", now=NOW)
    assert refused.value.key == key
    assert office.told(reminding.GIVEN) == []


def test_who_takes_up_the_role_later_gets_it_with_a_fortnight_at_the_least(store: Store) -> None:
    office = an_office(store)
    assign(office)
    with store.write() as tx:
        command = Assign("U0OLGA", TODAY, (Role.AE,), aspects={"manager": "U0MARIA"})
        assignments.apply(tx, Stamp(HERE, "U0SAM", NOW), command, today=TODAY)
    tick(office, NOW + timedelta(minutes=59))
    assert training.mine(store, office.olga, NOW).tasks == ()
    tick(office, NOW + timedelta(minutes=61))
    tick(office, NOW + timedelta(minutes=125))
    (task,) = training.mine(store, office.olga, NOW).tasks
    assert task.due_on == DUE
    assert rules.due_for(TODAY + DAY, TODAY, is_new=True) == TODAY + 14 * DAY
    assert rules.due_for(TODAY + DAY, TODAY, is_new=False) == TODAY + DAY


def test_it_reminds_three_working_days_before_on_the_day_and_weekly_until_it_is_done(store: Store) -> None:
    office = an_office(store)
    assign(office)
    moments = []
    for _ in range(4):
        at = dict(jobs(office))["U0ANA"]
        moments.append((at.day, at.hour))
        tick(office, at)
    assert moments == [(10, 9), (15, 9), (22, 9), (29, 9)]
    assert len([who for who, _ in office.told(Kind.TRAINING) if who == "U0ANA"]) == 4
    (task,) = training.mine(store, office.ana, LATER).tasks
    with pytest.raises(Refused):
        training.finish(store, office.olga, task.id, LATER)
    for _ in range(2):
        assert not training.finish(store, office.ana, task.id, LATER).is_open
    assert [who for who, _ in jobs(office)] == ["U0DANA"]
    page = training.progress(store, office.maria, LATER).modules[0]
    assert (page.done, [each.name for each in page.learners]) == (1, ["Dana", "Ana"])


def test_who_has_muted_it_or_is_away_is_not_reminded(store: Store) -> None:
    office = an_office(store)
    assign(office)
    reminders.decide(store, office.ana, Decided(Kind.TRAINING, is_on=False), NOW)
    at = dict(jobs(office))["U0ANA"]
    tick(office, at)
    assert [who for who, _ in office.told(Kind.TRAINING)] == ["U0DANA"]
    assert dict(jobs(office))["U0ANA"].day == 15
    night = datetime(2026, 12, 15, 23, tzinfo=UTC)
    tick(office, night)  # nobody was up at nine: it comes when they begin to work
    assert dict(jobs(office))["U0DANA"] == datetime(2026, 12, 16, 9, tzinfo=UTC)


def test_whoever_comes_back_after_their_account_had_ended_is_reminded_again(store: Store) -> None:
    office = an_office(store)
    assign(office)
    people.remember(store, HERE, a_profile(id="U0DANA", is_active=False), LATER)
    first = datetime(2026, 12, 10, 9, 0, tzinfo=UTC)
    upkeep = Upkeep(store, HERE, lambda: first + timedelta(hours=1))
    for _ in range(2):
        tick(office, first)
        upkeep.reminders(["U0DANA"])
        assert [person for person, _ in jobs(office)] == ["U0ANA"]
    people.remember(store, HERE, a_profile(id="U0DANA"), first)
    upkeep.reminders(["U0DANA"])
    assert ("U0DANA", first + timedelta(hours=1)) in jobs(office)


def test_the_message_shows_what_is_open(store: Store) -> None:
    office = an_office(store)
    assign(office)
    (task,) = training.mine(store, office.ana, LATER).tasks
    parcel = a_parcel(kind=reminding.GIVEN, subject={"trainings": [task.id.hex]})
    page = reminding.page(store, parcel, LATER)
    assert isinstance(page, reminding.TrainingPage)
    assert (page.by, [each.title for each in page.tasks]) == ("Maria", ["MEDDIC"])
    training.finish(store, office.ana, task.id, LATER)
    assert not isinstance(reminding.page(store, parcel, LATER), reminding.TrainingPage | NotYet)


def test_a_module_that_is_taken_back_reminds_nobody_and_what_was_done_stays(store: Store) -> None:
    office = an_office(store)
    module = assign(office)
    (task,) = training.mine(store, office.ana, LATER).tasks
    training.finish(store, office.ana, task.id, LATER)
    with pytest.raises(Refused):
        training.withdraw(store, office.olga, module.id, LATER)
    for _ in range(2):
        training.withdraw(store, office.maria, module.id, LATER)
    assert jobs(office) == []
    assert training.progress(store, office.maria, LATER).modules == ()
    assert len(training.mine(store, office.ana, LATER).done) == 1
    assert training.mine(store, office.dana, LATER).tasks == ()
    tick(office, NOW + timedelta(hours=3))
    assert training.mine(store, office.dana, LATER).tasks == ()
    with pytest.raises(Refused):
        training.finish(store, office.ana, UUID(int=0), LATER)


def test_a_manager_follows_their_own_modules_and_operations_all(store: Store) -> None:
    office = an_office(store)
    assign(office)
    assert len(training.progress(store, office.sam, LATER).modules) == 1
    training.assign(store, office.sam, a_module(), origin="ops", now=NOW)
    assert len(training.progress(store, office.maria, LATER).modules) == 1
    with pytest.raises(Refused):
        training.progress(store, office.olga, LATER)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400))
def test_reminders_come_in_order_and_never_end(due: date, further: int) -> None:
    schedule_of = Schedule(ZoneInfo("UTC"), STANDARD)
    day = rules.next_reminder(schedule_of, due, due + timedelta(days=further))
    assert day is not None
    assert (day - due).days % 7 == 0
    assert further < (day - due).days <= further + 7
    before = rules.working_days_before(schedule_of, due, rules.BEFORE_DUE)
    assert timedelta(days=3) <= due - before <= timedelta(days=5)
    assert before.weekday() < 5


def test_a_review_has_everything_and_its_file_the_same(store: Store) -> None:
    office = an_office(store)
    assign(office)
    feedback.give(store, office.olga, "U0ANA", "=1+1 great", is_kudos=True, origin="f", now=NOW)
    period = Period(PeriodKind.QUARTER, date(2026, 7, 1), date(2026, 12, 31), "2026-H2")
    for reader, whom in ((office.maria, "U0ANA"), (office.ana, None), (office.sam, "U0ANA")):
        found = review.review(store, reader, whom, period, LATER)
        assert [each.text for each in found.kudos] == ["=1+1 great"]
        assert [each.title for each in found.tasks] == ["MEDDIC"]
    with pytest.raises(Refused):
        review.review(store, office.olga, "U0ANA", period, LATER)
    name, content = review.file_of(review.review(store, office.maria, "U0ANA", period, LATER))
    assert name == "review-Ana-2026-H2.csv"
    assert b"kudos" in content
    assert b"MEDDIC" in content
    assert b",=1+1" not in content  # a cell that a spreadsheet would take for a formula is quoted
    review.send(store, office.maria, "U0ANA", period, origin="o", now=LATER)
    assert office.told(review.FILE) == [("U0MARIA", "waiting")]
    span = [period.first.isoformat(), period.last.isoformat(), period.name]
    parcel = a_parcel(kind=review.FILE, recipient="U0OLGA", subject={"person": "U0ANA", "period": span})
    assert review.of_parcel(store, parcel, LATER) is None
