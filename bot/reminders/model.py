"""The tables of what each person decided about being reminded."""

from datetime import datetime, time

from sqlmodel import Field, SQLModel

from bot.store.types import Instant


class ReminderChoice(SQLModel, table=True):
    """What one person decided about one kind of reminder; without a row, what the product does by itself."""

    __tablename__ = "reminder_choice"

    workspace_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    at: time | None = Field(default=None, description="the time on their wall; None for the usual one")
    early: int = Field(default=0, description="minutes before the moment of a follow-up")
    is_muted: bool = False
    recorded_at: datetime = Field(sa_type=Instant)


class QuietHours(SQLModel, table=True):
    """From when to when, on their wall, somebody wants no reminder; an end before the start is on the next day."""

    __tablename__ = "quiet_hours"

    workspace_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    start: time
    end: time
    recorded_at: datetime = Field(sa_type=Instant)
