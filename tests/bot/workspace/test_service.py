"""Settings on both databases: who may, what is kept of two at once, and what the audit log then says."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from bot.access.actor import Actor
from bot.access.roles import Role
from bot.audit import service as audit
from bot.audit.service import Change
from bot.errors import Refused
from bot.ops.causes import Workers
from bot.people import assignments
from bot.people.assignments import Assign
from bot.store.engine import Store
from bot.workspace import queries, service
from bot.workspace.rules import Card, Settings
from tests.factories import NOW, TODAY, a_member

HERE = "T0BATON"
LATER = NOW + timedelta(minutes=5)
GOALS = {"SDR": 40, "AE": 10}


@pytest.fixture
def sam(store: Store) -> Actor:
    """Operations."""
    return a_member(store, "U0SAM", Role.OPS)


@pytest.fixture
def dana(store: Store) -> Actor:
    """An admin of the workspace."""
    return a_member(store, "U0DANA", is_admin=True)


def settings(store: Store) -> Settings:
    return service.settings(store, HERE)


def logged(store: Store) -> list[tuple[str, Any, Any, str]]:
    """What the audit log says of the workspace, oldest first: what, before, after, by whom."""
    with store.read() as tx:
        found = audit.changes(tx, HERE)
    return [(each.what, each.before, each.after, each.by) for each in reversed(found) if each.person_id is None]


def refused(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as told:
        act()
    return told.value


def plain(changes: tuple[Change, ...]) -> list[tuple[str, Any, Any]]:
    return [(each.what, each.before, each.after) for each in changes]


def test_what_is_saved_stands_and_is_logged(store: Store, sam: Actor) -> None:
    service.change(store, sam, {"currency": "EUR", "fiscal_month": 7}, NOW)
    done = service.change(store, sam, {"currency": "GBP"}, LATER)
    assert plain(done.changes) == [("currency", "EUR", "GBP")]
    assert (settings(store).currency, settings(store).fiscal_month) == ("GBP", 7)
    assert logged(store)[-1] == ("currency", "EUR", "GBP", "U0SAM")


def test_the_history_of_a_setting_is_rows(store: Store, sam: Actor) -> None:
    for currency in ("EUR", "GBP", "EUR"):
        service.change(store, sam, {"currency": currency}, NOW)
    with store.read() as tx:
        rows = tx.execute(service.setting.select().order_by(service.setting.c.version)).all()
    assert [(row.version, row.value, row.superseded_at is None) for row in rows if row.name == "currency"] == [
        (1, "EUR", False),
        (2, "GBP", False),
        (3, "EUR", True),
    ]


def test_saving_what_stands_confirms_it_once(store: Store, sam: Actor) -> None:
    service.change(store, sam, {"currency": "USD", "wins_channel": None}, NOW)
    assert settings(store).saved == {"currency", "wins_channel"}
    done = service.change(store, sam, {"currency": "USD", "wins_channel": None}, LATER)
    assert done.changes == ()
    assert logged(store) == [("currency", None, "USD", "U0SAM")]


def test_all_or_nothing_is_saved(store: Store, sam: Actor) -> None:
    told = refused(lambda: service.change(store, sam, {"fiscal_month": 7, "currency": "DEM"}, NOW))
    assert told.key == "settings.problem.currency"
    assert (settings(store).saved, logged(store)) == (frozenset(), [])


@pytest.mark.parametrize(
    ("role", "more", "is_let"),
    [
        (Role.OPS, {}, True),
        (Role.ADMIN, {}, True),
        (None, {"is_admin": True}, True),
        (Role.MANAGER, {}, False),
        (Role.SDR, {}, False),
        (Role.MARKETING, {}, False),
        (None, {}, False),
    ],
)
def test_who_may(store: Store, sam: Actor, role: Role | None, more: dict[str, Any], *, is_let: bool) -> None:
    actor = a_member(store, "U0ANA", *filter(None, [role]), **more)
    acts: list[Callable[[], object]] = [
        lambda: service.change(store, actor, {"currency": "EUR"}, NOW),
        lambda: service.overview(store, actor, NOW),
        lambda: service.hide_setup(store, actor, NOW),
    ]
    for act in acts:
        if is_let:
            act()
        else:
            told = refused(act)
            assert (told.key, told.params) == ("refused.workspace", {"can": "Sam"})
    assert settings(store).currency == ("EUR" if is_let else "USD")


def test_where_nobody_can_it_is_said_without_names(store: Store) -> None:
    ana = a_member(store, "U0ANA", Role.SDR)
    assert refused(lambda: service.overview(store, ana, NOW)).key == "refused.workspace_alone"


def test_what_somebody_else_changed_meanwhile_is_kept_where_it_was_not_touched(
    store: Store, sam: Actor, dana: Actor
) -> None:
    seen = {"handoffs_channel": None, "wins_channel": None}
    service.change(store, sam, {"handoffs_channel": None, "wins_channel": "C0WINS"}, NOW, seen)
    done = service.change(store, dana, {"handoffs_channel": "C0HANDOFFS", "wins_channel": None}, LATER, seen)
    assert plain(done.changes) == [("handoffs_channel", None, "C0HANDOFFS")]
    assert plain(done.kept) == [("wins_channel", None, "C0WINS")]
    assert (done.written_over, done.names) == ((), {"U0SAM": "Sam"})
    assert (settings(store).handoffs_channel, settings(store).wins_channel) == ("C0HANDOFFS", "C0WINS")


def test_of_two_who_change_the_same_the_later_stands_and_is_told_of_the_other(
    store: Store, sam: Actor, dana: Actor
) -> None:
    seen = {"currency": "USD"}
    service.change(store, sam, {"currency": "EUR"}, NOW, seen)
    done = service.change(store, dana, {"currency": "GBP"}, LATER, seen)
    assert plain(done.written_over) == [("currency", None, "EUR")]
    assert done.kept == ()
    assert logged(store) == [("currency", None, "EUR", "U0SAM"), ("currency", "EUR", "GBP", "U0DANA")]


def test_ones_own_second_form_is_no_surprise(store: Store, sam: Actor) -> None:
    service.change(store, sam, {"currency": "EUR"}, NOW)
    done = service.change(store, sam, {"currency": "GBP"}, LATER, {"currency": "USD"})
    assert (done.kept, done.written_over) == ((), ())


def test_two_admins_at_once_lose_nothing_of_each_other(store: Store, sam: Actor, dana: Actor) -> None:
    service.change(store, sam, {"daily_goals": GOALS}, NOW)
    start = Barrier(2)

    def save(actor: Actor, role: str) -> service.Saved:
        start.wait()
        return service.change(store, actor, {"daily_goals": {**GOALS, role: 25}}, LATER, {"daily_goals": GOALS})

    with Workers(2) as threads:
        done = list(threads.map(save, (sam, dana), ("SDR", "AE")))
    assert settings(store).goals == {"SDR": 25, "AE": 25}
    assert sorted(len(each.kept) for each in done) == [0, 1]
    assert len(logged(store)) == 3


def test_an_overview_counts_who_has_a_role_now_or_soon(store: Store, sam: Actor) -> None:
    a_member(store, "U0ANA", Role.SDR, Role.AE)
    a_member(store, "U0BEN", Role.AE)
    a_member(store, "U0DANA")
    assignments.assign(store, sam, Assign("U0DANA", TODAY + timedelta(days=5), ("AE",)), NOW)
    assignments.end(store, sam, "U0BEN", "AE", None, NOW)
    assert service.overview(store, sam, NOW).people == 3


def test_the_first_admin_has_the_list_until_they_leave(store: Store, sam: Actor, dana: Actor) -> None:
    start = Barrier(2)

    def come(actor: Actor) -> None:
        start.wait()
        service.take_on_setup(store, actor, NOW, from_person=None)

    with Workers(2) as threads:
        list(threads.map(come, (sam, dana)))
    first = settings(store).setup_by
    assert first in {"U0SAM", "U0DANA"}
    other = sam if first == "U0DANA" else dana
    service.take_on_setup(store, other, NOW, from_person=None)
    assert settings(store).setup_by == first
    service.take_on_setup(store, other, NOW, from_person=first)
    assert settings(store).setup_by == other.id


def test_the_list_is_hidden_however_often_that_is_pressed(store: Store, sam: Actor) -> None:
    with Workers(4) as threads:
        list(threads.map(lambda _: service.hide_setup(store, sam, NOW), range(4)))
    assert settings(store).setup_hidden


def test_a_role_card_is_reworded_and_worded_back(store: Store, sam: Actor) -> None:
    service.reword(store, sam, "AE", Card({"en": " closes ", "ru": " "}, 50), NOW)
    assert settings(store).card("AE") == Card({"en": "closes"}, 50)
    service.reword(store, sam, "AE", Card(), LATER)
    assert settings(store).card("AE") == Card()
    assert [what for what, *_ in logged(store)] == ["role_card.AE", "role_card.AE"]


@pytest.mark.usefixtures("unwalled")
def test_one_workspace_sees_nothing_of_another(store: Store, sam: Actor) -> None:
    far = a_member(store, "U0FAR", Role.OPS, workspace_id="T0OTHER")
    service.change(store, far, {"currency": "EUR"}, NOW)
    assert settings(store).currency == "USD"
    with store.read() as tx:
        assert queries.values(tx, HERE) == {}


def test_a_group_gets_its_roles_together_or_not_at_all(store: Store, sam: Actor) -> None:
    for person in ("U0ANA", "U0BEN", "U0KIM"):
        a_member(store, person, is_guest=person == "U0KIM")
    group = [Assign(person, TODAY, ("SDR",), aspects={"team": "Outbound"}) for person in ("U0ANA", "U0BEN", "U0KIM")]
    told = refused(lambda: assignments.assign_all(store, sam, group, NOW))
    assert (told.key, told.params) == ("team.problem.guest", {"name": "Kim"})
    assert service.overview(store, sam, NOW).people == 1
    done = assignments.assign_all(store, sam, group[:2], NOW)
    assert [(each.member.name, each.member.roles, each.member.standing.team) for each in done] == [
        ("Ana", (Role.SDR,), "Outbound"),
        ("Ben", (Role.SDR,), "Outbound"),
    ]


def test_who_may_not_assign_roles_assigns_none_to_a_group(store: Store, sam: Actor) -> None:
    ana = a_member(store, "U0ANA", Role.SDR)
    a_member(store, "U0BEN")
    told = refused(lambda: assignments.assign_all(store, ana, [Assign("U0BEN", TODAY, ("SDR",))], NOW))
    assert (told.key, told.params["can"]) == ("refused.person", "Sam")
