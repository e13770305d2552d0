"""Databases with the sample team, and a second workspace in which everything is the same: names, e-mails, ids."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sandbox.manifest import read_manifest
from sandbox.people import People
from sandbox.server import HERE as SANDBOX
from sqlalchemy import Table, insert, select
from sqlmodel import SQLModel

import bot
from bot import sample
from bot.backup import service as backups
from bot.store.engine import Store
from bot.store.walls import everywhere
from handlers.manifest import manifest
from tests.databases import DATABASES, as_plain_role, new_postgres_database

for path in Path(str(bot.__file__)).parent.glob("*/model.py"):
    import_module(f"bot.{path.parent.name}.model")

HERE, THERE = "T0BATON", "T0OTHER"
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


class Listed:
    """As much of Slack as the sample team comes from."""

    def auth_test(self) -> dict[str, Any]:
        return {"team_id": HERE}

    def users_list(self, **_: object) -> dict[str, Any]:
        given = json.loads((SANDBOX / "team.json").read_text())
        return {"members": list(People(HERE, given["users"], read_manifest(manifest(None))))}


@pytest.fixture(scope="session")
def sampled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the sample team, to copy."""
    found = tmp_path_factory.mktemp("sampled") / "baton.db"
    store = Store(f"sqlite:///{found}")
    sample.fill(store, Listed(), NOW)  # type: ignore[arg-type]  # as much of a client as is asked for
    store.close()
    return found


@pytest.fixture
def sampled(sampled_file: Path, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Makes stores with the sample team, as many as are wanted."""
    made: list[Store] = []

    def another() -> Store:
        copy = tmp_path / f"{len(made)}.db"
        shutil.copy(sampled_file, copy)
        made.append(Store(f"sqlite:///{copy}"))
        return made[-1]

    yield another
    for store in made:
        store.close()


@pytest.fixture(params=DATABASES)
def copies(request: pytest.FixtureRequest, sampled: Callable[[], Store]) -> Iterator[Callable[[], Store]]:
    """Makes stores with the sample team on each database; PostgreSQL's hold their own wall as well."""
    if request.param == "sqlite":
        yield sampled
        return
    paper, made = BytesIO(), list[Store]()
    backups.backup(sampled(), paper, NOW)

    def another() -> Store:
        url = new_postgres_database(request.getfixturevalue("postgres"))
        made.append(Store(as_plain_role(url)))
        backups.restore(made[-1], BytesIO(paper.getvalue()), NOW, lambda _tx, _now: None, replace=False)
        return made[-1]

    yield another
    for store in made:
        store.close()


def tables() -> list[Table]:
    """Every table with rows of workspaces, those that others refer to first."""
    return [table for table in SQLModel.metadata.sorted_tables if "workspace_id" in table.c]


def double(store: Store) -> None:
    """Give another workspace every row of this one."""
    with everywhere(), store.write() as tx:
        for table in tables():
            stored = [column for column in table.c if column.computed is None]
            rows = tx.execute(select(*stored).where(table.c.workspace_id == HERE)).mappings().all()
            if rows:
                tx.execute(insert(table), [{**row, "workspace_id": THERE} for row in rows])


def everything_of(store: Store, workspace: str) -> dict[str, list[str]]:
    """All rows of a workspace, as texts."""
    with everywhere(), store.read() as tx:
        found = {}
        for table in tables():
            rows = tx.execute(select(table).where(table.c.workspace_id == workspace)).all()
            found[table.name] = sorted(repr(tuple(row)) for row in rows)
    return found
