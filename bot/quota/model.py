"""The table of targets: who is to reach what, in which period."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.types import Instant, new_id


class Quota(SQLModel, table=True):
    """One target as it was set. Rows are only added: of several for the same the one that was recorded last holds, so
    "as it was known then" leaves out those recorded later. A target of None takes the one before it back.

    The period is kept with its days, so that a workspace that moves its fiscal year re-labels nothing.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "origin", name="quota_once_by_origin"),
        Index("quota_by_subject", "workspace_id", "whose", "subject", "last_day"),
        Index("quota_by_period", "workspace_id", "last_day", "first_day"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    whose: str
    subject: str = Field(description="the Slack id of a person, or the folded name of a team or territory")
    name: str | None = Field(default=None, description="of a team or territory, as it is written")
    metric: str
    period: str
    first_day: date
    last_day: date
    target: int | None = Field(default=None, sa_type=BigInteger, description="minor units of money, or a count")
    currency: str | None = Field(default=None, description="of a target in money")
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
    origin: str
