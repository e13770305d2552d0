"""The tables of pay: plans in versions, the periods that were closed with their lines as paid, and disputes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Column, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.store.types import Instant, new_id

CURRENT = text("superseded_at IS NULL")
OPEN = text("state = 'open'")


class PayPlan(SQLModel, table=True):
    """What a role is paid from a day on, in one version. A change closes the version that stands and adds the next;
    a plan that was a mistake is only closed.
    """

    __tablename__ = "pay_plan"
    __table_args__ = (
        UniqueConstraint("workspace_id", "origin", "role", "start_day", name="pay_plan_once_by_origin"),
        Index(
            "pay_plan_current",
            "workspace_id",
            "role",
            "start_day",
            unique=True,
            postgresql_where=CURRENT,
            sqlite_where=CURRENT,
        ),
    )

    workspace_id: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    start_day: date = Field(primary_key=True, description="in the workspace's zone")
    version: int = Field(primary_key=True)
    steps: list[dict[str, str]] = Field(
        sa_column=Column(JSON, nullable=False), description="the cells of each, as in a file; none: nothing is paid"
    )
    origin: str
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
    superseded_at: datetime | None = Field(default=None, sa_type=Instant)
    superseded_by: str | None = None


class PayPeriod(SQLModel, table=True):
    """A period that was closed: its statements are as they were paid. Rows are only added."""

    __tablename__ = "pay_period"

    workspace_id: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    first_day: date
    last_day: date
    currency: str
    closed_at: datetime = Field(sa_type=Instant, description="what was recorded by then is in it")
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
    origin: str


class PayStatement(SQLModel, table=True):
    """What one person was paid for a closed period. Amounts in minor units of the period's currency."""

    __tablename__ = "pay_statement"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "period"], ["pay_period.workspace_id", "pay_period.name"]),
        Index("pay_statement_by_person", "workspace_id", "person_id"),
    )

    workspace_id: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    brought: int = Field(sa_type=BigInteger, description="what was still to be worked off; never above 0")
    total: int = Field(sa_type=BigInteger)


class PayLine(SQLModel, table=True):
    """One line of a paid statement, never changed."""

    __tablename__ = "pay_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "period", "person_id"],
            ["pay_statement.workspace_id", "pay_statement.period", "pay_statement.person_id"],
        ),
        Index("pay_line_by_person", "workspace_id", "person_id"),
    )

    workspace_id: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    n: int = Field(primary_key=True, description="its place in the statement")
    line: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False), description="`bot.pay.kept` says what of it")
    amount: int = Field(sa_type=BigInteger)


class PayDispute(SQLModel, table=True):
    """What a rep says against one line of theirs, and what they were answered. One is open for a line at a time."""

    __tablename__ = "pay_dispute"
    __table_args__ = (
        UniqueConstraint("workspace_id", "origin", name="pay_dispute_once_by_origin"),
        Index("pay_dispute_by_person", "workspace_id", "person_id", "period"),
        Index(
            "pay_dispute_open",
            "workspace_id",
            "person_id",
            "line_id",
            unique=True,
            postgresql_where=OPEN,
            sqlite_where=OPEN,
        ),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: str
    period: str
    line_id: str
    line: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False), description="as it was when it was disputed")
    text: str
    state: str
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    cards: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False), description="the ledger's messages about it"
    )
    recorded_at: datetime = Field(sa_type=Instant)
    origin: str
