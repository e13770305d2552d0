"""A drill of the sender: rows of the ledger for many people, processes that send them, and what arrived."""

import itertools
import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from bot import clock
from bot.delivery import service
from bot.delivery.model import Delivery
from bot.delivery.service import Letter
from bot.delivery.states import UNSENT, IfUnsure, State
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.types import new_id
from handlers.manifest import manifest
from tests.databases import as_superuser, new_database
from tests.wire import processes, sending
from tests.wire.bigteam import person_id, write_team
from tests.wire.nursery import Nursery
from tests.wire.signed import TEAM
from tests.wire.team import Team
from tests.wire.waiting import until

OFFER, REMINDER, CARD = sending.KINDS

IF_UNSURE = {OFFER: IfUnsure.RESEND, REMINDER: IfUnsure.DROP, CARD: IfUnsure.RESEND}

BEGINS_WITHIN, ENDS_WITHIN = 20.0, 60.0

delivery = table_of(Delivery)

PEOPLE = 1_200
"""Enough that nobody's second message has to wait for their first while a thousand are under way."""

STATES = select(delivery.c.state, func.count().label("rows")).group_by(delivery.c.state)


@contextmanager
def a_slack(folder: Path, *, is_readable: bool = True) -> Iterator[Team]:
    """A sandbox with many people, whose history the app may read or not, until the block ends."""
    port, team = processes.free_port(), folder / "team.json"
    write_team(team, PEOPLE)
    child = processes.sandbox(folder, "socket", 1, port, team)
    if not is_readable:
        paper = manifest(None)
        paper["oauth_config"]["scopes"]["bot"].remove("im:history")
        (folder / "manifest.json").write_text(json.dumps(paper))
    child.start()
    processes.wait_until(f"http://127.0.0.1:{port}/ui/calls", child)
    found = Team(f"http://127.0.0.1:{port}")
    yield found
    found.close()
    child.stop()


def a_store(request: pytest.FixtureRequest, database: str, folder: Path) -> Store:
    """A database of this kind with nothing in it."""
    return Store(as_superuser(new_database(request, folder, database)))


@dataclass
class Sending:
    """A process of `tests.wire.sending`, which may be killed and started again; all of them write into one log."""

    nursery: Nursery
    options: Sequence[str]
    log: Path
    _pid: int | None = None
    _starts: int = 0

    def start(self) -> "Sending":
        """Start it; `wait` tells when it sends."""
        self._pid = self.nursery.fork(self.options, self.log)
        self._starts += 1
        return self

    def wait(self) -> None:
        """Until it sends."""
        until(lambda: self.log.exists() and self.said().count(sending.READY) >= self._starts, self.said, BEGINS_WITHIN)

    def kill(self) -> None:
        """End it without a warning."""
        assert self.ended(signal.SIGKILL) == -signal.SIGKILL, self.said()

    def stop(self) -> None:
        """Let it finish what it has in hand."""
        self.wait()
        assert self.ended(signal.SIGTERM) == 0, self.said()

    def ended(self, name: signal.Signals | None = None) -> int | None:
        """Its exit code, when it has ended by itself or by this signal."""
        assert self._pid is not None
        if name:
            os.kill(self._pid, name)
        code = self.nursery.code(self._pid, ENDS_WITHIN)
        self._pid = None if code is not None else self._pid
        return code

    def is_running(self) -> bool:
        """Whether it lives, for all that was asked."""
        return self._pid is not None

    def counted(self, metric: str) -> int:
        """What it said of a metric, with its labels, when it ended."""
        return sum(int(float(line.split()[-1])) for line in self.said().splitlines() if line.startswith(f"{metric} "))

    def said(self) -> str:
        """Everything that was written so far."""
        return self.log.read_text(errors="replace")


@dataclass
class Drill:
    """A ledger and the people to write to, each of whom gets one message after the other."""

    team: Team
    store: Store
    nursery: Nursery
    folder: Path
    lease: float = 2.0
    patience: float = 1.0
    people: Sequence[str] = field(default_factory=lambda: [person_id(number) for number in range(PEOPLE)])
    told: dict[str, str] = field(default_factory=dict)
    senders: list[Sending] = field(default_factory=list)
    _turn: "itertools.count[int]" = field(default_factory=itertools.count)
    _name: str = field(default_factory=lambda: uuid4().hex)
    """Part of every occasion: what an earlier drill has said to the same people is another message."""

    @property
    def url(self) -> str:
        """The address of the database."""
        return self.store.url.render_as_string(hide_password=False).replace("+psycopg", "")

    def sender(self, *more: str) -> Sending:
        """A process that sends what is in the ledger; started by the caller, and ended by `close`."""
        options = ["--database", self.url, "--slack", self.team.address]
        options += ["--lease", str(self.lease), "--patience", str(self.patience), *more]
        self.senders.append(Sending(self.nursery, options, self.folder / f"sender-{len(self.senders)}.log"))
        return self.senders[-1]

    def tell(self, rows: int, *kinds: str, people: Sequence[str] = ()) -> list[str]:
        """Put so many rows into the ledger, of these kinds and for everybody in turn; returns their messages' keys."""
        people, turns = people or self.people, [next(self._turn) for _ in range(rows)]
        letters = [self._letter(kinds[turn % len(kinds)], people[turn % len(people)], turn) for turn in turns]
        with self.store.write() as tx:
            service.tell_all(tx, TEAM, letters, clock.utc_now())
        self.told |= {str(letter.id): letter.kind for letter in letters}
        return [str(letter.id) for letter in letters]

    def _letter(self, kind: str, recipient: str, turn: int) -> Letter:
        return Letter(kind, recipient, f"drill {self._name} {turn}", if_unsure=IF_UNSURE[kind], id=new_id())

    def top_up(self, rows: int, *kinds: str) -> None:
        """Let so many rows be under way."""
        self.tell(max(0, rows - self.unsent()), *kinds)

    def change(self, keys: Sequence[str]) -> None:
        """Let what these messages show be another thing."""
        with self.store.write() as tx:
            for key in keys:
                service.change(tx, TEAM, UUID(key), clock.utc_now())

    def rows(self, *columns: str) -> list[Any]:
        """Every row of the ledger, or these columns of it."""
        with self.store.read() as tx:
            return list(tx.execute(select(*(delivery.c[name] for name in columns or delivery.c.keys()))).all())

    def states(self) -> Counter[str]:
        """How many rows stand in each state."""
        with self.store.read() as tx:
            return Counter({row.state: row.rows for row in tx.execute(STATES)})

    def unsent(self) -> int:
        """How many rows are under way."""
        return sum(rows for state, rows in self.states().items() if state in UNSENT)

    def posted(self) -> Counter[str]:
        """How often each message of this drill stands in Slack."""
        with processes.http(self.team.address, ENDS_WITHIN) as client:
            posts = client.get("/ui/posts").json()["posts"]
        return Counter(post["key"] for post in posts if post["key"] in self.told)

    def failed(self, error: str) -> int:
        """How many calls of the Web API failed like this."""
        return sum(1 for call in self.team.calls() if call["error"] == error)

    def finish(self, within: float = ENDS_WITHIN) -> None:
        """Wait until nothing is under way any more."""
        self.eventually(lambda: not self.unsent(), "rows stay under way", within)

    def eventually(self, true: Callable[[], object], otherwise: str, within: float = ENDS_WITHIN) -> None:
        """Wait until something is true."""
        until(true, lambda: f"{otherwise}: {self.states()}\n{self._logs()}", within)

    def _logs(self) -> str:
        return "\n".join(sender.said()[-2000:] for sender in self.senders)

    def check_once(self) -> None:
        """Every row has arrived, once, and the ledger says so."""
        assert self.lost() == set()
        assert self.doubled() == set()
        assert self.states() == {State.SENT: len(self.told)}

    def lost(self, kind: str = "") -> set[str]:
        """The messages (of a kind) that did not arrive."""
        posted = self.posted()
        return {key for key, of_kind in self.told.items() if kind in ("", of_kind) and not posted[key]}

    def doubled(self, kind: str = "") -> set[str]:
        """The messages (of a kind) that arrived more than once."""
        posted = self.posted()
        return {key for key, of_kind in self.told.items() if kind in ("", of_kind) and posted[key] > 1}

    def uncertain(self) -> set[str]:
        """The messages that were dropped because nobody could tell whether they had arrived."""
        rows = self.rows("id", "state", "reason")
        return {str(row.id) for row in rows if row.state == State.DROPPED and row.reason == "uncertain"}

    def close(self) -> None:
        """End every process that still runs."""
        for sender in self.senders:
            if sender.is_running():
                sender.ended(signal.SIGKILL)
        self.store.close()
