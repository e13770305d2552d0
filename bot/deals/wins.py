"""The deals that people have won, as they stand or as they stood: what targets are measured by."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from bot.deals.model import Deal, DealChange
from bot.deals.rules import Change, as_of
from bot.deals.states import Kind, Stage, What
from bot.money import Money
from bot.store.sql import Param, Prepared, one_of, table_of

deal = table_of(Deal)
change = table_of(DealChange)

WORKSPACE: Param = bindparam("workspace")
START: Param = bindparam("start", type_=deal.c.closed_at.type)
END: Param = bindparam("end", type_=deal.c.closed_at.type)
KNOWN: Param = bindparam("known", type_=change.c.recorded_at.type)

STANDING = Prepared(
    select(deal.c.id, deal.c.owner_id, deal.c.kind, deal.c.amount, deal.c.currency, deal.c.closed_at).where(
        deal.c.workspace_id == WORKSPACE,
        one_of(deal.c.owner_id, "people"),
        deal.c.stage == Stage.WON.value,
        deal.c.closed_at >= START,
        deal.c.closed_at < END,
    )
)
_WON = (
    select(change.c.deal_id)
    .where(
        change.c.workspace_id == WORKSPACE,
        change.c.what == What.WON.value,
        change.c.happened_at >= START,
        change.c.happened_at < END,
        change.c.recorded_at <= KNOWN,
    )
    .distinct()
)
KNOWN_THEN = Prepared(
    select(change.c.deal_id, *(change.c[name] for name in Change._fields))
    .where(change.c.workspace_id == WORKSPACE, change.c.deal_id.in_(_WON), change.c.recorded_at <= KNOWN)
    .order_by(change.c.deal_id, change.c.n)
)


class Win(NamedTuple):
    """A deal that is won: who has the credit, for how much (None: nobody said), and when (UTC)."""

    deal_id: UUID
    owner_id: str
    kind: Kind
    money: Money | None
    at: datetime


def wins(
    tx: Connection,
    workspace_id: str,
    person_ids: Collection[str],
    start: datetime,
    end: datetime,
    known: datetime | None = None,
) -> list[Win]:
    """What these people won in [start, end). One that was reopened is no win until it is won again.

    With `known`, as it stood by what was recorded then: the fold of each deal's changes.
    """
    when = {"workspace": workspace_id, "start": start, "end": end}
    if known is None:
        rows = STANDING.all(tx, {**when, "people": person_ids})
        return [
            Win(row.id, row.owner_id, Kind(row.kind), _money(row.amount, row.currency), row.closed_at) for row in rows
        ]
    found = _folded(KNOWN_THEN.all(tx, {**when, "known": known}))
    return [win for win in found if win.owner_id in person_ids and start <= win.at < end]


def _folded(rows: Iterable[Any]) -> Iterator[Win]:
    by_deal: dict[UUID, list[Change]] = {}
    for row in rows:
        by_deal.setdefault(row.deal_id, []).append(Change(*row[1:]))
    for deal_id, changes in by_deal.items():
        stood = as_of(changes)
        if stood and stood.get("stage") == Stage.WON:
            money = _money(stood.get("amount"), stood["currency"])
            yield Win(
                deal_id, stood["owner_id"], Kind(stood["kind"]), money, datetime.fromisoformat(stood["closed_at"])
            )


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(currency, minor)
