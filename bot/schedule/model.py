"""The table of jobs."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from bot.store.types import Instant


class Job(SQLModel, table=True):
    """Something of a kind to be done for one person (and perhaps one `subject`) at `next_due_at`."""

    __table_args__ = (Index("job_due", "next_due_at", "workspace_id", "kind", "person_id"),)

    workspace_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    subject: str = Field(primary_key=True, default="", description="an id, where one person may have several")
    next_due_at: datetime = Field(sa_type=Instant)
