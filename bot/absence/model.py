"""The table of absences."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from bot.store.types import Instant, new_id

CURRENT = text("superseded_at IS NULL")


class Absence(SQLModel, table=True):
    """Somebody is away in [start_at, end_at). In versions: a change closes the one that stands and adds another,
    and one that was taken back is only closed.
    """

    __table_args__ = (
        Index("absence_current", "workspace_id", "person_id", "end_at", postgresql_where=CURRENT, sqlite_where=CURRENT),
        Index("absence_by_person", "workspace_id", "person_id", "end_at"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    version: int = Field(primary_key=True, default=1)
    person_id: str
    kind: str
    source: str
    start_at: datetime = Field(sa_type=Instant)
    end_at: datetime = Field(sa_type=Instant)
    note: str | None = None
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
    superseded_at: datetime | None = Field(default=None, sa_type=Instant)
    superseded_by: str | None = None
