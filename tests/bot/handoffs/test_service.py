"""Hand-offs on both databases: every way through the states, each change once, and who is told."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier
from uuid import uuid4

import pytest

from bot.absence import service as absence
from bot.absence.rules import Away
from bot.activity import service as activity
from bot.errors import Refused
from bot.handoffs import changes, planning, queries, service
from bot.handoffs.giving import Giving, give
from bot.handoffs.rules import Answer, Known
from bot.handoffs.states import Kind, State
from bot.leads import queries as lead_queries
from bot.leads import service as leads
from bot.leads.changes import NewLead
from bot.leads.states import LeadState
from bot.ops.causes import Workers
from bot.people import service as people
from bot.schedule import service as schedule
from bot.store.engine import Store
from bot.workspace import service as settings
from tests.bot.handoffs.desk import HERE, MORNING, Team
from tests.factories import a_member, a_profile, an_entry
from tests.lengths import length


def lead_state(team: Team, row: queries.HandoffRow) -> LeadState:
    assert row.lead_id is not None
    with team.store.read() as tx:
        found = lead_queries.find(tx, HERE, row.lead_id)
    assert found is not None
    return found.state


def test_a_lead_is_offered_to_one_and_its_giver_has_one_message(store: Store) -> None:
    team = Team(store, "DANA", "ARUN")
    row = team.gives()
    assert (row.state, row.company, lead_state(team, row)) == (State.OFFERED, "Acme", LeadState.HANDED_OFF)
    assert team.told(changes.GIVER) == ["U0ANA"]
    assert team.told(changes.CARD) == [row.taker_id]


def test_the_same_delivery_twice_is_one_hand_off(store: Store) -> None:
    team, origin = Team(store, "DANA"), "one"
    rows = [give(store, team.ana, Giving("Acme"), origin=origin, now=team.now) for _ in range(2)]
    assert rows[0].id == rows[1].id
    assert team.told(changes.CARD) == ["U0DANA"]


def test_accepted_and_re_qualified_credits_the_giver(store: Store) -> None:
    team = Team(store, "DANA")
    row = team.gives()
    row = service.accept(store, team.taker(row), row.id, team.now)
    assert (row.state, row.accepted_at) == (State.ACCEPTED, team.now)
    more = {"timing": Answer(Known.YES, "by March")}
    row = service.requalify(store, team.taker(row), row.id, more, None, team.now)
    assert (row.state, lead_state(team, row)) == (State.REQUALIFIED, LeadState.QUALIFIED)
    assert row.answers["timing"].text == "by March"
    assert row.answers["budget"].text == "50k set aside"
    assert team.states(row.id) == ["offered DANA", "accepted DANA", "requalified DANA"]


def test_not_qualified_goes_back_with_its_reason(store: Store) -> None:
    team = Team(store, "DANA")
    row = service.accept(store, team.takers[0], team.gives().id, team.now)
    row = service.reject(store, team.takers[0], row.id, "no-budget", "frozen until May", team.now)
    assert (row.state, row.reason, row.reason_note) == (State.REJECTED, "no-budget", "frozen until May")
    assert lead_state(team, row) is LeadState.UNQUALIFIED


def test_declined_goes_to_the_next_and_then_waits_and_operations_knows(store: Store) -> None:
    team = Team(store, "DANA", "ARUN")
    row = team.gives()
    first = row.taker_id
    row = service.decline(store, team.taker(row), row.id, "full", None, team.now)
    assert (row.state, row.taker_id != first) == (State.OFFERED, True)
    row = service.decline(store, team.taker(row), row.id, "not-mine", None, team.now)
    assert (row.state, row.taker_id) == (State.WAITING, None)
    assert team.told(changes.NOBODY) == ["U0SAM"]


@pytest.mark.parametrize(("reason", "note"), [("", None), ("nonsense", None), ("other", " ")])
def test_a_reason_is_needed_and_other_needs_a_word(store: Store, reason: str, note: str | None) -> None:
    team = Team(store, "DANA")
    row = team.gives()
    with pytest.raises(Refused, match=r"handoffs\.(reason|note)_missing"):
        service.decline(store, team.taker(row), row.id, reason, note, team.now)


def test_reassigned_to_whom_the_taker_names(store: Store) -> None:
    team = Team(store, "DANA", "ARUN", "OLGA")
    row = team.gives(to="U0DANA")
    row = service.reassign(store, team.takers[0], row.id, "U0OLGA", "speaks Russian", team.now)
    assert (row.state, row.taker_id) == (State.OFFERED, "U0OLGA")
    assert team.states(row.id) == ["offered DANA", "reassigned DANA", "offered OLGA"]


def test_withdrawn_before_it_was_accepted_costs_its_taker_no_turn(store: Store) -> None:
    team = Team(store, "DANA", "ARUN")
    row = team.gives()
    taker = row.taker_id or ""
    with store.read() as tx:
        owed = queries.credit_of(tx, HERE, Kind.SALE)[taker].credit
    row = service.withdraw(store, team.ana, row.id, team.now)
    with store.read() as tx:
        assert queries.credit_of(tx, HERE, Kind.SALE)[taker].credit == owed + 1
    assert (row.state, lead_state(team, row)) == (State.WITHDRAWN, LeadState.WORKING)


def test_what_waits_is_withdrawn_without_a_turn_for_its_last_taker(store: Store) -> None:
    team = Team(store, "DANA", "ARUN")
    row = team.gives()
    for _ in range(2):
        row = service.decline(store, team.taker(row), row.id, "full", None, team.now)
    with store.read() as tx:
        owed = queries.credit_of(tx, HERE, Kind.SALE)
    assert (row.state, len(owed)) == (State.WAITING, 2)
    service.withdraw(store, team.ana, row.id, team.now)
    with store.read() as tx:
        assert queries.credit_of(tx, HERE, Kind.SALE) == owed


def test_nobody_has_it_twice_although_they_are_named(store: Store) -> None:
    team = Team(store, "DANA", "ARUN")
    row = team.gives(to="U0DANA")
    with pytest.raises(Refused, match=r"handoffs\.cannot_take"):
        service.reassign(store, team.takers[0], row.id, "U0DANA", None, team.now)
    service.reassign(store, team.takers[0], row.id, "U0ARUN", None, team.now)
    with pytest.raises(Refused, match=r"handoffs\.cannot_take"):
        service.reassign(store, team.takers[1], row.id, "U0DANA", None, team.now)


def test_operations_help_who_is_stuck_beside_an_admin_and_instead_of_one(store: Store) -> None:
    team = Team(store, "DANA")
    row = team.gives(kind=Kind.STUCK)
    assert row.taker_id == "U0SAM"
    assert service.move_on(store, HERE, (), team.now) == 0
    assert service.accept(store, team.sam, row.id, team.now).state is State.ACCEPTED
    a_member(store, "U0ADA", "ADMIN")
    assert team.gives("Globex", kind=Kind.STUCK, to="U0SAM").taker_id == "U0SAM"
    assert team.gives("Initech", kind=Kind.STUCK).taker_id == "U0ADA"
    people.remember(store, HERE, a_profile(id="U0ADA", name="Ada", is_active=False), team.now)
    assert team.gives("Hooli", kind=Kind.STUCK).taker_id == "U0SAM"


def test_what_was_taken_from_the_queue_and_waits_again_is_told_again(store: Store) -> None:
    team = Team(store)
    row = team.gives()
    dana = a_member(store, "U0DANA", "AE")
    service.accept(store, dana, row.id, team.now)
    people.remember(store, HERE, a_profile(id="U0DANA", name="Dana", is_active=False), team.now)
    service.move_on(store, HERE, ["U0DANA"], team.now)
    assert team.row(row.id).state is State.WAITING
    assert team.told(changes.NOBODY) == ["U0SAM", "U0SAM"]


def test_whoever_follows_a_leaver_has_their_own_time_for_the_first_touch(store: Store) -> None:
    team = Team(store, "DANA", "ARUN")
    row = service.accept(store, team.takers[0], team.gives(to="U0DANA").id, team.now)
    team.passes(days=1, hours=7)
    people.remember(store, HERE, a_profile(id="U0DANA", name="Dana", is_active=False), team.now)
    service.move_on(store, HERE, ["U0DANA"], team.now)
    service.accept(store, team.takers[1], row.id, team.now)
    team.passes(hours=2)  # Dana's time is over, and not Arun's
    assert team.told(changes.UNTOUCHED) == []
    team.passes(days=1)
    assert team.told(changes.UNTOUCHED) == ["U0ARUN"]


def test_half_time_reminds_and_the_end_tells_the_manager_and_offers_it_to_the_next(store: Store) -> None:
    team = Team(store, "DANA", "ARUN")
    row = team.gives()
    first = row.taker_id
    team.passes(minutes=35)
    assert team.told(changes.REMIND) == [first]
    assert team.told(changes.BREACH) == []
    team.passes(minutes=30)
    row = team.row(row.id)
    assert (row.state, row.taker_id != first) == (State.OFFERED, True)
    assert team.told(changes.BREACH) == ["U0MARIA"]
    assert [each.split()[0] for each in team.states(row.id)] == ["offered", "expired", "offered"]


def test_a_clock_stands_still_outside_of_the_takers_hours(store: Store) -> None:
    team = Team(store, "DANA")
    team.now += timedelta(days=2, hours=7)  # Friday, 17:00, half an hour before the end
    row = team.gives()
    team.passes(days=2)
    assert team.row(row.id).state is State.OFFERED
    team.passes(hours=16)  # Monday, 09:00
    assert team.row(row.id).state is State.OFFERED
    team.passes(minutes=35)
    assert team.states(row.id)[:2] == ["offered DANA", "expired DANA"]


def test_whoever_goes_away_gets_nothing_and_what_was_on_offer_moves_on(store: Store) -> None:
    team = Team(store, "DANA", "ARUN")
    row = team.gives()
    gone = team.taker(row)
    until = Away(date(2026, 11, 18), date(2026, 11, 20), from_now=True)
    absence.declare(store, gone, until, team.now)
    assert service.move_on(store, HERE, [gone.id], team.now) == 1
    row = team.row(row.id)
    assert (row.state, row.taker_id != gone.id) == (State.OFFERED, True)
    assert [each.split()[0] for each in team.states(row.id)] == ["offered", "reassigned", "offered"]
    for n in range(4):
        assert team.gives(f"Company {n}").taker_id != gone.id


def test_whoever_is_deactivated_keeps_nothing(store: Store) -> None:
    team = Team(store, "DANA", "ARUN")
    row = team.gives(to="U0DANA")
    row = service.accept(store, team.takers[0], row.id, team.now)
    people.remember(store, HERE, a_profile(id="U0DANA", name="Dana", is_active=False), team.now)
    assert service.move_on(store, HERE, ["U0DANA"], team.now) == 1
    assert (team.row(row.id).state, team.row(row.id).taker_id) == (State.OFFERED, "U0ARUN")


def test_what_nobody_could_take_is_taken_by_the_first_to_come(store: Store) -> None:
    team = Team(store)
    row = team.gives()
    assert row.state is State.WAITING
    a_member(store, "U0DANA", "AE", zone="UTC")
    team.passes(minutes=35)
    assert (team.row(row.id).state, team.row(row.id).taker_id) == (State.OFFERED, "U0DANA")
    assert team.told(changes.NOBODY) == ["U0SAM"]


def test_accepted_is_not_contacted(store: Store) -> None:
    team = Team(store, "DANA")
    row = service.accept(store, team.takers[0], team.gives().id, team.now)
    team.passes(days=1, hours=7)
    assert team.told(changes.UNTOUCHED) == []
    team.passes(minutes=45)  # the end of the next working day
    assert team.told(changes.UNTOUCHED) == ["U0DANA"]
    team.passes(days=1)
    assert team.told(changes.IDLE) == ["U0MARIA"]
    assert team.row(row.id).state is State.ACCEPTED


def test_a_logged_call_keeps_that_reminder_away(store: Store) -> None:
    team = Team(store, "DANA")
    service.accept(store, team.takers[0], team.gives().id, team.now)
    team.passes(minutes=10)
    entry = an_entry(day=team.now.date(), who="Acme")
    activity.log(store, team.takers[0], [entry], origin=uuid4().hex, now=team.now)
    team.passes(days=3)
    assert team.told(changes.UNTOUCHED) == []


def test_the_accounts_owner_comes_first(store: Store) -> None:
    team = Team(store, "DANA", "ARUN", "OLGA")
    row = service.accept(store, team.takers[2], team.gives(to="U0OLGA").id, team.now)
    service.requalify(store, team.takers[2], row.id, {}, None, team.now)
    again = team.gives(kind=Kind.SALE)
    assert again.taker_id == "U0OLGA"
    assert again.lead_id != row.lead_id


def test_a_territory_is_served_by_those_who_have_it(store: Store) -> None:
    team = Team(store, "DANA")
    a_member(store, "U0ARUN", "AE", territories=["APAC"])
    a_member(store, "U0OLGA", "AE", territories=["EMEA"])
    new = NewLead("Acme", email="j@acme.example", territory="APAC", owner_id="U0ANA")
    leads.take_in(store, HERE, new, by="U0ANA", origin="one", now=team.now)
    row = team.gives()
    with store.read() as tx:
        (offer,) = queries.offers(tx, HERE, row.id)
    verdicts = {each["candidate"]: each["verdict"] for each in offer.choice["rows"]}
    assert row.taker_id in {"U0DANA", "U0ARUN"}
    assert verdicts["U0OLGA"] == "other_territory"


def test_one_hand_off_at_a_time(store: Store) -> None:
    team = Team(store, "DANA")
    team.gives()
    with pytest.raises(Refused, match=r"handoffs\.under_way\.offered"):
        team.gives()


def test_somebody_elses_lead_stays_theirs(store: Store) -> None:
    team = Team(store, "DANA")
    devon = a_member(store, "U0DEVON", "SDR")
    leads.take_in(store, HERE, NewLead("Acme", owner_id="U0ANA"), by="U0ANA", origin="one", now=team.now)
    with pytest.raises(Refused, match=r"handoffs\.owned"):
        team.gives(by=devon)
    assert team.gives(by=team.maria).state is State.OFFERED  # Ana's manager


@pytest.mark.parametrize(
    ("to", "key"),
    [("U0ANA", "to_yourself"), ("U0MARIA", "without_role"), ("U0NOBODY", "cannot_take")],
)
def test_a_named_taker_has_to_be_able_to_take_it(store: Store, to: str, key: str) -> None:
    team = Team(store, "DANA")
    with pytest.raises(Refused, match=rf"handoffs\.{key}"):
        team.gives(to=to)


def test_answers_that_the_workspace_requires(store: Store) -> None:
    team = Team(store, "DANA")
    settings.change(store, team.sam, {"required_answers": ["timing"]}, team.now)
    with pytest.raises(Refused, match=r"handoffs\.answers_missing"):
        team.gives()


def test_help_of_a_specialist_ends_when_it_is_accepted(store: Store) -> None:
    team = Team(store, "DANA")
    rita = a_member(store, "U0RITA", "SPECIALIST")
    row = team.gives(kind=Kind.HELP, by=team.takers[0])
    assert (row.taker_id, row.lead_id) == ("U0RITA", None)
    row = service.accept(store, rita, row.id, team.now)
    assert (row.state, row.is_open) == (State.ACCEPTED, False)
    with pytest.raises(Refused):
        service.requalify(store, rita, row.id, {}, None, team.now)


def test_of_two_who_take_what_waits_at_once_one_wins_and_the_other_hears_who(store: Store) -> None:
    team = Team(store)
    row = team.gives()
    both = [a_member(store, f"U0{name}", "AE") for name in ("DANA", "ARUN")]

    def take(n: int) -> str:
        try:
            return service.accept(store, both[n], row.id, team.now).taker_id or ""
        except Refused as error:
            return f"{error.key} {error.params['who']}"

    with Workers(2) as threads:
        answers = list(threads.map(take, range(2)))
    winner = team.row(row.id).taker_id
    assert sorted(answers) == sorted([winner or "", f"handoffs.late.accepted {(winner or '')[2:].title()}"])


AT_ONCE = [
    *(("accept", other) for other in ("withdraw", "expire", "decline", "reassign")),
    ("reassign", "decline"),
    ("withdraw", "decline"),
    ("withdraw", "expire"),
    ("reassign", "expire"),
]


@pytest.mark.parametrize("acts", AT_ONCE, ids=" and ".join)
def test_of_two_acts_at_once_one_takes_effect(store: Store, acts: tuple[str, str]) -> None:
    team, firsts = Team(store, "DANA", "ARUN"), Counter[str]()
    for n in range(1 if store.is_sqlite else length(2, 100)):
        firsts[_race(team, f"Company {n}", acts)] += 1
    print(f"{acts}: {dict(firsts)}")


def _race(team: Team, company: str, acts: tuple[str, str]) -> str:
    """Both acts at once on what lies with Dana, whose time is over now; which of them was first."""
    store, dana = team.store, team.takers[0]
    team.now = MORNING
    row = team.gives(company, to=dana.id)
    team.now += timedelta(minutes=55)
    ways: dict[str, Callable[[], object]] = {
        "accept": lambda: service.accept(store, dana, row.id, team.now),
        "withdraw": lambda: service.withdraw(store, team.ana, row.id, team.now),
        "expire": lambda: schedule.tick(store, planning.PLANNERS, MORNING + timedelta(hours=1)),
        "decline": lambda: service.decline(store, dana, row.id, "full", None, team.now),
        "reassign": lambda: service.reassign(store, dana, row.id, None, None, team.now),
    }
    gate = Barrier(2)

    def attempt(act: str) -> bool:
        gate.wait(10)
        try:
            ways[act]()
        except Refused:
            return False
        return True

    with Workers(2) as threads:
        done = list(threads.map(attempt, acts))
    with store.read() as tx:
        first, *later = [each.after for each in queries.changes(tx, HERE, row.id)][1:]
    after = team.row(row.id)
    by_name = {"accept": "accepted", "withdraw": "withdrawn", "decline": "declined", "reassign": "reassigned"}
    by_name |= {"expire": "expired"}
    ends = {by_name[act] for act in acts}
    assert first in ends
    ended_later = [each for each in later if each in ends - {State.WITHDRAWN}]
    assert ended_later == []
    if first in {State.ACCEPTED, State.WITHDRAWN}:  # the end; the others offer it to Arun, and then it can be withdrawn
        assert (after.state, later) == (first, [])
        assert done[0] + done[1] - ("expire" in acts) <= 1
    if "withdraw" in acts and "accept" not in acts:
        assert after.state is State.WITHDRAWN
    else:
        assert after.taker_id == ("U0DANA" if first in {State.ACCEPTED, State.WITHDRAWN} else "U0ARUN")
    if after.state is State.ACCEPTED:
        service.reject(store, dana, row.id, "no-need", None, team.now)
    elif after.state is not State.WITHDRAWN:
        service.withdraw(store, team.ana, row.id, team.now)
    return str(first)


def test_what_somebody_is_stuck_on_goes_to_admin_without_one_to_operations(store: Store) -> None:
    team = Team(store, "DANA")
    first = team.gives("Acme", kind=Kind.STUCK, note="needs a pricing approval")
    assert (first.taker_id, first.note) == ("U0SAM", "needs a pricing approval")
    assert service.move_on(store, HERE, (), team.now) == 0
    admin = a_member(store, "U0ADAM", "ADMIN")
    second = team.gives("Globex", kind=Kind.STUCK)
    assert second.taker_id == admin.id
    row = service.accept(store, admin, second.id, team.now)
    assert (row.state, row.settled_at, row.touch_due_at) == (State.ACCEPTED, team.now, None)
    assert team.told(changes.GIVER) == ["U0ANA", "U0ANA"]


def test_a_workspace_names_who_takes_over_what_is_stuck(store: Store) -> None:
    team = Team(store, "DANA")
    settings.change(store, team.sam, {"routing": {"stuck": "U0MARIA"}}, team.now)
    row = team.gives(kind=Kind.STUCK)
    assert row.taker_id == "U0MARIA"
    assert service.move_on(store, HERE, (), team.now) == 0
    row = service.decline(store, team.maria, row.id, "full", None, team.now)
    assert row.taker_id == "U0SAM"
    assert team.gives("Globex", by=team.maria, kind=Kind.STUCK).taker_id == "U0SAM"


def test_the_one_who_is_named_and_away_is_passed_over(store: Store) -> None:
    team = Team(store, "DANA")
    settings.change(store, team.sam, {"routing": {"stuck": "U0MARIA"}}, team.now)
    absence.declare(store, team.maria, Away(date(2026, 11, 18), date(2026, 11, 20), from_now=True), team.now)
    assert team.gives(kind=Kind.STUCK).taker_id == "U0SAM"
