"""What pay is made of: which leads were re-qualified, and who helped with which company's deal, with two times."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, or_, select

from bot.handoffs.queries import account, change, handoff
from bot.handoffs.states import SOLD_AGAIN, Kind, State
from bot.store.sql import Prepared


class Requalified(NamedTuple):
    """A lead that was given and sold again: who gave it when, and when it was re-qualified."""

    handoff_id: UUID
    n: int
    giver_id: str
    given_at: datetime
    at: datetime
    recorded_at: datetime
    company: str


class Helped(NamedTuple):
    """Somebody who joined a company's deal, and since when."""

    account_id: UUID
    person_id: str
    at: datetime


_OF_IT = and_(change.c.workspace_id == handoff.c.workspace_id, change.c.handoff_id == handoff.c.id)
_KNOWN = change.c.recorded_at <= bindparam("known", type_=change.c.recorded_at.type)
REQUALIFIED = Prepared(
    select(
        handoff.c.id,
        change.c.n,
        handoff.c.giver_id,
        handoff.c.recorded_at.label("given_at"),
        change.c.at,
        change.c.recorded_at,
        account.c.name,
    )
    .select_from(handoff)
    .join(change, _OF_IT)
    .join(account, and_(account.c.workspace_id == handoff.c.workspace_id, account.c.id == handoff.c.account_id))
    .where(
        handoff.c.workspace_id == bindparam("workspace"),
        change.c.after == State.REQUALIFIED.value,
        or_(*(handoff.c.kind == each.value for each in sorted(SOLD_AGAIN))),
        _KNOWN,
    )
    .order_by(handoff.c.id, change.c.n)
)
HELPED = Prepared(
    select(handoff.c.account_id, change.c.taker_id, change.c.at)
    .select_from(handoff)
    .join(change, _OF_IT)
    .where(
        handoff.c.workspace_id == bindparam("workspace"),
        handoff.c.kind == Kind.HELP.value,
        change.c.after == State.ACCEPTED.value,
        change.c.taker_id.is_not(None),
        _KNOWN,
    )
    .order_by(change.c.at, handoff.c.id)
)


def requalified(tx: Connection, workspace_id: str, known: datetime) -> list[Requalified]:
    """Every lead that was re-qualified, by what was recorded at `known` (UTC)."""
    return [Requalified(*row) for row in REQUALIFIED.all(tx, {"workspace": workspace_id, "known": known})]


def helped(tx: Connection, workspace_id: str, known: datetime) -> list[Helped]:
    """Everybody who joined a deal, likewise, the first to do so first."""
    return [Helped(*row) for row in HELPED.all(tx, {"workspace": workspace_id, "known": known})]
