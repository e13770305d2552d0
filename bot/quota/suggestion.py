"""A suggested target, from what was achieved before, with its arithmetic. The rule is ours; seasons are not in it.

The median of what the person achieved per working day in each of their last four whole periods of the kind, times the
working days of the coming one, times what the workspace wants to grow by, and made a round number. Periods in which
they were there for less than half, or still on their ramp, say little and are left out. With fewer than two periods of
their own it is the colleagues' median, if there are three periods of theirs; else there is nothing to suggest from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from bot.figures.spread import spread

LOOKS_BACK = 4
FEWEST_OWN = 2
FEWEST_PEERS = 3
LEAST_PRESENCE = Fraction(1, 2)
GROWTH = Fraction(10, 100)
"""What is asked beyond the past until the workspace says otherwise."""

_ROUND_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Past:
    """A whole period of somebody's that is over: what was achieved (in the metric's unit), and their working days.

    `days` are those on which they were there and in the role, `of_days` those of the period.
    """

    period: str
    achieved: int
    days: Fraction
    of_days: Fraction
    is_ramping: bool = False

    @property
    def counts(self) -> bool:
        """Whether it says anything of a full period."""
        return not self.is_ramping and self.days > 0 and self.days >= LEAST_PRESENCE * self.of_days

    @property
    def per_day(self) -> Fraction:
        """Achieved on a working day; only of one that counts."""
        return self.achieved / self.days


class Basis(Enum):
    """Whose past it is drawn from."""

    OWN = "own"
    PEERS = "peers"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`per_day` (the median of `used`) × `days` × (1 + `growth`) is `exact`; `target` is that as a round number.

    `left_out` are the periods that did not count. `times_reached` of `used` would have reached it in as many days.
    """

    target: int
    per_day: Fraction
    days: Fraction
    growth: Fraction
    basis: Basis
    used: tuple[Past, ...]
    left_out: tuple[Past, ...]

    @property
    def exact(self) -> Fraction:
        """Before it is made round."""
        return self.per_day * self.days * (1 + self.growth)

    @property
    def times_reached(self) -> int:
        """In how many of the used periods, each brought to as many working days, it would have been reached."""
        return sum(past.per_day * self.days >= self.target for past in self.used)


@dataclass(frozen=True, slots=True)
class NothingToGoBy:
    """Too few periods: how many of the person's own count, and how many of the colleagues'."""

    own: int
    peers: int


def suggest(
    own: Sequence[Past],
    peers: Sequence[Past],
    days: Fraction,
    *,
    growth: Fraction = GROWTH,
    unit: int = 1,
) -> Suggestion | NothingToGoBy:
    """A target for a coming period.

    Args:
        own: the person's past periods of the same kind, the latest last.
        peers: those of others in the role, in any order.
        days: the person's working days of the coming period.
        growth: 0.1 asks for a tenth more.
        unit: what the target is a multiple of: 100 for money in cents, 1 for counts.
    """
    mine, of_peers = [past for past in own if past.counts][-LOOKS_BACK:], [past for past in peers if past.counts]
    if len(mine) >= FEWEST_OWN:
        basis, used, given = Basis.OWN, mine, own[-LOOKS_BACK:]
    elif len(of_peers) >= FEWEST_PEERS:
        basis, used, given = Basis.PEERS, of_peers, peers
    else:
        return NothingToGoBy(len(mine), len(of_peers))
    middle = spread(past.per_day for past in used)
    assert middle is not None
    left_out = tuple(past for past in given if not past.counts)
    target = round_target(middle.median * days * (1 + growth), unit)
    return Suggestion(target, middle.median, days, growth, basis, tuple(used), left_out)


def round_target(exact: Fraction, unit: int = 1) -> int:
    """The nearest number whose third digit is 0 or 5, with zeros behind it; at least one `unit`, and a multiple of it.

    So it is within a fortieth of the exact one, and numbers below 100 stay as they are.
    """
    units = max(1, round(exact / unit))
    beyond = len(str(units)) - _ROUND_DIGITS
    step = 10**beyond // 2 if beyond > 0 else 1
    return int(round(Fraction(units, step)) * step * unit)
