"""A long history at once: rows as the use cases would have left them, written in bulk."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.activity.model import Activity, ActivityDay
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.types import new_id
from tests.bench.load import PEOPLE

TEAM = "T0BATON"
BATCH = 20_000
CALLS_A_DAY = 40


def fill(store: Store, rows: int, last: date, people: Sequence[str] = PEOPLE) -> None:
    """Store `rows` calls, forty a day and person, on the days up to `last`, with the totals of each day."""
    totals: Counter[tuple[str, date]] = Counter()
    batch: list[dict[str, Any]] = []
    for row in _calls(rows, last, people):
        totals[row["person_id"], row["day"]] += 1
        batch.append(row)
        if len(batch) == BATCH:
            _write(store, batch)
            batch = []
    _write(store, batch)
    with store.write() as tx:
        tx.execute(table_of(ActivityDay).insert(), [_total(*key, count) for key, count in totals.items()])


def _calls(rows: int, last: date, people: Sequence[str]) -> Iterator[dict[str, Any]]:
    for n in range(rows):
        person = people[n % len(people)]
        day = last - timedelta(days=n // (len(people) * CALLS_A_DAY))
        moment = datetime.combine(day, time(9), tzinfo=UTC)
        yield {
            "workspace_id": TEAM,
            "id": new_id(),
            "version": 1,
            "person_id": person,
            "kind": "call",
            "quantity": 1,
            "colleagues": [],
            "day": day,
            "happened_at": moment,
            "recorded_at": moment,
            "recorded_by": person,
            "origin": f"bench:{n}",
        }


def _total(person: str, day: date, count: int) -> dict[str, Any]:
    return {"workspace_id": TEAM, "person_id": person, "day": day, "kind": "call", "quantity": count, "minutes": 0}


def _write(store: Store, batch: list[dict[str, Any]]) -> None:
    if batch:
        with store.write() as tx:
            tx.execute(table_of(Activity).insert(), batch)
