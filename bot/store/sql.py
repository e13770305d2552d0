"""The few statements in which SQLite and PostgreSQL differ only in the module that builds them.

Statements of the hot path are built once and executed with parameters: building one takes SQLAlchemy several times
as long as the database takes to run it.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

Param = BindParameter[Any]
"""A place in a statement that is filled in when it runs."""


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model class."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel sets it, untyped
    return table


def insert_once(tx: Connection, model: type[SQLModel], values: dict[str, Any]) -> bool:
    """Insert a row unless a unique constraint says that it is there already.

    Returns:
        True when this call made the row.
    """
    return tx.execute(_insert_once(tx.dialect.name, model), values).first() is not None


def upsert(tx: Connection, model: type[SQLModel], values: dict[str, Any], changing: Sequence[str]) -> None:
    """Insert a row, or give the one with its primary key the new values of the columns `changing`."""
    tx.execute(_upsert(tx.dialect.name, model, tuple(changing)), values)


def add_up(tx: Connection, model: type[SQLModel], values: dict[str, Any], summing: Sequence[str]) -> int:
    """Insert a row, or add its `summing` columns to the one with its primary key.

    Returns:
        The sum that now stands in the first of them.
    """
    found: int = tx.execute(_add_up(tx.dialect.name, model, tuple(summing)), values).scalar_one()
    return found


def _insert(dialect: str, model: type[SQLModel]) -> Any:
    return (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table_of(model))


@cache
def _insert_once(dialect: str, model: type[SQLModel]) -> Any:
    return _insert(dialect, model).on_conflict_do_nothing().returning(table_of(model).c.workspace_id)


@cache
def _upsert(dialect: str, model: type[SQLModel], changing: tuple[str, ...]) -> Any:
    statement = _insert(dialect, model)
    return statement.on_conflict_do_update(
        table_of(model).primary_key, set_={name: statement.excluded[name] for name in changing}
    )


@cache
def _add_up(dialect: str, model: type[SQLModel], summing: tuple[str, ...]) -> Any:
    statement, table = _insert(dialect, model), table_of(model)
    sums = {name: table.c[name] + statement.excluded[name] for name in summing}
    return statement.on_conflict_do_update(table.primary_key, set_=sums).returning(table.c[summing[0]])
