"""Reads about installations."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, not_, select

from bot.installations.model import Installation
from bot.installations.states import State
from bot.store.sql import Prepared, one_of, table_of

installation = table_of(Installation)

ONE = Prepared(select(installation).where(installation.c.workspace_id == bindparam("workspace")))
GONE = Prepared(
    select(installation.c.workspace_id).where(
        one_of(installation.c.workspace_id, "workspaces"), installation.c.state != State.ACTIVE.value
    )
)


def find(tx: Connection, workspace_id: str) -> Any | None:
    """The row of a workspace or organisation, or None."""
    return ONE.first(tx, {"workspace": workspace_id})


def is_served(workspace_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the workspace of a row is served: all are but those from which Baton was removed."""
    its = installation.alias()
    return not_(exists().where(its.c.workspace_id == workspace_id, its.c.state != State.ACTIVE.value))


def served(tx: Connection) -> list[str]:
    """Every workspace in which Baton is installed, by id; a look over all of them."""
    is_workspace = and_(installation.c.state == State.ACTIVE, installation.c.is_organisation.is_(False))
    found = select(installation.c.workspace_id).where(is_workspace).order_by(installation.c.workspace_id)
    return list(tx.scalars(found))


def gone(tx: Connection, workspace_ids: Collection[str]) -> set[str]:
    """Those of these workspaces from which Baton was removed."""
    return {row.workspace_id for row in GONE.all(tx, {"workspaces": workspace_ids})}


def over(tx: Connection, before: datetime) -> list[str]:
    """Workspaces that are to be purged: removed before that moment (UTC), or half purged; a look over all of them."""
    is_over = and_(installation.c.state == State.ENDED, installation.c.ended_at < before)
    is_half = installation.c.state == State.PURGING
    found = select(installation.c.workspace_id).where(is_over | is_half).order_by(installation.c.workspace_id)
    return list(tx.scalars(found))


def some_sealed(tx: Connection) -> str | None:
    """A token as it is stored, the one that was installed first; None where there is none."""
    found = select(installation.c.sealed_token).where(installation.c.sealed_token.is_not(None))
    return tx.scalars(found.order_by(installation.c.installed_at).limit(1)).first()
