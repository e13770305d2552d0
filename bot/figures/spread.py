"""The middle of values, and how far they reach: nearest-rank, so that a median is a case that happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any, Generic, Protocol, TypeVar

FEWEST_FOR_P90 = 10
"""Values that there must be before a 90th percentile says anything."""

HALF, NINE_TENTHS = Fraction(1, 2), Fraction(9, 10)


class Ordered(Protocol):
    """What can be put in order: numbers, durations, money of one currency."""

    def __lt__(self, other: Any, /) -> bool:
        """Whether it comes first."""
        ...


Value = TypeVar("Value", bound=Ordered)


@dataclass(frozen=True, slots=True)
class Spread(Generic[Value]):
    """At least one value: how many, the median, the 90th percentile (None of fewer than ten), the ends."""

    cases: int
    median: Value
    p90: Value | None
    least: Value
    most: Value


def spread(values: Iterable[Value]) -> Spread[Value] | None:
    """What can be said of values in any order; None of none."""
    ordered = sorted(values)
    if not ordered:
        return None
    p90 = nearest_rank(ordered, NINE_TENTHS) if len(ordered) >= FEWEST_FOR_P90 else None
    return Spread(len(ordered), nearest_rank(ordered, HALF), p90, ordered[0], ordered[-1])


def nearest_rank(ordered: Sequence[Value], share: Fraction) -> Value:
    """The smallest of at least one value, in order, that `share` (above 0, up to 1) of them do not exceed.

    It is the ⌈share × n⌉-th: of an even number the median is the lower of the two in the middle.
    """
    return ordered[ceil(share * len(ordered)) - 1]
