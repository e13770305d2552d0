"""What the ticks do about reminders: whoever has to be told something gets a row in the delivery ledger."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from bot.activity import queries as activity
from bot.activity import steps
from bot.activity.steps import Step
from bot.delivery import queries as deliveries
from bot.delivery.service import Letter, tell_all
from bot.noise import service as noise
from bot.noise.acts import ACTS
from bot.reminders import queries
from bot.reminders.queries import Audience, Standing
from bot.reminders.rules import (
    Kind,
    daily_moments,
    follow_up_moment,
    last_daily,
    last_week,
    useful_until,
    week_moments,
)
from bot.schedule.service import Due, Planner
from bot.store.types import new_id
from bot.working_time.presence import Schedule, presence, shift_of

MISSED = timedelta(days=1)
"""A moment that lies further back was slept through, whatever has changed about it since."""

_KEPT = 1024

LATE = timedelta(minutes=10)
"""A follow-up that is so late has missed the moment that somebody named."""

NOT_SOON = timedelta(days=1)
"""When somebody is looked at again who is away for longer than anybody can see ahead."""


def plan_daily(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Mapping[Due, datetime | None]:
    """Remind those who work today and are below their goal. What is late, but of no use any more, is stale by the time
    it would be sent: the sender drops and counts it.
    """
    audience = queries.audience(tx, workspace_id, {each.person_id for each in due}, now)
    days: dict[str, tuple[date, datetime]] = {}
    following: dict[Due, datetime | None] = dict.fromkeys(due)
    known: dict[Any, tuple[tuple[date, datetime] | None, datetime | None]] = {}  # for all who share a schedule
    for each in due:
        standing = audience.people.get(each.person_id)
        if standing is None or not standing.wants(Kind.DAILY):
            continue
        key = (id(standing.schedule), standing.choice(Kind.DAILY).at, standing.quiet, each.next_due_at)
        if key not in known:
            known[key] = _due_day(standing, each.next_due_at, now), next_daily(standing, now)
        day, following[each] = known[key]
        if day:
            days[each.person_id] = day
    calls = _calls(tx, workspace_id, days)
    letters = (_daily(each, audience, *days[each], calls.get((each, days[each][0]), 0)) for each in days)
    _say(tx, workspace_id, [letter for letter in letters if letter], audience, now)
    return following


def plan_week_ahead(
    tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime
) -> Mapping[Due, datetime | None]:
    """Tell those whose week begins what it brings."""
    audience = queries.audience(tx, workspace_id, {each.person_id for each in due}, now)
    letters = []
    for each in due:
        standing = audience.people.get(each.person_id)
        found = standing and last_week(standing.schedule, now, standing.choice(Kind.WEEK_AHEAD).at)
        if standing and found and standing.wants(Kind.WEEK_AHEAD):
            monday, moment = found
            day = moment.astimezone(standing.schedule.zone).date()
            until = useful_until(standing.schedule, day, moment)
            subject = {"monday": monday.isoformat()}
            letters.append(Letter(Kind.WEEK_AHEAD, each.person_id, monday.isoformat(), subject, until))
    _say(tx, workspace_id, letters, audience, now)
    return {each: next_week_ahead(audience.people.get(each.person_id), now) for each in due}


def plan_follow_ups(
    tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime
) -> Mapping[Due, datetime | None]:
    """Remind of what was promised for now; several promises of one person come in one message, however many waited for
    them to be back.
    """
    audience = queries.audience(tx, workspace_id, {each.person_id for each in due}, now)
    found = steps.found(tx, workspace_id, {UUID(each.subject) for each in due})
    following: dict[Due, datetime | None] = {}
    together: dict[str, list[Step]] = defaultdict(list)
    for each in due:
        step, standing = found.get(UUID(each.subject)), audience.people.get(each.person_id)
        following[each] = None
        if step is None or not step.is_open or not standing or not standing.wants(Kind.FOLLOW_UP):
            continue
        moment = next_follow_up(standing, step.due_at, now) or now + NOT_SOON
        if moment > now:
            following[each] = moment
        else:
            together[each.person_id].append(step)
    _remind_of(tx, workspace_id, together, audience, now)
    return following


PLANNERS: Mapping[str, Planner] = {
    Kind.DAILY: plan_daily,
    Kind.WEEK_AHEAD: plan_week_ahead,
    Kind.FOLLOW_UP: plan_follow_ups,
}


def next_daily(standing: Standing | None, after: datetime) -> datetime | None:
    """When somebody is reminded of their activity next; None where they are not."""
    if standing is None or not standing.wants(Kind.DAILY):
        return None
    moments = daily_moments(standing.schedule, after, standing.choice(Kind.DAILY).at)
    return next((moment for day, moment in moments if not _is_quiet(standing, day, moment)), after + NOT_SOON)


def next_week_ahead(standing: Standing | None, after: datetime) -> datetime | None:
    """When somebody is told of their week next; None where they are not."""
    if standing is None or not standing.wants(Kind.WEEK_AHEAD):
        return None
    moments = week_moments(standing.schedule, after, standing.choice(Kind.WEEK_AHEAD).at)
    return next((moment for _, moment in moments), after + NOT_SOON)


def next_follow_up(standing: Standing, due_at: datetime, now: datetime) -> datetime | None:
    """When somebody is reminded of what is due at `due_at` (UTC).

    An evening that they named is their own choice, but only that moment of it: what is late comes while they work.
    """
    wanted = due_at - timedelta(minutes=standing.choice(Kind.FOLLOW_UP).early)
    if now - wanted > LATE:
        there = presence(standing.schedule, now)
        return now if there.is_working else there.next_start
    return follow_up_moment(standing.schedule, standing.quiet, max(wanted, now))


def _due_day(standing: Standing, planned: datetime, now: datetime) -> tuple[date, datetime] | None:
    """The working day to remind of, and until when that is of use; None where its moment has not come after all.

    After a long silence the newest day that has come stands for all of them.
    """
    zone = standing.schedule.zone
    found = _last_day(standing.schedule, standing.choice(Kind.DAILY).at, now)
    if found and _is_quiet(standing, found.day, found.moment):
        return None
    if found and (found.moment >= planned or found.moment.astimezone(zone).date() == planned.astimezone(zone).date()):
        return found.day, found.useful_until
    return (planned.astimezone(zone).date(), planned) if now - planned > MISSED else None


def _is_quiet(standing: Standing, day: date, moment: datetime) -> bool:
    """Whether a moment of `day` lies in quiet hours: on this day it may be outside the shift that it was chosen for."""
    if standing.quiet is None or not standing.quiet.covers(moment.astimezone(standing.schedule.zone).time()):
        return False
    shift = shift_of(standing.schedule, day)
    return not (shift and shift.start <= moment < shift.end)


class _LastDay(NamedTuple):
    """The newest day whose moment has come, and until when it is of use to remind of it."""

    day: date
    moment: datetime
    useful_until: datetime


def _last_day(schedule: Schedule, at: time | None, now: datetime) -> _LastDay | None:
    found = last_daily(schedule, now, at)
    return _LastDay(*found, useful_until(schedule, *found)) if found else None


def _calls(tx: Connection, workspace_id: str, days: Mapping[str, tuple[date, datetime]]) -> dict[tuple[str, date], int]:
    if not days:
        return {}
    first, last = min(day for day, _ in days.values()), max(day for day, _ in days.values())
    return activity.calls_of(tx, workspace_id, sorted(days), first, last)


def _daily(person_id: str, audience: Audience, day: date, until: datetime, calls: int) -> Letter | None:
    goal = audience.goal(person_id)
    if calls >= goal:
        return None
    subject = _subject(day, calls)
    return Letter(Kind.DAILY.value, person_id, subject["day"], subject, until)


@lru_cache(maxsize=_KEPT)
def _subject(day: date, calls: int) -> Mapping[str, Any]:
    """Kept: where thousands are reminded at once, most have called as little."""
    return {"day": day.isoformat(), "calls": calls}


def _say(
    tx: Connection, workspace_id: str, letters: Sequence[Letter], audience: Audience, now: datetime
) -> list[Letter]:
    """Have those of these reminders of one kind sent that are no noise."""
    if not letters:
        return []
    admitted = admitted_of(tx, workspace_id, letters, audience, now)
    tell_all(tx, workspace_id, admitted, now)
    return admitted


def admitted_of(
    tx: Connection, workspace_id: str, letters: Sequence[Letter], audience: Audience, now: datetime
) -> list[Letter]:
    """Those of these reminders of one kind that may be sent; see `bot.noise.service.admit`."""
    if not letters:
        return []
    schedules = {letter.recipient: audience.people[letter.recipient].schedule for letter in letters}
    return noise.admit(tx, workspace_id, letters, schedules, ACTS[letters[0].kind], now)


def _remind_of(
    tx: Connection, workspace_id: str, together: Mapping[str, Iterable[Step]], audience: Audience, now: datetime
) -> None:
    letters = []
    for person_id, several in together.items():
        ordered = sorted(several, key=lambda step: (step.due_at, step.id))
        occasion = f"{ordered[0].id.hex}:{now:%Y%m%dT%H%M%S}"
        subject = {"steps": [each.id.hex for each in ordered]}
        letters.append(Letter(Kind.FOLLOW_UP, person_id, occasion, subject, id=new_id()))
    admitted = admitted_of(tx, workspace_id, letters, audience, now)
    letters = [_with_what_waits(tx, workspace_id, letter, now) for letter in admitted]
    tell_all(tx, workspace_id, letters, now)
    new = deliveries.known(tx, workspace_id, [letter.id for letter in letters if letter.id])
    told = [letter for letter in letters if letter.id in new]
    reminders = {UUID(each): letter.id for letter in told for each in letter.subject["steps"] if letter.id}
    steps.reminded(tx, workspace_id, reminders)


def _with_what_waits(tx: Connection, workspace_id: str, letter: Letter, now: datetime) -> Letter:
    """The reminder, and what was held back since the last one and is still to be done."""
    held = noise.waiting(tx, workspace_id, letter.recipient, letter.kind, now)
    if not held:
        return letter
    noise.said(tx, workspace_id, letter.recipient, letter.kind, now)
    own: list[str] = letter.subject["steps"]
    ids = dict.fromkeys(UUID(each) for one in held for each in one.subject["steps"] if each not in own)
    found = steps.found(tx, workspace_id, ids)
    still = [each.hex for each in ids if each in found and found[each].is_open and found[each].due_at <= now]
    return letter._replace(subject={"steps": [*own, *still]})
