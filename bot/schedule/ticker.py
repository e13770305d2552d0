"""APScheduler's part: it fires the ticks, in every process."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot.errors import BotError

log = structlog.get_logger()

EVERY = 1.0
"""Seconds between two ticks."""

JOB = "tick"

LATE = 5 * EVERY
"""A tick that comes so long after the one before is a late one."""


class Meter(Protocol):
    """Counts ticks."""

    def ticked(self, *, late: bool) -> None:
        """A tick is over."""


class Ticker:
    """Does `acts`, one after the other, every second until `stop`. What fails is tried again with the next tick."""

    def __init__(self, acts: Sequence[Callable[[], object]], meter: Meter) -> None:
        self._acts, self._meter = acts, meter
        self._last = time.monotonic()
        executors = {"default": ThreadPoolExecutor(1)}
        # What was missed is made up by one tick (`coalesce`), however late it comes (no grace time): a tick asks
        # what is due, and answers the same whether it is the first or the tenth.
        defaults = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        self._scheduler = BackgroundScheduler(timezone="UTC", executors=executors, job_defaults=defaults)
        self._stopping = threading.Event()
        self._guard = threading.Thread(target=self._keep_ticking, name="ticks", daemon=True)

    def start(self) -> None:
        """Begin to tick."""
        self._last = time.monotonic()
        self._scheduler.add_job(self.tick, "interval", seconds=EVERY, id=JOB)
        self._scheduler.start()
        self._guard.start()

    def stop(self) -> None:
        """Finish the tick that runs, and tick no more."""
        self._stopping.set()
        if self._scheduler.running:
            self._guard.join()
            self._scheduler.shutdown(wait=True)

    def _keep_ticking(self) -> None:
        """The scheduler waits for a time on the wall: once a clock is set back it would wait until that comes again."""
        while not self._stopping.wait(LATE):
            if time.monotonic() - self._last > LATE:
                self._scheduler.modify_job(JOB, next_run_time=datetime.now(UTC))

    def tick(self) -> None:
        """One tick."""
        now = time.monotonic()
        late, self._last = now - self._last > LATE, now
        for act in self._acts:
            try:
                act()
            except BotError as error:
                log.warning("tick_failed", reason=str(error.__cause__ or error))
            except Exception:
                log.exception("tick_failed")
        self._meter.ticked(late=late)
