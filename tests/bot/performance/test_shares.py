"""The shares that open deals are weighed by are counted by the database, as folding every deal would count them, and
kept.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.deals.rules import YEAR, months_later
from bot.figures.conversion import WinShares
from bot.figures.conversion import win_shares as shares_of
from bot.figures.rates import Rate
from bot.leads import changes as leads
from bot.leads.changes import NewLead
from bot.performance import shares
from bot.performance.deals import DAY, STAGES, Calendar, closed_deals
from bot.performance.shares import keep_shares, win_shares
from bot.store.engine import Store
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
from tests.bot.deals.desk import HERE, MORNING, Team
from tests.bot.pay.wandering import COMPANIES, Wandering
from tests.lengths import length

TOMORROW = MORNING.date() + DAY
MIDNIGHT = datetime(2026, 11, 19, tzinfo=UTC)
SEGMENTS = ("SMB", "smb ", " Enterprise", None)


def folded(tx: Connection, day: date) -> WinShares:
    """From every deal by itself."""
    began = Calendar.of(tx, HERE).start(day)
    found = closed_deals(tx, HERE, months_later(day, -YEAR), day - DAY, known=began)
    return shares_of((each.deal for each in found), STAGES)


@pytest.mark.parametrize("seed", range(length(1, 30)))
@pytest.mark.long
@pytest.mark.short_on("postgresql")
def test_the_database_counts_as_the_fold_does(store: Store, seed: int) -> None:
    office = Wandering(store, 200 + seed)
    for number in range(2):
        for company in office.chance.sample(COMPANIES, 3):
            with store.write() as tx:
                new = NewLead(company, source="event", segment=office.chance.choice(SEGMENTS), owner_id="U0DANA")
                leads.add(tx, HERE, new, by="U0SAM", origin=f"{company}{number}", now=office.now)
        office.goes_on(60)
    days = {office.now.date() + DAY, *(each.date() + DAY for each in office.chance.sample(office.moments, 8))}
    with store.read() as tx:
        for day in sorted(days):
            assert win_shares(tx, HERE, day) == folded(tx, day)
        assert any(rate.cases for rate in folded(tx, max(days)).workspace.values())


def test_what_is_kept_is_the_answer_for_ever(store: Store) -> None:
    team = Team(store)
    team.wins(team.opens("A"))
    keep_shares(store, HERE, TOMORROW, MIDNIGHT + timedelta(seconds=9))  # what was recorded before may be on its way
    assert not _rows(store)
    team.loses(team.opens("B"))  # recorded before midnight
    assert shares.keep_today(store, HERE, MIDNIGHT + timedelta(seconds=10)) == MIDNIGHT + DAY + timedelta(seconds=10)
    with store.read() as tx:
        kept = win_shares(tx, HERE, TOMORROW)
    assert kept.workspace["requalify"] == Rate(1, 2)
    team.loses(team.opens("C"))  # as if it had been recorded before, too
    keep_shares(store, HERE, TOMORROW, MIDNIGHT + DAY)
    with store.read() as tx:
        assert win_shares(tx, HERE, TOMORROW) == kept != folded(tx, TOMORROW)
    assert len(_rows(store)) == 1


def test_a_workspace_that_moves_begins_its_days_anew(store: Store) -> None:
    team = Team(store)
    team.wins(team.opens("A"))
    keep_shares(store, HERE, TOMORROW, MIDNIGHT + DAY)
    workspace.change(store, team.sam, {Setting.ZONE: "Asia/Tokyo"}, MORNING)
    team.now = MIDNIGHT - timedelta(hours=2)  # before midnight here, behind it there
    team.wins(team.opens("B"))
    with store.read() as tx:
        assert win_shares(tx, HERE, TOMORROW) == folded(tx, TOMORROW)
        assert win_shares(tx, HERE, TOMORROW).workspace["needs"] == Rate(1, 1)
    keep_shares(store, HERE, TOMORROW, MIDNIGHT + DAY)
    (row,) = _rows(store)
    assert row.began_at == datetime(2026, 11, 18, 15, tzinfo=UTC)


def _rows(store: Store) -> list[Any]:
    with store.read() as tx:
        return list(tx.execute(select(shares.kept)))
