"""The rows behind who does what: added and closed, never rewritten. Each takes a running transaction."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from bot.audit.service import Change
from bot.people import queries
from bot.people.model import Placement, RoleAssignment
from bot.people.rules import Stint
from bot.store.sql import insert_once, table_of
from bot.store.types import new_id

assignment = table_of(RoleAssignment)

ROLE = "role."
"""The beginning of what the audit log calls a role: `role.SDR`."""


class Stamp(NamedTuple):
    """What every row carries: whose it is, who says so, and when it was recorded."""

    workspace_id: str
    by: str
    at: datetime


def overlapping(tx: Connection, workspace_id: str, wanted: Stint) -> Stint | None:
    """Another assignment of the same role to the same person that shares a day with `wanted`."""
    held = queries.stints_of(tx, workspace_id, [wanted.person_id])
    same = (stint for stint in held if stint.role == wanted.role and stint.id != wanted.id)
    return next((stint for stint in same if stint.meets(wanted.start, wanted.end)), None)


def place(tx: Connection, stamp: Stamp, change: Change) -> None:
    """Let one aspect of a person hold from the change's day on."""
    values = {
        "workspace_id": stamp.workspace_id,
        "id": new_id(),
        "person_id": change.person_id,
        "aspect": change.what,
        "value": change.after,
        "start_day": change.start_day,
        "recorded_at": stamp.at,
        "recorded_by": stamp.by,
    }
    insert_once(tx, Placement, values)


def add(tx: Connection, stamp: Stamp, stint: Stint) -> Change:
    """A new assignment."""
    _insert(tx, stamp, stint)
    return Change(stint.person_id, f"{ROLE}{stint.role}", None, _days(stint), stint.start)


def rewrite(tx: Connection, stamp: Stamp, stint: Stint, change: Change) -> None:
    """Another version of an assignment; none where the change leaves nothing of it."""
    this = (assignment.c.workspace_id == stamp.workspace_id) & (assignment.c.id == stint.id)
    standing = assignment.c.superseded_at.is_(None)
    tx.execute(assignment.update().where(this, standing).values(superseded_at=stamp.at, superseded_by=stamp.by))
    if change.after:
        _insert(tx, stamp, with_days(stint, change.after))


def change_of(stint: Stint, after: Stint | None) -> Change:
    """An assignment that gets other days, or (None) is taken back."""
    start = after.start if after else stint.start
    return Change(stint.person_id, f"{ROLE}{stint.role}", _days(stint), _days(after) if after else None, start)


def with_days(stint: Stint, days: Mapping[str, Any]) -> Stint:
    """The next version of an assignment, with the days that the audit log keeps."""
    end = date.fromisoformat(days["until"]) if days.get("until") else None
    return stint._replace(version=stint.version + 1, start=date.fromisoformat(days["from"]), end=end)


def _days(stint: Stint) -> dict[str, str | None]:
    return {"id": str(stint.id), "from": stint.start.isoformat(), "until": stint.end.isoformat() if stint.end else None}


def _insert(tx: Connection, stamp: Stamp, stint: Stint) -> None:
    values = {
        "workspace_id": stamp.workspace_id,
        "id": stint.id,
        "version": stint.version,
        "person_id": stint.person_id,
        "role": stint.role,
        "start_day": stint.start,
        "end_day": stint.end,
        "recorded_at": stamp.at,
        "recorded_by": stamp.by,
    }
    insert_once(tx, RoleAssignment, values)
