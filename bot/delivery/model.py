"""The delivery ledger: one row for one message to one recipient for one occasion."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.delivery.states import IfUnsure, State, Way
from bot.store.types import Instant, new_id


class Delivery(SQLModel, table=True):
    """One message of Baton's own accord. A row says what is to be said (kind, subject), not how: its words are made
    when it is sent, from the state of that moment, so that a card never shows yesterday.

    A change of what a sent card shows raises `version` and lets the same row wait again; so a card keeps its place,
    and of several changes that were not sent yet only the last is.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "kind", "recipient", "occasion", name="delivery_once"),
        Index(
            "delivery_due",
            "workspace_id",
            "not_before",
            postgresql_where=text("state IN ('waiting', 'unsure')"),
            sqlite_where=text("state IN ('waiting', 'unsure')"),
        ),
        Index(
            "delivery_claimed",
            "workspace_id",
            "lease_until",
            postgresql_where=text("state = 'claimed'"),
            sqlite_where=text("state = 'claimed'"),
        ),
        Index("delivery_by_recipient", "workspace_id", "recipient", "not_before"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    kind: str
    recipient: str = Field(description="the Slack id of a person or a channel")
    occasion: str = Field(description="what makes it this message and no other, such as a day")
    place: str | None = Field(default=None, description="the channel of an ephemeral message or an upload")
    subject: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False), description="what it is about: ids")
    way: str = Way.POST
    if_unsure: str = IfUnsure.DROP
    state: str = State.WAITING
    reason: str | None = Field(default=None, description="why it was dropped, has failed, or waits longer")
    version: int = Field(default=1, description="of what it should show")
    shown: int = Field(default=0, description="the version that stands in Slack; 0 for none")
    attempts: int = 0
    not_before: datetime = Field(sa_type=Instant)
    useful_until: datetime | None = Field(default=None, sa_type=Instant, description="later it is stale")
    claimed_by: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    tried_at: datetime | None = Field(default=None, sa_type=Instant, description="the first try of an unsure post")
    channel: str | None = None
    ts: str | None = None
    act: str | None = Field(default=None, description="what its reader did with it last")
    acted_at: datetime | None = Field(default=None, sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    waits_since: datetime = Field(sa_type=Instant, description="its first moment, or that of its last change")
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    request: str | None = Field(default=None, description="the id in the log of what caused it, or its last change")
