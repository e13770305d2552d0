"""Reads about Home."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from bot.home.model import HomeTab
from bot.store.sql import Prepared, table_of

tab = table_of(HomeTab)

LOOKING = Prepared(
    select(tab.c.person_id).where(
        tab.c.workspace_id == bindparam("workspace"),
        tab.c.opened_at >= bindparam("since", type_=tab.c.opened_at.type),
    )
)


def watching(tx: Connection, workspace_id: str, since: datetime) -> set[str]:
    """Who has opened their Home since then."""
    return {row.person_id for row in LOOKING.all(tx, {"workspace": workspace_id, "since": since})}
