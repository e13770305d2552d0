"""A target in parts: for part of a period, among several people, and how it adds up again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import TypeVar

Key = TypeVar("Key")


def rounded_together(exact: Sequence[Fraction], *, least: int = 0) -> list[int]:
    """Whole numbers near `exact` (all 0 or more) whose sum is their sum, rounded half-even: largest remainders first.

    Each is within 1 of its exact value, but that whatever is above 0 gets `least`, which the others give up, as long as
    they can: of three parts of a third each, with a least of 1, the sum is 3. Equal remainders go in order.
    """
    parts = [max(floor(each), least if each else 0) for each in exact]
    missing = round(sum(exact, Fraction(0))) - sum(parts)
    while missing:
        step = 1 if missing > 0 else -1
        able = [at for at in range(len(exact)) if step > 0 or parts[at] > least]
        if not able:
            break
        at = max(able, key=lambda at: (step * (exact[at] - parts[at]), -at))
        parts[at] += step
        missing -= step
    return parts


def split(whole: int, weights: Sequence[Fraction]) -> list[int]:
    """`whole` (0 or more) among `weights` (0 or more), summing up to it exactly; nothing to anybody if all are 0."""
    every = sum(weights, Fraction(0))
    return rounded_together([whole * weight / every for weight in weights]) if every else [0] * len(weights)


@dataclass(frozen=True, slots=True)
class Prorated:
    """A target for part of a period: `full` × `days` ÷ `of_days` is `exact`, and `target` that as a whole number."""

    full: int
    days: Fraction
    of_days: Fraction
    target: int

    @property
    def exact(self) -> Fraction:
        """Unrounded."""
        return self.full * self.days / self.of_days


def prorated(parts: Sequence[tuple[int, Fraction]], of_days: Fraction, *, least: int = 0) -> list[Prorated] | None:
    """The targets of people who are there for part of a period; rounded together, so that the team's sum stays.

    None for a period without working days.

    Args:
        parts: the full target, and the person's own working days in the role. Of two stints the days add up; of a
            transfer each owner has their own.
        of_days: the working days of the whole period.
        least: 1 for counts, so that whoever comes on the last day has a target; 0 for money.
    """
    if not of_days:
        return None
    targets = rounded_together([full * days / of_days for full, days in parts], least=least)
    return [Prorated(full, days, of_days, target) for (full, days), target in zip(parts, targets, strict=True)]


@dataclass(frozen=True, slots=True)
class RollUp:
    """A team's own target beside the sum of its members'; None: nobody set one for the team.

    Targets given beyond the team's are normal: the sum of the members' is the street quota.
    """

    target: int | None
    given: int
    without_target: int

    @property
    def unassigned(self) -> int:
        """What no member has; 0 if all of it is given, or more, or there is none."""
        return max(0, (self.target or 0) - self.given)

    @property
    def over_assigned(self) -> int:
        """What is given beyond the team's target; 0 without one."""
        return 0 if self.target is None else max(0, self.given - self.target)


def roll_up(target: int | None, members: Mapping[Key, int | None]) -> RollUp:
    """Add up the members' targets; None is a member without one."""
    targets = [each for each in members.values() if each is not None]
    return RollUp(target, sum(targets), len(members) - len(targets))
