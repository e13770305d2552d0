"""totals of days that lie beside each other, and an index of what was logged late: what a look back adds up"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "activity_late",
        "activity",
        ["workspace_id", "person_id", "day", "recorded_at", "kind", "quantity", "superseded_at"],
        sqlite_where=sa.text("superseded_at IS NULL AND recorded_at >= date(day, '+2 days')"),
        postgresql_where=sa.text("superseded_at IS NULL AND recorded_at >= ((day + 2)::timestamp AT TIME ZONE 'UTC')"),
    )
    if op.get_bind().dialect.name != "sqlite":
        return
    op.create_table(
        "activity_day_by_key",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "day", "kind", name="activity_day_key"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO activity_day_by_key (workspace_id, person_id, day, kind, quantity, minutes) "
        "SELECT workspace_id, person_id, day, kind, quantity, minutes FROM activity_day"
    )
    op.drop_table("activity_day")
    op.rename_table("activity_day_by_key", "activity_day")
