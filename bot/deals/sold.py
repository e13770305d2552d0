"""What pay is made of: the changes of every deal that was ever won, and of the customers who left, with two times."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Text, and_, bindparam, cast, exists, or_, select

from bot.deals.queries import account, change, customer_change, deal
from bot.deals.rules import Change
from bot.deals.states import Turn, What
from bot.store.sql import Prepared


@dataclass(frozen=True, slots=True)
class Sold:
    """A deal that was won at some time: its changes in order, those among them that undid that."""

    deal_id: UUID
    company: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A customer who left at some time, and whether that was taken back: all its changes in order."""

    account_id: UUID
    company: str
    changes: tuple[Change, ...]


OTHER = change.alias("other")
OF_DEAL = and_(OTHER.c.workspace_id == deal.c.workspace_id, OTHER.c.deal_id == deal.c.id)
WAS_WON = exists().where(OF_DEAL, OTHER.c.what == What.WON.value)
NAMED = or_(
    deal.c.owner_id == bindparam("person"),
    deal.c.giver_id == bindparam("person"),
    exists().where(OF_DEAL, cast(OTHER.c.before, Text).contains(bindparam("quoted"))),
)
"""Whose deal it is or was: what somebody else has now names them in a change."""


def _sold() -> Select[Any]:
    known = change.c.recorded_at <= bindparam("known", type_=change.c.recorded_at.type)
    return (
        select(change.c.deal_id, account.c.name.label("company"), *(change.c[name] for name in Change._fields))
        .select_from(change)
        .join(deal, and_(deal.c.workspace_id == change.c.workspace_id, deal.c.id == change.c.deal_id))
        .join(account, and_(account.c.workspace_id == deal.c.workspace_id, account.c.id == deal.c.account_id))
        .where(change.c.workspace_id == bindparam("workspace"), known, WAS_WON)
        .order_by(change.c.deal_id, change.c.n)
    )


OTHER_TURN = customer_change.alias("other_turn")
SOLD = Prepared(_sold())
SOLD_OF = Prepared(_sold().where(NAMED))
LEFT = Prepared(
    select(
        customer_change.c.account_id,
        account.c.name.label("company"),
        *(customer_change.c[name] for name in Change._fields),
    )
    .select_from(customer_change)
    .join(
        account,
        and_(
            account.c.workspace_id == customer_change.c.workspace_id,
            account.c.id == customer_change.c.account_id,
        ),
    )
    .where(
        customer_change.c.workspace_id == bindparam("workspace"),
        customer_change.c.recorded_at <= bindparam("known", type_=customer_change.c.recorded_at.type),
        exists().where(
            OTHER_TURN.c.workspace_id == customer_change.c.workspace_id,
            OTHER_TURN.c.account_id == customer_change.c.account_id,
            OTHER_TURN.c.what == Turn.CHURNED.value,
        ),
    )
    .order_by(customer_change.c.account_id, customer_change.c.n)
)


def sold(tx: Connection, workspace_id: str, known: datetime, person_id: str | None = None) -> list[Sold]:
    """Every deal that was ever won, by what was recorded at `known` (UTC); with a person, those that they have or had,
    or gave the lead of.
    """
    values: dict[str, Any] = {"workspace": workspace_id, "known": known}
    if person_id is None:
        rows = SOLD.all(tx, values)
    else:
        rows = SOLD_OF.all(tx, {**values, "person": person_id, "quoted": f'"{person_id}"'})
    return [Sold(*each) for each in _in_groups(rows)]


def left(tx: Connection, workspace_id: str, known: datetime) -> list[Left]:
    """Every customer who ever left, likewise."""
    return [Left(*each) for each in _in_groups(LEFT.all(tx, {"workspace": workspace_id, "known": known}))]


def _in_groups(rows: list[Any]) -> Iterator[tuple[UUID, str, tuple[Change, ...]]]:
    for (of, company), each in groupby(rows, key=lambda row: (row[0], row[1])):
        yield of, company, tuple(Change(*row[2:]) for row in each)
