"""row-level security: the second lock between workspaces, on PostgreSQL"""

from alembic import op
from sqlalchemy import inspect

from bot.store.walls import put_up

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    there = inspect(connection)
    for table in sorted(there.get_table_names()):
        if any(column["name"] == "workspace_id" for column in there.get_columns(table)):
            for statement in put_up(table):
                op.execute(statement)
