"""What is sent about pay shows the state of the moment in which it is sent, to those who may still read it then."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from bot.access.roles import Role
from bot.delivery import queries as deliveries
from bot.delivery.outcome import NotYet, Parcel
from bot.pay import pages, service
from bot.pay.pages import DisputePage
from bot.pay.states import Standing
from bot.people import service as people
from bot.store.engine import Store
from tests.bot.delivery.parcels import a_parcel
from tests.bot.pay.office import Q4, Office
from tests.factories import a_profile


@pytest.fixture
def office(store: Store) -> Office:
    """Dana has won something."""
    made = Office(store, dana=100_000)
    made.wins("Acme", 60_000)
    return made


def parcel(office: Office, kind: str) -> Parcel:
    """The one letter of a kind, in the hands of the sender."""
    (row,) = office.told(kind)
    return a_parcel(id=row.id, kind=kind, recipient=row.recipient, subject=row.subject, way=row.way)


def stands(office: Office, kind: str) -> None:
    """Slack has taken the letter of a kind."""
    table = deliveries.delivery
    with office.store.write() as tx:
        tx.execute(update(table).where(table.c.kind == kind).values(state="sent", channel="D0DANA", ts="17.5"))


def page_of(office: Office, kind: str) -> DisputePage:
    """What the letter of a kind shows."""
    found = pages.dispute_notice(office.store, parcel(office, kind), office.now)
    assert isinstance(found, DisputePage)
    return found


def test_a_dispute_s_cards_show_where_it_stands_when_they_are_sent(office: Office) -> None:
    made = office.disputes(office.statement().lines[0].id)
    assert (page_of(office, service.DISPUTED).is_mine, page_of(office, service.MINE).is_mine) == (False, True)
    assert page_of(office, service.MINE).asked == ("Maria",)
    service.answer(office.store, office.maria, made.id, "", agrees=True, now=office.now)
    for kind in (service.DISPUTED, service.MINE):
        assert page_of(office, kind).dispute.state is Standing.AGREED


def test_an_answer_waits_for_the_message_that_it_belongs_beneath(office: Office) -> None:
    made = office.disputes(office.statement().lines[0].id)
    service.answer(office.store, office.maria, made.id, "The contract says so", now=office.now)
    waits = pages.dispute_notice(office.store, parcel(office, service.ANSWER), office.now)
    assert waits == NotYet(office.now + timedelta(seconds=2))
    stands(office, service.MINE)
    assert page_of(office, service.ANSWER).below == ("D0DANA", "17.5")


def test_nothing_is_shown_to_who_is_no_colleague_any_more(office: Office) -> None:
    office.disputes(office.statement().lines[0].id)
    gone = a_profile(id="U0MARIA", name="Maria", is_active=False)
    people.remember(office.store, office.here, gone, office.now)
    assert pages.dispute_notice(office.store, parcel(office, service.DISPUTED), office.now) is None


def test_a_file_is_made_for_who_may_read_it_when_it_is_sent(office: Office) -> None:
    as_of = office.now
    service.send_table(office.store, office.maria, "U0DANA", Q4, as_of, origin=uuid4().hex, now=office.now)
    office.passes()
    office.wins("Globex", 10_000)
    found = pages.table(office.store, parcel(office, service.TABLE), office.quotas, office.now)
    assert found is not None
    page, language = found
    assert ([each.subject for each in page.statement.lines], page.email, language) == (
        ["Acme"],  # as it was shown where it was asked for
        "dana@northwind.example",
        "en",
    )
    office.ends("U0MARIA", Role.MANAGER, office.now.date() - timedelta(days=1))
    office.passes()
    assert pages.table(office.store, parcel(office, service.TABLE), office.quotas, office.now) is None
