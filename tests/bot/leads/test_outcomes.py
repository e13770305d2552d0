"""Which leads are won and which lost, on both databases: counted by hand."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bot.deals.model import Deal
from bot.deals.states import Kind, Stage
from bot.leads import changes, outcomes, pages
from bot.leads.changes import NewLead
from bot.leads.odds import Odds, Tally, TooFew
from bot.leads.states import Direction, LeadState
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.types import new_id
from tests.factories import a_member

HERE = "T0BATON"
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
deal = table_of(Deal)


def comes(store: Store, company: str, **more: object) -> UUID:
    new = NewLead(company, Direction.INBOUND, **more)  # type: ignore[arg-type]
    with store.write() as tx:
        return changes.receive(tx, HERE, new, by=None, origin=company, now=NOW).lead_id


def deals(store: Store, lead_id: UUID, stage: Stage, *, kind: Kind = Kind.NEW, is_linked: bool = True) -> None:
    with store.write() as tx:
        row = changes.hold(tx, HERE, lead_id)
        values = {
            "workspace_id": HERE,
            "id": new_id(),
            "account_id": row.account_id,
            "kind": kind,
            "stage": stage,
            "owner_id": "U0DANA",
            "lead_id": lead_id if is_linked else None,
            "currency": "EUR",
            "opened_at": NOW,
            "staged_at": NOW,
            "recorded_at": NOW,
            "origin": str(new_id()),
        }
        tx.execute(deal.insert().values(values))


def counted(store: Store) -> Tally:
    with store.read() as tx:
        return outcomes._count(tx, HERE).closed  # what is kept for a moment is another test's


def test_a_lead_is_won_or_lost_as_its_deal_or_its_judgement_was(store: Store) -> None:
    assert counted(store) == Tally(0, 0)
    deals(store, comes(store, "Won"), Stage.WON)
    deals(store, comes(store, "Lost"), Stage.LOST)
    deals(store, comes(store, "Open"), Stage.DEMO)
    deals(store, comes(store, "By hand"), Stage.WON, is_linked=False)
    deals(store, comes(store, "Upsold only"), Stage.WON, kind=Kind.UPSELL)
    twice = comes(store, "Lost, then won")
    deals(store, twice, Stage.LOST)
    deals(store, twice, Stage.WON)
    judged = comes(store, "Not qualified")
    with store.write() as tx:
        changes.move(tx, HERE, judged, LeadState.QUEUED, LeadState.WORKING)
        changes.move(tx, HERE, judged, LeadState.WORKING, LeadState.UNQUALIFIED)
    comes(store, "Waits")
    assert counted(store) == Tally(won=3, lost=2)


@pytest.mark.parametrize("spelling", ["Software", "SOFTWARE "])
def test_values_are_compared_as_people_mean_them(store: Store, spelling: str) -> None:
    deals(store, comes(store, "One", industry="software", employees=8), Stage.WON)
    deals(store, comes(store, "Two", industry=spelling, employees=10), Stage.LOST)
    deals(store, comes(store, "Three", employees=11), Stage.LOST)
    with store.read() as tx:
        found = outcomes._count(tx, HERE)
    assert found.tally("industry", "software") == Tally(1, 1)
    assert found.by_value["size"] == {"1-10": Tally(1, 1), "11-50": Tally(0, 1)}


def test_a_card_has_the_share_once_there_are_enough(store: Store) -> None:
    """50 won of webinars, 50 lost of ads: with 0.1 added to each count S(webinar, won) = 50.1 / 50.2."""
    reader = a_member(store, "U0ANA", "MRR")
    for n in range(50):
        deals(store, comes(store, f"Won {n}", source="webinar"), Stage.WON)
        if n < 49:
            deals(store, comes(store, f"Lost {n}", source="ads"), Stage.LOST)
    lead_id = comes(store, "Acme", source="webinar")
    few = pages.card(store, reader, lead_id, NOW)
    assert few
    assert few.odds == TooFew(Tally(50, 49))
    deals(store, comes(store, "Lost 49", source="ads"), Stage.LOST)
    outcomes._counted.clear()
    enough = pages.card(store, reader, lead_id, NOW + timedelta(minutes=5))
    assert enough
    found = enough.odds
    assert isinstance(found, Odds)
    assert found.cases == Tally(50, 50)
    assert float(found.share) == pytest.approx(50.1 / 50.2)
    assert [each.feature for each in found.used] == ["source"]


@pytest.mark.usefixtures("unwalled")
def test_counts_are_kept_for_a_while_and_belong_to_one_database(store: Store) -> None:
    lead_id = comes(store, "Acme")
    with store.read() as tx:
        before = outcomes.counts(tx, HERE)
        assert outcomes.counts(tx, HERE) is before
        assert outcomes.counts(tx, "T0OTHER") is not before
    assert lead_id
