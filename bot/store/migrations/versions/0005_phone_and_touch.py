"""a contact's phone number as it was written, and the first touch that a hand-off shows"""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact", sa.Column("phone_said", sa.String(), nullable=True))
    op.add_column("handoff", sa.Column("touched_at", Instant(), nullable=True))
