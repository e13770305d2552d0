"""When people work: their hours, their holidays and their absences in one. Everything about presence asks here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import Connection

from bot.absence import queries
from bot.absence.rules import Leave
from bot.clock import zone_or_utc
from bot.people import queries as people
from bot.people.rules import Member, Placed
from bot.working_time.holidays import country_of_zone, has_calendar, name_of
from bot.working_time.hours import Hours
from bot.working_time.presence import HORIZON, Schedule, Span, presence
from bot.workspace.rules import Settings

_Place = tuple[str, Hours | None, str | None]
"""Somebody's zone, and their own hours and country where they have said."""


@dataclass(frozen=True, slots=True)
class Return:
    """When somebody is back at work after an absence: None if that lies too far off to say.

    `holidays` are the days that put it off, with their names; `no_calendar` is a country without one.
    """

    at: datetime | None
    holidays: tuple[tuple[date, str], ...] = ()
    no_calendar: str | None = None


def schedules(
    tx: Connection,
    workspace_id: str,
    members: Mapping[str, Member],
    now: datetime,
    settings: Settings,
    *,
    start: datetime | None = None,
    known: datetime | None = None,
) -> dict[str, Schedule]:
    """The schedule of each of `members`, by id, with one look at their absences.

    Their own hours and country go before the workspace's; without either, the country is that of their time zone.

    Args:
        tx: a transaction.
        workspace_id: theirs.
        members: as they stand today, by id.
        now: the moment.
        settings: of the workspace.
        start: from when on absences are wanted, for a clock that began earlier; from `now` on if None.
        known: absences by what was recorded then; as they stand if None.
    """
    places = {each: (member.zone, member.standing.hours, member.standing.country) for each, member in members.items()}
    return _schedules(tx, workspace_id, places, settings, start or now, now, known)


def schedules_of(
    tx: Connection, workspace_id: str, placed: Mapping[str, Placed], now: datetime, settings: Settings, start: datetime
) -> dict[str, Schedule]:
    """The same for people in few words."""
    places = {each: (found.zone, found.hours, found.country) for each, found in placed.items()}
    return _schedules(tx, workspace_id, places, settings, start, now)


def _schedules(
    tx: Connection,
    workspace_id: str,
    places: Mapping[str, _Place],
    settings: Settings,
    start: datetime,
    now: datetime,
    known: datetime | None = None,
) -> dict[str, Schedule]:
    absences = queries.spans(tx, workspace_id, places.keys(), start, now + HORIZON, known)
    found = {}
    for person_id, (zone, hours, country) in places.items():
        schedule = _schedule(zone, hours or settings.hours, country or settings.country)
        leaves = absences.get(person_id)
        found[person_id] = replace(schedule, absences=tuple(leave.span for leave in leaves)) if leaves else schedule
    return found


def member_today(tx: Connection, workspace_id: str, person_id: str, now: datetime) -> Member | None:
    """Somebody as they stand on their own calendar day; None if never seen."""
    member = people.member(tx, workspace_id, person_id, now.date())
    today = now.astimezone(zone_or_utc(member.zone)).date() if member else now.date()
    return member if today == now.date() else people.member(tx, workspace_id, person_id, today)


def return_from(schedule: Schedule, leave: Leave, language: str) -> Return:
    """When somebody is back after `leave`, whatever else keeps them away then; names in `language`."""
    whole = replace(schedule, absences=(*schedule.absences, Span(leave.start_at, leave.end_at)))
    found = presence(whole, leave.end_at)
    back = leave.end_at if found.is_working else found.next_start
    country = schedule.country
    if back is None or country is None:
        return Return(back)
    first, last = leave.end_at.astimezone(schedule.zone).date(), back.astimezone(schedule.zone).date()
    known = has_calendar(country, schedule.subdivision, last.year)
    place = f"{country}-{schedule.subdivision}" if schedule.subdivision else country
    return Return(back, _holidays(schedule, first, last, language), None if known else place)


def _holidays(schedule: Schedule, first: date, last: date, language: str) -> tuple[tuple[date, str], ...]:
    """The public holidays from `first` to before `last` on which this person would work."""
    days = (first + timedelta(days=further) for further in range((last - first).days))
    working = (day for day in days if schedule.hours.week[day.weekday()])
    named = ((day, name_of(schedule.country, schedule.subdivision, day, language)) for day in working)
    return tuple((day, name) for day, name in named if name)


@lru_cache(maxsize=1024)
def _schedule(zone: str, hours: Hours, country: str | None) -> Schedule:
    """One without absences. Kept: a whole team has few of them."""
    code, _, subdivision = (country or country_of_zone(zone) or "").partition("-")
    return Schedule(zone_or_utc(zone), hours, code or None, subdivision or None)
