"""what a hand-off was asked, and the order of what happened at one moment"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("handoff", sa.Column("questions", sa.JSON(), nullable=True))
    op.add_column("handoff_change", sa.Column("id", sa.Uuid(), nullable=True))
