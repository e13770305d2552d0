"""The sender: takes rows of the ledger, has them carried to Slack, and writes down what became of them.

One thread takes and writes, several carry. Whatever ends while it writes is written with the next batch, so a row costs
a share of a transaction and not one of its own.
"""

import queue
import random
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.delivery import claims, queries
from bot.delivery.claims import Holder, Settled
from bot.delivery.gates import Gates
from bot.delivery.mending import tell_who_can_mend
from bot.delivery.outcome import CannotLook, Courier, Nothing, NotSent, Outcome, Parcel, Refused, Sent, TooFast
from bot.delivery.rules import LEASE, STALE, after_look, step_after
from bot.delivery.service import NEWS
from bot.delivery.states import State, Way
from bot.errors import BotError
from bot.store.engine import Store

log = structlog.get_logger()

CARRIERS = 16
"""Messages under way at once: a slow answer holds up one of them."""

BATCH = 64
"""Rows taken at once: what the carriers finish while the next batch is written."""

DATABASE_PAUSE = 0.5
"""Seconds before the database is asked again that did not answer."""

LAST_WORDS = 4
"""How often a process that stops tries to write down what it has sent; after that the next one has to look."""


class Meter(Protocol):
    """Counts what the sender does."""

    def settled(self, kind: str, state: str, reason: str | None) -> None:
        """A row has come to `state`; to wait again means that it will be tried again."""

    def waits(self, way: str, seconds: float) -> None:
        """Slack wants a way of sending left alone for so long."""

    def cannot_look(self, kind: str) -> None:
        """A message may have arrived, and nobody can tell."""


class Ended(NamedTuple):
    """A try that is over."""

    parcel: Parcel
    outcome: Outcome


class Sender:
    """Sends what waits in the ledger of one workspace; any number of processes may do so at once.

    Args:
        store: where the ledger is.
        courier: makes the words and carries them.
        workspace_id: whose rows.
        clock: the moment.
        meter: counts.
        lease: for how long a row is held at the most.
    """

    def __init__(
        self,
        store: Store,
        courier: Courier,
        workspace_id: str,
        clock: Clock,
        meter: Meter,
        lease: timedelta = LEASE,
    ) -> None:
        self._store, self._courier, self._clock, self._meter = store, courier, clock, meter
        self._holder = Holder(workspace_id, uuid.uuid4().hex)
        self._lease = lease
        self._news = threading.Event()
        self._ended: queue.SimpleQueue[Ended] = queue.SimpleQueue()
        self._unwritten: list[Ended] = []
        self._under_way = 0
        self._gates = Gates()
        self._next_at: float | None = None
        self._stopping = False
        self._pool = ThreadPoolExecutor(CARRIERS, thread_name_prefix="carrier")
        self._thread = threading.Thread(target=self._work, name="sender", daemon=True)
        store.listen(NEWS, self.wake)

    @property
    def halted(self) -> str | None:
        """Why nothing is sent any more, in Slack's word; None while all is well."""
        return self._gates.halted

    def start(self) -> None:
        """Begin to send, first of all what an earlier process left behind.

        Raises:
            StoreUnavailable: when the database does not answer.
        """
        with self._store.write() as tx:
            if self._store.is_sqlite:
                claims.expire_all(tx, self._holder.workspace_id)
            claims.revive(tx, self._holder.workspace_id, self._clock())
        self._thread.start()
        self.wake()

    def wake(self) -> None:
        """There may be something to send."""
        self._news.set()

    def stop(self) -> None:
        """Take nothing new, carry what is in hand, and write it down."""
        self._stopping = True
        self.wake()
        if self._thread.is_alive():
            self._thread.join()
        self._pool.shutdown()

    def _work(self) -> None:
        failures = 0
        while not self._is_done(failures):
            self._news.wait(self._rest())
            self._news.clear()
            try:
                self._turn()
                failures = 0
            except Exception as error:  # noqa: BLE001 - told, and tried again: what waits must not wait for ever
                failures += 1
                self._bear_with(error)

    def _is_done(self, failures: int) -> bool:
        """Whether this process may go: everything is written, or the database is away and will find it unsure."""
        return self._stopping and (self._under_way == 0 or failures > LAST_WORDS)

    def _bear_with(self, error: Exception) -> None:
        if isinstance(error, BotError):
            log.warning("ledger_not_reached", reason=str(error.__cause__ or error))
        else:
            log.exception("sender_failed")
        time.sleep(DATABASE_PAUSE)
        self.wake()

    def _rest(self) -> float | None:
        """Seconds until there may be something to do; None for "until woken"."""
        at = [*self._gates.ends(), *([self._next_at] if self._next_at else [])]
        return max(0.0, min(at) - time.monotonic()) if at else None

    def _turn(self) -> None:
        """Write down what has ended, and take the next."""
        self._unwritten += _all_of(self._ended)
        now, most = self._clock(), self._most()
        if not self._unwritten and not self._is_due(now):
            return
        settled = [self._settled(ended, now) for ended in self._unwritten]
        with self._store.write() as tx:
            self._write(tx, settled, now)
            stale = claims.drop_stale(tx, self._holder.workspace_id, now)
            parcels = self._take(tx, now, most)
            self._look_ahead(tx, now, is_all=len(parcels) < most)
        self._under_way += len(parcels) - len(settled)
        self._count(self._unwritten, settled, stale)
        self._unwritten = []
        self._carry_all(parcels)

    def _most(self) -> int:
        if self._stopping or not self._gates.may_try():
            return 0
        return 1 if self._gates.halted else BATCH - self._under_way

    def _is_due(self, now: datetime) -> bool:
        with self._store.read() as tx:
            due = queries.anything_due(tx, self._holder.workspace_id, now)
            if not due:
                self._look_ahead(tx, now, is_all=True)
            return due

    def _look_ahead(self, tx: Connection, now: datetime, *, is_all: bool) -> None:
        """Know when the next one may go that waits for its moment; at once if there are more than were taken."""
        at = queries.next_after(tx, self._holder.workspace_id, now) if is_all else now
        self._next_at = time.monotonic() + (at - now).total_seconds() if at else None

    def _write(self, tx: Connection, settled: Sequence[Settled], now: datetime) -> None:
        if settled:
            claims.settle(tx, self._holder, settled, now)
        claims.expire(tx, self._holder.workspace_id, now)
        for parcel, outcome in self._unwritten:
            if isinstance(outcome, Refused):
                tell_who_can_mend(tx, parcel, outcome.reason, now)
            if isinstance(outcome, Sent) and self._gates.halted:
                claims.revive(tx, self._holder.workspace_id, now)

    def _take(self, tx: Connection, now: datetime, most: int) -> list[Parcel]:
        if most <= 0:
            return []
        closed, busy = self._gates.closed(), self._gates.busy()
        return claims.take(tx, self._holder, now, most, closed=closed, busy=busy, lease=self._lease)

    def _settled(self, ended: Ended, now: datetime) -> Settled:
        step = step_after(ended.parcel, ended.outcome, now, random.random())  # noqa: S311 - jitter
        return Settled(ended.parcel, step, ended.outcome if isinstance(ended.outcome, Sent) else None)

    def _count(self, ended: Sequence[Ended], settled: Sequence[Settled], stale: dict[str, int]) -> None:
        for kind, rows in stale.items():
            for _ in range(rows):
                self._meter.settled(kind, State.DROPPED, STALE)
        for (parcel, outcome), each in zip(ended, settled, strict=True):
            self._meter.settled(parcel.kind, each.step.state, each.step.reason)
            self._gates.learn(parcel, outcome)
            if isinstance(outcome, TooFast):
                self._meter.waits(parcel.way, outcome.seconds)
            if isinstance(outcome, Refused):
                log.error("not_delivered", kind=parcel.kind, delivery=parcel.key, reason=outcome.reason)

    def _carry_all(self, parcels: Sequence[Parcel]) -> None:
        begin_by = time.monotonic() + self._lease.total_seconds() / 2
        for parcel in parcels:
            self._gates.occupy(parcel.recipient)
            self._pool.submit(self._carry, parcel, begin_by)

    def _carry(self, parcel: Parcel, begin_by: float) -> None:
        try:
            outcome = self._try(parcel, begin_by)
        except Exception:
            log.exception("message_not_made", kind=parcel.kind, delivery=parcel.key)
            outcome = Refused("unknown_error")
        self._ended.put(Ended(parcel, outcome))
        self.wake()

    def _try(self, parcel: Parcel, begin_by: float) -> Outcome:
        """Look first where it may have arrived; send nothing that another process may be about to take over."""
        if parcel.was_unsure and parcel.way != Way.UPDATE:
            found = self._courier.find(parcel)
            if isinstance(found, CannotLook):
                self._meter.cannot_look(parcel.kind)
            known = after_look(parcel, found)
            if known is not None:
                return known
        if parcel.useful_until and parcel.useful_until < self._clock():
            return Nothing(STALE)
        return self._courier.send(parcel) if time.monotonic() < begin_by else NotSent("too_many_under_way")


def _all_of(ended: "queue.SimpleQueue[Ended]") -> Iterator[Ended]:
    while True:
        try:
            yield ended.get_nowait()
        except queue.Empty:
            return
