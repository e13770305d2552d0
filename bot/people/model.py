"""The tables of people and of the roles they hold."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from bot.store.types import Instant, new_id


class Role(StrEnum):
    """The nine sales roles; a person holds one or more at a time."""

    SDR = "SDR"
    MRR = "MRR"
    AE = "AE"
    SPECIALIST = "SPECIALIST"
    CSM = "CSM"
    MANAGER = "MANAGER"
    OPS = "OPS"
    ADMIN = "ADMIN"
    MARKETING = "MARKETING"


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
    is_admin: bool = Field(description="an admin or owner of the Slack workspace")
    recorded_at: datetime = Field(sa_type=Instant)
    checked_at: datetime = Field(sa_type=Instant, description="when Slack was last asked")


class RoleAssignment(SQLModel, table=True):
    """A role from a day on, and until one when it has ended; rows are added and closed, never rewritten."""

    __tablename__ = "role_assignment"
    __table_args__ = (Index("role_assignment_by_person", "workspace_id", "person_id"),)

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: str
    role: str
    start_day: date
    end_day: date | None = None
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
