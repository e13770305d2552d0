"""Taking leads in: one lead for each address and each company's domain, whatever is delivered how often."""

from datetime import timedelta

import pytest

from bot.leads import queries, service
from bot.leads.changes import NewLead, Received
from bot.leads.states import Happening, LeadState
from bot.ops.causes import Workers
from bot.store.engine import Store
from tests.factories import NOW

HERE = "T0BATON"
JANE = NewLead("Acme", person="Jane Roe", email="jane@acme.example", source="webinar", said="wants a demo")


def took_in(store: Store, new: NewLead = JANE, origin: str = "first", **more: object) -> Received:
    return service.take_in(store, HERE, new, origin=origin, now=NOW, **more)  # type: ignore[arg-type]


def found(store: Store, received: Received) -> queries.LeadRow:
    with store.read() as tx:
        row = queries.find(tx, HERE, received.lead_id)
    assert row is not None
    return row


def test_a_lead_stands_in_the_queue_with_all_that_came(store: Store) -> None:
    row = found(store, took_in(store))
    assert (row.company, row.person, row.email) == ("Acme", "Jane Roe", "jane@acme.example")
    assert (row.state, row.source, row.said, row.received_at) == (LeadState.QUEUED, "webinar", "wants a demo", NOW)


def test_the_same_delivery_twice_is_one_lead_and_one_line(store: Store) -> None:
    assert took_in(store) == took_in(store)
    with store.read() as tx:
        (lead,) = queries.queue(tx, HERE)
        assert [each.what for each in queries.events(tx, HERE, lead.id)] == [Happening.RECEIVED]


@pytest.mark.parametrize(
    "again",
    [
        NewLead("Acme Corp", person="J. Roe", email="JANE@acme.example"),
        NewLead("Acme", person="John Poe", email="john@acme.example", employees=250),
    ],
    ids=["the same address", "the same domain"],
)
def test_who_is_known_is_not_doubled_and_came_again(store: Store, again: NewLead) -> None:
    first = took_in(store)
    second = took_in(store, again, "second")
    assert second == Received(first.lead_id, False)
    row = found(store, second)
    assert (row.company, row.person, row.source, row.employees) == ("Acme", "Jane Roe", "webinar", again.employees)
    with store.read() as tx:
        happened = [each.what for each in queries.events(tx, HERE, row.id)]
    assert happened == [Happening.RECEIVED, Happening.CAME_AGAIN]


def test_mail_that_anybody_can_have_makes_no_company(store: Store) -> None:
    one = took_in(store, NewLead("Baker", email="b@gmail.com"), "one")
    other = took_in(store, NewLead("Miller", email="m@gmail.com"), "other")
    assert one.lead_id != other.lead_id


def test_without_an_address_the_company_is_known_by_its_name(store: Store) -> None:
    first = took_in(store)
    assert took_in(store, NewLead("ACME"), "second") == Received(first.lead_id, False)


@pytest.mark.usefixtures("unwalled")
def test_a_lead_of_another_workspace_is_nobodys_double(store: Store) -> None:
    first = took_in(store)
    other = service.take_in(store, "T0OTHER", JANE, origin="first", now=NOW)
    assert (other.is_new, other.lead_id == first.lead_id) == (True, False)


def test_a_lead_with_an_owner_is_worked_on(store: Store) -> None:
    row = found(store, took_in(store, NewLead("Acme", owner_id="U0ANA"), by="U0ANA"))
    assert (row.state, row.owner_id) == (LeadState.WORKING, "U0ANA")


def test_one_that_is_said_to_come_from_the_future_came_now(store: Store) -> None:
    row = found(store, took_in(store, NewLead("Acme", received_at=NOW + timedelta(hours=1))))
    assert row.received_at == NOW


def test_eight_deliveries_at_once_of_one_company_make_one_lead(store: Store) -> None:
    several = [NewLead("Acme", email=f"p{n}@acme.example") for n in range(8)]
    with Workers(8) as threads:
        made = list(threads.map(lambda each: took_in(store, each, each.email or ""), several))
    assert len({each.lead_id for each in made}) == 1
    assert sum(each.is_new for each in made) == 1


def test_a_lead_is_looked_up_in_the_index_of_its_keys(store: Store) -> None:
    with store.read() as tx:
        sql = str(queries.BY_KEY._statement.compile(dialect=tx.dialect))
        if tx.dialect.name == "postgresql":
            pytest.skip("a small table is read whole there, whatever the index")
        plan = " ".join(row[3] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", ("",) * sql.count("?")))
    assert plan.count("(workspace_id=? AND kind=? AND value=?)") == 2
