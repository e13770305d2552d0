"""An SDR hands a lead over and sees it land: what each person reads, and how often, over the wire."""

import pytest

from tests.scenarios.conftest import Workspace
from tests.scenarios.handing_over import hand_over
from tests.scenarios.settling import reads


@pytest.fixture(scope="module")
def workspace(corner: Workspace) -> Workspace:
    hand_over(corner)
    return corner


def test_given_accepted_qualified(workspace: Workspace) -> None:
    team = workspace.team
    reply = team.types("U0ANA", "/handoff Acme to @dana - wants a demo before Christmas")
    assert "*Acme* is on offer to Dana Lee" in reply.text
    mine = reads(workspace, "U0ANA", "*Acme* → Dana Lee")
    assert "On offer, answer due by" in mine.text
    card = reads(workspace, "U0DANA", "Lead for you: Acme")
    assert "wants a demo before Christmas" in card.text
    assert card.buttons == ["Accept", "Decline", "Reassign"]
    assert team.taps("U0DANA", card, "Accept")["ok"]
    accepted = team.sees_change("U0DANA", card)
    assert accepted.buttons == ["Qualified", "Not qualified"]
    assert "first contact" not in reads(workspace, "U0ANA", "*Accepted* after 1 minute").text
    team.taps("U0DANA", accepted, "Qualified")
    assert team.submits("U0DANA", team.form("U0DANA").fill(answer_budget="50k"))["ok"]
    done = reads(workspace, "U0ANA", "This one counts for you")
    assert "accepted by Dana Lee" in done.text
    assert reads(workspace, "U0ANA", "Acme").raw["ts"] == mine.raw["ts"]  # one message, in its place
    reads(workspace, "U0SAM", "Acme", "Qualified", channel="C0HANDOFFS")


def test_declined_in_russian_goes_to_the_other_one(workspace: Workspace) -> None:
    team = workspace.team
    reply = team.types("U0ROMAN", "/handoff Ромашка для @olga")
    assert "*Ромашка*: предложено, Ольга Смирнова отвечает до" in reply.text
    card = reads(workspace, "U0OLGA", "Лид для вас: Ромашка")
    assert card.buttons == ["Принять", "Отклонить", "Передать другому"]
    team.taps("U0OLGA", card, "Отклонить")
    form = team.form("U0OLGA").fill(reason="full")
    assert team.submits("U0OLGA", form)["ok"]
    assert "Вы отклонили. Сейчас: Dana Lee." in team.sees_change("U0OLGA", card).text
    reads(workspace, "U0DANA", "Lead for you: Ромашка")
    mine = reads(workspace, "U0ROMAN", "*Ромашка* → Dana Lee", "Ольга Смирнова: отказ (Сейчас нет времени)")
    team.taps("U0ROMAN", mine, "Отозвать")
    assert "Отозван" in team.sees_change("U0ROMAN", mine).text
    assert "Ромашка" in reads(workspace, "U0DANA", "took it back").text  # once it has changed


def test_whoever_presses_late_hears_who_has_it(workspace: Workspace) -> None:
    team = workspace.team
    team.types("U0ANA", "/handoff Globex to @dana")
    card = reads(workspace, "U0DANA", "Lead for you: Globex")
    assert team.taps("U0DANA", card, "Accept")["ok"]
    assert "Dana Lee was faster: Globex is theirs." in team.types("U0ANA", "/handoff withdraw Globex").text


def test_stuck_in_russian_is_taken_over(workspace: Workspace) -> None:
    team = workspace.team
    asked = team.types("U0ROMAN", "/team застрял Ромашка").text
    assert "Что мешает с Ромашка?" in asked
    reply = team.types("U0ROMAN", "/team застрял Ромашка «нужно согласовать скидку»")
    assert "*Ромашка*: вопрос передан, теперь отвечает Sam Okafor" in reply.text
    card = reads(workspace, "U0SAM", "Stuck, and you can help: Ромашка")
    assert "нужно согласовать скидку" in card.text
    assert card.buttons == ["Accept", "Decline", "Reassign"]
    assert team.taps("U0SAM", card, "Accept")["ok"]
    accepted = team.sees_change("U0SAM", card)
    assert accepted.buttons == []
    assert "It is yours now, and Роман Иванов knows." in accepted.text
    mine = reads(workspace, "U0ROMAN", "*Ромашка* → Sam Okafor", "*Взято на себя* за 1 минуту")
    assert "Дело встало, нужна помощь" in mine.text
    assert mine.buttons == []


def test_help_from_a_specialist_is_asked_for_at_home(workspace: Workspace) -> None:
    team = workspace.team
    reply = team.types("U0DANA", "/handoff Umbrella to specialist - needs an API expert")
    assert "*Umbrella*: Mina" in reply.text
    assert "is asked, answer due by" in reply.text
    home = team.opens_home("U0MINA")
    assert "On my desk" in home.text
    assert team.presses_in("U0MINA", home, "Accept")
    done = reads(workspace, "U0DANA", "Umbrella* → Mina", "*Accepted* after 1 minute")
    assert "A deal that needs a specialist" in done.text
    reads(workspace, "U0MINA", "Your help is wanted: Umbrella", "It is yours now, and Dana Lee knows.")


def test_home_follows_a_hand_off(workspace: Workspace) -> None:
    team = workspace.team
    team.opens_home("U0ANA")
    team.opens_home("U0OLGA")
    team.types("U0ANA", "/handoff Soylent to @olga")
    assert "*Soylent* → Ольга Смирнова" in team.home_when("U0ANA", "Soylent").text
    home = team.home_when("U0OLGA", "Soylent")
    assert "У меня на столе" in home.text
    assert team.presses_in("U0OLGA", home, "Принять")
    assert "Подтверждён" in team.home_when("U0OLGA", "принято, первый звонок до").buttons
    assert (
        "accepted, first call due by"
        in team.home_when("U0ANA", "*Soylent* → Ольга Смирнова\n:large_green_circle: accepted").text
    )


def test_the_list_and_the_reasons(workspace: Workspace) -> None:
    team = workspace.team
    team.types("U0ANA", "/handoff Initech")
    listed = team.types("U0ANA", "/handoff list").text
    assert "With others" in listed
    assert "Initech" in listed
    assert "Why it went where it went: Initech" in team.types("U0ANA", "/baton why Initech").text


def test_operations_see_the_shares_and_change_the_rules(workspace: Workspace) -> None:
    team = workspace.team
    shown = team.types("U0SAM", "/team routing")
    assert "Who gets the next lead" in shown.text
    assert "*Dana Lee* · everywhere" in shown.text
    assert "of the leads, fair: " in shown.text
    assert team.taps("U0SAM", shown, "Weights and limits")["ok"]
    form = team.form("U0SAM").fill(weight="2")
    assert "people" in team.submits("U0SAM", form)["errors"]
    form = team.form("U0SAM").fill(people=["U0DANA"], weight="2", cap="30")
    assert team.submits("U0SAM", form)["ok"]
    assert "*Dana Lee* · everywhere · weight 2 · at most 30 open" in team.sees_change("U0SAM", shown).text
    assert "weight: <@U0DANA> 2 · at most open: <@U0DANA> 30" in team.types("U0SAM", "/baton audit").text
    shown = team.types("U0SAM", "/team routing")
    assert team.taps("U0SAM", shown, "Hand-off settings")["ok"]
    form = team.form("U0SAM").fill(minutes="90", stuck="U0MARIA")
    assert team.submits("U0SAM", form)["ok"]
    assert "Answer within 90 minutes" in team.sees_change("U0SAM", shown).text
    assert "weight 2" in team.sees_change("U0SAM", shown).text


def test_a_rep_sees_the_rules_and_only_their_own_share(workspace: Workspace) -> None:
    shown = workspace.team.types("U0OLGA", "/team распределение")
    assert "*Dana Lee* · везде" in shown.text
    assert "*Dana Lee* · 1" not in shown.text
    assert "предложено" in shown.text
    assert shown.buttons == []


def test_what_is_not_understood_is_given_back(workspace: Workspace) -> None:
    reply = workspace.team.types("U0ANA", "/handoff Hooli to @dana and @olga")
    assert "Two people are named" in reply.text
    assert "/handoff Hooli to @dana and @olga" in reply.text.replace("Dana Lee", "dana").replace(
        "Ольга Смирнова", "olga"
    )
