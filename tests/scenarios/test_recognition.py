"""A channel's leaderboard and milestones over the wire, in both languages, with two bots at work on one database.

Berlin, in the week from Monday 19 to Sunday 25 October 2026, on which Europe leaves summer time: 09:00 on Monday 26 is
08:00 UTC. Only calls are weighed. Each has a target of 100 for the week; Dana calls 60 times, Olga 58, Ana 5: the first
two are not told apart, and both of them are from Ana (53 against a noise of 1.96 · √63 = 15.6).
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.access.roles import Role
from bot.people.model import Aspect
from bot.workspace.rules import Setting
from tests.scenarios.conftest import CORNERS, Workspace, start_workspace
from tests.scenarios.settling import reads, settle
from tests.wire import processes
from tests.wire.moved_clock import MovedClock

ROLES = {
    "U0ANA": Role.SDR,
    "U0DANA": Role.AE,
    "U0OLGA": Role.AE,
    "U0MARIA": Role.MANAGER,
    "U0SAM": Role.OPS,
}
WEDNESDAY = datetime(2026, 10, 21, 9, tzinfo=UTC)
MONDAY = datetime(2026, 10, 26, 8, 0, 1, tzinfo=UTC)
SETTINGS: dict[str, Any] = {
    Setting.CURRENCY: "EUR",
    Setting.ZONE: "Europe/Berlin",
    Setting.COUNTRY: "XX",
    Setting.WINS_CHANNEL: "C0WINS",
}


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> MovedClock:
    return MovedClock(tmp_path_factory.mktemp("clock") / "now", WEDNESDAY)


@pytest.fixture(scope="module", params=CORNERS[1:], ids="-".join)
def workspace(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, clock: MovedClock
) -> Iterator[Workspace]:
    mode, database = request.param
    folder = tmp_path_factory.mktemp("recognition")
    environment: dict[str, Any] = {**clock.settings}
    for found in start_workspace(request, folder, mode, database, **environment):
        settle(found, ROLES, SETTINGS, aspects={Aspect.COUNTRY: "XX"}, since=date(2026, 1, 1), now=clock.now)
        for person in ROLES:
            found.team.changes_user(person, tz="Europe/Berlin")
        yield found


@pytest.fixture(scope="module")
def both(workspace: Workspace, clock: MovedClock) -> Iterator[Workspace]:
    """The same with a second bot on its database, whose ticks come at the same moments."""
    port, folder = processes.free_port(), workspace.folder / "second"
    folder.mkdir()
    slack = workspace.bot.environment["SLACK_API_URL"].removesuffix("/api/")
    second = processes.quick_bot(folder, workspace.mode, port, slack, workspace.database_url, **clock.settings)
    second.start()
    processes.wait_until(f"http://127.0.0.1:{port}/readyz", second)
    yield workspace
    assert second.stop() == 0, second.said()
    assert "Traceback" not in second.said()


def test_operations_give_it_a_channel(workspace: Workspace) -> None:
    team = workspace.team
    refused = team.types("U0ANA", "/digest leaderboard").text
    assert "no leaderboard" in refused
    assert "Sam Okafor" in refused
    assert "рейтинга нет" in team.types("U0OLGA", "/digest рейтинг").text
    team.sends("U0SAM", "/baton settings")
    listed = team.form("U0SAM", "Leaderboard and milestones")
    assert "no leaderboard" in listed.text
    team.taps("U0SAM", listed, "Change", listed.buttons.count("Change") - 2)
    form = team.form("U0SAM", "Post the leaderboard")
    wrong = team.submits("U0SAM", form.fill(revenue="0", deals="0", calls="0", accepted="0"))
    assert "above 0" in str(wrong["errors"])
    filled = team.form("U0SAM").fill(channel="C0RANDOM", revenue="0", deals="0", calls="100", accepted="0")
    assert team.submits("U0SAM", filled)["ok"]
    saved = team.form("U0SAM", "I cannot post in <#C0RANDOM> yet. I am not in that channel. Type `/invite @Baton`")
    assert "Calls 100" in saved.text
    team.taps("U0SAM", saved, "Change", saved.buttons.count("Change") - 2)
    filled = team.form("U0SAM", "Post the leaderboard").fill(channel="C0WINS")
    assert team.submits("U0SAM", filled)["ok"]
    reads(workspace, "U0SAM", "I can post in this channel", channel="C0WINS")
    reads(workspace, "U0SAM", "I cannot post in <#C0RANDOM> yet")
    assert "/invite" not in team.form("U0SAM", "<#C0WINS>").text


def test_milestones_are_told_and_taken_back(workspace: Workspace) -> None:
    team = workspace.team
    won = team.types("U0DANA", "/deal Acme won 24000")
    first = reads(workspace, "U0SAM", "The first win of *Dana Lee*", channel="C0WINS")
    team.presses("U0DANA", won, "Reopen")
    undone = team.sees_change("U0SAM", first)
    assert "A milestone of *Dana Lee* stood here" in undone.text
    team.types("U0DANA", "/deal Acme won 24000")
    assert "The first win of *Dana Lee*" in team.sees_change("U0SAM", undone).text
    team.types("U0OLGA", "/deal Ромашка выиграна 10 тыс")
    reads(workspace, "U0SAM", "первая победа. Поздравляем!", channel="C0WINS")
    team.types("U0MARIA", "/quota set @olga revenue 15000 2026-Q4")
    team.types("U0OLGA", "/deal Василёк выиграна 5 тыс")
    reads(workspace, "U0SAM", "план на 2026-Q4 выполнен", channel="C0WINS")


def test_it_comes_once_and_whoever_leaves_is_off_it_at_once(both: Workspace, clock: MovedClock) -> None:
    team = both.team
    for person, calls in (("dana", 60), ("olga", 58), ("ana", 5)):
        team.types("U0MARIA", f"/quota set @{person} calls 100 2026-W43")
        team.types(f"U0{person.upper()}", f"/log {calls} calls")
    clock.set(MONDAY)
    board = reads(both, "U0SAM", "Leaderboard · week 43", channel="C0WINS")
    assert "*1.* Dana Lee · 60\n*1.* Ольга Смирнова · 58\n*3.* Ana Ruiz · 5" in board.text
    assert team.taps("U0DANA", board, "Leave me out")["ok"]
    reads(both, "U0DANA", "You are left out of the leaderboard from now on", channel="C0WINS")
    assert [each for each in team.messages("U0SAM", "C0WINS") if "left out" in each.text] == []
    changed = team.sees_change("U0SAM", board)
    assert "Dana Lee" not in changed.text
    assert "*1.* Ольга Смирнова · 58\n*2.* Ana Ruiz · 5" in changed.text
    clock.set(MONDAY.replace(hour=9))
    mine = team.types("U0DANA", "/digest leaderboard")
    assert "Calls: 60\u00a0% × 100 = 60.00" in mine.text
    assert "You are left out" in mine.text
    back = team.presses("U0DANA", mine, "Show me again")
    assert "Good to have you back" in back.text
    assert "Dana Lee" in team.sees_change("U0SAM", changed).text
    posted = [each for each in team.calls() if each["method"] == "chat.postMessage" and "week 43" in str(each["args"])]
    assert len([each for each in posted if each["args"]["channel"] == "C0WINS"]) == 1


def test_the_same_in_russian(both: Workspace) -> None:
    team = both.team
    mine = team.types("U0OLGA", "/digest рейтинг")
    assert "Рейтинг · неделя 43" in mine.text
    assert "Звонки: 58\u00a0% × 100 = 58,00" in mine.text
    assert "вас нет в рейтинге" in team.types("U0OLGA", "/digest рейтинг выкл").text
    assert "58,00" in team.types("U0OLGA", "/digest рейтинг").text  # her own card stays hers
    assert "С возвращением" in team.types("U0OLGA", "/digest рейтинг вкл").text
