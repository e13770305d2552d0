"""Working time that is asked for over and over, from months that are kept: a whole team has few different ones.

The same figures as from `working_intervals`, without walking through the days.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.working_time.hours import Hours
from bot.working_time.presence import Schedule, Span, merged, working_intervals

_KEPT = 2048
"""Months of one zone, hours and country: some four kilobytes each."""

_NOTHING = timedelta()


class _Month(NamedTuple):
    """The stretches of work of one month in UTC, absences not looked at; `before` is the work before each of them."""

    starts: tuple[datetime, ...]
    ends: tuple[datetime, ...]
    before: tuple[timedelta, ...]

    def worked(self, until: datetime) -> timedelta:
        """The work from the beginning of the month to a moment."""
        n = bisect_right(self.starts, until) - 1
        if n < 0:
            return _NOTHING
        return self.before[n + 1] if until >= self.ends[n] else self.before[n] + (until - self.starts[n])


def worked(schedule: Schedule, start: datetime, end: datetime) -> timedelta:
    """The person's own working time between two moments (aware); none if the end is not after the start."""
    asked = Span(start.astimezone(UTC), end.astimezone(UTC))
    found = _usually(schedule, *asked)
    if not schedule.absences:
        return found
    for away in merged(sorted(each for each in schedule.absences if each.start < asked.end and asked.start < each.end)):
        found -= _usually(schedule, max(away.start, asked.start), min(away.end, asked.end))
    return found


def is_working(schedule: Schedule, moment: datetime) -> bool:
    """Whether somebody works at a moment (aware)."""
    at = moment.astimezone(UTC)
    month = _month(schedule.zone, schedule.hours, schedule.country, schedule.subdivision, at.year, at.month)
    n = bisect_right(month.starts, at) - 1
    return n >= 0 and at < month.ends[n] and not any(away.start <= at < away.end for away in schedule.absences)


def _usually(schedule: Schedule, start: datetime, end: datetime) -> timedelta:
    """The work between two moments in UTC, were they never absent."""
    found = _NOTHING
    if start < end < _following(start.year, start.month):  # the usual case, without the way round
        kept = _month(schedule.zone, schedule.hours, schedule.country, schedule.subdivision, start.year, start.month)
        return kept.worked(end) - kept.worked(start)
    for first, last, year, month in _months(start, end):
        kept = _month(schedule.zone, schedule.hours, schedule.country, schedule.subdivision, year, month)
        found += kept.worked(last) - kept.worked(first)
    return found


def _months(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, int, int]]:
    """A time cut where the months begin, each part with its year and month."""
    while start < end:
        following = _following(start.year, start.month)
        yield start, min(end, following), start.year, start.month
        start = following


@lru_cache(maxsize=_KEPT)
def _following(year: int, month: int) -> datetime:
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)


@lru_cache(maxsize=_KEPT)
def _month(zone: ZoneInfo, hours: Hours, country: str | None, subdivision: str | None, year: int, month: int) -> _Month:
    usual = Schedule(zone, hours, country, subdivision)
    stretches = list(working_intervals(usual, datetime(year, month, 1, tzinfo=UTC), _following(year, month)))
    lengths = [each.end - each.start for each in stretches]
    return _Month(
        tuple(each.start for each in stretches),
        tuple(each.end for each in stretches),
        tuple(accumulate(lengths, initial=_NOTHING)),
    )
