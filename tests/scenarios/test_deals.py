"""A qualified hand-off becomes a deal, is won with its assist, lost, and reopened: over the wire, in both languages."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.access.roles import Role
from bot.workspace.rules import Setting
from tests.scenarios.conftest import Workspace
from tests.scenarios.settling import reads, settle

ROLES = {
    "U0ANA": Role.SDR,
    "U0ROMAN": Role.SDR,
    "U0DANA": Role.AE,
    "U0OLGA": Role.AE,
    "U0MARIA": Role.MANAGER,
    "U0SAM": Role.OPS,
}


@pytest.fixture(scope="module")
def workspace(corner: Workspace) -> Workspace:
    settle(corner, ROLES, {Setting.WINS_CHANNEL: "C0WINS", Setting.CURRENCY: "EUR"})
    return corner


def qualified(workspace: Workspace, giver: str, line: str, taker: str, title: str, labels: tuple[str, str]) -> None:
    """`giver` hands something over, `taker` accepts and qualifies it."""
    team = workspace.team
    team.types(giver, line)
    card = reads(workspace, taker, title)
    team.taps(taker, card, labels[0])
    accepted = team.sees_change(taker, card)
    team.taps(taker, accepted, labels[1])
    assert team.submits(taker, team.form(taker))["ok"]


def test_from_a_qualified_hand_off_to_a_win_that_is_taken_back(workspace: Workspace) -> None:
    team = workspace.team
    qualified(workspace, "U0ANA", "/handoff Acme to @dana", "U0DANA", "Lead for you: Acme", ("Accept", "Qualified"))
    mine = reads(workspace, "U0ANA", "This one counts for you")
    listed = team.types("U0DANA", "/deal")
    assert "*Acme* · no amount yet · Needs" in listed.text
    card = team.presses("U0DANA", listed, "Open")
    assert "Assist\nAna Ruiz" in card.text.replace("*", "")
    assert "Write down what goes wrong today" in card.text
    changed = team.types("U0DANA", "/deal acme 24.000 close 30 jan negotiation next fri send contract")
    assert "I read 24.000 as 24,000.00\u00a0EUR" in changed.text
    assert "Stage: Negotiation (was Needs)" in changed.text
    assert team.chooses("U0DANA", changed, "Stage", "Concerns")
    moved = team.sees_change("U0DANA", changed)
    assert "Stage: Concerns (was Negotiation)" in moved.text
    won = team.types("U0DANA", "/deal Acme won 26k")
    assert ":tada: Won: *Acme*, 26,000.00\u00a0EUR" in won.text
    announced = reads(
        workspace, "U0SAM", "Acme", "Dana Lee", "26,000.00\u00a0EUR", "Assist: Ana Ruiz", channel="C0WINS"
    )
    told = reads(workspace, "U0ANA", "*Won*: 26,000.00\u00a0EUR. The assist is yours.")
    assert told.raw["ts"] == mine.raw["ts"]  # one message, in its place
    assert "Acme was won already" in team.types("U0MARIA", "/deal Acme won 1").text
    team.presses("U0DANA", won, "Reopen")
    mended = team.sees_change("U0SAM", announced)
    assert "*Acme* is open again" in mended.text
    assert "Won" not in team.sees_change("U0ANA", told).text
    team.types("U0DANA", "/deal Acme won 25k")
    assert "25,000.00\u00a0EUR" in team.sees_change("U0SAM", mended).text
    assert len([each for each in team.messages("U0SAM", "C0WINS") if "Acme" in each.text]) == 1


def test_the_same_in_russian_until_it_is_lost(workspace: Workspace) -> None:
    team = workspace.team
    line = "/handoff Ромашка для @olga"
    qualified(workspace, "U0ROMAN", line, "U0OLGA", "Лид для вас: Ромашка", ("Принять", "Подтверждён"))
    reads(workspace, "U0ROMAN", "Зачёт ваш")
    changed = team.types("U0OLGA", "/baton сделка Ромашка 24 тыс евро закрытие 30 янв этап переговоры")
    assert "24\u00a0000,00\u00a0EUR" in changed.text
    assert "Этап: Переговоры (было: Потребности)" in changed.text
    asked = team.types("U0OLGA", "/deal Ромашка проиграна - ушли к Васильку, там дешевле")
    assert "Почему проиграли *Ромашка*?" in asked.text
    assert asked.buttons[:2] == ["Выбрали конкурента", "Цена"]
    assert "ушли к Васильку" in asked.text
    lost = team.presses("U0OLGA", asked, "Цена")
    assert "Проиграна: *Ромашка*" in lost.text
    assert "ушли к Васильку, там дешевле" in lost.text
    reads(workspace, "U0ROMAN", "Сделка проиграна: Цена.")
    again = team.presses("U0OLGA", lost, "Открыть снова")
    assert "Снова открыта: *Ромашка*" in again.text
    assert "Переговоры" in again.text


def test_forms_ask_for_what_a_line_leaves_out(workspace: Workspace) -> None:
    team = workspace.team
    opened = team.types("U0DANA", "/deal Globex stage demo")
    assert "Opened: *Globex*" in opened.text
    team.sends("U0DANA", "/deal Globex won")
    form = team.form("U0DANA", "Amount in EUR").fill(amount="much")
    assert team.submits("U0DANA", form)["errors"] == {
        "amount": "That is no amount that I can read. For example: 24000."
    }
    seen = len(team.messages("U0DANA"))
    assert team.submits("U0DANA", team.form("U0DANA").fill(amount="9.5k"))["ok"]
    assert ":tada: Won: *Globex*, 9,500.00\u00a0EUR" in team.next_message("U0DANA", seen).text
    team.types("U0DANA", "/deal Initech 5k")
    team.sends("U0DANA", "/deal Initech lost competitor")
    form = team.form("U0DANA", "Why")
    assert "Which competitor" in str(team.submits("U0DANA", form)["errors"])
    seen = len(team.messages("U0DANA"))
    assert team.submits("U0DANA", team.form("U0DANA").fill(note="Rival"))["ok"]
    assert "Lost: *Initech*" in team.next_message("U0DANA", seen).text


def test_questions_are_answered_with_one_button(workspace: Workspace) -> None:
    team = workspace.team
    days = team.types("U0DANA", "/deal Umbrella 5k close 03/04")
    assert len(days.buttons) == 2
    assert "Opened: *Umbrella*" in team.presses("U0DANA", days, days.buttons[0]).text
    stages = team.types("U0DANA", "/deal Umbrella stage closing")
    assert stages.buttons[0] == "Negotiation"
    assert "Stage: Negotiation" in team.presses("U0DANA", stages, "Negotiation").text
    near = team.types("U0DANA", "/deal Umbrela 6k")
    assert near.buttons == ["Umbrella", "New: Umbrela"]
    assert "6,000.00\u00a0EUR (was 5,000.00\u00a0EUR)" in team.presses("U0DANA", near, "Umbrella").text
    nothing = team.types("U0DANA", "/deal Umbrella won 0")
    assert "really won for nothing" in nothing.text
    assert "Won: *Umbrella*, 0.00\u00a0EUR" in team.presses("U0DANA", nothing, "Yes, for 0").text
    assert "Nowhere" in (none := team.types("U0DANA", "/deal Nowhere lost")).text
    assert none.buttons == []  # no reason is asked for, for there is no deal
    refused = team.types("U0DANA", "/deal Acme $24k").text
    assert "this workspace counts in EUR" in refused
    assert "/deal Acme $24k" in refused


def test_another_s_deal_is_refused_with_who_can(workspace: Workspace) -> None:
    team = workspace.team
    team.types("U0DANA", "/deal Hooli 7k")
    refused = team.types("U0OLGA", "/deal Hooli lost price").text
    assert "Dana Lee" in refused
    beside = team.types("U0OLGA", "/deal Hooli 8k")
    assert beside.buttons == ["Открыть свою"]
    assert "Открыта сделка: *Hooli*" in team.presses("U0OLGA", beside, "Открыть свою").text
    assert "Open deals of Dana Lee" in team.types("U0MARIA", "/deal @dana").text


def test_a_customer_s_renewal_is_reminded_of_until_it_is_settled(workspace: Workspace) -> None:
    team = workspace.team
    soon = (datetime.now(UTC) + timedelta(days=45)).date().isoformat()
    won = team.types("U0DANA", f"/deal Vandelay won 5k renews {soon}")
    assert "Won: *Vandelay*" in won.text
    told = reads(workspace, "U0DANA", "*Vandelay* renews in 4", "5,000.00\u00a0EUR")
    left = team.types("U0DANA", "/deal Vandelay churned price")
    assert "Left on" in left.text
    assert "the renewal is settled" in team.sees_change("U0DANA", told).text
    back = team.presses("U0DANA", left, "Undo")
    assert "Customer since" in back.text
    more = team.types("U0DANA", "/deal Vandelay upsell 700")
    assert "Opened: *Vandelay*" in more.text
    assert "Vandelay, upsell" in more.text
    stays = team.types("U0DANA", "/deal Vandelay renewed 6k")
    assert "Won: *Vandelay*, 6,000.00\u00a0EUR" in stays.text
    assert "Stranger пока ничего не покупали" in team.types("U0OLGA", "/deal Stranger renewed").text
