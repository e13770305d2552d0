"""The tables of recognition: who does not want to be shown, and the milestones that were reached."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from bot.store.types import Instant, new_id


class RecognitionChoice(SQLModel, table=True):
    """What somebody decided about being shown; without a row they are."""

    __tablename__ = "recognition_choice"

    workspace_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    is_out: bool
    recorded_at: datetime = Field(sa_type=Instant)


class Milestone(SQLModel, table=True):
    """A milestone of a person or a team, reached once; `undone_at` while what it is made of was taken back."""

    __tablename__ = "milestone"
    __table_args__ = (Index("milestone_of", "workspace_id", "whose", "subject", "code", unique=True),)

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    whose: str = Field(description="person or team")
    subject: str = Field(description="a Slack id, or the name of a team as it is compared")
    code: str = Field(description="wins:10, or target:2026-Q4")
    name: str | None = Field(default=None, description="the team, as it is written")
    by: str = Field(description="whose win it was")
    deal_id: UUID
    announcement: UUID = Field(description="its message in the ledger")
    happened_at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    undone_at: datetime | None = Field(default=None, sa_type=Instant)
