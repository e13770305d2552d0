"""The rows behind an entry: versions, day totals, next steps. Everything here runs inside a caller's transaction."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select, update

from bot.access.actor import Actor
from bot.accounts import service as accounts
from bot.accounts.service import Side
from bot.activity.entry import Entry, FollowUp
from bot.activity.model import FOLLOW_UP, Activity, ActivityDay, NextStep, StepState
from bot.clock import instant
from bot.delivery import service as delivery
from bot.people import queries as people
from bot.schedule import service as schedule
from bot.store.sql import add_up, insert_once, table_of
from bot.store.types import new_id

activity = table_of(Activity)
step = table_of(NextStep)

MIDDAY = time(12, 0)
"""The moment given to an entry of an earlier day that names no time; only its day is ever shown."""

EARLIEST = timedelta(hours=1)
"""How long before its moment somebody may want to be reminded at the most."""

IN_A_WHILE = timedelta(hours=1)

HOLD = (
    select(activity.c.id)
    .where(
        activity.c.workspace_id == bindparam("workspace"),
        activity.c.id == bindparam("entry"),
        activity.c.version == 1,
    )
    .with_for_update()
)


def hold(tx: Connection, actor: Actor, entry_id: UUID) -> None:
    """Let changes of one entry go one after the other: the second waits here, and then sees what the first did.

    Every entry has a version 1, so that is the row to wait for. On SQLite there is one writer anyway.
    """
    tx.execute(HOLD, {"workspace": actor.workspace_id, "entry": entry_id})


def add_version(
    tx: Connection, actor: Actor, entry_id: UUID, version: int, entry: Entry, *, origin: str, now: datetime
) -> int | None:
    """Store one version of an entry, with its next step and its part of the day's totals.

    Returns:
        How many of its kind the person now has on that day; None, with nothing counted, when the delivery `origin`
        (or another edit of that version) came first.
    """
    side = _side(tx, actor, entry, now)
    values = {
        "workspace_id": actor.workspace_id,
        "id": entry_id,
        "version": version,
        "person_id": actor.id,
        "kind": entry.kind,
        "quantity": entry.count,
        "outcome": entry.outcome,
        "minutes": entry.minutes,
        "account_id": side.account_id,
        "contact_id": side.contact_id,
        "note": entry.note,
        "colleagues": list(entry.colleagues),
        "day": entry.day,
        "at": entry.at,
        "happened_at": moment_of(entry.day, entry.at, actor.zone, now),
        "recorded_at": now,
        "recorded_by": actor.id,
        "origin": origin,
    }
    if not insert_once(tx, Activity, values):
        return None
    if entry.follow_up:
        add_step(tx, actor, side, entry.follow_up, origin=origin, now=now, entry_id=entry_id)
    return _count(tx, actor, entry, 1)


def close_version(tx: Connection, actor: Actor, entry_id: UUID, entry: Entry, *, origin: str, now: datetime) -> bool:
    """End the current version of the actor's own entry; False when it no longer stands."""
    closed = tx.execute(
        update(activity)
        .where(
            activity.c.workspace_id == actor.workspace_id,
            activity.c.id == entry_id,
            activity.c.person_id == actor.id,
            activity.c.superseded_at.is_(None),
        )
        .values(superseded_at=now, superseded_by=actor.id, superseded_origin=origin)
    )
    if closed.rowcount != 1:
        return False
    _count(tx, actor, entry, -1)
    return True


def withdraw_step(tx: Connection, actor: Actor, entry_id: UUID, now: datetime) -> None:
    """Take back the next step that still waits behind an entry."""
    _move_step(tx, actor, entry_id, StepState.OPEN, StepState.WITHDRAWN, now)


def detach_step(tx: Connection, actor: Actor, entry_id: UUID, now: datetime) -> None:
    """Take back the step behind an entry for good: an edited entry brings its own."""
    withdraw_step(tx, actor, entry_id, now)
    tx.execute(
        update(step)
        .where(step.c.workspace_id == actor.workspace_id, step.c.activity_id == entry_id)
        .values(activity_id=None)
    )


def add_step(
    tx: Connection,
    actor: Actor,
    side: Side,
    follow_up: FollowUp,
    *,
    origin: str,
    now: datetime,
    entry_id: UUID | None = None,
) -> bool:
    """Store a next step; False when the delivery `origin` already has."""
    step_id, due = new_id(), due_at(tx, actor, follow_up.day, follow_up.at)
    values = {
        "workspace_id": actor.workspace_id,
        "id": step_id,
        "person_id": actor.id,
        "activity_id": entry_id,
        "account_id": side.account_id,
        "contact_id": side.contact_id,
        "what": follow_up.what,
        "day": follow_up.day,
        "at": follow_up.at,
        "due_at": due,
        "state": StepState.OPEN,
        "recorded_at": now,
        "recorded_by": actor.id,
        "origin": origin,
    }
    if not insert_once(tx, NextStep, values):
        return False
    remind_of(tx, actor.workspace_id, actor.id, step_id, due, now)
    return True


def remind_of(tx: Connection, workspace_id: str, person_id: str, step_id: UUID, due: datetime, now: datetime) -> None:
    """Have somebody reminded of a step: the job looks at it in time for those who want to hear early. Of one that is
    due already in a while, for they know of it now.
    """
    at = max(now, due - EARLIEST) if due > now else now + IN_A_WHILE
    schedule.put(tx, workspace_id, FOLLOW_UP, person_id, at, step_id.hex)


def refresh_card(tx: Connection, workspace_id: str, reminder_id: UUID | None, now: datetime) -> None:
    """Let the message that reminded of a step show how it stands now."""
    if reminder_id:
        delivery.change(tx, workspace_id, reminder_id, now)


def due_at(tx: Connection, actor: Actor, day: date, at: time | None) -> datetime:
    """The moment of a next step: at its hour, or when the person begins to work that day."""
    return instant(day, at or people.start_of_work(tx, actor, day), actor.zone)


def _move_step(
    tx: Connection, actor: Actor, entry_id: UUID, before: StepState, after: StepState, now: datetime
) -> None:
    moved = tx.execute(
        update(step)
        .where(
            step.c.workspace_id == actor.workspace_id,
            step.c.activity_id == entry_id,
            step.c.state == before,
        )
        .values(state=after, closed_at=now)
        .returning(step.c.reminder_id)
    )
    for reminder_id in moved.scalars().all():
        refresh_card(tx, actor.workspace_id, reminder_id, now)


def _side(tx: Connection, actor: Actor, entry: Entry, now: datetime) -> Side:
    if entry.who is None:
        return Side()
    return accounts.side(tx, actor.workspace_id, entry.who.name, entry.who.ref, by=actor.id, now=now)


def moment_of(day: date, at: time | None, zone: ZoneInfo, now: datetime) -> datetime:
    """When something happened, in UTC: at midday where no time was said, and today at this moment."""
    if at is None and day == now.astimezone(zone).date():
        return now
    return min(now, instant(day, at or MIDDAY, zone))


def _count(tx: Connection, actor: Actor, entry: Entry, sign: int) -> int:
    values = {
        "workspace_id": actor.workspace_id,
        "person_id": actor.id,
        "day": entry.day,
        "kind": entry.kind,
        "quantity": sign * entry.count,
        "minutes": sign * (entry.minutes or 0),
    }
    return add_up(tx, ActivityDay, values, ("quantity", "minutes"))
