"""Databases in trouble, as they are in real life: locked by somebody else, full, or away."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from tests.wire.processes import Child

Trouble = Callable[[str, Child], AbstractContextManager[Any]]
"""Makes trouble for the bot on the database of an address, until the block ends."""


@contextmanager
def locked(url: str, _bot: Child | None = None) -> Iterator[None]:
    """Somebody else has the database to themselves."""
    other: sqlite3.Connection | psycopg.Connection[Any]
    if url.startswith("sqlite"):
        other = sqlite3.connect(make_url(url).database or "", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
    else:
        other = psycopg.connect(url)
        other.execute("LOCK TABLE activity, next_step, open_question IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


@contextmanager
def full(url: str, bot: Child) -> Iterator[None]:
    """Nothing more can be written.

    On SQLite no file of the bot's may grow over 4 KiB, which leaves its log some room and the database none; on
    PostgreSQL the table says what the server says of a full disk.
    """
    if url.startswith("sqlite"):
        assert bot.process is not None
        before = resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        yield
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, before)
        return
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END$$"
        )
        for table in ("activity", "next_step", "open_question"):
            trigger = f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION disk_is_full()"
            other.execute(trigger.encode())
        yield
        other.execute("DROP FUNCTION disk_is_full CASCADE")


@contextmanager
def away(url: str, _bot: Child | None = None) -> Iterator[None]:
    """PostgreSQL takes no connections and has cut those that were there."""
    address = make_url(url)
    with psycopg.connect(address.set(database="postgres").render_as_string(False), autocommit=True) as other:
        other.execute(f'ALTER DATABASE "{address.database}" ALLOW_CONNECTIONS false'.encode())
        _cut(other, str(address.database))
        yield
        other.execute(f'ALTER DATABASE "{address.database}" ALLOW_CONNECTIONS true'.encode())


def cut_connections(url: str) -> None:
    """PostgreSQL was restarted: every connection is dead, and new ones are welcome."""
    address = make_url(url)
    with psycopg.connect(address.set(database="postgres").render_as_string(False), autocommit=True) as other:
        _cut(other, str(address.database))


def _cut(other: psycopg.Connection[Any], database: str) -> None:
    """End the connections to a database, and wait until they have ended (5,000 ms at the most for each)."""
    other.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [database])
