"""What an owner does with the next step of a deal: done, or later. One function, one transaction."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from bot.absence.schedule import schedules
from bot.access.actor import Actor
from bot.deals import changes, steps
from bot.deals.queries import DealRow
from bot.deals.service import Done, done, held, repeated
from bot.deals.states import What
from bot.errors import Refused
from bot.people import queries as people
from bot.store.engine import Store
from bot.working_time.presence import next_working_day
from bot.workspace import queries as workspace


def finish(store: Store, actor: Actor, deal_id: UUID, key: str, *, origin: str, now: datetime) -> Done:
    """The step is done; the deal has none until somebody says what comes next.

    Args:
        store: the database.
        actor: who did it.
        deal_id: the deal.
        key: which step is meant, as `steps.key_of`.
        origin: names the delivery behind it.
        now: the moment.

    Raises:
        Refused: when it is not theirs, or the step is not open any more.
    """
    return _move(store, actor, deal_id, key, origin, now, lambda _: {"next_step": None, "next_on": None})


def postpone(store: Store, actor: Actor, deal_id: UUID, key: str, *, origin: str, now: datetime) -> Done:
    """The step moves to the owner's next working day.

    Raises:
        Refused: as `finish`.
    """
    return _move(store, actor, deal_id, key, origin, now, lambda tx: {"next_on": _tomorrow(tx, actor, now)})


def _move(
    store: Store,
    actor: Actor,
    deal_id: UUID,
    key: str,
    origin: str,
    now: datetime,
    to: Callable[[Connection], dict[str, Any]],
) -> Done:
    with store.write() as tx:
        if before := repeated(tx, actor, origin):
            return before
        row = held(tx, actor, deal_id, now)
        if not steps.waits(row, row.owner_id, key):
            raise Refused("deals.step_gone", company=row.company)
        values = to(tx)
        after = changes.change(
            tx,
            actor.workspace_id,
            row,
            What.CHANGED,
            values,
            by=actor.id,
            origin=origin,
            now=now,
            note=_note(row, values),
        )
        if after is None:
            raise Refused("deals.changed_meanwhile", company=row.company)
        return done(tx, actor, after, row, now)


def _note(row: DealRow, values: dict[str, Any]) -> str | None:
    """What was done, for the deal's history."""
    return f"✓ {row.next_step}" if "next_step" in values else None


def _tomorrow(tx: Connection, actor: Actor, now: datetime) -> date:
    today = people.today_of(actor, now)
    members = people.members(tx, actor.workspace_id, today, people=[actor.id])
    working = schedules(tx, actor.workspace_id, members, now, workspace.settings(tx, actor.workspace_id))[actor.id]
    return next_working_day(working, today) or today + timedelta(days=1)
