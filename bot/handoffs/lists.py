"""Hand-offs in one line each, many at once: reads for Home, and of what is overdue."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, or_, select

from bot.handoffs.queries import HERE, IS_SOLD_AGAIN, account, handoff, offer
from bot.handoffs.states import Kind, State
from bot.store.sql import Prepared, one_of


class Glance(NamedTuple):
    """A hand-off in one line, with one of its offers (the one that runs, if none else is named): for lists of many."""

    id: UUID
    kind: Kind
    state: State
    company: str
    giver_id: str
    taker_id: str | None
    recorded_at: datetime
    accepted_at: datetime | None
    touch_due_at: datetime | None
    offered_to: str | None
    due_at: datetime | None
    ended: str | None


def _glances(*of_offer: ColumnElement[bool], is_outer: bool = True) -> Select[Any]:
    own = ("id", "kind", "state", "giver_id", "taker_id", "recorded_at", "accepted_at", "touch_due_at")
    of_handoff = and_(offer.c.workspace_id == handoff.c.workspace_id, offer.c.handoff_id == handoff.c.id, *of_offer)
    return (
        select(
            *(handoff.c[name] for name in own),
            account.c.name.label("company"),
            offer.c.taker_id.label("offered_to"),
            offer.c.due_at,
            offer.c.ended,
        )
        .join(account, and_(account.c.workspace_id == handoff.c.workspace_id, account.c.id == handoff.c.account_id))
        .join(offer, of_handoff, isouter=is_outer)
    )


RUNS = offer.c.turn == handoff.c.turn
IS_OFFERED, IS_ACCEPTED = (handoff.c.state == each.value for each in (State.OFFERED, State.ACCEPTED))
TO_DO = or_(IS_OFFERED, handoff.c.state == State.WAITING.value, and_(IS_ACCEPTED, IS_SOLD_AGAIN))
"""What is still to be done; see `HandoffRow.is_open`."""
DESK = Prepared(_glances(RUNS).where(HERE, handoff.c.taker_id == bindparam("person"), TO_DO))
OUT = Prepared(_glances(RUNS).where(HERE, handoff.c.giver_id == bindparam("person"), TO_DO))
QUEUE = Prepared(_glances(RUNS).where(HERE, handoff.c.state == State.WAITING).order_by(handoff.c.recorded_at))
OVERDUE = Prepared(
    _glances(RUNS).where(
        HERE,
        one_of(handoff.c.taker_id, "people"),
        or_(
            and_(IS_OFFERED, offer.c.due_at <= bindparam("now", type_=offer.c.due_at.type)),
            and_(IS_ACCEPTED, IS_SOLD_AGAIN, handoff.c.touch_due_at <= bindparam("now", type_=offer.c.due_at.type)),
        ),
    )
)
EXPIRED = Prepared(
    _glances(
        one_of(offer.c.taker_id, "people"),
        offer.c.ended == State.EXPIRED.value,
        offer.c.ended_at >= bindparam("since", type_=offer.c.ended_at.type),
        is_outer=False,
    ).where(HERE)
)


def desk_of(tx: Connection, workspace_id: str, person_id: str) -> list[Glance]:
    """What is on offer to somebody, the most pressing first; then what they accepted and have to judge."""
    rows = _glanced(DESK, tx, {"workspace": workspace_id, "person": person_id})
    return sorted(rows, key=lambda each: (each.state is not State.OFFERED, *_by(each.due_at, each.touch_due_at)))


def out_of(tx: Connection, workspace_id: str, person_id: str) -> list[Glance]:
    """What somebody gave and is still open, newest first."""
    rows = _glanced(OUT, tx, {"workspace": workspace_id, "person": person_id})
    return sorted(rows, key=lambda each: each.recorded_at, reverse=True)


def queue(tx: Connection, workspace_id: str) -> list[Glance]:
    """What waits because nobody can take it, oldest first."""
    return _glanced(QUEUE, tx, {"workspace": workspace_id})


def overdue(tx: Connection, workspace_id: str, person_ids: Collection[str], now: datetime) -> list[Glance]:
    """What lies with these people past its moment: the answer to an offer, or the first touch after an acceptance.
    Whether they have been in touch, `first_touches` knows.
    """
    return _glanced(OVERDUE, tx, {"workspace": workspace_id, "people": person_ids, "now": now})


def expired(tx: Connection, workspace_id: str, person_ids: Collection[str], since: datetime) -> list[Glance]:
    """Offers to these people that expired since then."""
    return _glanced(EXPIRED, tx, {"workspace": workspace_id, "people": person_ids, "since": since})


def _by(*moments: datetime | None) -> tuple[float, ...]:
    """A place in the order of moments; without one, the last."""
    return tuple(each.timestamp() if each else float("inf") for each in moments)


def _glanced(which: Prepared, tx: Connection, values: dict[str, Any]) -> list[Glance]:
    found = (row._asdict() for row in which.all(tx, values))
    return [Glance(**{**each, "kind": Kind(each["kind"]), "state": State(each["state"])}) for each in found]
