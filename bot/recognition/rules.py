"""The rules of recognition: what a scorecard weighs, how much of it is noise, and which milestones there are. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from bot.figures.ranking import Estimate, rank_estimates
from bot.figures.rates import wilson
from bot.figures.scorecard import Card, Item, card
from bot.quota.metrics import CALLS, DEALS, MEETINGS, RENEWALS, REVENUE, SQLS

ACCEPTED = "accepted"
"""Offers accepted in time, of those that their taker accepted or let pass: a rate, whose target are all of them. A
declined one is an answer, and is on neither side."""

MEASURED = (REVENUE.code, DEALS.code, CALLS.code, ACCEPTED, MEETINGS.code, SQLS.code, RENEWALS.code)
"""What a scorecard may weigh, in the order of its form."""

USUAL_WEIGHTS: Mapping[str, int] = {REVENUE.code: 50, DEALS.code: 20, CALLS.code: 15, ACCEPTED: 15}
WEIGHTS = range(101)

_Z = Fraction(196, 100)


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a workspace has decided: the channel of its leaderboard (None: there is none), what is weighed, above 0, and
    whether milestones are told in the channel of wins.
    """

    channel: str | None = None
    weights: Mapping[str, int] = field(default_factory=lambda: USUAL_WEIGHTS)
    has_milestones: bool = True

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> "Recognition":
        """The decision behind the setting `recognition`."""
        said = value.get("weights") or USUAL_WEIGHTS
        weights = {name: said[name] for name in MEASURED if said.get(name)}
        return cls(value.get("channel") or None, weights or USUAL_WEIGHTS, value.get("milestones", True))

    def to_json(self) -> dict[str, Any]:
        """The setting behind it."""
        return {"channel": self.channel, "weights": dict(self.weights), "milestones": self.has_milestones}


class Done(NamedTuple):
    """What somebody did of one figure: its target, in the same unit, or None, and the variance, in that unit squared.

    A count is its own variance (Poisson), a sum of deals has that of its summands' squares, a rate Wilson's.
    """

    achieved: int
    target: Fraction | None
    variance: Fraction

    @property
    def scale(self) -> Fraction:
        """What a part of it is a part of: the target, or what was achieved where that is more, so that noise beyond
        the target weighs as much less as the figure itself.
        """
        return max(Fraction(self.achieved), self.target or Fraction(0))


def counted(count: int, target: Fraction | None) -> Done:
    """A count."""
    return Done(count, target, Fraction(abs(count)))


def summed(amounts: Sequence[int], target: Fraction | None) -> Done:
    """A sum of deals, in minor units."""
    return Done(sum(amounts), target, Fraction(sum(each * each for each in amounts)))


def rated(hits: int, cases: int) -> Done:
    """A rate; without cases it has no target."""
    if not cases:
        return Done(0, None, Fraction(0))
    half = wilson(hits, cases).width / 2
    return Done(hits, Fraction(cases), (half * cases / _Z) ** 2)


@dataclass(frozen=True, slots=True)
class Scored:
    """A scorecard, and its score with its noise; None where too little of it has a target."""

    card: Card
    estimate: Estimate | None


def scored(weights: Mapping[str, int], done: Mapping[str, Done]) -> Scored:
    """The scorecard of what somebody did, by the names in `weights`.

    The variance is that of the weighed figures together. Revenue and deals come of the same wins, so they move
    together: of a compound Poisson sum the covariance with its count is the sum itself.
    """
    found = card([Item(name, weight, done[name].achieved, done[name].target) for name, weight in weights.items()])
    if found.score is None:
        return Scored(found, None)
    shares = {
        item.name: Fraction(100 * item.weight, found.counted) / done[item.name].scale
        for item in found.items
        if item.reached is not None
    }
    variance = sum((share**2 * done[name].variance for name, share in shares.items()), Fraction(0))
    if REVENUE.code in shares and DEALS.code in shares:
        together = 2 * shares[REVENUE.code] * shares[DEALS.code]
        variance += together * max(0, done[REVENUE.code].achieved)
    return Scored(found, Estimate(found.score, variance))


class Standing(NamedTuple):
    """Somebody on the leaderboard: their name, their scorecard, their place; None where places may not be told."""

    person_id: str
    name: str
    card: Card
    place: int | None = None


def in_places(people: Iterable[tuple[str, str, Scored]], left_out: Collection[str] = ()) -> tuple[Standing, ...]:
    """Those who have a score, by place and then by name; where all of them tie, by name and without places.

    Whoever is left out is not shown, but ranked with the others, so that nobody's place beside another's depends on
    who wants to be seen.
    """
    with_score = [(person, name, each.card, each.estimate) for person, name, each in people if each.estimate]
    ranking = rank_estimates([(person, estimate) for person, _, _, estimate in with_score])
    shown = [[person for person in group if person not in left_out] for group in ranking.groups]
    shown = [group for group in shown if group]
    places: dict[str, int] = {}
    for group in shown if len(shown) > 1 else ():
        places.update(dict.fromkeys(group, len(places) + 1))
    found = [
        Standing(person, name, held, places.get(person))
        for person, name, held, _ in with_score
        if person not in left_out
    ]
    return tuple(sorted(found, key=lambda each: (each.place or 0, each.name.casefold(), each.person_id)))


WINS = (1, 10, 25, 50, 100)
"""How many wins are a milestone."""


def passed(before: int, now: int) -> tuple[int, ...]:
    """The milestones among somebody's wins that lie behind `before` and not behind `now`."""
    return tuple(each for each in WINS if before < each <= now)
