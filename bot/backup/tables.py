"""Every table of a database: read whole as of one moment, made anew, and filled."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

from bot.backup.forms import Form, changed, form_of, readers, writers
from bot.backup.paper import Sheet
from bot.errors import NotReady
from bot.store.engine import Store
from bot.store.many import into
from bot.store.walls import everywhere

SNAPSHOT = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}
"""How a look begins that sees one moment however long it takes. It holds up nobody who writes."""

AT_ONCE = 1000
"""Rows that are held at a time."""

VERSIONS = "alembic_version"


@contextmanager
def snapshot(store: Store) -> Iterator[Connection]:
    """The whole database as it stands now, until the block ends."""
    with everywhere(), store.read() as tx:
        tx.exec_driver_sql(SNAPSHOT[tx.dialect.name])
        try:
            yield tx
        finally:
            tx.exec_driver_sql("ROLLBACK")


def sheets(tx: Connection) -> Iterator[Sheet]:
    """All tables of the models, those that others refer to first."""
    for table in SQLModel.metadata.sorted_tables:
        stored = [column for column in table.columns if column.computed is None]
        names = [column.name for column in stored]
        forms = [form_of(column) for column in stored]
        yield Sheet(table.name, names, forms, rows(tx, table.name, names, forms))


def rows(tx: Connection, table: str, names: Sequence[str], forms: Sequence[Form]) -> Iterator[list[Any]]:
    """Every row of a table, in no order."""
    columns = ", ".join(f'"{name}"' for name in names)
    sql = f'SELECT {columns} FROM "{table}"'  # noqa: S608 - names of our own tables
    changes = readers(forms, tx.dialect.name)
    cursor: Any = tx.connection.cursor()
    if tx.dialect.name == "sqlite":
        cursor.arraysize = AT_ONCE
        found = chain.from_iterable(iter(cursor.execute(sql).fetchmany, []))
        yield from (changed(row, changes) for row in found)
        return
    with cursor.copy(f"COPY ({sql}) TO STDOUT") as copy:
        yield from (changed(row, changes) for row in copy.rows())


def fill(tx: Connection, sheet: Sheet) -> None:
    """Put rows into a table that has none.

    Raises:
        NotReady: when the table does not take them.
    """
    columns = ", ".join(f'"{name}"' for name in sheet.names)
    changes = writers(sheet.forms, tx.dialect.name)
    values = (changed(row, changes) for row in sheet.rows)
    cursor: Any = tx.connection.cursor()
    assert tx.dialect.dbapi is not None  # an engine's dialect has its driver
    try:
        if tx.dialect.name == "sqlite":
            places = ", ".join("?" for _ in sheet.names)
            cursor.executemany(f'INSERT INTO "{sheet.table}" ({columns}) VALUES ({places})', values)  # noqa: S608 - ours
            return
        with into(cursor, sheet.table, columns) as copy:
            for row in values:
                copy.write_row(row)
    except tx.dialect.dbapi.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise NotReady(
            f"The table {sheet.table} does not take the backup's rows: {reason}. Nothing was changed."
        ) from None


def present(tx: Connection, more: Iterable[str] = ()) -> list[str]:
    """Our tables that are there, those that refer to others first; `more` are names that may be ours, too."""
    there = set(inspect(tx).get_table_names())
    ours = [table.name for table in reversed(SQLModel.metadata.sorted_tables)]
    return [name for name in dict.fromkeys([*more, *ours, VERSIONS]) if name in there]


def anything_in(tx: Connection, tables: Sequence[str]) -> str | None:
    """A table that has rows, or None where none has."""
    for name in tables:
        sql = f'SELECT 1 FROM "{name}" LIMIT 1'  # noqa: S608 - a name of our own tables
        if name != VERSIONS and tx.exec_driver_sql(sql).first():
            return name
    return None


def hold(tx: Connection, tables: Sequence[str]) -> None:
    """Let nobody else near these tables until the transaction ends. SQLite has one writer anyway."""
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("SET LOCAL lock_timeout = '15s'")
        if tables:
            names = ", ".join(f'"{name}"' for name in tables)
            tx.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")


def take_away(tx: Connection, tables: Sequence[str]) -> None:
    """Drop these tables with all that is in them."""
    for name in tables:
        tx.exec_driver_sql(f'DROP TABLE "{name}"')


def empty(tx: Connection, tables: Sequence[str]) -> None:
    """Take away the rows that the schema itself begins with."""
    for name in tables:
        if name != VERSIONS:
            tx.exec_driver_sql(f'DELETE FROM "{name}"')  # noqa: S608 - a name of our own tables
