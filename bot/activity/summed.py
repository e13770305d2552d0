"""How much of each kind people did within some days, added up by the database: a thousand people have many days."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from bot.activity.counted import SPAN, WORKSPACE, total
from bot.store.sql import Prepared, one_of

SUMS = Prepared(
    select(total.c.person_id, total.c.kind, func.sum(total.c.quantity).label("quantity"))
    .where(
        total.c.workspace_id == WORKSPACE,
        one_of(total.c.person_id, "people"),
        total.c.day.between(*SPAN),
        total.c.quantity > 0,
    )
    .group_by(total.c.person_id, total.c.kind)
)


def sums(
    tx: Connection, workspace_id: str, person_ids: Collection[str], first: date, last: date
) -> dict[str, dict[str, int]]:
    """By person and kind, what was logged for the days `first` to `last`, both included, as it stands."""
    found: dict[str, dict[str, int]] = {}
    values: dict[str, Any] = {"workspace": workspace_id, "people": person_ids, "first": first, "last": last}
    for row in SUMS.all(tx, values):
        found.setdefault(row.person_id, {})[row.kind] = int(row.quantity)
    return found
