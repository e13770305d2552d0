"""commission plans, closed periods with their lines as paid, disputes"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _keep_plans()
    _keep_statements()
    _keep_disputes()


def _keep_plans() -> None:
    op.create_table(
        "pay_plan",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("start_day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "role", "start_day", "version", name="pay_plan_key"),
        sa.UniqueConstraint("workspace_id", "origin", "role", "start_day", name="pay_plan_once_by_origin"),
    )
    _only_one("pay_plan_current", "pay_plan", ["workspace_id", "role", "start_day"], "superseded_at IS NULL")


def _keep_statements() -> None:
    op.create_table(
        "pay_period",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "name", name="pay_period_key"),
    )
    op.create_table(
        "pay_statement",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("brought", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "period", "person_id", name="pay_statement_key"),
        sa.ForeignKeyConstraint(["workspace_id", "period"], ["pay_period.workspace_id", "pay_period.name"]),
    )
    op.create_index("pay_statement_by_person", "pay_statement", ["workspace_id", "person_id"])
    op.create_table(
        "pay_line",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("line", sa.JSON(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "period", "person_id", "n", name="pay_line_key"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "period", "person_id"],
            ["pay_statement.workspace_id", "pay_statement.period", "pay_statement.person_id"],
        ),
    )
    op.create_index("pay_line_by_person", "pay_line", ["workspace_id", "person_id"])


def _keep_disputes() -> None:
    op.create_table(
        "pay_dispute",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("line_id", sa.String(), nullable=False),
        sa.Column("line", sa.JSON(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cards", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pay_dispute_key"),
        sa.UniqueConstraint("workspace_id", "origin", name="pay_dispute_once_by_origin"),
    )
    op.create_index("pay_dispute_by_person", "pay_dispute", ["workspace_id", "person_id", "period"])
    _only_one("pay_dispute_open", "pay_dispute", ["workspace_id", "person_id", "line_id"], "state = 'open'")


def _only_one(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, unique=True, postgresql_where=sa.text(where), sqlite_where=sa.text(where))
