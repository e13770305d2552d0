"""What the ticks do about reminders: whoever has to be told something gets a row in the delivery ledger."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from bot.activity import queries as activity
from bot.activity import steps
from bot.activity.steps import Step
from bot.delivery.service import Letter, tell_all
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
from bot.workspace.rules import daily_goal

MISSED = timedelta(days=1)
"""A moment that lies further back was slept through, whatever has changed about it since."""

NOT_SOON = timedelta(days=1)
"""When somebody is looked at again who is away for longer than anybody can see ahead."""


def plan_daily(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Mapping[Due, datetime | None]:
    """Remind those who work today and are below their goal. What is late, but of no use any more, is stale by the time
    it would be sent: the sender drops and counts it.
    """
    audience = queries.audience(tx, workspace_id, {each.person_id for each in due}, now)
    days: dict[str, tuple[date, datetime]] = {}
    for each in due:
        standing = audience.people.get(each.person_id)
        day = standing and _due_day(standing, each, now)
        if day:
            days[each.person_id] = day
    calls = _calls(tx, workspace_id, days)
    letters = (_daily(each, audience, *days[each], calls.get((each, days[each][0]), 0)) for each in days)
    tell_all(tx, workspace_id, [letter for letter in letters if letter], now)
    return {each: next_daily(audience.people.get(each.person_id), now) for each in due}


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
    tell_all(tx, workspace_id, letters, now)
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
        moment = next_follow_up(standing, step.due_at, each.next_due_at) or now + NOT_SOON
        if moment > now:
            following[each] = moment
        else:
            together[each.person_id].append(step)
    _remind_of(tx, workspace_id, together, now)
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
    return next((moment for _, moment in moments), after + NOT_SOON)


def next_week_ahead(standing: Standing | None, after: datetime) -> datetime | None:
    """When somebody is told of their week next; None where they are not."""
    if standing is None or not standing.wants(Kind.WEEK_AHEAD):
        return None
    moments = week_moments(standing.schedule, after, standing.choice(Kind.WEEK_AHEAD).at)
    return next((moment for _, moment in moments), after + NOT_SOON)


def next_follow_up(standing: Standing, due_at: datetime, not_before: datetime) -> datetime | None:
    """When somebody is reminded of what is due at `due_at`, but not before the moment that its job stands at (UTC)."""
    early = timedelta(minutes=standing.choice(Kind.FOLLOW_UP).early)
    return follow_up_moment(standing.schedule, standing.quiet, max(due_at - early, not_before))


def _due_day(standing: Standing, due: Due, now: datetime) -> tuple[date, datetime] | None:
    """The working day to remind of, and until when that is of use; None where its moment has not come after all.

    After a long silence the newest day that has come stands for all of them.
    """
    if not standing.wants(Kind.DAILY):
        return None
    zone, planned = standing.schedule.zone, due.next_due_at
    found = last_daily(standing.schedule, now, standing.choice(Kind.DAILY).at)
    if found and (found[1] >= planned or found[1].astimezone(zone).date() == planned.astimezone(zone).date()):
        return found[0], useful_until(standing.schedule, *found)
    return (planned.astimezone(zone).date(), planned) if now - planned > MISSED else None


def _calls(tx: Connection, workspace_id: str, days: Mapping[str, tuple[date, datetime]]) -> dict[tuple[str, date], int]:
    if not days:
        return {}
    first, last = min(day for day, _ in days.values()), max(day for day, _ in days.values())
    return activity.calls_of(tx, workspace_id, sorted(days), first, last)


def _daily(person_id: str, audience: Audience, day: date, until: datetime, calls: int) -> Letter | None:
    goal = daily_goal(audience.settings.goals, audience.people[person_id].member.roles)
    if calls >= goal:
        return None
    return Letter(Kind.DAILY, person_id, day.isoformat(), {"day": day.isoformat(), "calls": calls}, until)


def _remind_of(tx: Connection, workspace_id: str, together: Mapping[str, Iterable[Step]], now: datetime) -> None:
    letters = []
    for person_id, several in together.items():
        ordered = sorted(several, key=lambda step: (step.due_at, step.id))
        occasion = f"{ordered[0].id.hex}:{now:%Y%m%dT%H%M%S}"
        letters.append(Letter(Kind.FOLLOW_UP, person_id, occasion, {"steps": [each.id.hex for each in ordered]}))
    new = tell_all(tx, workspace_id, letters, now)
    for letter in letters:
        if letter.id in new:
            steps.reminded(tx, workspace_id, [UUID(each) for each in letter.subject["steps"]], letter.id)
