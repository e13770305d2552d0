"""What became of leads, by where they came from: the feedback that marketing gets. Counts only, never a person."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
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
    select(lead.c.source, lead.c.state, func.count().label("n")).where(CAME).group_by(lead.c.source, lead.c.state)
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
    those that were re-qualified (SQL). `rejected` and `declined` count leads by reason.
    """

    source: str
    came: int
    waiting: int = 0
    handed: int = 0
    accepted: int = 0
    qualified: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    declined: Mapping[str, int] = field(default_factory=dict)


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


def feedback(store: Store, actor: Actor, now: datetime, days: int = PERIODS[0]) -> Feedback:
    """What `/lead sources` shows.

    Raises:
        Refused: to whom it is not meant for; it says who can.
    """
    with store.read() as tx:
        if not may_read(actor):
            can = people.who_can(tx, actor.workspace_id, actor.id, people.today_of(actor, now))
            raise Refused("leads.sources.refused", can=", ".join(can))
        return read(tx, actor.workspace_id, now, days)


def read(tx: Connection, workspace_id: str, now: datetime, days: int = PERIODS[0]) -> Feedback:
    """The same, of what is stored."""
    values = {"workspace": workspace_id, "since": now - timedelta(days=days)}
    came, waiting = Counter[str](), Counter[str]()
    for row in LEADS.all(tx, values):
        came[row.source] += row.n
        waiting[row.source] += row.n if row.state == LeadState.QUEUED else 0
    handed = HANDED.all(tx, values)
    declined = _by_reason(DECLINED.all(tx, values))
    rejected = _by_reason(row for row in handed if row.state == State.REJECTED)
    found = [
        Quality(
            source,
            n,
            waiting[source],
            handed=_sum(handed, source, "n"),
            accepted=_sum(handed, source, "accepted"),
            qualified=_sum((row for row in handed if row.state == State.REQUALIFIED), source, "n"),
            rejected=rejected.get(source, {}),
            declined=declined.get(source, {}),
        )
        for source, n in came.items()
    ]
    return Feedback(days, tuple(sorted(found, key=lambda each: (-each.came, each.source))))


def _sum(rows: Iterable[Any], source: str, name: str) -> int:
    return sum(getattr(row, name) for row in rows if row.source == source)


def _by_reason(rows: Iterable[Any]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for row in rows:
        found.setdefault(row.source, Counter())[row.reason or "other"] += row.n
    return found
