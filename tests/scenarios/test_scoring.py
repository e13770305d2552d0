"""The rules of the score over the wire: everybody reads them, operations change them, leads keep what they had."""

import signal
import time
from contextlib import closing
from datetime import UTC, datetime

import pytest

from bot.access.roles import Role
from bot.delivery import queries as deliveries
from bot.leads import changes, queries
from bot.leads.changes import NewLead
from bot.leads.states import Happening
from tests.scenarios.conftest import Workspace
from tests.scenarios.settling import settle
from tests.wire.team import PATIENCE, Shown

HERE = "T0BATON"
ROLES = {"U0SAM": Role.OPS, "U0ANA": Role.MRR, "U0ROMAN": Role.OPS, "U0LENA": Role.SDR}
LEADS = 1000


@pytest.fixture(scope="module")
def workspace(corner: Workspace) -> Workspace:
    _settle(corner)
    return corner


def _settle(workspace: Workspace) -> None:
    """The team's roles, and leads of more than one page."""
    settle(workspace, ROLES)
    with closing(workspace.store()) as store, store.write() as tx:
        for n in range(LEADS):
            lead = NewLead(f"Company {n}", source="webinar" if n % 2 else "event")
            changes.receive(tx, HERE, lead, by=None, origin=f"list:{n}", now=datetime.now(UTC))


def reads(workspace: Workspace, person: str, said: str) -> Shown:
    """The message from Baton that says something, once it does."""
    deadline = time.monotonic() + PATIENCE
    found: list[Shown] = []
    while time.monotonic() < deadline:
        found = workspace.team.messages(person, f"D{person[1:]}")
        if those := [each for each in found if said in each.text]:
            return those[-1]
        time.sleep(0.05)
    raise AssertionError([each.text for each in found])


def rescored(workspace: Workspace) -> list[list[tuple[int, int]]]:
    """The lines of each lead: the version of the rules, and the points by them."""
    with closing(workspace.store()) as store, store.read() as tx:
        open_leads = queries.open_page(tx, HERE, None, datetime.now(UTC), LEADS + 1)
        happened = queries.events_of(tx, HERE, [each.id for each in open_leads], [Happening.RESCORED])
    return [[(each.detail["rules"], each.detail["after"]) for each in several] for several in happened.values()]


def waits_for_lines(workspace: Workspace, rules: int) -> None:
    """Until the first leads have a line by these rules: the others are still to come."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if any(line[0] == rules for lines in rescored(workspace) for line in lines):
            return
        time.sleep(0.02)
    raise AssertionError(f"no line by rules {rules}")


def waits_for_nothing(workspace: Workspace) -> None:
    """No message is under way: one that a killed process held would wait for the end of its lease."""
    store, deadline = workspace.store(), time.monotonic() + PATIENCE
    is_under_way = True
    while is_under_way:
        assert time.monotonic() < deadline
        time.sleep(0.02)
        with store.read() as tx:
            is_under_way = bool(deliveries.claimed(tx, HERE))
    store.close()


def test_operations_change_the_rules_and_leads_keep_their_old_scores(workspace: Workspace) -> None:
    team = workspace.team
    shown = team.types("U0SAM", "/lead rules")
    assert "`+20` website, webinar" in shown.text
    assert shown.buttons == ["Who they are", "What they did", "Grades and speed"]
    assert team.taps("U0SAM", shown, "What they did")["ok"]
    form = team.form("U0SAM", "What they did")
    assert "webinar 20" in form.initial("Source")
    answer = team.submits("U0SAM", form.fill({"Source": "webinar 65\nwebnar 20\nevent", "Activity": "demo 25"}))
    assert answer["errors"]["sources"].splitlines() == [
        "“webnar 20”: I know no source “webnar”. Like this: webinar 20",
        "“event”: the points are missing at its end. Like this: event 10",
    ]
    assert "`+20` website, webinar" in team.types("U0SAM", "/lead rules").text
    assert team.submits("U0SAM", form.fill({"Source": "webinar 65\nevent 5"}))["ok"]
    saved = team.sees_change("U0SAM", shown)
    assert "✓ Saved. Open leads are being scored anew" in saved.text
    assert "`+65` webinar · `+5` event" in saved.text
    ended = reads(workspace, "U0SAM", f"{LEADS:,} open leads are rescored")
    assert "Rose: 500, fell: 500, another grade: 500." in ended.text
    assert len([each for each in team.messages("U0SAM", "D0SAM") if "escor" in each.text]) == 1
    card = team.types("U0ANA", "/lead Company 1")
    assert "Score 65, grade B" in card.text
    assert "Rescored: 20 D → 65 B, the rules changed · Sam" in card.text
    assert "Rescored: 15 D → 5 D" in team.types("U0ANA", "/lead Company 2").text


def test_killed_in_the_middle_each_lead_has_its_line_once(workspace: Workspace) -> None:
    team = workspace.team
    shown = team.types("U0SAM", "/lead rules")
    assert team.taps("U0SAM", shown, "What they did")["ok"]
    form = team.form("U0SAM", "What they did")
    assert team.submits("U0SAM", form.fill({"Source": "webinar 85\nevent 15"}))["ok"]
    waits_for_lines(workspace, 2)
    waits_for_nothing(workspace)
    workspace.bot.stop(signal.SIGKILL)
    workspace.restart()
    reads(workspace, "U0SAM", "Rose: 1,000, fell: 0, another grade: 500.")
    assert sorted(rescored(workspace)) == [[(1, 5), (2, 15)]] * (LEADS // 2) + [[(1, 65), (2, 85)]] * (LEADS // 2)


def test_a_rep_reads_them_and_may_not_change_them(workspace: Workspace) -> None:
    team = workspace.team
    shown = team.types("U0LENA", "/lead rules")
    assert "*Company size*" in shown.text
    assert "To have them changed, ask" in shown.text
    assert shown.buttons == []


def test_who_loses_the_right_is_told_who_can(workspace: Workspace) -> None:
    team = workspace.team
    shown = team.types("U0ROMAN", "/lead правила")
    assert team.taps("U0ROMAN", shown, "Кто они")["ok"]
    form = team.form("U0ROMAN", "Кто они")
    assert "OPS" in team.types("U0SAM", "/team end @roman OPS").text
    answer = team.submits("U0ROMAN", form.fill({"Отрасль": "Розница 10"}))
    assert "Sam" in next(iter(answer["errors"].values()))
    assert "Розница" not in team.types("U0ROMAN", "/lead правила").text


def test_in_russian_from_the_settings(workspace: Workspace) -> None:
    team = workspace.team
    team.changes_user("U0SAM", locale="ru-RU")
    assert team.sends("U0SAM", "/baton настройки")["ok"]
    settings = team.form("U0SAM", "Правила баллов")
    assert team.presses_in("U0SAM", settings, "Открыть")
    board = team.form("U0SAM", "Как считаются баллы")
    assert team.presses_in("U0SAM", board, "Классы и скорость")
    form = team.form("U0SAM", "Минут на отклик")
    answer = team.submits("U0SAM", form.fill({"B от": "90"}))
    assert answer["errors"] == {"b": "«90»: B начинается ниже, чем A. Например: 79"}
    assert team.submits("U0SAM", form.fill({"A от": "90", "B от": "66", "Минут на отклик": "10"}))["ok"]
    assert "Отклик на входящий лид: 10 минут рабочего времени." in team.form("U0SAM", "✓ Сохранено.").text
    assert "сменился класс: 500" in reads(workspace, "U0SAM", "сменился класс").text
    assert "Пересчитан: 85 A → 85 B, изменились правила" in team.types("U0SAM", "/lead Company 1").text
    audit = team.types("U0SAM", "/baton audit").text
    assert "Классы: A 80; B 60 → A 90; B 66" in audit
    assert "Скорость отклика на лид, минут: 5 → 10" in audit
