"""Inserts of many rows at once, as each database takes them best."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlmodel import SQLModel

from bot.store.sql import Ready, base_error, table_of, told


def insert_many_once(tx: Connection, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows with the same columns, unless a unique constraint says that they are there already.

    As each database takes many rows best: SQLite one by one in its own loop, PostgreSQL as one array for each column
    (and one value for those in which all rows are the same).
    """
    if not rows:
        return
    names = tuple(rows[0])
    same = frozenset(name for name in names[:-1] if all(row[name] is rows[0][name] for row in rows))
    if tx.dialect.name == "postgresql":
        _all_at_once(model, names, same).once(tx, rows)
    else:
        _one_by_one(model, names).run_each(tx, rows)


def insert_all(
    tx: Connection, model: type[SQLModel], names: Sequence[str], rows: Iterable[Sequence[str | int | None]]
) -> None:
    """Insert any number of rows, of which only a few are held at a time: SQLite in its own loop, PostgreSQL by COPY.

    The values of `names` are such as both databases write down: texts, whole numbers, days and times in ISO form,
    moments in UTC likewise with a space in the middle, ids in hex digits.

    Raises:
        IntegrityError: when one of them is there already.
    """
    table, columns = table_of(model).name, ", ".join(names)
    places = ", ".join("?" for _ in names)
    sql = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - our own names
    cursor: Any = tx.connection.cursor()
    try:
        if tx.dialect.name == "sqlite":
            cursor.executemany(sql, rows)
            return
        with into(cursor, table, columns) as copy:
            lines = map(_as_line, rows)
            while block := "".join(islice(lines, _LINES)):
                copy.write(block)
    except base_error(tx.dialect) as error:
        raise told(tx, sql, error) from error


@contextmanager
def into(cursor: Any, table: str, columns: str) -> Iterator[Any]:
    """A COPY of PostgreSQL's into `table`, by way of one of this transaction alone: where there are walls
    (`bot.store.walls`) it is refused.
    """
    aside = "of_copy"
    cursor.execute(f'CREATE TEMPORARY TABLE {aside} (LIKE "{table}" INCLUDING DEFAULTS)')
    with cursor.copy(f"COPY {aside} ({columns}) FROM STDIN") as copy:
        yield copy
    cursor.execute(f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM {aside}')  # noqa: S608 - our own names
    cursor.execute(f"DROP TABLE {aside}")


_LINES = 1_000

_IN_COPY = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _as_line(row: Sequence[str | int | None]) -> str:
    """A row in the text format of PostgreSQL's COPY."""
    cells = (r"\N" if value is None else str(value).translate(_IN_COPY) for value in row)
    return "\t".join(cells) + "\n"


@cache
def _one_by_one(model: type[SQLModel], names: tuple[str, ...]) -> Ready:
    statement = sqlite.insert(table_of(model)).on_conflict_do_nothing()
    return Ready(statement, sqlite.dialect(paramstyle="qmark"), names)


POSTGRESQL: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # as SQLAlchemy has it


class _Arrays:
    """An insert of any number of rows in one statement of PostgreSQL's."""

    def __init__(self, model: type[SQLModel], names: tuple[str, ...], same: frozenset[str]) -> None:
        columns = {name: table_of(model).c[name] for name in names}
        kinds = {name: str(column.type.compile(POSTGRESQL)) for name, column in columns.items()}
        own = [name for name in names if name not in same]
        arrays = ", ".join(f"CAST(:{name} AS {kinds[name]}[])" for name in own)
        chosen = ", ".join(f"CAST(:{name} AS {kinds[name]})" if name in same else f"own.{name}" for name in names)
        self._statement = text(
            f"INSERT INTO {table_of(model).name} ({', '.join(names)}) SELECT {chosen} "  # noqa: S608 - our own names
            f"FROM unnest({arrays}) AS own ({', '.join(own)}) ON CONFLICT DO NOTHING"
        )
        self._same, self._own = same, own

    def once(self, tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert `rows`."""
        values = {name: _written(rows[0][name]) for name in self._same}
        for name in self._own:
            known: dict[int, Any] = {}
            for row in rows:
                value = row[name]
                if id(value) not in known:
                    known[id(value)] = _written(value)
            values[name] = [known[id(row[name])] for row in rows]
        tx.execute(self._statement, values)


_all_at_once = cache(_Arrays)


def _written(value: Any) -> Any:
    """A value as PostgreSQL reads it from text."""
    if isinstance(value, Mapping):
        return json.dumps(value)
    return None if value is None else str(value)
