"""Operations write the questions; whoever gives, takes and follows a lead reads them in their own language."""

import pytest

from tests.scenarios.conftest import Workspace
from tests.scenarios.handing_over import hand_over
from tests.scenarios.settling import reads

QUESTIONS = "* What do they use today? | Чем пользуются сейчас?\nHow many seats? | Сколько мест?"


@pytest.fixture(scope="module")
def workspace(corner: Workspace) -> Workspace:
    hand_over(corner)
    return corner


def sets(workspace: Workspace, **filled: str) -> dict[str, object]:
    """Sam fills in the settings of hand-offs."""
    team = workspace.team
    shown = team.types("U0SAM", "/team routing")
    assert team.taps("U0SAM", shown, "Hand-off settings")["ok"]
    answer = team.submits("U0SAM", team.form("U0SAM").fill(**filled))
    if answer["ok"]:
        assert "Saved" in team.sees_change("U0SAM", shown).text
    return answer


def test_own_questions_from_the_setting_to_the_givers_message(workspace: Workspace) -> None:
    team = workspace.team
    team.types("U0ANA", "/handoff Hooli to @dana")  # asked by BANT
    before = reads(workspace, "U0DANA", "Lead for you: Hooli")
    assert "at least one question" in str(sets(workspace, checklist="own", questions=" "))
    assert "too many" in str(sets(workspace, checklist="own", questions="\n".join(f"Question {n}?" for n in range(9))))
    assert sets(workspace, checklist="own", questions=QUESTIONS)["ok"]
    assert "Checklist: Own questions" in team.types("U0SAM", "/team routing").text
    assert "What do they use today?" in team.types("U0SAM", "/baton audit").text

    team.sends("U0ANA", "/handoff Acme to @olga")  # a required answer is missing: the form opens
    form = team.form("U0ANA", "What do they use today?")
    assert "How many seats?" in form.text
    assert team.submits("U0ANA", form.fill(answer_own1="a *spreadsheet*"))["ok"]
    card = reads(workspace, "U0OLGA", "Лид для вас: Acme")
    assert "*Чем пользуются сейчас?* a *spreadsheet*" in card.text
    assert "1 из 2" in card.text
    assert team.taps("U0OLGA", card, "Принять")["ok"]
    accepted = team.sees_change("U0OLGA", card)
    assert team.taps("U0OLGA", accepted, "Подтверждён")["ok"]
    judged = team.form("U0OLGA", "Сколько мест?")
    assert "Чем пользуются сейчас?" in judged.text
    assert team.submits("U0OLGA", judged)["ok"]
    mine = reads(workspace, "U0ANA", "Acme* → Ольга Смирнова", "This one counts for you")
    assert "Still not known: How many seats?" in mine.text
    assert "*What do they use today?* a *spreadsheet*" in team.types("U0ANA", "/lead Acme").text

    assert team.taps("U0DANA", before, "Accept")["ok"]
    old = team.sees_change("U0DANA", before)
    assert team.taps("U0DANA", old, "Qualified")["ok"]
    assert "Budget" in team.form("U0DANA").text  # what it was asked


def test_the_form_in_russian(workspace: Workspace) -> None:
    team = workspace.team
    assert sets(workspace, checklist="own", questions=QUESTIONS)["ok"]
    team.sends("U0ROMAN", "/handoff")
    form = team.form("U0ROMAN", "Чем пользуются сейчас?")
    assert team.submits("U0ROMAN", form.fill(company="Globex", to="U0DANA", answer_own1="нет", answer_own2="40"))["ok"]
    card = reads(workspace, "U0DANA", "Lead for you: Globex")
    assert "*What do they use today?* нет" in card.text
    assert "*How many seats?* 40" in card.text
