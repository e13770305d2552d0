"""Who is looked after, tick by tick, where many workspaces are served."""

import itertools
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Connection, event, insert

from bot import clock, serving
from bot.delivery.senders import Senders
from bot.digest import service as digests
from bot.errors import StoreUnavailable
from bot.installations.model import Installation
from bot.installations.queries import served as installed
from bot.ops import causes
from bot.reminders import service as reminders
from bot.schedule import service as schedule
from bot.schedule.service import Due, Following
from bot.serving import Gathered, Rounds
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.walls import everywhere
from bot.upkeep import Upkeep
from bot.wiring import PLANNERS
from tests.bot.delivery.post import Carrier, Counts
from tests.factories import NOW, a_member

IDLE = "T0IDLE"


@dataclass
class Look:
    """Notes who is looked after; one of them always fails, and one never needs it."""

    workspace_id: str
    seen: list[str]

    def is_due(self, _moment: float, _now: datetime) -> bool:
        return self.workspace_id != IDLE

    def __call__(self) -> None:
        self.seen.append(self.workspace_id)
        if self.workspace_id == "T2":
            raise StoreUnavailable


def test_what_is_looked_after_names_in_the_log_what_it_follows_from(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str | None] = []

    def move_on(*_: object) -> bool:
        seen.append(causes.request())
        return False

    monkeypatch.setattr("bot.upkeep.handoffs.move_on", move_on)
    Upkeep(store, "T0BATON", lambda: NOW)()
    assert seen
    assert all(seen)


def rounds(served: list[str], seen: list[str]) -> Rounds:
    """Rounds among these, which note whom they have looked after."""
    return Rounds(lambda workspace_id: cast(Upkeep, Look(workspace_id, seen)), lambda: tuple(served))


def test_one_tick_looks_after_all_for_whom_there_is_time() -> None:
    seen: list[str] = []
    rounds(["T1", "T2", IDLE, "T3"], seen)()
    assert seen == ["T1", "T2", "T3"]


def test_the_next_tick_goes_on_where_the_time_was_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "SHARE", 0.0)
    seen: list[str] = []
    tick = rounds(served := ["T1", "T2", "T3", "T4"], seen)
    for _ in range(2):
        tick()
    served.remove("T3")
    for _ in range(4):
        tick()
    assert seen == ["T1", "T2", "T4", "T1", "T2"]


class Idle:
    """A process that serves so many workspaces, each of a rep with jobs ahead, in which nothing is due."""

    def __init__(self, store: Store, workspaces: int) -> None:
        self._store = store
        for number in range(workspaces):
            here = f"T0{number:04}"
            a_member(store, "U0ANA", "SDR", workspace_id=here)
            with store.write() as tx:
                given = {"installed_at": NOW, "state": "active", "is_organisation": False, "scopes": "", "version": 1}
                tx.execute(insert(table_of(Installation)).values(workspace_id=here, **given))
            reminders.ensure(store, here, (), NOW)
            digests.ensure(store, here, (), NOW)
        self._senders = Senders(store, Carrier(), lambda: NOW, Counts())
        self._rounds = Rounds(lambda here: Upkeep(store, here, lambda: NOW), self._served)

    def tick(self) -> None:
        """One, as the process has them."""
        schedule.tick(self._store, PLANNERS, NOW)
        self._senders()
        self._rounds()

    def _served(self) -> list[str]:
        with everywhere(), self._store.read() as tx:
            return installed(tx)


@contextmanager
def counted(store: Store) -> Iterator[Callable[[], int]]:
    """How many statements SQLite has run for this store so far."""
    asked = itertools.count()
    ran: list[int] = []

    def listen(raw: sqlite3.Connection, _record: object) -> None:
        raw.set_trace_callback(lambda _statement: ran.append(next(asked)))

    for engine in (store._reader, store._writer):
        event.listen(engine, "connect", listen)
    yield lambda: len(ran)


def test_what_a_second_brings_is_seen_to_in_one_go_and_one_workspace_holds_up_no_other() -> None:
    seen: list[tuple[str, list[str]]] = []

    def see_to(workspace_id: str, people: Collection[str]) -> None:
        seen.append((workspace_id, sorted(people)))
        raise KeyError

    with ThreadPoolExecutor(1) as executor:
        days = Gathered(executor, see_to)
        for workspace_id, person in (("T0BATON", "U0ANA"), ("T0BATON", "U0DANA"), ("T0OTHER", "U0SAM")) * 3:
            days.add(workspace_id, (person,))
        days()
        days()
        days.add("T0BATON", ("U0ANA",))
        days()
    assert seen == [("T0BATON", ["U0ANA", "U0DANA"]), ("T0OTHER", ["U0SAM"]), ("T0BATON", ["U0ANA"])]


def test_a_tick_asks_as_much_of_fifty_idle_workspaces_as_of_one(
    tmp_path: Path, newest_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "utc_now", lambda: NOW)
    monkeypatch.setattr(serving, "SHARE", 600.0)
    asked: dict[int, int] = {}
    for workspaces in (1, 50):
        file = shutil.copy(newest_sqlite, tmp_path / f"{workspaces}.db")
        with closing(Store(f"sqlite:///{file}")) as store, counted(store) as statements:
            process = Idle(store, workspaces)
            process.tick()  # looks after all of them once
            before = statements()
            for _ in range(3):
                process.tick()
            asked[workspaces] = statements() - before
    assert asked[50] == asked[1] > 0


def test_workspaces_with_much_to_do_have_it_done_page_by_page_in_turn(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "PAGE", 2)

    def plan(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Following:
        return dict.fromkeys(due)

    with everywhere(), store.write() as tx:
        for workspace_id, people in (("T1", 5), ("T2", 1)):
            for n in range(people):
                schedule.put(tx, workspace_id, "drill", f"U{n}", NOW - timedelta(seconds=people - n))
    turns = [each for each in schedule.tick_by_workspace(store, {"drill": plan}, NOW) if each[1]]
    assert [here for here, _ in turns].index("T2") <= 1
    assert sum(jobs for _, jobs in turns) == 6
