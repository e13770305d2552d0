"""Ramp: the share of a full target that somebody new carries, and what a target comes to by it."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from bot.quota.working_days import WorkingDays

DEFAULT_CURVE = (Fraction(25, 100), Fraction(50, 100), Fraction(75, 100), Fraction(1))
"""Of the first month, the second and so on; from the last on it stays."""

LONG_ABSENCE = 20
"""Working days beyond which an absence stops the curve."""


def curve_of(percents: Iterable[int]) -> tuple[Fraction, ...]:
    """A curve as the workspace has decided it, in percent."""
    return tuple(Fraction(each, 100) for each in percents)


@dataclass(frozen=True, slots=True)
class Leave:
    """An absence from `first` to `last`, both included, and the working days in it."""

    first: date
    last: date
    working_days: Fraction

    @property
    def is_long(self) -> bool:
        """Whether the curve stands still meanwhile."""
        return self.working_days > LONG_ABSENCE


@dataclass(frozen=True, slots=True)
class Ramp:
    """Somebody's curve from their start day. Months run from that day, not from the calendar's first: who starts on
    31 January begins the second month on the last of February, and the third on 31 March.

    Raises:
        ValueError: when the curve is empty.
    """

    start: date
    curve: tuple[Fraction, ...] = DEFAULT_CURVE
    leaves: tuple[Leave, ...] = ()

    def __post_init__(self) -> None:
        """See the class."""
        if not self.curve:
            raise ValueError("a curve has at least one month")

    def share(self, day: date) -> Fraction:
        """What part of a full day's target `day` carries: none before the start, all at a curve's end that is 1."""
        if day < self.start:
            return Fraction(0)
        return self.curve[min(self._month(day), len(self.curve) - 1)]

    def _month(self, day: date) -> int:
        """Whole months since the start, without the days before this one on which the curve stood still."""
        lost = _days_of(self.leaves, self.start, day - timedelta(days=1))
        return whole_months(self.start, day - timedelta(days=lost))


def whole_months(start: date, day: date) -> int:
    """The months that are over on `day`, counted from `start` (not after it): 31 Jan to the last of February is one."""
    months = (day.year - start.year) * 12 + day.month - start.month
    return months if day.day >= start.day or _is_last_of_month(day) else months - 1


def _is_last_of_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _days_of(leaves: Iterable[Leave], start: date, day: date) -> int:
    """Days of long leaves from `start` to `day`, both included; where two overlap each day counts once."""
    lost, counted_to = 0, start - timedelta(days=1)
    for leave in sorted(leaves, key=lambda leave: leave.first):
        if leave.is_long:
            first, last = max(leave.first, counted_to + timedelta(days=1)), min(leave.last, day)
            lost += max(0, (last - first).days + 1)
            counted_to = max(counted_to, last)
    return lost


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of days at one share, with its working days."""

    share: Fraction
    days: Fraction


@dataclass(frozen=True, slots=True)
class Ramped:
    """A target by the curve, with its arithmetic: `full` ÷ `of_days` a day, times the `full_days` of all steps."""

    full: int
    of_days: Fraction
    steps: tuple[Step, ...]

    @property
    def full_days(self) -> Fraction:
        """The working days, each times its share."""
        return sum((step.share * step.days for step in self.steps), Fraction(0))

    @property
    def exact(self) -> Fraction:
        """Unrounded; see `bot.quota.shares.rounded_together`."""
        return self.full * self.full_days / self.of_days


def ramped(
    full: int, days: WorkingDays, ramp: Ramp, stints: Sequence[tuple[date, date]] | None = None
) -> Ramped | None:
    """The target of somebody on their curve: Σ daily target × days × share; None for a period without working days.

    Args:
        full: the full target of the period.
        days: the working days of the whole period, as if they had been there for all of it.
        ramp: their curve.
        stints: the first and last days in the role, apart from each other; from the start on, if nobody says.
    """
    if not days.total:
        return None
    by_share: dict[Fraction, Fraction] = {}
    for further, weight in enumerate(days.weights):
        day = days.first + timedelta(days=further)
        if day >= ramp.start and (stints is None or any(first <= day <= last for first, last in stints)):
            share = ramp.share(day)
            by_share[share] = by_share.get(share, Fraction(0)) + weight
    return Ramped(full, days.total, tuple(Step(share, worked) for share, worked in by_share.items()))
