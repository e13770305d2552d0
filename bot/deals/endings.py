"""How deals ended and customers left, with how they stood then: kept with the changes that say so, and read by whose
they are. Everything here runs inside a caller's transaction.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from bot.deals.model import CustomerCarer, CustomerLeaving, DealEnding, DealOwner, DealShare
from bot.deals.queries import CustomerRow, DealRow
from bot.deals.rules import Change
from bot.deals.states import PIPELINE, Turn, What
from bot.store.sql import insert_once, table_of

ending = table_of(DealEnding)
owner = table_of(DealOwner)
share = table_of(DealShare)
leaving = table_of(CustomerLeaving)
carer = table_of(CustomerCarer)

ENDS = frozenset({What.WON, What.LOST, What.REOPENED})

_OF_DEAL = "account_id kind owner_id giver_id lead_id handoff_id amount currency shares reason opened_at".split()
_OF_CUSTOMER = "deal_id csm_id amount currency".split()


def furthest(changes: Iterable[Change]) -> str | None:
    """The last of the open stages that a deal ever stood in, in their order; None for one that began closed."""
    stood_in = {each.after.get("stage") for each in changes}
    return next((stage.value for stage in reversed(PIPELINE) if stage in stood_in), None)


def keep_owner(tx: Connection, workspace_id: str, deal_id: UUID, person_id: str) -> None:
    """Remember whose a deal is."""
    insert_once(tx, DealOwner, {"workspace_id": workspace_id, "person_id": person_id, "deal_id": deal_id})


def keep_shares(tx: Connection, workspace_id: str, deal_id: UUID, person_ids: Iterable[str]) -> None:
    """Remember who has a share of a deal."""
    for person_id in person_ids:
        insert_once(tx, DealShare, {"workspace_id": workspace_id, "person_id": person_id, "deal_id": deal_id})


def keep_ending(tx: Connection, workspace_id: str, row: DealRow, changes: Iterable[Change]) -> None:
    """Keep the last of a deal's changes, which ended it or took that back, with the deal as it stands since then. Where
    it divides a won one anew, that is won once more: on its day, as is known from now on.
    """
    every = tuple(changes)
    last = every[-1]
    if last.what == What.SPLIT and row.closed_at:
        last = last._replace(what=What.WON, happened_at=row.closed_at)
    values = {
        **_key(workspace_id, last),
        **{name: getattr(row, name) for name in _OF_DEAL},
        "deal_id": row.id,
        "furthest": furthest(every),
    }
    tx.execute(ending.insert().values(values))


def keep_leaving(
    tx: Connection, workspace_id: str, known: CustomerRow, values: Mapping[str, Any], last: Change
) -> None:
    """Keep a change of a customer if it says that they left, or had not after all. `values` are its columns."""
    if last.what != Turn.CHURNED and not (last.what == Turn.UNDONE and "churned_at" in values):
        return
    stood = {name: values.get(name, getattr(known, name)) for name in _OF_CUSTOMER}
    tx.execute(leaving.insert().values(**_key(workspace_id, last), **stood, account_id=known.account_id))


def keep_carers(tx: Connection, workspace_id: str, account_id: UUID, values: Mapping[str, Any]) -> None:
    """Remember who cares for a customer, and who sold to them. `values` are the columns that changed."""
    for person_id in filter(None, (values.get("csm_id"), values.get("owner_id"))):
        insert_once(tx, CustomerCarer, {"workspace_id": workspace_id, "person_id": person_id, "account_id": account_id})


def _key(workspace_id: str, change: Change) -> dict[str, Any]:
    times: dict[str, datetime] = {"happened_at": change.happened_at, "recorded_at": change.recorded_at}
    return {"workspace_id": workspace_id, "n": change.n, "what": change.what, **times}
