"""what a row of the ledger was caused by: the id of the request in the log"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("request", sa.String(), nullable=True))
