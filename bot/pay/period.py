"""What a statement covers: a fiscal quarter, in days of the workspace's zone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.workspace.fiscal import MONTHS_IN_QUARTER, YEAR, quarter_name

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `first` to `last`, both included, and what they are called (`2026-Q4`)."""

    first: date
    last: date
    name: str


PeriodOf = Callable[[date], Period]
"""The period that a day lies in. What was paid under another fiscal year keeps its name and days: the caller knows."""


def quarter_of(day: date, first_month: int) -> Period:
    """The fiscal quarter of a day, in a fiscal year that begins with a month from 1 to 12."""
    since = (day.month - first_month) % MONTHS_IN_QUARTER
    first = _first_of(day.year * YEAR + day.month - 1 - since)
    after = _first_of(first.year * YEAR + first.month - 1 + MONTHS_IN_QUARTER)
    return Period(first, after - A_DAY, quarter_name(day, first_month))


def _first_of(months: int) -> date:
    """The first day of a month that is counted from the year 0."""
    return date(months // YEAR, months % YEAR + 1, 1)
