"""A deal that two have, from its opening to both statements, divided anew and taken back, in both languages.

25,000.10 at 60/40: Olga has 10,000.04 and Dana the rest, 15,000.06; at 50/50 each has 12,500.05. The plan pays 8 %:
10,000.04 × 8 % = 800.0032: 800.00; 15,000.06 × 8 % = 1,200.0048: 1,200.00; 12,500.05 × 8 % = 1,000.004: 1,000.00.
"""

from collections.abc import Iterator

import pytest

from bot.access.roles import Role
from bot.workspace.rules import Setting
from tests.scenarios.conftest import CORNERS, Workspace, start_workspace
from tests.scenarios.settling import reads, settle
from tests.wire.screens import Screen

ROLES = {"U0ANA": Role.SDR, "U0DANA": Role.AE, "U0OLGA": Role.AE, "U0MARIA": Role.MANAGER, "U0SAM": Role.OPS}


@pytest.fixture(scope="module", params=CORNERS[1:], ids="-".join)
def workspace(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    mode, database = request.param
    for found in start_workspace(request, tmp_path_factory.mktemp("shares"), mode, database):
        for person in ("U0DANA", "U0MARIA"):  # in Slack they may do everything, here only what their roles may
            found.team.changes_user(person, is_admin=False, is_owner=False, is_primary_owner=False)
        settle(found, ROLES, {Setting.WINS_CHANNEL: "C0WINS", Setting.CURRENCY: "EUR"})
        plan = found.team.presses("U0SAM", found.team.types("U0SAM", "/quota plan"), "Show", nth=2)
        found.team.taps("U0SAM", plan, "Start with the standard plan")
        assert found.team.submits("U0SAM", found.team.form("U0SAM").fill(steps="flat won 8%"))["ok"]
        yield found


def said(shown: Screen) -> str:
    """The words of it, with plain spaces."""
    return shown.text.replace("\u00a0", " ").replace("*", "")


def test_a_deal_with_a_share_from_its_opening_to_both_statements_and_back(workspace: Workspace) -> None:
    team = workspace.team
    opened = said(team.types("U0DANA", "/deal Acme 25,000.10 split @olga 40"))
    assert "Shares: Ольга Смирнова 40 %" in opened
    assert "Dana Lee 60 %, 15,000.06 EUR\nОльга Смирнова 40 %, 10,000.04 EUR" in opened
    told = reads(workspace, "U0OLGA", "Ваша доля в сделке с")
    assert "Acme — 40 %: 10 000,04 EUR" in said(told)
    assert "доля: 40 %, 10 000,04 EUR · ответственный: Dana Lee" in said(team.types("U0OLGA", "/deal"))
    seen = len(team.messages("U0OLGA", told.channel))
    team.taps("U0OLGA", told, "Открыть")
    assert "60 %, 15 000,06 EUR" in said(team.next_message("U0OLGA", seen, told.channel))
    team.types("U0DANA", "/deal Acme won")
    reads(workspace, "U0SAM", "Acme", "Dana Lee", "Shared with Ольга Смирнова", channel="C0WINS")
    hers, theirs = (team.types(who, "/quota statement") for who in ("U0DANA", "U0OLGA"))
    assert "15,000.06 EUR × 8 % = 1,200.00 EUR" in said(hers)
    assert "Your share: 60 % of 25,000.10 EUR." in said(hers)
    assert "10 000,04 EUR × 8 % = 800,00 EUR" in said(theirs)
    assert "Ваша доля: 40 % от 25 000,10 EUR." in said(theirs)

    assert "These can change them: Maria Keller" in said(team.types("U0DANA", "/deal Acme split @olga 50"))
    divided = said(team.types("U0MARIA", "/deal Acme split @olga 50"))
    assert "Divided anew: Acme" in divided
    assert "Shares: Ольга Смирнова 50 % (was Ольга Смирнова 40 %)" in divided
    theirs = team.types("U0OLGA", "/quota statement")
    assert "Возврат: сделку разделили по-новому." in said(theirs)
    assert "Итого\n1 000,00 EUR" in said(theirs)
    assert "Total\n1,000.00 EUR" in said(team.types("U0DANA", "/quota statement"))

    team.types("U0DANA", "/deal Acme reopen")
    assert "Total\n0.00 EUR" in said(team.types("U0DANA", "/quota statement"))
    theirs = team.types("U0OLGA", "/quota statement")
    assert "-12 500,05 EUR × 8 % = -1 000,00 EUR" in said(theirs)
    assert "Итого\n0,00 EUR" in said(theirs)


def test_shares_by_line_and_by_form_and_what_is_none(workspace: Workspace) -> None:
    team = workspace.team
    opened = said(team.types("U0OLGA", "/deal Ромашка 24 тыс разделить с @dana 30 %"))
    assert "Dana Lee 30 %, 7 200,00 EUR" in opened
    told = reads(workspace, "U0DANA", "30 % of the deal with", "Ромашка")
    assert "7,200.00 EUR" in said(told)
    assert "не занимается продажами" in said(team.types("U0OLGA", "/deal Ромашка разделить @sam 30"))
    over = said(team.types("U0OLGA", "/deal Ромашка разделить @dana 100"))
    assert "Выходит 100 %" in over
    assert "/deal Ромашка разделить @dana 40" in over
    card = team.types("U0OLGA", "/deal Ромашка разделить нет")
    assert "Dana Lee 30 %" in said(card)  # what it was
    reads(workspace, "U0DANA", "You have no share of the deal with", "Ромашка")
    team.taps("U0OLGA", card, "Разделить")
    form = team.form("U0OLGA", "Доля")
    assert "Чья это доля?" in str(team.submits("U0OLGA", form.fill(share1="40"))["errors"])
    form.fill(who1="U0DANA", share1="100")
    assert "У остальных вышло бы 100 %" in str(team.submits("U0OLGA", form)["errors"])
    assert team.submits("U0OLGA", form.fill(share1="33,33"))["ok"]
    assert "Dana Lee 33,33 %, 7 999,20 EUR" in said(team.sees_change("U0OLGA", card))
