"""Deals as a digest tells of them: what was won within some days, with the assist, and companies by their deals."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, select

from bot.accounts.queries import account
from bot.deals.queries import deal
from bot.deals.states import Kind, Stage
from bot.money import Money
from bot.store.sql import Param, Prepared, one_of, one_of_ids

WORKSPACE: Param = bindparam("workspace")
TO_COMPETITOR = "competitor"
"""The reason of a deal that somebody else won."""

_AT = and_(account.c.workspace_id == deal.c.workspace_id, account.c.id == deal.c.account_id)

WON = Prepared(
    select(
        deal.c.id,
        account.c.name,
        deal.c.owner_id,
        deal.c.giver_id,
        deal.c.kind,
        deal.c.amount,
        deal.c.currency,
        deal.c.closed_at,
    )
    .join(account, _AT)
    .where(
        deal.c.workspace_id == WORKSPACE,
        one_of(deal.c.owner_id, "people"),
        deal.c.stage == Stage.WON.value,
        deal.c.closed_at >= bindparam("start", type_=deal.c.closed_at.type),
        deal.c.closed_at < bindparam("end", type_=deal.c.closed_at.type),
    )
    .order_by(deal.c.closed_at, deal.c.id)
)
LOST = Prepared(
    select(account.c.name, deal.c.owner_id, deal.c.reason_note, deal.c.closed_at)
    .join(account, _AT)
    .where(
        deal.c.workspace_id == WORKSPACE,
        one_of(deal.c.owner_id, "people"),
        deal.c.stage == Stage.LOST.value,
        deal.c.reason == TO_COMPETITOR,
        deal.c.reason_note.is_not(None),
        deal.c.closed_at >= bindparam("start", type_=deal.c.closed_at.type),
        deal.c.closed_at < bindparam("end", type_=deal.c.closed_at.type),
    )
    .order_by(deal.c.closed_at, deal.c.id)
)
NAMED = Prepared(
    select(deal.c.id, account.c.name)
    .join(account, _AT)
    .where(deal.c.workspace_id == WORKSPACE, one_of_ids(deal.c.id, "deals"))
)


class Won(NamedTuple):
    """A deal that was won: by whom, with whose assist, and for how much."""

    deal_id: UUID
    company: str
    owner_id: str
    giver_id: str | None
    kind: Kind
    money: Money | None
    at: datetime


def won(tx: Connection, workspace_id: str, person_ids: Collection[str], start: datetime, end: datetime) -> list[Won]:
    """What these people won in [start, end), in that order; renewals too."""
    rows = WON.all(tx, {"workspace": workspace_id, "people": person_ids, "start": start, "end": end})
    return [
        Won(
            row.id,
            row.name,
            row.owner_id,
            row.giver_id,
            Kind(row.kind),
            None if row.amount is None else Money(row.currency, row.amount),
            row.closed_at,
        )
        for row in rows
    ]


class Lost(NamedTuple):
    """A deal that was lost to a competitor: which one, as its owner noted it."""

    company: str
    owner_id: str
    note: str
    at: datetime


def lost_to_competitors(
    tx: Connection, workspace_id: str, person_ids: Collection[str], start: datetime, end: datetime
) -> list[Lost]:
    """What these people lost to a competitor in [start, end), with a note, in that order."""
    values = {"workspace": workspace_id, "people": person_ids, "start": start, "end": end}
    return [Lost(*row) for row in LOST.all(tx, values)]


def companies(tx: Connection, workspace_id: str, deal_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of the companies of these deals, by the deal's id."""
    if not deal_ids:
        return {}
    return {row.id: row.name for row in NAMED.all(tx, {"workspace": workspace_id, "deals": deal_ids})}
