"""Rules of coaching: pure functions. Days are the person's."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.quota.periods import Kind, Period, period_of, quarter
from bot.working_time.presence import Schedule, work_on

LONGEST_TEXT = 2000
LONGEST_TITLE = 150
LONGEST_ITEM = 300
LONGEST_LINK = 1000
MOST_ITEMS = 20
"""Action items that one form may add."""

UNDO_WITHIN = timedelta(minutes=10)
"""How long an author may take back what they said of somebody."""

EVERY = timedelta(days=14)
"""A one-to-one is due a fortnight after the last one."""

HELD_AT_MOST_BACK = timedelta(days=90)

FURTHEST = timedelta(days=366)
"""A due day further away is a slip."""

BEFORE_DUE = 3
"""Working days before the due day on which a training is first reminded of."""

NEWCOMERS_HAVE = timedelta(days=14)
"""The least time that somebody has for a training that they get late."""

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_LOOKS_BACK = 90


def may_take_back(recorded_at: datetime, now: datetime) -> bool:
    """Whether feedback is new enough for its author to take it back."""
    return now - recorded_at <= UNDO_WITHIN


def is_overdue(last: date | None, today: date) -> bool:
    """Whether a one-to-one is due: none yet, or the last one is more than a fortnight ago."""
    return last is None or today - last > EVERY


def due_for(module_due: date, got_on: date, *, is_new: bool) -> date:
    """By when somebody has to do a module: whoever gets it late, for the role came late, has a fortnight at least."""
    return max(module_due, got_on + NEWCOMERS_HAVE) if is_new else module_due


def working_days_before(schedule: Schedule, day: date, count: int) -> date:
    """The day that lies `count` of somebody's working days before `day`; without enough of them, as many days."""
    found = day
    for _ in range(_LOOKS_BACK):
        found -= _DAY
        if work_on(schedule, found):
            count -= 1
        if not count:
            return found
    return day - _DAY * BEFORE_DUE


def reminder_days(schedule: Schedule, due_on: date) -> Iterator[date]:
    """The days on which a training is reminded of, without end: three working days before, on the day, weekly then."""
    yield working_days_before(schedule, due_on, BEFORE_DUE)
    while due_on < date.max - _WEEK:
        yield due_on
        due_on += _WEEK


def next_reminder(schedule: Schedule, due_on: date, after: date) -> date | None:
    """The first such day behind `after`."""
    return next((day for day in reminder_days(schedule, due_on) if day > after), None)


def half_year(year: int, half: int, first_month: int) -> Period | None:
    """The first or second half of the fiscal year that ends in `year`: two of its quarters, named `2026-H2`."""
    first, last = (quarter(year, number, first_month) for number in (2 * half - 1, 2 * half))
    return Period(Kind.QUARTER, first.first, last.last, f"{year}-H{half}") if first and last else None


def quarters_of(period: Period, first_month: int) -> list[Period]:
    """The quarters that lie in a period, or the one that it lies in."""
    found, day = [], period.first
    while day <= period.last:
        found.append(period_of(Kind.QUARTER, day, first_month))
        day = found[-1].last + _DAY
    return found
