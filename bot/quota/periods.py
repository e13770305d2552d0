"""The periods that targets are set for: ISO weeks, calendar months, quarters and years of the fiscal year.

A period is kept with its days and its name, so that a workspace that moves its fiscal year re-labels nothing. Weeks are
not cut at the ends of months or quarters, and do not add up to them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from enum import StrEnum

from bot.clock import week_of
from bot.workspace.fiscal import MONTHS_IN_QUARTER, YEAR, fiscal_year, quarter_name, year_name

FIRST_YEAR, LAST_YEAR = 1970, 2999
"""The years that a period is named by."""

_DAY = timedelta(days=1)
_NAME = re.compile(r"(?P<fy>FY)?(?P<year>\d{4})(?:-W(?P<week>\d\d)|-Q(?P<quarter>[1-4])|-(?P<month>\d\d))?", re.ASCII)


class Kind(StrEnum):
    """How long a period is, the shortest first."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included, of the workspace's calendar; `name` is fixed: `2026-W46`, `FY2027-Q2`."""

    kind: Kind
    first: date
    last: date
    name: str

    def __contains__(self, day: date) -> bool:
        """Whether it has the day."""
        return self.first <= day <= self.last

    @property
    def days(self) -> Iterator[date]:
        """All its days, in order."""
        return (self.first + further * _DAY for further in range((self.last - self.first).days + 1))


def period_of(kind: Kind, day: date, first_month: int = 1) -> Period:
    """The period of a kind that has `day`; the fiscal year begins with `first_month` (1 to 12)."""
    if kind is Kind.WEEK:
        first, last = week_of(day)
        year, week, _ = day.isocalendar()
        return Period(kind, first, last, f"{year:04}-W{week:02}")
    length = {Kind.MONTH: 1, Kind.QUARTER: MONTHS_IN_QUARTER, Kind.YEAR: YEAR}[kind]
    first = _months_on(day, -((day.month - first_month) % length))
    last = _months_on(first, length) - _DAY
    names = {
        Kind.MONTH: f"{first:%Y-%m}",
        Kind.QUARTER: quarter_name(day, first_month),
        Kind.YEAR: year_name(fiscal_year(day, first_month), first_month),
    }
    return Period(kind, first, last, names[kind])


def following(period: Period, first_month: int = 1, *, by: int = 1) -> Period:
    """The next one of its kind, or the one `by` further; those before it with less than 0."""
    for _ in range(abs(by)):
        period = period_of(period.kind, period.last + _DAY if by > 0 else period.first - _DAY, first_month)
    return period


def coming(today: date, first_month: int = 1) -> tuple[Period, ...]:
    """The periods that one looks ahead to: of each kind the one that has `today`, and the next ones up to a year."""
    ahead = {Kind.QUARTER: 4, Kind.MONTH: 6, Kind.WEEK: 4, Kind.YEAR: 2}
    found = ((period_of(kind, today, first_month), count) for kind, count in ahead.items())
    return tuple(following(first, first_month, by=further) for first, count in found for further in range(count))


def week(year: int, number: int) -> Period | None:
    """An ISO week; None if that year has no such week, as most have no 53rd."""
    try:
        return period_of(Kind.WEEK, date.fromisocalendar(year, number, 1)) if _is_named(year) else None
    except ValueError:
        return None


def month(year: int, number: int) -> Period | None:
    """A calendar month; None if there is no such month."""
    return period_of(Kind.MONTH, date(year, number, 1)) if _is_named(year) and 1 <= number <= YEAR else None


def quarter(year: int, number: int, first_month: int = 1) -> Period | None:
    """A quarter of a fiscal year, by the year that it ends in; None if there is no such quarter."""
    if not _is_named(year) or not 1 <= number <= YEAR // MONTHS_IN_QUARTER:
        return None
    first = _months_on(_start(year, first_month), MONTHS_IN_QUARTER * (number - 1))
    return period_of(Kind.QUARTER, first, first_month)


def year(ends: int, first_month: int = 1) -> Period | None:
    """A fiscal year, by the year that it ends in; None if it is too far away to be meant."""
    return period_of(Kind.YEAR, _start(ends, first_month), first_month) if _is_named(ends) else None


def named(name: str, first_month: int = 1) -> Period | None:
    """The period that has exactly this name, as files and settings say it; None if there is none."""
    found = _NAME.fullmatch(name)
    if not found:
        return None
    of = int(found["year"])
    if found["week"]:
        period = week(of, int(found["week"]))
    elif found["month"]:
        period = month(of, int(found["month"]))
    elif found["quarter"]:
        period = quarter(of, int(found["quarter"]), first_month)
    else:
        period = year(of, first_month)
    return period if period and period.name == name else None


def _is_named(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR


def _start(ends: int, first_month: int) -> date:
    return date(ends - (first_month > 1), first_month, 1)


def _months_on(day: date, months: int) -> date:
    """The first day of the month `months` further."""
    years, index = divmod(day.month - 1 + months, YEAR)
    return date(min(day.year + years, MAXYEAR), index + 1, 1)
