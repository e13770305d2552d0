"""The tables of leads, the states they pass through, and what happened to each."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.types import Instant, new_id


class Direction(StrEnum):
    """Who spoke first."""

    INBOUND = "inbound"
    """They did: a form, a webinar. It stands in the queue until an MRR claims it."""
    OUTBOUND = "outbound"
    """We did. It stays with the SDR who found it."""


class LeadState(StrEnum):
    """Where a lead stands."""

    QUEUED = "queued"
    """Inbound, and nobody's yet."""
    WORKING = "working"
    """Its owner calls, writes, qualifies."""
    NURTURE = "nurture"
    """Kept warm until a day; no clock runs."""
    HANDED_OFF = "handed_off"
    """Given to an account executive, who has not re-qualified it yet."""
    QUALIFIED = "qualified"
    """Re-qualified (SQL): the moment that credits its giver."""
    UNQUALIFIED = "unqualified"
    """Not qualified, with a reason."""
    MERGED = "merged"
    """It was another one's double; its timeline stands there."""


MOVES: Mapping[LeadState, frozenset[LeadState]] = {
    LeadState.QUEUED: frozenset({LeadState.WORKING, LeadState.NURTURE, LeadState.HANDED_OFF, LeadState.MERGED}),
    LeadState.WORKING: frozenset(
        {LeadState.QUEUED, LeadState.NURTURE, LeadState.HANDED_OFF, LeadState.UNQUALIFIED, LeadState.MERGED}
    ),
    LeadState.NURTURE: frozenset({LeadState.QUEUED, LeadState.WORKING, LeadState.HANDED_OFF, LeadState.MERGED}),
    LeadState.HANDED_OFF: frozenset({LeadState.WORKING, LeadState.QUALIFIED, LeadState.UNQUALIFIED}),
    LeadState.QUALIFIED: frozenset(),
    LeadState.UNQUALIFIED: frozenset({LeadState.WORKING, LeadState.NURTURE, LeadState.HANDED_OFF, LeadState.MERGED}),
    LeadState.MERGED: frozenset(),
}
"""Every way from state to state."""


class Happening(StrEnum):
    """What happened to a lead; activities stand in their own table and are read beside these."""

    RECEIVED = "received"
    CAME_AGAIN = "came_again"
    """The same buyer, once more: another form, another import."""
    CLAIMED = "claimed"
    RELEASED = "released"
    CHANGED = "changed"
    SCORED = "scored"
    """Somebody added points, with why."""
    NURTURED = "nurtured"
    MERGED = "merged"
    HANDOFF = "handoff"
    """A hand-off changed its state."""


class Lead(SQLModel, table=True):
    """A possible buyer: a company, perhaps somebody there, and who works on it."""

    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "account_id"], ["account.workspace_id", "account.id"]),
        UniqueConstraint("workspace_id", "origin", name="lead_once_by_origin"),
        Index("lead_by_account", "workspace_id", "account_id"),
        Index("lead_by_state", "workspace_id", "state", "received_at"),
        Index("lead_by_owner", "workspace_id", "owner_id", "state"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    account_id: UUID
    contact_id: UUID | None = None
    direction: str
    state: str = LeadState.QUEUED
    owner_id: str | None = None
    source: str = "unknown"
    title: str | None = Field(default=None, description="what the person does there")
    employees: int | None = None
    industry: str | None = None
    country: str | None = None
    territory: str | None = None
    segment: str | None = None
    said: str | None = Field(default=None, description="what they wrote, or what is known of their wish")
    more: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False), description="fields that Baton has no name for"
    )
    nurture_until: date | None = None
    merged_into: UUID | None = None
    received_at: datetime = Field(sa_type=Instant, description="when they spoke, or were found")
    claimed_at: datetime | None = Field(default=None, sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
    origin: str = Field(description="the delivery that caused it")


class LeadKey(SQLModel, table=True):
    """By what a lead is known again: an e-mail address, a company's domain. One lead for each."""

    __tablename__ = "lead_key"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "lead_id"], ["lead.workspace_id", "lead.id"]),
        Index("lead_key_by_lead", "workspace_id", "lead_id"),
    )

    workspace_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True, description="email or domain")
    value: str = Field(primary_key=True, description="lower case")
    lead_id: UUID


class LeadEvent(SQLModel, table=True):
    """One line of a lead's timeline. Rows are only added; `origin` keeps a repeated delivery from adding another."""

    __tablename__ = "lead_event"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "lead_id"], ["lead.workspace_id", "lead.id"]),
        UniqueConstraint("workspace_id", "origin", name="lead_event_once_by_origin"),
        Index("lead_event_by_lead", "workspace_id", "lead_id", "at"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    lead_id: UUID
    what: str
    at: datetime = Field(sa_type=Instant)
    by: str | None = Field(default=None, description="who did it; None for Baton and for the buyer")
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    recorded_at: datetime = Field(sa_type=Instant)
    origin: str
