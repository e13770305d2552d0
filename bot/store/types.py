"""Column types that hold in Python what they promise."""

import json
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import uuid_utils
from sqlalchemy import DateTime, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine
from uuid_utils.compat import uuid7


class Instant(TypeDecorator[datetime]):
    """A moment: aware and in UTC on the way in and on the way out, whichever database is below."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the base class's signature
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class TextList(TypeDecorator[Collection[str]]):
    """Texts to look for: an array on PostgreSQL, JSON on SQLite. A value of statements, not of tables."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(Text))

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> Any:
        texts = list(value or ())
        return json.dumps(texts) if dialect.name == "sqlite" else texts


class IdList(TypeDecorator[Collection[UUID | str]]):
    """Ids, or their hex digits, to look for: an array on PostgreSQL; on SQLite JSON of their digits."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(Uuid))

    def process_bind_param(self, value: Collection[UUID | str] | None, dialect: Dialect) -> Any:
        ids = list(value or ())
        if dialect.name == "sqlite":
            return json.dumps([each if isinstance(each, str) else each.hex for each in ids])
        return [UUID(each) if isinstance(each, str) else each for each in ids]


class IdDigits(TypeDecorator[str]):
    """An id as its 32 hex digits, which is how SQLite keeps it: where it is only compared, and there are very many, no
    id need be made of it. A type of what is read, not of tables.
    """

    impl = Text
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:  # noqa: ARG002 - the base class's signature
        return None if dialect.name == "sqlite" else _digits


def _digits(value: UUID | None) -> str | None:
    return None if value is None else value.hex


def new_id() -> UUID:
    """A fresh id; UUIDv7 (RFC 9562) sorts by the time it was made, which keeps indexes compact."""
    return uuid7()


quick_id: Callable[[], Any] = uuid_utils.uuid7
"""The same for thousands of rows at once: its hex digits and its text are an id's, it is none of Python's own."""
