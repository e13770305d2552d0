"""The deals that people have won, as they stand or as they stood: what targets are measured by."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, select

from bot.deals.endings import ending
from bot.deals.queries import deal
from bot.deals.states import Kind, Stage, What
from bot.money import Money
from bot.store.sql import Param, Prepared, one_of, unindexed

WORKSPACE: Param = bindparam("workspace")
START: Param = bindparam("start", type_=deal.c.closed_at.type)
END: Param = bindparam("end", type_=deal.c.closed_at.type)
KNOWN: Param = bindparam("known", type_=ending.c.recorded_at.type)

STANDING = Prepared(
    select(deal.c.id, deal.c.owner_id, deal.c.kind, deal.c.amount, deal.c.currency, deal.c.closed_at).where(
        deal.c.workspace_id == WORKSPACE,
        one_of(deal.c.owner_id, "people"),
        deal.c.stage == Stage.WON.value,
        deal.c.closed_at >= START,
        deal.c.closed_at < END,
    )
)
_LATER = ending.alias("later")
KNOWN_THEN = Prepared(
    select(
        ending.c.deal_id.label("id"),
        *(ending.c[name] for name in ("owner_id", "kind", "amount", "currency")),
        ending.c.happened_at.label("closed_at"),
    ).where(
        ending.c.workspace_id == WORKSPACE,
        one_of(ending.c.owner_id, "people"),
        ending.c.what == What.WON.value,
        unindexed(ending.c.happened_at) >= START,
        unindexed(ending.c.happened_at) < END,
        ending.c.recorded_at <= KNOWN,
        ~exists().where(
            _LATER.c.workspace_id == ending.c.workspace_id,
            _LATER.c.deal_id == ending.c.deal_id,
            _LATER.c.n > ending.c.n,
            _LATER.c.recorded_at <= KNOWN,
        ),
    )
)


KINDS = {kind.value: kind for kind in Kind}
"""Looked up, and not made by the enumeration, which takes ten times as long: a team has thousands of wins."""


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

    With `known`, as it stood by what was recorded then: the last ending of each deal.
    """
    when = {"workspace": workspace_id, "people": person_ids, "start": start, "end": end}
    rows = STANDING.all(tx, when) if known is None else KNOWN_THEN.all(tx, {**when, "known": known})
    return [Win(row.id, row.owner_id, KINDS[row.kind], _money(row.amount, row.currency), row.closed_at) for row in rows]


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(currency, minor)
