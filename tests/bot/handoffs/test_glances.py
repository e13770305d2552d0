"""What Home shows of hand-offs, to whom, and whose Home a change concerns; on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from bot.access.actor import Actor
from bot.activity import service as activity
from bot.handoffs import glances, service
from bot.handoffs.glances import Glances
from bot.handoffs.states import Kind, State
from bot.people import queries as people
from bot.store import sql
from bot.store.engine import Store
from tests.bot.handoffs.desk import HERE, Team
from tests.factories import a_member, an_entry


def sees(team: Team, actor: Actor) -> Glances:
    """Somebody's hand-offs at this moment."""
    with team.store.read() as tx:
        return glances.glances(tx, actor, people.reports(tx, actor, team.now), team.now)


def companies(rows: tuple[Any, ...]) -> list[str]:
    return [row.company for row in rows]


def test_the_taker_has_it_on_their_desk_and_the_giver_sees_it_with_them(store: Store) -> None:
    team = Team(store, "DANA")
    first = service.accept(store, team.takers[0], team.gives("Acme").id, team.now)
    team.now += timedelta(minutes=1)
    second = team.gives("Globex")
    mine, given = sees(team, team.takers[0]), sees(team, team.ana)
    assert [(row.company, row.state) for row in mine.desk] == [
        ("Globex", State.OFFERED),
        ("Acme", State.ACCEPTED),
    ]
    assert mine.desk[0].due_at == team.now + timedelta(hours=1)
    assert mine.desk[1].touch_due_at is not None
    assert mine.name(mine.desk[0].giver_id) == "Ana"
    assert companies(given.out) == ["Globex", "Acme"]
    assert (given.desk, mine.out, given.late, given.waiting) == ((), (), (), ())
    service.requalify(store, team.takers[0], first.id, {}, None, team.now)
    service.withdraw(store, team.ana, second.id, team.now)
    assert (sees(team, team.takers[0]).desk, sees(team, team.ana).out) == ((), ())


def test_what_ends_at_accepted_leaves_both_homes_then(store: Store) -> None:
    team = Team(store, "DANA")
    expert = a_member(store, "U0EVA", "SPECIALIST")
    row = team.gives(kind=Kind.HELP)
    assert companies(sees(team, expert).desk) == ["Acme"]
    service.accept(store, expert, row.id, team.now)
    assert (sees(team, expert).desk, sees(team, team.ana).out) == ((), ())


def test_a_manager_sees_what_expired_today_and_not_what_did_yesterday(store: Store) -> None:
    team = Team(store, "DANA", "ARUN")
    row = team.gives()
    first = row.taker_id
    team.passes(minutes=65)
    late = sees(team, team.maria).late
    assert [(each.offered_to, each.taker_id != first) for each in late] == [(first, True)]
    assert glances.is_unanswered(late[0])
    assert sees(team, team.sam).late == ()
    service.accept(store, team.taker(team.row(row.id)), row.id, team.now)
    team.now += timedelta(hours=14)
    assert sees(team, team.maria).late == ()


def test_a_manager_sees_what_was_accepted_and_not_followed_up_until_it_is(store: Store) -> None:
    team = Team(store, "DANA")
    row = service.accept(store, team.takers[0], team.gives().id, team.now)
    assert sees(team, team.maria).late == ()
    assert row.touch_due_at is not None
    team.now = row.touch_due_at + timedelta(minutes=1)
    late = sees(team, team.maria).late
    assert [(each.taker_id, glances.is_unanswered(each)) for each in late] == [("U0DANA", False)]
    activity.log(store, team.takers[0], [an_entry(day=team.now.date())], origin="touch", now=team.now)
    assert sees(team, team.maria).late == ()
    assert row.id in sees(team, team.ana).touched


def test_a_touch_counts_where_there_is_no_lead_too(store: Store) -> None:
    team = Team(store, "DANA")
    csm = a_member(store, "U0CLEO", "CSM")
    row = team.gives(by=csm, kind=Kind.UPSELL)
    assert row.lead_id is None
    service.accept(store, team.takers[0], row.id, team.now)
    team.now += timedelta(minutes=5)
    activity.log(store, team.takers[0], [an_entry(day=team.now.date())], origin="touch", now=team.now)
    assert sees(team, csm).touched.keys() == {row.id}


def test_operations_see_what_nobody_can_take(store: Store) -> None:
    team = Team(store)
    team.gives()
    assert companies(sees(team, team.sam).waiting) == ["Acme"]
    assert sees(team, team.maria).waiting == ()
    assert companies(sees(team, team.ana).out) == ["Acme"]


def test_whose_home_a_change_concerns(store: Store) -> None:
    team = Team(store, "DANA")
    row = team.gives()
    assert glances.concerned(store, HERE, row.id, team.now) == {"U0ANA", "U0DANA"}
    service.decline(store, team.takers[0], row.id, "full", None, team.now)
    assert glances.concerned(store, HERE, row.id, team.now) == {"U0ANA", "U0DANA", "U0SAM"}
    assert glances.concerned_by_baton(store, HERE, team.now) == {"U0ANA", "U0SAM"}  # the queue is Baton's doing


def test_whose_home_an_expiry_concerns(store: Store) -> None:
    team = Team(store, "DANA", "ARUN")
    team.gives()
    team.passes(minutes=60)
    assert glances.concerned_by_baton(store, HERE, team.now) == {"U0ANA", "U0DANA", "U0ARUN"}
    assert glances.concerned_by_baton(store, HERE, team.now - timedelta(seconds=1)) == set()


def test_many_take_no_more_look_ups_than_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    team = Team(store, "DANA")
    asked: list[object] = []
    run = sql.Ready.run

    def counted(ready: Any, *args: Any) -> Any:
        asked.append(ready)
        return run(ready, *args)

    monkeypatch.setattr(sql.Ready, "run", counted)
    counts = []
    for number in (1, 6):
        for n in range(number):
            service.accept(store, team.takers[0], team.gives(f"{number} {n}").id, team.now)
        asked.clear()
        sees(team, team.takers[0])
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_admin_of_slack_sees_the_queue_where_nobody_else_operates(store: Store) -> None:
    team = Team(store)
    team.gives()
    admin = a_member(store, "U0ADA", is_admin=True)
    assert sees(team, admin).waiting == ()
    a_member(store, "U0SAM", is_active=False)
    assert companies(sees(team, admin).waiting) == ["Acme"]
