"""The tables of companies and of the people in them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.types import Instant, new_id


class Account(SQLModel, table=True):
    """A company (or whatever name a rep gave to the other side); one row per name and workspace."""

    __table_args__ = (UniqueConstraint("workspace_id", "name_key", name="account_once_by_name"),)

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    name: str
    name_key: str = Field(description="the name as it is looked up: `bot.reading.names.name_key`")
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str


class Contact(SQLModel, table=True):
    """A person at an account, found by name, by e-mail or by the digits of a phone number."""

    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "account_id"], ["account.workspace_id", "account.id"]),
        Index("contact_by_name", "workspace_id", "name_key"),
        Index("contact_by_email", "workspace_id", "email"),
        Index("contact_by_phone", "workspace_id", "phone"),
        Index("contact_by_account", "workspace_id", "account_id"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    account_id: UUID
    name: str
    name_key: str
    email: str | None = Field(default=None, description="lower case")
    phone: str | None = Field(default=None, description="digits only")
    phone_said: str | None = Field(default=None, description="the same as it was written, to be shown")
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
