"""The rules of routing as one reads them, and whether they were fair: what each account executive was offered lately,
and what would have been their part.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.access.roles import Role
from bot.handoffs import queries
from bot.handoffs.candidates import cap_of, weight_of
from bot.handoffs.queries import Asked
from bot.handoffs.states import State
from bot.people import queries as people
from bot.people.rules import Member
from bot.routing.rules import RUNNING, Verdict
from bot.store.engine import Store
from bot.workspace import queries as workspace
from bot.workspace.rules import Settings

LOOKS_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Share:
    """What one person was offered, and how it ended.

    `given` are those of them that the rules gave and nobody withdrew; `fair` is the part that weight and presence made
    theirs: the sum, over all of those that the rules gave, of their weight among the weights of all who could have it.
    """

    taker_id: str
    offered: int = 0
    accepted: int = 0
    declined: int = 0
    expired: int = 0
    given: int = 0
    fair: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Board:
    """Who takes leads, by what rules, and the shares that the reader may see; `given` is what all shares add up to."""

    settings: Settings
    takers: tuple[Member, ...]
    shares: tuple[Share, ...]
    given: int
    names: Mapping[str, str]
    may_change: bool

    def weight(self, person_id: str) -> int:
        """How many turns somebody has beside one of the others."""
        return weight_of(self.settings.routing, person_id)

    def cap(self, person_id: str) -> int | None:
        """How many open hand-offs somebody may have; None is any number."""
        return cap_of(self.settings.routing, person_id)


def board(store: Store, actor: Actor, now: datetime) -> Board:
    """The rules, and the last thirty days: of everybody for operations, of reports for managers, else one's own."""
    with store.read() as tx:
        here, today = actor.workspace_id, people.today_of(actor, now)
        settings = workspace.settings(tx, here)
        members = people.members(tx, here, today)
        takers = [each for each in members.values() if Role.AE in each.roles and each.may_work]
        asked = queries.asked_since(tx, here, now - LOOKS_BACK)
        shares = shares_of(asked, [each.id for each in takers], settings.routing.get("weights") or {})
        may_change = may(actor, Action.CHANGE_SETTINGS, Relation.COLLEAGUE)
        mine = {actor.id, *people.reports(tx, actor, now)}
        seen = [each for each in shares if may_change or each.taker_id in mine]
        names = people.names(tx, here, sorted(each.taker_id for each in seen)) if seen else {}
    return Board(
        settings=settings,
        takers=tuple(sorted(takers, key=lambda each: each.name.casefold())),
        shares=tuple(sorted(seen, key=lambda each: names.get(each.taker_id, "").casefold())),
        given=sum(each.given for each in shares),
        names=names,
        may_change=may_change,
    )


def shares_of(asked: Iterable[Asked], takers: Iterable[str], weights: Mapping[str, int]) -> list[Share]:
    """The share of each taker, and of whoever else was offered something."""
    counts: dict[str, dict[str, int]] = {each: {} for each in takers}
    fair: dict[str, Fraction] = {}
    for each in asked:
        counted = counts.setdefault(each.taker_id, {})
        is_given = each.is_routed and each.ended != State.WITHDRAWN
        for what in ("offered", *([each.ended] if each.ended else []), *(["given"] if is_given else [])):
            counted[what] = counted.get(what, 0) + 1
        running = [row["candidate"] for row in each.choice.get("rows", ()) if Verdict(row["verdict"]) in RUNNING]
        whole = sum(int(weights.get(one, 1)) for one in running)
        for one in running if is_given else ():
            fair[one] = fair.get(one, Fraction(0)) + Fraction(int(weights.get(one, 1)), whole)
    return [
        Share(
            person,
            counted.get("offered", 0),
            counted.get(State.ACCEPTED, 0),
            counted.get(State.DECLINED, 0),
            counted.get(State.EXPIRED, 0),
            counted.get("given", 0),
            fair.get(person, Fraction(0)),
        )
        for person, counted in counts.items()
    ]
