"""The rows behind absences: added and closed, never rewritten. Each takes a running transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.absence.model import Absence
from bot.absence.rules import Leave
from bot.audit import service as audit
from bot.audit.service import Change
from bot.people.history import Stamp
from bot.store.sql import table_of

absence = table_of(Absence)

_Plain = dict[str, Any] | None

WHAT = "absence"
"""What the audit log calls it."""

BY_SLACK = "slack"
"""Who recorded what a status in Slack told."""


def add(tx: Connection, stamp: Stamp, leave: Leave) -> Leave:
    """A new absence."""
    _insert(tx, stamp, leave)
    _audit(tx, stamp, leave, None, _plain(leave))
    return leave


def end(tx: Connection, stamp: Stamp, leave: Leave) -> Leave:
    """Let an absence be over: now if it has begun, so that what has passed stays; without a trace in time if not."""
    return end_at(tx, stamp, leave, stamp.at)


def end_at(tx: Connection, stamp: Stamp, leave: Leave, at: datetime) -> Leave:
    """Let an absence end at another moment."""
    this = (absence.c.workspace_id == stamp.workspace_id) & (absence.c.id == leave.id)
    standing = absence.c.superseded_at.is_(None)
    tx.execute(absence.update().where(this, standing).values(superseded_at=stamp.at, superseded_by=stamp.by))
    after = leave._replace(version=leave.version + 1, end_at=at)
    if leave.start_at < at:
        _insert(tx, stamp, after)
    _audit(tx, stamp, leave, _plain(leave), _plain(after) if leave.start_at < at else None)
    return after


def _insert(tx: Connection, stamp: Stamp, leave: Leave) -> None:
    tx.execute(
        absence.insert().values(
            **leave._asdict(), workspace_id=stamp.workspace_id, recorded_at=stamp.at, recorded_by=stamp.by
        )
    )


def _audit(tx: Connection, stamp: Stamp, leave: Leave, before: _Plain, after: _Plain) -> None:
    """Keep what one person changes of another; a status in Slack is the person's own."""
    if stamp.by not in (leave.person_id, BY_SLACK):
        change = Change(leave.person_id, WHAT, before, after, leave.start_at.date())
        audit.record(tx, stamp.workspace_id, [change], by=stamp.by, now=stamp.at)


def _plain(leave: Leave) -> dict[str, Any]:
    times = {"from": leave.start_at.isoformat(), "until": leave.end_at.isoformat()}
    return {"id": str(leave.id), "kind": leave.kind, **times}
