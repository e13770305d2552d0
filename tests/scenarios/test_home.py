"""App Home over the wire: each one's own, kept current while they look, and nothing new for those who left."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.roles import Role
from bot.people import assignments
from bot.people.assignments import Assign
from bot.people.history import Stamp
from tests.scenarios.conftest import Workspace
from tests.wire.team import PATIENCE

PACE = 2.0
"""Seconds between two publications of one Home."""

SDRS = ("U0ANA", "U0DEVON", "U0ROMAN")
FOREIGNER = {"id": "U0FERN", "name": "fern", "real_name": "Fern Weh", "team_id": "T0OTHER", "is_stranger": True}


@pytest.fixture(scope="module")
def team_of_maria(corner: Workspace) -> Workspace:
    """Maria manages three SDRs; Sam is operations. Slack has told the bot who they are."""
    store = corner.store()
    corner.team.types("U0SAM", "/baton help")
    now = datetime.now(UTC)
    day = now.date() - timedelta(days=30)
    _wait(lambda: _is_known(corner))
    with store.write() as tx:
        stamp = Stamp("T0BATON", "U0SAM", now)
        for person, role in (("U0MARIA", Role.MANAGER), ("U0SAM", Role.OPS)):
            assignments.apply(tx, stamp, Assign(person, day, (role,)), today=now.date())
        for person in SDRS:
            aspects = {"manager": "U0MARIA", "team": "Outbound"}
            assignments.apply(tx, stamp, Assign(person, day, (Role.SDR,), aspects=aspects), today=now.date())
    store.close()
    return corner


def _is_known(corner: Workspace) -> bool:
    return "everybody_is_known" in corner.bot.said()


def _wait(met: object) -> None:
    deadline = time.monotonic() + PATIENCE
    while not met():  # type: ignore[operator]  # a question
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_log_reaches_ones_own_home_and_the_managers(team_of_maria: Workspace) -> None:
    team = team_of_maria.team
    assert "0 of 40" in team.opens_home("U0ANA").text
    assert "*Ana Ruiz*  0 of 40" in team.opens_home("U0MARIA").text
    team.types("U0ANA", "/log 12 calls")
    assert "12 of 40 calls today" in team.home_when("U0ANA", "12 of 40").text
    assert "*Ana Ruiz*  12 of 40" in team.home_when("U0MARIA", "12 of 40").text


def test_a_follow_up_is_done_brought_back_and_put_off(team_of_maria: Workspace) -> None:
    team = team_of_maria.team
    team.types("U0DEVON", "/log call Acme next today send quote")
    home = team.opens_home("U0DEVON")
    assert "send quote" in home.text
    assert team.presses_in("U0DEVON", home, "Done")
    home = team.home_when("U0DEVON", "~send quote")
    assert team.presses_in("U0DEVON", home, "Bring back")
    home = team.home_when("U0DEVON", "Later")
    assert team.presses_in("U0DEVON", home, "Later")
    home = team.home_when("U0DEVON", "Coming up:")
    assert "Done" not in home.buttons


def test_a_russian_rep_reads_russian(team_of_maria: Workspace) -> None:
    text = team_of_maria.team.opens_home("U0ROMAN").text
    assert "Здравствуйте, Роман Иванов" in text
    assert "0 из 40 звонков сегодня" in text
    assert "Ваша команда" in text


def test_a_team_sees_who_is_in_and_no_numbers(team_of_maria: Workspace) -> None:
    text = team_of_maria.team.opens_home("U0DEVON").text
    assert "Ana Ruiz" in text
    assert "12 of 40" not in text


def test_another_language_and_name_are_followed_while_one_looks(team_of_maria: Workspace) -> None:
    team = team_of_maria.team
    team.opens_home("U0DEVON")
    team.changes_user("U0DEVON", locale="ru-RU", profile={"display_name": "Девон"})
    assert "Здравствуйте, Девон" in team.home_when("U0DEVON", "Девон").text
    team.changes_user("U0DEVON", locale="en-US", profile={"display_name": "Devon Clarke"})
    team.home_when("U0DEVON", "Devon Clarke")


def test_a_burst_is_not_a_storm(team_of_maria: Workspace) -> None:
    team = team_of_maria.team
    team.opens_home("U0ROMAN")
    team.control(forget_calls=True)
    for _ in range(30):
        team.types("U0ROMAN", "/log 1 call")
    team.home_when("U0ROMAN", "30 из 40")
    at = [call["at"] for call in team.calls() if call["method"] == "views.publish" and _whose(call) == "U0ROMAN"]
    assert 1 <= len(at) <= 2 + (at[-1] - at[0]) / PACE, at  # on a busy machine one may be late, and the next is not


def _whose(call: dict[str, object]) -> object:
    arguments = call["args"]
    assert isinstance(arguments, dict)
    return arguments.get("user_id")


def test_who_left_gets_nothing_new_and_is_not_shown(team_of_maria: Workspace) -> None:
    team = team_of_maria.team
    team.opens_home("U0MARIA")
    team.opens_home("U0DEVON")
    team.changes_user("U0DEVON", deleted=True)
    team.home_when("U0MARIA", "2 people")
    before = json.dumps(team.home_of("U0MARIA").blocks)
    assert "Devon" not in before
    published = [call for call in team.calls() if call["method"] == "views.publish" and _whose(call) == "U0DEVON"]
    team.types("U0ANA", "/log 1 call")
    time.sleep(0.5)
    again = [call for call in team.calls() if call["method"] == "views.publish" and _whose(call) == "U0DEVON"]
    assert len(again) == len(published)
    team.changes_user("U0DEVON", deleted=False)


@pytest.mark.parametrize(
    ("person", "said"),
    [
        pytest.param("U0GUEST", "guests cannot use it", id="a guest"),
        pytest.param("U0FERN", "people of this Slack workspace", id="somebody of another workspace"),
    ],
)
def test_who_is_no_colleague_is_refused_and_told_who_can(team_of_maria: Workspace, person: str, said: str) -> None:
    team = team_of_maria.team
    if person == "U0FERN":
        team.control(user=FOREIGNER)
        team.control(join={"channel": "C0RANDOM", "user": "U0FERN"})
    assert said in team.types(person, "/log call Acme", "C0RANDOM").text
