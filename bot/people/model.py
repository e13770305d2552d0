"""The tables of people and of the roles they hold."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel

from bot.store.types import Instant, new_id

CURRENT = text("superseded_at IS NULL")


class Person(SQLModel, table=True):
    """Somebody of a workspace as Slack knows them, kept current by Slack's events."""

    workspace_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True, description="the Slack user id")
    name: str
    email: str | None = None
    zone: str = Field(description="IANA name; UTC where Slack names none")
    language: str
    is_active: bool
    is_guest: bool
    is_bot: bool
    is_foreign: bool = Field(default=False, description="of another workspace, met in a shared channel")
    is_admin: bool = Field(description="an admin or owner of the Slack workspace")
    is_leaving: bool = Field(default=False, description="is being erased: nothing more is learned of them")
    recorded_at: datetime = Field(sa_type=Instant)
    checked_at: datetime = Field(sa_type=Instant, description="when Slack was last asked")


class RoleAssignment(SQLModel, table=True):
    """A role from a day on, and until one when it has ended. In versions: a change closes the one that stands and
    adds another; an assignment that was a mistake is only closed.
    """

    __tablename__ = "role_assignment"
    __table_args__ = (
        Index("role_assignment_current", "workspace_id", "person_id", postgresql_where=CURRENT, sqlite_where=CURRENT),
        Index("role_assignment_by_person", "workspace_id", "person_id"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    version: int = Field(primary_key=True, default=1)
    person_id: str
    role: str
    start_day: date = Field(description="the first day")
    end_day: date | None = Field(default=None, description="the last day")
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
    superseded_at: datetime | None = Field(default=None, sa_type=Instant)
    superseded_by: str | None = None


class Aspect(StrEnum):
    """Where somebody stands in the team, beside their roles."""

    TEAM = "team"
    MANAGER = "manager"
    TERRITORIES = "territories"
    SEGMENTS = "segments"
    HOURS = "hours"
    COUNTRY = "country"
    NOTES = "notes"


class Placement(SQLModel, table=True):
    """One aspect of one person from a day on, until the next row's day; of two rows for one day the later one holds.

    Rows are only added, so "as it was known then" leaves out those recorded later.
    """

    __table_args__ = (
        Index("placement_by_person", "workspace_id", "person_id", "aspect", "start_day"),
        Index("placement_by_aspect", "workspace_id", "aspect", "start_day"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: str
    aspect: str
    value: Any = Field(default=None, sa_column=Column(JSON))
    start_day: date
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
