"""What all digests of a workspace cost: a thousand people, fifty thousand deals, a million activities. Beside them the
bare aggregates of the same rows by the database alone, and the slash commands that are answered meanwhile.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text

from bot.delivery import queries as deliveries
from bot.delivery.outcome import Parcel
from bot.delivery.service import tell_all
from bot.delivery.states import IfUnsure, Way
from bot.digest import queries, service
from bot.digest.planning import letters_of
from bot.digest.posting import WEEKLY
from bot.digest.rounds import Rounds
from bot.quota.periods import Kind, Period, following, period_of
from bot.store.engine import Store
from bot.words import words_for
from handlers.digest import message
from tests.bench import history, quota, staff

PEOPLE, DEALS, ACTIVITIES = 1_000, 50_000, 1_000_000
ASKED_EVERY = 0.05
BARE = (
    "SELECT person_id, kind, sum(quantity) FROM activity WHERE workspace_id = :w AND superseded_at IS NULL"
    " AND day BETWEEN :first AND :last GROUP BY person_id, kind",
    "SELECT person_id, kind, sum(quantity) FROM activity WHERE workspace_id = :w AND superseded_at IS NULL"
    " AND day BETWEEN :before AND :until GROUP BY person_id, kind",
    "SELECT person_id, kind, sum(quantity) FROM activity WHERE workspace_id = :w AND superseded_at IS NULL"
    " AND day BETWEEN :quarter AND :last GROUP BY person_id, kind",
    "SELECT owner_id, what, count(*), sum(amount) FROM deal_ending WHERE workspace_id = :w GROUP BY owner_id, what",
    "SELECT owner_id, stage, count(*), sum(amount), min(close_on) FROM deal WHERE workspace_id = :w"
    " GROUP BY owner_id, stage",
    "SELECT taker_id, ended, count(*), min(offered_at), max(ended_at) FROM handoff_offer WHERE workspace_id = :w"
    " GROUP BY taker_id, ended",
    "SELECT subject, metric, period, max(target) FROM quota WHERE workspace_id = :w GROUP BY subject, metric, period",
)
"""What the digests add up, by the database alone: activity of both weeks and of the quarter, deals, offers, targets."""


def measure(new: Mapping[str, Callable[[], str]]) -> None:
    """Print the table, for databases by name, each made anew."""
    print(
        f"\n| digests of {PEOPLE:,} people, {DEALS:,} deals, {ACTIVITIES:,} activities | aggregates alone s |"
        " all digests s | times | MB | `/quota` meanwhile, median ms (p99) |\n|---|---|---|---|---|---|"
    )
    for kind, empty in new.items():
        url = empty()
        fill(url)
        print(_row(kind, url), flush=True)


def fill(url: str) -> None:
    """The workspace."""
    history.PEOPLE, history.SELLERS = PEOPLE, 2 * PEOPLE // 5
    quota.fill(url, DEALS, ACTIVITIES)


def _row(kind: str, url: str) -> str:
    with closing(Store(url)) as store:
        now = datetime.now(UTC)
        week = following(period_of(Kind.WEEK, now.date()), by=-1)
        alone = min(_timed(lambda: _bare(store, week)) for _ in range(3))
        many: dict[str, int] = {}
        whole = statistics.median(_timed(lambda: many.update(n=_everybody_s(store, week, now))) for _ in range(3))
    memory = _memory(url)
    waited = _meanwhile(url)
    p99 = 1000 * statistics.quantiles(waited, n=100)[98]
    return (
        f"| {kind}, {many['n']:,} digests | {alone:.2f} | {whole:.2f} | {whole / alone:.2f} | {memory:.0f} |"
        f" {1000 * statistics.median(waited):.0f} ({p99:.0f}) |"
    )


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _bare(store: Store, week: Period) -> None:
    quarter, before = period_of(Kind.QUARTER, week.last), following(week, by=-1)
    values = {"first": week.first, "last": week.last, "before": before.first, "until": before.last}
    whole = {**values, "quarter": quarter.first, "w": staff.WORKSPACE}
    with store.read() as tx:
        for each in BARE:
            statement = text(each)
            wanted = {name: str(whole[name]) if store.is_sqlite else whole[name] for name in statement.compile().params}
            tx.execute(statement, wanted).all()


def _everybody_s(store: Store, week: Period, now: datetime) -> int:
    """Make every digest of the week as it is made to be sent, to its last word."""
    rounds, made = Rounds(store), 0
    with store.read() as tx:
        ids = queries.candidates(tx, staff.WORKSPACE, now.date())
        readers = queries.readers(tx, staff.WORKSPACE, ids, now)
    for person_id, reader in readers.items():
        for digest in WEEKLY:
            if not reader.wants(digest):
                continue
            parcel = Parcel(
                workspace_id=staff.WORKSPACE,
                id=uuid4(),
                kind=digest.value,
                recipient=person_id,
                occasion=week.name,
                place=None,
                subject={"digest": digest.value, "period": week.name},
                way=Way.POST,
                if_unsure=IfUnsure.DROP,
                version=1,
                attempts=1,
                was_unsure=False,
                tried_at=now,
                recorded_at=now,
                useful_until=None,
                channel=None,
                ts=None,
                act=None,
            )
            found = service.told(store, rounds, parcel, now)
            if isinstance(found, service.Told):
                message(words_for(found.language), found.page).payload()
                made += 1
    return made


def _memory(url: str) -> float:
    """The most that a process holds which makes all of them, in MB."""
    code = f"from tests.bench import digest; digest.alone({url!r})"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return float(out.split()[-1])


def alone(url: str) -> None:
    """Make them all in a process of its own, and print the most memory that it held, in MB."""
    with closing(Store(url)) as store:
        now = datetime.now(UTC)
        _everybody_s(store, following(period_of(Kind.WEEK, now.date()), by=-1), now)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _meanwhile(url: str) -> list[float]:
    """Seconds of each `/quota` that a bot answers while it makes and sends all digests."""
    took: list[float] = []
    now = datetime.now(UTC)
    week = following(period_of(Kind.WEEK, now.date()), by=-1)
    askers = history.ids()[1:400:7]
    with tempfile.TemporaryDirectory() as folder, quota.desk(Path(folder), url) as ask, closing(Store(url)) as store:
        ask("U0SAM", "")
        with store.write() as tx:
            ids = queries.candidates(tx, staff.WORKSPACE, now.date())
            readers = queries.readers(tx, staff.WORKSPACE, ids, now)
            wanted = [(each, digest) for each, reader in readers.items() for digest in WEEKLY if reader.wants(digest)]
            letters = [letter for each, digest in wanted for letter in letters_of(digest, each, week, now)[:2]]
            tell_all(tx, staff.WORKSPACE, letters, now)
        for each in cycle(askers):
            took.append(ask(each, "").wall)
            time.sleep(ASKED_EVERY)
            if len(took) % 20 == 0 and not _is_waiting(store):
                return took
    raise AssertionError


def _is_waiting(store: Store) -> bool:
    with store.read() as tx:
        return any(row.kind.startswith("digest") for row in deliveries.unsent_rows(tx))


def main() -> None:
    """These alone, on databases of their own."""
    quota.on_both(measure)


if __name__ == "__main__":
    main()
