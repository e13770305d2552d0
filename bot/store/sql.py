"""Statements that are built once and run by the driver itself, and the few that the two databases write differently.

Written with SQLAlchemy's Core over the tables, like any other. But `Connection.execute` costs several times what
the database then takes, and every request runs a handful of them.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Connection, Table, bindparam, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor, DBAPIModule
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ReturnsRows
from sqlmodel import SQLModel

from bot.store.types import TextList

Param = BindParameter[Any]
"""A place in a statement that is filled in when it runs."""


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model class."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel sets it, untyped
    return table


class Prepared:
    """A statement that is compiled once per database; values and rows pass through the types of its columns.

    Args:
        statement: a select, or an insert that says what it returns. Its values are `bindparam`s, or are named
            by the columns they go into; a column's Python-side default is not asked, and lists are `one_of`.

    Both ways to run it take the values by name, and raise what `Connection.execute` would.
    """

    def __init__(self, statement: ReturnsRows) -> None:
        self._statement = statement
        self._ready: dict[tuple[str, ...], _Ready] = {}

    def all(self, tx: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Every row, with the columns as attributes."""
        ready = self._in(tx.dialect, tuple(values))
        return ready.rows(ready.run(tx, values).fetchall())

    def first(self, tx: Connection, values: Mapping[str, Any]) -> Any | None:
        """The first row, or None where there is none."""
        found = self.all(tx, values)
        return found[0] if found else None

    def _in(self, dialect: Dialect, names: tuple[str, ...]) -> "_Ready":
        key = (dialect.name, *names)
        if key not in self._ready:
            self._ready[key] = _Ready(self._statement, dialect, names)
        return self._ready[key]


class _Ready:
    """A statement in one database's SQL, with what its types do to values on the way in and out."""

    def __init__(self, statement: ReturnsRows, dialect: Dialect, names: Sequence[str]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        assert isinstance(compiled, SQLCompiler)
        self._sql = str(compiled)
        self._order = compiled.positiontup
        self._fixed = {name: value for name, value in compiled.params.items() if name not in names}
        self._encoders = _present(
            {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
        )
        columns = list(statement.exported_columns)
        row: Any = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]  # known only now
        self._row = row._make
        self._decoders = _present(
            {n: column.type.dialect_impl(dialect).result_processor(dialect, None) for n, column in enumerate(columns)}
        )

    def run(self, tx: Connection, values: Mapping[str, Any]) -> DBAPICursor:
        """Execute on the driver's own connection."""
        given = {**self._fixed, **values}
        for name, encode in self._encoders:
            given[name] = encode(given[name])
        cursor = tx.connection.cursor()
        try:
            cursor.execute(self._sql, [given[name] for name in self._order] if self._order else given)
        except _base_error(tx.dialect) as error:
            raise _told(tx, self._sql, error) from error
        return cursor

    def rows(self, found: Sequence[Any]) -> list[Any]:
        """What the driver found, as the columns' types promise it."""
        return [self._row(self._decoded(row)) for row in found]

    def _decoded(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self._decoders:
            return row
        values = list(row)
        for place, decode in self._decoders:
            values[place] = decode(values[place])
        return values


def _base_error(dialect: Dialect) -> type[DBAPIModule.Error]:
    assert dialect.dbapi is not None  # an engine's dialect has its driver
    return dialect.dbapi.Error


def _told(tx: Connection, sql: str, error: DBAPIModule.Error) -> BaseException:
    """A driver's error as SQLAlchemy's, without the values; a connection that is gone leaves the pool."""
    gone = tx.dialect.is_disconnect(error, tx.connection, None)
    if gone:
        tx.invalidate(error)
    return DBAPIError.instance(
        sql,
        None,
        error,
        _base_error(tx.dialect),
        hide_parameters=True,
        connection_invalidated=gone,
        dialect=tx.dialect,
    )


def _present(found: Mapping[Any, Callable[[Any], Any] | None]) -> list[tuple[Any, Callable[[Any], Any]]]:
    return [(place, process) for place, process in found.items() if process]


class _OneOf(ColumnElement[bool]):
    """`column` is among the texts of the list `param`: one place in the SQL, however long the list is."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[str], param: Param) -> None:
        self.column, self.param = column, param


def one_of(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Whether a text column is among the list of texts that `name` is given when the statement runs."""
    return _OneOf(column, bindparam(name, type_=TextList()))


@compiles(_OneOf, "sqlite")
def _one_of_sqlite(element: _OneOf, compiler: SQLCompiler, **how: Any) -> str:
    column, texts = compiler.process(element.column, **how), compiler.process(element.param, **how)
    return f"{column} IN (SELECT value FROM json_each({texts}))"  # noqa: S608 - the compiler wrote both


@compiles(_OneOf, "postgresql")
def _one_of_postgresql(element: _OneOf, compiler: SQLCompiler, **how: Any) -> str:
    column, texts = compiler.process(element.column, **how), compiler.process(element.param, **how)
    return f"{column} = ANY ({texts})"


def insert_once(tx: Connection, model: type[SQLModel], values: Mapping[str, Any]) -> bool:
    """Insert a row unless a unique constraint says that it is there already.

    Returns:
        True when this call made the row.
    """
    return _insert_once(tx.dialect.name, model).first(tx, values) is not None


def insert_many_once(tx: Connection, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> set[UUID]:
    """Insert rows with the same columns, in as few statements as the database takes, unless a unique constraint says
    that they are there already.

    Returns:
        The ids (column `id`) of those that this call made.
    """
    made = _insert(tx.dialect.name, model).on_conflict_do_nothing().returning(table_of(model).c.id)
    return set(tx.scalars(made, rows))


def upsert(tx: Connection, model: type[SQLModel], values: Mapping[str, Any], changing: Sequence[str]) -> None:
    """Insert a row, or give the one with its primary key the new values of the columns `changing`."""
    _upsert(tx.dialect.name, model, tuple(changing)).first(tx, values)


def add_up(tx: Connection, model: type[SQLModel], values: Mapping[str, Any], summing: Sequence[str]) -> int:
    """Insert a row, or add its `summing` columns to the one with its primary key.

    Returns:
        The sum that now stands in the first of them.
    """
    found = _add_up(tx.dialect.name, model, tuple(summing)).first(tx, values)
    assert found is not None
    total: int = found[0]
    return total


def one_at_a_time(tx: Connection, what: str) -> None:
    """Let transactions that name the same `what` go one after the other: the second waits, and sees what the first did.

    SQLite has one writer anyway.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))"), {"what": what})


def _insert(dialect: str, model: type[SQLModel]) -> Any:
    return (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table_of(model))


@cache
def _insert_once(dialect: str, model: type[SQLModel]) -> Prepared:
    return Prepared(_insert(dialect, model).on_conflict_do_nothing().returning(table_of(model).c.workspace_id))


@cache
def _upsert(dialect: str, model: type[SQLModel], changing: tuple[str, ...]) -> Prepared:
    statement, table = _insert(dialect, model), table_of(model)
    news = {name: statement.excluded[name] for name in changing}
    return Prepared(statement.on_conflict_do_update(table.primary_key, set_=news).returning(table.c.workspace_id))


@cache
def _add_up(dialect: str, model: type[SQLModel], summing: tuple[str, ...]) -> Prepared:
    statement, table = _insert(dialect, model), table_of(model)
    sums = {name: table.c[name] + statement.excluded[name] for name in summing}
    return Prepared(statement.on_conflict_do_update(table.primary_key, set_=sums).returning(table.c[summing[0]]))
