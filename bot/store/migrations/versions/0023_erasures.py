"""people are erased page by page"""

import sqlalchemy as sa
from alembic import op

from bot.store.walls import put_up

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("is_leaving", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "erasure",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("pseudonym", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "pseudonym", name="erasure_key"),
    )
    runs = sa.text("ended_at IS NULL")
    op.create_index("erasure_that_runs", "erasure", ["workspace_id"], postgresql_where=runs, sqlite_where=runs)
    if op.get_bind().dialect.name == "postgresql":
        for statement in put_up("erasure"):
            op.execute(statement)
