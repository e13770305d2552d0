"""The table of what each person decided about their digests."""

from datetime import datetime, time

from sqlmodel import Field, SQLModel

from bot.store.types import Instant


class DigestChoice(SQLModel, table=True):
    """What one person decided about one digest; without a row, what the product does by itself."""

    __tablename__ = "digest_choice"

    workspace_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    weekday: int | None = Field(default=None, description="0 is Monday; None for the usual one")
    at: time | None = Field(default=None, description="the time on their wall; None for the usual one")
    is_off: bool = False
    recorded_at: datetime = Field(sa_type=Instant)
