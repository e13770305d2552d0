"""Figures of histories in which anything happens: shown once they stay what they were, some are read as all are, and
people add up to the whole. On both databases.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

import pytest

from bot.figures.conversion import WinShares
from bot.performance.facts import Group, Scope, read
from bot.performance.figures import Figures, Span, figures
from bot.store.engine import Store
from tests.bot.pay.office import HERE
from tests.bot.pay.wandering import Wandering
from tests.bot.performance.test_figures import additive
from tests.lengths import length

PEOPLE = ("U0ANA", "U0ARUN", "U0CEM", "U0DANA", "U0MARIA", "U0OLGA", "U0SAM", "U0SOFIA")
EVER = (date(2026, 1, 1), date(2027, 12, 31))
NO_SHARES = WinShares({}, {})
SEEDS = range(length(1, 10))
CHUNKS, STEPS = 5, 24


def shown(store: Store, now: datetime, people: Collection[str] | None, known: datetime | None) -> Mapping[str, Figures]:
    """The figures of the quarter of a moment, and of the one before it, of each of `people` (or of everybody)."""
    moment = known or now
    first = date(moment.year, (moment.month - 1) // 3 * 3 + 1, 1)
    last = (first + timedelta(days=95)).replace(day=1) - timedelta(days=1)
    before = (first - timedelta(days=1)).replace(day=1) - timedelta(days=62)
    spans = (Span(first, last, moment.date(), moment), Span(before, first - timedelta(days=1), moment.date(), moment))
    with store.read() as tx:
        facts = read(tx, Scope(HERE, people, before, last, known))
    return {
        f"{person} {span.first}": figures(facts, Group.of(person), span, NO_SHARES)
        for person in people or PEOPLE
        for span in spans
    }


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.long
@pytest.mark.short_on("sqlite")
def test_whatever_happens_later_what_was_shown_stands(store: Store, seed: int) -> None:
    office, then = Wandering(store, 500 + seed), dict[datetime, Mapping[str, Figures]]()
    for _ in range(CHUNKS):
        office.goes_on(STEPS)
        then[office.now] = shown(store, office.now, None, None)
        office.now += timedelta(minutes=1)
    for moment, each in then.items():
        assert shown(store, moment, None, moment) == each, moment


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.long
@pytest.mark.short_on("postgresql")
def test_some_are_read_as_everybody_is_and_add_up(store: Store, seed: int) -> None:
    office = Wandering(store, 600 + seed)
    office.goes_on(CHUNKS * STEPS)
    for known in (None, *office.chance.sample(office.moments, 3)):
        every = shown(store, office.now, None, known)
        some = office.chance.sample(PEOPLE, 3)
        assert shown(store, office.now, some, known).items() <= every.items()
        moment = known or office.now
        span = Span(*EVER, moment.date(), moment)
        with store.read() as tx:
            facts = read(tx, Scope(HERE, None, *EVER, known))
        whole = additive(figures(facts, Group(), span, NO_SHARES))
        apart = [additive(figures(facts, Group.of(each), span, NO_SHARES)) for each in PEOPLE]
        assert {name: sum(each[name] for each in apart) for name in whole} == whole
