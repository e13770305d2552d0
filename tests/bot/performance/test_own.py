"""What is read of some people's deals is what comes of folding everybody's, as it stands and as of any moment."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.deals import courses
from bot.deals import queries as deals
from bot.deals.rules import as_of
from bot.deals.split import credited
from bot.deals.states import Kind
from bot.deals.wins import Win, wins
from bot.money import Money
from bot.people.queries import LATEST
from bot.performance.deals import ended, ended_shared
from bot.store.engine import Store
from tests.bot.pay.office import HERE, MORNING
from tests.bot.pay.wandering import Wandering
from tests.lengths import length

STEPS = 120
SEEDS = range(length(1, 20))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.long
@pytest.mark.short_on("sqlite")
def test_deals_of_some_are_those_of_all_that_are_theirs(store: Store, seed: int) -> None:
    office = Wandering(store, 100 + seed)
    office.goes_on(STEPS)
    for known in (None, *office.chance.sample(office.moments, 6)):
        start = MORNING + timedelta(days=office.chance.randint(-60, 60))
        end = start + timedelta(days=office.chance.randint(1, 200))
        some = set(office.chance.sample(("U0DANA", "U0ARUN", "U0MARIA", "U0SOFIA"), 2))
        with store.read() as tx:
            assert sorted(wins(tx, HERE, some, start, end, known)) == _folded(store, some, start, end, known)
            when = {"workspace": HERE, "currency": "EUR", "start": start, "end": end, "known": known or LATEST}
            closed = ended(tx, when, None)
            assert _in_order(ended(tx, when, some)) == _of(closed, some)
            still_open = courses.still_open(tx, HERE, None, known)
            assert _in_order(courses.still_open(tx, HERE, some, known)) == _of(still_open, some)
            assert _in_order(ended_shared(tx, when, some)) == _shared(closed, some)
            assert _in_order(courses.still_open_shared(tx, HERE, some, known)) == _shared(still_open, some)


def _folded(store: Store, some: set[str], start: datetime, end: datetime, known: datetime | None) -> list[Win]:
    """From every change of every deal."""
    found: list[Win] = []
    with store.read() as tx:
        every = deals.all_changes(tx, HERE, known or LATEST)
    for deal_id, changes in every.items():
        stood = as_of(changes)
        if stood and stood["stage"] == "won":
            at, money = datetime.fromisoformat(stood["closed_at"]), Money(stood["currency"], stood["amount"])
            owner, kind = stood["owner_id"], Kind(stood["kind"])
            parts = credited(money, stood.get("shares"), owner)
            assert sum(each.minor for each in parts.values()) == money.minor
            if start <= at < end:
                found += [Win(deal_id, who, kind, parts[who], at, who == owner) for who in parts if who in some]
    return sorted(found)


def _of(found: list[Any], some: set[str]) -> list[Any]:
    return _in_order([each for each in found if each.owner_id in some])


def _shared(found: list[Any], some: set[str]) -> list[Any]:
    return _in_order([each for each in found if some & set(each.shares or ())])


def _in_order(found: list[Any]) -> list[Any]:
    return sorted(found, key=lambda each: each.id)
