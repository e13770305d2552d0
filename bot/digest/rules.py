"""Which digests there are, who gets them, and when: pure functions. Moments are UTC, times are on people's walls.

A digest comes at a time of a weekday. Where somebody does not work then (a public holiday, a day off), a rep's own week
comes on the last working day before it in that week, every other one on the next; whoever is away for the whole week
gets it on their return. Each week's comes once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.access.roles import Role
from bot.clock import week_of
from bot.quota import periods
from bot.quota.periods import Kind as PeriodKind
from bot.quota.periods import Period, following, period_of
from bot.reminders.rules import REMINDED, moment_on
from bot.working_time.presence import Schedule

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_WAITS = 28
"""Days for which a digest waits for its reader's return."""
_LOOKS_AHEAD = 14
"""Weeks, or months, that are looked through for somebody's next working day."""


SPAN = "–"
"""Between the weeks of a digest that tells of several."""


class Digest(StrEnum):
    """What there are digests of; the value is the kind of its job and of its message in the ledger."""

    TEAM = "digest_team"
    OWN = "digest_own"
    MARKETING = "digest_marketing"
    MONTH = "digest_month"


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody decided about one digest: another weekday (0 is Monday), another time, or that it is not to come.
    Without a decision (`is_off` None) it comes to those whose roles it is for.
    """

    weekday: int | None = None
    at: time | None = None
    is_off: bool | None = None


UNDECIDED = Choice()

USUAL = {
    Digest.TEAM: (0, time(8, 30)),
    Digest.OWN: (4, time(16)),
    Digest.MARKETING: (0, time(8, 30)),
    Digest.MONTH: (0, time(8, 30)),
}
"""The weekday and the time of each; that of the month comes on its first working day, whatever weekday that is."""

FOR = {
    Digest.TEAM: frozenset({Role.MANAGER}),
    Digest.OWN: REMINDED,
    Digest.MARKETING: frozenset({Role.MARKETING}),
    Digest.MONTH: frozenset({Role.MANAGER, Role.OPS}),
}
"""Whose roles get it without having asked."""


def wants(digest: Digest, roles: frozenset[str], choice: Choice = UNDECIDED) -> bool:
    """Whether somebody gets a digest: as they decided, else by their roles."""
    return not choice.is_off if choice.is_off is not None else not FOR[digest].isdisjoint(roles)


def about(digest: Digest, day: date, first_month: int = 1) -> Period:
    """What a digest is about that was to come on a day: the week before that day's, in a rep's own case that week
    itself; for the month's the month before, and at the beginning of a fiscal quarter the quarter before.
    """
    if digest is Digest.MONTH:
        quarter = period_of(PeriodKind.QUARTER, day, first_month)
        is_new = (quarter.first.year, quarter.first.month) == (day.year, day.month)
        whole = quarter if is_new else period_of(PeriodKind.MONTH, day, first_month)
        return following(whole, first_month, by=-1)
    week = period_of(PeriodKind.WEEK, day)
    return week if digest is Digest.OWN else following(week, by=-1)


def spanning(first: Period, last: Period) -> Period:
    """What one digest tells of that came for several weeks at once: `2026-W46–W47`."""
    if first.name == last.name:
        return last
    return Period(last.kind, first.first, last.last, f"{first.name}{SPAN}{last.name.partition('-')[2]}")


def before(period: Period, first_month: int = 1) -> Period:
    """The period that one is told beside: the one before it, of as many weeks."""
    if SPAN not in period.name:
        return following(period, first_month, by=-1)
    last = period.first - _DAY
    return spanning(period_of(PeriodKind.WEEK, last - (period.last - period.first)), period_of(PeriodKind.WEEK, last))


def named(name: str, first_month: int = 1) -> Period | None:
    """The period of a name, of several weeks too; None if there is none."""
    first, span, last = name.partition(SPAN)
    start = periods.named(first, first_month)
    if start is None or not span:
        return start
    year = int(first[:4]) + (last < first.partition("-")[2])  # over the end of a year
    end = periods.named(f"{year:04}-{last}")
    return spanning(start, end) if end else None


def moments(
    digest: Digest, schedule: Schedule, after: datetime, choice: Choice = UNDECIDED
) -> Iterator[tuple[date, datetime]]:
    """The days on which a digest was to come, with the moments at which it does, from the first moment behind `after`
    (UTC) on.
    """
    weekday, at = USUAL[digest]
    at = choice.at or at
    today = after.astimezone(schedule.zone).date()
    if digest is Digest.MONTH:
        days = _first_days(today)
    else:
        monday = week_of(today)[0] - _DAY * _WAITS
        on = weekday if choice.weekday is None else choice.weekday
        days = (monday + _WEEK * further + _DAY * on for further in range(_LOOKS_AHEAD))
    for day in days:
        moment = _moment(digest, schedule, day, at, after)
        if moment and moment > after:
            yield day, moment


def _moment(digest: Digest, schedule: Schedule, day: date, at: time, after: datetime) -> datetime | None:
    """When the digest of a day comes. An absence that was declared once the day before it had passed moves it on."""
    if digest is Digest.OWN and not moment_on(schedule, day, at):
        earlier = (moment_on(schedule, day - _DAY * back, at) for back in range(1, day.weekday() + 1))
        last = next((moment for moment in earlier if moment), None)
        if last and (last > after or not moment_on(replace(schedule, absences=()), day, at)):
            return last
    return _next_working(schedule, day, at)


def _first_days(today: date) -> Iterator[date]:
    """The first days of this month and of those that follow."""
    month = today.year * 12 + today.month - 1
    return (date(each // 12, each % 12 + 1, 1) for each in range(month, month + _LOOKS_AHEAD))


def _next_working(schedule: Schedule, day: date, at: time) -> datetime | None:
    found = (moment_on(schedule, day + _DAY * further, at) for further in range(_WAITS))
    return next((moment for moment in found if moment), None)
