"""What is known of a checklist before anybody is asked."""

import pytest

from bot.errors import Refused
from bot.handoffs import service
from bot.handoffs.giving import Giving, give, prepared
from bot.leads import service as leads
from bot.leads.changes import NewLead
from bot.store.engine import Store
from bot.workspace import service as workspaces
from bot.workspace.rules import Setting
from tests.bot.handoffs.desk import HERE, MORNING, Team
from tests.factories import a_person

ADMIN = a_person("U0SAM", is_admin=True)


def comes(store: Store, **notes: object) -> None:
    new = NewLead("Acme", email="jane@acme.example", source="webinar", more=notes)
    leads.take_in(store, HERE, new, origin="form", now=MORNING)


@pytest.mark.parametrize(
    ("notes", "known"),
    [
        ({"Budget": "50k", "Decision maker": "Jane"}, {"budget": "50k", "authority": "Jane"}),
        ({"Срок": "к январю", "budget": 5000}, {"timing": "к январю", "budget": "5000"}),
        ({"budget": {"eur": 5}, "colour": "red"}, {}),
    ],
)
def test_a_form_brings_answers(store: Store, notes: dict[str, object], known: dict[str, str]) -> None:
    team = Team(store, "DANA")
    comes(store, **notes)
    found = prepared(store, team.ana, Giving("Acme")).answers or {}
    assert {code: each.text for code, each in found.items()} == known


def test_what_was_answered_before_comes_before_what_a_form_said(store: Store) -> None:
    team = Team(store, "DANA")
    comes(store, budget="a little", timeline="spring")
    row = team.gives()
    service.withdraw(store, team.ana, row.id, team.now)
    found = prepared(store, team.ana, Giving("Acme")).answers or {}
    assert found["budget"].text == "50k set aside"
    assert found["timing"].text == "spring"


def test_a_typed_hand_off_takes_what_is_known_and_a_form_only_what_stands_in_it(store: Store) -> None:
    team = Team(store, "DANA", "ARUN")
    comes(store, budget="50k")
    workspaces.change(store, ADMIN, {Setting.REQUIRED_ANSWERS: ["budget"]}, team.now)
    with pytest.raises(Refused, match="answers_missing"):
        give(store, team.ana, Giving("Acme", answers={}), origin="form", now=team.now)
    row = give(store, team.ana, Giving("Acme"), origin="line", now=team.now)
    assert row.answers["budget"].text == "50k"


def test_nothing_is_known_of_who_is_not(store: Store) -> None:
    assert prepared(store, Team(store).ana, Giving("Nobody & Sons")).answers == {}
