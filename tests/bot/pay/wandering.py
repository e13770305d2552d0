"""A year of a team in which anything happens, by a seed: what nobody would think of writing down."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import uuid4

from bot.access.roles import Role
from bot.deals import queries as deal_queries
from bot.deals import service as deals
from bot.deals.closing import Loss, Win
from bot.deals.queries import DealRow
from bot.deals.service import Wish
from bot.deals.states import PIPELINE, Kind, Stage
from bot.errors import Refused
from bot.handoffs import service as handoffs
from bot.handoffs.giving import Giving, give
from bot.handoffs.states import Kind as Given
from bot.pay import queries
from bot.people import assignments
from bot.people.assignments import Assign
from bot.store.engine import Store
from tests.bot.pay.office import HERE, LEADS, Q4, TIERS, Office, eur

COMPANIES = [f"Company {letter}" for letter in "ABCDEF"]


class Wandering(Office):
    """Steps that chance takes; one that is refused has not happened."""

    def __init__(self, store: Store, seed: int) -> None:
        super().__init__(store, dana=100_000, arun=40_000, maria=200_000)
        self.chance = Random(seed)
        self.plans(Role.AE, f"{TIERS}\nfixed churned -50\nflat renewed 1%", seen=1)
        self.plans(Role.SDR, f"{LEADS}\nflat churned -1%", seen=1)
        self.plans(Role.MANAGER, "flat won 2%\nflat renewed 1%")
        self.plans(Role.SPECIALIST, "flat won 3%")
        self.plans(Role.CSM, "flat renewed 2%\nflat churned -1%\ntier won 0- 5%")
        self.moments: list[datetime] = []

    def goes_on(self, steps: int) -> None:
        """So many steps."""
        for _ in range(steps):
            self.now += timedelta(days=self.chance.choice((0.01, 0.01, 1, 2, 6)))
            try:
                self._step()()
            except Refused:
                continue
            self.moments.append(self.now)

    def _step(self) -> Callable[[], object]:
        often = [self._opens, self._opens, self._wins, self._wins, self._wins, self._moves, self._loses]
        return self.chance.choice([*often, *often, *self._seldom()])

    def _seldom(self) -> list[Callable[[], object]]:
        after = [
            self._divides,
            self._divides,
            self._reopens,
            self._reopens,
            self._renews,
            self._leaves,
            self._leaves,
            self._comes_back,
        ]
        people = [self._gives, self._gives, self._is_helped, self._is_cared_for, self._reports_to, self._changes_role]
        return [*after, *people, self._changes_plan, *[self._shuts] * 4]

    def _opens(self) -> None:
        who = self.chance.choice((self.dana, self.arun, self.cem, self.sofia, self.maria))
        wish = Wish(stage=self.chance.choice(PIPELINE), money=eur(self.chance.randint(1, 40_000)))
        kind = self.chance.choice((Kind.NEW, Kind.NEW, Kind.UPSELL))
        company = self.chance.choice(COMPANIES)
        deals.open_deal(self.store, who, company, None, wish, kind=kind, origin=uuid4().hex, now=self.now)

    def _one(self, is_open: bool) -> DealRow:
        with self.store.read() as tx:
            rows = [each for each in deal_queries.every(tx, HERE) if each.is_open is is_open]
        if not rows:
            raise Refused("nothing to do")
        return self.chance.choice(rows)

    def _at(self) -> datetime:
        return self.now - timedelta(days=self.chance.choice((0, 0, 0, 5, 30, 80)))

    def _wins(self) -> None:
        money = eur(self.chance.randint(1, 60_000))
        said = Win(money, happened_at=self._at())
        deals.win(self.store, self.sam, self._one(True).id, said, origin=uuid4().hex, now=self.now)

    def _loses(self) -> None:
        reason = self.chance.choice(("price", "duplicate", "timing"))
        loss = Loss(reason, happened_at=self._at())
        deals.lose(self.store, self.sam, self._one(True).id, loss, origin=uuid4().hex, now=self.now)

    def _moves(self) -> None:
        owner = self.chance.choice(("U0DANA", "U0ARUN", "U0MARIA", "U0SOFIA"))
        wish = Wish(stage=self.chance.choice((None, *PIPELINE)), owner_id=self.chance.choice((None, owner)))
        deals.change(self.store, self.sam, self._one(True).id, wish, origin=uuid4().hex, now=self.now)

    def _divides(self) -> None:
        """Of a deal that is open, or won already, others have shares from now on."""
        row = self._one(self.chance.choice((True, False)))
        some = self.chance.sample(("U0DANA", "U0ARUN", "U0SOFIA", "U0CEM"), self.chance.choice((0, 1, 1, 2)))
        split = tuple((each, Decimal(self.chance.choice((10, 25, "33.33")))) for each in some if each != row.owner_id)
        deals.change(self.store, self.sam, row.id, Wish(split=split), origin=uuid4().hex, now=self.now)

    def _reopens(self) -> None:
        stage = self.chance.choice((None, Stage.NEGOTIATION))
        deals.reopen(self.store, self.sam, self._one(False).id, stage, origin=uuid4().hex, now=self.now)

    def _renews(self) -> None:
        self.renews(self._one(False), self.chance.randint(1, 30_000))

    def _leaves(self) -> None:
        self.leaves(self._one(False))

    def _comes_back(self) -> None:
        self.stays(self._one(False))

    def _gives(self) -> None:
        self.hands_over(self.chance.choice(COMPANIES), by=self.chance.choice((self.ana, self.arun)))

    def _is_helped(self) -> None:
        self._takes(Given.HELP, "U0SOFIA")

    def _is_cared_for(self) -> None:
        self._takes(Given.CARE, "U0CEM")

    def _takes(self, kind: Given, taker_id: str) -> None:
        giving = Giving(self.chance.choice(COMPANIES), to=taker_id, kind=kind)
        row = give(self.store, self.dana, giving, origin=uuid4().hex, now=self.now)
        taker = self.sofia if taker_id == "U0SOFIA" else self.cem
        handoffs.accept(self.store, taker, row.id, self.now)

    def _reports_to(self) -> None:
        person = self.chance.choice(("U0DANA", "U0ARUN", "U0MARIA", "U0ANA"))
        aspects = {"manager": self.chance.choice(("U0MARIA", "U0OLGA", "U0DANA"))}
        self._assigns(Assign(person, self._from(), aspects=aspects))

    def _changes_role(self) -> None:
        person = self.chance.choice(("U0DANA", "U0ARUN", "U0SOFIA", "U0ANA", "U0OLGA"))
        if self.chance.random() < 0.5:
            self.ends(person, self.chance.choice((Role.AE, Role.SDR, Role.SPECIALIST)), self.now.date())
        else:
            roles = (self.chance.choice((Role.AE, Role.MANAGER, Role.SPECIALIST)),)
            self._assigns(Assign(person, self._from(), roles))

    def _assigns(self, command: Assign) -> None:
        assignments.assign(self.store, self.sam, command, self.now)

    def _from(self) -> date:
        return self.now.date() - timedelta(days=self.chance.choice((0, 0, 10, 40)))

    def _changes_plan(self) -> None:
        role = self.chance.choice((Role.AE, Role.CSM, Role.MANAGER))
        text = self.chance.choice(("flat won 9%", f"{TIERS}\nflat renewed 3%", "flat won 1%\nfixed churned -20"))
        self.plans(role, text, self.now.date().replace(day=1))

    def _shuts(self) -> None:
        """The next period, as soon as chance allows."""
        with self.store.read() as tx:
            last = max((each.period.last for each in queries.closed(tx, HERE, self.now)), default=None)
        self.shuts(last + timedelta(days=1) if last else Q4)
