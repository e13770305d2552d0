"""The fourth quarter of 2026 in Berlin, day by day, with what is taken off it."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from bot.quota.periods import Kind, Period, period_of
from bot.quota.working_days import WorkingDays

Q4 = period_of(Kind.QUARTER, date(2026, 11, 20))
HOLIDAY = date(2026, 12, 25)
"""The one public holiday of the quarter that falls on a weekday: 3 October and 26 December are Saturdays."""

HALF = Fraction(1, 2)


def berlin(period: Period = Q4, away: Mapping[date, Fraction] | None = None) -> WorkingDays:
    """Monday to Friday, less the holiday, less absences: the part of each day that somebody is away."""
    taken = {HOLIDAY: Fraction(1), **(away or {})}
    weights = [Fraction(day.weekday() < 5) - taken.get(day, 0) for day in period.days]
    return WorkingDays.of(period.first, [max(Fraction(0), weight) for weight in weights])
