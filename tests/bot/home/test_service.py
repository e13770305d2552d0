"""What Home knows: of me, of those I work beside, of those who report to me; and whose Home a change concerns."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.access.actor import Actor
from bot.access.roles import Role
from bot.activity import service as activity
from bot.home import service
from bot.people import service as people
from bot.store.engine import Store
from bot.working_time.presence import Reason
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
from tests.factories import NOW, a_follow_up, a_member, a_profile, an_entry

HERE = "T0BATON"


@pytest.fixture
def maria(store: Store) -> Actor:
    """A manager of two teams: Ana and Ben of North, Cem (who manages Deniz) of South."""
    maria = a_member(store, "U0MARIA", Role.MANAGER)
    a_member(store, "U0ANA", Role.SDR, manager="U0MARIA", team="North")
    a_member(store, "U0BEN", Role.AE, manager="U0MARIA", team="North")
    a_member(store, "U0CEM", Role.AE, manager="U0MARIA", team="South")
    a_member(store, "U0DENIZ", Role.SDR, manager="U0CEM", team="South", zone="Asia/Vladivostok")
    a_member(store, "U0ZOE", Role.SDR, team="West")
    return maria


def page(store: Store, person_id: str, now: datetime = NOW) -> service.HomePage:
    """Somebody's Home."""
    actor = people.find(store, HERE, person_id, now)
    assert actor is not None
    return service.home(store, actor, now)


def logs(store: Store, person_id: str, calls: int, **more: Any) -> None:
    """Somebody logs calls on their own today."""
    actor = people.find(store, HERE, person_id, NOW)
    assert actor is not None
    entry = an_entry(day=NOW.astimezone(actor.zone).date(), who=None, count=calls, **more)
    activity.log(store, actor, [entry], origin=f"test:{person_id}", now=NOW)


def test_a_manager_sees_everybody_below_with_their_own_day(store: Store, maria: Actor) -> None:
    logs(store, "U0ANA", 12)
    logs(store, "U0DENIZ", 7)
    found = {mate.member.id: (mate.calls, mate.goal) for mate in page(store, maria.id).reports}
    assert found == {"U0ANA": (12, 40), "U0BEN": (0, 10), "U0CEM": (0, 10), "U0DENIZ": (7, 40)}


def test_reports_stand_team_by_team(store: Store, maria: Actor) -> None:
    assert [mate.member.id for mate in page(store, maria.id).reports] == ["U0ANA", "U0BEN", "U0CEM", "U0DENIZ"]


def test_a_rep_sees_who_is_beside_them_and_nobodys_numbers(store: Store, maria: Actor) -> None:
    mine = page(store, "U0ANA")
    assert [mate.member.id for mate in mine.team] == ["U0BEN"]
    assert mine.reports == ()
    assert mine.manager is not None
    assert mine.manager.id == "U0MARIA"


def test_without_a_team_those_with_the_same_manager_are_beside_one(store: Store, maria: Actor) -> None:
    a_member(store, "U0EVE", manager="U0ZOE")
    a_member(store, "U0FAY", manager="U0ZOE")
    assert [mate.member.id for mate in page(store, "U0EVE").team] == ["U0FAY"]
    assert page(store, "U0ZOE").team == ()


def test_who_left_is_not_shown(store: Store, maria: Actor) -> None:
    people.remember(store, HERE, a_profile(id="U0BEN", is_active=False), NOW)
    assert [mate.member.id for mate in page(store, maria.id).reports] == ["U0ANA", "U0CEM", "U0DENIZ"]
    assert page(store, "U0ANA").team == ()


def test_whether_somebody_is_in_is_a_question_of_their_own_clock(store: Store, maria: Actor) -> None:
    found = {mate.member.id: mate.presence.reason for mate in page(store, maria.id).reports}
    assert found["U0ANA"] is Reason.WORKING
    assert found["U0DENIZ"] is Reason.OFF_HOURS


def test_goals_are_the_workspaces(store: Store, maria: Actor) -> None:
    sam = a_member(store, "U0SAM", Role.OPS)
    workspace.change(store, sam, {Setting.GOALS: {Role.SDR: 55}}, NOW)
    assert page(store, "U0ANA").week.count.goal == 55
    assert {mate.goal for mate in page(store, maria.id).reports if mate.member.id == "U0ANA"} == {55}


def test_a_step_put_off_comes_on_the_next_working_day(store: Store, maria: Actor) -> None:
    ana = people.find(store, HERE, "U0ANA", NOW)
    assert ana is not None
    friday = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
    activity.log(store, ana, [an_entry(follow_up=a_follow_up(day=friday.date()))], origin="a", now=NOW)
    step = page(store, "U0ANA", friday).desk.due[0]
    moved = service.later(store, ana, step.id, friday)
    assert moved.day == friday.date() + timedelta(days=3)


def test_the_first_admin_who_looks_sets_up(store: Store) -> None:
    for person in ("U0ROOT", "U0OTHER"):
        admin = a_member(store, person, is_admin=True)
        service.opened(store, admin, NOW)
    assert page(store, "U0ROOT").is_setting_up
    assert not page(store, "U0OTHER").is_setting_up


@pytest.mark.parametrize("gone", [{"is_active": False}, {"is_admin": False}])
def test_when_they_leave_the_next_admin_sets_up(store: Store, gone: dict[str, Any]) -> None:
    root, other = (a_member(store, person, is_admin=True) for person in ("U0ROOT", "U0OTHER"))
    service.opened(store, root, NOW)
    people.remember(store, HERE, a_profile(id="U0ROOT", **gone), NOW)
    service.opened(store, other, NOW)
    assert page(store, "U0OTHER").is_setting_up


def test_nobody_else_is_asked_to_set_up(store: Store) -> None:
    sam = a_member(store, "U0SAM", Role.OPS)
    service.opened(store, sam, NOW)
    assert not page(store, "U0SAM").is_setting_up


def test_a_list_put_away_stays_away(store: Store) -> None:
    root = a_member(store, "U0ROOT", is_admin=True)
    service.opened(store, root, NOW)
    workspace.hide_setup(store, root, NOW)
    assert not page(store, "U0ROOT").is_setting_up


@pytest.mark.parametrize(
    ("changed", "of_day", "concerned"),
    [
        pytest.param({"U0ANA"}, True, {"U0ANA", "U0MARIA"}, id="a day's figures: oneself and those above"),
        pytest.param({"U0ANA"}, False, {"U0ANA", "U0BEN", "U0MARIA"}, id="a place in the team: the team too"),
        pytest.param({"U0DENIZ"}, True, {"U0DENIZ", "U0CEM", "U0MARIA"}, id="the whole line above"),
        pytest.param(set(), False, {"U0ANA", "U0BEN", "U0CEM", "U0DENIZ", "U0MARIA", "U0ZOE"}, id="the workspace"),
    ],
)
def test_whose_home_a_change_concerns(
    store: Store, maria: Actor, changed: set[str], of_day: bool, concerned: set[str]
) -> None:
    for person_id in ("U0MARIA", "U0ANA", "U0BEN", "U0CEM", "U0DENIZ", "U0ZOE"):
        actor = people.find(store, HERE, person_id, NOW)
        assert actor is not None
        service.opened(store, actor, NOW)
    assert service.onlookers(store, HERE, changed, NOW, of_day=of_day) == concerned


def test_who_does_not_look_is_left_alone(store: Store, maria: Actor) -> None:
    service.opened(store, maria, NOW - service.LOOKS_FOR - timedelta(minutes=1))
    assert service.onlookers(store, HERE, {"U0ANA"}, NOW) == set()


def test_a_change_of_the_workspace_reaches_those_who_look_just_now(store: Store, maria: Actor) -> None:
    service.opened(store, maria, NOW - timedelta(hours=1))
    assert service.onlookers(store, HERE, {maria.id}, NOW) == {maria.id}
    assert service.onlookers(store, HERE, set(), NOW) == set()


def test_no_figure_of_another_day_is_shown(store: Store, maria: Actor) -> None:
    logs(store, "U0ANA", 12)
    tomorrow = page(store, maria.id, NOW + timedelta(days=1))
    assert {mate.calls for mate in tomorrow.reports} == {0}
