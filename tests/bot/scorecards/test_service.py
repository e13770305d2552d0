"""Whose figures somebody sees, beside those of the period before, on both databases."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from bot.access.actor import Actor
from bot.errors import Refused
from bot.figures.pipeline import Coverage
from bot.figures.rates import Rate
from bot.people import assignments
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.people.model import Aspect
from bot.quota.said import Figures as Asked
from bot.quota.said import Whom
from bot.quota.whose import Whose
from bot.scorecards import service
from bot.scorecards.pages import FiguresPage
from bot.store.engine import Store
from tests.bot.deals.desk import HERE, eur
from tests.bot.performance.test_deals import a_lead
from tests.bot.quota.desk import Desk, at, on, period

DANA = Whom(person="U0DANA")
NORTH = Whom(Whose.TEAM, name="North")


def page(desk: Desk, by: Actor, asked: Asked | None = None) -> FiguresPage:
    """What somebody reads."""
    return service.page(desk.store, by, asked or Asked(), desk.now)


def place(desk: Desk, person: str, team: str, start: date) -> None:
    """Somebody is in a team from a day on."""
    with desk.store.write() as tx:
        command = Assign(person, start, aspects={Aspect.TEAM: team})
        assignments.apply(tx, Stamp(HERE, "U0SAM", desk.now), command, today=desk.now.date())


def test_a_period_stands_beside_the_one_before(store: Store) -> None:
    desk = Desk(store)
    desk.wins(desk.opens("A"), 100, happened_at=at(20, month=9))
    desk.wins(desk.opens("B"), 250)
    desk.loses(desk.opens("C"))
    desk.opens("D", money=eur(300), close_on=on(10, 12))
    desk.sets(100_000)
    found = page(desk, desk.dana)
    assert (found.period.name, found.earlier.name, found.later) == ("2026-Q4", "2026-Q3", None)
    assert found.card is not None
    assert (found.card.now.volume.value, found.card.before.volume.value) == (eur(250), eur(100))
    assert (found.card.now.win_rate, found.card.before.win_rate) == (Rate(1, 2), Rate(1, 1))
    # 300 open; 1,000 − 250 = 750 left
    assert found.card.now.coverage == Coverage(Fraction(300, 750), None)
    assert found.card.before.pipeline is None
    earlier = page(desk, desk.dana, Asked(period=period("2026-Q3")))
    assert earlier.card is not None
    assert earlier.card.now.volume == found.card.before.volume
    assert earlier.later == found.period


def test_as_of_a_day_is_the_same_for_ever(store: Store) -> None:
    desk = Desk(store)
    won = desk.wins(desk.opens("A"), 100)
    desk.now += timedelta(days=1)
    desk.reopens(won)
    desk.wins(desk.opens("B"), 250)
    then = Asked(DANA, as_of=on(18))
    first = page(desk, desk.dana, then)
    assert first.card is not None
    assert first.card.now.volume.value == eur(100)
    desk.now += timedelta(days=1)
    desk.wins(desk.opens("C"), 999, happened_at=at(18))  # said too late
    assert page(desk, desk.dana, then) == first


def test_a_team_is_who_was_in_it_on_the_day(store: Store) -> None:
    desk = Desk(store)
    place(desk, "U0DANA", "North", on(1, 10))
    place(desk, "U0ARUN", "North", on(1, 10))
    place(desk, "U0DANA", "South", on(10))
    desk.wins(desk.opens("A"), 100, happened_at=at(9))
    desk.wins(desk.opens("B"), 250, happened_at=at(10))
    desk.wins(desk.opens("C", by=desk.arun), 30, by=desk.arun)
    north = page(desk, desk.sam, Asked(NORTH))
    south = page(desk, desk.sam, Asked(Whom(Whose.TEAM, name="south")))
    assert north.card is not None
    assert south.card is not None
    assert (north.card.now.volume.value, south.card.now.volume.value) == (eur(130), eur(250))
    apart = service.by_person(store, desk.sam, Asked(NORTH), desk.now)
    assert [(row.name, row.card.now.volume.value) for row in apart.rows] == [("Arun", eur(30)), ("Dana", eur(100))]


def test_sources_one_by_one_add_up_to_the_whole(store: Store) -> None:
    desk = Desk(store)
    a_lead(desk, "A", "webinar")
    a_lead(desk, "B", "a partner of ours")
    desk.wins(desk.opens("A"), 100)
    desk.wins(desk.opens("B"), 250)
    desk.wins(desk.opens("C"), 5)
    found = page(desk, desk.mark, Asked(by_source=True))
    values = {row.name: row.card.now.volume.value for row in found.rows}
    assert values == {"webinar": eur(100), "unknown": eur(5), "a partner of ours": eur(250)}
    one = page(desk, desk.mark, Asked(source="webinar"))
    whole = page(desk, desk.sam, Asked(is_whole=True))
    assert one.card == found.rows[0].card
    assert whole.card is not None
    assert whole.card.now.volume.value == eur(355)


@pytest.mark.parametrize(
    ("who", "asked", "is_seen"),
    [
        ("dana", Asked(), True),
        ("dana", Asked(Whom(person="U0ARUN")), False),
        ("dana", Asked(NORTH), False),
        ("dana", Asked(is_whole=True), False),
        ("dana", Asked(by_source=True), False),
        ("dana", Asked(Whom(Whose.TEAM)), False),
        ("maria", Asked(DANA), True),
        ("maria", Asked(Whom(Whose.TEAM)), True),
        ("maria", Asked(Whom(person="U0ARUN")), False),
        ("maria", Asked(NORTH), False),  # Arun is in it, and does not report to her
        ("maria", Asked(is_whole=True), False),
        ("maria", Asked(source="webinar"), True),
        ("mark", Asked(by_source=True), True),
        ("mark", Asked(DANA), False),
        ("sam", Asked(NORTH), True),
        ("sam", Asked(is_whole=True), True),
        ("sam", Asked(Whom(person="U0ARUN")), True),
    ],
)
def test_who_sees_what(store: Store, who: str, asked: Asked, is_seen: bool) -> None:
    desk = Desk(store)
    place(desk, "U0DANA", "North", on(1, 10))
    place(desk, "U0ARUN", "North", on(1, 10))
    actor: Actor = getattr(desk, who)
    if is_seen:
        assert page(desk, actor, asked).when.at == desk.now
    else:
        with pytest.raises(Refused):
            page(desk, actor, asked)
        with pytest.raises(Refused):
            service.by_person(store, actor, asked, desk.now)
