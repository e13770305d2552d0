"""roles in versions, placement, absence, settings, audit, Home"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CURRENT = sa.text("superseded_at IS NULL")


def upgrade() -> None:
    op.add_column("person", sa.Column("is_foreign", sa.Boolean(), nullable=False, server_default=sa.false()))
    _put_roles_into_versions()
    _keep_where_people_stand()
    _keep_absences()
    _keep_settings()
    _keep_audit()
    op.create_table(
        "home_tab",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", name="home_tab_key"),
    )


def _put_roles_into_versions() -> None:
    """A new table with the old rows in it as first versions: SQLite cannot change a primary key."""
    op.drop_index("role_assignment_by_person", "role_assignment")
    op.rename_table("role_assignment", "role_assignment_0001")
    op.create_table(
        "role_assignment",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("start_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", "version", name="role_assignment_version_key"),
    )
    columns = "workspace_id, id, person_id, role, start_day, end_day, recorded_at, recorded_by"
    op.execute(
        f"INSERT INTO role_assignment (version, {columns}) SELECT 1, {columns} FROM role_assignment_0001"  # noqa: S608
    )
    op.drop_table("role_assignment_0001")
    op.create_index(
        "role_assignment_current",
        "role_assignment",
        ["workspace_id", "person_id"],
        postgresql_where=CURRENT,
        sqlite_where=CURRENT,
    )


def _keep_where_people_stand() -> None:
    op.create_table(
        "placement",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("aspect", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("start_day", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="placement_key"),
    )
    op.create_index("placement_by_person", "placement", ["workspace_id", "person_id", "aspect", "start_day"])
    op.create_index("placement_by_aspect", "placement", ["workspace_id", "aspect", "start_day"])


def _keep_absences() -> None:
    op.create_table(
        "absence",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "id", "version", name="absence_key"),
    )
    op.create_index(
        "absence_current",
        "absence",
        ["workspace_id", "person_id", "end_at"],
        postgresql_where=CURRENT,
        sqlite_where=CURRENT,
    )


def _keep_settings() -> None:
    op.create_table(
        "workspace_setting",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "name", "version", name="workspace_setting_key"),
    )
    op.create_index(
        "workspace_setting_current",
        "workspace_setting",
        ["workspace_id", "name"],
        unique=True,
        postgresql_where=CURRENT,
        sqlite_where=CURRENT,
    )


def _keep_audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("start_day", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="audit_entry_key"),
    )
    op.create_index("audit_entry_by_time", "audit_entry", ["workspace_id", "recorded_at"])
    op.create_index("audit_entry_by_person", "audit_entry", ["workspace_id", "person_id", "recorded_at"])
