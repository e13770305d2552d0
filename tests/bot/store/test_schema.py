"""The schema on both databases: migrations and models say the same, and every version is told apart."""

from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

import bot
from bot.errors import NotReady
from bot.people import service as people
from bot.store import schema
from bot.store.engine import Store
from tests.factories import NOW

for path in Path(str(bot.__file__)).parent.glob("*/model.py"):
    import_module(f"bot.{path.parent.name}.model")


def test_the_migrations_make_what_the_models_say(store: Store) -> None:
    with store.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    assert found == []


OF_NO_WORKSPACE = {"install_state"}
"""A way to Slack and back that has begun: whose workspace it will be, nobody knows yet."""


def test_every_table_starts_with_the_workspace() -> None:
    for table in SQLModel.metadata.sorted_tables:
        if table.name in OF_NO_WORKSPACE:
            continue
        first = next(iter(table.primary_key.columns))
        assert first.name == "workspace_id", table.name


def test_a_fresh_database_is_empty_and_then_current(database_url: str) -> None:
    store = Store(database_url)
    assert schema.standing(store) is schema.Schema.EMPTY
    schema.upgrade(store)
    assert schema.standing(store) is schema.Schema.CURRENT
    schema.upgrade(store)
    assert schema.standing(store) is schema.Schema.CURRENT
    store.close()


def test_roles_of_the_first_schema_become_first_versions(database_url: str) -> None:
    store = Store(database_url)
    schema.upgrade(store, "0001")
    with store.write() as tx:
        tx.exec_driver_sql(
            "INSERT INTO role_assignment (workspace_id, id, person_id, role, start_day, recorded_at, recorded_by) "
            "VALUES ('T0BATON', '0192f0c0-0000-7000-8000-000000000001', 'U0ANA', 'SDR', '2026-06-01', "
            "'2026-06-01 09:00:00', 'U0SAM')"
        )
        tx.exec_driver_sql(
            "INSERT INTO person (workspace_id, id, name, zone, language, is_active, is_guest, is_bot, is_admin, "
            "recorded_at, checked_at) VALUES ('T0BATON', 'U0ANA', 'Ana', 'UTC', 'en', true, false, false, false, "
            "'2026-06-01 09:00:00', '2026-06-01 09:00:00')"
        )
    schema.upgrade(store)
    found = people.find(store, "T0BATON", "U0ANA", NOW)
    assert found is not None
    assert found.roles == {"SDR"}
    assert not found.is_foreign
    store.close()


def test_a_newer_schema_is_left_alone(database_url: str) -> None:
    store = Store(database_url)
    schema.upgrade(store)
    with store.write() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = 'from_the_future'")
    assert schema.standing(store) is schema.Schema.NEWER
    with pytest.raises(NotReady, match="newer Baton"):
        schema.ready(store)
    with pytest.raises(NotReady, match="newer Baton"):
        schema.upgrade(store)
    store.close()


def test_starting_brings_sqlite_up_to_date_and_asks_for_it_on_postgresql(database_url: str) -> None:
    store = Store(database_url)
    if store.is_sqlite:
        schema.ready(store)
        assert schema.standing(store) is schema.Schema.CURRENT
    else:
        with pytest.raises(NotReady, match="baton migrate"):
            schema.ready(store)
    store.close()


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("sqlite:////nowhere/at/all/baton.db", id="a folder that is not there"),
        pytest.param("postgresql://nobody@127.0.0.1:1/none", id="a server that is not there"),
    ],
)
def test_a_database_out_of_reach_is_one_line(url: str) -> None:
    store = Store(url)
    with pytest.raises(NotReady, match="cannot be used") as told:
        schema.ready(store)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("url", ["", "mysql://host/db", "sqlite://", "sqlite:///:memory:", "not an address"])
def test_an_address_that_baton_cannot_use_is_refused(url: str) -> None:
    with pytest.raises(NotReady, match="DATABASE_URL"):
        Store(url)
