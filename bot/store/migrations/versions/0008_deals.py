"""deals, their changes, and customers"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _keep_deals()
    _keep_customers()


def _keep_deals() -> None:
    op.create_table(
        "deal",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("giver_id", sa.String(), nullable=True),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("handoff_id", sa.Uuid(), nullable=True),
        sa.Column("giver_card", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("close_on", sa.Date(), nullable=True),
        sa.Column("next_step", sa.String(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("reason_note", sa.String(), nullable=True),
        sa.Column("renewal_on", sa.Date(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announcement", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="deal_key"),
        sa.ForeignKeyConstraint(["workspace_id", "account_id"], ["account.workspace_id", "account.id"]),
        sa.UniqueConstraint("workspace_id", "origin", name="deal_once_by_origin"),
    )
    op.create_index("deal_by_account", "deal", ["workspace_id", "account_id"])
    op.create_index("deal_by_owner", "deal", ["workspace_id", "owner_id", "stage"])
    op.create_index("deal_by_handoff", "deal", ["workspace_id", "handoff_id"])
    op.create_index("deal_by_close", "deal", ["workspace_id", "stage", "closed_at"])
    _keep_changes("deal", "deal_id", ["deal.workspace_id", "deal.id"])


def _keep_customers() -> None:
    op.create_table(
        "customer",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("csm_id", sa.String(), nullable=True),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("renewal_on", sa.Date(), nullable=True),
        sa.Column("renewal_day", sa.Integer(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("churned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("reason_note", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "account_id", name="customer_key"),
        sa.ForeignKeyConstraint(["workspace_id", "account_id"], ["account.workspace_id", "account.id"]),
    )
    op.create_index("customer_by_renewal", "customer", ["workspace_id", "renewal_on"])
    op.create_index("customer_by_csm", "customer", ["workspace_id", "csm_id"])
    _keep_changes("customer", "account_id", ["customer.workspace_id", "customer.account_id"])


def _keep_changes(of: str, key: str, to: list[str]) -> None:
    """The rows that say how a deal, or a customer, came to what it is."""
    name = f"{of}_change"
    op.create_table(
        name,
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column(key, sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", key, "n", name=f"{name}_key"),
        sa.ForeignKeyConstraint(["workspace_id", key], to),
        sa.UniqueConstraint("workspace_id", "origin", name=f"{name}_once_by_origin"),
    )
    op.create_index(f"{name}_by_recorded", name, ["workspace_id", "recorded_at"])
