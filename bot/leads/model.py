"""The tables of leads, and of what happened to each."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.leads.states import LeadState
from bot.store.types import Instant, new_id


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


class Rescoring(SQLModel, table=True):
    """One pass over the open leads after the rules of their score have changed."""

    __tablename__ = "lead_rescoring"

    workspace_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True, description="of the rules that it leads to")
    base: int = Field(description="of the rules under which the leads stood that no pass has reached; 0: the standard")
    by: str
    started_at: datetime = Field(sa_type=Instant)
    last_lead: UUID | None = Field(default=None, description="up to which it has come, by id")
    leads: int | None = Field(default=None, description="how many there are to go through, once they are counted")
    done: int = 0
    rose: int = 0
    fell: int = 0
    regraded: int = 0
    told_at: datetime | None = Field(default=None, sa_type=Instant, description="when its message last changed")
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    is_overtaken: bool = Field(default=False, description="by newer rules, before it was through")
