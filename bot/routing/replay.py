"""A past period over again, under rules that may have changed: who got what then, who would get it now, and how that
stands to everybody's fair share.

What is not the rules' to say stays as it was: when leads came, who declined what they were offered, when something was
settled. So the rules of then give the answers of then, and others the nearest to what would have been.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from bot.routing.again import Seen, choose_again
from bot.routing.rules import Lead, Verdict, route
from bot.routing.standing import Rule, Standing, Taker, choose, share_leads
from bot.working_time.months import worked
from bot.working_time.presence import Span


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
    """A lead was offered to somebody: by the rules, or by somebody who named them.

    `handoff` tells two hand-offs of one lead apart; without it, it is the lead. `seen` is what was found of the
    candidates; without it, they are all takers, and their schedules say who was in. `is_taken`: they helped
    themselves, so it was no offer.
    """

    at: datetime
    lead: Lead
    taker: str
    is_routed: bool = True
    handoff: str = ""
    seen: Mapping[str, Seen] | None = None
    is_taken: bool = False

    @property
    def key(self) -> str:
        """What its endings are known by."""
        return self.handoff or self.lead.id


@dataclass(frozen=True, slots=True)
class Ended:
    """The offer of a lead to `taker`, or the work on it, came to an end. `lead` is the key of the offer."""

    at: datetime
    lead: str
    taker: str
    how: How


Event = Offered | Ended


@dataclass(frozen=True, slots=True)
class Share:
    """What one taker got: leads that were not withdrawn, nor given by name.

    `fair` is their part, by weight and by the working time in which they were there, of what they and those who compete
    with them got.
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
    """Who had a lead in the end, then and now; None for nobody. `lead` is the key of its offers."""

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
    """One lead on its way."""

    key: str
    lead: Lead
    is_routed: bool
    then: str | None = None
    now: str | None = None
    passed: set[str] = field(default_factory=set)
    seen: Mapping[str, Seen] | None = None


def replay(
    events: Sequence[Event],
    takers: Sequence[Taker],
    period: Span,
    standings: Mapping[str, Standing] | None = None,
    rule: Rule = route,
) -> Replayed:
    """Go through a past period again.

    Args:
        events: what happened in it, in order.
        takers: everybody, with the weights, caps and so on that are to be tried.
        period: the time whose working hours count for the fair share.
        standings: what was remembered of them when it began.
        rule: how a choice falls.
    """
    desk = _Desk(takers, dict(standings or {}), rule)
    for event in events:
        desk.retry(event.at)
        if isinstance(event, Offered):
            desk.offered(event)
        else:
            desk.ended(event)
    return desk.result(period.start, period.end)


def fair_shares(got: Mapping[str, int], takers: Sequence[Taker], start: datetime, end: datetime) -> dict[str, Fraction]:
    """What was got in a period, parted by weight and by working time among those who compete: directly, or each with
    somebody who competes with the other. Routing makes the loads of all of them level.
    """
    merits = {each.id: each.weight * _minutes_there(each, start, end) for each in takers}
    fair: dict[str, Fraction] = {}
    for group in _groups(takers):
        whole, merit = sum(got.get(each, 0) for each in group), sum(merits[each] for each in group)
        fair |= {each: Fraction(whole * merits[each], merit or 1) for each in group}
    return fair


def _minutes_there(taker: Taker, start: datetime, end: datetime) -> int:
    joined, left = max(filter(None, (start, taker.joined_at))), min(filter(None, (end, taker.left_at)))
    return worked(taker.schedule, joined, left) // timedelta(minutes=1)


def _groups(takers: Iterable[Taker]) -> list[set[str]]:
    """The ids of those who compete with one another."""
    groups: list[list[Taker]] = []
    for taker in takers:
        joined = [group for group in groups if any(share_leads(taker, each) for each in group)]
        groups = [group for group in groups if group not in joined] + [
            [taker, *(each for group in joined for each in group)]
        ]
    return [{each.id for each in group} for group in groups]


class _Desk:
    """The state of a replay."""

    def __init__(self, takers: Sequence[Taker], standings: dict[str, Standing], rule: Rule) -> None:
        self._takers, self._standings, self._rule = takers, standings, rule
        self._tracks: dict[str, _Track] = {}
        self._waiting: dict[str, _Track] = {}

    def offered(self, event: Offered) -> None:
        """Give it to whom the rules choose now, if nobody has it."""
        track = self._tracks.get(event.key) or self._new_track(event)
        track.then, track.is_routed, track.seen = event.taker, event.is_routed, event.seen or track.seen
        if not event.is_routed:
            self._drop(track)
            track.now = event.taker
            standing = self._standing(event.taker)
            self._standings[event.taker] = standing.taken() if event.is_taken else standing.given(event.at)
        elif track.now is None:
            self._give(track, event.at, is_then=True)

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
            self._give(track, now, is_then=False)

    def result(self, start: datetime, end: datetime) -> Replayed:
        """How it came out, in a period."""
        routed = [track for track in self._tracks.values() if track.is_routed]
        then, got = (Counter(track.then for track in routed), Counter(track.now for track in routed))
        counts = {each.id: got[each.id] for each in self._takers}
        fair = fair_shares(counts, self._takers, start, end)
        shares = (Share(each.id, then[each.id], got[each.id], fair[each.id]) for each in self._takers)
        return Replayed(tuple(shares), tuple(Fate(track.key, track.then, track.now) for track in routed))

    def _new_track(self, event: Offered) -> _Track:
        """Who has had the lead before the period has had it."""
        passed = {each for each, found in (event.seen or {}).items() if found.verdict is Verdict.PASSED}
        return self._tracks.setdefault(event.key, _Track(event.key, event.lead, event.is_routed, passed=passed))

    def _give(self, track: _Track, now: datetime, *, is_then: bool) -> None:
        what = (track.lead, self._takers, self._standings, now, track.passed, self._rule)
        choice, self._standings = (
            choose(*what) if track.seen is None else choose_again(*what, track.seen, is_then=is_then)
        )
        track.now = choice.winner
        if choice.winner:
            self._waiting.pop(track.key, None)
        else:
            self._waiting[track.key] = track

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
