"""the shares that several people have of one deal"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deal", sa.Column("shares", sa.JSON(), nullable=True))
    op.add_column("deal_ending", sa.Column("shares", sa.JSON(), nullable=True))
    op.create_table(
        "deal_share",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "deal_id", name="deal_share_key"),
        sa.ForeignKeyConstraint(["workspace_id", "deal_id"], ["deal.workspace_id", "deal.id"]),
    )
