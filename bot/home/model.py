"""The table of who looks at Home."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from bot.store.types import Instant


class HomeTab(SQLModel, table=True):
    """When somebody last opened their Home; it is kept current for those who did lately, and made anew for the rest."""

    __tablename__ = "home_tab"

    workspace_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    opened_at: datetime = Field(sa_type=Instant)
