"""the delivery ledger, the table of jobs, what people decided about reminders"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _keep_what_is_to_be_said()
    _keep_jobs()
    _keep_choices()
    op.create_index("role_assignment_by_person", "role_assignment", ["workspace_id", "person_id"])
    op.add_column("next_step", sa.Column("reminder_id", sa.Uuid(), nullable=True))
    _remind_of_what_was_promised()


def _keep_what_is_to_be_said() -> None:
    op.create_table(
        "delivery",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("subject", sa.JSON(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("if_unsure", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("useful_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("act", sa.String(), nullable=True),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waits_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="delivery_key"),
        sa.UniqueConstraint("workspace_id", "kind", "recipient", "occasion", name="delivery_once"),
    )
    _index_rows("delivery_due", ["workspace_id", "not_before"], "state IN ('waiting', 'unsure')")
    _index_rows("delivery_claimed", ["workspace_id", "lease_until"], "state = 'claimed'")
    op.create_index("delivery_by_recipient", "delivery", ["workspace_id", "recipient", "not_before"])


def _index_rows(name: str, columns: list[str], which: str) -> None:
    op.create_index(name, "delivery", columns, postgresql_where=sa.text(which), sqlite_where=sa.text(which))


def _keep_jobs() -> None:
    op.create_table(
        "job",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "kind", "person_id", "subject", name="job_key"),
    )
    op.create_index("job_due", "job", ["next_due_at", "workspace_id", "kind", "person_id"])


def _keep_choices() -> None:
    op.create_table(
        "reminder_choice",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.Time(), nullable=True),
        sa.Column("early", sa.Integer(), nullable=False),
        sa.Column("is_muted", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "kind", name="reminder_choice_key"),
    )
    op.create_table(
        "quiet_hours",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("start", sa.Time(), nullable=False),
        sa.Column("end", sa.Time(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", name="quiet_hours_key"),
    )


def _remind_of_what_was_promised() -> None:
    """Of follow-ups to come; those that are overdue stand on Home, and a message for each would be a flood."""
    op.execute(
        "INSERT INTO job (workspace_id, kind, person_id, subject, next_due_at) "
        "SELECT workspace_id, 'follow_up', person_id, replace(CAST(id AS VARCHAR), '-', ''), due_at "
        "FROM next_step WHERE state = 'open' AND due_at > CURRENT_TIMESTAMP"
    )
