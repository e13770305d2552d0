"""How values stand in a backup: as both databases read them, whichever they come from.

Texts as they are, whole numbers, truth as 0 or 1, ids as 32 hex digits, days and times in ISO form, moments in UTC with
a space in the middle and six digits behind the second, JSON as the text that was stored, bytes in hex digits.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column
from sqlalchemy.types import TypeDecorator

Value = str | int | None
Row = Sequence[Value]


class Form(StrEnum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "number"
    TRUTH = "truth"
    ID = "id"
    DAY = "day"
    TIME = "time"
    MOMENT = "moment"
    JSON = "json"
    BYTES = "bytes"


_BY_TYPE: Mapping[type, Form] = {
    str: Form.TEXT,
    int: Form.NUMBER,
    bool: Form.TRUTH,
    UUID: Form.ID,
    date: Form.DAY,
    time: Form.TIME,
    datetime: Form.MOMENT,
    bytes: Form.BYTES,
}


def form_of(column: Column[Any]) -> Form:
    """The form of a column's values.

    Raises:
        KeyError: for a type that no table has yet.
    """
    if isinstance(column.type, JSON):
        return Form.JSON
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return _BY_TYPE[kind.python_type]


Reader = Callable[[Any], Value]


def readers(forms: Sequence[Form], database: str) -> list[tuple[int, Reader]]:
    """What has to be done to the values of a row as `database` hands them out; places that need nothing are left out.

    Args:
        forms: of the row's columns.
        database: `sqlite` (the driver's values) or `postgresql` (the texts of COPY).
    """
    known = _OF_SQLITE if database == "sqlite" else _OF_POSTGRESQL
    return [(place, known[form]) for place, form in enumerate(forms) if form in known]


def writers(forms: Sequence[Form], database: str) -> list[tuple[int, Callable[[Any], Any]]]:
    """The same on the way back: SQLite takes everything but bytes as it stands, and so does COPY."""
    to_bytes: Callable[[Any], Any] = bytes.fromhex if database == "sqlite" else _escaped_bytes
    return [(place, to_bytes) for place, form in enumerate(forms) if form is Form.BYTES]


def changed(row: Sequence[Any], changes: Sequence[tuple[int, Callable[[Any], Any]]]) -> list[Any]:
    """A row with the values at some places changed; what is not there stays so."""
    values = list(row)
    for place, change in changes:
        if values[place] is not None:
            values[place] = change(values[place])
    return values


def _moment(text: str) -> str:
    """A moment in full length: PostgreSQL leaves out zeros at the end, and tells the zone, which is UTC."""
    text = text.removesuffix("+00")
    return text if len(text) == 26 else f"{text}{'' if '.' in text else '.'}".ljust(26, "0")


def _time(text: str) -> str:
    return text if len(text) == 15 else f"{text}{'' if '.' in text else '.'}".ljust(15, "0")


def _escaped_bytes(digits: str) -> str:
    return rf"\x{digits}"


_OF_SQLITE: Mapping[Form, Reader] = {Form.MOMENT: _moment, Form.TIME: _time, Form.BYTES: lambda value: value.hex()}
_OF_POSTGRESQL: Mapping[Form, Reader] = {
    Form.NUMBER: int,
    Form.TRUTH: lambda text: int(text == "t"),
    Form.ID: lambda text: text.replace("-", ""),
    Form.MOMENT: _moment,
    Form.TIME: _time,
    Form.BYTES: lambda text: text.removeprefix(r"\x"),
}
