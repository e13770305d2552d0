"""What a look at a quota costs: look-ups by indexes of whoever is asked about, now and as of a day; SQLite looks at
letters.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from random import Random

import pytest

from bot.attainment import service
from bot.attainment.frame import Asked
from bot.pay import pages as pay
from bot.pay.targets import of_quotas
from bot.performance.shares import keep_shares
from bot.store.engine import Store
from tests.bot.pay.office import Q4
from tests.bot.pay.wandering import Wandering

MANY = frozenset(
    "absence activity activity_day customer customer_change customer_leaving deal deal_change deal_ending deal_owner "
    "deal_share handoff handoff_change lead pay_line pay_statement quota role_assignment".split()
)
"""What grows with people and with years."""

SHUFFLES = 10
"""Orders of the indexes: a restored or a bulk-loaded database has another one than the migrations make."""

ASKS: dict[str, Callable[[Wandering], object]] = {
    "now": lambda office: service.person(office.store, office.dana, None, Asked(), office.now),
    "as of": lambda office: service.person(
        office.store, office.dana, None, Asked(as_of=office.now.date() - timedelta(days=9)), office.now
    ),
    "a manager": lambda office: service.person(office.store, office.maria, None, Asked(), office.now),
    "reports": lambda office: service.group(office.store, office.maria, None, Asked(), office.now),
    "a statement": lambda office: pay.statement(office.store, office.dana, of_quotas, office.now),
    "one that was paid": lambda office: pay.statement(office.store, office.dana, of_quotas, office.now, day=Q4),
}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
def test_nobody_s_page_reads_what_is_everybody_s(store: Store, ask: Callable[[Wandering], object]) -> None:
    if not store.is_sqlite:
        pytest.skip("a small table is read whole there, whatever the index")
    office = Wandering(store, 7)
    office.goes_on(120)
    for each in (office.now.date(), office.now.date() - timedelta(days=9)):
        keep_shares(store, "T0BATON", each, office.now + timedelta(days=1))
    said: list[str] = []
    with store.read() as tx:
        raw = tx.connection.driver_connection
        assert raw is not None
        raw.set_trace_callback(said.append)
    ask(office)  # by the connection that was just given back
    with store.read() as tx:
        raw = tx.connection.driver_connection
        assert raw is not None
        raw.set_trace_callback(None)
    selects = [each for each in said if each.lstrip().startswith("SELECT")]
    assert len(selects) > 5
    with closing(sqlite3.connect(str(store.url.database), isolation_level=None)) as raw:
        raw.execute("PRAGMA synchronous = OFF")
        assert _of_everybody(raw, selects) == []
        for seed in range(SHUFFLES):
            _shuffle(raw, Random(seed))
            assert _of_everybody(raw, selects) == [], seed


def _of_everybody(raw: sqlite3.Connection, selects: list[str]) -> list[tuple[str, str]]:
    """The steps that read what is everybody's: a whole table, or all of a workspace, whatever its times."""
    plans = [(row[3], each) for each in selects for row in raw.execute(f"EXPLAIN QUERY PLAN {each}")]
    steps = [plan for plan in plans if plan[0].split()[0] in {"SCAN", "SEARCH"} and plan[0].split()[1] in MANY]
    return [
        plan
        for plan in steps
        if plan[0].startswith("SCAN") or (plan[0].count("=?") < 2 and "workspace_id=?" in plan[0])
    ]


def _shuffle(raw: sqlite3.Connection, chance: Random) -> None:
    """Make every index anew in another order: of those that seem as good SQLite takes whichever it comes upon."""
    found = list(raw.execute("SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))
    indexes = [(name, sql) for name, sql, table in found if table in MANY]
    chance.shuffle(indexes)
    for name, _ in indexes:
        raw.execute(f"DROP INDEX {name}")
    for _, sql in indexes:
        raw.execute(sql)
