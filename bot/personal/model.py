"""The table of erasures."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from bot.store.types import Instant

RUNS = text("ended_at IS NULL")


class Erasure(SQLModel, table=True):
    """A person whose data goes, and afterwards the receipt: that somebody was erased, and how much that was."""

    __table_args__ = (Index("erasure_that_runs", "workspace_id", postgresql_where=RUNS, sqlite_where=RUNS),)

    workspace_id: str = Field(primary_key=True)
    pseudonym: str = Field(primary_key=True, description="what stands in the person's place")
    person_id: str | None = Field(default=None, description="while it runs")
    email: str | None = Field(default=None, description="while it runs")
    asked_by: str
    gone: int = Field(default=0, description="rows")
    changed: int = Field(default=0, description="places in which the pseudonym stands now")
    started_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
