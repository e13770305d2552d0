"""When a reminder is due: pure functions of somebody's schedule. Moments are UTC, times are on their wall.

A moment belongs to a working day, the local date that its shift starts on. So there is one on each working day and none
on the others, whatever the clocks do in the night; a shift over midnight has its moment before it ends.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from bot.access.roles import Role
from bot.clock import instant
from bot.working_time.hours import Shift
from bot.working_time.presence import HORIZON, Reason, Schedule, hours_on, presence, shift_of, work_on

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_WEEK = 7
_MOMENTS_KEPT = 16384
_Usual = Callable[[Shift], time]


class Kind(StrEnum):
    """What there are reminders of."""

    DAILY = "daily_activity"
    FOLLOW_UP = "follow_up"
    WEEK_AHEAD = "week_ahead"
    TRAINING = "training"


RECURRING = (Kind.DAILY, Kind.WEEK_AHEAD)
"""Those that come by themselves; follow-ups come when somebody has promised something, training when it is due."""

FOR_ALL = (Kind.FOLLOW_UP, Kind.TRAINING)
"""Those that come to whoever has something to do, whatever their role."""

USUAL = time(16, 30)
"""When somebody is reminded of the day's activity who has not said otherwise."""

REMINDED = frozenset({Role.SDR, Role.MRR, Role.AE, Role.SPECIALIST, Role.CSM})
"""Who is reminded without having asked for it: those who sell. The others may ask."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody decided about one kind: another time, minutes before a follow-up, or none at all."""

    at: time | None = None
    early: int = 0
    is_muted: bool = False


@dataclass(frozen=True, slots=True)
class Quiet:
    """The part of somebody's day in which they want no reminder; within their working hours it does not hold."""

    start: time
    end: time

    def covers(self, at: time) -> bool:
        """Whether a time on the wall lies in it."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


def daily_moment(schedule: Schedule, day: date, at: time | None = None) -> datetime | None:
    """When somebody is reminded of the activity of `day`, or None where they do not work then.

    At 16:30; an hour before the end for those who go home earlier or work at night; at `at` for those who chose. Who
    is away at that moment hears it once they are back in the same shift, or not at all.
    """
    return _moment(schedule, day, at, _usual)


def daily_moments(schedule: Schedule, after: datetime, at: time | None = None) -> Iterator[tuple[date, datetime]]:
    """The working days with their moments behind `after` (UTC), within `HORIZON`."""
    first = after.astimezone(schedule.zone).date() - _DAY
    for further in range(HORIZON.days):
        day = first + _DAY * further
        moment = daily_moment(schedule, day, at)
        if moment and moment > after:
            yield day, moment


def last_daily(schedule: Schedule, now: datetime, at: time | None = None) -> tuple[date, datetime] | None:
    """The newest of today's and yesterday's moments that has come, with its day."""
    today = now.astimezone(schedule.zone).date()
    moments = ((day, daily_moment(schedule, day, at)) for day in (today, today - _DAY))
    return next(((day, moment) for day, moment in moments if moment and moment <= now), None)


def week_moment(schedule: Schedule, monday: date, at: time | None = None) -> datetime | None:
    """When somebody is told of the week that begins on `monday`: as they begin to work (or at `at`) on its first
    working day; None where they do not work in that week.
    """
    days = (monday + _DAY * further for further in range(_WEEK))
    moments = (_moment(schedule, day, at, _start) for day in days)
    return next((moment for moment in moments if moment), None)


def moment_on(schedule: Schedule, day: date, at: time) -> datetime | None:
    """When something comes that is to come at `at` on a day, once somebody is there; None where they do not work that
    day, or not any more.
    """
    return _moment(schedule, day, at, _start)


def week_moments(schedule: Schedule, after: datetime, at: time | None = None) -> Iterator[tuple[date, datetime]]:
    """The Mondays of the weeks whose moments lie behind `after` (UTC), with the moments, within `HORIZON`."""
    first = _monday(after.astimezone(schedule.zone).date() - _DAY)
    for further in range(HORIZON.days // _WEEK):
        monday = first + _DAY * (_WEEK * further)
        moment = week_moment(schedule, monday, at)
        if moment and moment > after:
            yield monday, moment


def last_week(schedule: Schedule, now: datetime, at: time | None = None) -> tuple[date, datetime] | None:
    """The Monday of the week that has begun for somebody, with the moment at which it did; None where it has not."""
    monday = _monday(now.astimezone(schedule.zone).date())
    moment = week_moment(schedule, monday, at)
    return (monday, moment) if moment and moment <= now else None


def follow_up_moment(schedule: Schedule, quiet: Quiet | None, wanted: datetime) -> datetime | None:
    """When somebody is reminded of a follow-up who wants to be at `wanted` (UTC).

    Not while they are away or on a public holiday, but once they work again; not in their quiet hours, but at the end
    of them (None: they set none). An evening or a Saturday that somebody names themselves is their own choice. None
    where they are not back within `HORIZON`.
    """
    there = presence(schedule, wanted)
    if there.is_working:
        return wanted
    if there.reason in {Reason.AWAY, Reason.HOLIDAY}:
        return there.next_start
    local = wanted.astimezone(schedule.zone)
    if quiet is None or not quiet.covers(local.time()):
        return wanted
    day = local.date() if local.time() < quiet.end else local.date() + _DAY
    awake = instant(day, quiet.end, schedule.zone)
    return follow_up_moment(schedule, None, awake)


def useful_until(schedule: Schedule, day: date, moment: datetime) -> datetime:
    """Until when a reminder of `day` is of use: to the end of that day's shift, but an hour at the least."""
    shift = shift_of(schedule, day)
    return max(moment + _HOUR, shift.end if shift else moment)


def may_be_quiet(schedule: Schedule, quiet: Quiet, at: time) -> bool:
    """Whether a reminder at `at` would come in quiet hours: on none of their days it lies within the shift."""
    shifts = [shift for shift in schedule.hours.week if shift]
    return quiet.covers(at) and not any(_covers(shift, at) for shift in shifts)


def _moment(schedule: Schedule, day: date, at: time | None, usual: _Usual) -> datetime | None:
    if schedule.absences:
        return _make_moment(schedule, day, at, usual)
    return _kept_moment(schedule, day, at, usual)


def _make_moment(schedule: Schedule, day: date, at: time | None, usual: _Usual) -> datetime | None:
    shift, span = hours_on(schedule, day), shift_of(schedule, day)
    parts = work_on(schedule, day)
    if shift is None or span is None or not parts:
        return None
    wall = at or usual(shift)
    is_next_day = shift.is_overnight and wall <= shift.end
    wanted = instant(day + _DAY * is_next_day, wall, schedule.zone)
    is_away = any(away.start <= wanted < away.end for away in schedule.absences)
    if wanted < span.start:
        return wanted if parts[0].start == span.start and not is_away else parts[0].start
    if wanted >= span.end:
        return None if is_away else wanted
    return next((max(wanted, part.start) for part in parts if part.end > wanted), None)


# A whole team has few schedules without absences, and each is asked for on every tick that is theirs.
_kept_moment = lru_cache(maxsize=_MOMENTS_KEPT)(_make_moment)


def _usual(shift: Shift) -> time:
    return USUAL if _covers(shift, USUAL) else _hour_before_end(shift)


def _start(shift: Shift) -> time:
    return shift.start


def _covers(shift: Shift, at: time) -> bool:
    if shift.is_overnight:
        return at >= shift.start or at < shift.end
    return shift.start <= at < shift.end


def _hour_before_end(shift: Shift) -> time:
    """On the wall; the start of a shift that is shorter."""
    start, end = (each.hour * 60 + each.minute for each in shift)
    length = (end - start) % (24 * 60)
    minutes = (start + max(0, length - 60)) % (24 * 60)
    return time(minutes // 60, minutes % 60)


def _monday(day: date) -> date:
    return day - _DAY * day.weekday()
