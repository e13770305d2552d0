"""How Baton starts: one clear line when something is missing, and no traceback ever."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psutil
import pytest
from slack_sdk import WebClient
from sqlalchemy import select

from bot import __version__, sample, serving
from bot.__main__ import main
from bot.activity.model import Activity
from bot.errors import NotReady
from bot.settings import Settings
from bot.store import schema
from bot.store.engine import Store
from bot.store.sql import table_of
from handlers.gateway import Gateway
from handlers.server import new_executor
from tests.wire import processes
from tests.wire.processes import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Child, Ended
from tests.wire.team import Team

BATON = str(Path(sys.executable).with_name("baton"))
NOWHERE = "http://127.0.0.1:9/api/"


Typed = Callable[..., Ended]


@pytest.fixture
def well(slack: str) -> dict[str, str]:
    """Settings with which Baton starts."""
    return {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": f"{slack}/api/"}


@pytest.fixture
def started(tmp_path: Path) -> Typed:
    """`baton` as whoever types it starts it, in an empty folder, run to its end."""

    def run(*words: str, **settings: str) -> Ended:
        environment = processes.clean_environment() | {"BATON_PORT": "0"} | settings
        ended = subprocess.run(
            [BATON, *words], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return run


@pytest.fixture
def forked(tmp_path: Path) -> Typed:
    """The same, forked from a process that has imported everything: without the second that an interpreter takes."""
    return lambda *words, **settings: processes.quick_baton(tmp_path, *words, **({"BATON_PORT": "0"} | settings))


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """A verb that only looks and prints, in this process: without the second that an interpreter takes."""
    monkeypatch.chdir(tmp_path)
    for name in processes.our_settings():
        monkeypatch.delenv(name)

    def run(*words: str, **settings: str) -> Ended:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        said = capsys.readouterr()
        return Ended(int(ended.value.code or 0), said.out, said.err)

    return run


def refuses(ended: Ended, *said: str) -> bool:
    """Whether a start ended with the right code and one line on stderr that says all of this."""
    assert ended.code == 2, ended
    assert ended.err.count("\n") == 1, ended.err
    assert ended.out == ""
    return all(part in ended.err for part in said)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        pytest.param({}, ["SLACK_BOT_TOKEN is not set", "baton manifest"], id="nothing set"),
        pytest.param({"SLACK_BOT_TOKEN": "x"}, ["SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"], id="only a bot token"),
        pytest.param(
            {"SLACK_CLIENT_ID": "1"},
            ["SLACK_CLIENT_SECRET and SLACK_SIGNING_SECRET are not set"],
            id="only a client id",
        ),
        pytest.param(
            dict.fromkeys(("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET"), "x"),
            ["BATON_ENCRYPTION_KEY is not set", "openssl rand"],
            id="OAuth without a key",
        ),
        pytest.param(
            {**processes.SETTINGS["many"], "BATON_ENCRYPTION_KEY": "secret"},
            ["BATON_ENCRYPTION_KEY holds something that is no key", "openssl rand"],
            id="a key that is none",
        ),
        pytest.param({"LOG_LEVEL": "loud"}, ["LOG_LEVEL", "'debug', 'info'"], id="a level that does not exist"),
        pytest.param({"BATON_PORT": "65536"}, ["BATON_PORT", "65535"], id="a port that is too high"),
        pytest.param({"SLACK_API_URL": "slack.com"}, ["SLACK_API_URL", "http"], id="an address without a scheme"),
    ],
)
def test_a_start_without_settings_names_them(forked: Typed, settings: dict[str, str], said: list[str]) -> None:
    assert refuses(forked("run", **settings), *said)


def test_a_start_that_is_refused_says_so_in_the_shell(started: Typed) -> None:
    assert refuses(started("run"), "SLACK_BOT_TOKEN is not set", "baton manifest")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"SLACK_BOT_TOKEN": "xoxb-wrong"}, ["SLACK_BOT_TOKEN (invalid_auth)", "Copy"], id="bot token"),
        pytest.param({"SLACK_APP_TOKEN": "xapp-wrong"}, ["SLACK_APP_TOKEN (invalid_auth)", "Make"], id="app token"),
        pytest.param({"DATABASE_URL": "postgresql://x@127.0.0.1:9/x"}, ["DATABASE_URL", "server runs"], id="no server"),
        pytest.param({"DATABASE_URL": "sqlite:////no/such/x.db"}, ["DATABASE_URL", "folder exists"], id="no folder"),
    ],
)
def test_a_start_with_a_wrong_setting_names_it(
    forked: Typed, well: dict[str, str], change: dict[str, str], said: list[str]
) -> None:
    assert refuses(forked("run", **(well | change)), *said)


def test_a_slack_out_of_reach_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(serving, "SLACK_PATIENCE", 0.5)
    settings = Settings(slack_api_url=NOWHERE, _env_file=None)  # type: ignore[call-arg]  # of pydantic-settings
    with new_executor(1) as executor, pytest.raises(NotReady) as refused:
        serving.introduce(Gateway(serving.slack_client(settings), executor), settings)
    assert str(refused.value) == (
        f"Slack cannot be reached at {NOWHERE} ([Errno 111] Connection refused). "
        "Check the network, and SLACK_API_URL if it is set."
    )
    assert caplog.messages == []


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT], ids=lambda name: name.name)
def test_a_start_that_waits_for_slack_can_be_stopped(
    tmp_path: Path, well: dict[str, str], name: signal.Signals
) -> None:
    settings = well | {"SLACK_API_URL": NOWHERE, "DATABASE_URL": f"sqlite:///{tmp_path}/baton.db"}
    bot = Child([BATON, "run"], tmp_path / "log", settings)
    bot.start()
    _wait_for((tmp_path / "baton.db").exists, bot)
    assert bot.stop(name) == 0
    assert bot.said() == ""


def test_a_schema_from_the_future_is_left_alone(tmp_path: Path, forked: Typed, well: dict[str, str]) -> None:
    store = Store(f"sqlite:///{tmp_path}/baton.db")
    schema.upgrade(store)
    with store.write() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = 'later'")
    store.close()
    before = (tmp_path / "baton.db").read_bytes()
    for verb in ("run", "migrate"):
        assert refuses(forked(verb, **well), "newer Baton (schema later)", "restore a backup")
    assert (tmp_path / "baton.db").read_bytes() == before


def test_the_schema_is_made_by_its_own_verb_and_only_once(
    database_url: str, typed: Typed, forked: Typed, well: dict[str, str]
) -> None:
    if database_url.startswith("postgresql"):
        assert refuses(forked("run", DATABASE_URL=database_url, **well), "baton migrate")
        assert "run `baton migrate`" in typed("check", DATABASE_URL=database_url, **well).out
    for _ in range(2):
        assert forked("migrate", DATABASE_URL=database_url) == Ended(0, "The schema is at its newest version.\n", "")
    looked = typed("check", DATABASE_URL=database_url, **well)
    assert "ok  database  reached; the schema is at its newest version" in looked.out


def test_settings_are_read_from_the_folder_and_check_says_ok(
    tmp_path: Path, started: Typed, well: dict[str, str]
) -> None:
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in well.items()))
    ended = started("check")
    assert (ended.code, ended.err) == (0, "")
    assert _signs(ended) == {"settings": "ok", "database": "ok", "bot token": "ok", "scopes": "ok", "app token": "ok"}
    assert "Socket Mode" in ended.out
    assert "in Northwind Sales" in ended.out


def test_check_knows_both_ways_and_words_in_any_case(typed: Typed, well: dict[str, str]) -> None:
    by_http = {"SLACK_SIGNING_SECRET": SIGNING_SECRET, "LOG_LEVEL": "INFO", "LOG_FORMAT": "Json"}
    del well["SLACK_APP_TOKEN"]
    ended = typed("check", **well, **by_http)
    assert (ended.code, ended.err) == (0, "")
    assert _signs(ended) == {"settings": "ok", "database": "ok", "bot token": "ok", "scopes": "ok"}
    assert "ok  settings  HTTP; database sqlite:///baton.db" in ended.out


def test_check_says_everything_else_where_the_database_of_many_workspaces_is_away(typed: Typed) -> None:
    ended = typed("check", **processes.SETTINGS["many"], SLACK_API_URL=NOWHERE, DATABASE_URL="sqlite:////no/x.db")
    assert (ended.code, ended.err) == (1, "")
    assert _signs(ended) == {"settings": "ok", "database": "no", "credentials": "no"}


def test_check_says_once_that_nothing_is_set(typed: Typed) -> None:
    assert _signs(typed("check")) == {"settings": "no", "database": "ok"}


@pytest.mark.parametrize(
    ("change", "name", "said"),
    [
        pytest.param({"LOG_LEVEL": "loud"}, "settings", "LOG_LEVEL", id="a setting"),
        pytest.param({"SLACK_APP_TOKEN": ""}, "settings", "SLACK_SIGNING_SECRET (HTTP) is not set", id="a missing one"),
        pytest.param({"DATABASE_URL": "nonsense"}, "settings", "postgresql://user", id="an address that is none"),
        pytest.param({"DATABASE_URL": "postgresql://x:y@z:no/z"}, "settings", "postgresql://user", id="no port"),
        pytest.param({"DATABASE_URL": "postgresql://x:y@z@no/z"}, "settings", "%40", id="an @ in a password"),
        pytest.param({"DATABASE_URL": "mysql://x/y"}, "settings", "SQLite and PostgreSQL", id="another database"),
        pytest.param({"DATABASE_URL": "sqlite://"}, "settings", "sqlite:///baton.db", id="a database in memory"),
        pytest.param({"DATABASE_URL": "sqlite:////no/x.db"}, "database", "folder exists", id="the database"),
        pytest.param({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "bot token", "copy SLACK_BOT_TOKEN again", id="the bot token"),
        pytest.param({"SLACK_APP_TOKEN": "xapp-wrong"}, "app token", "connections:write", id="the app token"),
        pytest.param({"SLACK_API_URL": NOWHERE}, "bot token", "cannot be reached", id="Slack itself"),
    ],
)
def test_check_names_what_is_wrong_and_what_to_do(
    typed: Typed, well: dict[str, str], change: dict[str, str], name: str, said: str
) -> None:
    ended = typed("check", **(well | change))
    assert (ended.code, ended.err) == (1, "")
    assert _signs(ended)[name] == "no"
    assert said in next(line for line in ended.out.splitlines() if line.startswith(f"no  {name}"))


@pytest.mark.parametrize(
    ("words", "url"),
    [
        pytest.param(["--socket"], None, id="Socket Mode"),
        pytest.param(["--url", "https://baton.example/"], "https://baton.example/slack/events", id="HTTP"),
    ],
)
def test_the_manifest_is_for_one_of_the_two_ways(typed: Typed, words: list[str], url: str | None) -> None:
    ended = typed("manifest", *words)
    paper = json.loads(ended.out)
    assert (ended.code, ended.err) == (0, "")
    assert paper["settings"]["socket_mode_enabled"] is (url is None)
    assert {command.get("url") for command in paper["features"]["slash_commands"]} == {url}
    assert paper["settings"]["interactivity"].get("request_url") == url


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param([], "--socket", id="neither"),
        pytest.param(["--socket", "--url", "https://x"], "--socket", id="both"),
        pytest.param(["--url", "http://x"], "https", id="not encrypted"),
    ],
)
def test_a_manifest_for_no_way_is_refused(typed: Typed, words: list[str], said: str) -> None:
    assert refuses(typed("manifest", *words), said)


def test_the_version_is_told(started: Typed) -> None:
    assert started("--version") == Ended(0, f"baton {__version__}\n", "")


def test_a_taken_port_stops_http_but_not_socket_mode(
    tmp_path: Path, forked: Typed, slack: str, well: dict[str, str]
) -> None:
    port = str(httpx.URL(slack).port)
    by_http = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET, "BATON_PORT": port}
    assert refuses(forked("run", **by_http, SLACK_API_URL=f"{slack}/api/"), "BATON_PORT", port, "in use")
    by_socket = well | {"BATON_PORT": port, "DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    bot = Child([BATON, "run"], tmp_path / "log", by_socket)
    bot.start()
    _wait_for(lambda: "ready" in bot.said(), bot)
    assert "no_health_pages" in bot.said()
    assert bot.stop() == 0


def test_the_demo_shows_a_team_at_work_and_leaves_nothing_behind(tmp_path: Path) -> None:
    began = time.monotonic()
    settings = {"TMPDIR": str(tmp_path), "HTTP_PROXY": NOWHERE}
    demo = Child([BATON, "demo", "--no-browser", "--port", "0"], tmp_path / "log", settings)
    demo.start()
    assert demo.process
    try:
        _wait_for(lambda: "Ctrl-C" in demo.said(), demo)
        assert time.monotonic() - began < 30
        children = psutil.Process(demo.process.pid).children(recursive=True)
        (address,) = re.findall(r"http\S+", demo.said())
        _look_around(address)
    finally:
        code = demo.stop(signal.SIGINT)
    assert code == 0
    assert len(children) == 2
    assert not any(child.is_running() for child in children)
    assert [path.name for path in tmp_path.iterdir()] == ["log"]
    assert demo.said() == f"\n  Baton's demo is at  {address}\n  Ctrl-C stops it.\n\n"


def _look_around(address: str) -> None:
    assert "Northwind Sales" in httpx.get(address).text
    with closing(Team(address)) as team:
        for person, text, calls in (
            ("U0ANA", "/log call Acme 15m", r"(\d+) of 40 calls today"),
            ("U0ROMAN", "/log звонок Acme 15м", r"(\d+) из 40 звонк\w+ сегодня"),
        ):
            assert _number(calls, team.types(person, text).text) >= 1
        this_week = team.types("U0ANA", "/log week")
        last_week = team.presses("U0ANA", this_week, "Week before")
        assert _number(r"(\d+) calls", last_week.text) > 20


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    assert found, text
    return int(found[1])


def test_a_taken_port_of_the_demo_is_told_in_one_line(started: Typed, slack: str) -> None:
    port = str(httpx.URL(slack).port)
    assert refuses(started("demo", "--no-browser", "--port", port), port, "--port 0")


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(datetime(2026, 11, 23, 1, 30, tzinfo=UTC), id="a Monday before work"),
        pytest.param(datetime(2026, 11, 25, 15, 0, tzinfo=UTC), id="a Wednesday at work"),
        pytest.param(datetime(2026, 11, 29, 23, 30, tzinfo=UTC), id="a Sunday"),
        pytest.param(datetime(2026, 3, 30, 6, 0, tzinfo=UTC), id="the day after the clocks change"),
    ],
)
def test_the_sample_team_worked_on_working_days_until_now(tmp_path: Path, slack: str, now: datetime) -> None:
    store = Store(f"sqlite:///{tmp_path}/sample.db")
    sample.fill(store, WebClient(BOT_TOKEN, base_url=f"{slack}/api/"), now)
    activity = table_of(Activity)
    with store.read() as tx:
        rows = tx.execute(select(activity.c.person_id, activity.c.day, activity.c.recorded_at)).all()
    store.close()
    assert all(row.day.weekday() < 5 for row in rows)
    assert all(now - timedelta(days=15) < row.recorded_at < now for row in rows)
    monday = now.date() - timedelta(days=now.weekday() + 7)
    last_week = {monday + timedelta(days=n) for n in range(5)}
    callers = {"U0ANA", "U0DEVON", "U0ROMAN", "U0DANA", "U0ARUN", "U0OLGA", "U0MINA"}
    assert {row.person_id for row in rows} == callers
    assert all(last_week <= {row.day for row in rows if row.person_id == person} for person in callers)


def _signs(ended: Ended) -> dict[str, str]:
    """The first two columns of the report of `baton check`, by name."""
    rows = [re.split(r"\s{2,}", line, maxsplit=2) for line in ended.out.splitlines()]
    return {name: sign for sign, name, _ in rows}


def _wait_for(look: Callable[[], bool], child: Child) -> None:
    deadline = time.monotonic() + processes.STARTS_WITHIN
    while not look():
        assert child.is_running(), child.said()
        assert time.monotonic() < deadline, child.said()
        time.sleep(0.02)
