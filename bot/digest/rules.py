"""Which digests there are, who gets them, and when: pure functions. Moments are UTC, times are on people's walls.

A digest comes at a time of a weekday. Where somebody does not work then (a public holiday, a day off) it comes on their
next working day, so that a Monday's holiday moves it to Tuesday; each week's comes once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.access.roles import Role
from bot.clock import week_of
from bot.quota.periods import Kind as PeriodKind
from bot.quota.periods import Period, following, period_of
from bot.reminders.rules import REMINDED, moment_on
from bot.working_time.presence import Schedule

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_LOOKS_AHEAD = 10
"""Weeks, or months, that are looked through for somebody's next working day."""


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
        monday = week_of(today)[0] - _WEEK
        on = weekday if choice.weekday is None else choice.weekday
        days = (monday + _WEEK * further + _DAY * on for further in range(_LOOKS_AHEAD))
    for day in days:
        moment = _next_working(schedule, day, at, 28 if digest is Digest.MONTH else 7)
        if moment and moment > after:
            yield day, moment


def _first_days(today: date) -> Iterator[date]:
    """The first days of this month and of those that follow."""
    month = today.year * 12 + today.month - 1
    return (date(each // 12, each % 12 + 1, 1) for each in range(month, month + _LOOKS_AHEAD))


def _next_working(schedule: Schedule, day: date, at: time, within: int) -> datetime | None:
    found = (moment_on(schedule, day + _DAY * further, at) for further in range(within))
    return next((moment for moment in found if moment), None)
