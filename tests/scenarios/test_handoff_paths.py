"""A hand-off's other ways, over the wire: passed on, not qualified, nobody there, after the sale."""

import pytest

from tests.scenarios.conftest import Workspace
from tests.scenarios.handing_over import hand_over
from tests.scenarios.settling import reads


@pytest.fixture(scope="module")
def workspace(corner: Workspace) -> Workspace:
    hand_over(corner)
    return corner


def test_reassigned_to_somebody_who_was_named(workspace: Workspace) -> None:
    team = workspace.team
    team.types("U0ANA", "/handoff Acme to @dana")
    card = reads(workspace, "U0DANA", "Lead for you: Acme")
    assert team.taps("U0DANA", card, "Reassign")["ok"]
    assert team.submits("U0DANA", team.form("U0DANA").fill(to="U0OLGA", note="speaks Russian"))["ok"]
    assert "You passed it on. It is with Ольга Смирнова now." in team.sees_change("U0DANA", card).text
    assert reads(workspace, "U0OLGA", "Лид для вас: Acme").buttons == ["Принять", "Отклонить", "Передать другому"]
    mine = reads(workspace, "U0ANA", "*Acme* → Ольга Смирнова", "passed on by Dana Lee")
    team.taps("U0ANA", mine, "Withdraw")
    reads(workspace, "U0OLGA", "Лид для вас: Acme", "Ana Ruiz")


def test_not_qualified_goes_back_with_its_reason_and_a_word(workspace: Workspace) -> None:
    team = workspace.team
    team.types("U0ROMAN", "/handoff Globex для @olga")
    card = reads(workspace, "U0OLGA", "Лид для вас: Globex")
    assert team.taps("U0OLGA", card, "Принять")["ok"]
    accepted = team.sees_change("U0OLGA", card)
    assert team.taps("U0OLGA", accepted, "Не подтверждён")["ok"]
    form = team.form("U0OLGA").fill(reason="other")
    assert "note" in team.submits("U0OLGA", form)["errors"]
    assert team.submits("U0OLGA", form.fill(note="слились с конкурентом"))["ok"]
    mine = reads(workspace, "U0ROMAN", "*Globex* → Ольга Смирнова", "*Не подтверждён*: Другое")
    assert "слились с конкурентом" in mine.text
    assert mine.buttons == []
    assert "Не подтверждён" in team.types("U0ROMAN", "/lead Globex").text
    assert "Not qualified: Other (1)" in team.types("U0SAM", "/lead sources").text


def test_what_everybody_declined_waits_in_sight_and_is_taken_from_there(workspace: Workspace) -> None:
    team = workspace.team
    team.types("U0ANA", "/handoff Initech to @dana")
    card = reads(workspace, "U0DANA", "Lead for you: Initech")
    team.taps("U0DANA", card, "Decline")
    team.submits("U0DANA", team.form("U0DANA").fill(reason="full"))
    card = reads(workspace, "U0OLGA", "Лид для вас: Initech")
    team.taps("U0OLGA", card, "Отклонить")
    team.submits("U0OLGA", team.form("U0OLGA").fill(reason="not-mine"))
    reads(workspace, "U0ANA", "Initech", "Nobody can take it at the moment")
    reads(workspace, "U0SAM", "Initech", "`/lead why Initech`")
    listed = team.types("U0DANA", "/handoff list")
    assert "Initech" in listed.text
    assert team.taps("U0DANA", listed, "Accept")["ok"]
    reads(workspace, "U0ANA", "*Initech* → Dana Lee", "*Accepted*")


def test_after_the_sale_it_goes_to_success_and_what_more_they_want_comes_back(workspace: Workspace) -> None:
    team = workspace.team
    team.types("U0DANA", "/handoff Hooli to csm - signed for a year")
    card = reads(workspace, "U0LENA", "Hooli", "signed for a year")
    assert team.taps("U0LENA", card, "Accept")["ok"]
    reads(workspace, "U0DANA", "*Hooli* → Lena Novak", "*Accepted* after 1 minute")
    team.types("U0LENA", "/handoff Hooli to @dana - wants ten more seats")
    upsell = reads(workspace, "U0DANA", "Hooli", "wants ten more seats")
    assert team.taps("U0DANA", upsell, "Accept")["ok"]
    accepted = team.sees_change("U0DANA", upsell)
    assert team.taps("U0DANA", accepted, "Qualified")["ok"]
    assert team.submits("U0DANA", team.form("U0DANA"))["ok"]
    reads(workspace, "U0LENA", "*Hooli* → Dana Lee", "*Qualified.* This one counts for you.")
