"""What Baton remembers of people: Slack's newest word on them, their roles day by day, and whom it refuses."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.access.roles import Role
from bot.people import assignments
from bot.people import service as people
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.people.rules import is_stale
from bot.store.engine import Store
from tests.factories import NOW, TODAY, a_person, a_profile

HERE, ELSEWHERE = "T0BATON", "T0OTHER"


def holds(store: Store, role: str, start: date, workspace_id: str = HERE) -> None:
    """Let Ana hold a role from a day on."""
    with store.write() as tx:
        command = Assign("U0ANA", start, (role,))
        assignments.apply(tx, Stamp(workspace_id, "U0MARIA", NOW), command, today=TODAY)


def test_a_stranger_is_nobody_until_remembered(store: Store) -> None:
    assert people.find(store, HERE, "U0ANA", NOW) is None
    assert not people.is_known(store, HERE, "U0ANA")
    remembered = people.remember(store, HERE, a_profile(), NOW)
    assert people.find(store, HERE, "U0ANA", NOW) == remembered
    assert people.is_known(store, HERE, "U0ANA")
    assert (remembered.name, remembered.zone.key, remembered.language) == ("Ana Ruiz", "Europe/Madrid", "en")
    assert remembered.checked_at == NOW


def test_slacks_newest_word_counts(store: Store) -> None:
    people.remember(store, HERE, a_profile(), NOW)
    later = NOW + timedelta(days=2)
    people.remember(store, HERE, a_profile(language="ru", zone="Asia/Vladivostok", is_admin=True), later)
    found = people.find(store, HERE, "U0ANA", later)
    assert found is not None
    assert (found.language, found.zone.key, found.is_admin, found.checked_at) == ("ru", "Asia/Vladivostok", True, later)


def test_who_was_listed_before_an_event_came_stays_as_the_event_says(store: Store) -> None:
    asked, told = NOW, NOW + timedelta(seconds=1)
    people.remember(store, HERE, a_profile(), asked)
    people.remember(store, HERE, a_profile(language="ru"), told)
    people.remember_all(store, HERE, [a_profile(language="en")], asked)
    found = people.find(store, HERE, "U0ANA", told)
    assert found is not None
    assert (found.language, found.checked_at) == ("ru", told)


def test_what_slack_leaves_out_stays_as_it_was_known(store: Store) -> None:
    people.remember(store, HERE, a_profile(language="ru", zone="Asia/Vladivostok"), NOW)
    people.remember(store, HERE, a_profile(name="Anna", language=None, zone=None), NOW)
    found = people.find(store, HERE, "U0ANA", NOW)
    assert found is not None
    assert (found.name, found.language, found.zone.key) == ("Anna", "ru", "Asia/Vladivostok")


@pytest.mark.usefixtures("unwalled")
def test_the_same_id_in_two_workspaces_is_two_people(store: Store) -> None:
    people.remember(store, HERE, a_profile(name="Ana"), NOW)
    assert people.find(store, ELSEWHERE, "U0ANA", NOW) is None
    people.remember(store, ELSEWHERE, a_profile(name="Anna"), NOW)
    holds(store, Role.SDR, TODAY, ELSEWHERE)
    here, there = (people.find(store, workspace, "U0ANA", NOW) for workspace in (HERE, ELSEWHERE))
    assert here is not None
    assert there is not None
    assert (here.name, here.roles) == ("Ana", frozenset())
    assert (there.name, there.roles) == ("Anna", frozenset({Role.SDR}))


@pytest.mark.parametrize("zone", [None, "", "Mars/Olympus", "../etc/passwd", "Europe/Nowhere"])
def test_a_zone_that_nobody_knows_is_utc(store: Store, zone: str | None) -> None:
    assert people.remember(store, HERE, a_profile(zone=zone), NOW).zone.key == "UTC"


@pytest.mark.parametrize(
    ("start", "held"),
    [
        pytest.param(date(2026, 11, 18), True, id="from today"),
        pytest.param(date(2026, 1, 1), True, id="for long"),
        pytest.param(date(2026, 11, 19), False, id="from tomorrow"),
    ],
)
def test_a_role_is_held_from_its_first_day(store: Store, start: date, held: bool) -> None:
    people.remember(store, HERE, a_profile(zone="UTC"), NOW)
    holds(store, Role.SDR, start)
    found = people.find(store, HERE, "U0ANA", NOW)
    assert found is not None
    assert (Role.SDR in found.roles) is held
    assert found.daily_goal == (40 if held else 10)


@pytest.mark.parametrize(
    ("zone", "held"),
    [
        pytest.param("Asia/Vladivostok", True, id="where it is tomorrow already"),
        pytest.param("America/Los_Angeles", False, id="where it is still today"),
    ],
)
def test_a_role_begins_at_the_persons_own_midnight(store: Store, zone: str, held: bool) -> None:
    people.remember(store, HERE, a_profile(zone=zone), NOW)
    holds(store, Role.AE, date(2026, 11, 19))
    found = people.find(store, HERE, "U0ANA", datetime(2026, 11, 18, 20, 0, tzinfo=UTC))
    assert found is not None
    assert (Role.AE in found.roles) is held


def test_somebody_may_hold_two_roles(store: Store) -> None:
    people.remember(store, HERE, a_profile(), NOW)
    for role in (Role.AE, Role.MRR):
        holds(store, role, TODAY)
    found = people.find(store, HERE, "U0ANA", NOW)
    assert found is not None
    assert found.roles == {Role.AE, Role.MRR}


@pytest.mark.parametrize(
    ("hours", "stale"),
    [pytest.param(1, False, id="an hour ago"), pytest.param(25, True, id="more than a day ago")],
)
def test_slack_is_asked_again_after_a_day(hours: int, stale: bool) -> None:
    person = a_person(checked_at=NOW - timedelta(hours=hours))
    assert is_stale(person.checked_at, NOW) is stale
    assert is_stale(None, NOW)
