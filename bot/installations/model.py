"""The tables of installations."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from bot.installations.states import State
from bot.store.types import Instant


class Installation(SQLModel, table=True):
    """Baton in one workspace, or (`is_organisation`) in all of an organisation's at once; then `workspace_id` is the
    organisation's id. A workspace that is served by such an installation has a row of its own, which names it
    (`through`) and holds no token.

    What is sealed is encrypted by `bot.installations.keys`; it never leaves in any other form.
    """

    __table_args__ = (Index("installation_by_state", "state", "ended_at"), Index("installation_through", "through"))

    workspace_id: str = Field(primary_key=True)
    name: str | None = None
    organisation_id: str | None = None
    is_organisation: bool = False
    through: str | None = None
    app_id: str | None = None
    bot_id: str | None = None
    bot_user_id: str | None = None
    sealed_token: str | None = None
    sealed_refresh_token: str | None = Field(default=None, description="where Slack rotates tokens")
    expires_at: datetime | None = Field(default=None, sa_type=Instant, description="of the token; none lives for ever")
    sealed_secret: str | None = Field(default=None, description="what senders of leads sign with")
    scopes: str = ""
    installed_by: str | None = None
    installed_at: datetime = Field(sa_type=Instant)
    state: str = State.ACTIVE
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = Field(default=1, description="raised by every change, so that what others keep of it is told apart")
    renewing_until: datetime | None = Field(default=None, sa_type=Instant, description="somebody renews the token")
    purged: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON), description="rows that went, by table")
    purged_at: datetime | None = Field(default=None, sa_type=Instant)


class InstallState(SQLModel, table=True):
    """A way to Slack and back that has begun (OAuth's `state`), as hashes. Whose workspace it will be, nobody knows
    yet, so this is the one table without one.
    """

    __tablename__ = "install_state"
    __table_args__ = (Index("install_state_by_end", "expires_at"),)

    state_hash: str = Field(primary_key=True)
    browser_hash: str
    expires_at: datetime = Field(sa_type=Instant)
