"""Reads about the workspace."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.store.sql import Prepared, table_of
from bot.workspace.model import WorkspaceSetting
from bot.workspace.rules import Settings, settings_of

setting = table_of(WorkspaceSetting)

CURRENT = Prepared(
    select(setting.c.name, setting.c.value, setting.c.version).where(
        setting.c.workspace_id == bindparam("workspace"), setting.c.superseded_at.is_(None)
    )
)


def settings(tx: Connection, workspace_id: str) -> Settings:
    """What this workspace has decided, with the defaults of the rest."""
    return settings_of(values(tx, workspace_id))


def values(tx: Connection, workspace_id: str) -> dict[str, Any]:
    """The settings that were saved, by name."""
    return {row.name: row.value for row in CURRENT.all(tx, {"workspace": workspace_id})}
