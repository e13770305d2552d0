"""Whatever is given, pressed, left lying and gone away from, in any order: a hand-off lies with one person who can take
it, or waits where operations sees it, and its record has no gap.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from functools import partial
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, select

from bot.absence import service as absence
from bot.absence.rules import Away
from bot.access.actor import Actor
from bot.delivery.model import Delivery
from bot.errors import Refused
from bot.handoffs import changes, planning, queries, service
from bot.handoffs.giving import Giving, give
from bot.handoffs.states import MOVES, SOLD_AGAIN, Kind, State
from bot.leads import queries as leads
from bot.leads.states import LeadState
from bot.people import service as people
from bot.schedule import service as schedule
from bot.schedule.model import Job
from bot.store.engine import Store
from bot.store.sql import table_of
from tests.bot.handoffs.desk import MORNING
from tests.factories import a_member, a_profile
from tests.lengths import length

letters = table_of(Delivery)
jobs = table_of(Job)

ROLES = {
    "U0MARIA": "MANAGER",
    "U0ANA": "SDR",
    "U0DEVON": "SDR",
    "U0DANA": "AE",
    "U0ARUN": "AE",
    "U0OLGA": "AE",
    "U0RITA": "SPECIALIST",
    "U0CLEO": "CSM",
    "U0ADA": "ADMIN",
    "U0SAM": "OPS",
}
TAKERS = {Kind.SALE: "AE", Kind.UPSELL: "AE", Kind.HELP: "SPECIALIST", Kind.CARE: "CSM", Kind.STUCK: "ADMIN"}
GIVERS = ("U0ANA", "U0DEVON", "U0DANA", "U0CLEO")
MAY_GO = ("U0DANA", "U0ARUN", "U0OLGA", "U0RITA", "U0ADA")
MAY_BE_AWAY = (*MAY_GO, "U0CLEO")

KINDS = st.sampled_from((Kind.SALE, Kind.SALE, Kind.SALE, *Kind))
COMPANIES = st.sampled_from(("Acme", "Globex", "Initech"))
PEOPLE = st.sampled_from(tuple(ROLES))
WHICH = st.integers(0, 11)
LOOK = timedelta(minutes=5)
LIMIT = timedelta(minutes=60)


@dataclass
class Given:
    """A hand-off in the model: where it stands, and who has had it."""

    id: UUID
    kind: Kind
    company: str
    giver: str
    state: State | None = None
    taker: str | None = None
    offered_at: datetime = MORNING
    passed: set[str] = field(default_factory=set)
    seen: int = 0
    reminded: int = 0
    waits: int = 0

    @property
    def is_open(self) -> bool:
        """Whether another one of its kind has to wait."""
        if self.state is State.ACCEPTED:
            return self.kind in SOLD_AGAIN
        return self.state in {State.OFFERED, State.WAITING}


NEXT = "next"
"""In the place of a state: on offer to somebody who can take it, or waiting if there is nobody."""


class Handing(RuleBasedStateMachine):
    """A team at work, beside a model of what may become of each hand-off. Who of those who can take one gets it is not
    the model's business: it follows the store there.
    """

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store, self.now, self.here = store, MORNING, f"T{uuid4().hex}"
        for person, role in ROLES.items():
            a_member(store, person, role, workspace_id=self.here, manager="U0MARIA" if role == "AE" else None)
        self.given: dict[UUID, Given] = {}
        self.owners: dict[str, str] = {}
        self.newest: dict[UUID, UUID] = {}
        self.gone: set[str] = set()
        self.away: dict[str, datetime] = {}

    # What the model knows

    def can(self, person: str, kind: Kind) -> bool:
        """Whether somebody is there to be offered something."""
        return ROLES[person] == self.role(kind) and person not in self.gone and not self.is_away(person)

    def role(self, kind: Kind) -> str:
        """Whose it is: operations', if there is no admin any more to whom somebody who is stuck could turn."""
        return "OPS" if kind is Kind.STUCK and "U0ADA" in self.gone else TAKERS[kind]

    def is_away(self, person: str) -> bool:
        return self.away.get(person, self.now) > self.now

    def eligible(self, one: Given) -> set[str]:
        return {each for each in ROLES if self.can(each, one.kind)} - one.passed - {one.giver}

    def actor(self, person: str) -> Actor:
        found = people.find(self.store, self.here, person, self.now)
        assert found is not None
        return found

    def some(self, which: int, *states: State) -> Given | None:
        """One of those in these states. What is drawn never depends on them: who gets what falls by lot, too."""
        found = [each for each in self.given.values() if each.state in states]
        return found[which % len(found)] if found else None

    def follows(self, one: Given, *expected: str) -> None:
        """The record of a hand-off goes on with exactly these changes."""
        with self.store.read() as tx:
            new = queries.changes(tx, self.here, one.id)[one.seen :]
        after = [each.after for each in new]
        wanted = [*expected]
        if wanted and wanted[-1] == NEXT:
            wanted[-1] = State.OFFERED if self.eligible(one) else State.WAITING
        assert after == wanted, (one, after, wanted, self.eligible(one))
        for each in new:
            assert each.before is None if each.n == 1 else each.before == one.state
            assert one.state is None or State(each.after) in MOVES[one.state]
            if each.after == State.OFFERED:
                taker = str(each.taker_id)
                assert taker in self.eligible(one), (one, taker)
                one.passed.add(taker)
                one.offered_at = each.at
            one.waits += each.after == State.WAITING
            one.state, one.taker = State(each.after), each.taker_id
        one.seen += len(new)

    def refused(self, act: Callable[[], object]) -> None:
        """Nothing comes of it, and somebody is told why; the invariants see to the rest."""
        with pytest.raises(Refused):
            act()

    # What people do

    @rule(giver=st.sampled_from(GIVERS), kind=KINDS, company=COMPANIES, to=st.none() | PEOPLE)
    def gives(self, giver: str, kind: Kind, company: str, to: str | None) -> None:
        if giver in self.gone:
            return
        giving = Giving(company, to=to, kind=kind)
        kind = self.meant(giver, kind, to)
        origin = uuid4().hex
        hand_over = partial(give, self.store, self.actor(giver), giving, origin=origin, now=self.now)
        runs = any(each.is_open for each in self.given.values() if (each.company, each.kind) == (company, kind))
        is_anothers = kind is Kind.SALE and self.owners.get(company, giver) != giver
        fits = to is None or (self.takes(to, kind) and to != giver)
        if runs or is_anothers or not fits:
            self.refused(hand_over)
            return
        row = hand_over()
        assert hand_over().id == row.id  # Slack's retry
        one = self.given[row.id] = Given(row.id, kind, company, giver)
        if to:
            with self.store.read() as tx:
                assert queries.changes(tx, self.here, one.id)[0].taker_id == to
            self.names(one, to)
        else:
            self.follows(one, NEXT)
        if kind is Kind.SALE:
            self.owners[company] = giver
            assert row.lead_id is not None
            self.newest[row.lead_id] = row.id

    def meant(self, giver: str, kind: Kind, to: str | None) -> Kind:
        """What is handed by an account executive to a name is what that role takes."""
        if kind is not Kind.SALE or to is None or ROLES[giver] != "AE":
            return kind
        return {"CSM": Kind.CARE, "SPECIALIST": Kind.HELP}.get(ROLES[to], kind)

    def takes(self, person: str, kind: Kind) -> bool:
        """Whether somebody can be named."""
        return self.fits(person, kind) and person not in self.gone and not self.is_away(person)

    def fits(self, person: str, kind: Kind) -> bool:
        """Whether it is theirs to take; operations can take what a rep is stuck on."""
        return ROLES[person] == TAKERS[kind] or (kind is Kind.STUCK and ROLES[person] == "OPS")

    def names(self, one: Given, to: str, *before: str) -> None:
        """As `follows`, on offer to who was named, whatever their role."""
        with self.store.read() as tx:
            new = queries.changes(tx, self.here, one.id)[one.seen :]
        assert [each.after for each in new] == [*before, State.OFFERED]
        assert new[-1].taker_id == to
        assert to not in one.passed
        one.state, one.taker, one.offered_at = State.OFFERED, to, self.now
        one.passed.add(to)
        one.seen += len(new)

    @rule(which=WHICH, is_theirs=st.booleans(), person=PEOPLE)
    def accepts(self, which: int, is_theirs: bool, person: str) -> None:
        one = self.some(which, *State)
        if one is None:
            return
        who = one.taker if one.state is State.OFFERED and is_theirs else person
        assert who is not None
        if who in self.gone:
            return
        accept = partial(service.accept, self.store, self.actor(who), one.id, self.now)
        is_again = one.state is State.ACCEPTED and one.taker == who
        may = one.state is State.OFFERED and one.taker == who
        may = may or (one.state is State.WAITING and self.fits(who, one.kind) and who != one.giver)
        if is_again or may:
            row = accept()
            assert (row.state, row.taker_id) == (State.ACCEPTED, who)
            self.follows(one, *([] if is_again else [State.ACCEPTED]))
        else:
            self.refused(accept)

    @rule(which=WHICH, is_theirs=st.booleans(), person=PEOPLE)
    def declines(self, which: int, is_theirs: bool, person: str) -> None:
        one = self.some(which, *State)
        if one is None:
            return
        who = one.taker if one.state is State.OFFERED and is_theirs else person
        assert who is not None
        decline = partial(service.decline, self.store, self.actor(who), one.id, "full", None, self.now)
        if one.state is State.OFFERED and one.taker == who:
            decline()
            self.follows(one, State.DECLINED, NEXT)
        else:
            self.refused(decline)

    @rule(which=WHICH, to=st.none() | PEOPLE)
    def reassigns(self, which: int, to: str | None) -> None:
        one = self.some(which, State.OFFERED)
        if one is None or one.taker is None:
            return
        who = self.actor(one.taker)
        reassign = partial(service.reassign, self.store, who, one.id, to, None, self.now)
        if to is None:
            reassign()
            self.follows(one, State.REASSIGNED, NEXT)
        elif self.takes(to, one.kind) and to not in one.passed and to != one.giver:
            reassign()
            self.names(one, to, State.REASSIGNED)
        else:
            self.refused(reassign)

    @rule(which=WHICH)
    def withdraws(self, which: int) -> None:
        one = self.some(which, *State)
        if one is None:
            return
        was, before = one.state, self.credits()
        withdraw = partial(service.withdraw, self.store, self.actor(one.giver), one.id, self.now)
        if was in {State.OFFERED, State.WAITING, State.WITHDRAWN}:
            withdraw()
            self.follows(one, *([State.WITHDRAWN] if was is not State.WITHDRAWN else []))
            changed = {key for key, value in self.credits().items() if before.get(key) != value}
            assert changed <= ({(one.kind, one.taker)} if was is State.OFFERED else set())
        else:
            self.refused(withdraw)
        self.refused(lambda: service.withdraw(self.store, self.actor("U0MARIA"), one.id, self.now))

    @rule(which=WHICH, is_good=st.booleans())
    def judges(self, which: int, is_good: bool) -> None:
        one = self.some(which, *State)
        if one is None:
            return
        who = self.actor(one.taker or "U0DANA")
        after = State.REQUALIFIED if is_good else State.REJECTED

        def judge() -> object:
            if is_good:
                return service.requalify(self.store, who, one.id, {}, None, self.now)
            return service.reject(self.store, who, one.id, "no-need", None, self.now)

        if one.state is State.ACCEPTED and one.kind in SOLD_AGAIN:
            judge()
            self.follows(one, after)
            if is_good and one.kind is Kind.SALE:
                del self.owners[one.company]
        elif one.state is after:
            judge()
        else:
            self.refused(judge)

    # What happens to people

    @rule(person=st.sampled_from(MAY_BE_AWAY), days=st.integers(1, 6))
    def goes_away(self, person: str, days: int) -> None:
        if person in self.gone or self.is_away(person):
            return
        today = self.now.date()
        until = today + timedelta(days=days)
        absence.declare(self.store, self.actor(person), Away(today, until, from_now=True), self.now)
        self.away[person] = datetime(until.year, until.month, until.day, tzinfo=self.now.tzinfo) + timedelta(days=1)
        self.moves_on(person, {State.OFFERED})

    @precondition(lambda self: any(map(self.is_away, self.away)))
    @rule(data=st.data())
    def comes_back(self, data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(sorted(each for each in self.away if self.is_away(each))))
        if who in self.gone:
            return
        absence.come_back(self.store, self.actor(who), self.now)
        del self.away[who]
        self.moves_on(who, set())

    @rule(person=st.sampled_from(MAY_GO))
    def leaves_for_good(self, person: str) -> None:
        if person in self.gone or len(self.gone) > 2:
            return
        name = person.removeprefix("U0").title()
        people.remember(self.store, self.here, a_profile(id=person, name=name, zone="UTC", is_active=False), self.now)
        self.gone.add(person)
        self.moves_on(person, {State.OFFERED, State.ACCEPTED})

    def moves_on(self, person: str, states: set[State]) -> None:
        lying = [one for one in self.given.values() if one.taker == person and one.state in states and one.is_open]
        assert service.move_on(self.store, self.here, [person], self.now) == len(lying)
        for one in lying:
            self.follows(one, State.REASSIGNED, NEXT)

    @rule(minutes=st.sampled_from((10, 35, 65, 16 * 60)))
    def time_passes(self, minutes: int) -> None:
        could = {each.id for each in self.given.values() if each.state is State.WAITING and self.eligible(each)}
        end = self.now + timedelta(minutes=minutes)
        while self.now < end:
            self.now += LOOK
            seen_to = schedule.tick(self.store, planning.PLANNERS, self.now)
            for one in self.given.values():
                self.looks_at(one, is_silent=seen_to == 0)
        if minutes >= changes.LOOK_AGAIN.total_seconds() / 60:
            for one in self.given.values():
                assert not (one.id in could and one.state is State.WAITING and self.eligible(one)), one

    def looks_at(self, one: Given, *, is_silent: bool) -> None:
        """What a tick may have done."""
        if one.state is State.OFFERED:
            worked = _worked(one.offered_at, self.now)
            if worked >= LIMIT:
                self.follows(one, State.EXPIRED, NEXT)
            elif worked >= LIMIT / 2 and not is_silent:
                one.reminded = max(one.reminded, one.seen)
        elif one.state is State.WAITING and not is_silent:
            with self.store.read() as tx:
                is_over = len(queries.changes(tx, self.here, one.id)) > one.seen
            self.follows(one, *([NEXT] if is_over else []))

    # What always holds

    @invariant()
    def the_store_says_the_same(self) -> None:
        for one in self.given.values():
            with self.store.read() as tx:
                row = queries.find(tx, self.here, one.id)
                told = queries.changes(tx, self.here, one.id)
                offers = queries.offers(tx, self.here, one.id)
            assert row is not None
            assert (row.state, row.taker_id, len(told)) == (one.state, one.taker, one.seen)
            assert [each.n for each in told] == list(range(1, one.seen + 1))
            assert all(new.before == old.after for old, new in pairwise(told))
            assert {each.taker_id for each in offers} == one.passed
            assert len(offers) == len(one.passed)
            running = [each for each in offers if each.ended_at is None]
            assert [each.taker_id for each in running] == ([one.taker] if one.state is State.OFFERED else [])
            assert (one.taker is None) == (one.state is State.WAITING or self.was_withdrawn_waiting(one))

    def was_withdrawn_waiting(self, one: Given) -> bool:
        return one.state is State.WITHDRAWN and one.taker is None

    @invariant()
    def everybody_is_told_once(self) -> None:
        with self.store.read() as tx:
            rows = tx.execute(select(letters).where(letters.c.workspace_id == self.here)).all()
        for one in self.given.values():
            mine = [row for row in rows if row.subject.get("handoff") == one.id.hex]
            assert [row.recipient for row in mine if row.kind == changes.GIVER] == [one.giver]
            assert sorted(row.recipient for row in mine if row.kind == changes.CARD) == sorted(one.passed)
            operations = [row for row in mine if row.kind == changes.NOBODY and row.recipient == "U0SAM"]
            assert len(operations) == one.waits

    @invariant()
    def nobody_banks_or_owes_more_than_a_turn(self) -> None:
        assert all(-1 <= each <= 1 for each in self.credits().values())

    def credits(self) -> dict[tuple[Kind, str | None], Fraction]:
        with self.store.read() as tx:
            return {
                (kind, who): row.credit for kind in Kind for who, row in queries.credit_of(tx, self.here, kind).items()
            }

    @invariant()
    def the_lead_follows(self) -> None:
        after = {
            State.WITHDRAWN: LeadState.WORKING,
            State.REQUALIFIED: LeadState.QUALIFIED,
            State.REJECTED: LeadState.UNQUALIFIED,
        }
        for lead_id, handoff_id in self.newest.items():
            one = self.given[handoff_id]
            assert one.state is not None
            with self.store.read() as tx:
                found = leads.find(tx, self.here, lead_id)
            assert found is not None
            assert found.state is after.get(one.state, LeadState.HANDED_OFF)

    def teardown(self) -> None:
        """Later ticks have nothing to do with these."""
        with self.store.write() as tx:
            tx.execute(delete(jobs).where(jobs.c.workspace_id == self.here))


def _worked(start: datetime, end: datetime) -> timedelta:
    """What lies of 09:00-17:30 on weekdays between two moments; all here live in UTC, without holidays."""
    total, day = timedelta(), start.replace(hour=0, minute=0)
    while day <= end:
        if day.weekday() < 5:
            first, last = max(start, day + timedelta(hours=9)), min(end, day + timedelta(hours=17, minutes=30))
            total += max(last - first, timedelta())
        day += timedelta(days=1)
    return total


@pytest.mark.usefixtures("unwalled")
@pytest.mark.long
@pytest.mark.timeout(3600)
def test_every_hand_off_lies_with_one_or_waits_in_sight(store: Store) -> None:
    if not store.is_sqlite and not length(0, 1):
        pytest.skip("in short on SQLite alone")
    run_state_machine_as_test(
        lambda: Handing(store),  # type: ignore[arg-type]  # any factory will do, says its documentation
        settings=settings(
            max_examples=length(15, 150),
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],  # new ids draw other lots: what failed may not fail when shrunk
            suppress_health_check=list(HealthCheck),
        ),
    )
