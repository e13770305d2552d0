"""What became of leads, by where they came from: the feedback that marketing gets. Counts only, never a person."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.deals.queries import deal
from bot.deals.states import Stage
from bot.errors import Refused
from bot.handoffs.queries import change, handoff
from bot.handoffs.states import Kind, State
from bot.leads.queries import lead
from bot.leads.states import LeadState
from bot.people import queries as people
from bot.store.engine import Store
from bot.store.sql import Prepared

PERIODS = (30, 90)
"""Days that one can look back upon; the first is shown unless another is asked for."""

CAME = and_(
    lead.c.workspace_id == bindparam("workspace"),
    lead.c.state != LeadState.MERGED.value,
    lead.c.received_at >= bindparam("since", type_=lead.c.received_at.type),
    lead.c.received_at < bindparam("until", type_=lead.c.received_at.type),
)
OF_LEAD = and_(
    handoff.c.workspace_id == lead.c.workspace_id, handoff.c.lead_id == lead.c.id, handoff.c.kind == Kind.SALE.value
)
NEWEST = (
    select(
        lead.c.source,
        handoff.c.state,
        handoff.c.reason,
        handoff.c.accepted_at,
        func.row_number().over(partition_by=lead.c.id, order_by=handoff.c.recorded_at.desc()).label("place"),
    )
    .select_from(lead)
    .join(handoff, OF_LEAD)
    .where(CAME)
    .subquery()
)
"""The hand-offs of each lead, numbered from the last one, which tells what became of it."""
LEADS = Prepared(
    select(lead.c.source, lead.c.state, func.count().label("n"), func.count(lead.c.claimed_at).label("claimed"))
    .where(CAME)
    .group_by(lead.c.source, lead.c.state)
)
HANDED = Prepared(
    select(
        NEWEST.c.source,
        NEWEST.c.state,
        NEWEST.c.reason,
        func.count().label("n"),
        func.count(NEWEST.c.accepted_at).label("accepted"),
    )
    .where(NEWEST.c.place == 1)
    .group_by(NEWEST.c.source, NEWEST.c.state, NEWEST.c.reason)
)
WON = Prepared(
    select(lead.c.source, func.count(func.distinct(lead.c.id)).label("n"))
    .select_from(lead)
    .join(deal, and_(deal.c.workspace_id == lead.c.workspace_id, deal.c.lead_id == lead.c.id))
    .where(CAME, deal.c.stage == Stage.WON.value)
    .group_by(lead.c.source)
)
DECLINED = Prepared(
    select(lead.c.source, change.c.reason, func.count(func.distinct(lead.c.id)).label("n"))
    .select_from(lead)
    .join(handoff, OF_LEAD)
    .join(change, and_(change.c.workspace_id == handoff.c.workspace_id, change.c.handoff_id == handoff.c.id))
    .where(CAME, change.c.after == State.DECLINED.value)
    .group_by(lead.c.source, change.c.reason)
)


@dataclass(frozen=True, slots=True)
class Quality:
    """What became of the leads of one source that came in the period, by now.

    `handed` are those that were handed over at least once, `accepted` those that an account executive took, `qualified`
    those that were re-qualified (SQL), `won` those of which a deal was won. `claimed` are those that somebody took out
    of the queue. `rejected` and `declined` count leads by reason.
    """

    source: str
    came: int
    waiting: int = 0
    handed: int = 0
    accepted: int = 0
    qualified: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    declined: Mapping[str, int] = field(default_factory=dict)
    claimed: int = 0
    won: int = 0


@dataclass(frozen=True, slots=True)
class Feedback:
    """All sources, those with the most leads first, of the last so many days."""

    days: int
    sources: tuple[Quality, ...]

    @property
    def came(self) -> int:
        """How many leads there were at all."""
        return sum(each.came for each in self.sources)


def may_read(actor: Actor) -> bool:
    """Whether somebody sees what became of leads by source: marketing, managers, operations."""
    return may(actor, Action.SEE_SOURCES, Relation.COLLEAGUE)


def let_read(tx: Connection, actor: Actor, now: datetime) -> None:
    """Let those pass who may.

    Raises:
        Refused: for everybody else; it says who can.
    """
    if not may_read(actor):
        can = people.who_can(tx, actor.workspace_id, actor.id, people.today_of(actor, now))
        raise Refused("leads.sources.refused", can=", ".join(can))


def feedback(store: Store, actor: Actor, now: datetime, days: int = PERIODS[0]) -> Feedback:
    """What `/lead sources` shows.

    Raises:
        Refused: to whom it is not meant for; it says who can.
    """
    with store.read() as tx:
        let_read(tx, actor, now)
        return read(tx, actor.workspace_id, now, days)


def read(tx: Connection, workspace_id: str, now: datetime, days: int = PERIODS[0]) -> Feedback:
    """The same, of what is stored."""
    return Feedback(days, between(tx, workspace_id, now - timedelta(days=days), now + timedelta(days=1)))


def between(tx: Connection, workspace_id: str, since: datetime, until: datetime) -> tuple[Quality, ...]:
    """What became, by now, of the leads that came in [since, until); the sources with the most leads first."""
    values = {"workspace": workspace_id, "since": since, "until": until}
    came, waiting, claimed = Counter[str](), Counter[str](), Counter[str]()
    for row in LEADS.all(tx, values):
        came[row.source] += row.n
        claimed[row.source] += row.claimed
        waiting[row.source] += row.n if row.state == LeadState.QUEUED else 0
    handed = HANDED.all(tx, values)
    declined = _by_reason(DECLINED.all(tx, values))
    won = {row.source: int(row.n) for row in WON.all(tx, values)}
    rejected = _by_reason(row for row in handed if row.state == State.REJECTED)
    found = [
        Quality(
            source,
            n,
            waiting[source],
            handed=_sum(handed, source, "n"),
            accepted=_sum(handed, source, "accepted"),
            qualified=_sum((row for row in handed if row.state == State.REQUALIFIED), source, "n"),
            claimed=claimed[source],
            won=won.get(source, 0),
            rejected=rejected.get(source, {}),
            declined=declined.get(source, {}),
        )
        for source, n in came.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.came, each.source)))


def _sum(rows: Iterable[Any], source: str, name: str) -> int:
    return sum(getattr(row, name) for row in rows if row.source == source)


def _by_reason(rows: Iterable[Any]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for row in rows:
        found.setdefault(row.source, Counter())[row.reason or "other"] += row.n
    return found
