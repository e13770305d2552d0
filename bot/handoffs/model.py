"""The tables of hand-offs, of each offer with the reasons for it, and of every change."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.handoffs.states import State
from bot.store.types import Instant, new_id


class Handoff(SQLModel, table=True):
    """Something that one person gives and another takes."""

    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "account_id"], ["account.workspace_id", "account.id"]),
        UniqueConstraint("workspace_id", "origin", name="handoff_once_by_origin"),
        Index("handoff_by_lead", "workspace_id", "lead_id"),
        Index("handoff_by_giver", "workspace_id", "giver_id", "recorded_at"),
        Index("handoff_by_giver_settled", "workspace_id", "giver_id", "settled_at"),
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
    questions: list[dict[str, Any]] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True)), description="what was asked, in its words of then"
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
    touched_at: datetime | None = Field(
        default=None, sa_type=Instant, description="the taker's first touch since, as its messages show it"
    )
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    origin: str


class Offer(SQLModel, table=True):
    """One offer of a hand-off to one person, with all that was looked at when they were chosen."""

    __tablename__ = "handoff_offer"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "handoff_id"], ["handoff.workspace_id", "handoff.id"]),
        Index("handoff_offer_by_taker", "workspace_id", "taker_id", "offered_at"),
        Index("handoff_offer_by_time", "workspace_id", "offered_at"),
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
        Index("handoff_change_by_taker", "workspace_id", "taker_id", "at"),
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
    id: UUID | None = Field(default_factory=new_id, description="sorts what happened at one moment by its order")


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
