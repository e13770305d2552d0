"""A past period over again, under rules that may have changed: who got what then, who would get it now, and how that
stands to everybody's fair share.

What is not the rules' to say stays as it was: when leads came, who declined what they were offered, when something was
settled. So the rules of then give the answers of then, and others the nearest to what would have been.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from bot.routing.rules import Choice, Lead, Verdict, route
from bot.routing.standing import Rule, Standing, Taker, choose

RUNNING = frozenset({Verdict.CHOSEN, Verdict.MORE_LOAD, Verdict.LESS_CREDIT, Verdict.WAITED_LESS, Verdict.HASH})
"""The verdicts on those who could have had it."""


class How(StrEnum):
    """How an offer, or what became of it, ended. Accepting is not among them: what is accepted stays open."""

    DECLINED = "declined"
    EXPIRED = "expired"
    REASSIGNED = "reassigned"
    """These three are one person's, and the next one is asked."""
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"
    """These two are the lead's, whoever has it."""


PASSED = frozenset({How.DECLINED, How.EXPIRED, How.REASSIGNED})


@dataclass(frozen=True, slots=True)
class Offered:
    """A lead was offered to somebody: by the rules, or by somebody who named them."""

    at: datetime
    lead: Lead
    taker: str
    is_routed: bool = True


@dataclass(frozen=True, slots=True)
class Ended:
    """The offer of a lead to `taker`, or the work on it, came to an end."""

    at: datetime
    lead: str
    taker: str
    how: How


Event = Offered | Ended


@dataclass(frozen=True, slots=True)
class Share:
    """What one taker got.

    `fair` is their part in the weight of all who could have had it when it was given, summed over the leads: it counts
    the weight and the working time in which they were there. Leads that were withdrawn, or given by name, do not count.
    """

    taker: str
    then: int
    got: int
    fair: Fraction

    @property
    def difference(self) -> Fraction:
        """What they got beyond their fair share."""
        return self.got - self.fair


@dataclass(frozen=True, slots=True)
class Fate:
    """Who had a lead in the end, then and now; None for nobody."""

    lead: str
    then: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """A share for each taker, and a fate for each lead that the rules gave then, in the order of their coming."""

    shares: tuple[Share, ...]
    fates: tuple[Fate, ...]


@dataclass(slots=True)
class _Track:
    """One lead on its way; `parts` are the fair shares in it of those who could have had it."""

    lead: Lead
    is_routed: bool
    then: str | None = None
    now: str | None = None
    parts: Mapping[str, Fraction] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)


def replay(
    events: Iterable[Event],
    takers: Sequence[Taker],
    standings: Mapping[str, Standing] | None = None,
    rule: Rule = route,
) -> Replayed:
    """Go through a past period again.

    Args:
        events: what happened, in order.
        takers: everybody, with the weights, caps and so on that are to be tried.
        standings: what was remembered of them when the period began.
        rule: how a choice falls.
    """
    desk = _Desk(takers, dict(standings or {}), rule)
    for event in events:
        desk.retry(event.at)
        if isinstance(event, Offered):
            desk.offered(event)
        else:
            desk.ended(event)
    return desk.result()


def fair_parts(choice: Choice, weights: Mapping[str, int]) -> dict[str, Fraction]:
    """The part in one lead of each who could have had it."""
    running = [row.candidate for row in choice.rows if row.verdict in RUNNING]
    whole = sum(weights[each] for each in running)
    return {each: Fraction(weights[each], whole) for each in running}


class _Desk:
    """The state of a replay."""

    def __init__(self, takers: Sequence[Taker], standings: dict[str, Standing], rule: Rule) -> None:
        self._takers, self._standings, self._rule = takers, standings, rule
        self._weights = {each.id: each.weight for each in takers}
        self._tracks: dict[str, _Track] = {}
        self._waiting: dict[str, _Track] = {}

    def offered(self, event: Offered) -> None:
        """Give it to whom the rules choose now, if nobody has it."""
        track = self._tracks.setdefault(event.lead.id, _Track(event.lead, event.is_routed))
        track.then, track.is_routed = event.taker, event.is_routed
        if not event.is_routed:
            self._drop(track)
            track.now = event.taker
            self._standings[event.taker] = self._standing(event.taker).given(event.at)
        elif track.now is None:
            self._give(track, event.at)

    def ended(self, event: Ended) -> None:
        """One less for whoever has it, if the ending is theirs."""
        track = self._tracks.get(event.lead)
        if track is None:  # it came before the period
            standing = self._standing(event.taker)
            self._standings[event.taker] = standing.withdrawn() if event.how is How.WITHDRAWN else standing.closed()
            return
        if event.how in PASSED:
            track.then = None
            if track.now == event.taker:
                track.passed.add(event.taker)
                self._drop(track)
            return
        if event.how is How.WITHDRAWN:
            self._withdraw(track)
        elif track.now:
            self._standings[track.now] = self._standing(track.now).closed()
        self._waiting.pop(event.lead, None)

    def retry(self, now: datetime) -> None:
        """Give what waits to those who can take it by now."""
        for track in list(self._waiting.values()):
            self._give(track, now)

    def result(self) -> Replayed:
        """How it came out."""
        routed = [track for track in self._tracks.values() if track.is_routed]
        shares = (
            Share(
                taker=each.id,
                then=sum(track.then == each.id for track in routed),
                got=sum(track.now == each.id for track in routed),
                fair=sum((track.parts.get(each.id, Fraction(0)) for track in routed if track.now), Fraction(0)),
            )
            for each in self._takers
        )
        return Replayed(tuple(shares), tuple(Fate(track.lead.id, track.then, track.now) for track in routed))

    def _give(self, track: _Track, now: datetime) -> None:
        choice, self._standings = choose(track.lead, self._takers, self._standings, now, track.passed, self._rule)
        track.now, track.parts = choice.winner, fair_parts(choice, self._weights)
        if choice.winner:
            self._waiting.pop(track.lead.id, None)
        else:
            self._waiting[track.lead.id] = track

    def _drop(self, track: _Track) -> None:
        if track.now:
            self._standings[track.now] = self._standing(track.now).closed()
            track.now = None

    def _withdraw(self, track: _Track) -> None:
        if track.now:
            standing = self._standing(track.now)
            self._standings[track.now] = standing.withdrawn() if track.is_routed else standing.closed()
        track.then = track.now = None

    def _standing(self, taker: str) -> Standing:
        return self._standings.get(taker, Standing())
