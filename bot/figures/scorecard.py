"""The scorecard: one number from 0 to 100 of several figures, each of them against its target."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

LEAST_COVERED = Fraction(60, 100)
"""The part of the whole weight that must have a target."""


@dataclass(frozen=True, slots=True)
class Item:
    """A figure of the card: its weight (above 0), what was achieved, and the target, if any, in the same unit."""

    name: str
    weight: int
    achieved: Fraction | int
    target: Fraction | int | None

    @property
    def reached(self) -> Fraction | None:
        """The part of the target that was reached, never below 0 nor above 1; None without a target to reach."""
        if not self.target or self.target < 0:
            return None
        return min(Fraction(1), max(Fraction(0), Fraction(self.achieved) / self.target))

    @property
    def points(self) -> Fraction | None:
        """What it adds: its weight times what was reached."""
        return None if self.reached is None else self.weight * self.reached


@dataclass(frozen=True, slots=True)
class Card:
    """The items and their score.

    `score`: Σ weight × min(1, achieved ÷ target) ÷ Σ weights with a target, from 0 to 100; None where less than 60 % of
    the weight has a target. `counted` of `whole` are the weights that have one.
    """

    items: tuple[Item, ...]
    counted: int
    whole: int
    score: Fraction | None


def card(items: Sequence[Item]) -> Card:
    """Add up the items."""
    whole = sum(item.weight for item in items)
    counted = sum(item.weight for item in items if item.reached is not None)
    points = sum((item.points for item in items if item.points is not None), Fraction(0))
    is_enough = counted > 0 and counted >= LEAST_COVERED * whole
    return Card(tuple(items), counted, whole, 100 * points / counted if is_enough else None)
