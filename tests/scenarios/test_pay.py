"""An account executive's quarter as it is paid: the plan, every line to the cent, what is taken back, the close, and
disputes to their answers, in both languages.

Plan of the trade's example: 0 to 100 % pays 8 %, to 150 % 12 %, beyond 15 %. With a quota of 100,000: Acme 60,000 at
8 % = 4,800; Globex 55,000: 40,000 at 8 % = 3,200 and 15,000 at 12 % = 1,800; Initech 45,000: 35,000 at 12 % = 4,200 and
10,000 at 15 % = 1,500; together 15,500. Without Acme the others come to 100,000: 8,000.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from bot.access.roles import Role
from bot.transfer import table
from bot.transfer.statements_out import COLUMNS
from bot.workspace.rules import Setting
from tests.scenarios.conftest import CORNERS, Workspace, start_workspace
from tests.scenarios.settling import conversation, reads, settle
from tests.wire.moved_clock import MovedClock
from tests.wire.screens import Screen
from tests.wire.team import Shown

ROLES = {
    "U0ANA": Role.SDR,
    "U0DANA": Role.AE,
    "U0OLGA": Role.AE,
    "U0MARIA": Role.MANAGER,
    "U0SAM": Role.OPS,
}
SETTINGS: dict[str, Any] = {Setting.CURRENCY: "EUR", Setting.ZONE: "Europe/Berlin"}
TIERS = "tier won 0-100 8%\ntier won 100-150 12%\ntier,won,150,,,0.15"


def on(month: int, day: int, year: int = 2026) -> datetime:
    """Noon of a day in London's winter."""
    return datetime(year, month, day, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> MovedClock:
    return MovedClock(tmp_path_factory.mktemp("clock") / "now", on(10, 5))


@pytest.fixture(scope="module", params=CORNERS[1:], ids="-".join)
def workspace(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, clock: MovedClock
) -> Iterator[Workspace]:
    mode, database = request.param
    environment: dict[str, Any] = {**clock.settings}
    for found in start_workspace(request, tmp_path_factory.mktemp("pay"), mode, database, **environment):
        for person in ("U0DANA", "U0MARIA"):  # in Slack they may do everything, here only what their roles may
            found.team.changes_user(person, is_admin=False, is_owner=False, is_primary_owner=False)
        settle(found, ROLES, SETTINGS, since=date(2026, 1, 1), now=clock.now)
        yield found


def said(shown: Screen) -> str:
    """The words of it, with plain spaces."""
    return shown.text.replace("\u00a0", " ").replace("*", "")


def test_operations_give_a_role_its_plan_and_every_mistake_stands_under_its_field(workspace: Workspace) -> None:
    team = workspace.team
    listed = team.types("U0SAM", "/quota plan")
    assert "AE · no plan yet" in said(listed)
    plan = team.presses("U0SAM", listed, "Show", nth=2)
    assert "AE has no plan today, so nothing is paid." in said(plan)
    team.taps("U0SAM", plan, "Start with the standard plan")
    form = team.form("U0SAM")
    assert str(form.initial("steps")).startswith("tier won 0-100 8%")
    form.fill(steps="tier won 0-100 8%\ntier won 120- 12%\nbonus 5", start="2026-10-01")
    errors = team.submits("U0SAM", form)["errors"]
    assert errors.keys() == {"steps"}
    assert "Line 3: bonus 5 is not one step." in errors["steps"]
    form.fill(steps="tier won 0-100 8%\ntier won 120- 12%")
    assert "nothing is paid between 100 and 120" in team.submits("U0SAM", form)["errors"]["steps"]
    assert team.submits("U0SAM", form.fill(steps=TIERS))["ok"]
    stored = said(team.sees_change("U0SAM", plan))
    assert "The plan of AE from Thu 1 Oct 2026 is stored." in stored
    assert "Together 10,400.00 EUR." in stored
    asked = team.types("U0DANA", "/quota plan")  # the only one that is hers
    assert "Accelerator for a deal that is won: 15 %" in said(asked)
    assert "Edit" not in asked.buttons
    assert "None of your roles is paid" not in said(team.types("U0ANA", "/quota plan"))
    refused = said(team.types("U0ANA", "/quota plan AE"))
    assert "The commission plan of AE is for those who hold that role." in refused


def test_a_quarter_from_the_first_deal_to_the_cent(workspace: Workspace, clock: MovedClock) -> None:
    team = workspace.team
    team.types("U0MARIA", "/quota set @dana revenue 100k 2026-Q4")
    empty = said(team.types("U0DANA", "/quota statement"))
    assert "Nothing stands here yet" in empty
    for day, line in ((6, "Acme won 60000"), (20, "Globex won 55k"), (27, "Initech won 45 000")):
        clock.set(on(10, day))
        assert "Won:" in said(team.types("U0DANA", f"/deal {line}"))
    whole = team.types("U0DANA", "/quota statement q4")
    for line in (
        "Your commission, 2026-Q4",
        "1. Acme · Tue 6 Oct 2026 · 60,000.00 EUR × 8 % = 4,800.00 EUR",
        "2. Globex · Tue 20 Oct 2026 · 40,000.00 EUR × 8 % = 3,200.00 EUR",
        "3. Globex · Tue 20 Oct 2026 · 15,000.00 EUR × 12 % = 1,800.00 EUR",
        "4. Initech · Tue 27 Oct 2026 · 35,000.00 EUR × 12 % = 4,200.00 EUR",
        "5. Initech · Tue 27 Oct 2026 · 10,000.00 EUR × 15 % = 1,500.00 EUR",
        "Deal won: accelerator, 15 % of 10,000.00 EUR, the part above 150 % of the quota.",
        "Deal won: 15,500.00 EUR (5 lines)",
        "To be paid\n15,500.00 EUR",
        "as of Tue 27 Oct 2026 13:00 (Europe/Berlin)",
    ):
        assert line in said(whole), said(whole)
    stands = team.types("U0DANA", "/quota")
    assert "15,500.00 EUR" in said(stands)
    assert "Initech · Tue 27 Oct 2026 · 10,000.00 EUR × 15 %" in said(team.presses("U0DANA", stands, "Statement"))
    clock.set(on(11, 3))
    team.types("U0DANA", "/deal Acme reopen")
    after = said(team.types("U0MARIA", "/quota statement @dana"))
    assert "6. Acme · Tue 3 Nov 2026 · -60,000.00 EUR × 8 % = -4,800.00 EUR" in after
    assert "7. Acme · Tue 3 Nov 2026 · -2,700.00 EUR" in after
    assert "Total\n8,000.00 EUR" in after
    then = said(team.types("U0DANA", "/quota statement as of 31 oct"))
    assert "Total\n15,500.00 EUR" in then
    assert "as of Sat 31 Oct 2026 23:59 (Europe/Berlin)" in then
    assert "Dana Lee's statement is theirs to read. Maria Keller" in said(team.types("U0ANA", "/quota statement @dana"))


def test_a_line_is_disputed_and_the_answer_stands_beneath_the_question(workspace: Workspace, clock: MovedClock) -> None:
    team = workspace.team
    clock.set(on(11, 4))
    assert "For example: /quota statement 2026-Q4" in said(team.types("U0DANA", "/quota statement q7")).replace("`", "")
    assert "I find no such line in 2026-Q4." in said(team.types("U0DANA", "/quota dispute 40"))
    which = team.types("U0DANA", "/quota dispute initech - it was 50,000")
    assert which.buttons == ["Dispute", "Dispute"]
    team.taps("U0DANA", which, "Dispute")
    form = team.form("U0DANA", "Initech")
    assert form.initial("text") == "it was 50,000"
    assert team.submits("U0DANA", form)["ok"]
    card = reads(workspace, "U0MARIA", "Dana Lee disputes a line of 2026-Q4", "it was 50,000", "35,000.00")
    mine = reads(workspace, "U0DANA", "You dispute a line of 2026-Q4", "With Maria Keller")
    assert "You have disputed this line already" in said(team.types("U0DANA", "/quota dispute 4"))
    assert team.taps("U0MARIA", card, "Agree")["ok"]
    assert team.sees_change("U0MARIA", card).buttons == []
    assert "Maria Keller agrees: the line about Initech is wrong." in said(team.sees_change("U0DANA", mine))
    beneath(workspace, "U0DANA", mine, "Maria Keller agrees")
    assert "Maria Keller agrees." in said(team.types("U0DANA", "/quota statement"))


def test_a_statement_in_a_window_goes_on_in_it(workspace: Workspace) -> None:
    team = workspace.team
    assert team.presses_in("U0DANA", team.opens_home("U0DANA"), "All my figures")
    assert team.presses_in("U0DANA", team.form("U0DANA", "Quota"), "Statement")
    window = team.form("U0DANA", "Your commission, 2026-Q4")
    assert team.presses_in("U0DANA", window, "Dispute")
    assert team.submits("U0DANA", team.form("U0DANA", "Dispute a line").fill(text="Not all of it"))["ok"]
    after = team.form("U0DANA", "Not all of it")
    assert (after.id, len(team.forms("U0DANA"))) == (window.id, 1)
    assert team.presses_in("U0DANA", after, "← 2026-Q3")
    assert "Nothing stands here yet" in team.form("U0DANA", "Your commission, 2026-Q3").text


def test_operations_close_the_period_and_it_stays_as_it_was_paid(workspace: Workspace, clock: MovedClock) -> None:
    team = workspace.team
    clock.set(on(1, 4, 2027))
    assert "Close the period" not in team.types("U0MARIA", "/quota statement @dana last quarter").buttons
    shown = team.types("U0SAM", "/quota statement @dana 2026-Q4")
    seen = len(team.messages("U0SAM"))
    team.taps("U0SAM", shown, "Close the period")
    sure = team.next_message("U0SAM", seen)
    assert "1 statement, 8,000.00 EUR to be paid." in said(sure)
    assert "1 dispute has no answer yet." in said(sure)
    team.taps("U0SAM", sure, "Close 2026-Q4")
    closed = team.next_message("U0SAM", seen + 1)
    assert "2026-Q4 is closed: 1 statement, 8,000.00 EUR to be paid." in said(closed)
    assert "Close the period" not in closed.buttons
    team.taps("U0SAM", sure, "Close 2026-Q4")
    assert "2026-Q4 was closed already" in said(team.next_message("U0SAM", seen + 2))
    explained = team.types("U0MARIA", "/quota statement @dana 2026-Q4")
    team.taps("U0MARIA", explained, "Explain")
    assert team.submits("U0MARIA", team.form("U0MARIA").fill(answer="All of it"))["ok"]
    assert "Maria Keller: “All of it”" in said(team.sees_change("U0MARIA", explained))
    clock.set(on(1, 5, 2027))
    team.types("U0DANA", "/deal Globex reopen")
    now = team.types("U0DANA", "/quota statement")
    assert "1. Globex · Tue 5 Jan 2027 · -40,000.00 EUR" in said(now)
    assert "To be paid\n0.00 EUR" in said(now)
    before = said(team.presses("U0DANA", now, "← 2026-Q4"))
    assert "closed by Sam" in before
    assert "Total\n8,000.00 EUR" in before


def test_the_same_in_russian_with_an_explanation_and_the_file(workspace: Workspace, clock: MovedClock) -> None:
    team = workspace.team
    team.types("U0MARIA", "/quota set @olga revenue 100k 2027-Q1")
    team.types("U0OLGA", "/deal Ромашка выиграна 60 тыс")
    assert "Ускоритель" in said(team.types("U0OLGA", "/quota схема"))
    statement = team.types("U0OLGA", "/quota расчёт")
    assert "Ваша комиссия, 2027-Q1" in said(statement)
    assert "1. Ромашка · вт 5 янв 2027 · 60 000,00 EUR × 8 % = 4 800,00 EUR" in said(statement)
    assert "К выплате\n4 800,00 EUR" in said(statement)
    team.taps("U0OLGA", statement, "Оспорить")
    form = team.form("U0OLGA", "Ромашка")
    assert team.submits("U0OLGA", form.fill(text="Сумма была 65 000"))["ok"]
    disputed = team.sees_change("U0OLGA", statement)
    assert "Ответа пока нет." in said(disputed)
    card = reads(workspace, "U0MARIA", "disputes a line of 2027-Q1", "Сумма была 65 000")
    mine = reads(workspace, "U0OLGA", "Вы оспорили строку за 2027-Q1", "Maria Keller")
    team.taps("U0MARIA", card, "Explain")
    answer = team.form("U0MARIA", "Explain a line")
    assert team.submits("U0MARIA", answer.fill(answer="The contract says 60,000"))["ok"]
    assert "объясняет строку Ромашка" in said(team.sees_change("U0OLGA", mine))
    beneath(workspace, "U0OLGA", mine, "The contract says 60,000")
    seen = len(team.messages("U0OLGA"))
    assert team.taps("U0OLGA", disputed, "CSV")["ok"]
    assert "уже идут к вам файлом CSV" in said(team.next_message("U0OLGA", seen))
    sent = reads(workspace, "U0OLGA", "Ваша комиссия, 2027-Q1", "по состоянию на")
    read = table.read(httpx.get(sent.raw["files"][0]["url_private"]).content, COLUMNS, COLUMNS[:1])
    assert [(row.cells["subject"], row.cells["event"], Decimal(row.cells["amount"])) for row in read.rows] == [
        ("Ромашка", "won", Decimal("4800.00"))
    ]


def beneath(workspace: Workspace, person: str, above: Shown, text: str) -> None:
    """Somebody's message has an answer in its thread."""
    found = workspace.team.eventually(
        lambda: httpx.get(
            f"{workspace.team.address}/ui/messages", params={"as": person, "channel": conversation(person)}
        ),
        '"thread_ts"',
    )
    replies = [each for each in found.json()["messages"] if each.get("thread_ts") == above.raw["ts"]]
    assert [text in str(each["blocks"]) for each in replies] == [True]
