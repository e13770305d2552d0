"""The working days of people and of the workspace, as pace is measured by them: in weights of a day.

A person's are their own weekdays less the holidays of their country and their absences, halves counted as halves. A
team's or a territory's are the workspace's, without anybody's absences.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache

from sqlalchemy import Connection

from bot.absence.schedule import schedules
from bot.clock import instant, zone_or_utc
from bot.people.rules import Member
from bot.quota.pace import Days
from bot.quota.working_days import WorkingDays
from bot.working_time.holidays import country_of_zone
from bot.working_time.presence import Schedule, working_day_share
from bot.workspace.rules import Settings

_DAY = timedelta(days=1)
_YEARS_KEPT = 1024


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody works, day by day."""

    schedule: Schedule

    def days(self, first: date, last: date) -> WorkingDays:
        """The weights of the days `first` to `last`, both included."""
        usual = replace(self.schedule, absences=())
        weights = [weight for year in range(first.year, last.year + 1) for weight in _of_year(usual, year)]
        offset = (first - date(first.year, 1, 1)).days
        weights = weights[offset : offset + (last - first).days + 1]
        for day in self._touched(first, last):
            weights[(day - first).days] = Fraction(working_day_share(self.schedule, day))
        return WorkingDays(first, tuple(weights))

    def on(self, today: date, first: date, last: date) -> Days:
        """The days of `first` to `last` that are gone and left on a day; all are gone behind the last one."""
        usual = replace(self.schedule, absences=())
        found = _usually_on(usual, today, first, last)
        gone, left = found.gone, found.left
        for day in self._touched(first, last):
            whole = _of_year(usual, day.year)[day.timetuple().tm_yday - 1]
            less = whole - Fraction(working_day_share(self.schedule, day))
            if day < today or today > last:
                gone -= less
            else:
                left -= less
        return Days(gone, left)

    def without_absences(self) -> "Calendar":
        """The same as if they had been there all the time."""
        return Calendar(replace(self.schedule, absences=()))

    def _touched(self, first: date, last: date) -> set[date]:
        """The days of [first, last] that an absence may take of: a shift over midnight begins the day before."""
        found: set[date] = set()
        for absence in self.schedule.absences:
            day = max(first, absence.start.astimezone(self.schedule.zone).date() - _DAY)
            end = min(last, absence.end.astimezone(self.schedule.zone).date())
            while day <= end:
                found.add(day)
                day += _DAY
        return found


def calendars(
    tx: Connection,
    workspace_id: str,
    members: Mapping[str, Member],
    settings: Settings,
    first: date,
    now: datetime,
    known: datetime | None = None,
) -> dict[str, Calendar]:
    """The calendars of `members`, by id, with absences from `first` on: as they stand, or as known at a moment."""
    start = instant(first - _DAY, time.min, zone_or_utc(settings.zone))
    found = schedules(tx, workspace_id, members, now, settings, start=start, known=known)
    return {person_id: Calendar(schedule) for person_id, schedule in found.items()}


def each_on(every: Mapping[str, Calendar], today: date, first: date, last: date) -> dict[str, Days]:
    """`Calendar.on` of each, by id: once of those who share a schedule, for most of a large team do."""
    known: dict[int, Days] = {}
    for calendar in every.values():
        if id(calendar.schedule) not in known:
            known[id(calendar.schedule)] = calendar.on(today, first, last)
    return {person_id: known[id(calendar.schedule)] for person_id, calendar in every.items()}


def of_workspace(settings: Settings) -> Calendar:
    """The workspace's own calendar."""
    zone = zone_or_utc(settings.zone)
    code, _, subdivision = (settings.country or country_of_zone(zone.key) or "").partition("-")
    return Calendar(Schedule(zone, settings.hours, code or None, subdivision or None))


def _split(days: WorkingDays, today: date, last: date) -> Days:
    return Days.on(today, days) if today <= last else Days(days.total, Fraction(0))


@lru_cache(maxsize=_YEARS_KEPT)
def _usually_on(schedule: Schedule, today: date, first: date, last: date) -> Days:
    """The same of somebody without absences. Kept: of a whole team most are there."""
    return _split(Calendar(schedule).days(first, last), today, last)


@lru_cache(maxsize=_YEARS_KEPT)
def _of_year(schedule: Schedule, year: int) -> tuple[Fraction, ...]:
    """The weights of a year's days without absences. Kept: a whole workspace has few of them."""
    first = date(year, 1, 1)
    days = (date(year, 12, 31) - first).days + 1
    return tuple(Fraction(working_day_share(schedule, first + further * _DAY)) for further in range(days))
