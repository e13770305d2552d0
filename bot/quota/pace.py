"""Where one stands on a day: attainment, pace against the working days gone, and what is needed for the rest.

What is achieved, and the target, are whole numbers in the metric's own unit, of one period: minor units of money, or a
count. What comes of them is exact, in the same unit. No target is no zero: it has no percent. What was achieved may be
negative, by clawbacks; a target is 0 or more.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction

from bot.figures.exact import part
from bot.quota.working_days import WorkingDays

CELLS = 10
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_EMPTY = "░"


def attainment(achieved: int, target: int | None) -> Fraction | None:
    """Achieved ÷ target, below 0 and above 1 as it may be; None without a target, or with one of 0."""
    return part(achieved, target or 0)


def bar(share: Fraction) -> str:
    """Ten cells, filled in eighths: what is below 0 or above 1 ends at the edge, and only what is reached is full."""
    eighths = min(max(0, int(share * CELLS * 8 // 1)), CELLS * 8)
    full, more = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[more] if more else "")).ljust(CELLS, _EMPTY)


@dataclass(frozen=True, slots=True)
class Days:
    """The working days of a period on one of its days: gone before it, and left with it."""

    gone: Fraction
    left: Fraction

    @classmethod
    def on(cls, today: date, days: WorkingDays) -> "Days":
        """As they are on `today`."""
        return cls(days.gone(today), days.left(today))

    @property
    def total(self) -> Fraction:
        """All of them."""
        return self.gone + self.left

    @property
    def share(self) -> Fraction | None:
        """The part that is gone; None of a period without working days."""
        return part(self.gone, self.total)


class NoPace(Enum):
    """Why there is no pace."""

    NO_TARGET = "no_target"
    """None is set, or one of 0."""
    NO_DAYS = "no_days"
    """The person does not work in the period."""
    STARTS = "starts"
    """No working day is gone yet."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Achieved against what the gone days call for.

    `expected`: target × gone ÷ total. `share`: achieved ÷ expected. `gap`: achieved − expected, below 0 when behind.
    `points`: attainment − the part of the days that is gone, between the two shares, not a share itself.
    """

    expected: Fraction
    share: Fraction
    gap: Fraction
    points: Fraction


def pace(achieved: int, target: int | None, days: Days) -> Pace | NoPace:
    """The pace on a day, or why there is none."""
    if not target:
        return NoPace.NO_TARGET
    if days.share is None:
        return NoPace.NO_DAYS
    if not days.gone:
        return NoPace.STARTS
    expected = target * days.share
    return Pace(expected, achieved / expected, achieved - expected, Fraction(achieved, target) - days.share)


@dataclass(frozen=True, slots=True)
class Needed:
    """What is missing, and how much of it falls on each day that is left, today included."""

    missing: int
    per_day: Fraction


@dataclass(frozen=True, slots=True)
class Reached:
    """The target is reached; `over` is what goes beyond it, 0 or more."""

    over: int


@dataclass(frozen=True, slots=True)
class Missed:
    """No working day is left, and so much is missing."""

    by: int


def needed(achieved: int, target: int | None, days: Days) -> Needed | Reached | Missed | None:
    """(target − achieved) ÷ left; None without a target, or with one of 0."""
    if not target:
        return None
    missing = target - achieved
    if missing <= 0:
        return Reached(-missing)
    return Needed(missing, missing / days.left) if days.left else Missed(missing)
