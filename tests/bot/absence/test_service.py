"""Away and back on both databases: rights, overlaps, undo, statuses of Slack, and two at once."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.absence import queries, service
from bot.absence.kinds import AbsenceKind
from bot.absence.rules import Away, Leave
from bot.absence.schedule import schedules
from bot.access.actor import Actor
from bot.access.roles import Role
from bot.audit import service as audit
from bot.errors import Refused
from bot.ops.causes import Workers
from bot.people import queries as people_queries
from bot.people import service as people
from bot.store.engine import Store
from bot.store.types import new_id
from bot.working_time.hours import STANDARD, Hours
from bot.working_time.presence import Reason
from bot.workspace.rules import Settings
from tests.factories import NOW, TODAY, a_member

HERE = "T0BATON"
FRIDAY, MONDAY = TODAY + timedelta(days=2), TODAY + timedelta(days=5)
SOON = NOW + timedelta(minutes=30)
SATURDAY_0 = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def ana(store: Store) -> Actor:
    """A rep in UTC, who reports to Maria, who reports to Dana."""
    a_member(store, "U0DANA", Role.MANAGER)
    a_member(store, "U0MARIA", Role.MANAGER, manager="U0DANA")
    return a_member(store, "U0ANA", Role.AE, manager="U0MARIA")


def until(last: date, **more: Any) -> Away:
    """Away from now on."""
    return Away(TODAY, last, from_now=True, **more)


def hours(start: int, end: int, day: date = TODAY) -> Away:
    """Away for some hours."""
    return Away(day, day, time(start), time(end))


def standing(store: Store, person_id: str = "U0ANA", now: datetime = NOW) -> list[tuple[datetime, datetime]]:
    """What runs or is planned."""
    return [(leave.start_at, leave.end_at) for leave in leaves(store, person_id, now)]


def leaves(store: Store, person_id: str = "U0ANA", now: datetime = NOW) -> tuple[Leave, ...]:
    """The same, with everything else."""
    with store.read() as tx:
        return queries.standing(tx, HERE, person_id, now)


def test_away_until_friday_is_through_friday_and_back_on_monday_morning(store: Store, ana: Actor) -> None:
    done = service.declare(store, ana, until(FRIDAY), NOW)
    assert done.is_new
    assert (done.leave.start_at, done.leave.end_at) == (NOW, SATURDAY_0)
    assert done.back.at == datetime(2026, 11, 23, 9, tzinfo=UTC)
    there = service.presence_of(store, HERE, "U0ANA", NOW)
    assert (there.is_working, there.reason, there.next_start) == (False, Reason.AWAY, done.back.at)


def test_the_return_is_put_off_by_a_holiday_that_is_named(store: Store) -> None:
    ana = a_member(store, "U0ANA", Role.AE, country="DE-BE")
    done = service.declare(store, ana, Away(date(2026, 12, 21), date(2026, 12, 24)), NOW)
    assert done.back.at == datetime(2026, 12, 28, 9, tzinfo=UTC)
    assert done.back.holidays == ((date(2026, 12, 25), "Christmas Day"),)
    assert done.back.no_calendar is None


def test_a_region_without_a_calendar_is_told(store: Store) -> None:
    ana = a_member(store, "U0ANA", Role.AE, country="DE-XX")
    assert service.declare(store, ana, until(FRIDAY), NOW).back.no_calendar == "DE-XX"


def test_presence_follows_own_hours_and_the_zone(store: Store) -> None:
    own = Hours.of(dict.fromkeys(range(5), (time(15), time(20))))
    a_member(store, "U0ANA", Role.AE, zone="Europe/Madrid", hours=own.to_json())
    there = service.presence_of(store, HERE, "U0ANA", NOW)
    assert (there.is_working, there.until) == (True, datetime(2026, 11, 18, 19, tzinfo=UTC))


def test_until_takes_the_place_of_what_runs_and_leaves_the_past_alone(store: Store, ana: Actor) -> None:
    first = service.declare(store, ana, until(FRIDAY, kind=AbsenceKind.SICK), NOW)
    second = service.declare(store, ana, until(MONDAY), SOON)
    assert second.replaced == (first.leave,)
    assert second.leave.kind == AbsenceKind.SICK
    with store.read() as tx:
        found = queries.spans(tx, HERE, ["U0ANA"], NOW - timedelta(days=1), NOW + timedelta(days=30))["U0ANA"]
    assert [(leave.start_at, leave.end_at) for leave in found] == [(NOW, SOON), (SOON, second.leave.end_at)]


def test_until_may_also_be_sooner(store: Store, ana: Actor) -> None:
    service.declare(store, ana, until(FRIDAY), NOW)
    done = service.declare(store, ana, until(TODAY), SOON)
    assert standing(store, now=SOON) == [(SOON, done.leave.end_at)]


@pytest.mark.parametrize(
    "again", [pytest.param(until(FRIDAY), id="the same"), pytest.param(hours(15, 16), id="wholly inside")]
)
def test_what_lies_inside_changes_nothing_and_is_told(store: Store, ana: Actor, again: Away) -> None:
    first = service.declare(store, ana, until(FRIDAY), NOW)
    second = service.declare(store, ana, again, SOON)
    assert not second.is_new
    assert second.leave == first.leave
    assert standing(store) == [(NOW, SATURDAY_0)]


def test_what_sticks_out_is_added(store: Store, ana: Actor) -> None:
    service.declare(store, ana, until(FRIDAY), NOW)
    done = service.declare(store, ana, Away(FRIDAY, MONDAY), NOW)
    assert done.is_new
    assert len(standing(store)) == 2
    assert done.back.at == datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_hours_that_are_over_by_now_are_refused(store: Store, ana: Actor) -> None:
    with pytest.raises(Refused, match=r"away\.problem\.past"):
        service.declare(store, ana, hours(9, 10), NOW)


def test_back_ends_what_runs_and_keeps_what_is_planned(store: Store, ana: Actor) -> None:
    service.declare(store, ana, until(FRIDAY), NOW)
    planned = service.declare(store, ana, Away(date(2026, 12, 1), date(2026, 12, 5)), NOW)
    ended = service.come_back(store, ana, SOON)
    assert [leave.end_at for leave in ended.leaves] == [SATURDAY_0]
    assert leaves(store, now=SOON) == (planned.leave,)
    assert service.presence_of(store, HERE, "U0ANA", SOON).is_working
    assert service.come_back(store, ana, SOON).leaves == ()


def test_undo_of_back_lets_the_rest_stand_again_once(store: Store, ana: Actor) -> None:
    first = service.declare(store, ana, until(FRIDAY), NOW)
    service.come_back(store, ana, SOON)
    later = SOON + timedelta(minutes=5)
    for _ in range(2):
        assert service.restore(store, ana, [first.leave.id], later).leave.end_at == SATURDAY_0
    assert standing(store, now=later) == [(later, SATURDAY_0)]


def test_undo_brings_back_what_was_replaced(store: Store, ana: Actor) -> None:
    first = service.declare(store, ana, until(FRIDAY), NOW)
    second = service.declare(store, ana, until(MONDAY), SOON)
    later = SOON + timedelta(minutes=1)
    for again in (1, 0):
        ended = service.cancel(store, ana, second.leave.id, later, replaced=[first.leave.id])
        assert ended.leaves == (second.leave,)
        assert len(ended.again) == again
    assert standing(store, now=later) == [(later, SATURDAY_0)]


def test_an_old_undo_does_not_undo_being_back(store: Store, ana: Actor) -> None:
    first = service.declare(store, ana, until(FRIDAY), NOW)
    second = service.declare(store, ana, until(MONDAY), SOON)
    later = SOON + timedelta(minutes=1)
    service.come_back(store, ana, later)
    service.cancel(store, ana, second.leave.id, later, replaced=[first.leave.id])
    assert standing(store, now=later) == []


def test_what_is_planned_can_be_cancelled_and_brought_back(store: Store, ana: Actor) -> None:
    planned = service.declare(store, ana, Away(MONDAY, MONDAY), NOW)
    service.cancel(store, ana, planned.leave.id, SOON)
    assert standing(store) == []
    service.restore(store, ana, [planned.leave.id], SOON)
    assert standing(store) == [(planned.leave.start_at, planned.leave.end_at)]
    with pytest.raises(Refused, match=r"away\.problem\.over"):
        service.restore(store, ana, [planned.leave.id], NOW + timedelta(days=30))


@pytest.mark.parametrize(
    ("who", "roles", "may"),
    [
        pytest.param("U0MARIA", (Role.MANAGER,), True, id="the manager"),
        pytest.param("U0DANA", (Role.MANAGER,), True, id="the manager's manager"),
        pytest.param("U0SAM", (Role.OPS,), True, id="operations"),
        pytest.param("U0LEE", (Role.MANAGER,), False, id="another manager"),
        pytest.param("U0BEN", (Role.AE,), False, id="a colleague"),
    ],
)
def test_who_may_say_it_for_somebody_and_see_why(
    store: Store, ana: Actor, who: str, roles: tuple[str, ...], may: bool
) -> None:
    service.declare(store, ana, until(FRIDAY, kind=AbsenceKind.SICK, note="flu"), NOW)
    other = a_member(store, who, *roles) if who not in ("U0MARIA", "U0DANA") else _known(store, who)
    with store.read() as tx:
        seen = queries.away_now(tx, other, ["U0ANA", who], NOW)["U0ANA"]
    assert (seen.kind, seen.note) == (("sick", "flu") if may else (None, None))
    assert seen.end_at == SATURDAY_0
    if may:
        assert service.come_back(store, other, SOON, "U0ANA").leaves
        assert service.overview(store, other, SOON, "U0ANA").leaves == ()
        return
    leave_id = leaves(store)[0].id
    for attempt in (
        lambda: service.declare(store, other, until(MONDAY, person_id="U0ANA"), NOW),
        lambda: service.come_back(store, other, NOW, "U0ANA"),
        lambda: service.cancel(store, other, leave_id, NOW),
        lambda: service.restore(store, other, [leave_id], NOW),
        lambda: service.overview(store, other, NOW, "U0ANA"),
    ):
        with pytest.raises(Refused, match=r"refused\.person"):
            attempt()
    assert standing(store) == [(NOW, SATURDAY_0)]


def _known(store: Store, person_id: str) -> Actor:
    """Somebody who was met before."""
    found = people.find(store, HERE, person_id, NOW)
    assert found is not None
    return found


def test_what_one_does_for_another_is_in_the_audit_log_and_ones_own_is_not(store: Store, ana: Actor) -> None:
    maria = _known(store, "U0MARIA")
    service.declare(store, ana, hours(15, 16), NOW)
    done = service.declare(store, maria, until(FRIDAY, person_id="U0ANA"), NOW)
    service.cancel(store, maria, done.leave.id, SOON)
    with store.read() as tx:
        found = [each for each in audit.changes(tx, HERE, people=["U0ANA"]) if each.what == "absence"]
    assert [each.by for each in found] == ["U0MARIA", "U0MARIA"]
    assert found[1].before is None
    assert found[1].after["until"] == SATURDAY_0.isoformat()
    assert found[0].after["until"] == SOON.isoformat()


@pytest.mark.parametrize("more", [{"is_active": False}, {"is_guest": True}, {"is_bot": True}, {"is_foreign": True}])
def test_only_members_can_be_away(store: Store, more: dict[str, Any]) -> None:
    sam = a_member(store, "U0SAM", Role.OPS)
    a_member(store, "U0GONE", **more)
    for person_id in ("U0GONE", "U0NOBODY"):
        with pytest.raises(Refused, match=r"away\.problem\.stranger"):
            service.declare(store, sam, until(FRIDAY, person_id=person_id), NOW)


def test_a_managers_line_is_read_on_the_calendar_of_whom_it_is_about(store: Store) -> None:
    sam = a_member(store, "U0SAM", Role.OPS)
    a_member(store, "U0ANA", Role.AE, zone="Asia/Vladivostok")
    reading = service.understand(store, sam, "<@U0ANA> today", NOW)
    assert isinstance(reading, Away)
    assert reading.first == TODAY + timedelta(days=1)


def test_two_backs_and_two_aways_at_once_leave_one_answer(store: Store, ana: Actor) -> None:
    service.declare(store, ana, until(FRIDAY), NOW)

    def act(n: int) -> None:
        moment = SOON + timedelta(seconds=n)
        if n % 2:
            service.come_back(store, ana, moment)
        else:
            service.declare(store, ana, until(MONDAY), moment)

    with Workers(4) as pool:
        list(pool.map(act, range(8)))
    assert len(standing(store, now=SOON + timedelta(minutes=1))) <= 1
    with Workers(4) as pool:
        done = list(
            pool.map(lambda _: service.declare(store, ana, until(FRIDAY), SOON + timedelta(minutes=2)), range(4))
        )
    assert sum(each.is_new for each in done) == 1
    assert len(standing(store, now=SOON + timedelta(minutes=3))) == 1


def test_two_clicks_on_back_end_it_once(store: Store, ana: Actor) -> None:
    service.declare(store, ana, until(FRIDAY), NOW)
    with Workers(4) as pool:
        ended = list(pool.map(lambda _: service.come_back(store, ana, SOON), range(4)))
    assert sorted(len(each.leaves) for each in ended) == [0, 0, 0, 1]


def follow(store: Store, kind: str | None, end: datetime | None, now: datetime) -> None:
    """Slack tells of Ana's status."""
    service.follow_status(store, HERE, "U0ANA", kind, end, now)


def test_a_status_adds_changes_and_ends_its_one_absence(store: Store, ana: Actor) -> None:
    for _ in range(3):
        follow(store, "vacation", SATURDAY_0, NOW)
    assert standing(store) == [(NOW, SATURDAY_0)]
    further = SATURDAY_0 + timedelta(days=3)
    follow(store, "vacation", further, SOON)
    assert standing(store) == [(NOW, further)]
    follow(store, "sick", further, SOON)
    assert [(leave.kind, leave.start_at) for leave in leaves(store, now=SOON)] == [("sick", SOON)]
    follow(store, None, None, SOON + timedelta(minutes=1))
    assert standing(store, now=SOON + timedelta(minutes=1)) == []
    follow(store, "sick", further, SOON + timedelta(minutes=2))
    assert len(standing(store, now=SOON + timedelta(minutes=2))) == 1


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        pytest.param("vacation", None, id="without an end"),
        pytest.param(None, SATURDAY_0, id="another status"),
        pytest.param("sick", NOW, id="over already"),
    ],
)
def test_a_status_that_says_no_absence(store: Store, ana: Actor, kind: str | None, end: datetime | None) -> None:
    follow(store, kind, end, NOW)
    assert standing(store) == []


@pytest.mark.parametrize("now", [pytest.param(NOW, id="at once"), pytest.param(SOON, id="later")])
def test_the_same_status_does_not_undo_being_back(store: Store, ana: Actor, now: datetime) -> None:
    follow(store, "vacation", SATURDAY_0, NOW)
    assert service.come_back(store, ana, now).leaves
    follow(store, "vacation", SATURDAY_0, now + timedelta(minutes=1))
    assert standing(store, now=now) == []
    follow(store, "sick", SATURDAY_0, now + timedelta(minutes=2))
    assert len(standing(store, now=now + timedelta(minutes=2))) == 1


def test_a_status_leaves_alone_what_the_person_said(store: Store, ana: Actor) -> None:
    service.declare(store, ana, until(MONDAY), NOW)
    follow(store, "vacation", SATURDAY_0, NOW)
    follow(store, None, None, SOON)
    assert len(standing(store, now=SOON)) == 1


def test_half_a_day_counts_half(store: Store, ana: Actor) -> None:
    reading = service.understand(store, ana, "tomorrow afternoon", NOW)
    assert isinstance(reading, Away)
    done = service.declare(store, ana, reading, NOW)
    assert done.leave.start_at == datetime(2026, 11, 19, 13, 15, tzinfo=UTC)
    assert done.back.at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert (
        service.presence_of(store, HERE, "U0ANA", datetime(2026, 11, 19, 12, tzinfo=UTC)).until == done.leave.start_at
    )


def test_an_absence_that_never_was_cannot_be_cancelled(store: Store, ana: Actor) -> None:
    with pytest.raises(Refused, match=r"away\.problem\.gone"):
        service.cancel(store, ana, new_id(), NOW)


def test_schedules_take_the_workspaces_hours_and_country_where_a_person_has_none(store: Store) -> None:
    a_member(store, "U0ANA", Role.AE)
    a_member(store, "U0LENA", Role.AE, zone="Europe/Moscow")
    a_member(store, "U0BEN", Role.AE, country="GB-SCT")
    with store.read() as tx:
        members = people_queries.members(tx, HERE, TODAY)
        plain = schedules(tx, HERE, members, NOW, Settings())
        decided = schedules(tx, HERE, members, NOW, Settings(country="DE"))
    assert {each: (plain[each].country, plain[each].subdivision) for each in plain} == {
        "U0ANA": (None, None),
        "U0LENA": ("RU", None),
        "U0BEN": ("GB", "SCT"),
    }
    assert [decided[each].country for each in ("U0ANA", "U0LENA", "U0BEN")] == ["DE", "DE", "GB"]
    assert {each.hours for each in plain.values()} == {STANDARD}


@pytest.mark.usefixtures("unwalled")
def test_other_workspaces_know_nothing_of_it(store: Store, ana: Actor) -> None:
    service.declare(store, ana, until(FRIDAY), NOW)
    with store.read() as tx:
        assert queries.spans(tx, "T0OTHER", ["U0ANA"], NOW, SATURDAY_0) == {}
    with pytest.raises(Refused, match=r"away\.problem\.stranger"):
        service.presence_of(store, "T0OTHER", "U0ANA", NOW)
