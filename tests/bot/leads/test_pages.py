"""What a card and a message show; on both databases."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import update

from bot.delivery.outcome import Parcel
from bot.leads import notices, pages, service
from bot.leads.changes import NewLead
from bot.leads.queries import Event
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.workspace import service as workspace
from bot.workspace.model import WorkspaceSetting
from bot.workspace.rules import Setting
from tests.bot.leads.desk import HERE, Desk, origin

setting = table_of(WorkspaceSetting)


def parcel(desk: Desk, kind: str, who: str, *, stands: bool = False) -> Parcel:
    """A row of the ledger in the hands of the sender."""
    row = next(each for each in desk.rows(kind) if each.recipient == f"U0{who}")
    values = {name: getattr(row, name) for name in Parcel.__dataclass_fields__ if hasattr(row, name)}
    where = {"channel": "D0", "ts": "1.1"} if stands else {"channel": None, "ts": None}
    return Parcel(**{**values, **where, "was_unsure": False, "tried_at": desk.now})


def test_facts_in_few_words(store: Store) -> None:
    desk = Desk(store, "ANA")
    row = desk.comes(NewLead("Acme", person="Jane Roe", source="webinar", title="CTO", said="a demo"), at="11-18 23:30")
    desk.calls("ANA")
    with store.read() as tx:
        found = pages.facts(tx, HERE, row, ZoneInfo("Europe/Berlin"), desk.now)
    said = ("Acme", "Jane Roe", "CTO", "a demo", "webinar")
    assert (found.company, found.person, found.title, found.said, found.source) == said
    assert found.received == date(2026, 11, 19)
    assert (found.points, found.grade) == (40, "C")
    assert found.last_touch is not None
    assert (found.last_touch.person_id, found.last_touch.kind) == ("U0ANA", "call")


def test_the_workspaces_own_rules_count_and_broken_ones_are_the_standard(store: Store) -> None:
    desk = Desk(store, "ANA")
    row = desk.comes(NewLead("Acme", source="webinar"))

    def points() -> int:
        card = pages.card(store, desk.sam, row.id, desk.now)
        assert card is not None
        return card.facts.points

    assert points() == 20
    workspace.change(store, desk.sam, {Setting.LEAD_RULES: {"sources": {"webinar": 70}}}, desk.now)
    assert points() == 70
    with store.write() as tx:
        tx.execute(update(setting).where(setting.c.name == Setting.LEAD_RULES).values(value={"sources": "none"}))
    assert points() == 20


def test_a_timeline_is_newest_first_and_counts_what_it_leaves_out(store: Store) -> None:
    desk = Desk(store, "ANA")
    row = desk.claims("ANA", desk.comes())
    for n in range(12):
        desk.at(f"11-18 11:{n:02}")
        service.add_points(store, desk.who("ANA"), row.id, 1, f"no. {n}", origin=origin(), now=desk.now)
    card = pages.card(store, desk.who("ANA"), row.id, desk.now)
    assert card is not None
    shown = [each.detail["why"] for each in card.timeline if isinstance(each, Event)]
    assert shown == [f"no. {n}" for n in range(11, 3, -1)]
    assert card.more == 6


def test_a_card_that_waits_is_not_sent_once_somebody_has_it_and_one_that_stands_says_who(store: Store) -> None:
    desk = Desk(store, "ANA", "BEN")
    row = desk.comes()
    assert pages.notice(store, parcel(desk, notices.INBOUND, "BEN"), desk.now) is not None
    desk.claims("ANA", row)
    assert pages.notice(store, parcel(desk, notices.INBOUND, "BEN"), desk.now) is None
    found = pages.notice(store, parcel(desk, notices.INBOUND, "BEN", stands=True), desk.now)
    assert found is not None
    assert found.card is not None
    assert (found.card.row.owner_id, found.card.can_claim) == ("U0ANA", False)


def test_a_reminder_is_not_sent_when_somebody_has_reached_out_meanwhile(store: Store) -> None:
    desk = Desk(store, "ANA")
    desk.comes()
    desk.at("11-18 10:05")
    assert pages.notice(store, parcel(desk, notices.REMIND, "ANA"), desk.now) is not None
    desk.calls("ANA")
    assert pages.notice(store, parcel(desk, notices.REMIND, "ANA"), desk.now) is None


def test_a_long_queue_has_pages(store: Store) -> None:
    desk = Desk(store, "ANA")
    for n in range(pages.QUEUE + 2):
        desk.comes(NewLead(f"Company {n}"), at=f"11-18 10:{n:02}", quietly=True)
    first, second = (pages.queue(store, desk.who("ANA"), desk.now, n) for n in (0, 1))
    assert [first.leads[0].row.company, second.leads[0].row.company] == ["Company 0", f"Company {pages.QUEUE}"]
    assert (first.has_more, second.has_more, len(second.leads)) == (True, False, 2)
    assert pages.queue(store, desk.who("ANA"), desk.now, 99).number == 1
