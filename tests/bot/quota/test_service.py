"""Targets on both databases: who may set them, what held when, and how a team's adds up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.audit import service as audit
from bot.errors import Refused
from bot.quota import queries
from bot.quota.metrics import CALLS
from bot.quota.queries import Subject
from bot.quota.whose import Whose
from bot.store.engine import Store
from tests.bot.quota.desk import HERE, Q4, Desk, at, period
from tests.factories import a_member

NORTH = (Whose.TEAM, "North")


def holding(desk: Desk, known: object = None) -> list[tuple[str, int | None]]:
    """Dana's targets of the quarter, as they stand or stood."""
    with desk.store.read() as tx:
        when = () if known is None else (known,)
        found = queries.targets(tx, HERE, Whose.PERSON, ["U0DANA"], Q4.first, Q4.last, *when)
    return [(each.metric, each.value) for each in found]


def test_a_change_keeps_the_old_value_and_says_who(store: Store) -> None:
    desk = Desk(store)
    first = desk.sets(10_000_000)
    assert (first.before, first.is_change) == (None, True)
    then = desk.now
    desk.now += timedelta(hours=1)
    second = desk.sets(12_000_000, by=desk.sam)
    assert second.before is not None
    assert (second.before.value, second.before.by, second.target.by) == (10_000_000, "U0MARIA", "U0SAM")
    assert holding(desk) == [("revenue", 12_000_000)]
    assert holding(desk, then) == [("revenue", 10_000_000)]
    assert holding(desk, then - timedelta(seconds=1)) == []
    with store.read() as tx:
        last = audit.latest(tx, HERE, "U0DANA", "quota revenue 2026-Q4")
    assert last is not None
    assert (last.before, last.after, last.by) == ("100000.00 EUR", "120000.00 EUR", "U0SAM")


def test_a_target_of_nothing_is_audited_as_the_money_it_is(store: Store) -> None:
    desk = Desk(store)
    desk.sets(0)
    with store.read() as tx:
        last = audit.latest(tx, HERE, "U0DANA", "quota revenue 2026-Q4")
    assert last is not None
    assert last.after == "0.00 EUR"


def test_the_same_delivery_twice_and_the_same_value_twice_add_no_row(store: Store) -> None:
    desk = Desk(store)
    assert desk.sets(10_000_000, origin="one").target.id == desk.sets(99, origin="one").target.id
    desk.now += timedelta(hours=1)
    assert not desk.sets(10_000_000).is_change
    with store.read() as tx:
        assert len(queries.history(tx, HERE, Subject.person("U0DANA"), "revenue", "2026-Q4")) == 1


def test_a_target_that_is_taken_back_is_none_and_not_zero(store: Store) -> None:
    desk = Desk(store)
    desk.sets(10_000_000)
    desk.now += timedelta(hours=1)
    desk.sets(None)
    assert holding(desk) == []
    desk.now += timedelta(hours=1)
    desk.sets(0)
    assert holding(desk) == [("revenue", 0)]


def test_metrics_and_periods_stand_apart(store: Store) -> None:
    desk = Desk(store)
    desk.sets(10_000_000)
    desk.sets(200, metric=CALLS, when=period("2026-W48"))
    desk.sets(90, metric=CALLS, when=period("2027-Q1"))
    assert sorted(holding(desk)) == [("calls", 200), ("revenue", 10_000_000)]


@pytest.mark.parametrize(
    ("who", "whom", "key"),
    [
        pytest.param("dana", "U0DANA", "quota.refused.set_own", id="nobody sets their own"),
        pytest.param("ana", "U0DANA", "quota.refused.set", id="a colleague"),
        pytest.param("maria", "U0ARUN", "quota.refused.set", id="a manager, of another's report"),
        pytest.param("maria", "U0MARIA", "quota.refused.set_own", id="a manager, their own"),
        pytest.param("mark", "U0DANA", "quota.refused.set", id="marketing"),
    ],
)
def test_who_may_not_is_told_who_can(store: Store, who: str, whom: str, key: str) -> None:
    desk = Desk(store)
    with pytest.raises(Refused) as refused:
        desk.sets(1, by=getattr(desk, who), whom=whom)
    assert refused.value.key == key
    assert "Sam" in str(refused.value.params["can"])


def test_managers_at_any_depth_operations_and_admins_may(store: Store) -> None:
    desk = Desk(store)
    above = a_member(store, "U0VERA", "MANAGER")
    a_member(store, "U0MARIA", manager="U0VERA")
    admin = replace(desk.ana, is_admin=True)
    for value, who in enumerate((desk.maria, above, desk.sam, admin), 1):
        desk.now += timedelta(hours=1)
        assert desk.sets(value, by=who).is_change


def test_somebody_who_is_not_here_has_no_target(store: Store) -> None:
    desk = Desk(store)
    with pytest.raises(Refused) as refused:
        desk.sets(1, by=desk.sam, whom="U0GHOST")
    assert refused.value.key == "quota.refused.nobody"


def test_a_team_s_target_and_what_is_unassigned(store: Store) -> None:
    desk = Desk(store)
    for person in ("U0ANA", "U0DANA", "U0CEM"):
        a_member(store, person, team="North")
    desk.sets(50_000_000, group=NORTH)
    desk.sets(26_000_000, whom="U0ANA")
    done = desk.sets(20_000_000)
    # 500,000 − (260,000 + 200,000) = 40,000; Cem has none
    assert done.team == "North"
    assert done.rolled is not None
    assert (done.rolled.target, done.rolled.given) == (50_000_000, 46_000_000)
    assert (done.rolled.unassigned, done.rolled.without_target) == (4_000_000, 1)
    over = desk.sets(30_000_000, whom="U0CEM").rolled
    assert over is not None
    assert (over.unassigned, over.over_assigned) == (0, 26_000_000)


def test_a_manager_sets_a_group_s_target_only_where_all_of_it_reports_to_them(store: Store) -> None:
    desk = Desk(store)
    a_member(store, "U0DANA", team="north ")
    a_member(store, "U0ARUN", team="South", territories=["EMEA"])
    assert desk.sets(5, group=NORTH).is_change  # the same name, whatever its case
    for group in ((Whose.TEAM, "South"), (Whose.TERRITORY, "EMEA")):
        with pytest.raises(Refused) as refused:
            desk.sets(5, group=group)
        assert refused.value.key == "quota.refused.set_group"
        assert desk.sets(5, group=group, by=desk.sam).is_change
    assert at(18) == desk.now
