"""A database that has something in every table, in every form that values have."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, insert, select
from sqlmodel import SQLModel

from bot.backup.forms import Form, form_of
from bot.store.engine import Store
from bot.store.walls import everywhere

ROWS = 6

TRICKY = ("plain", "a\tb\\c\nd\r \"e\" 'f'", r"\N", "Ромашка 🎉 \u202e", "", "[1,2]")

Key = dict[str, list[dict[str, Any]]]


def fill(store: Store) -> None:
    """Put rows into every table, those that are referred to first."""
    made: Key = {}
    with everywhere(), store.write() as tx:
        for table in SQLModel.metadata.sorted_tables:
            made[table.name] = [_row(table, n, made) for n in range(ROWS)]
            tx.execute(insert(table), made[table.name])


def contents(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as SQLAlchemy reads it."""
    with everywhere(), store.read() as tx:
        return {
            table.name: sorted(map(tuple, tx.execute(select(table))), key=repr)
            for table in SQLModel.metadata.sorted_tables
        }


def _row(table: Table, n: int, made: Key) -> dict[str, Any]:
    row = {column.name: _value(column, n) for column in table.columns if column.computed is None}
    for key in table.foreign_key_constraints:
        for column, parent in zip(key.columns, key.elements, strict=True):
            row[column.name] = made[parent.column.table.name][n][parent.column.name]
    return row


def _value(column: Column[Any], n: int) -> Any:
    if column.nullable and n == 1:
        return None
    text = f"{column.name} {n} {TRICKY[n]}"
    of_form = {
        Form.TEXT: text,
        Form.NUMBER: n + 1,
        Form.TRUTH: n % 2 == 0,
        Form.ID: UUID(int=n + (1 << 120)),
        Form.DAY: date(2026, 11, n + 1),
        Form.TIME: time(9, n, 0, n * 10),
        Form.MOMENT: datetime(2026, 11, n + 1, 9, 0, 0, n * 1000, UTC),
        Form.JSON: {"n": n, "text": text, "list": [1, None, {"a": True}]},
        Form.BYTES: bytes([0, n, 255]),
    }
    return of_form[form_of(column)]
