"""The table of the shares that open deals are weighed by."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from bot.store.types import Instant


class WinCount(SQLModel, table=True):
    """How the deals of twelve months ended, as it was known when a day began: a question with one answer for ever."""

    __tablename__ = "win_count"

    workspace_id: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    began_at: datetime = Field(sa_type=Instant, description="when it began in the zone that the workspace had")
    counts: list[Any] = Field(
        sa_column=Column(JSON, nullable=False), description="segment, furthest stage, whether won, how many"
    )
