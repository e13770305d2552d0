"""Who does what from when: the rules of roles, managers and days, and the rows behind them, on both databases."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.access.actor import Actor
from bot.access.roles import Role
from bot.audit import service as audit
from bot.errors import Refused
from bot.ops.causes import Workers
from bot.people import assignments, queries
from bot.people import service as people
from bot.people.assignments import Assign
from bot.people.model import Aspect
from bot.store.engine import Store
from tests.factories import NOW, TODAY, a_member, a_profile

HERE = "T0BATON"
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
DECEMBER = date(2026, 12, 1)


@pytest.fixture
def sam(store: Store) -> Actor:
    """Operations: may do everything."""
    return a_member(store, "U0SAM", Role.OPS)


@pytest.fixture
def maria(store: Store) -> Actor:
    """A manager; Ana reports to her."""
    maria = a_member(store, "U0MARIA", Role.MANAGER)
    a_member(store, "U0ANA", Role.SDR, manager="U0MARIA")
    return maria


def assign(store: Store, by: Actor, person: str, *roles: str, start: date = TODAY, **more: Any) -> assignments.Assigned:
    """`by` lets `person` hold roles and stand somewhere; `until` is the roles' last day."""
    until = more.pop("until", None)
    return assignments.assign(store, by, Assign(person, start, roles, until, more), NOW)


def roles_on(store: Store, person: str, day: date) -> tuple[str, ...]:
    """The roles that somebody held on a day."""
    with store.read() as tx:
        found = queries.member(tx, HERE, person, day)
    assert found is not None
    return tuple(str(role) for role in found.roles)


def standing_on(store: Store, person: str, day: date) -> Any:
    """Where somebody stood on a day."""
    with store.read() as tx:
        found = queries.member(tx, HERE, person, day)
    assert found is not None
    return found.standing


def refused(act: Callable[[], object]) -> Refused:
    """The refusal that `act` ends in."""
    with pytest.raises(Refused) as told:
        act()
    return told.value


def test_a_role_is_held_from_its_first_day_to_its_last(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA")
    assign(store, sam, "U0ANA", Role.SDR, start=DECEMBER, until=date(2026, 12, 31))
    days = (date(2026, 11, 30), DECEMBER, date(2026, 12, 31), date(2027, 1, 1))
    assert [roles_on(store, "U0ANA", day) for day in days] == [(), ("SDR",), ("SDR",), ()]


def test_who_was_what_on_a_day_long_gone(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA")
    assign(store, sam, "U0ANA", Role.MRR, start=date(2026, 1, 1), until=date(2026, 3, 3), team="South")
    assign(store, sam, "U0ANA", Role.SDR, start=date(2026, 3, 4), team="North")
    assert roles_on(store, "U0ANA", date(2026, 3, 3)) == ("MRR",)
    assert standing_on(store, "U0ANA", date(2026, 3, 3)).team == "South"
    assert roles_on(store, "U0ANA", date(2026, 3, 4)) == ("SDR",)
    assert standing_on(store, "U0ANA", TODAY).team == "North"


def test_each_aspect_has_a_time_of_its_own(store: Store, sam: Actor) -> None:
    """A manager named today holds in December too, when the territory changes that was planned before."""
    a_member(store, "U0ANA", Role.SDR, team="South")
    a_member(store, "U0DANA", Role.MANAGER)
    assign(store, sam, "U0ANA", territories=["EMEA"], start=DECEMBER)
    assign(store, sam, "U0ANA", manager="U0DANA")
    then = standing_on(store, "U0ANA", DECEMBER)
    assert (then.team, then.manager, then.territories) == ("South", "U0DANA", ("EMEA",))
    assert standing_on(store, "U0ANA", TODAY).territories == ()


def test_what_was_known_then_stays_known(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA", Role.SDR, team="South")
    later = NOW + timedelta(days=10)
    assignments.assign(store, sam, Assign("U0ANA", TODAY, (Role.AE,), aspects={Aspect.TEAM: "North"}), later)
    assignments.end(store, sam, "U0ANA", Role.SDR, None, later)
    with store.read() as tx:
        then = queries.member(tx, HERE, "U0ANA", TODAY, NOW + timedelta(days=5))
        now = queries.member(tx, HERE, "U0ANA", later.date())
    assert then is not None
    assert now is not None
    assert (then.roles, then.standing.team) == ((Role.SDR,), "South")
    assert (now.roles, now.standing.team) == ((Role.AE,), "North")


@pytest.mark.parametrize(
    ("start", "until", "key"),
    [
        pytest.param(TODAY, None, "team.problem.overlap", id="the same again"),
        pytest.param(date(2026, 1, 1), None, "team.problem.overlap", id="begun before, going on"),
        pytest.param(date(2026, 1, 1), date(2026, 6, 1), "team.problem.overlap", id="ending on the first day"),
        pytest.param(date(2027, 1, 1), date(2027, 2, 1), "team.problem.overlap", id="inside"),
    ],
)
def test_an_assignment_does_not_overlap_itself(
    store: Store, sam: Actor, start: date, until: date | None, key: str
) -> None:
    a_member(store, "U0ANA", Role.SDR)
    told = refused(lambda: assign(store, sam, "U0ANA", Role.SDR, start=start, until=until))
    assert told.key == key
    assert told.params["start"] == date(2026, 6, 1)


def test_the_same_role_may_come_again_after_it_ended(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA", Role.SDR)
    assignments.end(store, sam, "U0ANA", Role.SDR, TODAY, NOW)
    assign(store, sam, "U0ANA", Role.SDR, start=TOMORROW)
    assert roles_on(store, "U0ANA", TOMORROW) == ("SDR",)


def test_what_is_held_already_does_not_keep_the_rest_from_changing(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA", Role.SDR)
    a_member(store, "U0DANA", Role.MANAGER)
    done = assign(store, sam, "U0ANA", Role.SDR, manager="U0DANA")
    assert [change.what for change in done.changes] == ["manager"]
    assert [stint.role for stint in done.already] == ["SDR"]


def test_mixing_inbound_and_outbound_is_told_but_not_forbidden(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA", Role.SDR)
    assert assign(store, sam, "U0ANA", Role.MRR).mixes_lines
    assert not assign(store, sam, "U0ANA", territories=["EMEA"]).mixes_lines


@pytest.mark.parametrize(
    ("person", "more", "key"),
    [
        pytest.param("U0ANA", {"manager": "U0ANA"}, "team.problem.own_manager", id="a manager of oneself"),
        pytest.param("U0ANA", {"manager": "U0NOBODY"}, "team.problem.unknown_person", id="a manager nobody knows"),
        pytest.param("U0NOBODY", {"team": "North"}, "team.problem.unknown_person", id="a person nobody knows"),
        pytest.param("U0GUEST", {"team": "North"}, "team.problem.guest", id="a guest"),
        pytest.param("U0GONE", {"team": "North"}, "team.problem.deactivated", id="somebody who left"),
        pytest.param("U0ALIEN", {"team": "North"}, "team.problem.foreign", id="somebody of another workspace"),
        pytest.param("U0ANA", {"manager": "U0GONE"}, "team.problem.deactivated", id="a manager who left"),
        pytest.param("U0ANA", {"team": "South"}, "team.problem.nothing_new", id="what is so already"),
        pytest.param("U0ANA", {"until": YESTERDAY}, "team.problem.end_before_start", id="over before it begins"),
        pytest.param("U0ANA", {"start": date(2036, 1, 1)}, "team.problem.too_far", id="a slip of the year"),
    ],
)
def test_what_cannot_be_is_refused(store: Store, sam: Actor, person: str, more: dict[str, Any], key: str) -> None:
    a_member(store, "U0ANA", team="South")
    a_member(store, "U0GUEST", is_guest=True)
    a_member(store, "U0GONE", is_active=False)
    a_member(store, "U0ALIEN", is_foreign=True)
    roles = (Role.SDR,) if more.keys() & {"until", "start"} else ()
    assert refused(lambda: assign(store, sam, person, *roles, **more)).key == key


def test_nobody_is_above_themselves_however_long_the_line(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA")
    a_member(store, "U0BEN", manager="U0ANA")
    a_member(store, "U0CEM", manager="U0BEN")
    told = refused(lambda: assign(store, sam, "U0ANA", manager="U0CEM"))
    assert told.key == "team.problem.circle"


def test_a_circle_that_would_close_in_the_future_is_seen_today(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA")
    a_member(store, "U0BEN")
    assign(store, sam, "U0BEN", manager="U0ANA", start=DECEMBER)
    assert refused(lambda: assign(store, sam, "U0ANA", manager="U0BEN")).key == "team.problem.circle"


def test_two_managers_named_at_once_make_no_circle(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA")
    a_member(store, "U0BEN")

    def name(person: str, manager: str) -> str:
        try:
            assign(store, sam, person, manager=manager)
        except Refused as told:
            return told.key
        return "stored"

    with Workers(2) as pool:
        told = list(pool.map(name, ("U0ANA", "U0BEN"), ("U0BEN", "U0ANA")))
    assert sorted(told) == ["stored", "team.problem.circle"]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Auckland", "UTC"])
def test_from_today_on_is_from_now_on_wherever_they_are(store: Store, zone: str) -> None:
    night = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
    sam = a_member(store, "U0SAM", Role.OPS)
    a_member(store, "U0ANA", zone=zone)
    assignments.assign(store, sam, Assign("U0ANA", night.date(), (Role.SDR,)), night)
    begun = people.find(store, HERE, "U0ANA", night)
    assignments.end(store, sam, "U0ANA", Role.SDR, None, night + timedelta(hours=1))
    over = people.find(store, HERE, "U0ANA", night + timedelta(hours=1))
    assert begun is not None
    assert over is not None
    assert begun.roles == {"SDR"}
    assert over.roles == frozenset()


def test_a_role_ended_at_once_is_gone_with_its_rights(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA", Role.OPS)
    assignments.end(store, sam, "U0ANA", Role.OPS, None, NOW)
    found = people.find(store, HERE, "U0ANA", NOW)
    assert found is not None
    assert found.roles == frozenset()
    assert roles_on(store, "U0ANA", YESTERDAY) == ("OPS",)


def test_a_last_day_is_still_worked(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA", Role.SDR)
    assignments.end(store, sam, "U0ANA", Role.SDR, TODAY, NOW)
    assert roles_on(store, "U0ANA", TODAY) == ("SDR",)
    assert roles_on(store, "U0ANA", TOMORROW) == ()


def test_ending_what_began_today_leaves_nothing_of_it(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA")
    assign(store, sam, "U0ANA", Role.SDR)
    assert assignments.end(store, sam, "U0ANA", Role.SDR, None, NOW).changes[0].after is None
    assert roles_on(store, "U0ANA", TODAY) == ()


@pytest.mark.parametrize(
    ("role", "last", "key"),
    [
        pytest.param(Role.AE, None, "team.problem.not_held", id="a role that is not held"),
        pytest.param(Role.SDR, date(2026, 5, 31), "team.problem.end_before_start", id="before it began"),
    ],
)
def test_what_cannot_end(store: Store, sam: Actor, role: str, last: date | None, key: str) -> None:
    a_member(store, "U0ANA", Role.SDR)
    assert refused(lambda: assignments.end(store, sam, "U0ANA", role, last, NOW)).key == key


def test_days_can_be_put_right(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA", Role.SDR)
    assignments.correct(store, sam, "U0ANA", Role.SDR, NOW, start=date(2026, 5, 1), last=None)
    assert roles_on(store, "U0ANA", date(2026, 5, 1)) == ("SDR",)
    assignments.correct(store, sam, "U0ANA", Role.SDR, NOW, start=None, last=date(2026, 6, 30))
    assert roles_on(store, "U0ANA", date(2026, 7, 1)) == ()


def test_put_right_is_not_put_over_another(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA")
    assign(store, sam, "U0ANA", Role.SDR, start=date(2026, 1, 1), until=date(2026, 3, 31))
    assign(store, sam, "U0ANA", Role.SDR, start=date(2026, 6, 1))
    told = refused(lambda: assignments.correct(store, sam, "U0ANA", Role.SDR, NOW, start=date(2026, 3, 1), last=None))
    assert told.key == "team.problem.overlap_until"


def test_everything_can_be_undone_and_that_undone_again(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA", Role.MRR, team="South")
    done = assign(store, sam, "U0ANA", Role.SDR, team="North")
    undone = assignments.revert(store, sam, [change.id for change in done.changes], NOW)
    assert (roles_on(store, "U0ANA", TODAY), standing_on(store, "U0ANA", TODAY).team) == (("MRR",), "South")
    assignments.revert(store, sam, [change.id for change in undone.changes], NOW)
    assert (roles_on(store, "U0ANA", TODAY), standing_on(store, "U0ANA", TODAY).team) == (("SDR", "MRR"), "North")


def test_what_somebody_else_changed_since_is_not_undone(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA", team="South")
    done = assign(store, sam, "U0ANA", team="North")
    lee = a_member(store, "U0LEE", Role.OPS)
    assign(store, lee, "U0ANA", team="East")
    told = refused(lambda: assignments.revert(store, sam, [done.changes[0].id], NOW))
    assert (told.key, told.params) == ("team.problem.changed_since", {"who": "Lee"})
    assert standing_on(store, "U0ANA", TODAY).team == "East"


def test_two_admins_at_once_are_both_in_the_audit_log_and_the_last_one_stands(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA", team="South")
    lee = a_member(store, "U0LEE", Role.OPS)
    teams = {sam.id: "North", lee.id: "East"}
    with Workers(2) as pool:
        told = list(pool.map(lambda by: assign(store, by, "U0ANA", team=teams[by.id]).changes[0], (sam, lee)))
    with store.read() as tx:
        second, first = audit.changes(tx, HERE, people=["U0ANA"], limit=2)
    assert (first.before, second.before) == ("South", first.after)
    assert {each.by for each in (first, second)} == {sam.id, lee.id}
    assert standing_on(store, "U0ANA", TODAY).team == second.after
    assert {(each.before, each.after) for each in told} == {(each.before, each.after) for each in (first, second)}


def test_a_form_tells_what_was_changed_while_it_was_open(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA", team="South")
    lee = a_member(store, "U0LEE", Role.OPS)
    opened, then = NOW, NOW + timedelta(minutes=1)
    assignments.assign(store, lee, Assign("U0ANA", TODAY, aspects={Aspect.TEAM: "East"}), then)
    mine = Assign("U0ANA", TODAY, aspects={Aspect.TEAM: "North"})
    done = assignments.assign(store, sam, mine, then + timedelta(minutes=1), seen_at=opened)
    assert done.changes[0].before == "East"
    assert [(each.by, each.after) for each in done.overtaken] == [("U0LEE", "East")]


@pytest.mark.parametrize(
    ("by", "person", "roles", "more", "key"),
    [
        pytest.param("U0MARIA", "U0ANA", (Role.AE,), {}, None, id="a manager for a report"),
        pytest.param("U0MARIA", "U0DEEP", (Role.AE,), {}, None, id="a manager for a report's report"),
        pytest.param("U0MARIA", "U0ANA", (Role.OPS,), {}, "refused.granting", id="a manager cannot make somebody OPS"),
        pytest.param("U0MARIA", "U0BEN", (Role.AE,), {}, "refused.person", id="a manager for somebody else's report"),
        pytest.param("U0MARIA", "U0MARIA", (Role.AE,), {}, "refused.person", id="a manager for themselves"),
        pytest.param("U0BEN", "U0ANA", (Role.AE,), {}, "refused.person", id="a rep for a colleague"),
        pytest.param("U0BEN", "U0BEN", (Role.MANAGER,), {}, "refused.person", id="a rep for themselves"),
        pytest.param("U0BEN", "U0BEN", (), {"country": "DE-BE"}, None, id="everybody for their own holidays"),
        pytest.param("U0BEN", "U0BEN", (), {"territories": ["EMEA"]}, "refused.person", id="but not their territory"),
        pytest.param("U0SAM", "U0SAM", (Role.AE,), {}, None, id="operations for themselves"),
        pytest.param("U0ROOT", "U0ANA", (Role.ADMIN,), {}, None, id="an admin of the workspace"),
    ],
)
def test_who_may_assign(
    store: Store,
    sam: Actor,
    maria: Actor,
    by: str,
    person: str,
    roles: tuple[str, ...],
    more: dict[str, Any],
    key: str | None,
) -> None:
    a_member(store, "U0DEEP", manager="U0ANA")
    a_member(store, "U0BEN", Role.SDR)
    a_member(store, "U0ROOT", is_admin=True)
    actor = people.find(store, HERE, by, NOW)
    assert actor is not None
    if key is None:
        assert assign(store, actor, person, *roles, **more).changes
    else:
        told = refused(lambda: assign(store, actor, person, *roles, **more))
        assert told.key == key
        assert "Sam" in str(told.params["can"])


def test_a_refusal_names_the_manager_first(store: Store, sam: Actor, maria: Actor) -> None:
    ben = a_member(store, "U0BEN", Role.SDR)
    told = refused(lambda: assign(store, ben, "U0ANA", Role.AE))
    assert told.params == {"name": "Ana", "can": "Maria, Sam"}


@pytest.mark.usefixtures("unwalled")
def test_nobody_reaches_into_another_workspace(store: Store, sam: Actor) -> None:
    people.remember(store, "T0OTHER", a_profile(id="U0FAR"), NOW)
    assert refused(lambda: assign(store, sam, "U0FAR", Role.SDR)).key == "team.problem.unknown_person"


def test_who_left_keeps_their_history_and_gets_nothing_new(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA", Role.SDR, team="South")
    people.remember(store, HERE, a_profile(id="U0ANA", is_active=False), NOW)
    assert roles_on(store, "U0ANA", TODAY) == ("SDR",)
    assert refused(lambda: assign(store, sam, "U0ANA", Role.AE)).key == "team.problem.deactivated"
