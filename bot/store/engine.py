"""Engines and transactions for the two databases that Baton runs on.

SQLite has one connection that writes and several that read: a second writer would only wait for the first,
and waiting inside SQLite costs more than waiting for the connection.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from selectors import EVENT_READ, DefaultSelector
from typing import Any

from psycopg.sql import quote
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import NotReady, StoreUnavailable, StoreUnsure
from bot.ops import traces
from bot.store.patience import PATIENCE, left
from bot.store.sql import base_error, told
from bot.store.walls import SETTING, whose

READERS = 8
WRITERS = 12
"""Connections at the most; on SQLite one writes. Readers have their own, so that they never wait behind a lock."""

LOCK_WAITS = 2
"""Locks that one transaction on PostgreSQL may wait for: a name that somebody else is just adding, and its own row."""


TOPICS = "baton.topics"
"""Where a connection keeps what its transaction announces."""

WHOSE = "baton.whose"
"""Where a reading connection keeps whose rows the server shows it."""

_FROM_NOW_ON = f"SELECT set_config('{SETTING}', %s, false)"

Topic = tuple[str, str]
"""What it is about, and in which workspace."""

ANY = ""

_SQLITE = {"timeout": PATIENCE, "check_same_thread": False}


class Store:
    """Transactions on one database.

    Args:
        url: as in `DATABASE_URL`: `sqlite:///baton.db` or `postgresql://…`.

    Raises:
        NotReady: when the address is none that Baton can use.
    """

    def __init__(self, url: str) -> None:
        self.url = _address(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer = _sqlite_writer(self.url) if self.is_sqlite else _postgres_writer(self.url)
        self._reader = _sqlite_reader(self.url) if self.is_sqlite else _postgres(self.url, READERS)
        self._readers = threading.BoundedSemaphore(READERS)
        self._writers = threading.BoundedSemaphore(1 if self.is_sqlite else WRITERS)
        self._listeners: dict[Topic, list[Callable[[], None]]] = {}

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed at the end of the block, rolled back by any exception.

        Raises:
            StoreUnavailable: when the database is locked for longer than the request has patience, full, or away.
            StoreUnsure: when it went away amid the commit.
        """
        turn = self._sqlite_turn() if self.is_sqlite else self._postgres_turn()
        is_committing = False
        try:
            with traces.inner("transaction"), _told_plainly(), turn as tx:
                topics: set[Topic] = set()
                tx.info[TOPICS] = topics  # in the place of those of a transaction that was rolled back
                yield tx
                is_committing = True
        except StoreUnavailable as error:
            if is_committing and getattr(error.__cause__, "connection_invalidated", False):
                raise StoreUnsure from error.__cause__
            raise
        for topic in sorted(topics):
            for listener in [*self._listeners.get(topic, ()), *self._listeners.get((topic[0], ANY), ())]:
                listener()

    def listen(self, topic: str, listener: Callable[[], None], workspace_id: str = ANY) -> None:
        """Have `listener` called after every commit of a transaction that `announce`d `topic` (for one workspace, if it
        is named), by its thread.
        """
        self._listeners.setdefault((topic, workspace_id), []).append(listener)

    def leave(self, topic: str, workspace_id: str) -> None:
        """Have nobody called any more who listened for this workspace."""
        self._listeners.pop((topic, workspace_id), None)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A look at what is stored; every statement sees what was committed when it began.

        Raises:
            StoreUnavailable: as `write`.
        """
        with traces.inner("look"), _told_plainly(), _seat(self._readers), self._reader.connect() as tx:
            if not self.is_sqlite:
                _look_within(tx)
            yield tx

    @contextmanager
    def _sqlite_turn(self) -> Iterator[Connection]:
        """Wait for the writing connection and then for other processes."""
        with _seat(self._writers), self._writer.connect() as tx:
            _wait_at_most(tx, left())
            with tx.begin():
                yield tx

    @contextmanager
    def _postgres_turn(self) -> Iterator[Connection]:
        """Wait for a connection and then for locks."""
        with _seat(self._writers), self._writer.begin() as tx:
            rest = left()
            if rest < 0.9 * PATIENCE:  # most are served at once, and then this costs nothing
                tx.exec_driver_sql(f"SET LOCAL lock_timeout = {_lock_timeout(rest)}")
            yield tx

    @property
    def engine(self) -> Engine:
        """The engine that may change the schema; for migrations and bulk work."""
        return self._writer

    def close(self) -> None:
        """Give back every connection."""
        self._reader.dispose()
        self._writer.dispose()


@contextmanager
def _seat(seats: threading.BoundedSemaphore) -> Iterator[None]:
    """Wait for a connection to be free: a pool knows one time to wait for all, and a request has what is left of its.

    Raises:
        StoreUnavailable: when none is, in time.
    """
    if not seats.acquire(timeout=left()):
        raise StoreUnavailable from TimeoutError("all connections are taken")
    try:
        yield
    finally:
        seats.release()


def _look_within(tx: Connection) -> None:
    """Each statement of a reader is a transaction of its own, so its connection is told, and only if it was for others
    before: with one workspace that is once.
    """
    wanted = whose()
    if tx.info.get(WHOSE) != wanted:
        tx.info.pop(WHOSE, None)
        tx.exec_driver_sql(_FROM_NOW_ON, (wanted,))
        tx.info[WHOSE] = wanted


def passes_walls(tx: Connection) -> bool:
    """Whether PostgreSQL holds nothing back from the role of this connection: superusers and BYPASSRLS."""
    asked = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    return bool(tx.exec_driver_sql(asked).scalar())


def announce(tx: Connection, topic: str, workspace_id: str) -> None:
    """Let those be woken who listen to `topic`, once this transaction is committed."""
    tx.info.setdefault(TOPICS, set()).add((topic, workspace_id))


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):  # a port may be no number
        raise NotReady(
            "DATABASE_URL is no database address; use sqlite:///baton.db or postgresql://user:password@host/name."
        ) from None
    if "@" in (address.host or ""):  # which would be told, and half of the password with it
        raise NotReady("DATABASE_URL has more than one @; write one in a user or password as %40 (and / as %2F).")
    if address.get_backend_name() == "sqlite":
        if not address.database or address.database == ":memory:":
            raise NotReady("DATABASE_URL names a SQLite database in memory; give it a file: sqlite:///baton.db.")
        return address
    if address.get_backend_name() in {"postgresql", "postgres"}:
        return address.set(drivername="postgresql+psycopg")
    raise NotReady(f"DATABASE_URL names {address.get_backend_name()}; Baton runs on SQLite and PostgreSQL.")


def _sqlite_writer(url: URL) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, pool_size=1, max_overflow=0, pool_timeout=PATIENCE, connect_args=_SQLITE
    )
    event.listen(engine, "connect", lambda raw, _record: _prepare_sqlite(raw, writes=True))
    event.listen(engine, "begin", lambda tx: _raw(tx).execute("BEGIN IMMEDIATE"))
    return engine


def _sqlite_reader(url: URL) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=READERS,
        max_overflow=0,
        pool_timeout=PATIENCE,
        connect_args=_SQLITE,
        isolation_level="AUTOCOMMIT",
    )
    event.listen(engine, "connect", lambda raw, _record: _prepare_sqlite(raw, writes=False))
    return engine


def _wait_at_most(tx: Connection, seconds: float) -> None:
    """Give SQLite the rest of one request's patience."""
    _raw(tx).execute(f"PRAGMA busy_timeout={max(1, int(1000 * seconds))}")


def _raw(tx: Connection) -> sqlite3.Connection:
    """The driver's own connection: SQLAlchemy would begin, and takes ten times as long for words this short."""
    raw: sqlite3.Connection = tx.connection.driver_connection  # type: ignore[assignment]  # what SQLite's dialect has
    return raw


def _prepare_sqlite(raw: Any, *, writes: bool) -> None:
    """WAL lets readers read beside the writer; FULL keeps an acked row when the power goes."""
    raw.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        f"query_only={'OFF' if writes else 'ON'}",
    ):
        raw.execute(f"PRAGMA {pragma}")


def _postgres_writer(url: URL) -> Engine:
    engine = _postgres(url, WRITERS)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(tx: Connection) -> None:
    """Begin a transaction that may touch the rows of `whose` it is: the setting ends with it, and in one message with
    BEGIN it costs no round trip. The driver, told to begin nothing, sends two statements in one as long as it prepares
    neither.
    """
    words = f"BEGIN; SELECT set_config('{SETTING}', {quote(whose())}, true)"
    try:
        tx.connection.cursor().execute(words, prepare=False)  # type: ignore[call-arg]  # psycopg's has it
    except base_error(tx.dialect) as error:
        raise told(tx, "BEGIN", error) from error


def _postgres(url: URL, connections: int) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=PATIENCE,
        pool_pre_ping=False,
        isolation_level="AUTOCOMMIT",
        connect_args={
            "connect_timeout": int(PATIENCE),
            "options": f"-c lock_timeout={_lock_timeout(PATIENCE)} -c timezone=UTC",
        },
    )
    event.listen(engine, "checkout", lambda raw, _record, _proxy: _leave_the_dead(raw))
    return engine


def _lock_timeout(seconds: float) -> int:
    """Milliseconds for each lock, so that all of one transaction take `seconds` at the most."""
    return max(1, int(1000 * seconds / LOCK_WAITS))


def _leave_the_dead(raw: Any) -> None:
    """Replace a connection that the server has ended: its farewell waits to be read, so nobody has to be asked."""
    with DefaultSelector() as incoming:
        if raw.closed or (incoming.register(raw.fileno(), EVENT_READ) and incoming.select(timeout=0)):
            raise DisconnectionError


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Turn what drivers say of a database that cannot serve into the one error that people are told."""
    try:
        yield
    except (OperationalError, PoolTimeout, sqlite3.OperationalError) as error:
        raise StoreUnavailable from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise StoreUnavailable from error
        raise
