"""A process that serves a thousand workspaces of fifty people, beside one that serves a single one: memory, the start,
what `/log` costs at a steady rate when every command comes from another workspace, and what a tick costs while nothing
is due. `python -m tests.bench.workspaces` prints the table.
"""

import itertools
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import psutil
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.activity.model import Activity
from bot.installations import service
from bot.installations.keys import Keyring
from bot.installations.service import Granted, Token
from bot.people.model import Person
from bot.store import schema
from bot.store.engine import Store
from bot.store.sql import table_of
from tests.bench.load import Measured, open_loop
from tests.bench.slack import Slack
from tests.wire import processes, signed
from tests.wire.bigteam import NAMES, person_id

PEOPLE = 50
SIZES = (1, 1_000)
RATE, SECONDS, RUNS = 30, 3.0, 6
IDLE = 15.0
"""Seconds for which a process is watched while nobody types."""

BATCH = 5_000

_turns = itertools.count()


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process costs: seconds until it serves, MB, threads, share of a core while idle, milliseconds of processor
    time for a command, and the answers.
    """

    start: float
    memory: float
    loaded: float
    threads: int
    idle: float
    command: float
    answers: Measured


def workspace_id(number: int) -> str:
    """Of one of them, counted from 0."""
    return f"T1{number:06d}"


def measure(folder: Path) -> None:
    """Print the table, for SQLite."""
    with ExitStack() as ends:
        served = {size: ends.enter_context(_served(folder, size)) for size in SIZES}
        for _ in range(1 + RUNS):  # the first of all is to warm up
            for each in served.values():
                each.load()
        found = {size: each.cost() for size, each in served.items()}
    rows: dict[str, Callable[[Cost], str]] = {
        "from process start to ready, s": lambda cost: f"{cost.start:.1f}",
        "resident memory once it is quiet, MB": lambda cost: f"{cost.memory:.0f}",
        "after the commands, MB": lambda cost: f"{cost.loaded:.0f}",
        "threads": lambda cost: f"{cost.threads}",
        "while nobody types, of a core": lambda cost: f"{100 * cost.idle:.1f} %",
        "`/log`, processor time, ms": lambda cost: f"{cost.command:.1f}",
        f"`/log`, {RATE} a second: median ms": lambda cost: f"{cost.answers.at(0.5):.1f}",
        f"`/log`, {RATE} a second: p99 ms": lambda cost: f"{cost.answers.at(0.99):.1f}",
    }
    print(f"\n| workspaces of {PEOPLE} people, SQLite |" + "".join(f" {size:,} |" for size in SIZES))
    print("|---|" + "---|" * len(SIZES))
    for name, figure in rows.items():
        print(f"| {name} |" + "".join(f" {figure(found[size])} |" for size in SIZES))
    load = os.getloadavg()
    print(f"\nload {load[0]:.1f}, {load[1]:.1f}, {load[2]:.1f}")


@dataclass
class Served:
    """A process, and what has been seen of it; loads of the two take turns, so that a slow minute is everybody's."""

    size: int
    port: int
    process: psutil.Process
    start: float
    memory: float
    idle: float
    loads: list[tuple[float, Measured]] = field(default_factory=list)

    def load(self) -> None:
        """Some seconds of commands."""
        before = _processor(self.process)
        answers = open_loop(self.port, RATE, SECONDS, lambda: _command(self.size))
        self.loads.append((_processor(self.process) - before, answers))

    def cost(self) -> Cost:
        """Everything, without the first load."""
        counted = self.loads[1:]
        latencies = sorted(each for _, answers in counted for each in answers.latencies)
        a_command = 1000 * sum(seconds for seconds, _ in counted) / len(latencies)
        loaded, threads = self.process.memory_info().rss / 1024**2, self.process.num_threads()
        return Cost(self.start, self.memory, loaded, threads, self.idle, a_command, Measured(RATE, latencies))


@contextmanager
def _served(folder: Path, size: int) -> Iterator[Served]:
    url, slack, place = f"sqlite:///{folder}/{size}.db", Slack(), folder / str(size)
    place.mkdir()
    _fill(url, size)
    with _bot(place, url, slack.address) as (port, process, took):
        _quiet(process)
        memory = process.memory_info().rss / 1024**2
        served = Served(size, port, process, took, memory, _idle(process))
        yield served
    slack.stop()
    with closing(Store(url)) as store, store.read() as tx:
        stored = tx.execute(select(func.count()).select_from(table_of(Activity))).scalar_one()
    assert stored == sum(len(answers.latencies) for _, answers in served.loads)


def _fill(url: str, size: int) -> None:
    """Everything installed, with everybody known."""
    keys, now = Keyring(SecretStr(processes.KEY)), datetime.now(UTC)
    with closing(Store(url)) as store:
        schema.upgrade(store)
        for number in range(size):
            token = Token(SecretStr(f"xoxb-{number}"))
            here = workspace_id(number)
            granted = Granted(here, f"Company {number}", token, "commands", "A0BATON", f"B{number}", f"U0BOT{number}")
            service.install(store, keys, granted, now)
        everybody = (_person(workspace_id(number), each, now) for number in range(size) for each in range(PEOPLE))
        for batch in iter(lambda: list(itertools.islice(everybody, BATCH)), []):
            with store.write() as tx:
                tx.execute(table_of(Person).insert(), batch)


@contextmanager
def _bot(folder: Path, url: str, slack: str) -> Iterator[tuple[int, psutil.Process, float]]:
    port = processes.free_port()
    bot = processes.bot(folder, "many", port, slack, url, LOG_LEVEL="warning")
    began = time.perf_counter()
    bot.start()
    processes.wait_until(f"http://127.0.0.1:{port}/readyz", bot)
    took = time.perf_counter() - began
    assert bot.process is not None
    try:
        yield port, psutil.Process(bot.process.pid), took
    finally:
        bot.stop()


def _quiet(process: psutil.Process, within: float = 300.0) -> None:
    """Until it has learnt everybody and looked after every workspace once: five seconds in a row below a fifth of a
    core.
    """
    deadline, calm = time.monotonic() + within, 0
    while calm < 5 and time.monotonic() < deadline:
        calm = calm + 1 if process.cpu_percent(1.0) < 20 else 0


def _idle(process: psutil.Process) -> float:
    before = _processor(process)
    time.sleep(IDLE)
    return (_processor(process) - before) / IDLE


def _processor(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return float(spent.user + spent.system)


def _command(size: int) -> bytes:
    """Another workspace, and another person in it, with every command."""
    n = next(_turns)
    fields = {
        "command": "/log",
        "text": "call Acme 15m connected",
        "team_id": workspace_id(n % size),
        "user_id": person_id(n // size % PEOPLE),
        "channel_id": "C0SALES",
        "trigger_id": f"{time.time_ns()}.{n}",
        "response_url": "http://127.0.0.1/none",
    }
    body = urlencode(fields)
    headers = {**signed.headers(body), "Host": "127.0.0.1", "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /slack/events HTTP/1.1\r\n{head}\r\n{body}".encode()


def _person(here: str, number: int, now: datetime) -> dict[str, object]:
    flags = dict.fromkeys(("is_guest", "is_bot", "is_foreign", "is_admin"), False)
    told = {"name": NAMES[number], "zone": "Europe/Berlin", "language": "en", "is_active": True, **flags}
    return {"workspace_id": here, "id": person_id(number), "recorded_at": now, "checked_at": now, **told}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name))
