"""What is asked again and again is found by an index, however many settled rows lie beside; SQLite looks at letters."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert, text

from bot.delivery import claims, queries
from bot.delivery.claims import Holder
from bot.reminders.planning import PLANNERS
from bot.schedule import service as schedule
from bot.store.engine import Store
from tests.bot.delivery.parcels import HERE, a_row, delivery
from tests.factories import NOW

ME = Holder(HERE, "me")
KINDS = ("drill",)

ASKED: dict[str, Callable[[Connection], object]] = {
    "whether anything is due": lambda tx: queries.anything_due(tx, HERE, KINDS, NOW),
    "whether a dead process holds one": lambda tx: queries.held_too_long(tx, HERE, NOW),
    "when the next one is due": lambda tx: queries.next_after(tx, HERE, KINDS, NOW),
    "how long the oldest waits": lambda tx: queries.oldest_unsent(tx, HERE),
    "who is being written to": lambda tx: queries.claimed(tx, HERE),
    "which to take": lambda tx: claims.take(tx, ME, NOW, 10, kinds=KINDS),
    "whose lease has ended": lambda tx: claims.expire(tx, HERE, NOW),
    "which are stale": lambda tx: claims.drop_stale(tx, HERE, NOW),
    "when somebody got one": lambda tx: queries.last_slots(tx, HERE, ["U0ANA"], NOW - timedelta(seconds=1), NOW),
    "what somebody got": lambda tx: queries.last_sent(tx, HERE, "drill", "U0ANA", 10),
    "what somebody is told": lambda tx: queries.last_told(tx, HERE, "drill", "U0ANA", 10),
    "which jobs are due": lambda tx: schedule._due(tx, HERE, PLANNERS, NOW),
    "where jobs are due": lambda tx: schedule.SOMEWHERE.all(tx, {"kinds": [*PLANNERS], "now": NOW}),
    "where anything is due": lambda tx: queries.workspaces_with_something_due(tx, KINDS, NOW),
    "how long the oldest waits anywhere": queries.oldest_unsent_anywhere,
    "how many are unsent": queries.unsent_rows,
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_no_question_reads_the_whole_table(ask: Callable[[Connection], object], lasting: Store) -> None:
    with lasting.write() as tx:
        raw = tx.connection.driver_connection
        assert raw is not None
        said: list[str] = []
        raw.set_trace_callback(said.append)
        ask(tx)
        raw.set_trace_callback(None)
        plans = [row for each in said for row in raw.execute(f"EXPLAIN QUERY PLAN {each}")]
    assert plans
    assert [row[3] for row in plans if row[3] == "SCAN delivery" or row[3].startswith("SCAN job")] == []
    assert all("USING" in row[3] for row in plans if "delivery" in row[3] or " job" in row[3])


SCRAPED = {
    "delivery_due": (queries.WAITING_ROWS, queries.OLDEST_WAITING_ANYWHERE),
    "delivery_claimed": (queries.CLAIMED_ROWS, queries.OLDEST_CLAIMED_ANYWHERE),
}
"""What `/metrics` asks, by the index that has the rows which are unsent and no other."""


def test_a_scrape_reads_no_settled_row(unwalled: Store) -> None:
    explain = "EXPLAIN QUERY PLAN" if unwalled.is_sqlite else "EXPLAIN (COSTS OFF)"
    with unwalled.write() as tx:
        tx.execute(insert(delivery), [a_row({"state": "sent"}) for _ in range(2000)])
        tx.execute(insert(delivery), [a_row({"state": state}) for state in ("waiting", "unsure", "claimed")])
        if not unwalled.is_sqlite:  # it does by itself once so many rows have come
            tx.execute(text("ANALYZE delivery"))
        for index, asked in SCRAPED.items():
            for each in asked:
                sql = each._statement.compile(dialect=tx.dialect, compile_kwargs={"literal_binds": True})
                plan = [str(row[-1]) for row in tx.exec_driver_sql(f"{explain} {sql}")]
                assert set(re.findall(r"\bdelivery_\w+", " ".join(plan))) == {index}, plan
                assert [row for row in plan if re.search(r"Seq Scan on delivery|SCAN delivery$", row)] == []
