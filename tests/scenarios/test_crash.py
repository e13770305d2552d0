"""Acked means stored, and stored means once: the bot is killed without a warning, again and again, under load."""

import os
import random
import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from sqlalchemy import and_, func, select

from bot.activity.model import Activity, ActivityDay, NextStep
from bot.store.sql import table_of
from tests.databases import DATABASES
from tests.lengths import length
from tests.scenarios.conftest import Workspace, start_workspace
from tests.wire import processes, signed

KILLS = length(4, 100)
"""For each of the two databases."""

PEOPLE = ("U0ANA", "U0DEVON", "U0DANA", "U0ARUN", "U0MINA", "U0SAM")
LINES = (
    'call "{key}" 15m connected - {key} next tue send quote',
    "email Globex - {key}",
    "3 calls - {key}",
    'demo "{key}" 45m - {key} next fri call',
)
FOLLOWED_UP = tuple("next" in line for line in LINES)
ACKED = ("Logged", "Taken back")

activity = table_of(Activity)
total = table_of(ActivityDay)
step = table_of(NextStep)


@dataclass(frozen=True)
class Sent:
    """One command: its body, so that it can be delivered again, and the note that its entry is known by."""

    person: str
    body: str
    key: str | None
    has_step: bool = False


@dataclass
class Load:
    """Several people who type one command after the other until the bot is gone.

    `enough` is set by the ack number `acks`: the moment to kill.
    """

    port: int
    acks: int
    enough: threading.Event = field(default_factory=threading.Event)
    acked: list[Sent] = field(default_factory=list)
    unanswered: list[Sent] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> list[threading.Thread]:
        """Let everybody begin."""
        threads = [threading.Thread(target=self._type, args=(person,)) for person in PEOPLE]
        for thread in threads:
            thread.start()
        return threads

    def _type(self, person: str) -> None:
        with processes.http(f"http://127.0.0.1:{self.port}") as http:
            for turn in range(10_000):
                sent = _undo(person) if turn % 5 == 4 else _line(person, turn % len(LINES))
                try:
                    answer = deliver(http, sent)
                except httpx.TransportError:
                    self.unanswered.append(sent)
                    return
                self._count(sent, answer)

    def _count(self, sent: Sent, answer: httpx.Response) -> None:
        with self._counting:
            self.acked.append(sent)
            if not is_ack(answer):
                self.surprises.append(answer.text)
            if len(self.acked) >= self.acks:
                self.enough.set()


def deliver(http: httpx.Client, sent: Sent, **more: str) -> httpx.Response:
    """Post a command as Slack does, signed at this moment."""
    return http.post("/slack/events", content=sent.body, headers=signed.headers(sent.body) | more)


def is_ack(answer: httpx.Response) -> bool:
    """Whether the person was told that it is stored."""
    return answer.status_code == 200 and any(word in answer.text for word in ACKED)


@pytest.fixture(scope="module", params=DATABASES)
def workspace(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    yield from start_workspace(request, tmp_path_factory.mktemp(f"crash-{request.param}"), "http", request.param)


@pytest.mark.long
@pytest.mark.timeout(60 + 10 * KILLS)
def test_whatever_was_acked_is_there_once_after_a_kill(workspace: Workspace) -> None:
    seed = int(os.environ.get("BATON_TEST_SEED") or random.randrange(2**32))
    print(f"BATON_TEST_SEED={seed}")
    chance, sums = random.Random(seed), Counter[str]()
    everything: list[Sent] = []
    for _ in range(KILLS):
        load = _load_until_killed(workspace, chance)
        assert load.surprises == []
        workspace.restart()
        everything += load.acked
        stored = _keys(workspace)
        assert _missing(load.acked, stored) == []
        assert _doubled(stored) == []
        sums.update(acked=len(load.acked), unanswered=len(load.unanswered))
        sums["unanswered but stored"] += sum(1 for sent in load.unanswered if stored[sent.key])
        _deliver_again(workspace, [*load.unanswered, *load.acked[-10:]])
        everything += load.unanswered
        _check_all(workspace, everything)
    print(f"{workspace.database_url.partition(':')[0]}: {KILLS} kills, {dict(sums)}; lost 0, doubled 0")


def _load_until_killed(workspace: Workspace, chance: random.Random) -> Load:
    load = Load(workspace.port, acks=chance.randint(1, 150))
    threads = load.start()
    assert load.enough.wait(30), workspace.bot.said()
    time.sleep(chance.choice((0.0, chance.uniform(0, 0.02))))
    assert workspace.bot.stop(signal.SIGKILL) == -signal.SIGKILL
    for thread in threads:
        thread.join()
    return load


def _deliver_again(workspace: Workspace, commands: list[Sent]) -> None:
    """Slack delivers what was not answered again; here also what was."""
    with processes.http(f"http://127.0.0.1:{workspace.port}") as http:
        for sent in commands:
            answer = deliver(http, sent, **signed.RETRY)
            assert is_ack(answer), answer.text


def _check_all(workspace: Workspace, commands: list[Sent]) -> None:
    """Every command counts once, the totals are the sums of what stands, and every step has its entry."""
    stored = _keys(workspace)
    assert stored == Counter(sent.key for sent in commands if sent.key)
    store = workspace.store()
    with store.read() as tx:
        standing = activity.c.superseded_at.is_(None)
        by_person = select(activity.c.person_id, func.count().label("times")).group_by(activity.c.person_id)
        undone = {row.person_id: row.times for row in tx.execute(by_person.where(~standing))}
        place = (activity.c.person_id, activity.c.day, activity.c.kind)
        sums = select(*place, func.sum(activity.c.quantity), func.sum(func.coalesce(activity.c.minutes, 0)))
        counted = {tuple(row) for row in tx.execute(sums.where(standing).group_by(*place))}
        kept = {tuple(row) for row in tx.execute(select(*list(total.c)[1:]).where(total.c.quantity > 0))}
        behind = and_(step.c.activity_id == activity.c.id, step.c.origin == activity.c.origin)
        steps = tx.execute(
            select(activity.c.note, step.c.state, activity.c.superseded_at).join_from(
                step, activity, behind, isouter=True
            )
        ).all()
    store.close()
    assert undone == Counter(sent.person for sent in commands if sent.key is None)
    assert kept == counted
    assert sorted(str(row.note) for row in steps) == sorted(str(sent.key) for sent in commands if sent.has_step)
    assert all((row.state == "open") == (row.superseded_at is None) for row in steps)


def _keys(workspace: Workspace) -> Counter[str | None]:
    """How often each note is in the store, standing or taken back."""
    store = workspace.store()
    with store.read() as tx:
        found = Counter(tx.execute(select(activity.c.note)).scalars())
    store.close()
    return found


def _missing(acked: list[Sent], stored: Counter[str | None]) -> list[str]:
    return [sent.key for sent in acked if sent.key and not stored[sent.key]]


def _doubled(stored: Counter[str | None]) -> list[str | None]:
    return [key for key, times in stored.items() if times > 1]


def _line(person: str, which: int) -> Sent:
    key = uuid.uuid4().hex
    text = LINES[which].format(key=key)
    return Sent(person, signed.command(person, text), key, FOLLOWED_UP[which])


def _undo(person: str) -> Sent:
    return Sent(person, signed.command(person, "undo"), None)
