"""A lived-through period over again: the rules of then give the answers of then, others give others."""

import random
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest

from bot.absence import service as absence
from bot.absence.rules import Away
from bot.errors import Refused
from bot.handoffs import service, trial
from bot.handoffs.states import Kind, State
from bot.handoffs.trial import Trial, Tried
from bot.people import service as people
from bot.store.engine import Store
from bot.working_time.presence import Span
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
from tests.bot.handoffs.desk import HERE, MORNING, Team
from tests.factories import a_member, a_profile
from tests.lengths import length

FOUR = ("DANA", "ARUN", "OLGA", "RITA")


class Lived(Team):
    """Some days of a team: leads come and are answered, people are away, somebody leaves."""

    def __init__(self, store: Store, seed: int) -> None:
        super().__init__(store, *FOUR)
        self.chance = random.Random(seed)
        self.ids: list[UUID] = []
        self.gone: set[str] = set()
        self.carl = a_member(store, "U0CARL", "CSM", manager="U0MARIA", zone="UTC")

    def lives(self, steps: int) -> None:
        """One thing after another, some minutes apart; the night is left out."""
        for _ in range(steps):
            self.chance.choices(
                [self._give, self._answer, self._settle, self._withdraw, self._go_away, self._by_name, self._wait],
                [10, 8, 6, 1, 0.7, 2, 1],
            )[0]()
            self.passes(minutes=self.chance.randint(1, 15), seconds=self.chance.randint(0, 59))
            if self.now.hour >= 16:
                self.now += timedelta(hours=16)

    def _give(self) -> None:
        row = self.gives(f"Company {len(self.ids)}")
        self.ids.append(row.id)

    def _by_name(self) -> None:
        to = self.chance.choice([each for each in self.takers if each.id not in self.gone])
        kind = self.chance.choice([Kind.SALE, Kind.UPSELL])
        by = self.ana if kind is Kind.SALE else self.carl
        try:
            self.ids.append(self.gives(f"Company {len(self.ids)}", by=by, to=to.id, kind=kind).id)
        except Refused:
            self.ids.append(self.gives(f"Company {len(self.ids)}", by=by, kind=kind).id)

    def _one(self, state: State) -> UUID | None:
        rows = [row for each in self.ids if (row := self.row(each)).state is state]
        return self.chance.choice(rows).id if rows else None

    def _answer(self) -> None:
        found = self._one(State.OFFERED)
        if found is None:
            return
        row = self.row(found)
        lot, taker = self.chance.random(), self.taker(row)
        if lot < 0.6:
            service.accept(self.store, taker, found, self.now)
        elif lot < 0.85:
            service.decline(self.store, taker, found, "full", None, self.now)
        else:
            service.reassign(self.store, taker, found, None, None, self.now)

    def _settle(self) -> None:
        found = self._one(State.ACCEPTED)
        if found:
            taker = self.taker(self.row(found))
            if self.chance.random() < 0.5:
                service.requalify(self.store, taker, found, {}, None, self.now)
            else:
                service.reject(self.store, taker, found, "no-need", None, self.now)

    def _withdraw(self) -> None:
        found = self._one(State.OFFERED)
        if found:
            giver = {"U0ANA": self.ana, "U0CARL": self.carl}[self.row(found).giver_id]
            service.withdraw(self.store, giver, found, self.now)

    def _go_away(self) -> None:
        who = self.chance.choice(self.takers)
        days = self.chance.choice([0, 1, 3])
        away = Away(self.now.date(), self.now.date() + timedelta(days=days), from_now=True)
        try:
            absence.declare(self.store, who, away, self.now)
        except Refused:
            return
        service.move_on(self.store, HERE, [who.id], self.now)

    def _wait(self) -> None:
        self.passes(hours=2)

    def leaves(self, person: str) -> None:
        """The account is deactivated, and what lay with them moves on."""
        profile = a_profile(id=person, name=person, zone="UTC", is_active=False)
        people.remember(self.store, HERE, profile, self.now)
        self.gone.add(person)
        self.now += timedelta(seconds=1)
        service.move_on(self.store, HERE, [person], self.now)

    def tries(self, since: datetime, rules: dict[str, object] | None = None, without: tuple[str, ...] = ()) -> Tried:
        """The time since then, over again."""
        period = Span(since, self.now + timedelta(seconds=1))
        return trial.tried(self.store, self.sam, Trial(period, rules or {}, frozenset(without)), self.now)


@pytest.mark.parametrize("seed", range(length(1, 12)))
@pytest.mark.short_on("sqlite")
def test_the_rules_of_then_give_the_answers_of_then(store: Store, seed: int) -> None:
    team = Lived(store, seed)
    team.lives(length(40, 150))
    half = team.now
    team.lives(length(20, 100))
    team.leaves("U0RITA")
    team.lives(length(15, 100))
    for since in (MORNING - timedelta(days=1), half):
        found = team.tries(since)
        assert found.unlike == 0, found
        assert found.moved == ()
        assert found.leads > 5
        assert [each.then for each in found.shares] == [each.got for each in found.shares]
        assert sum(each.got for each in found.shares) == sum(each.fair for each in found.shares)


def test_who_weighs_more_would_have_got_more(store: Store) -> None:
    team = Team(store, *FOUR[:3])
    for n in range(30):
        team.gives(f"Company {n}")
        team.now += timedelta(minutes=1)
    rules = {"weights": {"U0DANA": 3}}
    period = Span(MORNING, team.now)
    found = trial.tried(store, team.sam, Trial(period, rules), team.now)
    shares = {each.taker: each for each in found.shares}
    assert {each: (share.then, share.got) for each, share in shares.items()} == {
        "U0ARUN": (10, 6),
        "U0DANA": (10, 18),
        "U0OLGA": (10, 6),
    }
    assert shares["U0DANA"].fair == Fraction(18)
    assert found.unlike == 0
    assert found.moved[0].company.startswith("Company ")
    assert sum(each.now == "U0DANA" for each in found.moved) - sum(each.then == "U0DANA" for each in found.moved) == 8
    assert not workspace.settings(store, HERE).routing  # nothing is kept


def test_who_is_left_out_and_who_is_full_get_nothing_more(store: Store) -> None:
    team = Team(store, *FOUR[:3])
    for n in range(9):
        team.gives(f"Company {n}")
        team.now += timedelta(minutes=1)
    period = Span(MORNING, team.now)
    found = trial.tried(store, team.sam, Trial(period, {}, frozenset({"U0DANA"})), team.now)
    assert {each.taker: each.got for each in found.shares}.get("U0DANA") == 0
    assert sorted(each.got for each in found.shares) == [0, 4, 5]
    capped = trial.tried(store, team.sam, Trial(period, {"cap": 2}), team.now)
    assert [each.got for each in capped.shares] == [2, 2, 2]
    assert [each.now for each in capped.moved] == [None, None, None]


def test_what_cannot_be_had_back_is_counted(store: Store) -> None:
    team = Team(store, *FOUR[:3])
    workspace.change(store, team.sam, {Setting.ROUTING: {"weights": {"U0DANA": 3}}}, team.now)
    for n in range(20):
        team.gives(f"Company {n}")
        team.now += timedelta(minutes=1)
    workspace.change(store, team.sam, {Setting.ROUTING: {}}, team.now)
    found = trial.tried(store, team.sam, Trial(Span(MORNING, team.now), {}), team.now)
    assert found.unlike == len(found.moved) > 3


def test_only_who_sees_all_numbers_may_and_the_others_hear_who(store: Store) -> None:
    team = Team(store, *FOUR[:2])
    team.gives()
    period = Span(MORNING, team.now + timedelta(minutes=1))
    assert trial.tried(store, team.sam, Trial(period, {}), team.now).leads == 1
    for actor in (team.maria, team.ana, team.takers[0]):
        with pytest.raises(Refused) as refused:
            trial.tried(store, actor, Trial(period, {}), team.now)
        assert refused.value.params["can"] == "Sam"


def test_a_period_without_leads_is_empty(store: Store) -> None:
    team = Team(store, *FOUR[:2])
    found = trial.tried(store, team.sam, Trial(Span(MORNING, MORNING + timedelta(days=1)), {}), team.now)
    assert (found.leads, found.shares, found.moved) == (0, (), ())
