"""Capacity: what a team can be expected to sell, beside its target."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from bot.figures.exact import part
from bot.figures.spread import spread

QUARTERS = 4
"""Quarters, the last ones, whose attainment is expected again."""


@dataclass(frozen=True, slots=True)
class Heads:
    """People with the same full quota (of the period, in the metric's unit) and the same share of it by ramp."""

    count: int
    ramp: Fraction
    quota: int

    @property
    def full(self) -> Fraction:
        """What they carry together if each attains all of it."""
        return self.count * self.ramp * self.quota


@dataclass(frozen=True, slots=True)
class Expected:
    """The part of a quota that is expected to be attained; assumed where nobody's past says anything."""

    attainment: Fraction
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """What a target asks beyond the capacity, in the unit and in ramped heads: exactly, and as people to hire."""

    gap: Fraction
    heads: Fraction
    hires: int


@dataclass(frozen=True, slots=True)
class Capacity:
    """Σ heads × ramp × quota × expected attainment, of all `groups`."""

    groups: tuple[Heads, ...]
    expected: Expected

    @property
    def total(self) -> Fraction:
        """In the metric's unit."""
        return sum((self.of(group) for group in self.groups), Fraction(0))

    def of(self, group: Heads) -> Fraction:
        """What one group adds. The attainment applies to those on their ramp, too."""
        return group.full * self.expected.attainment

    def missing(self, target: int, full_quota: int) -> Missing | None:
        """What is missing for `target`, in heads of `full_quota` each; None if nothing is, or heads add nothing."""
        gap = target - self.total
        heads = part(gap, full_quota * self.expected.attainment)
        return Missing(gap, heads, ceil(heads)) if gap > 0 and heads is not None and heads > 0 else None


def ramped_after(curve: Sequence[Fraction]) -> int:
    """The whole months after which somebody new carries all that they ever will."""
    last = curve[-1]
    return next(months for months in range(len(curve)) if all(each == last for each in curve[months:]))


def latest_start(first: date, curve: Sequence[Fraction]) -> date:
    """The last start day from which somebody is ramped on `first`."""
    year, month = divmod(first.year * 12 + first.month - 1 - ramped_after(curve), 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def capacity(groups: Iterable[Heads], attainments: Sequence[Fraction]) -> Capacity:
    """The capacity of `groups`; `attainments` as for `expected`."""
    return Capacity(tuple(groups), expected(attainments))


def expected(attainments: Sequence[Fraction]) -> Expected:
    """The median of what ramped people attained, one value for each person and each of the last four quarters.

    None of them: 100 %, and said to be assumed.
    """
    found = spread(attainments)
    return Expected(found.median, False) if found else Expected(Fraction(1), True)
