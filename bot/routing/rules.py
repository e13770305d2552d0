"""The choice among candidates: smooth weighted round robin inside "fewest open first".

A pure function: the same lead, candidates and past give the same answer for ever, whatever the order in which the
candidates stand. Ties fall to nobody's advantage, and whoever returns from leave is not flooded to catch up. The
algorithm is nginx's smooth weighted round robin, with a capped credit and a phantom load for those who return.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from math import ceil
from operator import attrgetter

CREDIT_MOST = Fraction(1)
"""Nobody banks more than one turn, or owes more than one."""

STEPS_BACK = 5
"""Own working days in which the phantom load of somebody who has returned falls to nothing, in equal steps."""

_FINEST = 720_720
"""Parts of a turn that are kept, so that credits stay short however often the weights change: all from 1 to 16 go
into them.
"""

_fraction = lru_cache(maxsize=4096)(Fraction)
"""Few loads are different."""


class Presence(StrEnum):
    """Whether a candidate can take something now."""

    IN = "in"
    """Within their working hours."""
    OFF_HOURS = "off_hours"
    """Outside them, and there again when they next begin."""
    AWAY = "away"
    """Absent, also for a part of the day, or on a public holiday."""


class Verdict(StrEnum):
    """Why a candidate got it or did not: the first of these that holds."""

    CHOSEN = "chosen"
    NOT_ACTIVE = "not_active"
    """The account has ended, or the role has."""
    OTHER_TERRITORY = "other_territory"
    OTHER_SEGMENT = "other_segment"
    PASSED = "passed"
    """They have had this lead: declined it, or let it expire."""
    AWAY = "away"
    FULL = "full"
    OFF_HOURS = "off_hours"
    """Somebody was within their hours."""
    MORE_LOAD = "more_load"
    LESS_CREDIT = "less_credit"
    WAITED_LESS = "waited_less"
    HASH = "hash"
    """All else was equal, and the lot fell to another."""


RUNNING = frozenset({Verdict.CHOSEN, Verdict.MORE_LOAD, Verdict.LESS_CREDIT, Verdict.WAITED_LESS, Verdict.HASH})
"""The verdicts on those who could have had it."""


@dataclass(frozen=True, slots=True)
class Lead:
    """What of a lead decides: its id, where it is, how big its company is (None: not known, anybody's)."""

    id: str
    territory: str | None = None
    segment: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may get leads, at one moment.

    `open` are hand-offs on offer or accepted and not yet re-qualified or rejected. `phantom` is the load that stands
    for those that others got while this one was away. `waited` is their own working time since their last offer, or
    since they returned. No territories, or no segments, are all of them.
    """

    id: str
    open: int = 0
    weight: int = 1
    cap: int | None = None
    credit: Fraction = Fraction(0)
    phantom: Fraction = Fraction(0)
    waited: timedelta = timedelta()
    presence: Presence = Presence.IN
    is_active: bool = True
    has_passed: bool = False
    territories: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()

    @property
    def load(self) -> Fraction:
        """Open hand-offs, the phantom ones among them, for each unit of weight."""
        return (self.open + self.phantom) / self.weight if self.phantom else _fraction(self.open, self.weight)


@dataclass(frozen=True, slots=True)
class Row:
    """What was looked at of one candidate: `credit` is the one before the pick, `left` the one after it."""

    candidate: str
    verdict: Verdict
    open: int
    phantom: Fraction
    load: Fraction
    credit: Fraction
    left: Fraction
    waited: timedelta


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets it (None: nobody can), what decided it, and a row for every candidate, in the order of their ids."""

    winner: str | None
    decided_by: Verdict | None
    rows: tuple[Row, ...] = field(default_factory=tuple)


def route(lead: Lead, candidates: Sequence[Candidate]) -> Choice:
    """Choose who gets a lead.

    Of those who may have it the ones within their hours come first; then the lowest load, the highest credit, the
    longest wait in their own working time, and the lowest SHA-256 of `LEAD:CANDIDATE`. Each of the running earns a
    credit of their part of the weight; the winner pays one.

    Args:
        lead: what is to be given.
        candidates: everybody who might be asked, each with an id of their own and a weight of at least 1.
    """
    verdicts = {each.id: _why_not(lead, each) for each in candidates}
    eligible = [each for each in candidates if verdicts[each.id] is None]
    inside = [each for each in eligible if each.presence is Presence.IN]
    running = inside or eligible
    for each in eligible:
        if inside and each.presence is not Presence.IN:
            verdicts[each.id] = Verdict.OFF_HOURS
    earned = _earned(running)
    winner, decided_by, beaten = _pick(lead, running, earned)
    rows = [_row(each, verdicts[each.id] or beaten[each.id], earned, winner) for each in candidates]
    return Choice(winner, decided_by, tuple(sorted(rows, key=attrgetter("candidate"))))


def phantom_on_return(weight: int, is_open: int, loads_of_others: Sequence[Fraction]) -> Fraction:
    """The phantom load of somebody who begins, or returns after a working day or more: what brings them level with the
    least loaded of the others.
    """
    level = ceil(weight * min(loads_of_others, default=Fraction(0)))
    return Fraction(max(0, level - is_open))


def phantom_after(on_return: Fraction, working_days: int) -> Fraction:
    """What is left of a phantom load after so many own working days."""
    return on_return * max(0, STEPS_BACK - working_days) / STEPS_BACK


def given_back(credit: Fraction) -> Fraction:
    """The credit of somebody whose offer was withdrawn by the giver. For a declined or expired one nothing is given
    back: declining is not rewarded.
    """
    return _clamped(credit + 1)


def _why_not(lead: Lead, candidate: Candidate) -> Verdict | None:
    is_elsewhere = lead.territory and candidate.territories and lead.territory not in candidate.territories
    is_of_another = lead.segment and candidate.segments and lead.segment not in candidate.segments
    looks = (
        (Verdict.NOT_ACTIVE, not candidate.is_active),
        (Verdict.OTHER_TERRITORY, is_elsewhere),
        (Verdict.OTHER_SEGMENT, is_of_another),
        (Verdict.PASSED, candidate.has_passed),
        (Verdict.AWAY, candidate.presence is Presence.AWAY),
        (Verdict.FULL, candidate.cap is not None and candidate.open >= candidate.cap),
    )
    return next((verdict for verdict, holds in looks if holds), None)


def _earned(running: Sequence[Candidate]) -> dict[str, Fraction]:
    """The credits of those in the running with what this pick earns them."""
    whole = sum(each.weight for each in running)
    parts = {weight: Fraction(weight, whole) for weight in {each.weight for each in running}}
    return {each.id: _clamped(each.credit + parts[each.weight]) for each in running}


def _clamped(credit: Fraction) -> Fraction:
    if abs(credit.numerator) <= credit.denominator <= _FINEST:
        return credit
    if abs(credit.numerator) >= credit.denominator:
        return CREDIT_MOST if credit.numerator > 0 else -CREDIT_MOST
    return Fraction((2 * credit.numerator * _FINEST + credit.denominator) // (2 * credit.denominator), _FINEST)


def _pick(
    lead: Lead, running: Sequence[Candidate], earned: Mapping[str, Fraction]
) -> tuple[str | None, Verdict | None, dict[str, Verdict]]:
    """The winner, what decided it in the end, and at which look each of the others fell out."""
    looks: list[tuple[Verdict, Callable[[Candidate], object]]] = [
        (Verdict.MORE_LOAD, lambda each: each.load),
        (Verdict.LESS_CREDIT, lambda each: -earned[each.id]),
        (Verdict.WAITED_LESS, lambda each: -each.waited),
        (Verdict.HASH, lambda each: _lot(lead, each)),
    ]
    left, decided_by = list(running), None
    beaten: dict[str, Verdict] = {}
    for verdict, key in looks:
        if len(left) <= 1:
            break
        keys = [key(each) for each in left]
        best = min(keys)  # type: ignore[type-var]  # each look compares its own
        still = [each for each, found in zip(left, keys, strict=True) if found == best]
        if len(still) < len(left):
            decided_by = verdict
            beaten |= dict.fromkeys({each.id for each in left} - {each.id for each in still}, verdict)
        left = still
    return (left[0].id, decided_by, beaten | {left[0].id: Verdict.CHOSEN}) if left else (None, None, beaten)


def _lot(lead: Lead, candidate: Candidate) -> str:
    return sha256(f"{lead.id}:{candidate.id}".encode()).hexdigest()


def _row(candidate: Candidate, verdict: Verdict, earned: Mapping[str, Fraction], winner: str | None) -> Row:
    credit = earned.get(candidate.id, candidate.credit)
    left = _clamped(credit - 1) if candidate.id == winner else credit
    return Row(
        candidate=candidate.id,
        verdict=verdict,
        open=candidate.open,
        phantom=candidate.phantom,
        load=candidate.load,
        credit=credit,
        left=left,
        waited=candidate.waited,
    )
