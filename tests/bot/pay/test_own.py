"""What one person earned is read without anybody else's, and is what comes of reading everybody's."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from alembic import op
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, select

from bot.deals.endings import ending, leaving, owner
from bot.deals.queries import change
from bot.deals.states import What
from bot.pay import books
from bot.pay.period import Period
from bot.store.engine import Store
from tests.bot.pay.office import HERE, Q4
from tests.bot.pay.wandering import Wandering
from tests.lengths import length

KEPT = (ending, leaving, owner)
SEEDS = range(length(1, 30))
STEPS = 160
PEOPLE = ("U0ANA", "U0DANA", "U0ARUN", "U0MARIA", "U0SOFIA", "U0CEM", "U0OLGA")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.long
@pytest.mark.short_on("sqlite")
def test_one_s_own_statements_are_those_of_everybody_s_books(store: Store, seed: int) -> None:
    office = Wandering(store, seed)
    office.goes_on(STEPS)
    moments = [*office.chance.sample(office.moments, 4), office.now + timedelta(days=1)]
    with store.read() as tx:
        for at in moments:
            framed = books.frame(tx, HERE, at, office.quotas)
            whole = books.events(tx, framed)
            periods = {framed.terms.period_at(each) for each in office.moments} | {framed.terms.period_of(Q4)}
            for person in PEOPLE:
                theirs = books.books_of(tx, framed, person, whole)
                own = books.books(tx, HERE, person, at, office.quotas)
                for period in sorted(periods):
                    assert _said(tx, own, period) == _said(tx, theirs, period)


def _said(tx: Connection, found: books.Books, period: Period) -> Any:
    return found.statement(tx, period)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.short_on("postgresql")
def test_what_is_kept_of_endings_is_what_the_changes_say(store: Store, seed: int) -> None:
    office = Wandering(store, seed)
    office.goes_on(STEPS)
    with store.engine.connect() as tx:
        kept = _rows(tx)
        with Operations.context(MigrationContext.configure(tx)):
            for table in KEPT:
                op.drop_table(table.name)
            import_module("bot.store.migrations.versions.0011_endings").keep()
        assert all(kept)
        assert _rows(tx) == kept
        tx.rollback()


def _rows(tx: Connection) -> list[list[Any]]:
    """Without shares, which those changes could not say: neither the column, nor that a won deal was divided anew."""
    split = select(change.c.deal_id).where(
        change.c.deal_id == ending.c.deal_id, change.c.n == ending.c.n, change.c.what == What.SPLIT.value
    )
    said = {table: [column for column in table.c if column.name != "shares"] for table in KEPT}
    read = {table: select(*columns) for table, columns in said.items()}
    read[ending] = read[ending].where(~split.exists())
    return [sorted(map(tuple, tx.execute(read[table])), key=str) for table in KEPT]
