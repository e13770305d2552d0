"""How Baton stays connected, bears with a Slack that fails, and stops: nothing that was taken is lost."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import func, select

from bot.activity.model import Activity
from bot.store.sql import table_of
from tests.scenarios.conftest import Workspace, start_workspace
from tests.wire import processes, signed
from tests.wire.team import Json, Shown
from tests.wire.troubles import locked

BACK_WITHIN = 30.0
"""Seconds until Slack and the bot have found each other again."""

KNOWN = ("U0ANA", "U0DEVON", "U0ROMAN", "U0DANA", "U0ARUN", "U0OLGA", "U0MARIA", "U0MINA", "U0LENA")
NEW = "U0SAM"
LOGGED = ("Logged", "Записано")
CALL = "/log call Acme 15m"


@pytest.fixture(scope="module")
def by_socket(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    yield from start_workspace(
        request, tmp_path_factory.mktemp("staying-socket"), "socket", "sqlite", lists_people=False
    )


@pytest.fixture(scope="module")
def by_http(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    yield from start_workspace(request, tmp_path_factory.mktemp("staying-http"), "http", "sqlite", lists_people=False)


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
def test_a_change_of_connection_loses_no_command(by_socket: Workspace, reason: str) -> None:
    process, before = by_socket.bot.process, _stored(by_socket)
    by_socket.team.control(disconnect=reason)
    for _ in range(3):
        assert _was_logged(by_socket.team.sends("U0ANA", CALL))
    assert _stored(by_socket) == before + 3
    assert _readiness(by_socket) == 200
    assert by_socket.bot.process is process
    assert by_socket.bot.is_running()


def test_a_dropped_connection_is_opened_again(by_socket: Workspace) -> None:
    by_socket.team.types("U0ANA", CALL)
    by_socket.team.control(drop_sockets=True)
    _wait_for_readiness(by_socket, 503)
    _wait_for_readiness(by_socket, 200)
    assert _was_logged(by_socket.team.sends("U0ANA", CALL))
    assert by_socket.bot.is_running()


def test_a_slack_that_was_away_is_found_again(by_socket: Workspace) -> None:
    by_socket.team.types("U0ANA", CALL)
    by_socket.sandbox.stop(signal.SIGKILL)
    killed = time.monotonic()
    _wait_for_readiness(by_socket, 503)
    assert "not connected to Slack" in _page(by_socket, "readyz").text
    assert _page(by_socket, "healthz").status_code == 200
    time.sleep(max(0.0, killed + 3 - time.monotonic()))
    _start_slack(by_socket)
    _wait_for_readiness(by_socket, 200)
    assert _was_logged(by_socket.team.sends("U0ANA", CALL))
    assert by_socket.bot.is_running()


def test_by_http_the_bot_serves_on_while_slack_is_away(by_http: Workspace) -> None:
    by_http.team.types("U0ANA", CALL)
    by_http.sandbox.stop(signal.SIGKILL)
    assert "Logged" in signed.post(by_http.port, signed.command("U0ANA", "call Acme")).text
    assert _readiness(by_http) == 200
    _start_slack(by_http)
    assert _was_logged(by_http.team.sends("U0ANA", CALL))
    assert by_http.bot.is_running()


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_what_is_in_hand_is_finished_when_told_to_stop(
    mode: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp(f"stopping-{mode}")
    for workspace in start_workspace(request, folder, mode, "sqlite", lists_people=False):
        answers = _stopped_with_twenty_in_hand(workspace)
        assert [answer for answer in answers[:-1] if not _was_logged(answer)] == []
        assert _was_given_back(answers[-1], "Nothing was stored: Slack did not say who you are", CALL)
        assert _stored(workspace) == len(KNOWN) + 19


def _stopped_with_twenty_in_hand(workspace: Workspace) -> list[Json]:
    """Stop the bot while 19 commands wait for the database and one for Slack; returns all answers, that one last."""
    for person in KNOWN:
        workspace.team.types(person, CALL)
    workspace.team.control(fail={"method": "users.info", "error": "hang", "times": 1})
    people = [*(KNOWN * 3)[:19], NEW]
    bot = workspace.bot.process
    assert bot
    with ThreadPoolExecutor(len(people)) as threads:
        with locked(workspace.database_url, workspace.bot):
            asked = [threads.submit(workspace.team.sends, person, CALL) for person in people]
            _wait_for_unanswered(workspace, len(people))
            time.sleep(0.2)  # from the wire into the bot's hands
            bot.send_signal(signal.SIGTERM)
            told = time.monotonic()
            time.sleep(0.3)
        assert bot.wait(10) == 0
        assert time.monotonic() - told < 10
        return [answer.result() for answer in asked]


@pytest.mark.parametrize("wire", ["by_socket", "by_http"])
def test_a_person_at_work_while_the_bot_stops_is_told_the_truth(
    wire: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    mode = wire.removeprefix("by_")
    for workspace in start_workspace(request, tmp_path_factory.mktemp(f"at-work-{mode}"), mode, "sqlite"):
        workspace.team.types("U0ANA", CALL)
        with ThreadPoolExecutor(1) as thread:
            said = thread.submit(_type_until_refused, workspace)
            time.sleep(0.5)
            assert workspace.bot.stop() == 0
            assert _stored(workspace) == 1 + said.result()


def _type_until_refused(workspace: Workspace) -> int:
    """Somebody logs one call after the other until Slack says that the app is away; returns how many were logged."""
    times = 0
    while _was_logged(workspace.team.sends("U0ANA", CALL)):
        times += 1
    return times


@pytest.mark.parametrize(
    ("person", "error"),
    [
        pytest.param("U0DEVON", "ratelimited", id="limits"),
        pytest.param("U0DANA", "internal_error", id="refuses"),
        pytest.param("U0ARUN", "http_500", id="breaks"),
        pytest.param("U0MINA", "hang", id="hangs"),
    ],
)
@pytest.mark.parametrize("wire", ["by_socket", "by_http"])
def test_a_new_persons_line_is_given_back_when_slack(
    wire: str, person: str, error: str, request: pytest.FixtureRequest
) -> None:
    workspace: Workspace = request.getfixturevalue(wire)
    before = _stored(workspace)
    workspace.team.control(fail={"method": "users.info", "error": error, "retry_after": 1, "times": 1})
    line = "/log call Acme 15m - wants *more* & <b>"
    answer = workspace.team.sends(person, line)
    assert _was_given_back(answer, "Nothing was stored: Slack did not say who you are", line)
    assert _stored(workspace) == before
    assert "1 of 10 calls today" in workspace.team.types(person, line).text
    assert _stored(workspace) == before + 1


@pytest.mark.parametrize("error", ["expired_trigger_id", "ratelimited", "http_500", "hang"])
def test_a_form_that_does_not_open_is_told(by_http: Workspace, error: str) -> None:
    team = by_http.team
    team.control(fail={"method": "views.open", "error": error, "times": 1})
    assert "The form did not open in time" in team.types("U0MARIA", "/log").text
    line = "/log frobnicate Acme"
    asked = team.types("U0MARIA", line)
    seen = len(team.messages("U0MARIA"))
    team.control(fail={"method": "views.open", "error": error, "times": 1})
    assert team.taps("U0MARIA", asked, "Open the form")["ok"]
    assert "The form did not open in time" in team.next_message("U0MARIA", seen).text
    (still,) = [each for each in team.messages("U0MARIA") if each.raw["ts"] == asked.raw["ts"]]
    assert line in still.text
    assert team.taps("U0MARIA", still, "Open the form")["ok"]
    assert team.form("U0MARIA").title


def _was_logged(answer: Json) -> bool:
    return any(word in str(answer.get("reply")) for word in LOGGED)


def _was_given_back(answer: Json, reason: str, line: str) -> bool:
    """Whether the reply says why, and quotes the line as it was typed."""
    text = Shown(answer["reply"], "").text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert reason in text
    assert f">{line}" in text
    return True


def _stored(workspace: Workspace) -> int:
    """How many entries there are."""
    store = workspace.store()
    with store.read() as tx:
        found = tx.execute(select(func.count()).select_from(table_of(Activity))).scalar_one()
    store.close()
    return int(found)


def _wait_for_unanswered(workspace: Workspace, times: int) -> None:
    """Until so many commands are with the bot."""
    deadline = time.monotonic() + BACK_WITHIN
    while workspace.team.state("U0ANA")["app"]["unanswered"] < times:
        assert time.monotonic() < deadline, workspace.bot.said()
        time.sleep(0.01)


def _start_slack(workspace: Workspace) -> None:
    workspace.sandbox.start()
    processes.wait_until(f"{workspace.team.address}/ui/calls", workspace.sandbox)


def _page(workspace: Workspace, name: str) -> httpx.Response:
    with processes.http(f"http://127.0.0.1:{workspace.port}") as client:
        return client.get(f"/{name}")


def _readiness(workspace: Workspace) -> int:
    return _page(workspace, "readyz").status_code


def _wait_for_readiness(workspace: Workspace, status: int) -> None:
    deadline = time.monotonic() + BACK_WITHIN
    while _readiness(workspace) != status:
        assert time.monotonic() < deadline, workspace.bot.said()
        time.sleep(0.02)
