"""Two press Accept in the same instant, at two of three processes on one PostgreSQL: one has it, one hears who does."""

import json
import random
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Barrier, Thread
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest

from bot.access.roles import Role
from bot.handoffs import queries
from bot.handoffs.giving import Giving, give
from bot.handoffs.states import State
from bot.people import assignments
from bot.people import service as people
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.store.engine import Store
from handlers import ids
from tests.lengths import length
from tests.scenarios.conftest import Workspace, start_workspace
from tests.wire import processes, signed
from tests.wire.processes import http

ROUNDS = length(25, 500)
"""All of them are over before Baton looks again at what waits (half an hour after it was given)."""

RIVALS = ("U0DANA", "U0ARUN")


class Ears(ThreadingHTTPServer):
    """Where Baton answers a press: what was said, by the path."""

    def __init__(self) -> None:
        self.heard: dict[str, list[str]] = defaultdict(list)
        super().__init__(("127.0.0.1", 0), _Hearing)
        Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path: str) -> str:
        """The `response_url` of a press."""
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def hears(self, path: str) -> list[str]:
        """What has been said there, once something has."""
        deadline = time.monotonic() + 20
        while not self.heard[path] and time.monotonic() < deadline:
            time.sleep(0.005)
        return self.heard[path]


class _Hearing(BaseHTTPRequestHandler):
    server: Ears

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert body.get("response_type", "ephemeral") == "ephemeral", body
        self.server.heard[self.path].append(body["text"])
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_args: object) -> None:
        """Nothing: the tests say what went wrong."""


@dataclass
class Three:
    """Three processes at their ports, and the database that they share."""

    ports: list[int]
    store: Store
    ears: Ears


@pytest.fixture(scope="module")
def three(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Three]:
    for first in start_workspace(request, tmp_path_factory.mktemp("races"), "http", "postgresql"):
        with ExitStack() as stack:
            ports = [first.port, *(_one_more(first, n, stack) for n in (2, 3))]
            store, ears = first.store(), Ears()
            stack.callback(store.close)
            stack.callback(ears.server_close)
            stack.callback(ears.shutdown)
            yield Three(ports, store, ears)


def _one_more(first: Workspace, n: int, stack: ExitStack) -> int:
    folder, port = first.folder / str(n), processes.free_port()
    folder.mkdir()
    bot = processes.quick_bot(folder, "http", port, first.team.address, first.database_url)
    bot.start()
    stack.callback(bot.stop)
    processes.wait_until(f"http://127.0.0.1:{port}/readyz", bot)
    return port


def _takes_role(store: Store, person: str, role: Role) -> None:
    now = datetime.now(UTC)
    with store.write() as tx:
        assignments.apply(tx, Stamp(signed.TEAM, "U0SAM", now), Assign(person, now.date(), (role,)), today=now.date())


def _gives(store: Store, company: str) -> UUID:
    ana = people.find(store, signed.TEAM, "U0ANA", now := datetime.now(UTC))
    assert ana is not None
    row = give(store, ana, Giving(company), origin=uuid.uuid4().hex, now=now)
    assert row.state is State.WAITING
    return row.id


def press(handoff_id: UUID, person: str, url: str) -> str:
    """The form body of one pressed Accept, as Slack sends it."""
    action = {"type": "button", "action_id": ids.HANDOFF_ACCEPT, "block_id": "b", "value": ids.pack(h=handoff_id.hex)}
    payload = {
        "type": "block_actions",
        "team": {"id": signed.TEAM, "domain": "northwind"},
        "user": {"id": person, "team_id": signed.TEAM},
        "api_app_id": "A0BATON",
        "trigger_id": uuid.uuid4().hex,
        "response_url": url,
        "container": {"type": "message", "message_ts": "1.000001", "channel_id": "C0GENERAL"},
        "channel": {"id": "C0GENERAL", "name": "general"},
        "actions": [action | {"action_ts": f"{time.time():.6f}"}],
    }
    return urlencode({"payload": json.dumps(payload)})


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_of_two_who_accept_at_once_one_has_it_and_the_other_hears_who(three: Three) -> None:
    _takes_role(three.store, "U0ANA", Role.SDR)
    waiting = [_gives(three.store, f"Company {n}") for n in range(ROUNDS)]
    for person in RIVALS:
        _takes_role(three.store, person, Role.AE)
    now = datetime.now(UTC)
    names = {each: found.name for each in RIVALS if (found := people.find(three.store, signed.TEAM, each, now))}
    winners, doors = Counter[str](), Counter[int]()
    with ExitStack() as stack, ThreadPoolExecutor(2) as threads:
        clients = {port: stack.enter_context(http(f"http://127.0.0.1:{port}")) for port in three.ports}
        for n, handoff_id in enumerate(waiting):
            doors.update(chosen := random.sample(three.ports, 2))
            gate = Barrier(2)

            def presses(who: str, port: int, n: int = n, handoff_id: UUID = handoff_id, gate: Barrier = gate) -> int:
                body = press(handoff_id, who, three.ears.url(f"/{n}/{who}"))
                headers = signed.headers(body)
                gate.wait(10)
                answer: httpx.Response = clients[port].post("/slack/events", content=body, headers=headers)
                return answer.status_code

            assert list(threads.map(presses, RIVALS, chosen)) == [200, 200]
            with three.store.read() as tx:
                row = queries.find(tx, signed.TEAM, handoff_id)
                told = queries.changes(tx, signed.TEAM, handoff_id)
            assert row is not None
            winner = row.taker_id or ""
            (loser,) = set(RIVALS) - {winner}
            assert [(each.after, each.by) for each in told] == [("waiting", "U0ANA"), ("accepted", winner)]
            assert three.ears.hears(f"/{n}/{loser}") == [f"{names[winner]} was faster: Company {n} is theirs."]
            winners[winner] += 1
    silent = [path for n in range(ROUNDS) for who in RIVALS if not three.ears.heard[path := f"/{n}/{who}"]]
    print(f"{ROUNDS} rounds, winners {dict(winners)}, presses by process {sorted(doors.values())}")
    assert (winners.total(), len(silent)) == (ROUNDS, ROUNDS)
