"""who ever cared for a customer, and offers by their time: what retention and acceptance are drawn from"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BATCH = 5000


def upgrade() -> None:
    keep()
    op.create_index("handoff_offer_by_time", "handoff_offer", ["workspace_id", "offered_at"])


def keep() -> None:
    """The table, with what the changes so far say."""
    carers = op.create_table(
        "customer_carer",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "account_id", name="customer_carer_key"),
        sa.ForeignKeyConstraint(["workspace_id", "account_id"], ["customer.workspace_id", "customer.account_id"]),
    )
    waiting: list[dict[str, Any]] = []
    for workspace_id, person_id, account_id in _carers():
        waiting.append({"workspace_id": workspace_id, "person_id": person_id, "account_id": account_id})
        if len(waiting) == BATCH:
            op.bulk_insert(carers, waiting)
            waiting.clear()
    op.bulk_insert(carers, waiting)


def _carers() -> Iterator[tuple[str, str, Any]]:
    """Each once: those of one customer stand together."""
    changes = sa.table(
        "customer_change",
        sa.column("workspace_id", sa.String()),
        sa.column("account_id", sa.Uuid()),
        sa.column("n", sa.Integer()),
        sa.column("after", sa.JSON()),
    )
    statement = sa.select(changes).order_by(changes.c.workspace_id, changes.c.account_id, changes.c.n)
    seen: set[tuple[str, str, Any]] = set()
    last = None
    for row in op.get_bind().execute(statement, execution_options={"yield_per": BATCH}):
        if last != (row.workspace_id, row.account_id):
            last = (row.workspace_id, row.account_id)
            seen.clear()
        for name in ("csm_id", "owner_id"):
            key = (row.workspace_id, row.after.get(name), row.account_id)
            if key[1] and key not in seen:
                seen.add(key)
                yield key
