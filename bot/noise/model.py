"""The tables of reminders that moved into somebody's digest, and of what was held back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel

from bot.store.types import Instant, new_id

STANDS = text("ended_at IS NULL")


class MovedReminder(SQLModel, table=True):
    """A kind of reminder of one person that was in vain, from when on and until when it stands in their digest."""

    __tablename__ = "moved_reminder"
    __table_args__ = (
        Index(
            "moved_reminder_once",
            "workspace_id",
            "person_id",
            "kind",
            unique=True,
            postgresql_where=STANDS,
            sqlite_where=STANDS,
        ),
        Index("moved_reminder_by_person", "workspace_id", "person_id", "moved_at"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: str
    kind: str
    moved_at: datetime = Field(sa_type=Instant)
    until: datetime = Field(sa_type=Instant, description="when it comes by message again, if nothing happens before")
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: str | None = Field(default=None, description="why: acted, brought_back, over")
    recorded_at: datetime = Field(sa_type=Instant)


class HeldReminder(SQLModel, table=True):
    """A reminder that was not sent: what it would have been about, and whether a later message told of it."""

    __tablename__ = "held_reminder"
    __table_args__ = (Index("held_reminder_by_moment", "workspace_id", "person_id", "held_at"),)

    workspace_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    occasion: str = Field(primary_key=True)
    subject: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    why: str = Field(description="moved: the kind is in the digest; enough: it was a message too many for that day")
    held_at: datetime = Field(sa_type=Instant)
    said_at: datetime | None = Field(default=None, sa_type=Instant, description="when the next message told of it")
    recorded_at: datetime = Field(sa_type=Instant)
