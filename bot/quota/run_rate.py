"""The run-rate forecast: what the period comes to if the rest goes like what is gone. Seasons are not in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from bot.figures.exact import root
from bot.quota.pace import Days

FEWEST_DAYS = 5
LEAST_SHARE = Fraction(10, 100)
"""The working days, and the part of the period, that must be gone for a forecast."""

FEWEST_WEEKS = 8
"""Past weeks that a range is drawn from at least."""

MOST_WEEKS = 13
"""Past weeks that a range is drawn from at most, the latest ones: about a quarter."""

# Student's t for 80 % (two-sided), by degrees of freedom from 7 to 12: the weeks less one.
_T80 = {7: "1.415", 8: "1.397", 9: "1.383", 10: "1.372", 11: "1.363", 12: "1.356"}


class Week(NamedTuple):
    """A whole week that is over: what was achieved in it, and its working days."""

    achieved: int
    days: Fraction


@dataclass(frozen=True, slots=True)
class TooEarly:
    """So many working days are gone, and so many must be."""

    gone: Fraction
    least: Fraction


@dataclass(frozen=True, slots=True)
class RunRate:
    """What the period comes to by this rate, and the range that it falls into four times of five, if that is known.

    `weeks` is how many past weeks the range is drawn from; 0 without one. When no day is left, it is what was achieved.
    """

    value: Fraction
    low: Fraction | None
    high: Fraction | None
    weeks: int


def run_rate(achieved: int, days: Days, weeks: Sequence[Week] = ()) -> RunRate | TooEarly | None:
    """Achieved ÷ gone × total; None for a period without working days.

    Args:
        achieved: in the metric's unit, so far.
        days: of the period.
        weeks: the person's past whole weeks, the latest last, for the range; those without working days do not count,
            and weeks in which nothing was ever achieved say nothing.
    """
    if not days.total:
        return None
    if not days.left:
        return RunRate(Fraction(achieved), Fraction(achieved), Fraction(achieved), 0)
    least = max(Fraction(FEWEST_DAYS), LEAST_SHARE * days.total)
    if days.gone < least:
        return TooEarly(days.gone, least)
    value = achieved / days.gone * days.total
    worked = [week for week in weeks if week.days][-MOST_WEEKS:]
    if len(worked) < FEWEST_WEEKS or not any(week.achieved for week in worked):
        return RunRate(value, None, None, 0)
    half = margin(worked, days)
    low = max(Fraction(achieved), value - half) if achieved >= 0 else value - half
    return RunRate(value, low, value + half, len(worked))


def margin(weeks: Sequence[Week], days: Days) -> Fraction:
    """Half the width of the range. Ours, by the usual interval for what is still to come.

    A working day's variance σ² is drawn from the weeks, each against the rate of all of them: Σ days × (rate of the
    week − rate)² ÷ (weeks − 1). What the days left bring varies by σ² × left, and the rate of the days gone is itself
    only known to σ² ÷ gone, which adds σ² × left² ÷ gone. Of both together the root, times Student's t for 80 %. It
    takes weeks to be alike and independent: a quarter's last one often is not.
    """
    rate = Fraction(sum(week.achieved for week in weeks)) / sum(week.days for week in weeks)
    squares = sum(week.days * (week.achieved / week.days - rate) ** 2 for week in weeks)
    of_a_day = Fraction(squares) / (len(weeks) - 1)
    return Fraction(_T80[len(weeks) - 1]) * root(of_a_day * (days.left + days.left**2 / days.gone))
