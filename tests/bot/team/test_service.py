"""The roster, the cards of people and roles, and who may change what of whom, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.absence import service as absence
from bot.absence.kinds import AbsenceKind
from bot.absence.rules import Away
from bot.access.actor import Actor
from bot.access.roles import Role
from bot.errors import Refused
from bot.people import service as people
from bot.people.model import Aspect
from bot.store.engine import Store
from bot.team import service
from bot.team.draft import Draft
from bot.working_time.presence import Reason
from bot.workspace import service as workspace
from bot.workspace.rules import Card
from tests.factories import NOW, TODAY, a_member, a_profile

HERE = "T0BATON"
JULY = date(2026, 7, 1)


@pytest.fixture
def sam(store: Store) -> Actor:
    """Operations."""
    return a_member(store, "U0SAM", Role.OPS)


@pytest.fixture
def maria(store: Store) -> Actor:
    """A manager; Ana reports to her."""
    maria = a_member(store, "U0MARIA", Role.MANAGER, team="North")
    a_member(store, "U0ANA", Role.SDR, manager="U0MARIA", team="North", territories=["EMEA"])
    return maria


def _names(store: Store, actor: Actor, day: date | None = None) -> list[str]:
    return [member.name for member in service.roster(store, actor, day, NOW).members]


def test_the_roster_lists_who_holds_a_role_by_name(store: Store, sam: Actor, maria: Actor) -> None:
    people.remember(store, HERE, a_profile(id="U0BEN", name="Ben"), NOW)
    found = service.roster(store, maria, None, NOW)
    assert [member.name for member in found.members] == ["Ana", "Maria", "Sam"]
    assert found.managers["U0MARIA"].name == "Maria"
    assert (found.day, found.today) == (TODAY, TODAY)


def test_a_day_in_the_past_is_answered_from_the_rows_of_then(store: Store, sam: Actor, maria: Actor) -> None:
    service.end(store, sam, Draft("U0ANA", (Role.SDR,)), NOW)
    assert _names(store, sam) == ["Maria", "Sam"]
    assert _names(store, sam, JULY) == ["Ana", "Maria", "Sam"]
    assert _names(store, sam, date(2026, 5, 31)) == []


def test_leavers_and_guests_are_not_on_the_roster_of_today_but_on_that_of_then(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA", Role.SDR)
    a_member(store, "U0BEN", Role.AE)
    people.remember(store, HERE, a_profile(id="U0ANA", name="Ana", is_active=False), NOW)
    people.remember(store, HERE, a_profile(id="U0BEN", name="Ben", is_guest=True), NOW)
    assert _names(store, sam) == ["Sam"]
    assert _names(store, sam, JULY) == ["Ana", "Ben", "Sam"]


def test_why_somebody_is_away_is_for_their_manager_and_operations(store: Store, sam: Actor, maria: Actor) -> None:
    ben = a_member(store, "U0BEN", Role.AE)
    ana = people.find(store, HERE, "U0ANA", NOW)
    assert ana is not None
    absence.declare(store, ana, Away(TODAY, TODAY + timedelta(days=2), kind=AbsenceKind.SICK, from_now=True), NOW)
    kinds = {who.id: service.roster(store, who, None, NOW).leaves["U0ANA"].kind for who in (ana, maria, sam, ben)}
    assert kinds == {"U0ANA": "sick", "U0MARIA": "sick", "U0SAM": "sick", "U0BEN": None}
    assert service.roster(store, sam, JULY, NOW).leaves == {}


def test_a_person_as_they_stand(store: Store, sam: Actor, maria: Actor) -> None:
    service.assign(store, sam, Draft("U0ANA", (Role.AE,), date(2026, 12, 1)), NOW)
    card = service.person_card(store, maria, "U0ANA", None, NOW)
    assert card.member.roles == (Role.SDR,)
    assert [(stint.role, stint.start) for stint in card.stints] == [
        ("SDR", date(2026, 6, 1)),
        ("AE", date(2026, 12, 1)),
    ]
    assert card.manager is not None
    assert card.manager.name == "Maria"
    assert card.presence is not None
    assert card.presence.reason is Reason.WORKING
    assert (card.may_assign, card.may_set_hours) == (True, True)
    assert card.schedule.country is None


@pytest.mark.parametrize(
    ("who", "may_assign", "may_set_hours"),
    [
        pytest.param("U0ANA", False, True, id="themselves"),
        pytest.param("U0BEN", False, False, id="a colleague"),
        pytest.param("U0MARIA", True, True, id="their manager"),
        pytest.param("U0SAM", True, True, id="operations"),
    ],
)
def test_who_may_edit_a_card(
    store: Store, sam: Actor, maria: Actor, who: str, may_assign: bool, may_set_hours: bool
) -> None:
    a_member(store, "U0BEN", Role.AE)
    actor = people.find(store, HERE, who, NOW)
    assert actor is not None
    card = service.person_card(store, actor, "U0ANA", None, NOW)
    assert (card.may_assign, card.may_set_hours) == (may_assign, may_set_hours)


def test_a_person_on_another_day_has_no_presence(store: Store, sam: Actor, maria: Actor) -> None:
    card = service.person_card(store, sam, "U0ANA", date(2026, 5, 1), NOW)
    assert card.member.roles == ()
    assert (card.presence, card.leave) == (None, None)


def test_somebody_unknown_has_no_card(store: Store, sam: Actor) -> None:
    with pytest.raises(Refused, match=r"team\.problem\.unknown_person"):
        service.person_card(store, sam, "U0NOBODY", None, NOW)


def test_a_role_card_has_the_workspaces_words_and_its_holders(store: Store, sam: Actor, maria: Actor) -> None:
    standard = service.role_card(store, maria, Role.SDR, NOW)
    assert (standard.base_share, standard.card, standard.may_edit) == (65, Card(), False)
    assert [member.name for member in standard.holders.members] == ["Ana"]
    workspace.reword(store, sam, Role.SDR, Card({"ru": "Звоните", "en": "  "}, 0), NOW)
    reworded = service.role_card(store, sam, Role.SDR, NOW)
    assert (reworded.base_share, dict(reworded.card.texts), reworded.may_edit) == (0, {"ru": "Звоните"}, True)


def test_every_role_counts_its_holders(store: Store, sam: Actor, maria: Actor) -> None:
    found = service.holders(store, sam, NOW)
    assert list(found) == list(Role)
    assert (found[Role.SDR], found[Role.OPS], found[Role.AE]) == (1, 1, 0)


def test_a_change_is_told_with_the_names_in_it(store: Store, sam: Actor, maria: Actor) -> None:
    a_member(store, "U0LENA", Role.MANAGER)
    done = service.assign(store, maria, Draft("U0ANA", aspects={Aspect.MANAGER: "U0LENA"}), NOW)
    assert {"U0ANA", "U0MARIA", "U0LENA"} <= done.names.keys()
    change = done.assigned.changes[0]
    assert (done.names[change.before], done.names[change.after]) == ("Maria", "Lena")


def test_a_change_is_undone_and_done_again(store: Store, sam: Actor, maria: Actor) -> None:
    done = service.assign(store, sam, Draft("U0ANA", (Role.AE,), aspects={Aspect.TEAM: "South"}), NOW)
    undone = service.undo(store, sam, [change.id for change in done.assigned.changes], NOW + timedelta(minutes=1))
    assert service.person_card(store, sam, "U0ANA", None, NOW).member.standing.team == "North"
    again = [change.id for change in undone.assigned.changes]
    service.undo(store, sam, again, NOW + timedelta(minutes=2))
    card = service.person_card(store, sam, "U0ANA", None, NOW)
    assert (card.member.roles, card.member.standing.team) == ((Role.SDR, Role.AE), "South")


def test_days_are_put_right(store: Store, sam: Actor, maria: Actor) -> None:
    service.correct(store, sam, Draft("U0ANA", (Role.SDR,), date(2026, 6, 15), date(2026, 12, 31)), NOW)
    (stint,) = service.person_card(store, sam, "U0ANA", None, NOW).stints
    assert (stint.start, stint.end) == (date(2026, 6, 15), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("who", "whom", "whole"),
    [
        pytest.param("U0SAM", "U0ANA", True, id="operations"),
        pytest.param("U0MARIA", "U0ANA", True, id="a manager"),
        pytest.param("U0ANA", "U0ANA", False, id="oneself"),
        pytest.param("U0ANA", "U0MARIA", None, id="a colleague"),
    ],
)
def test_who_may_open_the_form(store: Store, sam: Actor, maria: Actor, who: str, whom: str, whole: bool | None) -> None:
    actor = people.find(store, HERE, who, NOW)
    assert actor is not None
    if whole is None:
        with pytest.raises(Refused, match=r"refused\.person"):
            service.editing(store, actor, whom, NOW)
    else:
        assert service.editing(store, actor, whom, NOW).whole is whole


def test_who_may_change_nobody_is_told_who_can(store: Store, sam: Actor, maria: Actor) -> None:
    service.let_assign(store, sam, NOW)
    service.let_assign(store, maria, NOW)
    ben = a_member(store, "U0BEN", Role.AE)
    with pytest.raises(Refused, match=r"team\.problem\.may_not$") as refused:
        service.let_assign(store, ben, NOW)
    assert refused.value.params["can"] == "Sam"


@pytest.mark.usefixtures("unwalled")
def test_strangers_are_those_whom_nobody_met(store: Store, sam: Actor) -> None:
    assert service.strangers(store, HERE, ["U0SAM", "U0NEW"]) == ["U0NEW"]
    assert service.strangers(store, "T0OTHER", ["U0SAM"]) == ["U0SAM"]


@pytest.mark.usefixtures("unwalled")
def test_two_workspaces_do_not_see_each_other(store: Store, sam: Actor) -> None:
    other = a_member(store, "U0SAM", Role.AE, workspace_id="T0OTHER")
    a_member(store, "U0ANA", Role.SDR)
    assert _names(store, other) == ["Sam"]
    assert service.holders(store, other, NOW)[Role.SDR] == 0


def test_today_is_the_readers_own(store: Store, sam: Actor) -> None:
    late = datetime(2026, 11, 18, 20, 0, tzinfo=UTC)
    far = a_member(store, "U0FAR", Role.AE, zone="Asia/Vladivostok")
    assert service.roster(store, far, None, late).day == date(2026, 11, 19)
    assert service.roster(store, sam, None, late).day == TODAY


def test_what_everybody_may_say_of_themselves() -> None:
    draft = Draft("U0ANA", ("SDR",), TODAY, TODAY, {"team": "North", "hours": None, "country": "DE"})
    assert service.own_part(draft) == Draft("U0ANA", (), TODAY, None, {"hours": None, "country": "DE"})
