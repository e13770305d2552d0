"""What App Home and `/team` cost in a small, a middling and a large workspace, one after the other.

A Home is measured from the moment its `app_home_opened` is sent to the moment views.publish arrives at Slack; `/team`
until it is answered.
"""

import json
import statistics
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from bot.store import schema
from bot.store.engine import Store
from handlers.home import PACE
from tests.bench import staff
from tests.bench.fill import fill
from tests.bench.slack import Slack
from tests.wire import processes, signed

SIZES = (10, 200, 2_000)
ROUNDS = 10
AT_ONCE = 10
"""Managers, reps and readers of `/team` in one round, where there are as many; a round takes `PACE` at the least."""

CALLS = 5
ENOUGH = 100
"""Samples below which a 99th percentile says nothing."""

MANAGER, REP, ROSTER = "Home of a manager, up to 150 reports", "Home of a rep", "`/team`, first page"

Took = dict[str, list[float]]


def measure(folder: Path, databases: Mapping[str, Callable[[], str]]) -> None:
    """Print the table, for databases by name, each made anew."""
    print("\n| median ms (p99) by people in the workspace |" + "".join(f" {size:,} |" for size in SIZES))
    print("|---|" + "---|" * len(SIZES))
    for kind, empty in databases.items():
        took = [_of_size(folder, empty(), size) for size in SIZES]
        for what in (MANAGER, REP, ROSTER):
            print(f"| {kind}: {what} |" + "".join(f" {_figures(each[what])} |" for each in took))


def _of_size(folder: Path, url: str, size: int) -> Took:
    ids = [f"U1{number:06d}" for number in range(size)]
    managers = staff.managers_of(ids)
    full = [each for each in managers if len(staff.reports_of(ids, each)) == min(staff.REPORTS, size - 1)]
    reps = [each for each in ids if each not in managers]
    _fill(url, ids)
    with _workspace(folder, url) as desk:
        _round(desk, full, reps)  # nothing has been looked up before
        found: Took = {MANAGER: [], REP: [], ROSTER: []}
        for number in range(ROUNDS):
            for what, seconds in _round(desk, full, reps[number * AT_ONCE % len(reps) :] + reps).items():
                found[what] += seconds
    return found


def _round(desk: "Desk", managers: list[str], reps: list[str]) -> Took:
    """One look of each of some managers and reps, begun when Baton would show everybody their Home again."""
    time.sleep(max(0.0, desk.last_home + PACE - time.perf_counter()))
    return {
        MANAGER: [desk.opens_home(each) for each in managers[:AT_ONCE]],
        REP: [desk.opens_home(each) for each in dict.fromkeys(reps[:AT_ONCE])],
        ROSTER: [desk.types_team(each) for each in reps[:AT_ONCE]],
    }


class Desk:
    """Somebody who asks, and waits for what they asked for."""

    def __init__(self, port: int, slack: Slack) -> None:
        self._bot, self._slack = HTTPConnection("127.0.0.1", port), slack
        self.last_home = 0.0

    def opens_home(self, person_id: str) -> float:
        """Seconds until their Home was on its way to Slack."""
        event = {"type": "app_home_opened", "user": person_id, "tab": "home", "channel": "D0"}
        body = {"type": "event_callback", "team_id": staff.WORKSPACE, "event_id": uuid.uuid4().hex, "event": event}
        began = time.perf_counter()
        self._post(json.dumps(body), "application/json")
        at, view = self._slack.published.get(timeout=10)
        assert view["user_id"] == person_id, view
        self.last_home = time.perf_counter()
        return at - began

    def types_team(self, person_id: str) -> float:
        """Seconds until the roster stood there."""
        who = {"team_id": staff.WORKSPACE, "user_id": person_id, "channel_id": "C0GENERAL"}
        once = {"trigger_id": uuid.uuid4().hex, "response_url": "http://127.0.0.1/none"}
        began = time.perf_counter()
        answer = self._post(urlencode({"command": "/team", "text": "", **who, **once}))
        took = time.perf_counter() - began
        assert b"Team 1" in answer, answer
        return took

    def close(self) -> None:
        """Leave."""
        self._bot.close()

    def _post(self, body: str, content: str = "application/x-www-form-urlencoded") -> bytes:
        self._bot.request("POST", "/slack/events", body, {**signed.headers(body), "Content-Type": content})
        answer = self._bot.getresponse()
        said = answer.read()
        assert answer.status == 200, said
        return said


def _fill(url: str, ids: list[str]) -> None:
    """Everybody has logged some calls today."""
    store, now = Store(url), datetime.now(UTC)
    schema.upgrade(store)
    staff.meet(store, ids, now)
    staff.employ(store, ids, now.date())
    fill(store, CALLS * len(ids), now.date(), ids)
    store.close()


@contextmanager
def _workspace(folder: Path, url: str) -> Iterator[Desk]:
    slack, port = Slack(), processes.free_port()
    bot = processes.bot(folder, "http", port, slack.address, url)
    bot.start()
    processes.wait_until(f"http://127.0.0.1:{port}/readyz", bot)
    desk = Desk(port, slack)
    yield desk
    desk.close()
    bot.stop()
    slack.stop()


def _figures(seconds: list[float]) -> str:
    middle = f"{1000 * statistics.median(seconds):.0f}"
    if len(seconds) < ENOUGH:
        return middle
    return f"{middle} ({1000 * statistics.quantiles(seconds, n=100)[98]:.0f})"
