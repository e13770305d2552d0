"""Statements that are built once and run by the driver itself, and the few that the two databases write differently.

Written with SQLAlchemy's Core over the tables, like any other. But `Connection.execute` costs several times what
the database then takes, and every request runs a handful of them.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any
from uuid import UUID, SafeUUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Delete,
    Insert,
    Table,
    Update,
    Uuid,
    and_,
    bindparam,
    text,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor, DBAPIModule
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ReturnsRows
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from bot.store.types import IdDigits, IdList, Instant, TextList

Param = BindParameter[Any]
"""A place in a statement that is filled in when it runs."""


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model class."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel sets it, untyped
    return table


class Prepared:
    """A statement that is compiled once per database; values and rows pass through the types of its columns.

    Args:
        statement: a select, or a change that says what it returns. Its values are `bindparam`s, or are named
            by the columns they go into; a column's Python-side default is not asked, and lists are `one_of`.

    Both ways to run it take the values by name, and raise what `Connection.execute` would.
    """

    def __init__(self, statement: ReturnsRows) -> None:
        self._statement = statement
        self._ready: dict[tuple[str, ...], Ready] = {}

    def all(self, tx: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Every row, with the columns as attributes."""
        ready = self._in(tx.dialect, tuple(values))
        return ready.rows(ready.run(tx, values).fetchall())

    def first(self, tx: Connection, values: Mapping[str, Any]) -> Any | None:
        """The first row, or None where there is none."""
        found = self.all(tx, values)
        return found[0] if found else None

    def _in(self, dialect: Dialect, names: tuple[str, ...]) -> "Ready":
        key = (dialect.name, *names)
        if key not in self._ready:
            self._ready[key] = Ready(self._statement, dialect, names)
        return self._ready[key]


class PreparedChange:
    """A change that returns no rows, compiled once per database.

    Args:
        statement: an update or delete. Its values are `bindparam`s, none of which is named like a column.
    """

    def __init__(self, statement: Update | Delete) -> None:
        self._statement = statement
        self._ready: dict[str, Ready] = {}

    def once(self, tx: Connection, values: Mapping[str, Any]) -> int:
        """Run it with the values by name; returns how many rows it changed."""
        return self._in(tx.dialect).run(tx, values).rowcount

    def each(self, tx: Connection, many: Sequence[Mapping[str, Any]]) -> int:
        """Run it with each of many values, as the driver does that best; returns how many rows that changed."""
        return self._in(tx.dialect).run_each(tx, many).rowcount if many else 0

    def _in(self, dialect: Dialect) -> "Ready":
        if dialect.name not in self._ready:
            self._ready[dialect.name] = Ready(self._statement, dialect, None)
        return self._ready[dialect.name]


class Ready:
    """A statement in one database's SQL, with what its types do to values on the way in and out."""

    def __init__(
        self, statement: ReturnsRows | Insert | Update | Delete, dialect: Dialect, names: Sequence[str] | None
    ) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=None if names is None else list(names))
        assert isinstance(compiled, SQLCompiler)
        self._sql = str(compiled)
        self._order = compiled.positiontup
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        given = names or [name for name, bind in binds.items() if bind.required]
        self._fixed = {name: value for name, value in compiled.params.items() if name not in given}
        self._encoders = _present(
            {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in binds.items()}
        )
        columns = list(statement.exported_columns) if isinstance(statement, ReturnsRows) else []
        row: Any = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]  # known only now
        self._row = partial(tuple.__new__, row)
        self._decoders = _present({n: _decoder(column.type, dialect) for n, column in enumerate(columns)})

    def run(self, tx: Connection, values: Mapping[str, Any]) -> DBAPICursor:
        """Execute on the driver's own connection."""
        cursor = tx.connection.cursor()
        try:
            cursor.execute(self._sql, self._encoded(values))
        except base_error(tx.dialect) as error:
            raise told(tx, self._sql, error) from error
        return cursor

    def run_each(self, tx: Connection, many: Sequence[Mapping[str, Any]]) -> DBAPICursor:
        """The same, for each of many values."""
        cursor = tx.connection.cursor()
        rows = self.columns(many, len(many))
        try:
            if self._order:
                cursor.executemany(self._sql, list(zip(*(rows[name] for name in self._order), strict=True)))
            else:
                cursor.executemany(
                    self._sql, [dict(zip(rows, row, strict=True)) for row in zip(*rows.values(), strict=True)]
                )
        except base_error(tx.dialect) as error:
            raise told(tx, self._sql, error) from error
        return cursor

    def columns(self, many: Sequence[Mapping[str, Any]], size: int) -> dict[str, list[Any]]:
        """The values of each place, encoded; one and the same object is encoded once."""
        found = {name: [value] * size for name, value in self._fixed.items()}
        found |= {name: [each[name] for each in many] for name in many[0]}
        for name, encode in self._encoders:
            known: dict[int, Any] = {}
            for value in found[name]:
                if id(value) not in known:
                    known[id(value)] = encode(value)
            found[name] = [known[id(value)] for value in found[name]]
        return found

    def _encoded(self, values: Mapping[str, Any]) -> Any:
        given = {**self._fixed, **values}
        for name, encode in self._encoders:
            given[name] = encode(given[name])
        return [given[name] for name in self._order] if self._order else given

    def rows(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        """What the driver found, as the columns' types promise it."""
        if not self._decoders or not found:
            return [self._row(row) for row in found]
        columns: list[Sequence[Any]] = list(zip(*found, strict=True))
        for place, decode in self._decoders:
            columns[place] = _decoded(columns[place], decode) if len(found) > 1 else [decode(columns[place][0])]
        return [self._row(row) for row in zip(*columns, strict=True)]


def _decoder(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes a value of a column's type of what the driver found."""
    decode = kind.dialect_impl(dialect).result_processor(dialect, None)
    if decode and isinstance(kind, Uuid):
        return _id
    return _moment if isinstance(kind, Instant) and dialect.name == "sqlite" else decode


def _id(digits: str | None) -> UUID | None:
    """An id of its 32 hex digits: a third of the time that UUID takes, which asks what it was given, and large teams
    have ten thousand.
    """
    if digits is None:
        return None
    found = object.__new__(UUID)
    object.__setattr__(found, "int", int(digits, 16))
    object.__setattr__(found, "is_safe", SafeUUID.unknown)
    return found


def _moment(text: str | None) -> datetime | None:
    """A moment of its text, without the four calls that SQLAlchemy makes of it."""
    return None if text is None else datetime.fromisoformat(f"{text}Z")


def _decoded(values: Sequence[Any], decode: Callable[[Any], Any]) -> list[Any]:
    """A column decoded: what stands in it many times over (a day) once. Not what can be changed: each row has
    its own.
    """
    if decode in {_id, _moment}:  # nearly every one is another, and to look one up takes as long
        return [decode(value) for value in values]
    known: dict[Any, Any] = {}
    for value in values:
        if value not in known:
            known[value] = decode(value)
            if isinstance(known[value], list | dict):
                return [decode(value) for value in values]
    return [known[value] for value in values]


def base_error(dialect: Dialect) -> type[DBAPIModule.Error]:
    assert dialect.dbapi is not None  # an engine's dialect has its driver
    return dialect.dbapi.Error


def told(tx: Connection, sql: str, error: DBAPIModule.Error) -> BaseException:
    """A driver's error as SQLAlchemy's, without the values; a connection that is gone leaves the pool."""
    gone = tx.dialect.is_disconnect(error, tx.connection, None)
    if gone:
        tx.invalidate(error)
    return DBAPIError.instance(
        sql,
        None,
        error,
        base_error(tx.dialect),
        hide_parameters=True,
        connection_invalidated=gone,
        dialect=tx.dialect,
    )


def _present(found: Mapping[Any, Callable[[Any], Any] | None]) -> list[tuple[Any, Callable[[Any], Any]]]:
    return [(place, process) for place, process in found.items() if process]


class _OneOf(ColumnElement[bool]):
    """`column` is among the values of the list `param`: one place in the SQL, however long the list is."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], param: Param) -> None:
        self.column, self.param = column, param


def one_of(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Whether a text column is among the list of texts that `name` is given when the statement runs."""
    return _OneOf(column, bindparam(name, type_=TextList()))


def one_of_ids(column: ColumnElement[UUID], name: str) -> ColumnElement[bool]:
    """The same for a column of ids and a list of ids."""
    return _OneOf(column, bindparam(name, type_=IdList()))


@compiles(_OneOf, "sqlite")
def _one_of_sqlite(element: _OneOf, compiler: SQLCompiler, **how: Any) -> str:
    column, texts = compiler.process(element.column, **how), compiler.process(element.param, **how)
    return f"{column} IN (SELECT value FROM json_each({texts}))"  # noqa: S608 - the compiler wrote both


@compiles(_OneOf, "postgresql")
def _one_of_postgresql(element: _OneOf, compiler: SQLCompiler, **how: Any) -> str:
    column, texts = compiler.process(element.column, **how), compiler.process(element.param, **how)
    return f"{column} = ANY ({texts})"


def digits(column: ColumnElement[UUID]) -> ColumnElement[Any]:
    """An id column, read as hex digits."""
    return type_coerce(column, IdDigits()).label(column.key)


class _Unindexed(ColumnElement[Any]):
    """A column that no index is looked at for."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        self.column, self.type = column, column.type


def unindexed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column to compare by where another one's index finds the rows. SQLite, which keeps no statistics here, takes an
    index of the workspace and a range of times before one of the workspace and an id (sqlite.org, query planner).
    """
    return _Unindexed(column)


@compiles(_Unindexed, "sqlite")
def _unindexed_sqlite(element: _Unindexed, compiler: SQLCompiler, **how: Any) -> str:
    return f"+{compiler.process(element.column, **how)}"


@compiles(_Unindexed)
def _unindexed_elsewhere(element: _Unindexed, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(element.column, **how)


def insert_once(tx: Connection, model: type[SQLModel], values: Mapping[str, Any]) -> bool:
    """Insert a row unless a unique constraint says that it is there already.

    Returns:
        True when this call made the row.
    """
    return _insert_once(tx.dialect.name, model).first(tx, values) is not None


def upsert(
    tx: Connection,
    model: type[SQLModel],
    values: Mapping[str, Any],
    changing: Sequence[str],
    unless: str = "",
    newest: str = "",
) -> None:
    """Insert a row, or give the one with its primary key the new values of the columns `changing`; one whose column
    `unless` is true stays as it is, and so does one whose moment in the column `newest` is later.
    """
    _upsert(tx.dialect.name, model, tuple(changing), unless, newest).first(tx, values)


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
def _upsert(dialect: str, model: type[SQLModel], changing: tuple[str, ...], unless: str, newest: str) -> Prepared:
    statement, table = _insert(dialect, model), table_of(model)
    news = {name: statement.excluded[name] for name in changing}
    free = [table.c[unless].is_(False)] if unless else []
    if newest:
        free.append(table.c[newest] <= statement.excluded[newest])
    merged = statement.on_conflict_do_update(table.primary_key, set_=news, where=and_(*free) if free else None)
    return Prepared(merged.returning(table.c.workspace_id))


@cache
def _add_up(dialect: str, model: type[SQLModel], summing: tuple[str, ...]) -> Prepared:
    statement, table = _insert(dialect, model), table_of(model)
    sums = {name: table.c[name] + statement.excluded[name] for name in summing}
    return Prepared(statement.on_conflict_do_update(table.primary_key, set_=sums).returning(table.c[summing[0]]))
