"""The sender: takes rows of the ledger, has them carried to Slack, and writes down what became of them.

It works turn by turn, in threads of a crew: some give turns, others carry. Whatever ends between two turns is written
with the next batch, so a row costs a share of a transaction and not one of its own.
"""

import queue
import random
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple, Protocol

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from bot.clock import Clock
from bot.delivery import claims, queries
from bot.delivery.claims import Holder, Settled
from bot.delivery.crew import Crew, Rest
from bot.delivery.gates import Gates, wait_asked_for
from bot.delivery.mending import tell_who_can_mend
from bot.delivery.outcome import CannotLook, Courier, NotBegun, Nothing, Outcome, Parcel, Refused, Sent, Unsure
from bot.delivery.rules import LEASE, STALE, UNFORESEEN, after_look, as_first_shown, step_after
from bot.delivery.service import NEWS
from bot.delivery.states import State, Way
from bot.errors import BotError
from bot.ops import traces
from bot.ops.causes import follows
from bot.store.engine import Store
from bot.store.walls import within

log = structlog.get_logger()

CARRIERS = 16
"""Messages of one workspace under way at once: a slow answer holds up one of them."""

BATCH = 64
"""Rows taken at once: what the carriers finish while the next batch is written."""

BEGUN_WITHIN = 0.2
"""The part of its lease in which a try has to begin, so that it ends before the lease does."""

GATHER = 0.02
"""Seconds that a sent message waits to be written down with others; what is to be sent waits for nothing."""

TIDY = 1.0
"""Seconds between two looks for rows that are stale, or that a dead process holds."""

DATABASE_PAUSE = 0.5
"""Seconds before the database is asked again that did not answer."""

LONGEST_PAUSE = 30.0
"""Seconds, after failures in a row that are not the database's."""

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

    It has one turn at a time, each in whatever thread the crew has for it.

    Args:
        store: where the ledger is.
        courier: makes the words and carries them.
        workspace_id: whose rows.
        clock: the moment.
        meter: counts.
        lease: for how long a row is held at the most.
        crew: the threads, where several workspaces share them; without one it has its own.
    """

    def __init__(
        self,
        store: Store,
        courier: Courier,
        workspace_id: str,
        clock: Clock,
        meter: Meter,
        lease: timedelta = LEASE,
        crew: Crew | None = None,
    ) -> None:
        self._store, self._courier, self._clock, self._meter = store, courier, clock, meter
        self._holder = Holder(workspace_id, uuid.uuid4().hex)
        self._lease = lease
        self._ended: queue.SimpleQueue[Ended] = queue.SimpleQueue()
        self._unwritten: list[Ended] = []
        self._under_way = 0
        self._gates = Gates()
        self._next_at: float | None = None
        self._tidy_at = 0.0
        self._failures, self._pause_until = 0, 0.0
        self._is_started = self._is_begun = self._stopping = False
        self._is_over = threading.Event()
        self._own_crew = None if crew else Crew(1, CARRIERS, CARRIERS)
        self._crew: Crew = crew or self._own_crew  # type: ignore[assignment]  # one of them is there
        store.listen(NEWS, self.wake, workspace_id)

    @property
    def halted(self) -> str | None:
        """Why nothing is sent any more, in Slack's word; None while all is well."""
        return self._gates.halted

    def start(self) -> None:
        """Begin to send."""
        self._is_started = True
        if self._own_crew:
            self._own_crew.start()
        self.wake()

    def wake(self) -> None:
        """There may be something to send."""
        self._crew.call(self)

    def stop(self) -> None:
        """Take nothing new, carry what is in hand, and write it down."""
        self.end()
        if self._is_started:
            self._is_over.wait()
        if self._own_crew:
            self._own_crew.stop()

    def end(self) -> None:
        """Begin to stop; `is_over` says when that is done."""
        self._stopping = True
        self.wake()

    @property
    def is_over(self) -> bool:
        """Whether it has stopped."""
        return self._is_over.is_set()

    def turn(self, room: int | None) -> Rest:
        """See `bot.delivery.crew.Taker`."""
        paused = self._pause_until - time.monotonic()
        if paused > 0:
            return Rest(paused)
        try:
            rest = Rest(is_over=True) if self._is_done() else self._have_turn(room)
            self._failures = 0
        except Exception as error:  # noqa: BLE001 - told, and tried again: what waits must not wait for ever
            self._failures += 1
            rest = self._bear_with(error)
        if self._is_done():
            self._crew.carriers.let_go(self._under_way)
            self._under_way = 0
            self._is_over.set()
            return Rest(is_over=True)
        return rest

    def _have_turn(self, room: int | None) -> Rest:
        with within(self._holder.workspace_id):
            self._take_up()
            wants_more = self._turn(room)
        return Rest(self._rest(), for_room=wants_more and self._hands() > 0)

    def _take_up(self) -> None:
        """First of all take up what an earlier process left behind: Slack has just taken the token."""
        if self._is_begun:
            return
        now = self._clock()
        with self._store.write() as tx:
            if self._store.is_sqlite:
                claims.expire_all(tx, self._holder.workspace_id, now)
            claims.revive(tx, self._holder.workspace_id, now)
        self._is_begun = True

    def _is_done(self) -> bool:
        """Whether this process may go: everything is written, or the database is away and will find it unsure."""
        return self._stopping and (self._under_way == 0 or self._failures > LAST_WORDS)

    def _bear_with(self, error: Exception) -> Rest:
        """Wait a little for a database that is away, and longer each time for what nobody has foreseen."""
        if isinstance(error, BotError):
            log.warning("ledger_not_reached", reason=str(error.__cause__ or error))
            pause = DATABASE_PAUSE
        else:
            log.exception("sender_failed")
            pause = min(LONGEST_PAUSE, DATABASE_PAUSE * 2.0**self._failures)
        self._pause_until = time.monotonic() + pause
        return Rest(pause)

    def _rest(self) -> float | None:
        """Seconds until there may be something to do; None for "until woken"."""
        at = [*self._gates.ends(), *([self._next_at] if self._next_at else [])]
        return max(0.0, min(at) - time.monotonic()) if at else None

    def _turn(self, room: int | None) -> bool:
        """Write down what has ended, and take the next; whether there may be more than there was room for."""
        self._collect()
        self._ask_whether_the_token_lives()
        begin_by = time.monotonic() + self._lease.total_seconds() * BEGUN_WITHIN
        now, most = self._clock(), self._most(room)
        if not self._unwritten and not self._is_due(now, most):
            return most <= 0
        settled = [self._settled(ended, now) for ended in self._unwritten]
        with self._store.write() as tx:
            self._write(tx, settled, now)
            stale = self._tidy(tx, now)
            parcels = self._take(tx, now, most)
            is_more = self._look_ahead(tx, now, most - len(parcels))
        self._under_way += len(parcels) - len(settled)
        self._crew.carriers.let_go(len(settled))
        self._count(self._unwritten, settled, stale)
        self._unwritten = []
        self._carry_all(parcels, begin_by)
        return is_more and most <= len(parcels)

    def _collect(self) -> None:
        """Learn from what has ended before anything is taken, so that nothing goes through a gate that has closed."""
        for ended in _all_of(self._ended):
            self._gates.learn(ended.parcel, ended.outcome)
            self._unwritten.append(ended)

    def _most(self, room: int | None) -> int:
        return 0 if room is None else min(room + len(self._unwritten), self._hands())

    def _hands(self) -> int:
        """How many rows it may take, as far as this workspace goes."""
        return 0 if self._stopping or self._gates.halted else BATCH - self._under_way + len(self._unwritten)

    def _ask_whether_the_token_lives(self) -> None:
        """Now and then, while it is dead; what it has ended waits again once it does."""
        if self._stopping or not self._gates.halted or not self._gates.may_ask():
            return
        self._gates.halt(self._gates.halted)
        if self._courier.is_welcome(self._holder.workspace_id):
            with self._store.write() as tx:
                claims.revive(tx, self._holder.workspace_id, self._clock())
            self._gates.open()

    def _is_due(self, now: datetime, most: int) -> bool:
        """Whether a transaction is worth while; with the hands full, or all gates closed, none is."""
        if most <= 0:
            self._next_at = None  # what ends, and a gate that opens, comes back here
            return False
        with self._store.read() as tx:
            if self._is_anything_due(tx, now) or queries.held_too_long(tx, self._holder.workspace_id, now):
                return True
            self._look_ahead(tx, now, most)
            return False

    def _is_anything_due(self, tx: Connection, now: datetime) -> bool:
        return queries.anything_due(tx, self._holder.workspace_id, self._courier.kinds, now)

    def _look_ahead(self, tx: Connection, now: datetime, left: int) -> bool:
        """Know when the next one may go that waits for its moment; at once (True) if no hand was `left` for it, or if
        all that was looked at was for recipients who have to wait.
        """
        is_more = (left <= 0 or not self._gates.closed()) and self._is_anything_due(tx, now)
        at = now if is_more else queries.next_after(tx, self._holder.workspace_id, self._courier.kinds, now)
        self._next_at = time.monotonic() + (at - now).total_seconds() if at else None
        return is_more

    def _write(self, tx: Connection, settled: Sequence[Settled], now: datetime) -> None:
        if settled:
            claims.settle(tx, self._holder, settled, now)
        refused = [(parcel, end.reason) for parcel, end in self._unwritten if isinstance(end, Refused)]
        for parcel, reason in sorted(refused, key=lambda each: each[0].place or each[0].recipient):
            self._tell_who_can_mend(tx, parcel, reason, now)

    def _tell_who_can_mend(self, tx: Connection, parcel: Parcel, reason: str, now: datetime) -> None:
        """What has been sent is written down, whether or not somebody can be told of what has not."""
        try:
            with follows(parcel.request), tx.begin_nested():
                tell_who_can_mend(tx, parcel, reason, now)
        except OperationalError:
            raise  # the database is away, and all of it is tried again
        except Exception:
            log.exception("nobody_told", kind=parcel.kind, delivery=parcel.key, reason=reason)

    def _tidy(self, tx: Connection, now: datetime) -> dict[str, int]:
        """Let go of what dead processes hold, and drop what is stale: how many of each kind."""
        if time.monotonic() < self._tidy_at:
            return {}
        self._tidy_at = time.monotonic() + TIDY
        claims.expire(tx, self._holder.workspace_id, now)
        return claims.drop_stale(tx, self._holder.workspace_id, now)

    def _take(self, tx: Connection, now: datetime, most: int) -> list[Parcel]:
        if most <= 0:
            return []
        gates = {"closed": self._gates.closed(), "busy": self._gates.busy()}
        return claims.take(tx, self._holder, now, most, kinds=self._courier.kinds, lease=self._lease, **gates)

    def _settled(self, ended: Ended, now: datetime) -> Settled:
        step = step_after(ended.parcel, ended.outcome, now, random.random())  # noqa: S311 - jitter
        return Settled(ended.parcel, step, ended.outcome if isinstance(ended.outcome, Sent) else None)

    def _count(self, ended: Sequence[Ended], settled: Sequence[Settled], stale: dict[str, int]) -> None:
        for kind, rows in stale.items():
            for _ in range(rows):
                self._meter.settled(kind, State.DROPPED, STALE)
        for (parcel, outcome), each in zip(ended, settled, strict=True):
            self._meter.settled(parcel.kind, each.step.state, each.step.reason)
            if wait := wait_asked_for(parcel, outcome):
                self._meter.waits(*wait)
            about = {"kind": parcel.kind, "delivery": parcel.key, "reason": each.step.reason, "request": parcel.request}
            if isinstance(outcome, Refused):
                log.error("not_delivered", **about)
            else:
                log.info("tried_to_deliver", state=each.step.state.value, **about)

    def _carry_all(self, parcels: Sequence[Parcel], begin_by: float) -> None:
        for parcel in parcels:
            self._gates.occupy(parcel.recipient)
            self._crew.carriers.hand_in(self._holder.workspace_id, partial(self._carry, parcel, begin_by))

    def _carry(self, parcel: Parcel, begin_by: float) -> None:
        of_row = (parcel.kind, parcel.key, parcel.request)
        with within(self._holder.workspace_id), follows(parcel.request), traces.of_delivery(*of_row):
            ended = self._tried(parcel, begin_by)
            traces.note(workspace=parcel.workspace_id, way=parcel.way, outcome=type(ended.outcome).__name__)
        self._ended.put(ended)
        self._crew.call(self, GATHER)

    def _tried(self, parcel: Parcel, begin_by: float) -> Ended:
        try:
            return self._try(parcel, begin_by)
        except Exception as error:
            log.exception("message_not_made", kind=parcel.kind, delivery=parcel.key)
            traces.fail(type(error).__name__)
            return Ended(parcel, Unsure(UNFORESEEN))

    def _try(self, parcel: Parcel, begin_by: float) -> Ended:
        """Look first where it may have arrived; send nothing that another process may be about to take over."""
        if self._stopping or time.monotonic() > begin_by:
            return Ended(parcel, NotBegun())
        if parcel.was_unsure and parcel.way != Way.UPDATE:
            found = self._courier.find(parcel)
            if isinstance(found, CannotLook):
                self._meter.cannot_look(parcel.kind)
            known = after_look(parcel, found)
            if known is not None:
                return Ended(as_first_shown(parcel), known)
        if parcel.useful_until and parcel.useful_until < self._clock():
            return Ended(parcel, Nothing(STALE))
        return Ended(parcel, self._courier.send(parcel, lambda: self._is_in_time(parcel, begin_by)))

    def _is_in_time(self, parcel: Parcel, begin_by: float) -> bool:
        """Whether words that are made may go out: at once, or where they took long, if the row can be held on."""
        if time.monotonic() <= begin_by:
            return True
        with self._store.write() as tx:
            return claims.renew(tx, self._holder, parcel, self._clock(), self._lease)


def _all_of(ended: "queue.SimpleQueue[Ended]") -> Iterator[Ended]:
    while True:
        try:
            yield ended.get_nowait()
        except queue.Empty:
            return
