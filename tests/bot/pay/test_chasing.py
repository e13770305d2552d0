"""A dispute that nobody answers: its manager is reminded once, operations hear of it once, and an answer ends both."""

from datetime import UTC, datetime

import pytest

from bot.pay import chasing, pages, service
from bot.pay.queries import Dispute
from bot.schedule import service as schedule
from bot.store.engine import Store
from tests.bot.delivery.parcels import a_parcel
from tests.bot.pay.office import Office

BEFORE = datetime(2026, 11, 24, 8, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=UTC)
"""It was disputed on Thursday: Friday and Monday were hers."""

FRIDAY = datetime(2026, 11, 27, 10, tzinfo=UTC)
"""Wednesday and Thursday were, too."""


@pytest.fixture
def office(store: Store) -> Office:
    made = Office(store, dana=100_000)
    made.wins("Acme", 60_000)
    return made


@pytest.fixture
def disputed(office: Office) -> Dispute:
    return office.disputes(office.statement().lines[0].id)


def chased(office: Office, *moments: datetime) -> dict[str, list[str]]:
    """Who is told what, once it was each of these moments."""
    for office.now in moments:
        schedule.tick(office.store, chasing.PLANNERS, office.now)
    return {kind: sorted(each.recipient for each in office.told(kind)) for kind in chasing.PLANNERS}


def test_the_manager_is_reminded_after_two_working_days_and_then_operations_each_once(
    office: Office, disputed: Dispute
) -> None:
    assert chased(office, BEFORE) == {chasing.REMINDED: [], chasing.RAISED: []}
    assert chased(office, TUESDAY, TUESDAY.replace(hour=11)) == {chasing.REMINDED: ["U0MARIA"], chasing.RAISED: []}
    both = {chasing.REMINDED: ["U0MARIA"], chasing.RAISED: ["U0OLGA", "U0SAM"]}
    assert chased(office, FRIDAY) == both
    assert chased(office, *(FRIDAY.replace(month=12, day=day) for day in (1, 2, 3, 4))) == both


def test_what_was_answered_is_chased_no_more(office: Office, disputed: Dispute) -> None:
    service.answer(office.store, office.maria, disputed.id, "", agrees=True, now=office.now)
    assert chased(office, TUESDAY, FRIDAY) == {chasing.REMINDED: [], chasing.RAISED: []}


def test_an_answer_after_the_reminder_changes_it_and_keeps_it_from_operations(
    office: Office, disputed: Dispute
) -> None:
    chased(office, TUESDAY)
    (row,) = office.told(chasing.REMINDED)
    letter = a_parcel(id=row.id, kind=row.kind, recipient=row.recipient, subject=row.subject)
    shown = pages.dispute_notice(office.store, letter, office.now)
    assert isinstance(shown, pages.DisputePage)
    assert (shown.is_open, shown.is_mine) == (True, False)
    service.answer(office.store, office.maria, disputed.id, "The contract says so", now=office.now)
    shown = pages.dispute_notice(office.store, letter, office.now)
    assert isinstance(shown, pages.DisputePage)
    assert not shown.is_open
    assert chased(office, FRIDAY)[chasing.RAISED] == []


def test_where_operations_are_asked_they_are_reminded_and_nobody_else_is_told(store: Store) -> None:
    office = Office(store, arun=100_000)
    office.wins("Acme", 60_000, by=office.arun)
    office.disputes(office.statement(office.arun).lines[0].id, by=office.arun)
    assert chased(office, TUESDAY, FRIDAY) == {chasing.REMINDED: ["U0OLGA", "U0SAM"], chasing.RAISED: []}
