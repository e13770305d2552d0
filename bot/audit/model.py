"""The table of changes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from bot.store.types import Instant, new_id


class AuditEntry(SQLModel, table=True):
    """One change of one thing, written in the transaction that makes it and never changed."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("audit_entry_by_time", "workspace_id", "recorded_at"),
        Index("audit_entry_by_person", "workspace_id", "person_id", "recorded_at"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: str | None = Field(default=None, description="whose data; nobody's for a setting")
    what: str = Field(description="what was changed: `role.SDR`, `manager`, `currency`")
    before: Any = Field(default=None, sa_column=Column(JSON))
    after: Any = Field(default=None, sa_column=Column(JSON))
    start_day: date | None = Field(default=None, description="the day from which it holds")
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str = Field(description="a Slack user id, or who else: `command line`")
