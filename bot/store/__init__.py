"""The SQL store: engine, column types, migrations. Every table starts with the workspace."""

from sqlmodel import SQLModel

# Constraints have the same names in both databases, so that a migration can name them.
SQLModel.metadata.naming_convention = {
    "ix": "%(table_name)s_by_%(column_0_N_name)s",
    "uq": "%(table_name)s_once_by_%(column_0_N_name)s",
    "fk": "%(table_name)s_to_%(referred_table_name)s",
    "pk": "%(table_name)s_key",
}
