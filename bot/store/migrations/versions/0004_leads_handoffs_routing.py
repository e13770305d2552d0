"""leads, hand-offs, and what routing remembers"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _keep_leads()
    _keep_handoffs()
    op.create_index("activity_by_account", "activity", ["workspace_id", "account_id", "happened_at"])
    op.create_index("activity_by_contact", "activity", ["workspace_id", "contact_id", "happened_at"])
    op.create_index("contact_by_account", "contact", ["workspace_id", "account_id"])


def _keep_leads() -> None:
    op.create_table(
        "lead",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("employees", sa.Integer(), nullable=True),
        sa.Column("industry", sa.String(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("territory", sa.String(), nullable=True),
        sa.Column("segment", sa.String(), nullable=True),
        sa.Column("said", sa.String(), nullable=True),
        sa.Column("more", sa.JSON(), nullable=False),
        sa.Column("nurture_until", sa.Date(), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="lead_pkey"),
        sa.ForeignKeyConstraint(["workspace_id", "account_id"], ["account.workspace_id", "account.id"]),
        sa.UniqueConstraint("workspace_id", "origin", name="lead_once_by_origin"),
    )
    op.create_index("lead_by_account", "lead", ["workspace_id", "account_id"])
    op.create_index("lead_by_owner", "lead", ["workspace_id", "owner_id", "state"])
    op.create_index("lead_by_state", "lead", ["workspace_id", "state", "received_at"])

    op.create_table(
        "lead_key",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "kind", "value", name="lead_key_key"),
        sa.ForeignKeyConstraint(["workspace_id", "lead_id"], ["lead.workspace_id", "lead.id"]),
    )
    op.create_index("lead_key_by_lead", "lead_key", ["workspace_id", "lead_id"])

    op.create_table(
        "lead_event",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="lead_event_key"),
        sa.ForeignKeyConstraint(["workspace_id", "lead_id"], ["lead.workspace_id", "lead.id"]),
        sa.UniqueConstraint("workspace_id", "origin", name="lead_event_once_by_origin"),
    )
    op.create_index("lead_event_by_lead", "lead_event", ["workspace_id", "lead_id", "at"])


def _keep_handoffs() -> None:
    op.create_table(
        "handoff",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("giver_id", sa.String(), nullable=False),
        sa.Column("taker_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("meeting_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("reason_note", sa.String(), nullable=True),
        sa.Column("giver_card", sa.Uuid(), nullable=False),
        sa.Column("thread", sa.Uuid(), nullable=True),
        sa.Column("touch_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="handoff_key"),
        sa.ForeignKeyConstraint(["workspace_id", "account_id"], ["account.workspace_id", "account.id"]),
        sa.UniqueConstraint("workspace_id", "origin", name="handoff_once_by_origin"),
    )
    op.create_index("handoff_by_giver", "handoff", ["workspace_id", "giver_id", "recorded_at"])
    op.create_index("handoff_by_lead", "handoff", ["workspace_id", "lead_id"])
    op.create_index("handoff_by_state", "handoff", ["workspace_id", "state", "recorded_at"])
    op.create_index("handoff_by_taker", "handoff", ["workspace_id", "taker_id", "state"])

    op.create_table(
        "handoff_offer",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("handoff_id", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("taker_id", sa.String(), nullable=False),
        sa.Column("is_routed", sa.Boolean(), nullable=False),
        sa.Column("card", sa.Uuid(), nullable=False),
        sa.Column("choice", sa.JSON(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "handoff_id", "turn", name="handoff_offer_key"),
        sa.ForeignKeyConstraint(["workspace_id", "handoff_id"], ["handoff.workspace_id", "handoff.id"]),
    )
    op.create_index("handoff_offer_by_taker", "handoff_offer", ["workspace_id", "taker_id", "offered_at"])

    op.create_table(
        "handoff_change",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("handoff_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("taker_id", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "handoff_id", "n", name="handoff_change_key"),
        sa.ForeignKeyConstraint(["workspace_id", "handoff_id"], ["handoff.workspace_id", "handoff.id"]),
    )
    op.create_index("handoff_change_by_time", "handoff_change", ["workspace_id", "at"])

    op.create_table(
        "routing_credit",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("credit", sa.String(), nullable=False),
        sa.Column("phantom", sa.Integer(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "kind", "person_id", name="routing_credit_key"),
    )
