"""Operations try other rules on what has been, see who would have got what, and take the rules over: over the wire."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.scenarios.conftest import Workspace
from tests.scenarios.handing_over import hand_over
from tests.wire.team import GENERAL, Shown

LEADS = ("Acme", "Globex", "Initech", "Umbrella", "Soylent", "Hooli")


@pytest.fixture(scope="module")
def workspace(corner: Workspace) -> Workspace:
    hand_over(corner)
    for lead in LEADS:
        corner.team.types("U0ANA", f"/handoff {lead}")
    return corner


def replays(workspace: Workspace, person: str, button: str, **filled: str | list[str]) -> Shown:
    """Somebody fills in the form; returns what comes of it."""
    team = workspace.team
    shown = team.types(person, "/team routing")
    seen = len(team.messages(person, GENERAL))
    assert team.taps(person, shown, button)["ok"]
    assert team.submits(person, team.form(person).fill(**filled))["ok"]
    return team.next_message(person, seen, GENERAL)


def test_what_would_have_been_and_the_rules_taken_over(workspace: Workspace) -> None:
    team = workspace.team
    found = replays(workspace, "U0SAM", "Replay", people=["U0DANA"], weight="5", period="7")
    assert "Tried: Dana Lee: weight 5" in found.text
    assert "Leads in this period: 6." in found.text
    assert "AE | Got | Would get | Fair | ± fair" in found.text
    assert "Dana Lee | 3 | 5 | " in found.text
    assert "Ольга Смирнова | 3 | 1 | " in found.text
    assert "would have gone to somebody else" in found.text
    assert "Ольга Смирнова → Dana Lee" in found.text
    assert "cannot be replayed exactly" not in found.text
    assert "weight 5" not in team.types("U0SAM", "/team routing").text
    assert team.taps("U0SAM", found, "Use these rules")["ok"]
    assert team.submits("U0SAM", team.form("U0SAM", "Weights and limits"))["ok"]
    assert "*Dana Lee* · everywhere · weight 5" in team.sees_change("U0SAM", found).text
    again = replays(workspace, "U0SAM", "Replay")
    assert "Tried: today's rules" in again.text
    assert "cannot be replayed exactly" in again.text


def test_days_by_name_and_somebody_left_out(workspace: Workspace) -> None:
    team, today = workspace.team, datetime.now(UTC).date()
    shown = team.types("U0SAM", "/team routing")
    assert team.taps("U0SAM", shown, "Replay")["ok"]
    wrong = team.form("U0SAM").fill(period="days", first=f"{today + timedelta(days=9)}", last=f"{today}")
    assert "first and a last day" in team.submits("U0SAM", wrong)["errors"]["first"]
    early, late = (f"{today + timedelta(days=days)}" for days in (-3, 1))
    filled = team.form("U0SAM").fill(period="days", first=early, last=late, without=["U0DANA"])
    seen = len(team.messages("U0SAM", GENERAL))
    assert team.submits("U0SAM", filled)["ok"]
    found = team.next_message("U0SAM", seen, GENERAL)
    assert "Tried: without Dana Lee" in found.text
    assert "Dana Lee | 3 | 0 | 0 | 0" in found.text
    assert "Use these rules" not in found.buttons
    assert "/team away" in found.text


def test_in_russian(workspace: Workspace) -> None:
    team = workspace.team
    team.changes_user("U0ROMAN", is_admin=True)
    found = replays(workspace, "U0ROMAN", "Переиграть", most="1", period="30")
    assert "Проверено: " in found.text
    assert "остальные: не больше 1 открытых" in found.text
    assert "Лидов за период: 6." in found.text
    assert "AE | Было | Стало бы | Честно | ± честно" in found.text
    assert "Dana Lee → никому" in found.text


def test_whoever_may_not_hears_who_can(workspace: Workspace) -> None:
    assert "Replay" not in workspace.team.types("U0OLGA", "/team routing").buttons
