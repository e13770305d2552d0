"""Who is away says so in a line, in the form, or with a status in Slack; all of it over the wire."""

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.scenarios.conftest import Workspace
from tests.wire.team import Team


@pytest.fixture
def team(corner: Workspace) -> Team:
    """The people in it."""
    return corner.team


def test_away_undone_declared_again_and_ended(team: Team) -> None:
    said = team.types("U0ANA", "/team away until tomorrow vacation - at last")
    assert "Away *until" in said.text
    assert "vacation · back" in said.text
    assert ">at last" in said.text
    assert said.buttons == ["Undo", "Back"]
    gone = team.presses("U0ANA", said, "Undo")
    assert "Taken back" in gone.text
    again = team.presses("U0ANA", gone, "Bring back")
    back = team.presses("U0ANA", again, "Back")
    assert "Welcome back!" in back.text
    assert "You are not away" in team.types("U0ANA", "/team back").text


def test_an_absence_without_an_end_is_asked_back_and_the_form_takes_it(team: Team) -> None:
    asked = team.types("U0ARUN", "/team away sick")
    assert "Until when?" in asked.text
    team.taps("U0ARUN", asked, "Open the form")
    form = team.form("U0ARUN", "Last day")
    monday = datetime.now(ZoneInfo("UTC")).date() + timedelta(days=7)
    refused = team.submits("U0ARUN", form.fill(last=(monday - timedelta(days=30)).isoformat()))
    assert "The end is before the start." in str(refused)
    team.submits("U0ARUN", form.fill(last=monday.isoformat()))
    listed = team.types("U0ARUN", "/team away list")
    assert "sick" in listed.text
    assert "Nothing is planned" in team.presses("U0ARUN", listed, "Cancel").text


def test_a_status_in_slack_is_an_absence_until_the_person_is_back(team: Team) -> None:
    until = int(time.time()) + 3 * 86400
    status = {"status_emoji": ":palm_tree:", "status_text": "Vacationing", "status_expiration": until}
    team.changes_user("U0DEVON", profile=status)
    _when_listed(team, "U0DEVON", "vacation")
    assert "Welcome back!" in team.types("U0DEVON", "/team back").text
    team.changes_user("U0DEVON", profile=status | {"title": "AE"})
    time.sleep(0.5)
    assert "Nothing is planned" in team.types("U0DEVON", "/team away list").text


def _when_listed(team: Team, person: str, said: str) -> None:
    for _ in range(25):
        if said in team.types(person, "/team away list").text:
            return
        time.sleep(0.2)
    pytest.fail(f"no {said} in the list of {person}")
