"""What the ledger costs: rows a second against the same posts sent straight, how soon a single one leaves, a hundred
thousand people who are due in one minute, and the ticks while nothing is.
"""

import statistics
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from slack_sdk import WebClient
from sqlalchemy import Connection, func, select

from bot.access.roles import Role
from bot.clock import utc_now
from bot.delivery.model import Delivery
from bot.delivery.outcome import Parcel, always
from bot.delivery.sender import CARRIERS, Sender
from bot.delivery.service import NEWS, Letter, tell_all
from bot.delivery.states import UNSENT
from bot.people.model import Person, RoleAssignment
from bot.reminders import planning
from bot.reminders.rules import Kind
from bot.schedule import service as schedule
from bot.schedule.model import Job
from bot.schedule.ticker import EVERY
from bot.store import schema
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.types import new_id
from bot.wiring import settle_memory
from handlers.courier import Courier
from handlers.gateway import Gateway
from handlers.gateways import OneWorkspace
from handlers.server import new_executor
from handlers.ui.blocks import Message, Mrkdwn, section
from tests.wire import processes
from tests.wire.processes import Child

TEAM = "T0BATON"
ROWS, PEOPLE, ROUNDS = 2_000, 100_000, 5
SINGLE_ROWS = 500
IDLE_TICKS = 200

delivery = table_of(Delivery)

Empty = Callable[[], str]


class Uncounted:
    """A meter that counts nothing."""

    def settled(self, kind: str, state: str, reason: str | None) -> None:
        """A try has ended."""

    def waits(self, way: str, seconds: float) -> None:
        """Slack asked to wait."""

    def cannot_look(self, kind: str) -> None:
        """Nobody can tell."""


def measure(folder: Path, new: Mapping[str, Empty]) -> None:
    """Measure everything on each database and print it."""
    settle_memory()  # as the process does that is measured
    _against_straight(folder, new)
    _one_by_one(folder, new)
    _planning(new)
    _idle(new)


def _against_straight(folder: Path, new: Mapping[str, Empty]) -> None:
    """In turn in every round, so that a slow minute is everybody's."""
    with _slack(folder) as address:
        client = WebClient("xoxb-bench", base_url=f"{address}/api/")
        found: dict[str, list[float]] = {"straight": []}
        for _ in range(ROUNDS):
            found["straight"].append(ROWS / _straight(client))
            for kind, empty in new.items():
                found.setdefault(kind, []).append(ROWS / _through_ledger(_filled(empty()), client))
    straight = statistics.median(found["straight"])
    print(f"\n| messages a second, {CARRIERS} at once | rows/s | of straight |\n|---|---|---|")
    for name, rates in found.items():
        rate = statistics.median(rates)
        what = "`WebClient`, straight" if name == "straight" else f"through the ledger on {name}"
        print(f"| {what} | {rate:,.0f} | {rate / straight:.2f} |")


def _straight(client: WebClient) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(CARRIERS) as pool:
        for n in range(ROWS):
            message, key = _message(str(n)), str(new_id())
            metadata = {"event_type": "bench", "event_payload": {"key": key}}
            pool.submit(client.chat_postMessage, channel=f"U{n}", metadata=metadata, **message.payload())
    return time.perf_counter() - began


def _through_ledger(store: Store, client: WebClient) -> float:
    """From the commit of the rows until the last is settled."""
    sender = Sender(store, _courier(client), TEAM, utc_now, Uncounted())
    letters = [_letter(n) for n in range(ROWS)]
    sender.start()
    with store.write() as tx:
        tell_all(tx, TEAM, letters, utc_now())
    began = time.perf_counter()
    while _unsent(store):
        time.sleep(0.05)
    took = time.perf_counter() - began
    sender.stop()
    store.close()
    return took


def _one_by_one(folder: Path, new: Mapping[str, Empty]) -> None:
    """Each row while nothing else is under way."""
    print("\n| from the commit of a single row to its post at Slack | median ms | p99 ms |\n|---|---|---|")
    with _slack(folder) as address:
        client = WebClient("xoxb-bench", base_url=f"{address}/api/")
        for kind, empty in new.items():
            took = sorted(_leaves_after(_filled(empty()), client))
            print(f"| {kind} | {1000 * statistics.median(took):.1f} | {1000 * took[len(took) * 99 // 100]:.1f} |")


class _Bell(Uncounted):
    """Tells that a row has been settled."""

    def __init__(self) -> None:
        self.rang = threading.Event()

    def settled(self, kind: str, state: str, reason: str | None) -> None:
        self.rang.set()


def _leaves_after(store: Store, client: WebClient) -> list[float]:
    """Seconds between the commit of each row and the moment at which the other process had the post."""
    committed: list[float] = []
    store.listen(NEWS, lambda: committed.append(time.time()))  # before the sender does
    bell = _Bell()
    sender = Sender(store, _courier(client), TEAM, utc_now, bell)
    sender.start()
    for n in range(SINGLE_ROWS):
        bell.rang.clear()
        with store.write() as tx:
            tell_all(tx, TEAM, [_letter(n)], utc_now())
        assert bell.rang.wait(10)
    sender.stop()
    with store.read() as tx:
        arrived = tx.execute(select(delivery.c.ts).order_by(delivery.c.recorded_at)).scalars().all()
    store.close()
    return [float(ts) - moment for ts, moment in zip(arrived, committed, strict=True)]


def _courier(client: WebClient) -> Courier:
    def write(parcel: Parcel, _now: datetime) -> Message:
        return _message(parcel.occasion)

    return Courier(
        OneWorkspace(Gateway(client, new_executor(1)), TEAM),
        {"bench": write},
        lambda _workspace, _person: True,
        utc_now,
    )


def _letter(n: int) -> Letter:
    return Letter("bench", f"U{n}", str(n), {"n": n})


def _unsent(store: Store) -> int:
    with store.read() as tx:
        waits = select(func.count()).select_from(delivery).where(delivery.c.state.in_(sorted(UNSENT)))
        return int(tx.scalar(waits) or 0)


def _message(what: str) -> Message:
    text = Mrkdwn(f"*12 of 40* calls today, {what}")
    return Message(text, [section(text)])


def _planning(new: Mapping[str, Empty]) -> None:
    print(f"\n| {PEOPLE:,} people due in one minute | planning, s | look-ups a page | rows |\n|---|---|---|---|")
    for kind, empty in new.items():
        store = _filled(empty())
        now = datetime(2026, 11, 18, 16, 30, 30, tzinfo=UTC)
        _everybody_is_due(store, now)
        looks: list[datetime] = []
        with _watching(looks):
            began = time.perf_counter()
            done = schedule.tick(store, planning.PLANNERS, now)
            took = time.perf_counter() - began
        pages = -(-done // schedule.PAGE)
        print(
            f"| {kind} | {took:.2f} | {len(looks) / (pages + (done % schedule.PAGE == 0)):.1f} | {_unsent(store):,} |"
        )
        store.close()


@contextmanager
def _watching(looks: list[datetime]) -> Iterator[None]:
    """Note every look for due jobs."""
    plain = schedule.WAITING

    class Watched:
        def all(self, tx: Connection, values: Mapping[str, Any]) -> list[Any]:
            looks.append(values["now"])
            return plain.all(tx, values)

    schedule.WAITING = Watched()  # type: ignore[assignment]  # for the length of a measurement
    yield
    schedule.WAITING = plain


def _everybody_is_due(store: Store, now: datetime) -> None:
    """SDRs of one zone, none of whom has called today."""
    people, roles, jobs = [], [], []
    due_at = now.replace(second=0)
    for n in range(PEOPLE):
        key = {"workspace_id": TEAM, "recorded_at": now}
        people.append({**key, "id": f"U{n}", "name": f"Person {n}", "zone": "UTC", "language": "en", "checked_at": now})
        role = {"id": new_id(), "version": 1, "person_id": f"U{n}", "role": Role.SDR, "start_day": date(2026, 1, 1)}
        roles.append({**key, **role, "recorded_by": "bench"})
        jobs.append(
            {"workspace_id": TEAM, "kind": Kind.DAILY, "person_id": f"U{n}", "subject": "", "next_due_at": due_at}
        )
    flags = {"is_active": True, "is_guest": False, "is_bot": False, "is_foreign": False, "is_admin": False}
    for start in range(0, PEOPLE, 20_000):
        part = slice(start, start + 20_000)
        with store.write() as tx:
            tx.execute(table_of(Person).insert(), [{**row, **flags} for row in people[part]])
            tx.execute(table_of(RoleAssignment).insert(), roles[part])
            tx.execute(table_of(Job).insert(), jobs[part])
    if not store.is_sqlite:
        with store.engine.begin() as tx:
            tx.exec_driver_sql("ANALYZE")  # as the server does by itself a minute after


def _idle(new: Mapping[str, Empty]) -> None:
    """The processor time of what every tick asks, with everybody's jobs lying in the future."""
    print("\n| ticks while nothing is due | ms of processor time | of a core |\n|---|---|---|")
    for kind, empty in new.items():
        store = _filled(empty())
        _everybody_is_due(store, utc_now() + timedelta(days=1))
        sender = Sender(store, _Nobody(), TEAM, utc_now, Uncounted())
        sender.start()
        began = time.process_time()
        for _ in range(IDLE_TICKS):
            schedule.tick(store, planning.PLANNERS, utc_now())
            sender.wake()
            time.sleep(0.005)
        each = (time.process_time() - began) / IDLE_TICKS
        sender.stop()
        store.close()
        print(f"| {kind} | {1000 * each:.2f} | {100 * each / EVERY:.2f} % |")


class _Nobody:
    """A courier with nothing to carry."""

    kinds: Collection[str] = ("bench",)

    def is_welcome(self, workspace_id: str) -> bool:
        return True

    def send(self, parcel: Parcel, in_time: Callable[[], bool] = always) -> Any:
        raise AssertionError(parcel)

    def find(self, parcel: Parcel) -> Any:
        raise AssertionError(parcel)


def _filled(url: str) -> Store:
    store = Store(url)
    schema.upgrade(store)
    return store


@contextmanager
def _slack(folder: Path) -> Iterator[str]:
    port = processes.free_port()
    child = Child([sys.executable, "-m", "tests.bench.yes", str(port)], folder / "yes.log")
    child.start()
    processes.wait_until(f"http://127.0.0.1:{port}/healthz", child)
    yield f"http://127.0.0.1:{port}"
    child.stop()
