"""Leads over the wire: one comes in, two reach for it, one has it; each reads it in their own words."""

from datetime import UTC, datetime

import pytest

from bot.access.roles import Role
from bot.leads import service
from bot.leads.changes import NewLead
from tests.scenarios.conftest import Workspace
from tests.scenarios.settling import reads, settle
from tests.wire.team import GENERAL

HERE = "T0BATON"
ROLES = {
    "U0ANA": Role.MRR,
    "U0DEVON": Role.MRR,
    "U0ROMAN": Role.SDR,
    "U0LENA": Role.SDR,
    "U0SAM": Role.OPS,
}


@pytest.fixture(scope="module")
def workspace(corner: Workspace) -> Workspace:
    settle(corner, ROLES)
    return corner


def comes(workspace: Workspace, lead: NewLead) -> None:
    """A lead comes in by itself."""
    store = workspace.store()
    service.take_in(store, HERE, lead, origin=f"form:{lead.company}", now=datetime.now(UTC))
    store.close()


def test_one_comes_in_two_reach_for_it_and_one_has_it(workspace: Workspace) -> None:
    team = workspace.team
    comes(workspace, NewLead("Initrode", person="Peter Gibbons", email="p@initrode.example", source="website"))
    cards = {person: reads(workspace, person, "Initrode") for person in ("U0ANA", "U0DEVON")}
    assert "A lead came in." in cards["U0ANA"].text
    assert cards["U0ANA"].buttons == ["Claim"]
    assert team.taps("U0ANA", cards["U0ANA"], "Claim")["ok"]
    assert team.taps("U0DEVON", cards["U0DEVON"], "Claim")["ok"]
    mine = team.sees_change("U0ANA", cards["U0ANA"])
    assert "*Yours.* Reach out now" in mine.text
    assert mine.buttons == ["Log a call", "Hand off", "Back to the queue"]
    other = reads(workspace, "U0DEVON", "Ana Ruiz took it.")
    assert (other.raw["ts"], other.buttons) == (cards["U0DEVON"].raw["ts"], ["Log a call"])
    assert reads(workspace, "U0DEVON", "Ana Ruiz was faster: Initrode is theirs.")
    assert team.taps("U0ANA", mine, "Log a call")["ok"]
    form = team.form("U0ANA", "Log an activity")
    assert form.initial("Who") == "Initrode"
    assert team.submits("U0ANA", form.fill(outcome="connected"))["ok"]
    card = team.types("U0ANA", "/lead Initrode")
    assert ":white_check_mark: First touch after *under 1 min* of working time" in card.text
    assert "`+15` Call, connected" in card.text
    assert "`+20` Source: Website" in card.text


def test_the_queue_and_the_way_back(workspace: Workspace) -> None:
    team = workspace.team
    comes(workspace, NewLead("Vandelay", person="Art", source="webinar", said="needs latex"))
    listed = team.types("U0ANA", "/lead queue")
    assert "1 lead waits" in listed.text
    assert "*Vandelay* · Art · Webinar" in listed.text
    mine = team.presses("U0ANA", listed, "Claim")
    assert "*Vandelay* is yours. Reach out now, and log it." in mine.text
    back = team.presses("U0ANA", mine, "Back to the queue")
    assert "*Vandelay* is back in the queue." in back.text
    listed = team.types("U0ROMAN", "/lead очередь")
    assert "Ждёт 1 лид" in listed.text
    assert listed.buttons == []
    refused = team.types("U0ROMAN", "/lead взять Vandelay")
    assert "Обратитесь: Ana Ruiz, Devon" in refused.text


def test_typed_in_known_and_merged(workspace: Workspace) -> None:
    team = workspace.team
    made = team.types("U0LENA", "/lead new Wonka, Willy Wonka, willy@wonka.example, source referral - sells sweets")
    assert "New lead, with *Lena" in made.text
    assert "sells sweets" in made.text
    known = team.types("U0ANA", "/lead new Wonka Ltd, Charlie, charlie@wonka.example, title CEO")
    assert "Wonka is known already." in known.text
    assert known.buttons == ["Add to it", "Show it"]
    added = team.presses("U0ANA", known, "Add to it")
    assert "Added to *Wonka*." in added.text
    assert "CEO" in added.text
    assert "Came again" in added.text
    close = team.types("U0LENA", '/lead score Wonca +10 "asked for a quote"')
    assert "No lead is called “Wonca”" in close.text
    points = team.presses("U0LENA", close, "Wonka (Willy Wonka)")
    assert "`+10` “asked for a quote” · Lena" in points.text
    warm = team.types("U0LENA", "/lead nurture Wonka until 2027-06-15")
    assert "Kept warm until" in warm.text
    assert "somebody else's" in team.types("U0ANA", "/lead release Wonka").text


def test_the_form_in_russian_and_a_message_that_becomes_a_lead(workspace: Workspace) -> None:
    team = workspace.team
    assert team.sends("U0ROMAN", "/lead")["ok"]
    form = team.form("U0ROMAN", "Новый лид")
    answer = team.submits("U0ROMAN", form.fill(company="Ромашка", email="кто-то"))
    assert answer["errors"] == {"email": "Это не похоже на адрес почты."}
    assert team.submits("U0ROMAN", form.fill(email="anna@romashka.example", source="webinar"))["ok"]
    made = team.types("U0ROMAN", "/lead Ромашка")
    assert "Поступил: Вебинар" in made.text
    assert "Балл 20, класс D" in made.text
    message = team.messages("U0LENA", GENERAL)[0]
    assert team.shortcut("U0LENA", "lead_message", GENERAL, message.raw["ts"])["ok"]
    assert team.form("U0LENA", "New lead")


def test_what_is_not_understood_is_given_back(workspace: Workspace) -> None:
    reply = workspace.team.types("U0ANA", "/lead new Acme, jane@acme.example, source carrier pigeon")
    assert "I know no source “carrier pigeon”" in reply.text
    assert "/lead new Acme, jane@acme.example, source carrier pigeon" in reply.text
    assert "This would do: `/lead new Acme, jane@acme.example, source webinar`" in reply.text
    assert "who may buy" in workspace.team.types("U0ANA", "/baton lead help").text
