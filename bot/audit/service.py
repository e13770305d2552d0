"""Writing and reading the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from bot.audit.model import AuditEntry
from bot.store.sql import insert_once, table_of
from bot.store.types import new_id

entry = table_of(AuditEntry)

COMMAND_LINE = "command line"
"""Who changed something with `baton import`: whoever has the database."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of one person (or, with `person_id` None, of the workspace) as it was and as it is.

    `before` and `after` are plain JSON; None stands for "not set". `start_day` is the day from which it holds.
    """

    person_id: str | None
    what: str
    before: Any
    after: Any
    start_day: date | None = None
    id: UUID = field(default_factory=new_id)
    at: datetime | None = None
    by: str = ""


def record(tx: Connection, workspace_id: str, changes: Sequence[Change], *, by: str, now: datetime) -> None:
    """Keep what the running transaction changes."""
    for each in changes:
        values = {
            "workspace_id": workspace_id,
            "id": each.id,
            "person_id": each.person_id,
            "what": each.what,
            "before": each.before,
            "after": each.after,
            "start_day": each.start_day,
            "recorded_at": now,
            "recorded_by": by,
        }
        insert_once(tx, AuditEntry, values)


def changes(
    tx: Connection,
    workspace_id: str,
    *,
    people: Sequence[str] | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    offset: int = 0,
    limit: int = 20,
) -> list[Change]:
    """Changes, newest first: of `people` (None: of everybody and of the workspace), recorded in [start, end)."""
    wanted = select(entry).where(entry.c.workspace_id == workspace_id)
    if people is not None:
        wanted = wanted.where(entry.c.person_id.in_(people))
    if start is not None:
        wanted = wanted.where(entry.c.recorded_at >= start)
    if end is not None:
        wanted = wanted.where(entry.c.recorded_at < end)
    newest = wanted.order_by(entry.c.recorded_at.desc(), entry.c.id.desc()).offset(offset).limit(limit)
    return [_change(row) for row in tx.execute(newest)]


def find(tx: Connection, workspace_id: str, ids: Sequence[UUID]) -> list[Change]:
    """The changes with these ids, in the order they were made."""
    found = select(entry).where(entry.c.workspace_id == workspace_id, entry.c.id.in_(ids)).order_by(entry.c.id)
    return [_change(row) for row in tx.execute(found)]


def latest(tx: Connection, workspace_id: str, person_id: str | None, what: str) -> Change | None:
    """The newest change of one thing."""
    newest = (
        select(entry)
        .where(entry.c.workspace_id == workspace_id, entry.c.person_id == person_id, entry.c.what == what)
        .order_by(entry.c.recorded_at.desc(), entry.c.id.desc())
        .limit(1)
    )
    row = tx.execute(newest).first()
    return _change(row) if row else None


def _change(row: Any) -> Change:
    return Change(
        row.person_id, row.what, row.before, row.after, row.start_day, row.id, row.recorded_at, row.recorded_by
    )
