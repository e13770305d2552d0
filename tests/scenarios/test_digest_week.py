"""Four hundred people in twelve zones, over weeks in which clocks change and some have a holiday on Monday: three
processes on one database, of which one is killed in the middle of a round, one ends for good and another comes.

Each gets each of their digests once, at their own local time: none before it, and none later than at the first stop of
the clock behind it. When that is, `tests.scenarios.walls` works out by itself.
"""

import json
import time
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from bot.absence.model import Absence
from bot.delivery.model import Delivery
from bot.delivery.rules import LEASE
from bot.delivery.states import UNSENT, State
from bot.digest import service as digests
from bot.digest.model import DigestChoice
from bot.people.model import Aspect, Placement, RoleAssignment
from bot.reminders.model import ReminderChoice
from bot.schedule.model import Job
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.types import new_id
from tests.databases import as_superuser, new_database
from tests.lengths import length
from tests.scenarios.walls import END, START, Somebody
from tests.wire import processes, signed
from tests.wire.bigteam import write_team
from tests.wire.moved_clock import MovedClock
from tests.wire.processes import Child
from tests.wire.team import Json, Team

PEOPLE = 400
SAMPLED = length(10, 1)
"""Of so many moments the clock stops at one, and at the last."""

UNTIL = END if length(0, 1) else datetime(2026, 10, 27, 23, tzinfo=UTC)
"""In short, to the Tuesday after the first change of the clocks."""

EMPLOYED = START - timedelta(days=200)
BEFORE = timedelta(minutes=1)
KILLED_ON = datetime(2026, 10, 23, 14, tzinfo=UTC)
"""Friday, four in Vienna: the first stop from then on is the one in which a process is killed."""
CHANGED_ON = datetime(2026, 10, 25, 12, tzinfo=UTC)
"""Sunday: one process ends for good, another comes."""
STUCK = 3.0
"""Seconds without any change after which what is held is held by the dead."""
PATIENCE = 120.0
SENDS = "tried_to_deliver"
"""In the log of a process that has sent something."""

WITH_THREAD = ("digest_team", "digest_month")
"""Those beneath which details and a file stand."""

jobs, letters = table_of(Job), table_of(Delivery)
IS_DIGEST = letters.c.kind.like("digest%")


@dataclass
class Company:
    """The sandbox, the bots that run, and what they did by the clock that all of them have."""

    team: Team
    store: Store
    clock: MovedClock
    folder: Path
    url: str
    people: Sequence[Somebody]
    stack: ExitStack
    bots: list[Child] = field(default_factory=list)
    moves: list[tuple[float, datetime]] = field(default_factory=list)
    calls: list[Json] = field(default_factory=list)

    def hires(self) -> Child:
        """One more process; returns once it serves."""
        n, port = len(self.bots), processes.free_port()
        folder = self.folder / f"bot{n}"
        folder.mkdir()
        bot = processes.quick_bot(folder, "http", port, self.team.address, self.url, **self.clock.settings)
        bot.start()
        self.stack.callback(lambda: bot.stop() if bot.is_running() else None)
        processes.wait_until(f"http://127.0.0.1:{port}/readyz", bot)
        self.bots.append(bot)
        return bot

    def moves_to(self, at: datetime) -> None:
        """Let it be this moment for everybody."""
        self.moves.append((time.time(), at))
        self.clock.set(at)

    def settles(self) -> None:
        """Wait until no digest is due and none waits; what waits for a second or two gets them as a present."""
        deadline, last, since = time.monotonic() + PATIENCE, None, time.monotonic()
        while left := self.left():
            if left != last:
                last, since = left, time.monotonic()
            assert time.monotonic() < deadline, left
            held = [each for each in left if each[1] == State.CLAIMED]
            later = min((each[2] for each in left), default=self.clock.now)
            if len(held) == len(left) and time.monotonic() - since > STUCK:
                self.moves_to(self.clock.now + LEASE)
                since = time.monotonic()
            elif not held and later > self.clock.now:
                self.moves_to(later)
            time.sleep(0.05)
        self.calls += self.team.control(forget_calls=True)["calls"]

    def left(self) -> list[tuple[str, str, datetime]]:
        """What is due by now or waits in the ledger: what, how it stands, and from when on it may go."""
        of_jobs = select(jobs.c.kind, jobs.c.person_id, jobs.c.next_due_at).where(
            jobs.c.kind.like("digest%"), jobs.c.next_due_at <= self.clock.now
        )
        of_letters = select(letters.c.id, letters.c.state, letters.c.not_before).where(
            IS_DIGEST, letters.c.state.in_(sorted(UNSENT))
        )
        with self.store.read() as tx:
            return [(str(row[0]), row[1], row[2]) for each in (of_jobs, of_letters) for row in tx.execute(each)]

    def moment_of(self, call: Json) -> datetime:
        """What the clock showed as Slack was called."""
        since, at = next((since, at) for since, at in reversed(self.moves) if since <= call["at"])
        return at + timedelta(seconds=call["at"] - since)


@pytest.fixture(scope="module")
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Everybody has had their role for long, nobody is reminded of anything, and three processes run."""
    folder = tmp_path_factory.mktemp("weeks")
    people = [Somebody(n, person_id) for n, person_id in enumerate(write_team(folder / "team.json", PEOPLE))]
    _in_their_zones(folder / "team.json", people)
    clock, url = MovedClock(folder / "now", START), new_database(request, folder, "postgresql")
    slack_port = processes.free_port()
    sandbox = processes.sandbox(folder, "http", 1, slack_port, folder / "team.json")
    with ExitStack() as stack:
        sandbox.start()
        stack.callback(sandbox.stop)
        processes.wait_until(f"http://127.0.0.1:{slack_port}/ui/calls", sandbox)
        store, team = Store(as_superuser(url)), Team(f"http://127.0.0.1:{slack_port}")
        stack.callback(store.close)
        stack.callback(team.close)
        found = Company(team, store, clock, folder, url, people, stack)
        found.moves_to(START)
        found.hires()
        _wait_for("everybody_is_known", found.bots[0])
        _employ(store, people)
        digests.ensure(store, signed.TEAM, (), clock.now)
        found.hires()
        found.hires()
        yield found
    assert [bot for bot in found.bots if "Traceback" in bot.said()] == []


def _in_their_zones(path: Path, people: Sequence[Somebody]) -> None:
    team = json.loads(path.read_text(encoding="utf-8"))
    zones = {each.id: each.zone for each in people}
    for user in team["users"]:
        user["tz"] = zones.get(user["id"], user.get("tz"))
    path.write_text(json.dumps(team, ensure_ascii=False), encoding="utf-8")


def _wait_for(said: str, bot: Child) -> None:
    deadline = time.monotonic() + processes.STARTS_WITHIN
    while said not in bot.said():
        assert time.monotonic() < deadline, bot.said()
        time.sleep(0.05)


def _employ(store: Store, people: Sequence[Somebody]) -> None:
    """Write who is what, under whom, away when, and what they decided."""
    key = {"workspace_id": signed.TEAM, "recorded_at": EMPLOYED}
    by, since = {"recorded_by": "U0SAM"}, {"start_day": EMPLOYED.date()}
    rows: dict[type[SQLModel], list[Json]] = defaultdict(list)
    for each in people:
        mine = {**key, "person_id": each.id}
        rows[RoleAssignment].append({**mine, **by, **since, "id": new_id(), "version": 1, "role": each.role})
        if each.manager is not None:
            under = {"aspect": Aspect.MANAGER, "value": people[each.manager].id}
            rows[Placement].append({**mine, **by, **since, **under, "id": new_id()})
        for start, end in each.absences():
            span = {"kind": "vacation", "source": "person", "start_at": start, "end_at": end}
            rows[Absence].append({**mine, **by, **span, "id": new_id(), "version": 1})
        quiet = {"early": 0, "is_muted": True}
        rows[ReminderChoice] += [{**mine, **quiet, "kind": kind} for kind in ("daily_activity", "week_ahead")]
        rows[DigestChoice] += [{**mine, **choice} for choice in _choices(each)]
    with store.write() as tx:
        for model, found in rows.items():
            tx.execute(table_of(model).insert(), found)


def _choices(each: Somebody) -> Iterator[Json]:
    kinds = [kind for kind in (each.weekly, "digest_month") if kind]
    if each.is_off:
        yield from ({"digest": kind, "weekday": None, "at": None, "is_off": True} for kind in kinds)
    elif each.moved and each.weekly:
        weekday, at = each.moved
        yield {"digest": each.weekly, "weekday": weekday, "at": at, "is_off": False}


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_each_gets_each_digest_once_and_at_their_local_time(company: Company) -> None:
    due = {(each.id, *what): at for each in company.people for what, at in each.due(UNTIL).items()}
    stops = _stops(sorted(set(due.values())))
    _walks(company, stops)
    above = [call for call in company.calls if _is_post(call) and "thread_ts" not in call["args"]]
    cards = [(about, call) for call in above if (about := _about(call))]
    assert _differences(Counter(about for about, _ in cards), Counter(due)) == []
    for about, call in cards:
        moment, posted = due[about], company.moment_of(call)
        assert posted >= moment, (call, moment)
        assert bisect_right(stops, posted) - 1 == bisect_left(stops, moment), (call, moment)
    rows = _ledger(company.store)
    assert [row for row in rows if row.state in UNSENT] == []
    sent = {(row.recipient, row.kind, row.occasion): (row.channel, row.ts) for row in rows if row.state == State.SENT}
    threads = Counter(sent[about] for about in due if about[1] in WITH_THREAD)
    posts = [call["args"] for call in company.calls if _is_post(call) and "thread_ts" in call["args"]]
    files = [call["args"] for call in company.calls if call["method"] == "files.completeUploadExternal"]
    assert _differences(Counter((each["channel"], each["thread_ts"]) for each in posts), threads) == []
    assert _differences(Counter((each["channel_id"], each["thread_ts"]) for each in files), threads) == []
    print(f"{len(cards)} digests and {len(files)} files for {PEOPLE} people at {len(stops)} stops")


def _stops(moments: Sequence[datetime]) -> list[datetime]:
    """Where the clock is held: at the moments and a minute before each; in short, at some of them."""
    killed = next(at for at in moments if at >= KILLED_ON)
    chosen = {*moments[SAMPLED - 1 :: SAMPLED], killed, moments[-1]}
    return sorted(at for moment in chosen for at in (moment - BEFORE, moment))


def _walks(company: Company, stops: Sequence[datetime]) -> None:
    """From stop to stop, with what happens to the processes on the way."""
    killed = next(at for at in stops if at >= KILLED_ON)
    changed = next(at for at in stops if at >= CHANGED_ON)
    for at in stops:
        if at == changed:
            assert company.bots[1].stop() == 0
            company.hires()
        company.moves_to(at)
        if at == killed:
            _kills_one(company.bots)
        company.settles()


def _kills_one(bots: Sequence[Child]) -> None:
    """The first that sends something is killed as it does, and started again."""
    before = [bot.said().count(SENDS) for bot in bots]
    deadline = time.monotonic() + PATIENCE
    while True:
        for bot, so_far in zip(bots, before, strict=True):
            if bot.said().count(SENDS) > so_far:
                bot.stop(SIGKILL)
                bot.start()
                return
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _is_post(call: Json) -> bool:
    return bool(call["method"] == "chat.postMessage" and call["ok"])


def _about(call: Json) -> tuple[str, str, str] | None:
    """To whom a post is, of what kind and period; None for what is no digest."""
    mark = call["args"].get("metadata") or {}
    mark = json.loads(mark) if isinstance(mark, str) else mark
    kind, _, period = mark.get("event_payload", {}).get("occasion", "").partition(":")
    return (call["args"]["channel"], kind, period) if kind.startswith("digest") else None


def _differences(found: Counter[Any], expected: Counter[Any]) -> list[Any]:
    """What came too often, too seldom or to the wrong one, with how often it came."""
    return [(each, found[each]) for each in {**found, **expected} if found[each] != (each in expected)]


def _ledger(store: Store) -> Sequence[Any]:
    with store.read() as tx:
        return tx.execute(select(letters).where(IS_DIGEST)).all()
