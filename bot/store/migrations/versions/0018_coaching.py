"""coaching: feedback, one-to-ones, action items, training"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _keep_feedback()
    _keep_one_on_ones()
    _keep_items()
    _keep_training()


def _keep_feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("is_kudos", sa.Boolean(), nullable=False),
        sa.Column("letters", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="feedback_key"),
        sa.UniqueConstraint("workspace_id", "origin", name="feedback_once_by_origin"),
    )
    op.create_index("feedback_by_person", "feedback", ["workspace_id", "person_id", "recorded_at"])


def _keep_one_on_ones() -> None:
    op.create_table(
        "one_on_one",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("manager_id", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", "version", name="one_on_one_key"),
        sa.UniqueConstraint("workspace_id", "origin", name="one_on_one_once_by_origin"),
    )
    current = sa.text("superseded_at IS NULL")
    op.create_index(
        "one_on_one_current",
        "one_on_one",
        ["workspace_id", "person_id", "manager_id", "held_on"],
        unique=True,
        postgresql_where=current,
        sqlite_where=current,
    )


def _keep_items() -> None:
    op.create_table(
        "action_item",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("manager_id", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("step_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="action_item_key"),
        sa.UniqueConstraint("workspace_id", "origin", "n", name="action_item_once_by_origin"),
    )
    op.create_index("action_item_by_person", "action_item", ["workspace_id", "person_id", "recorded_at"])
    op.create_index("action_item_by_owner", "action_item", ["workspace_id", "owner_id", "state"])


def _keep_training() -> None:
    op.create_table(
        "training_module",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="training_module_key"),
        sa.UniqueConstraint("workspace_id", "origin", name="training_module_once_by_origin"),
    )
    op.create_index("training_module_by_author", "training_module", ["workspace_id", "recorded_by"])
    op.create_table(
        "training",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="training_key"),
        sa.ForeignKeyConstraint(["workspace_id", "module_id"], ["training_module.workspace_id", "training_module.id"]),
        sa.UniqueConstraint("workspace_id", "module_id", "person_id", name="training_once_by_person"),
    )
    op.create_index("training_by_person", "training", ["workspace_id", "person_id", "state"])
