"""Leads that were offered, by how that ended: what acceptance and re-qualification are counted from."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Select, and_, bindparam, or_, select

from bot.handoffs.queries import HERE, IS_SOLD_AGAIN, change, handoff, offer
from bot.handoffs.states import Reason, State
from bot.leads.queries import lead
from bot.people.queries import LATEST
from bot.store.sql import Param, Prepared, one_of, unindexed

KNOWN: Param = bindparam("known", type_=change.c.recorded_at.type)
START: Param = bindparam("start", type_=offer.c.offered_at.type)
END: Param = bindparam("end", type_=offer.c.offered_at.type)

NOBODY_S_REFUSAL = frozenset({Reason.AWAY, Reason.GONE})
"""Why Baton moved an offer on before its taker could answer."""

_JUDGED = and_(
    change.c.workspace_id == offer.c.workspace_id,
    change.c.handoff_id == offer.c.handoff_id,
    unindexed(change.c.taker_id) == offer.c.taker_id,
    or_(change.c.after == State.REQUALIFIED.value, change.c.after == State.REJECTED.value),
    change.c.recorded_at <= KNOWN,
)


class Offered(NamedTuple):
    """One offer of a lead: from whom, to whom, when (UTC), and where the lead came from.

    `ended` is how it ended, None while it waits; `judged` what the taker found who had accepted it, None so far.
    `given_at` is when the lead was handed over, `ended_at` when the offer ended; `reason` why it was declined, or found
    not to be qualified.
    """

    handoff_id: UUID
    turn: int
    giver_id: str
    taker_id: str
    source: str | None
    at: datetime
    ended: State | None
    judged: State | None
    given_at: datetime
    ended_at: datetime | None = None
    reason: str | None = None


def _offers(at: Any, *narrower: Any) -> Select[Any]:
    """`at` is the time of the offer, as it is compared."""
    return (
        select(
            offer.c.handoff_id,
            offer.c.turn,
            handoff.c.giver_id,
            offer.c.taker_id,
            lead.c.source,
            offer.c.offered_at,
            offer.c.ended_at,
            offer.c.ended,
            offer.c.reason,
            change.c.after.label("judged"),
            change.c.reason.label("judged_reason"),
            handoff.c.recorded_at.label("given_at"),
        )
        .select_from(offer)
        .join(handoff, and_(handoff.c.workspace_id == offer.c.workspace_id, handoff.c.id == offer.c.handoff_id))
        .outerjoin(lead, and_(lead.c.workspace_id == handoff.c.workspace_id, lead.c.id == handoff.c.lead_id))
        .outerjoin(change, _JUDGED)
        .where(
            HERE,
            IS_SOLD_AGAIN,
            offer.c.workspace_id == bindparam("workspace"),
            at >= START,
            at < END,
            unindexed(offer.c.offered_at) <= KNOWN,
            *narrower,
        )
    )


AT = unindexed(offer.c.offered_at)
EVERY = Prepared(_offers(offer.c.offered_at))
TAKEN = Prepared(_offers(AT, one_of(offer.c.taker_id, "people")))
_GIVERS = handoff.alias("givers")
GIVEN = Prepared(
    _offers(
        AT,
        offer.c.handoff_id.in_(
            select(_GIVERS.c.id).where(
                _GIVERS.c.workspace_id == bindparam("workspace"), one_of(_GIVERS.c.giver_id, "people")
            )
        ),
    )
)


def offered(
    tx: Connection,
    workspace_id: str,
    start: datetime,
    end: datetime,
    people: Collection[str] | None = None,
    known: datetime | None = None,
) -> list[Offered]:
    """What was offered in [start, end) of leads that are sold again: to these people or by them, or (None) by anybody.

    With `known`, how each had ended by then.
    """
    when = {"workspace": workspace_id, "start": start, "end": end, "known": known or LATEST}
    if people is None:
        rows = EVERY.all(tx, when)
    else:
        whom = {**when, "people": people}
        rows = list(dict.fromkeys([*TAKEN.all(tx, whom), *GIVEN.all(tx, whom)]))
    return [_offered(row, known or LATEST) for row in rows]


def _offered(row: Any, known: datetime) -> Offered:
    is_over = row.ended is not None and row.ended_at <= known
    is_judged = row.judged and is_over and row.ended == State.ACCEPTED
    return Offered(
        row.handoff_id,
        row.turn,
        row.giver_id,
        row.taker_id,
        row.source,
        row.offered_at,
        _ended(row) if is_over else None,
        State(row.judged) if is_judged else None,
        row.given_at,
        row.ended_at if is_over else None,
        row.judged_reason if is_judged else row.reason if is_over else None,
    )


def _ended(row: Any) -> State:
    """How it ended, for counting: passing it on is declining it; what its taker could not answer was taken back."""
    if row.reason in NOBODY_S_REFUSAL:
        return State.WITHDRAWN
    return State.DECLINED if row.ended == State.REASSIGNED else State(row.ended)
