"""How far each reader sees into the audit log, and page by page, on both databases."""

from datetime import date, datetime, timedelta

import pytest

from bot.access.actor import Actor
from bot.access.roles import Role
from bot.audit import log, service
from bot.audit.line import Asked
from bot.audit.log import PAGE, Reach
from bot.audit.service import COMMAND_LINE, Change
from bot.errors import Refused
from bot.store.engine import Store
from tests.factories import NOW, TODAY, a_member

HERE = "T0BATON"


def a_change(
    store: Store, whom: str | None, what: str = "team", *, by: str = "U0SAM", at: datetime = NOW, here: str = HERE
) -> None:
    with store.write() as tx:
        service.record(tx, here, [Change(whom, what, "North", "South", TODAY)], by=by, now=at)


def seen(page: log.Page) -> list[str | None]:
    return [change.person_id for change in page.changes]


@pytest.fixture
def readers(store: Store) -> dict[str, Actor]:
    """Operations, a manager, her two reports (one of them further below), and somebody beside them; no log yet."""
    found = {
        "sam": a_member(store, "U0SAM", Role.OPS),
        "admin": a_member(store, "U0ROOT", is_admin=True),
        "maria": a_member(store, "U0MARIA", Role.MANAGER),
        "ana": a_member(store, "U0ANA", Role.SDR),
        "ben": a_member(store, "U0BEN", Role.AE),
    }
    a_member(store, "U0ANA", manager="U0MARIA")
    a_member(store, "U0DEEP", manager="U0ANA")
    with store.write() as tx:
        tx.execute(service.entry.delete())
    return found


@pytest.mark.parametrize(
    ("reader", "reach", "whom"),
    [
        ("sam", Reach.EVERYTHING, [None, "U0BEN", "U0DEEP", "U0ANA"]),
        ("admin", Reach.EVERYTHING, [None, "U0BEN", "U0DEEP", "U0ANA"]),
        ("maria", Reach.REPORTS, ["U0DEEP", "U0ANA"]),
        ("ana", Reach.OWN, ["U0ANA"]),
        ("ben", Reach.OWN, ["U0BEN"]),
    ],
)
def test_everybody_reads_what_concerns_them(
    store: Store, readers: dict[str, Actor], reader: str, reach: Reach, whom: list[str | None]
) -> None:
    for minute, person in enumerate(("U0ANA", "U0DEEP", "U0BEN", None)):
        a_change(store, person, at=NOW + timedelta(minutes=minute))
    page = log.read(store, readers[reader], Asked(), NOW)
    assert (page.reach, seen(page)) == (reach, whom)


@pytest.mark.parametrize(
    ("reader", "person", "reach"),
    [
        ("sam", "U0ANA", Reach.PERSON),
        ("maria", "U0ANA", Reach.PERSON),
        ("maria", "U0DEEP", Reach.PERSON),
        ("ana", "U0ANA", Reach.OWN),
        ("maria", "U0BEN", None),
        ("ana", "U0MARIA", None),
        ("ben", "U0ANA", None),
    ],
)
def test_one_person(store: Store, readers: dict[str, Actor], reader: str, person: str, reach: Reach | None) -> None:
    a_change(store, person)
    a_change(store, None)
    if reach:
        page = log.read(store, readers[reader], Asked(person), NOW)
        assert (page.reach, seen(page)) == (reach, [person])
        assert person in page.names
    else:
        with pytest.raises(Refused) as told:
            log.read(store, readers[reader], Asked(person), NOW)
        assert told.value.key == "refused.person"
        assert "Sam" in str(told.value.params["can"])


def test_days_are_those_of_the_reader(store: Store) -> None:
    tokyo = a_member(store, "U0SAM", Role.OPS, zone="Asia/Tokyo")
    with store.write() as tx:
        tx.execute(service.entry.delete())
    a_change(store, "U0LATE", at=datetime.fromisoformat("2026-11-17T14:59:59+00:00"))
    a_change(store, "U0ANA", at=datetime.fromisoformat("2026-11-17T15:00:00+00:00"))
    a_change(store, "U0BEN", at=datetime.fromisoformat("2026-11-18T15:00:00+00:00"))
    day = date(2026, 11, 18)
    assert seen(log.read(store, tokyo, Asked(days=(day, day)), NOW)) == ["U0ANA"]


def test_pages_follow_each_other_from_the_newest(store: Store, readers: dict[str, Actor]) -> None:
    people = [f"U0{number:03}" for number in range(PAGE * 2 + 1)]
    for minute, person in enumerate(people):
        a_change(store, person, at=NOW + timedelta(minutes=minute))
    pages = [log.read(store, readers["sam"], Asked(), NOW, number) for number in range(3)]
    assert [each for page in pages for each in seen(page)] == people[::-1]
    assert [page.has_older for page in pages] == [True, True, False]


def test_a_page_knows_the_names_of_managers_too(store: Store, readers: dict[str, Actor]) -> None:
    with store.write() as tx:
        change = Change("U0ANA", "manager", "U0MARIA", "U0BEN", TODAY)
        service.record(tx, HERE, [change], by=COMMAND_LINE, now=NOW)
    page = log.read(store, readers["ana"], Asked(), NOW)
    assert page.names == {"U0ANA": "Ana", "U0MARIA": "Maria", "U0BEN": "Ben"}


@pytest.mark.usefixtures("unwalled")
def test_another_workspace_is_out_of_sight(store: Store, readers: dict[str, Actor]) -> None:
    a_change(store, "U0ANA", here="T0OTHER")
    assert seen(log.read(store, readers["sam"], Asked(), NOW)) == []


def test_the_log_is_found_by_id_and_by_thing(store: Store, readers: dict[str, Actor]) -> None:
    a_change(store, "U0ANA")
    a_change(store, "U0ANA", at=NOW + timedelta(minutes=1), by="U0MARIA")
    with store.read() as tx:
        newest = service.latest(tx, HERE, "U0ANA", "team")
        assert newest is not None
        assert newest.by == "U0MARIA"
        assert service.find(tx, HERE, [newest.id]) == [newest]
        assert service.latest(tx, HERE, None, "team") is None
