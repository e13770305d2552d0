"""The two statements in which SQLite and PostgreSQL differ only in the module that builds them."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

Insert = sqlite.Insert | postgresql.Insert


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model class."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel sets it, untyped
    return table


def insert(tx: Connection, model: type[SQLModel], values: dict[str, Any] | list[dict[str, Any]]) -> Any:
    """An `INSERT` that can still be given `ON CONFLICT …`, for the database behind `tx`."""
    build = sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert
    return build(table_of(model)).values(values)
