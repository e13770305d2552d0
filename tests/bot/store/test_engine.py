"""Transactions on both databases, and what people are told when the database cannot serve: the same, and in time."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date

import psycopg
import pytest
from sqlalchemy import Connection, select

from bot.activity.model import ActivityDay
from bot.errors import StoreUnavailable
from bot.ops.causes import Workers
from bot.store.engine import READERS, WRITERS, Store
from bot.store.patience import PATIENCE, left, patient
from bot.store.sql import Prepared, add_up, table_of

TOLERANCE = 0.7
"""Seconds beyond `PATIENCE` that a busy machine may take; Slack's third second is not over then."""

SUM = Prepared(select(table_of(ActivityDay).c.quantity))


def count_one(tx: Connection) -> int:
    values = {"workspace_id": "T0BATON", "person_id": "U0ANA", "day": date(2026, 11, 18), "kind": "call"}
    return add_up(tx, ActivityDay, {**values, "quantity": 1, "minutes": 0}, ("quantity", "minutes"))


def stored(store: Store) -> int:
    with store.read() as tx:
        found = SUM.first(tx, {})
    return found.quantity if found else 0


def write_one(store: Store) -> None:
    with store.write() as tx:
        count_one(tx)


def write_and_stumble(store: Store) -> None:
    with store.write() as tx:
        count_one(tx)
        raise KeyError


def refused_after(do: Callable[[Store], object], store: Store) -> float:
    """Seconds until the store said that it cannot."""
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        do(store)
    return time.monotonic() - began


@contextmanager
def locked_by_somebody_else(store: Store) -> Iterator[None]:
    if store.is_sqlite:
        other = sqlite3.connect(str(store.url.database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.close()
        return
    address = store.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        connection.execute("LOCK TABLE activity_day IN EXCLUSIVE MODE")
        yield


def test_a_transaction_is_stored_at_its_end(store: Store) -> None:
    with store.write() as tx:
        assert count_one(tx) == 1
        assert stored(store) == 0
    assert stored(store) == 1


def test_an_exception_undoes_the_whole_transaction(store: Store) -> None:
    with pytest.raises(KeyError):
        write_and_stumble(store)
    assert stored(store) == 0
    write_one(store)
    assert stored(store) == 1


def test_two_writers_lose_nothing(store: Store) -> None:
    with Workers(2) as threads:
        for done in [threads.submit(write_one, store) for _ in range(50)]:
            done.result()
    assert stored(store) == 50


def test_readers_do_not_wait_for_a_lock(store: Store) -> None:
    write_one(store)
    with locked_by_somebody_else(store):
        began = time.monotonic()
        assert stored(store) == 1
        assert time.monotonic() - began < TOLERANCE


def test_a_locked_database_is_told_in_time_and_serves_when_it_is_free(store: Store) -> None:
    with locked_by_somebody_else(store):
        assert refused_after(write_one, store) < PATIENCE + TOLERANCE
    write_one(store)
    assert stored(store) == 1


def test_those_who_queue_behind_a_lock_are_told_in_time_too(store: Store) -> None:
    with locked_by_somebody_else(store), Workers(4) as threads:
        waiting = [threads.submit(refused_after, write_one, store) for _ in range(4)]
        assert max(each.result() for each in waiting) < PATIENCE + TOLERANCE


def test_a_request_waits_as_long_in_all_as_it_would_once(store: Store) -> None:
    with locked_by_somebody_else(store), patient(time.monotonic() - PATIENCE / 2):
        took = refused_after(write_one, store) + refused_after(write_one, store) + refused_after(write_one, store)
        assert took < PATIENCE / 2 + TOLERANCE
        with Workers(1) as threads:
            assert threads.submit(left).result() == PATIENCE  # what follows behind the answer
    assert left() == PATIENCE


def test_a_request_that_has_no_patience_left_is_served_by_a_database_that_is_free(store: Store) -> None:
    with patient(time.monotonic() - 2 * PATIENCE):
        write_one(store)
        assert stored(store) == 1


@pytest.mark.parametrize("way", [pytest.param("read", id="readers"), pytest.param("write", id="writers")])
def test_connections_that_are_all_taken_are_told_in_time(store: Store, way: str) -> None:
    most = READERS if way == "read" else 1 if store.is_sqlite else WRITERS
    taken, free = threading.Barrier(most + 1), threading.Event()

    def take() -> None:
        with getattr(store, way)():
            taken.wait()
            free.wait()

    with ExitStack() as ends:
        threads = ends.enter_context(Workers(most))
        ends.callback(free.set)
        for _ in range(most):
            threads.submit(take)
        taken.wait(5)
        assert refused_after(stored if way == "read" else write_one, store) < PATIENCE + TOLERANCE
    write_one(store)
    assert stored(store) == 1
