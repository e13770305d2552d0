"""The end of a workspace's rows, page by page, once the days are over that somebody has for coming back."""

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, Table, delete, select, tuple_, update
from sqlmodel import SQLModel

from bot.installations import queries
from bot.installations.model import Installation
from bot.installations.states import State
from bot.store.engine import Store
from bot.store.sql import one_at_a_time, table_of
from bot.store.walls import within

log = structlog.get_logger()

installation = table_of(Installation)

PAGE = 1000
"""Rows that one transaction deletes; on SQLite everybody else's writing waits that long."""

KEPT = frozenset({"workspace_id", "state", "installed_at", "ended_at", "version", "purged", "purged_at", "scopes"})
"""What is left of an installation: that it was, and the receipt."""


def purge(store: Store, workspace_id: str, before: datetime, now: datetime) -> bool:
    """Delete every row of a workspace that was removed before that moment (UTC); any number of processes may try, and
    one that ended half-way is continued.

    Returns:
        Whether this call was the one that finished it, and left the receipt in the log.
    """
    counts: dict[str, int] = {}
    while True:
        with within(workspace_id), store.write() as tx:
            row = _mine(tx, workspace_id, before)
            if row is None:
                return False
            counts = dict(row.purged or {})
            is_more = any(_some_of(tx, each, workspace_id, counts) for each in _tables())
            _note(tx, workspace_id, counts, None if is_more else now)
        if not is_more:
            log.info("workspace_purged", workspace=workspace_id, rows=sum(counts.values()), by_table=counts)
            return True


def _mine(tx: Connection, workspace_id: str, before: datetime) -> Any | None:
    """The row of a workspace that is to be purged, and its turn."""
    one_at_a_time(tx, f"installation:{workspace_id}")
    row = queries.find(tx, workspace_id)
    is_over = row is not None and row.state == State.ENDED and row.ended_at < before
    return row if is_over or (row is not None and row.state == State.PURGING) else None


def _tables() -> list[Table]:
    """Every table with rows of workspaces, so that those come first which refer to others."""
    tables = reversed(SQLModel.metadata.sorted_tables)
    return [each for each in tables if "workspace_id" in each.c and each is not installation]


def _some_of(tx: Connection, table: Table, workspace_id: str, counts: dict[str, int]) -> bool:
    """Delete a page of a table; whether there was anything in it."""
    page = select(*table.primary_key).where(table.c.workspace_id == workspace_id).limit(PAGE)
    gone = tx.execute(delete(table).where(tuple_(*table.primary_key).in_(page))).rowcount
    if gone:
        counts[table.name] = counts.get(table.name, 0) + gone
    return bool(gone)


def _note(tx: Connection, workspace_id: str, counts: dict[str, int], finished_at: datetime | None) -> None:
    values: dict[str, Any] = {"state": State.PURGING.value, "purged": counts}
    if finished_at:
        values |= {"state": State.PURGED.value, "purged_at": finished_at, "scopes": ""}
        values |= {column.name: None for column in installation.c if column.nullable and column.name not in KEPT}
    tx.execute(update(installation).where(installation.c.workspace_id == workspace_id).values(**values))
