"""How Baton starts and stops: one clear line when something is missing, and no traceback ever."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.store import schema
from bot.store.engine import Store
from tests.scenarios.conftest import Workspace, start_workspace
from tests.wire import processes, signed
from tests.wire.processes import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Child

BATON = [sys.executable, "-m", "bot"]


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Slack to start against."""
    folder, port = tmp_path_factory.mktemp("slack"), processes.free_port()
    child = processes.sandbox(folder, "socket", 1, port)
    child.start()
    processes.wait_until(f"http://127.0.0.1:{port}/ui/calls", child)
    yield f"http://127.0.0.1:{port}"
    child.stop()


def baton(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a verb to its end in an environment of its own."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2]), **settings}
    return subprocess.run(
        [*BATON, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def _newer(url: str) -> None:
    store = Store(url)
    schema.upgrade(store)
    with store.write() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = 'later'")
    store.close()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        pytest.param({}, "SLACK_BOT_TOKEN", id="nothing set"),
        pytest.param({"SLACK_BOT_TOKEN": BOT_TOKEN}, "SLACK_APP_TOKEN", id="only a bot token"),
        pytest.param({"SLACK_APP_TOKEN": APP_TOKEN}, "SLACK_BOT_TOKEN", id="only an app token"),
        pytest.param({"SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "x"}, "many workspaces", id="only OAuth"),
        pytest.param({"LOG_LEVEL": "loud"}, "LOG_LEVEL", id="a level that does not exist"),
        pytest.param({"BATON_PORT": "door"}, "BATON_PORT", id="a port that is none"),
    ],
)
def test_a_start_without_settings_names_them(tmp_path: Path, settings: dict[str, str], said: str) -> None:
    _is_told_in_one_line(baton(tmp_path, "run", **settings), said)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "SLACK_BOT_TOKEN (invalid_auth)", id="a wrong bot token"),
        pytest.param({"SLACK_APP_TOKEN": "xapp-wrong"}, "SLACK_APP_TOKEN (invalid_auth)", id="a wrong app token"),
        pytest.param({"DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}, "DATABASE_URL", id="no such PostgreSQL"),
        pytest.param({"DATABASE_URL": "sqlite:////no/such/folder/x.db"}, "DATABASE_URL", id="no such folder"),
        pytest.param({"DATABASE_URL": "mysql://x/y"}, "SQLite and PostgreSQL", id="another database"),
    ],
)
def test_a_start_with_a_wrong_setting_names_it(tmp_path: Path, slack: str, change: dict[str, str], said: str) -> None:
    settings = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": f"{slack}/api/"} | change
    _is_told_in_one_line(baton(tmp_path, "run", **settings), said)


def test_a_schema_from_the_future_is_left_alone(tmp_path: Path, slack: str) -> None:
    _newer(f"sqlite:///{tmp_path}/baton.db")
    settings = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": f"{slack}/api/"}
    _is_told_in_one_line(baton(tmp_path, "run", **settings), "newer Baton")
    _is_told_in_one_line(baton(tmp_path, "migrate"), "newer Baton")


def test_postgresql_is_migrated_by_its_own_verb(database_url: str, tmp_path: Path, slack: str) -> None:
    if database_url.startswith("postgresql"):
        settings = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": f"{slack}/api/"}
        _is_told_in_one_line(baton(tmp_path, "run", DATABASE_URL=database_url, **settings), "baton migrate")
    for _ in range(2):
        assert baton(tmp_path, "migrate", DATABASE_URL=database_url).returncode == 0
    store = Store(database_url)
    assert schema.standing(store) is schema.Schema.CURRENT
    store.close()


def test_check_says_ok_or_what_to_do(tmp_path: Path, slack: str) -> None:
    (tmp_path / ".env").write_text(
        f"SLACK_BOT_TOKEN={BOT_TOKEN}\nSLACK_APP_TOKEN={APP_TOKEN}\nSLACK_API_URL={slack}/api/\n"
    )
    well = baton(tmp_path, "check")
    assert well.returncode == 0, well.stdout + well.stderr
    assert [line.split()[0] for line in well.stdout.splitlines()] == ["ok"] * 5
    ill = baton(tmp_path, "check", SLACK_BOT_TOKEN="xoxb-wrong", SLACK_APP_TOKEN="xapp-wrong")
    assert ill.returncode == 1
    assert "invalid_auth" in ill.stdout
    assert baton(tmp_path, "check", SLACK_BOT_TOKEN="", DATABASE_URL="nonsense").returncode == 1


def test_the_manifest_is_for_one_of_the_two_ways(tmp_path: Path) -> None:
    by_socket = json.loads(baton(tmp_path, "manifest", "--socket").stdout)
    by_http = json.loads(baton(tmp_path, "manifest", "--url", "https://baton.example/").stdout)
    assert by_socket["settings"]["socket_mode_enabled"] is True
    assert by_http["settings"]["socket_mode_enabled"] is False
    urls = {command["url"] for command in by_http["features"]["slash_commands"]}
    assert urls == {"https://baton.example/slack/events"}
    for words in ([], ["--socket", "--url", "https://x"], ["--url", "http://x"]):
        assert baton(tmp_path, "manifest", *words).returncode == 2


def test_a_taken_port_stops_http_but_not_socket_mode(tmp_path: Path, slack: str) -> None:
    port = httpx.URL(slack).port
    settings = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": f"{slack}/api/", "BATON_PORT": str(port)}
    _is_told_in_one_line(baton(tmp_path, "run", SLACK_SIGNING_SECRET=SIGNING_SECRET, **settings), "BATON_PORT")
    bot = Child(
        [*BATON, "run"], tmp_path / "log", {**settings, "SLACK_APP_TOKEN": APP_TOKEN, "DATABASE_URL": "sqlite:///x.db"}
    )
    bot.command = [*bot.command]
    bot.environment = {**bot.environment, "DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    bot.start()
    deadline = time.monotonic() + 15
    while "ready" not in bot.said() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "no_health_pages" in bot.said()
    assert bot.stop() == 0


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_what_is_in_hand_is_finished_when_told_to_stop(
    mode: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    for workspace in start_workspace(request, tmp_path, mode, "sqlite"):
        workspace.team.control(fail={"method": "users.info", "error": "hang", "times": 1})
        answers: list[object] = []

        def ask(person: str, into: list[object] = answers, where: Workspace = workspace) -> None:
            into.append(where.team.sends(person, "/log call Acme"))

        people = ["U0ANA", "U0DEVON", "U0DANA", "U0ARUN"]
        asking = [threading.Thread(target=ask, args=(person,)) for person in people]
        for thread in asking:
            thread.start()
        time.sleep(0.5)
        began = time.monotonic()
        assert workspace.bot.stop(signal.SIGTERM) == 0
        assert time.monotonic() - began < 10
        for thread in asking:
            thread.join()
        assert sum("Logged" in str(answer) for answer in answers) >= len(people) - 1
        assert all("Logged" in str(answer) or "Nothing was stored" in str(answer) for answer in answers), answers


def test_the_connection_comes_back_by_itself(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    for workspace in start_workspace(request, tmp_path, "socket", "sqlite"):
        for what in ({"disconnect": "warning"}, {"disconnect": "refresh_requested"}, {"drop_sockets": True}):
            workspace.team.control(**what)
            assert "calls today" in _until_answered(workspace, "/log call Acme")
        workspace.sandbox.stop(signal.SIGKILL)
        time.sleep(1)
        workspace.sandbox.start()
        processes.wait_until(f"{workspace.team.address}/ui/calls", workspace.sandbox)
        assert "calls today" in _until_answered(workspace, "/log call Acme", within=30)


def test_a_new_person_is_not_lost_when_slack_does_not_say_who_they_are(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    for workspace in start_workspace(request, tmp_path, "http", "sqlite"):
        workspace.team.control(fail={"method": "users.info", "error": "ratelimited", "retry_after": 1, "times": 1})
        reply = signed.post(workspace.port, signed.command("U0ANA", "call Acme - a note")).text
        assert "Nothing was stored" in reply
        assert "/log call Acme - a note" in reply
        assert "1 of 10" in signed.post(workspace.port, signed.command("U0ANA", "call Acme")).text


def test_the_demo_starts_works_and_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2]), "TMPDIR": str(tmp_path)}
    demo = subprocess.Popen(
        [*BATON, "demo", "--no-browser", "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert demo.stdout is not None
    line = next(each for each in demo.stdout if "http://" in each)
    address = line.split()[-1]
    people = {"U0ANA": "/log call Acme 15m", "U0ROMAN": "/log звонок Acme 15м"}
    for person, text in people.items():
        typed = {"as": person, "channel": "C0GENERAL", "text": text}
        deadline, reply = time.monotonic() + 10, ""
        while "40" not in reply and time.monotonic() < deadline:
            reply = httpx.post(f"{address}/ui/type", json=typed).text
        assert "40" in reply, reply
    demo.send_signal(signal.SIGINT)
    assert demo.wait(20) == 0
    demo.stdout.close()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("baton-demo")] == []
    with pytest.raises(httpx.TransportError):
        httpx.get(address)


def _until_answered(workspace: Workspace, line: str, within: float = 15) -> str:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        answer = workspace.team.sends("U0ANA", line)
        if answer.get("reply"):
            return str(answer["reply"])
        time.sleep(0.2)
    raise AssertionError(workspace.bot.said())


def _is_told_in_one_line(ended: subprocess.CompletedProcess[str], said: str) -> None:
    lines = ended.stderr.strip().splitlines()
    assert ended.returncode == 2, ended
    assert said in lines[-1]
    assert len(lines) == 1, ended.stderr
