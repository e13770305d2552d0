"""What pay is made of: which leads were re-qualified, and who helped with which company's deal, with two times."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, bindparam, or_, select, union

from bot.handoffs.queries import account, change, handoff
from bot.handoffs.states import SOLD_AGAIN, Kind, State
from bot.store.sql import Param, Prepared, one_of_ids


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
_FIRST: Param = bindparam("first", type_=handoff.c.settled_at.type)
_END: Param = bindparam("end", type_=handoff.c.settled_at.type)


def _requalified(*narrower: ColumnElement[bool]) -> Prepared:
    return Prepared(
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
            *narrower,
        )
        .order_by(handoff.c.id, change.c.n)
    )


def _helped(*narrower: ColumnElement[bool]) -> Prepared:
    return Prepared(
        select(handoff.c.account_id, change.c.taker_id, change.c.at)
        .select_from(handoff)
        .join(change, _OF_IT)
        .where(
            handoff.c.workspace_id == bindparam("workspace"),
            handoff.c.kind == Kind.HELP.value,
            change.c.after == State.ACCEPTED.value,
            change.c.taker_id.is_not(None),
            _KNOWN,
            *narrower,
        )
        .order_by(change.c.at, handoff.c.id)
    )


REQUALIFIED = _requalified()
_GIVEN = select(handoff.c.id).where(
    handoff.c.workspace_id == bindparam("workspace"), handoff.c.giver_id == bindparam("person")
)
_UNSETTLED = (handoff.c.settled_at < _FIRST, handoff.c.settled_at >= _END, one_of_ids(handoff.c.id, "handoffs"))
REQUALIFIED_OF = _requalified(handoff.c.id.in_(union(*(_GIVEN.where(each) for each in _UNSETTLED))))
"""Each part by its index."""
HELPED = _helped()
HELPED_BY = _helped(change.c.taker_id == bindparam("person"))


def requalified(tx: Connection, workspace_id: str, known: datetime) -> list[Requalified]:
    """Every lead that was re-qualified, by what was recorded at `known` (UTC)."""
    return [Requalified(*row) for row in REQUALIFIED.all(tx, {"workspace": workspace_id, "known": known})]


def requalified_of(
    tx: Connection,
    workspace_id: str,
    person_id: str,
    known: datetime,
    settled: tuple[datetime, datetime],
    handoff_ids: Collection[UUID],
) -> list[Requalified]:
    """Those that one person gave: these hand-offs, and all that was not settled in the stretch [first, end)."""
    values = {"workspace": workspace_id, "known": known, "person": person_id, "handoffs": handoff_ids}
    rows = REQUALIFIED_OF.all(tx, {**values, "first": settled[0], "end": settled[1]})
    return [Requalified(*row) for row in rows]


def helped(tx: Connection, workspace_id: str, known: datetime) -> list[Helped]:
    """Everybody who joined a deal, likewise, the first to do so first."""
    return [Helped(*row) for row in HELPED.all(tx, {"workspace": workspace_id, "known": known})]


def helped_by(tx: Connection, workspace_id: str, person_id: str, known: datetime) -> list[Helped]:
    """The deals that one person joined."""
    rows = HELPED_BY.all(tx, {"workspace": workspace_id, "known": known, "person": person_id})
    return [Helped(*row) for row in rows]
