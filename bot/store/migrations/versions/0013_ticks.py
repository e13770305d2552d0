"""the points of its stages that are done with a deal"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deal", sa.Column("ticks", sa.JSON(), nullable=True))
