"""The table of settings."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel

from bot.store.types import Instant

CURRENT = text("superseded_at IS NULL")


class WorkspaceSetting(SQLModel, table=True):
    """One setting in one version; a change closes the one that stands and adds the next."""

    __tablename__ = "workspace_setting"
    __table_args__ = (
        Index(
            "workspace_setting_current",
            "workspace_id",
            "name",
            unique=True,
            postgresql_where=CURRENT,
            sqlite_where=CURRENT,
        ),
    )

    workspace_id: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    version: int = Field(primary_key=True, default=1)
    value: Any = Field(default=None, sa_column=Column(JSON))
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
    superseded_at: datetime | None = Field(default=None, sa_type=Instant)
