"""The working days of a period as weights: 1, a half for half a day, 0 for a day off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import lcm


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The weight of every day from `first` on, none left out.

    Whose days they are and what was taken off them (weekends, holidays, absences) is the caller's to say: pace and what
    is needed per day want a person's own, less their absences; a target in parts wants them with the absences, for
    nobody's target shrinks by a vacation.
    """

    first: date
    weights: tuple[Fraction, ...]

    @classmethod
    def of(cls, first: date, weights: Iterable[Decimal | Fraction | int]) -> "WorkingDays":
        """The same of weights as `working_day_share` gives them."""
        return cls(first, tuple(Fraction(each) for each in weights))

    @property
    def total(self) -> Fraction:
        """All of them."""
        return _sum(self.weights)

    def gone(self, today: date) -> Fraction:
        """Those before today."""
        return _sum(self.weights[: self._place(today)])

    def left(self, today: date) -> Fraction:
        """Those from today on, today included, though part of it may be over."""
        return _sum(self.weights[self._place(today) :])

    def between(self, first: date, last: date) -> Fraction:
        """Those from `first` to `last`, both included; days outside the period count nothing."""
        return _sum(self.weights[self._place(first) : self._place(last + timedelta(days=1))])

    def on(self, day: date) -> Fraction:
        """The weight of one day; 0 outside the period."""
        return self.between(day, day)

    def _place(self, day: date) -> int:
        return min(max(0, (day - self.first).days), len(self.weights))


def _sum(weights: tuple[Fraction, ...]) -> Fraction:
    """Their sum over one denominator: adding fraction to fraction takes fifty times as long, and teams are large."""
    whole = lcm(*{weight.denominator for weight in weights})
    return Fraction(sum(weight.numerator * (whole // weight.denominator) for weight in weights), whole)
