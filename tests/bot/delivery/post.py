"""A sender between a real ledger and a courier that does what the test says. Nobody ticks."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from bot.clock import utc_now
from bot.delivery import service
from bot.delivery.outcome import Found, NotBegun, NotThere, Outcome, Parcel, Sent, always
from bot.delivery.sender import Sender
from bot.delivery.states import State
from bot.errors import StoreUnavailable
from bot.store.engine import Store
from tests.bot.delivery.parcels import HERE, Ledger, a_letter

PATIENCE = 20.0
"""Seconds after which something that has to happen will not."""


def posted(parcel: Parcel) -> Outcome:
    """All is well."""
    return Sent(f"D{parcel.recipient[1:]}", f"{parcel.version}.{parcel.attempts}")


def is_not_there(_: Parcel) -> Found:
    """The history does not know it."""
    return NotThere()


@dataclass
class Carrier:
    """A courier; `does` and `finds` say what becomes of a parcel, and every one that it is handed is noted first."""

    does: Callable[[Parcel], Outcome] = posted
    finds: Callable[[Parcel], Found] = is_not_there
    handed: "SimpleQueue[Parcel]" = field(default_factory=SimpleQueue)
    all_handed: list[Parcel] = field(default_factory=list)
    looked_for: list[UUID] = field(default_factory=list)
    goes_on: threading.Event = field(default_factory=threading.Event)
    kinds: Collection[str] = ("drill", "delivery_trouble")
    welcome: bool = True
    asked: int = 0

    def __post_init__(self) -> None:
        self.goes_on.set()

    def send(self, parcel: Parcel, in_time: Callable[[], bool] = always) -> Outcome:
        self.all_handed.append(parcel)
        self.handed.put(parcel)
        assert self.goes_on.wait(PATIENCE)
        return self.does(parcel) if in_time() else NotBegun()

    def find(self, parcel: Parcel) -> Found:
        self.looked_for.append(parcel.id)
        return self.finds(parcel)

    def is_welcome(self, workspace_id: str) -> bool:
        self.asked += 1
        return self.welcome

    def next(self) -> Parcel:
        """The next parcel that it is handed."""
        return self.handed.get(timeout=PATIENCE)


@dataclass
class Counts:
    """A meter."""

    of: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def settled(self, kind: str, state: str, reason: str | None) -> None:
        self.of[kind, state, reason or ""] += 1

    def waits(self, way: str, seconds: float) -> None:
        self.of["waits", way, f"{seconds:g}"] += 1

    def cannot_look(self, kind: str) -> None:
        self.of["cannot look", kind] += 1


class Watched(Store):
    """A store that counts what is asked of it, and answers nothing while it is `away`."""

    reads = writes = failures = 0
    away = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        self.reads += 1
        with super().read() as tx:
            yield tx

    @contextmanager
    def write(self) -> Iterator[Connection]:
        if self.away:
            self.failures += 1
            raise StoreUnavailable
        self.writes += 1
        with super().write() as tx:
            yield tx


@dataclass
class Post:
    """A sender that works, and everything around it. Nobody ticks."""

    store: Watched
    ledger: Ledger
    carrier: Carrier
    counts: Counts
    sender: Sender

    def tell(self, recipient: str, occasion: str = "today", **more: Any) -> UUID:
        """Something to say from now on."""
        return self.ledger.tell(a_letter(recipient, occasion, **more), now=utc_now())[0]

    def tell_everybody(self, people: int, **more: Any) -> list[UUID]:
        """The same to so many, each of them another one."""
        return self.ledger.tell(*(a_letter(f"U{n:04}", **more) for n in range(people)), now=utc_now())

    def change(self, row: UUID) -> None:
        """Let a card show something new."""
        with self.store.write() as tx:
            service.change(tx, HERE, row, utc_now())

    def until(self, state: State, rows: Sequence[UUID]) -> None:
        """Wait until all of these stand there."""
        eventually(lambda: {self.ledger.row(row).state for row in rows} == {state})


def eventually(true: Callable[[], object]) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it never became true"
        time.sleep(0.01)


def a_sender(store: Store, carrier: Carrier, counts: Counts) -> Sender:
    return Sender(store, carrier, HERE, utc_now, counts)
