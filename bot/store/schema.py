"""The schema and its versions (Alembic): where a database stands, and the way to the newest."""

import time
from enum import Enum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.errors import NotReady
from bot.store.engine import Store
from bot.store.walls import everywhere

MIGRATIONS = Path(__file__).parent / "migrations"

TURN = 60.0
"""Seconds for which a migration is tried again while others hold what it needs."""

ONE_AT_A_TIME = 0x6261746F6E
"""The advisory lock of whoever changes the schema ("baton")."""

LOCK_NOT_AVAILABLE = "55P03"
"""PostgreSQL's word for `lock_timeout` (its appendix A)."""


class Schema(Enum):
    """Where a database stands beside this code."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    NEWER = "newer"


def standing(store: Store) -> Schema:
    """Compare the database with this code.

    Raises:
        NotReady: when the database cannot be reached.
    """
    revision = _revision(store)
    scripts = ScriptDirectory.from_config(_config())
    if revision is None:
        return Schema.EMPTY
    if revision == scripts.get_current_head():
        return Schema.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return Schema.BEHIND if revision in known else Schema.NEWER


def upgrade(store: Store, version: str = "head") -> None:
    """Bring the schema to the newest version (or to `version`), in one transaction; of two who do it at once the second
    finds it done.

    No lock is waited for long, since whoever comes behind a waiting migration waits, too; it is tried again instead.

    Raises:
        NotReady: when the database cannot be reached, is newer than this code, or is in use for all of `TURN`.
    """
    deadline = time.monotonic() + TURN
    while not _upgraded(store, version):
        if time.monotonic() > deadline:
            raise NotReady("The schema is in use by a long transaction. Look what runs there, then migrate again.")
        time.sleep(0.5)


def _upgraded(store: Store, version: str) -> bool:
    """Whether it is done; False when somebody else holds a lock that it takes."""
    if standing(store) is Schema.NEWER:
        raise NotReady(newer(store))
    try:
        with everywhere(), store.engine.begin() as connection:
            if not store.is_sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
            bring_to(connection, version)
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        return False
    return True


def bring_to(connection: Connection, version: str = "head") -> None:
    """The same inside somebody else's transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def is_known(version: str) -> bool:
    """Whether this code has a way from that revision to its own."""
    return version in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def newest() -> str:
    """The revision that this code works on."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None  # there are migrations
    return found


def ready(store: Store) -> None:
    """Make sure that this code can work on the database; SQLite is brought up to date on the way.

    Raises:
        NotReady: with what to do, in one line.
    """
    found = standing(store)
    if found is Schema.NEWER:
        raise NotReady(newer(store))
    if found is Schema.CURRENT:
        return
    if not store.is_sqlite:
        raise NotReady("The database has no or an older schema. Run `baton migrate` once, then start again.")
    upgrade(store)


def newer(store: Store) -> str:
    """The line for a database that a later Baton has changed."""
    return (
        f"The database was made by a newer Baton (schema {_revision(store)}). "
        "Start that version, or restore a backup made before it."
    )


def _revision(store: Store) -> str | None:
    try:
        with store.engine.connect() as connection:
            return revision_in(connection)
    except (OperationalError, DBAPIError) as error:
        raise NotReady(
            f"The database of DATABASE_URL cannot be used: {_first_line(error)}. "
            "Check the address, its password, and that the server runs (or that the folder exists and can be written)."
        ) from None


def revision_in(connection: Connection) -> str | None:
    """The revision of the schema as a transaction sees it; None for a database without one."""
    return MigrationContext.configure(connection).get_current_revision()


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0].rstrip(".")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
