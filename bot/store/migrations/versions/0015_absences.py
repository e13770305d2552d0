"""somebody's absences as they were known"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("absence_by_person", "absence", ["workspace_id", "person_id", "end_at"])
