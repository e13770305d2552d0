"""One-to-ones: who may hold them, notes and whose they are, items that come back until they are done."""

from datetime import date, timedelta

import pytest

from bot.activity import steps
from bot.coaching import agenda, items, oneonones
from bot.coaching.items import Draft
from bot.coaching.rules import MOST_ITEMS, is_overdue
from bot.errors import Refused
from bot.schedule import service as schedule
from bot.store.engine import Store
from tests.bot.coaching.office import DAY, HERE, LATER, Office, a_wish, an_office
from tests.bot.delivery.parcels import a_parcel
from tests.factories import NOW, TODAY

FRIDAY = date(2026, 11, 20)


def hold(office: Office, who: str = "U0ANA", *, origin: str = "o1", **wish: object) -> None:
    oneonones.hold(office.store, office.maria, who, a_wish(**wish), origin=origin, now=NOW)


def test_what_is_not_done_comes_back_and_what_is_done_does_not(store: Store) -> None:
    office = an_office(store)
    for _ in range(2):
        hold(office, notes="private", for_report=(Draft("send", FRIDAY), Draft("call")), for_manager=(Draft("ask"),))
    page = agenda.agenda(store, office.maria, "U0ANA", NOW + 14 * DAY)
    assert [(each.text, each.owner, each.due_on) for each in page.open_items] == [
        ("send", "Ana", FRIDAY),
        ("call", "Ana", None),
        ("ask", "Maria", None),
    ]
    assert page.last is not None
    assert page.last.held_on == TODAY
    for item in page.open_items[1:]:
        items.finish(store, office.maria, item.id, LATER)
    again = agenda.agenda(store, office.maria, "U0ANA", NOW + 14 * DAY)
    assert [each.text for each in again.open_items] == ["send"]
    assert [each.text for each in again.done_items] == ["call", "ask"]
    assert office.audited("U0ANA") == [("action_item", "U0MARIA")] * 2 + [("one_on_one", "U0MARIA")] + [
        ("action_item", "U0MARIA")
    ]


def test_an_item_with_a_day_is_a_follow_up_and_both_are_done_at_once(store: Store) -> None:
    office = an_office(store)
    hold(office, for_report=(Draft("send", FRIDAY),), for_manager=(Draft("ask", FRIDAY),))
    with store.read() as tx:
        (step,) = steps.open_until(tx, HERE, "U0ANA", FRIDAY)
        assert schedule.moments(tx, HERE, ["U0ANA", "U0MARIA"], ["follow_up"]).keys() >= {
            ("follow_up", "U0ANA", step.id.hex)
        }
    steps.finish(store, office.ana, step.id, LATER)
    page = agenda.agenda(store, office.maria, "U0ANA", LATER)
    assert [each.text for each in page.done_items] == ["send"]
    (mine,) = page.open_items
    items.finish(store, office.maria, mine.id, LATER)
    with store.read() as tx:
        assert steps.open_until(tx, HERE, "U0MARIA", FRIDAY) == []


def test_a_follow_up_that_is_put_off_moves_the_item(store: Store) -> None:
    office = an_office(store)
    hold(office, for_report=(Draft("send", FRIDAY),))
    with store.read() as tx:
        (step,) = steps.open_until(tx, HERE, "U0ANA", FRIDAY)
    steps.postpone(store, office.ana, step.id, FRIDAY + 3 * DAY, LATER)
    (item,) = agenda.agenda(store, office.maria, "U0ANA", LATER).open_items
    assert item.due_on == FRIDAY + 3 * DAY


def test_who_may_hold_one_and_who_sees_what(store: Store) -> None:
    office = an_office(store)
    hold(office, notes="private", for_report=(Draft("send"),))
    for actor, whom, key in (
        (office.olga, "U0ANA", "coaching.refused.not_yours"),
        (office.dana, "U0ANA", "coaching.refused.not_yours"),
        (office.maria, "U0OLGA", "coaching.refused.not_yours"),
        (office.maria, "U0MARIA", "coaching.refused.own_one_on_one"),
        (office.maria, "U0NOBODY", "coaching.refused.stranger"),
    ):
        with pytest.raises(Refused) as refused:
            oneonones.hold(store, actor, whom, a_wish(), origin="x", now=NOW)
        assert refused.value.key == key
    oneonones.hold(store, office.maria, "U0DANA", a_wish(), origin="deep", now=NOW)
    oneonones.hold(store, office.sam, "U0OLGA", a_wish(), origin="ops", now=NOW)
    own = agenda.agenda(store, office.ana, "U0ANA", LATER)
    assert own.is_own
    assert [each.text for each in own.open_items] == ["send"]
    for reader, notes in ((office.maria, "private"), (office.ana, ""), (office.sam, "")):
        (held,) = oneonones.history(store, reader, "U0ANA", LATER).several
        assert held.notes == notes
    with pytest.raises(Refused):
        agenda.agenda(store, office.olga, "U0ANA", LATER)
    with pytest.raises(Refused):
        oneonones.history(store, office.olga, "U0ANA", LATER)


def test_shared_notes_are_read_by_both_and_told(store: Store) -> None:
    office = an_office(store)
    hold(office, notes="we agreed", is_shared=True)
    assert oneonones.history(store, office.ana, "U0ANA", LATER).several[0].notes == "we agreed"
    assert office.told(oneonones.HELD) == [("U0ANA", "waiting")]


def test_the_notice_has_no_private_notes(store: Store) -> None:
    office = an_office(store)
    hold(office, notes="private", for_report=(Draft("send"),), for_manager=(Draft("ask"),))
    held = oneonones.history(store, office.maria, "U0ANA", LATER).several[0]
    subject = {"held": held.id.hex, "since": NOW.isoformat()}
    found = oneonones.notice(store, a_parcel(kind=oneonones.HELD, subject=subject), LATER)
    assert found is not None
    assert found.held.notes == ""
    assert [each.text for each in found.items] == ["send"]


def test_notes_of_a_day_are_edited_by_whoever_saw_them(store: Store) -> None:
    office = an_office(store)
    hold(office, notes="first")
    form = oneonones.form(store, office.maria, "U0ANA", None, LATER)
    assert form.held is not None
    assert (form.held.notes, form.held.version) == ("first", 1)
    with pytest.raises(Refused) as refused:
        hold(office, origin="o2", notes="overwrites")
    assert refused.value.key == "coaching.held.noted_already"
    hold(office, origin="o3", notes="second", seen=1)
    (held,) = oneonones.history(store, office.maria, "U0ANA", LATER).several
    assert (held.notes, held.version) == ("second", 2)


def test_who_is_due(store: Store) -> None:
    office = an_office(store)
    page = oneonones.mine(store, office.maria, NOW)
    assert [(each.name, each.last, each.is_overdue) for each in page.reports] == [("Ana", None, True)]
    hold(office)
    assert not oneonones.mine(store, office.maria, LATER).reports[0].is_overdue
    assert oneonones.mine(store, office.maria, NOW + 15 * DAY).reports[0].is_overdue
    alone = oneonones.mine(store, office.olga, NOW)
    assert (alone.reports, alone.leads, alone.items) == ((), False, ())
    assert oneonones.mine(store, office.sam, NOW).leads


def test_an_item_is_done_by_its_owner_or_their_manager(store: Store) -> None:
    office = an_office(store)
    hold(office, for_report=(Draft("send"),), for_manager=(Draft("ask"),))
    theirs, mine = agenda.agenda(store, office.maria, "U0ANA", LATER).open_items
    for actor, item in ((office.olga, theirs), (office.dana, theirs), (office.ana, mine)):
        with pytest.raises(Refused) as refused:
            items.finish(store, actor, item.id, LATER)
        assert refused.value.key == "coaching.refused.not_yours"
    for _ in range(2):
        assert items.finish(store, office.ana, theirs.id, LATER).is_done


@pytest.mark.parametrize(
    ("line", "draft"),
    [
        ("send the deck", Draft("send the deck")),
        ("send the deck by fri", Draft("send the deck", FRIDAY)),
        ("- send the deck, by 4 dec", Draft("send the deck", date(2026, 12, 4))),
        ("отправить договор до 4 дек", Draft("отправить договор", date(2026, 12, 4))),
        ("stop by the office", Draft("stop by the office")),
        ("by fri", Draft("by fri")),
    ],
)
def test_items_are_lines_with_a_day_at_the_end(line: str, draft: Draft) -> None:
    assert items.read_lines(f"\n{line}\n \n", TODAY) == (draft,)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("send by yesterday", "coaching.item.day_past"),
        ("send by 2026-02-30", "coaching.item.day_unclear"),
        ("send by 2036-01-01", "coaching.item.day_far"),
        ("x" * 400, "coaching.item.long"),
        ("\n".join(["x"] * (MOST_ITEMS + 1)), "coaching.item.many"),
    ],
)
def test_items_that_need_another_look(text: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        items.read_lines(text, TODAY)
    assert refused.value.key == key


@pytest.mark.parametrize(
    ("held_on", "key"),
    [(TODAY + DAY, "coaching.held.ahead"), (TODAY - 91 * DAY, "coaching.held.long_ago"), (TODAY, None)],
)
def test_the_day_of_a_one_to_one(held_on: date, key: str | None) -> None:
    filled = {"held_on": held_on.isoformat(), "notes": "", "is_shared": "", "theirs": "", "mine": ""}
    read = oneonones.read_form(filled, TODAY, 0)
    assert (read["held_on"].key if isinstance(read, dict) else None) == key


def test_a_fortnight_is_in_time() -> None:
    assert is_overdue(None, TODAY)
    assert not is_overdue(TODAY - timedelta(days=14), TODAY)
    assert is_overdue(TODAY - timedelta(days=15), TODAY)
