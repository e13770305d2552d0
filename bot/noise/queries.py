"""Reads about the noise budget: what arrived lately, what moved, what was held back."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from bot.noise.model import HeldReminder, MovedReminder
from bot.noise.rules import Why
from bot.store.sql import Param, Prepared, one_of, table_of

moved = table_of(MovedReminder)
held = table_of(HeldReminder)

WORKSPACE: Param = bindparam("workspace")
SINCE: Param = bindparam("since", type_=held.c.held_at.type)
UNTIL: Param = bindparam("until", type_=held.c.held_at.type)

MOVES = Prepared(
    select(moved)
    .where(moved.c.workspace_id == WORKSPACE, one_of(moved.c.person_id, "people"), moved.c.moved_at > SINCE)
    .order_by(moved.c.moved_at, moved.c.id)
)
MOVE = Prepared(select(moved).where(moved.c.workspace_id == WORKSPACE, moved.c.id == bindparam("move")))
HELD = Prepared(
    select(held)
    .where(
        held.c.workspace_id == WORKSPACE,
        held.c.person_id == bindparam("person"),
        held.c.held_at >= SINCE,
        held.c.held_at < UNTIL,
    )
    .order_by(held.c.held_at, held.c.kind, held.c.occasion)
)

LOOKS_BACK = timedelta(days=120)
"""Moves before this are past and forgotten: none lasts so long for whoever works at all."""


class Move(NamedTuple):
    """A kind of reminder that moved into somebody's digest. Moments in UTC; `ended_at` is None while nothing has ended
    it before `until`.
    """

    id: UUID
    person_id: str
    kind: str
    moved_at: datetime
    until: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None

    def stands(self, now: datetime) -> bool:
        """Whether that kind is in the digest at `now`."""
        return self.ended_at is None and now < self.until

    def end(self, now: datetime) -> datetime | None:
        """When it came by message again; None while it does not."""
        return self.ended_at or (self.until if self.until <= now else None)


class Held(NamedTuple):
    """A reminder that was not sent."""

    kind: str
    occasion: str
    subject: dict[str, Any]
    why: Why
    held_at: datetime
    said_at: datetime | None


def last_moves(
    tx: Connection, workspace_id: str, person_ids: Collection[str], now: datetime
) -> dict[tuple[str, str], Move]:
    """The last move of each kind of each of these people, by person and kind, those that have ended included."""
    rows = MOVES.all(tx, {"workspace": workspace_id, "people": person_ids, "since": now - LOOKS_BACK})
    return {(row.person_id, row.kind): _move(row) for row in rows}


def find(tx: Connection, workspace_id: str, move_id: UUID) -> Move | None:
    """A move, or None."""
    row = MOVE.first(tx, {"workspace": workspace_id, "move": move_id})
    return _move(row) if row else None


def held_between(tx: Connection, workspace_id: str, person_id: str, since: datetime, until: datetime) -> list[Held]:
    """What was held back from somebody, from `since` up to, not including, `until` (UTC); the oldest first."""
    span = {"workspace": workspace_id, "person": person_id, "since": since, "until": until}
    return [
        Held(row.kind, row.occasion, row.subject, Why(row.why), row.held_at, row.said_at) for row in HELD.all(tx, span)
    ]


def _move(row: Any) -> Move:
    return Move(row.id, row.person_id, row.kind, row.moved_at, row.until, row.ended_at, row.ended_by)
