"""Whether somebody works at a moment, and when next: their hours on each local date, less holidays and absences.

Everything is cut in UTC, each end of a shift turned into its moment by itself: wall-clock hours are never added to a
local time, so a night in which the clocks change is as long as it really is. A shift over midnight belongs to the
date that it starts on, and is off with it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.clock import instant
from bot.working_time.holidays import decreed_week, is_day_off
from bot.working_time.hours import WEEK, Hours, Shift

HORIZON = timedelta(days=400)
"""How far ahead the next working moment is looked for: over a year's leave, not for ever."""

_DAY = timedelta(days=1)
_SHIFTS_KEPT = 8192


class Span(NamedTuple):
    """The time from `start` up to, not including, `end`: moments in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that decides when somebody works. Absences may overlap and stand in any order; codes as in `holidays`."""

    zone: ZoneInfo
    hours: Hours
    country: str | None = None
    subdivision: str | None = None
    absences: tuple[Span, ...] = ()


class Reason(StrEnum):
    """Why somebody works or not; of several the first of these that holds."""

    WORKING = "working"
    AWAY = "away"
    HOLIDAY = "holiday"
    OFF_HOURS = "off_hours"


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether somebody works at a moment; in UTC.

    `until`: the end of the stretch in which they work, if they do. `next_start`: the next moment at which they
    work, if they do not; None if there is none within `HORIZON`.
    """

    is_working: bool
    until: datetime | None
    next_start: datetime | None
    reason: Reason


def presence(schedule: Schedule, moment: datetime) -> Presence:
    """Whether somebody works at `moment` (aware), until when, or from when on."""
    ahead = next(working_intervals(schedule, moment, moment + HORIZON), None)
    if ahead and ahead.start <= moment:
        return Presence(True, ahead.end, None, Reason.WORKING)
    return Presence(False, None, ahead.start if ahead else None, _why_not(schedule, moment))


def working_intervals(schedule: Schedule, start: datetime, end: datetime) -> Iterator[Span]:
    """The stretches of work between `start` and `end` (aware): in order, apart from each other, none of them empty."""
    asked = Span(start.astimezone(UTC), end.astimezone(UTC))
    absences = sorted(span for span in schedule.absences if span.start < asked.end and asked.start < span.end)
    for stretch in merged(_shifts(schedule, asked)):
        if stretch.start >= asked.end:
            return
        if stretch.end > asked.start:
            within = Span(max(stretch.start, asked.start), min(stretch.end, asked.end))
            yield from _without(absences, within)


def hours_on(schedule: Schedule, day: date) -> Shift | None:
    """The hours that somebody has on a local date; holidays are looked at, absences are not.

    A weekend day worked by decree is worked by those who keep their country's week, with the hours of their next
    working weekday: it is given for a day off at the beginning of the week that follows.
    """
    week = schedule.hours.week
    off = is_day_off(schedule.country, schedule.subdivision, day)
    if off:
        return None
    own = week[day.weekday()]
    if own or off is None:
        return own
    if not all(week[weekday] for weekday in decreed_week(schedule.country, schedule.subdivision, day)):
        return None
    return next(shift for further in WEEK if (shift := week[(day.weekday() + further) % len(WEEK)]))


def shift_of(schedule: Schedule, day: date) -> Span | None:
    """The same hours as moments."""
    shift = hours_on(schedule, day)
    return _span(schedule.zone, day, shift) if shift else None


@lru_cache(maxsize=_SHIFTS_KEPT)
def _span(zone: ZoneInfo, day: date, shift: Shift) -> Span | None:
    """The moments of a shift, or None if the clocks skip all of it. Kept: a whole team has a few of them a day."""
    last_day = day + _DAY if shift.is_overnight else day
    span = Span(instant(day, shift.start, zone), instant(last_day, shift.end, zone))
    return span if span.start < span.end else None


def work_on(schedule: Schedule, day: date) -> list[Span]:
    """The stretches of work in the shift of a local date, in order; none of them empty."""
    return list(_there(schedule, day))


def start_of_work(schedule: Schedule, day: date) -> datetime | None:
    """The first moment of work in the shift of a local date, or None if they do not work on it."""
    first = next(_there(schedule, day), None)
    return first.start if first else None


def half_of(hours: Hours, day: date) -> time | None:
    """The middle of somebody's own hours, at which a half day is cut (09:00–17:30 at 13:15); None on a day off."""
    shift = hours.week[day.weekday()]
    return shift.middle if shift else None


def halves(schedule: Schedule, day: date) -> tuple[Span, Span] | None:
    """The shift of a local date cut at its middle, for half a day's absence; None if they do not work on it."""
    shift, span = hours_on(schedule, day), shift_of(schedule, day)
    if shift is None or span is None:
        return None
    middle = instant(day if shift.middle > shift.start else day + _DAY, shift.middle, schedule.zone)
    return Span(span.start, middle), Span(middle, span.end)


def working_day_share(schedule: Schedule, day: date) -> Decimal:
    """0, 0.5 or 1: the part of a local date's shift in which somebody is there, to the nearest half, a tie upwards.

    So half a day away is half a day, and an hour at the dentist's is none.
    """
    span = shift_of(schedule, day)
    if span is None:
        return Decimal(0)
    there = sum((part.end - part.start for part in _there(schedule, day)), timedelta())
    quarters = there * 4 // (span.end - span.start)
    return Decimal((quarters + 1) // 2) / 2


def working_days(schedule: Schedule, first: date, last: date) -> Decimal:
    """The working days from `first` to `last`, both included, in halves."""
    days = (first + _DAY * further for further in range((last - first).days + 1))
    return sum((working_day_share(schedule, day) for day in days), Decimal(0))


def next_working_day(schedule: Schedule, after: date) -> date | None:
    """The first local date behind `after` that counts as a working day, even as half; None within `HORIZON`."""
    days = (after + _DAY * further for further in range(1, HORIZON.days + 1))
    return next((day for day in days if working_day_share(schedule, day)), None)


def _there(schedule: Schedule, day: date) -> Iterator[Span]:
    span = shift_of(schedule, day)
    return _without(sorted(schedule.absences), span) if span else iter(())


def _shifts(schedule: Schedule, asked: Span) -> Iterator[Span]:
    """The shifts of all local dates that may reach into `asked`: of the night before, and of a day that the clocks
    begin twice.
    """
    day = asked.start.astimezone(schedule.zone).date() - _DAY
    last = asked.end.astimezone(schedule.zone).date() + _DAY
    while day <= last:
        if shift := shift_of(schedule, day):
            yield shift
        day += _DAY


def merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans ordered by start, with those made one that touch."""
    running: Span | None = None
    for span in spans:
        if running is None or span.start > running.end:
            if running:
                yield running
            running = span
        else:
            running = Span(running.start, max(running.end, span.end))
    if running:
        yield running


def _without(absences: Iterable[Span], span: Span) -> Iterator[Span]:
    """What `absences`, ordered by start, leave of `span`."""
    start = span.start
    for absence in absences:
        if absence.start >= span.end:
            break
        if start < absence.start:
            yield Span(start, absence.start)
        start = max(start, absence.end)
    if start < span.end:
        yield Span(start, span.end)


def _why_not(schedule: Schedule, moment: datetime) -> Reason:
    """Why somebody who does not work at `moment` does not. A shift that a holiday takes is off to its end at dawn."""
    if any(absence.start <= moment < absence.end for absence in schedule.absences):
        return Reason.AWAY
    today = moment.astimezone(schedule.zone).date()
    yesterday = today - _DAY
    if is_day_off(schedule.country, schedule.subdivision, today):
        return Reason.HOLIDAY
    lost = schedule.hours.week[yesterday.weekday()]
    if lost and lost.is_overnight and is_day_off(schedule.country, schedule.subdivision, yesterday):
        return Reason.HOLIDAY if moment < instant(today, lost.end, schedule.zone) else Reason.OFF_HOURS
    return Reason.OFF_HOURS
