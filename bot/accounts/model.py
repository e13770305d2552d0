"""The tables of companies and of the people in them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Computed, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.types import Instant, new_id

HEAD, MIDDLE, TAIL = "substr(name_key, 1, 4)", "substr(name_key, 5, 4)", "substr(name_key, length(name_key) - 3)"
"""Stretches of a name of which a misspelt one has at least one right (`bot.accounts.queries.similar`)."""


def _stretch(of: str) -> Column[str]:
    return Column(String, Computed(of))


class Account(SQLModel, table=True):
    """A company (or whatever name a rep gave to the other side); one row per name and workspace."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "name_key", name="account_once_by_name"),
        Index("account_by_head", "workspace_id", "head"),
        Index("account_by_middle", "workspace_id", "middle"),
        Index("account_by_tail", "workspace_id", "tail"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    name: str
    name_key: str = Field(description="the name as it is looked up: `bot.reading.names.name_key`")
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
    head: str | None = Field(default=None, sa_column=_stretch(HEAD))
    middle: str | None = Field(default=None, sa_column=_stretch(MIDDLE))
    tail: str | None = Field(default=None, sa_column=_stretch(TAIL))


class Contact(SQLModel, table=True):
    """A person at an account, found by name, by e-mail or by the digits of a phone number."""

    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "account_id"], ["account.workspace_id", "account.id"]),
        Index("contact_by_name", "workspace_id", "name_key"),
        Index("contact_by_email", "workspace_id", "email"),
        Index("contact_by_phone", "workspace_id", "phone"),
        Index("contact_by_account", "workspace_id", "account_id"),
        Index("contact_by_head", "workspace_id", "head"),
        Index("contact_by_middle", "workspace_id", "middle"),
        Index("contact_by_tail", "workspace_id", "tail"),
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
    head: str | None = Field(default=None, sa_column=_stretch(HEAD))
    middle: str | None = Field(default=None, sa_column=_stretch(MIDDLE))
    tail: str | None = Field(default=None, sa_column=_stretch(TAIL))
