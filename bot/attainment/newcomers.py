"""Who is there for part of a period, or still on their ramp: what a full target comes to for them, by working days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from bot.access.actor import Actor
from bot.attainment.days import Calendar, calendars
from bot.people import queries as people
from bot.people.queries import LATEST
from bot.people.rules import Stint
from bot.quota.metrics import by_code
from bot.quota.periods import Period
from bot.quota.queries import Target
from bot.quota.ramp import Leave, Ramp, curve_of, ramped
from bot.quota.shares import prorated, rounded_together
from bot.quota.whose import Whose
from bot.quota.working_days import WorkingDays
from bot.store.engine import Store
from bot.workspace import queries as workspace


@dataclass(frozen=True, slots=True)
class Partly:
    """What a target comes to for somebody who is in a role on `days` of the period's `of_days` working days.

    `start` is when they began. `by_days` is the target by these days, `by_ramp` by the curve on top of them, for
    `ramp_days` full days; each None where it is the full target. In the metric's unit.
    """

    start: date
    days: Fraction
    of_days: Fraction
    by_days: int | None
    by_ramp: int | None
    ramp_days: Fraction


def partly(store: Store, actor: Actor, target: Target, now: datetime) -> Partly | None:
    """What a person's target would be for part of its period; None where they are there, and ramped, for all of it, or
    for none of it.
    """
    if target.subject.whose is not Whose.PERSON or not target.value:
        return None
    whom, period = target.subject.key, target.period
    with store.read() as tx:
        stints = people.stints_of(tx, actor.workspace_id, [whom], LATEST)
        if not stints:
            return None
        settings = workspace.settings(tx, actor.workspace_id)
        members = people.members(tx, actor.workspace_id, period.last, people=[whom])
        first = min(period.first, *(each.start for each in stints))
        calendar = calendars(tx, actor.workspace_id, members, settings, first, now)[whom]
    return of_part(target.value, by_code(target.metric).least, period, stints, calendar, curve_of(settings.ramp_curve))


def of_part(
    full: int, least: int, period: Period, stints: Sequence[Stint], calendar: Calendar, curve: tuple[Fraction, ...]
) -> Partly | None:
    """The same from plain values: the full target, what it is at least, and the person's assignments."""
    days = calendar.without_absences().days(period.first, period.last)
    spans = [(each.start, each.end or date.max) for each in stints]
    there = worked_in(days, period, spans)
    by_days = prorated([(full, there)], days.total, least=least)
    on_ramp = ramped(full, days, ramp_of(stints, calendar, curve), spans)
    if not there or by_days is None or on_ramp is None:
        return None
    (ramp_target,) = rounded_together([on_ramp.exact], least=least)
    parts = [each if each != full else None for each in (by_days[0].target, ramp_target)]
    if parts == [None, None]:
        return None
    start = min(each.start for each in stints)
    return Partly(start, there, days.total, parts[0], parts[1], on_ramp.full_days)


def worked_in(days: WorkingDays, period: Period, spans: Sequence[tuple[date, date]]) -> Fraction:
    """The working days of a period that fall into spans of time; a day in two of them counts once."""
    return sum((days.on(day) for day in period.days if any(first <= day <= last for first, last in spans)), Fraction(0))


def ramp_of(stints: Sequence[Stint], calendar: Calendar, curve: tuple[Fraction, ...]) -> Ramp:
    """Somebody's curve, from their first day in any role; long leaves stop it."""
    usual, zone = calendar.without_absences(), calendar.schedule.zone
    leaves = []
    for absence in calendar.schedule.absences:
        first = absence.start.astimezone(zone).date()
        last = max(first, (absence.end.astimezone(zone) - timedelta.resolution).date())
        leaves.append(Leave(first, last, usual.days(first, last).total))
    return Ramp(min(each.start for each in stints), curve, tuple(leaves))
