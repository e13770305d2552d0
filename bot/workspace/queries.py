"""Reads about the workspace."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, or_, select

from bot.store.sql import Param, Prepared, table_of
from bot.workspace.model import WorkspaceSetting
from bot.workspace.rules import Settings, settings_of

setting = table_of(WorkspaceSetting)

KNOWN: Param = bindparam("known", type_=setting.c.recorded_at.type)

CURRENT = Prepared(
    select(setting.c.name, setting.c.value, setting.c.version).where(
        setting.c.workspace_id == bindparam("workspace"), setting.c.superseded_at.is_(None)
    )
)
KNOWN_THEN = Prepared(
    select(setting.c.name, setting.c.value).where(
        setting.c.workspace_id == bindparam("workspace"),
        setting.c.recorded_at <= KNOWN,
        or_(setting.c.superseded_at.is_(None), setting.c.superseded_at > KNOWN),
    )
)
VERSIONS = Prepared(
    select(setting.c.version, setting.c.value, setting.c.recorded_at)
    .where(
        setting.c.workspace_id == bindparam("workspace"),
        setting.c.name == bindparam("setting"),
        setting.c.version >= bindparam("first"),
    )
    .order_by(setting.c.version)
)


class Version(NamedTuple):
    """A setting as it was saved at a moment; versions count from 1."""

    version: int
    value: Any
    recorded_at: datetime


def settings(tx: Connection, workspace_id: str) -> Settings:
    """What this workspace has decided, with the defaults of the rest."""
    return settings_of(values(tx, workspace_id))


def settings_at(tx: Connection, workspace_id: str, known: datetime) -> Settings:
    """What this workspace had decided by what was recorded at `known` (UTC)."""
    rows = KNOWN_THEN.all(tx, {"workspace": workspace_id, "known": known})
    return settings_of({row.name: row.value for row in rows})


def values(tx: Connection, workspace_id: str) -> dict[str, Any]:
    """The settings that were saved, by name."""
    return {row.name: row.value for row in CURRENT.all(tx, {"workspace": workspace_id})}


def versions(tx: Connection, workspace_id: str, name: str, first: int) -> list[Version]:
    """A setting in every version from `first` on, the oldest first; the last one stands."""
    values = {"workspace": workspace_id, "setting": name, "first": first}
    return [Version(*row) for row in VERSIONS.all(tx, values)]


def version(tx: Connection, workspace_id: str, name: str) -> int:
    """The version of a setting that stands; 0 for one that nobody has saved yet."""
    return next((row.version for row in CURRENT.all(tx, {"workspace": workspace_id}) if row.name == name), 0)
