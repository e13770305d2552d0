"""When people work: their hours, their holidays and their absences in one. Everything about presence asks here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.absence import queries
from bot.absence.rules import Leave
from bot.clock import zone_or_utc
from bot.people import queries as people
from bot.people.rules import Member
from bot.working_time.holidays import country_of_zone, has_calendar, name_of
from bot.working_time.presence import HORIZON, Schedule, Span, presence
from bot.workspace.rules import Settings


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
    """
    absences = queries.spans(tx, workspace_id, members.keys(), start or now, now + HORIZON)
    return {
        person_id: _schedule(member, settings, tuple(leave.span for leave in absences.get(person_id, ())))
        for person_id, member in members.items()
    }


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


def _schedule(member: Member, settings: Settings, absences: tuple[Span, ...]) -> Schedule:
    place = member.standing.country or settings.country or country_of_zone(member.zone) or ""
    country, _, subdivision = place.partition("-")
    hours = member.standing.hours or settings.hours
    return Schedule(zone_or_utc(member.zone), hours, country or None, subdivision or None, absences)
