"""The tables of hand-offs, the states they pass through, and each offer with the reasons for it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.access.roles import Role
from bot.store.types import Instant, new_id


class Kind(StrEnum):
    """What is handed over; who takes it follows from that."""

    SALE = "sale"
    """A qualified lead, to an account executive who re-qualifies it."""
    HELP = "help"
    """A complex deal, to a specialist who joins it; its owner does not change."""
    CARE = "care"
    """A new customer, to customer success."""
    UPSELL = "upsell"
    """A customer who may want more, to an account executive."""
    STUCK = "stuck"
    """What a rep is stuck on, to whoever takes such things over."""


TAKERS: Mapping[Kind, Role] = {
    Kind.SALE: Role.AE,
    Kind.HELP: Role.SPECIALIST,
    Kind.CARE: Role.CSM,
    Kind.UPSELL: Role.AE,
    Kind.STUCK: Role.ADMIN,
}
"""The role that a kind is offered to."""

SOLD_AGAIN = frozenset({Kind.SALE, Kind.UPSELL})
"""Kinds that are re-qualified; the others end at `accepted`."""


class State(StrEnum):
    """Where a hand-off stands."""

    WAITING = "waiting"
    """Nobody can take it now; it stands in the visible queue, and operations knows."""
    OFFERED = "offered"
    DECLINED = "declined"
    REASSIGNED = "reassigned"
    EXPIRED = "expired"
    """These three last as long as it takes to offer it to the next."""
    ACCEPTED = "accepted"
    REQUALIFIED = "requalified"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


_ON_OFFER = frozenset({State.OFFERED, State.WAITING})

MOVES: Mapping[State, frozenset[State]] = {
    State.WAITING: frozenset({State.OFFERED, State.WITHDRAWN}),
    State.OFFERED: frozenset({State.ACCEPTED, State.DECLINED, State.REASSIGNED, State.EXPIRED, State.WITHDRAWN}),
    State.DECLINED: _ON_OFFER,
    State.REASSIGNED: _ON_OFFER,
    State.EXPIRED: _ON_OFFER,
    State.ACCEPTED: frozenset({State.REQUALIFIED, State.REJECTED, State.REASSIGNED}),
    State.REQUALIFIED: frozenset(),
    State.REJECTED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
"""Every way from state to state. `accepted` becomes `reassigned` only when its taker has left."""

OPEN = frozenset({State.WAITING, State.OFFERED, State.ACCEPTED})
"""States in which something is still to be done (of a kind that ends at `accepted`, only until then)."""


class Reason(StrEnum):
    """Why Baton itself moved an offer on; people's reasons are the workspace's codes."""

    AWAY = "away"
    GONE = "gone"
    """Deactivated, or without the role."""
    NO_ANSWER = "no_answer"
    TO_SOMEBODY = "to_somebody"
    """The taker named somebody else."""


class Handoff(SQLModel, table=True):
    """Something that one person gives and another takes."""

    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "account_id"], ["account.workspace_id", "account.id"]),
        UniqueConstraint("workspace_id", "origin", name="handoff_once_by_origin"),
        Index("handoff_by_lead", "workspace_id", "lead_id"),
        Index("handoff_by_giver", "workspace_id", "giver_id", "recorded_at"),
        Index("handoff_by_taker", "workspace_id", "taker_id", "state"),
        Index("handoff_by_state", "workspace_id", "state", "recorded_at"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    kind: str
    account_id: UUID
    lead_id: UUID | None = None
    giver_id: str
    taker_id: str | None = Field(default=None, description="to whom it is on offer, or who took it")
    state: str = State.WAITING
    turn: int = Field(default=0, description="the number of the offer that runs, or ran last")
    answers: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False), description="of the checklist, by code"
    )
    note: str | None = None
    meeting_at: datetime | None = Field(default=None, sa_type=Instant)
    reason: str | None = Field(default=None, description="of its last change of state, where that has one")
    reason_note: str | None = None
    giver_card: UUID = Field(description="the one message that its giver reads")
    thread: UUID | None = Field(default=None, description="the message in the channel of hand-offs")
    touch_due_at: datetime | None = Field(default=None, sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    accepted_at: datetime | None = Field(default=None, sa_type=Instant)
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    origin: str


class Offer(SQLModel, table=True):
    """One offer of a hand-off to one person, with all that was looked at when they were chosen."""

    __tablename__ = "handoff_offer"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "handoff_id"], ["handoff.workspace_id", "handoff.id"]),
        Index("handoff_offer_by_taker", "workspace_id", "taker_id", "offered_at"),
    )

    workspace_id: str = Field(primary_key=True)
    handoff_id: UUID = Field(primary_key=True)
    turn: int = Field(primary_key=True)
    taker_id: str
    is_routed: bool = Field(description="chosen by the rules, and not by somebody")
    card: UUID = Field(description="its message in the ledger")
    choice: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False), description="`bot.routing.rules.Choice` as JSON"
    )
    offered_at: datetime = Field(sa_type=Instant)
    remind_at: datetime | None = Field(default=None, sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended: str | None = Field(default=None, description="the state that ended it")
    reason: str | None = None


class HandoffChange(SQLModel, table=True):
    """One change of state: who, when, from, to, why. Rows are only added."""

    __tablename__ = "handoff_change"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "handoff_id"], ["handoff.workspace_id", "handoff.id"]),
        Index("handoff_change_by_time", "workspace_id", "at"),
    )

    workspace_id: str = Field(primary_key=True)
    handoff_id: UUID = Field(primary_key=True)
    n: int = Field(primary_key=True)
    before: str | None = None
    after: str
    taker_id: str | None = None
    by: str | None = Field(default=None, description="None for Baton")
    reason: str | None = None
    note: str | None = None
    at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)


class RoutingCredit(SQLModel, table=True):
    """What the rules remember of somebody between two leads of one kind."""

    __tablename__ = "routing_credit"

    workspace_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    credit: str = Field(description="a fraction: 7/12")
    phantom: int = Field(default=0, description="the phantom load at the return")
    returned_at: datetime | None = Field(default=None, sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant, description="up to when absences are accounted for")
