"""What became of leads by source: every count worked out by hand from what happens here."""

from datetime import timedelta

import pytest

from bot.errors import Refused
from bot.handoffs import service, sources
from bot.handoffs.sources import Quality
from bot.leads import service as leads
from bot.leads.changes import NewLead
from bot.store.engine import Store
from tests.bot.handoffs.desk import HERE, Team
from tests.factories import a_member


def comes(team: Team, company: str, source: str) -> None:
    leads.take_in(team.store, HERE, NewLead(company, source=source), origin=company, now=team.now)


def test_what_became_of_leads_by_source(store: Store) -> None:
    team = Team(store, "DANA", "ARUN")
    dana, arun = team.takers
    for company in ("Acme", "Globex", "Initech", "Hooli"):
        comes(team, company, "webinar")
    comes(team, "Umbrella", "ads")
    good, bad, passed = (
        team.gives("Acme", to=dana.id),
        team.gives("Globex", to=dana.id),
        team.gives("Initech", to=dana.id),
    )
    for each in (good, bad):
        service.accept(store, dana, each.id, team.now)
    service.requalify(store, dana, good.id, {}, None, team.now)
    service.reject(store, dana, bad.id, "no-budget", None, team.now)
    service.decline(store, dana, passed.id, "full", None, team.now)
    service.accept(store, arun, passed.id, team.now)
    found = sources.feedback(store, team.sam, team.now)
    webinar = Quality("webinar", 4, 1, 3, 3, 1, {"no-budget": 1}, {"full": 1})
    assert found.sources == (webinar, Quality("ads", 1, 1))
    assert found.came == 5


def test_what_was_rejected_and_qualified_later_counts_once_as_it_is(store: Store) -> None:
    team = Team(store, "DANA")
    comes(team, "Acme", "webinar")
    first = team.gives("Acme")
    service.accept(store, team.takers[0], first.id, team.now)
    service.reject(store, team.takers[0], first.id, "no-timing", None, team.now)
    team.now += timedelta(days=3)
    again = team.gives("Acme")
    service.accept(store, team.takers[0], again.id, team.now)
    service.requalify(store, team.takers[0], again.id, {}, None, team.now)
    assert sources.feedback(store, team.sam, team.now).sources == (Quality("webinar", 1, 0, 1, 1, 1),)


def test_only_what_came_in_the_days_asked_for(store: Store) -> None:
    team = Team(store)
    comes(team, "Acme", "webinar")
    later = team.now + timedelta(days=40)
    assert sources.feedback(store, team.sam, later).sources == ()
    assert sources.feedback(store, team.sam, later, 90).came == 1


def test_marketing_and_managers_read_it_and_reps_hear_who_does(store: Store) -> None:
    team = Team(store, "DANA")
    lena = a_member(store, "U0LENA", "MARKETING")
    for reader in (lena, team.maria, team.sam):
        assert sources.feedback(store, reader, team.now).sources == ()
    for reader in (team.ana, team.takers[0]):
        with pytest.raises(Refused) as refused:
            sources.feedback(store, reader, team.now)
        assert team.maria.name in str(refused.value.params["can"])
