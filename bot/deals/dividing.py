"""A won deal is divided anew: rows are added, and what was known before stays known. Runs inside a transaction."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action, may
from bot.deals import changes, checks, closing, queries
from bot.deals.queries import DealRow
from bot.deals.states import Stage, Turn, What
from bot.errors import Refused
from bot.people import queries as people


def divide_won(
    tx: Connection,
    actor: Actor,
    row: DealRow,
    said: Collection[tuple[str, Decimal]],
    *,
    note: str | None,
    origin: str,
    now: datetime,
) -> DealRow | None:
    """Other shares of a deal that is won: for whoever leads its owner, and operations, for it is what people are paid.

    Raises:
        Refused: when it is not won, the actor may not, the customer has left since, or the shares are none.
    """
    if row.stage is not Stage.WON:
        closing.refuse_closed(tx, actor.workspace_id, row)
    if not may_divide(tx, actor, row, now):
        can = people.who_can(tx, actor.workspace_id, row.owner_id, people.today_of(actor, now))
        raise Refused("deals.split.won", company=row.company, can=", ".join(can))
    if _has_left(tx, actor.workspace_id, row):
        raise Refused("deals.split.left", company=row.company)
    shares = checks.shares_said(tx, actor, row.owner_id, said, now)
    values = {"shares": shares}
    return changes.change(
        tx, actor.workspace_id, row, What.SPLIT, values, by=actor.id, origin=origin, now=now, note=note
    )


def may_divide(tx: Connection, actor: Actor, row: DealRow, now: datetime) -> bool:
    """Whether somebody may say who has a share of a deal: of an open one whoever may change it."""
    relation = people.relation(tx, actor, row.owner_id, now)
    if row.is_open:
        return may(actor, Action.CHANGE_DEALS, relation)
    return row.stage is Stage.WON and row.owner_id != actor.id and may(actor, Action.SET_QUOTAS, relation)


def _has_left(tx: Connection, workspace_id: str, row: DealRow) -> bool:
    """Whether the customer left after the deal was won: what it paid was taken back then."""
    assert row.closed_at is not None
    later = [
        each
        for each in queries.customer_changes(tx, workspace_id, row.account_id)
        if each.what in {Turn.CHURNED, Turn.UNDONE} and each.happened_at >= row.closed_at
    ]
    return any(
        each.what == Turn.CHURNED and (n + 1 == len(later) or later[n + 1].what != Turn.UNDONE)
        for n, each in enumerate(later)
    )
