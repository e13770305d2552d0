"""stretches of names, by which misspelt ones are found without reading all"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

STRETCHES = {
    "head": "substr(name_key, 1, 4)",
    "middle": "substr(name_key, 5, 4)",
    "tail": "substr(name_key, length(name_key) - 3)",
}


def upgrade() -> None:
    is_stored = op.get_bind().dialect.name == "postgresql"  # it indexes no other; SQLite adds no such one
    for table in ("account", "contact"):
        for name, of in STRETCHES.items():
            op.add_column(table, sa.Column(name, sa.String(), sa.Computed(of, persisted=is_stored), nullable=True))
            op.create_index(f"{table}_by_{name}", table, ["workspace_id", name])
