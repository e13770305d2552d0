"""The tables of deals, of every change of them, and of the customers that won deals make."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Column, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.deals.states import Kind
from bot.store.types import Instant, new_id


class Deal(SQLModel, table=True):
    """A deal as it stands; the rows of `DealChange` say how it came there."""

    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "account_id"], ["account.workspace_id", "account.id"]),
        UniqueConstraint("workspace_id", "origin", name="deal_once_by_origin"),
        Index("deal_by_account", "workspace_id", "account_id"),
        Index("deal_by_owner", "workspace_id", "owner_id", "stage", "closed_at"),
        Index("deal_by_handoff", "workspace_id", "handoff_id"),
        Index("deal_by_close", "workspace_id", "stage", "closed_at"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    account_id: UUID
    kind: str = Kind.NEW
    stage: str
    version: int = Field(default=1, description="how many changes it has had")
    owner_id: str
    giver_id: str | None = Field(default=None, description="who handed the lead off: the assist")
    lead_id: UUID | None = None
    handoff_id: UUID | None = None
    giver_card: UUID | None = Field(default=None, description="the one message that the giver reads, in the ledger")
    amount: int | None = Field(default=None, sa_type=BigInteger, description="minor units")
    currency: str
    close_on: date | None = Field(default=None, description="the day it is expected to close")
    next_step: str | None = None
    next_on: date | None = None
    ticks: dict[str, Any] | None = Field(
        default=None,
        sa_column=Column(JSON, nullable=True),
        description="by stage the codes of its points that are done",
    )
    shares: dict[str, Any] | None = Field(
        default=None,
        sa_column=Column(JSON, nullable=True),
        description="percent by person, of whom but the owner, as texts; None: it is the owner's alone",
    )
    reason: str | None = Field(default=None, description="why it was lost, a code")
    reason_note: str | None = None
    renewal_on: date | None = Field(default=None, description="of a won deal: when it is to be renewed")
    opened_at: datetime = Field(sa_type=Instant)
    staged_at: datetime = Field(sa_type=Instant, description="since when it stands in its stage")
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    announcement: UUID | None = Field(default=None, description="the message in the channel of wins, in the ledger")
    recorded_at: datetime = Field(sa_type=Instant)
    origin: str


class DealChange(SQLModel, table=True):
    """One change of a deal. Rows are only added: folding `after` in their order gives the deal at any moment."""

    __tablename__ = "deal_change"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "deal_id"], ["deal.workspace_id", "deal.id"]),
        UniqueConstraint("workspace_id", "origin", name="deal_change_once_by_origin"),
        Index("deal_change_by_recorded", "workspace_id", "recorded_at"),
    )

    workspace_id: str = Field(primary_key=True)
    deal_id: UUID = Field(primary_key=True)
    n: int = Field(primary_key=True)
    what: str
    before: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False), description="the columns that changed, as JSON"
    )
    after: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    note: str | None = None
    by: str
    happened_at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    origin: str


class DealEnding(SQLModel, table=True):
    """The end of a deal, or that it was taken back, with the deal as it stood then: what its changes up to there say.
    One that was won and is divided anew ends once more, on the day on which it was won.

    Kept with the change, so that what was won, and pay, are found by whose it was and by when, without any history.
    """

    __tablename__ = "deal_ending"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "deal_id"], ["deal.workspace_id", "deal.id"]),
        Index("deal_ending_by_owner", "workspace_id", "owner_id", "happened_at"),
        Index("deal_ending_by_owner_recorded", "workspace_id", "owner_id", "recorded_at"),
        Index("deal_ending_by_giver", "workspace_id", "giver_id"),
        Index("deal_ending_by_account", "workspace_id", "account_id"),
        Index("deal_ending_by_time", "workspace_id", "happened_at"),
    )

    workspace_id: str = Field(primary_key=True)
    deal_id: UUID = Field(primary_key=True)
    n: int = Field(primary_key=True, description="of the change")
    what: str = Field(description="won, lost or reopened")
    account_id: UUID
    kind: str
    furthest: str | None = Field(default=None, description="the last of the open stages that it ever stood in")
    owner_id: str
    giver_id: str | None = None
    lead_id: UUID | None = None
    handoff_id: UUID | None = None
    amount: int | None = Field(default=None, sa_type=BigInteger, description="minor units")
    currency: str
    shares: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    reason: str | None = None
    opened_at: datetime = Field(sa_type=Instant)
    happened_at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)


class DealOwner(SQLModel, table=True):
    """Whose a deal is, or once was."""

    __tablename__ = "deal_owner"
    __table_args__ = (ForeignKeyConstraint(["workspace_id", "deal_id"], ["deal.workspace_id", "deal.id"]),)

    workspace_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    deal_id: UUID = Field(primary_key=True)


class DealShare(SQLModel, table=True):
    """Who has a share of a deal that is another's, or once had: how much stands with the deal, and with its endings."""

    __tablename__ = "deal_share"
    __table_args__ = (ForeignKeyConstraint(["workspace_id", "deal_id"], ["deal.workspace_id", "deal.id"]),)

    workspace_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    deal_id: UUID = Field(primary_key=True)


class Customer(SQLModel, table=True):
    """A company that bought: since when, until when it is paid for, and who cares for it."""

    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "account_id"], ["account.workspace_id", "account.id"]),
        Index("customer_by_renewal", "workspace_id", "renewal_on"),
        Index("customer_by_csm", "workspace_id", "csm_id"),
    )

    workspace_id: str = Field(primary_key=True)
    account_id: UUID = Field(primary_key=True)
    version: int = Field(default=1, description="how many changes it has had")
    deal_id: UUID | None = Field(default=None, description="the won deal that runs; None: they have bought nothing yet")
    owner_id: str | None = Field(default=None, description="who sold it")
    csm_id: str | None = None
    since_on: date | None = None
    renewal_on: date | None = None
    renewal_day: int | None = Field(default=None, description="of the month: 31, though it may fall on 28 February")
    amount: int | None = Field(default=None, sa_type=BigInteger, description="what is renewed, in minor units")
    currency: str | None = None
    churned_at: datetime | None = Field(default=None, sa_type=Instant)
    reason: str | None = None
    reason_note: str | None = None
    recorded_at: datetime = Field(sa_type=Instant)


class CustomerChange(SQLModel, table=True):
    """One change of a customer, as `DealChange`."""

    __tablename__ = "customer_change"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "account_id"], ["customer.workspace_id", "customer.account_id"]),
        UniqueConstraint("workspace_id", "origin", name="customer_change_once_by_origin"),
        Index("customer_change_by_recorded", "workspace_id", "recorded_at"),
    )

    workspace_id: str = Field(primary_key=True)
    account_id: UUID = Field(primary_key=True)
    n: int = Field(primary_key=True)
    what: str
    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    after: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    note: str | None = None
    by: str
    happened_at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    origin: str


class CustomerLeaving(SQLModel, table=True):
    """That a customer left, or had not after all, with what they were worth to whom then; as `DealEnding`."""

    __tablename__ = "customer_leaving"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "account_id"], ["customer.workspace_id", "customer.account_id"]),
        Index("customer_leaving_by_csm", "workspace_id", "csm_id"),
    )

    workspace_id: str = Field(primary_key=True)
    account_id: UUID = Field(primary_key=True)
    n: int = Field(primary_key=True, description="of the change")
    what: str = Field(description="churned or undone")
    deal_id: UUID | None = Field(default=None, description="the won deal that ran")
    csm_id: str | None = None
    amount: int | None = Field(
        default=None, sa_type=BigInteger, description="what would have been renewed, minor units"
    )
    currency: str | None = None
    happened_at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)


class CustomerCarer(SQLModel, table=True):
    """Who cares for a customer or sold to them, or once did."""

    __tablename__ = "customer_carer"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "account_id"], ["customer.workspace_id", "customer.account_id"]),
    )

    workspace_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    account_id: UUID = Field(primary_key=True)
