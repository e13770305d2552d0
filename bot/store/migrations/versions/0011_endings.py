"""how deals ended and customers left, kept beside their changes; whose deals were; indexes for what people achieved"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STAGES = ("requalify", "needs", "demo", "concerns", "negotiation")
BATCH = 5000
Row = dict[str, Any]


def upgrade() -> None:
    keep()
    _index()


def keep() -> None:
    """The three tables, with what the changes so far say."""
    endings, owners, leavings = _tables()
    _fill(_endings_and_owners(endings, owners))
    _fill(_leavings(leavings))


def _tables() -> tuple[sa.Table, sa.Table, sa.Table]:
    times = ("happened_at", "recorded_at")
    endings = op.create_table(
        "deal_ending",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("furthest", sa.String(), nullable=True),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("giver_id", sa.String(), nullable=True),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("handoff_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in times),
        sa.PrimaryKeyConstraint("workspace_id", "deal_id", "n", name="deal_ending_key"),
        sa.ForeignKeyConstraint(["workspace_id", "deal_id"], ["deal.workspace_id", "deal.id"]),
    )
    owners = op.create_table(
        "deal_owner",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "deal_id", name="deal_owner_key"),
        sa.ForeignKeyConstraint(["workspace_id", "deal_id"], ["deal.workspace_id", "deal.id"]),
    )
    leavings = op.create_table(
        "customer_leaving",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=True),
        sa.Column("csm_id", sa.String(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in times),
        sa.PrimaryKeyConstraint("workspace_id", "account_id", "n", name="customer_leaving_key"),
        sa.ForeignKeyConstraint(["workspace_id", "account_id"], ["customer.workspace_id", "customer.account_id"]),
    )
    return endings, owners, leavings


def _index() -> None:
    op.create_index("deal_ending_by_owner", "deal_ending", ["workspace_id", "owner_id", "happened_at"])
    op.create_index("deal_ending_by_owner_recorded", "deal_ending", ["workspace_id", "owner_id", "recorded_at"])
    op.create_index("deal_ending_by_giver", "deal_ending", ["workspace_id", "giver_id"])
    op.create_index("deal_ending_by_account", "deal_ending", ["workspace_id", "account_id"])
    op.create_index("deal_ending_by_time", "deal_ending", ["workspace_id", "happened_at"])
    op.create_index("customer_leaving_by_csm", "customer_leaving", ["workspace_id", "csm_id"])
    op.drop_index("deal_by_owner", "deal")
    op.create_index("deal_by_owner", "deal", ["workspace_id", "owner_id", "stage", "closed_at"])
    op.create_index("handoff_by_giver_settled", "handoff", ["workspace_id", "giver_id", "settled_at"])
    op.create_index("handoff_change_by_taker", "handoff_change", ["workspace_id", "taker_id", "at"])
    superseded = sa.text("superseded_at IS NOT NULL")
    op.create_index(
        "activity_superseded_by_day",
        "activity",
        ["workspace_id", "person_id", "day"],
        postgresql_where=superseded,
        sqlite_where=superseded,
    )


def _fill(rows: Iterator[tuple[sa.Table, Row]]) -> None:
    waiting: dict[sa.Table, list[Row]] = {}
    for table, row in rows:
        several = waiting.setdefault(table, [])
        several.append(row)
        if len(several) == BATCH:
            op.bulk_insert(table, several)
            several.clear()
    for table, several in waiting.items():
        op.bulk_insert(table, several)


def _endings_and_owners(endings: sa.Table, owners: sa.Table) -> Iterator[tuple[sa.Table, Row]]:
    for workspace_id, deal_id, changes in _changes("deal_change", "deal_id"):
        stood: Row = {}
        stages: set[str] = set()
        seen: set[str] = set()
        for each in changes:
            stood |= each.after
            stages |= {each.after["stage"]} if "stage" in each.after else set()
            if stood["owner_id"] not in seen:
                seen.add(stood["owner_id"])
                yield owners, {"workspace_id": workspace_id, "person_id": stood["owner_id"], "deal_id": deal_id}
            if each.what in {"won", "lost", "reopened"}:
                names = ("kind", "owner_id", "giver_id", "amount", "currency", "reason")
                yield (
                    endings,
                    {
                        **_key(workspace_id, each),
                        **{name: stood.get(name) for name in names},
                        **{name: _id(stood.get(name)) for name in ("account_id", "lead_id", "handoff_id")},
                        "deal_id": deal_id,
                        "furthest": next((stage for stage in reversed(STAGES) if stage in stages), None),
                        "opened_at": datetime.fromisoformat(stood["opened_at"]).astimezone(UTC),
                    },
                )


def _leavings(leavings: sa.Table) -> Iterator[tuple[sa.Table, Row]]:
    for workspace_id, account_id, changes in _changes("customer_change", "account_id"):
        stood: Row = {}
        for each in changes:
            stood |= each.after
            if each.what == "churned" or (each.what == "undone" and "churned_at" in each.after):
                yield (
                    leavings,
                    {
                        **_key(workspace_id, each),
                        **{name: stood.get(name) for name in ("csm_id", "amount", "currency")},
                        "account_id": account_id,
                        "deal_id": _id(stood.get("deal_id")),
                    },
                )


def _changes(name: str, key: str) -> Iterator[tuple[str, UUID, list[Any]]]:
    columns: list[sa.ColumnClause[Any]] = [
        sa.column("workspace_id", sa.String()),
        sa.column(key, sa.Uuid()),
        sa.column("n", sa.Integer()),
    ]
    columns += [sa.column("what", sa.String()), sa.column("after", sa.JSON())]
    columns += [sa.column(each, sa.DateTime(timezone=True)) for each in ("happened_at", "recorded_at")]
    table = sa.table(name, *columns)
    statement = sa.select(table).order_by(*columns[:3])
    rows = op.get_bind().execute(statement, execution_options={"yield_per": BATCH})
    for (workspace_id, of), several in groupby(rows, key=lambda row: (row[0], row[1])):
        yield workspace_id, of, list(several)


def _key(workspace_id: str, each: Any) -> Row:
    times = {"happened_at": each.happened_at, "recorded_at": each.recorded_at}
    return {"workspace_id": workspace_id, "n": each.n, "what": each.what, **times}


def _id(value: str | None) -> UUID | None:
    return UUID(value) if value else None
