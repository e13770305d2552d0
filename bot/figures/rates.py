"""Rates of few cases, and what can be said of them: so many of so many, with the range that they allow."""

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import NamedTuple

from bot.figures.exact import GRID, root

Z_MILLIONTHS = 1_959_964
"""The normal distribution's 97.5 % point, 1.959964: intervals of 95 %."""

FEWEST = 10
"""Cases that a rate must have to be shown as one."""

WIDEST = Fraction(40, 100)
"""How wide the interval of a rate may be for it to be shown as one."""

_MORE = 10**12
_KEPT = 4096


class Interval(NamedTuple):
    """From `low` to `high`, both included; of a rate both lie between 0 and 1."""

    low: Fraction
    high: Fraction

    @property
    def width(self) -> Fraction:
        """From one end to the other."""
        return self.high - self.low


class Showing(Enum):
    """How a rate may be shown."""

    NOTHING_YET = "nothing_yet"
    """No cases: neither a number nor a zero."""
    AS_CASES = "as_cases"
    """Too few: `3 of 7 (16–75 %)`, without a percent of its own, an arrow, a rank or an alert."""
    AS_PERCENT = "as_percent"


@dataclass(frozen=True, slots=True)
class Rate:
    """So many `hits` of so many `cases`.

    Raises:
        ValueError: when there are more hits than cases, or less than none.
    """

    hits: int
    cases: int

    def __post_init__(self) -> None:
        """See the class."""
        if not 0 <= self.hits <= self.cases:
            raise ValueError(f"{self.hits} of {self.cases} is no rate")

    @property
    def share(self) -> Fraction | None:
        """Between 0 and 1; None of no cases."""
        return Fraction(self.hits, self.cases) if self.cases else None

    @property
    def interval(self) -> Interval | None:
        """The Wilson interval of 95 % (Wilson 1927); None of no cases. It contains the share and stays in [0, 1]."""
        return wilson(self.hits, self.cases) if self.cases else None

    @property
    def showing(self) -> Showing:
        """How it may be shown: by how many cases there are, and how wide the range is that they allow."""
        if self.interval is None:
            return Showing.NOTHING_YET
        is_vague = self.cases < FEWEST or self.interval.width > WIDEST
        return Showing.AS_CASES if is_vague else Showing.AS_PERCENT

    @property
    def is_firm(self) -> bool:
        """Whether it may stand as a percent, be compared, and be a factor of another figure."""
        return self.showing is Showing.AS_PERCENT


@lru_cache(maxsize=_KEPT)
def wilson(hits: int, cases: int) -> Interval:
    """The same of at least one case: centre (p + z²/2n) ÷ (1 + z²/n), half-width z·√(p(1−p)/n + z²/4n²) ÷ (1 + z²/n).

    Reckoned in whole numbers, both times 2n, and each end rounded outwards at the twelfth digit: 0 of n begins at 0 and
    n of n ends at 1 exactly. Kept, for a list of places compares everybody with everybody.
    """
    one, square = 10**12, Z_MILLIONTHS**2  # z² of `one`
    under_root = cases * (cases * square + 4 * hits * (cases - hits) * one)
    half = Z_MILLIONTHS * isqrt(under_root * _MORE**2)
    centre, below = (2 * hits * one + square) * cases * _MORE, 2 * (cases * one + square) * cases * _MORE
    return Interval(
        Fraction((centre - half) * GRID // below, GRID),
        Fraction(-(-(centre + half) * GRID // below), GRID),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """How much higher one rate is than another (both at least of one case), with the range that the cases allow.

    The interval is Newcombe's hybrid one of 95 % (Newcombe 1998, method 10), drawn from both Wilson intervals.
    """

    points: Fraction
    interval: Interval

    @property
    def is_sure(self) -> bool:
        """Whether the two are told apart: 0 lies outside."""
        return not self.interval.low <= 0 <= self.interval.high


def difference(first: Rate, second: Rate) -> Difference | None:
    """`first` − `second`; None where either has no cases."""
    if first.share is None or first.interval is None or second.share is None or second.interval is None:
        return None
    points = first.share - second.share
    down = root((first.share - first.interval.low) ** 2 + (second.interval.high - second.share) ** 2)
    up = root((first.interval.high - first.share) ** 2 + (second.share - second.interval.low) ** 2)
    return Difference(points, Interval(points - down, points + up))


def has_changed(now: Rate, before: Rate) -> bool:
    """Whether an arrow may stand beside it: neither is too few, and they are told apart."""
    found = difference(now, before) if now.is_firm and before.is_firm else None
    return found is not None and found.is_sure
