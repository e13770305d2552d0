"""What figures cost to read: a fixed number of look-ups, each by an index of whoever is asked about; SQLite looks at
letters. And who cared for a customer, as the changes had it before that was kept.
"""

from collections.abc import Collection
from datetime import date, datetime
from importlib import import_module

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select, text

from bot.deals import customers
from bot.deals.endings import carer
from bot.performance.facts import Scope, read
from bot.store.engine import Store
from tests.bot.deals.desk import HERE, Team
from tests.bot.performance.test_figures import FIRST, LAST, PEOPLE, a_busy_autumn

MANY = ("deal", "deal_change", "customer", "customer_change", "handoff", "handoff_offer", "handoff_change", "lead")
"""What there may be a million of."""


def asked(store: Store, people: Collection[str] | None, known: datetime | None, first: date = FIRST) -> list[str]:
    """The statements of one reading, on SQLite."""
    said: list[str] = []
    with store.read() as tx:
        raw = tx.connection.driver_connection
        assert raw is not None
        raw.set_trace_callback(said.append)
        read(tx, Scope(HERE, people, first, LAST, known))
        raw.set_trace_callback(None)
    return [each for each in said if each.lstrip().startswith("SELECT")]


def a_team(store: Store) -> Team:
    """One that has been busy."""
    team = Team(store)
    for _ in a_busy_autumn(team):
        pass
    return team


@pytest.mark.parametrize("is_past", [False, True])
@pytest.mark.parametrize("people", [["U0DANA"], list(PEOPLE)])
def test_nobody_s_figures_read_those_of_everybody(store: Store, people: list[str], is_past: bool) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("a small table is read whole there, whatever the index")
    team = a_team(store)
    statements = asked(store, people, team.now if is_past else None)
    with store.read() as tx:
        raw = tx.connection.driver_connection
        assert raw is not None
        plans = [row[3] for each in statements for row in raw.execute(f"EXPLAIN QUERY PLAN {each}")]
    assert plans
    assert [row for row in plans if row in {f"SCAN {table}" for table in MANY}] == []
    whole = [row for row in plans if row.startswith("SEARCH") and row.split()[1] in MANY and row.count("=?") < 2]
    assert whole == []  # by the workspace alone


def test_many_people_and_two_periods_cost_as_many_look_ups_as_one(store: Store) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("counted on the other one")
    a_team(store)
    one = len(asked(store, ["U0DANA"], None))
    assert len(asked(store, PEOPLE, None)) == one
    assert len(asked(store, PEOPLE, None, date(2025, 1, 1))) == one


def test_who_cared_for_a_customer_is_what_the_changes_say(store: Store) -> None:
    team = a_team(store)
    row = team.wins(team.opens("Given"), 100)
    with store.write() as tx:
        customers.given_to(tx, HERE, row.account_id, "U0CEM", by="U0SAM", origin="given", now=team.now)
        kept = {tuple(each) for each in tx.execute(select(carer))}
    assert {(HERE, "U0DANA", row.account_id), (HERE, "U0CEM", row.account_id)} <= kept
    with store.write() as tx:
        tx.execute(text("DROP TABLE customer_carer"))
        with Operations.context(MigrationContext.configure(tx)):
            import_module("bot.store.migrations.versions.0014_carers").keep()
        assert {tuple(each) for each in tx.execute(select(carer))} == kept
