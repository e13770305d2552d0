"""The leads that were re-qualified, credited to whoever gave them."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, select

from bot.handoffs.model import Handoff, HandoffChange
from bot.handoffs.states import State
from bot.people.queries import LATEST
from bot.store.sql import Prepared, one_of, table_of

handoff = table_of(Handoff)
change = table_of(HandoffChange)

_SAID = exists().where(
    change.c.workspace_id == handoff.c.workspace_id,
    change.c.handoff_id == handoff.c.id,
    change.c.after == State.REQUALIFIED.value,
    change.c.recorded_at <= bindparam("known", type_=change.c.recorded_at.type),
)
QUALIFIED = Prepared(
    select(handoff.c.id, handoff.c.giver_id, handoff.c.settled_at.label("at")).where(
        handoff.c.workspace_id == bindparam("workspace"),
        one_of(handoff.c.giver_id, "people"),
        handoff.c.settled_at >= bindparam("start", type_=handoff.c.settled_at.type),
        handoff.c.settled_at < bindparam("end", type_=handoff.c.settled_at.type),
        _SAID,
    )
)


class Qualified(NamedTuple):
    """A hand-off that was re-qualified: who gave it, and when it was (UTC)."""

    handoff_id: UUID
    giver_id: str
    at: datetime


def qualified(
    tx: Connection,
    workspace_id: str,
    giver_ids: Collection[str],
    start: datetime,
    end: datetime,
    known: datetime | None = None,
) -> list[Qualified]:
    """What these people gave and was re-qualified in [start, end), by what was recorded at `known`."""
    values = {"workspace": workspace_id, "people": giver_ids, "start": start, "end": end, "known": known or LATEST}
    return [Qualified(*row) for row in QUALIFIED.all(tx, values)]
