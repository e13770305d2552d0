"""The tables of coaching: feedback, one-to-ones in versions with their action items, modules of training and who has
them.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.coaching.states import State
from bot.store.types import Instant, new_id

CURRENT = text("superseded_at IS NULL")


class Feedback(SQLModel, table=True):
    """What somebody said of a colleague, never changed; the author may take it back while it is new."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "origin", name="feedback_once_by_origin"),
        Index("feedback_by_person", "workspace_id", "person_id", "recorded_at"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: str = Field(description="of whom it is said")
    author_id: str
    text: str
    is_kudos: bool = Field(default=False, description="said in public, too")
    letters: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False), description="the ledger's messages of it"
    )
    recorded_at: datetime = Field(sa_type=Instant)
    origin: str
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class OneOnOne(SQLModel, table=True):
    """A one-to-one that was held, in one version: what was noted is edited by closing a version and adding the next."""

    __tablename__ = "one_on_one"
    __table_args__ = (
        UniqueConstraint("workspace_id", "origin", name="one_on_one_once_by_origin"),
        Index(
            "one_on_one_current",
            "workspace_id",
            "person_id",
            "manager_id",
            "held_on",
            unique=True,
            postgresql_where=CURRENT,
            sqlite_where=CURRENT,
        ),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    version: int = Field(primary_key=True)
    person_id: str
    manager_id: str = Field(description="who held it")
    held_on: date = Field(description="in the manager's zone")
    notes: str = Field(description="the manager's own, unless they are shared")
    is_shared: bool = False
    origin: str
    recorded_at: datetime = Field(sa_type=Instant)
    superseded_at: datetime | None = Field(default=None, sa_type=Instant)


class ActionItem(SQLModel, table=True):
    """What came out of a one-to-one for one of the two to do. It comes back at the next one until it is done."""

    __tablename__ = "action_item"
    __table_args__ = (
        UniqueConstraint("workspace_id", "origin", "n", name="action_item_once_by_origin"),
        Index("action_item_by_person", "workspace_id", "person_id", "recorded_at"),
        Index("action_item_by_owner", "workspace_id", "owner_id", "state"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: str = Field(description="whose one-to-one it came out of")
    manager_id: str
    owner_id: str = Field(description="who is to do it: one of the two")
    text: str
    due_on: date | None = None
    step_id: UUID | None = Field(default=None, description="the owner's follow-up that reminds of it")
    state: str = State.OPEN
    origin: str
    n: int = Field(description="its place among those of one delivery")
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_by: str | None = None


class TrainingModule(SQLModel, table=True):
    """Something to be learned by a day, by people and by whoever holds one of `roles` while it stands."""

    __tablename__ = "training_module"
    __table_args__ = (
        UniqueConstraint("workspace_id", "origin", name="training_module_once_by_origin"),
        Index("training_module_by_author", "workspace_id", "recorded_by"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    title: str
    link: str | None = None
    due_on: date
    roles: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    origin: str
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_by: str | None = None


class Training(SQLModel, table=True):
    """A module that one person has to do, once."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "module_id", "person_id", name="training_once_by_person"),
        ForeignKeyConstraint(["workspace_id", "module_id"], ["training_module.workspace_id", "training_module.id"]),
        Index("training_by_person", "workspace_id", "person_id", "state"),
    )

    workspace_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    module_id: UUID
    person_id: str
    due_on: date = Field(description="the module's day, or a later one for whoever got it late")
    state: str = State.OPEN
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
