"""The tables of activity: every entry in all its versions, the day's totals, next steps, open questions."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index, TextClause, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.store.types import Instant, new_id

CURRENT = text("superseded_at IS NULL")
SUPERSEDED = text("superseded_at IS NOT NULL")

LATE = {
    "sqlite": "{recorded_at} >= date({day}, '+2 days')",
    "postgresql": "{recorded_at} >= (({day} + 2)::timestamp AT TIME ZONE 'UTC')",
}
"""Recorded when the entry's day was over in every zone: alike in an index and in a question, or it is not found."""


def _late(dialect: str) -> TextClause:
    return text(f"superseded_at IS NULL AND {LATE[dialect].format(recorded_at='recorded_at', day='day')}")


class Activity(SQLModel, table=True):
    """One version of one entry. An edit closes the current version and adds one; a removal only closes it.

    So "as it was known on a day" is `recorded_at <= day < superseded_at`, for ever the same. The primary key
    lets one of two edits win that happen at once; `origin` and `superseded_origin` name the delivery from Slack
    that caused the version and its end, so that a repeated delivery changes nothing.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "origin", name="activity_once_by_origin"),
        UniqueConstraint("workspace_id", "superseded_origin", name="activity_closed_once_by_origin"),
        ForeignKeyConstraint(["workspace_id", "account_id"], ["account.workspace_id", "account.id"]),
        ForeignKeyConstraint(["workspace_id", "contact_id"], ["contact.workspace_id", "contact.id"]),
        Index(
            "activity_current_by_day",
            "workspace_id",
            "person_id",
            "day",
            postgresql_where=CURRENT,
            sqlite_where=CURRENT,
        ),
        Index(
            "activity_current_by_recency",
            "workspace_id",
            "person_id",
            "recorded_at",
            postgresql_where=CURRENT,
            sqlite_where=CURRENT,
        ),
        Index(
            "activity_superseded_by_day",
            "workspace_id",
            "person_id",
            "day",
            postgresql_where=SUPERSEDED,
            sqlite_where=SUPERSEDED,
        ),
        Index(
            "activity_late",
            "workspace_id",
            "person_id",
            "day",
            "recorded_at",
            "kind",
            "quantity",
            "superseded_at",
            sqlite_where=_late("sqlite"),
            postgresql_where=_late("postgresql"),
        ),
        Index("activity_by_account", "workspace_id", "account_id", "happened_at"),
        Index("activity_by_contact", "workspace_id", "contact_id", "happened_at"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    version: int = Field(primary_key=True, default=1)
    person_id: str
    kind: str
    quantity: int = Field(description="activities that this entry counts for")
    outcome: str | None = None
    minutes: int | None = None
    account_id: UUID | None = None
    contact_id: UUID | None = None
    note: str | None = None
    colleagues: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    day: date = Field(description="the calendar day where the person was")
    at: time | None = Field(default=None, description="the time on their wall, if they said one")
    happened_at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
    origin: str | None = None
    superseded_at: datetime | None = Field(default=None, sa_type=Instant)
    superseded_by: str | None = None
    superseded_origin: str | None = None


class ActivityDay(SQLModel, table=True):
    """What one person did of one kind on one day, kept in the transaction that logs it."""

    __tablename__ = "activity_day"
    __table_args__ = ({"sqlite_with_rowid": False},)

    workspace_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    quantity: int
    minutes: int


class StepState(StrEnum):
    """A next step waits, is done, or was taken back with its entry."""

    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"


FOLLOW_UP = "follow_up"
"""The kind of the job that reminds of a next step; its subject is the step's id in hex."""


class NextStep(SQLModel, table=True):
    """A follow-up that somebody set themselves, with or without an entry behind it."""

    __tablename__ = "next_step"
    __table_args__ = (
        UniqueConstraint("workspace_id", "origin", name="next_step_once_by_origin"),
        ForeignKeyConstraint(["workspace_id", "account_id"], ["account.workspace_id", "account.id"]),
        ForeignKeyConstraint(["workspace_id", "contact_id"], ["contact.workspace_id", "contact.id"]),
        Index("next_step_by_entry", "workspace_id", "activity_id"),
        Index("next_step_by_person", "workspace_id", "person_id", "state", "due_at"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: str
    activity_id: UUID | None = None
    account_id: UUID | None = None
    contact_id: UUID | None = None
    what: str
    day: date
    at: time | None = None
    due_at: datetime = Field(sa_type=Instant)
    state: str = StepState.OPEN
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
    origin: str | None = None
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    reminder_id: UUID | None = Field(default=None, description="the row of the ledger that reminded of it last")


class OpenQuestion(SQLModel, table=True):
    """A line that was asked back: its text and the answers on its buttons, until one is pressed."""

    __tablename__ = "open_question"

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: str
    line: str
    offers: list[Any] = Field(sa_column=Column(JSON, nullable=False))
    activity_id: UUID | None = Field(default=None, description="the entry that an answer amends")
    answered: int | None = Field(default=None, description="the number of the button that was pressed first")
    recorded_at: datetime = Field(sa_type=Instant)
