"""Accepted is not contacted: the first touch is seen as soon as it is logged, and gone when it is taken back."""

from uuid import uuid4

from bot.activity import service as activity
from bot.delivery.model import Delivery
from bot.handoffs import service
from bot.leads import planning as leads
from bot.leads import service as lead_service
from bot.leads.changes import NewLead
from bot.store.engine import Store
from bot.store.sql import table_of
from tests.bot.handoffs.desk import HERE, Team
from tests.factories import a_member, an_entry


def versions(store: Store, kind: str) -> list[int]:
    """How often each message of a kind has had something new to show."""
    with store.read() as tx:
        delivery = table_of(Delivery)
        return [row.version for row in tx.execute(delivery.select().where(delivery.c.kind == kind)).all()]


def test_a_first_touch_is_shown_and_gone_when_it_is_taken_back(store: Store) -> None:
    team = Team(store, "DANA")
    dana = team.takers[0]
    row = service.accept(store, dana, team.gives().id, team.now)
    assert service.touched(store, HERE, [dana.id], team.now) == set()
    team.passes(minutes=10)
    activity.log(store, dana, [an_entry(day=team.now.date(), who="Acme")], origin=uuid4().hex, now=team.now)
    assert service.touched(store, HERE, [dana.id], team.now) == {"U0ANA"}
    assert team.row(row.id).touched_at == team.now
    assert service.touched(store, HERE, [dana.id], team.now) == set()  # said once
    activity.undo_last(store, dana, origin=uuid4().hex, now=team.now)
    assert service.touched(store, HERE, [dana.id], team.now) == {"U0ANA"}
    assert team.row(row.id).touched_at is None


def test_the_touch_of_anybody_else_is_none(store: Store) -> None:
    team = Team(store, "DANA", "ARUN")
    row = service.accept(store, team.takers[0], team.gives(to="U0DANA").id, team.now)
    activity.log(store, team.takers[1], [an_entry(day=team.now.date(), who="Acme")], origin=uuid4().hex, now=team.now)
    assert service.touched(store, HERE, [each.id for each in team.takers], team.now) == set()
    assert team.row(row.id).touched_at is None


def test_a_leads_card_shows_the_touch_that_ends_its_clock(store: Store) -> None:
    team = Team(store)
    ana = a_member(store, "U0LENA", "MRR")
    new = NewLead("Initrode", source="website")
    received = lead_service.take_in(store, HERE, new, origin="form", now=team.now)
    lead_service.claim(store, ana, received.lead_id, origin="claim", now=team.now)
    leads.touched(store, HERE, [ana.id], team.now)
    before = versions(store, "lead.inbound")
    activity.log(store, ana, [an_entry(day=team.now.date(), who="Initrode")], origin=uuid4().hex, now=team.now)
    leads.touched(store, HERE, [ana.id], team.now)
    assert versions(store, "lead.inbound") == [each + 1 for each in before]
