"""One workspace with the bot in it, for each way to Slack and each database."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from time import sleep
from zoneinfo import ZoneInfo

import pytest

from bot.store.engine import Store
from tests.databases import DATABASES, as_superuser, new_database
from tests.lengths import length
from tests.wire import processes
from tests.wire.processes import Child
from tests.wire.team import Team

CORNERS = [("socket", "sqlite"), ("http", "postgresql")]
"""Each way to Slack and each database once: enough where neither is what a story is about."""

WIRES = [(mode, database) for mode in ("socket", "http") for database in DATABASES] if length(0, 1) else CORNERS
"""Each way to Slack on each database; in short, each way and each database."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A module of stories runs at both corners; in short at one of them, which its name decides, about half at each."""
    if "corner" in metafunc.fixturenames:
        which = zlib.crc32(metafunc.module.__name__.encode()) % len(CORNERS)
        corners = CORNERS if length(0, 1) else CORNERS[which : which + 1]
        metafunc.parametrize("corner", corners, indirect=True, ids="-".join, scope="module")


@dataclass
class Workspace:
    """A sandbox and a bot that are connected, and the people in them."""

    team: Team
    bot: Child
    sandbox: Child
    mode: str
    port: int
    database_url: str
    folder: Path

    def store(self) -> Store:
        """What the bot has stored, to look at from outside."""
        return Store(as_superuser(self.database_url))

    def restart(self) -> None:
        """Start the bot again on what it left behind."""
        self.bot.start()
        self.wait()

    def wait(self) -> None:
        """Until the bot serves."""
        processes.wait_until(f"http://127.0.0.1:{self.port}/readyz", self.bot)


@pytest.fixture(scope="module", params=WIRES, ids="-".join)
def workspace(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace shared by the tests of one module: each test has a person of its own, or clears up."""
    mode, database = request.param
    yield from start_workspace(request, tmp_path_factory.mktemp(f"{mode}-{database}"), mode, database)


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a sandbox with its sample team and no bot, to start one against."""
    folder, port = tmp_path_factory.mktemp("slack"), processes.free_port()
    child = processes.sandbox(folder, "socket", 1, port)
    child.start()
    processes.wait_until(f"http://127.0.0.1:{port}/ui/calls", child)
    yield f"http://127.0.0.1:{port}"
    child.stop()


@pytest.fixture(scope="module")
def corner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The same, just installed, at a corner of the square."""
    mode, database = request.param
    yield from start_workspace(request, tmp_path_factory.mktemp(f"{mode}-{database}"), mode, database)


def clear_of_midnight(*zones: str) -> None:
    """Wait while a day changes in one of these zones.

    Who works around the clock does so from 00:00 to 23:59: in the last minute of a day nobody is reminded, and in the
    first one a minute ago was another day.
    """
    while any(not time(0, 1) <= datetime.now(ZoneInfo(zone)).time() < time(23, 58, 30) for zone in zones):
        sleep(0.5)


def start_workspace(
    request: pytest.FixtureRequest,
    folder: Path,
    mode: str,
    database: str,
    *,
    lists_people: bool = True,
    **settings: str,
) -> Iterator[Workspace]:
    """Start a sandbox and a bot (with further settings), hand them over, and stop both.

    Where Slack does not list people, everybody is new.
    """
    port, slack_port = processes.free_port(), processes.free_port()
    address = f"http://127.0.0.1:{slack_port}"
    url = new_database(request, folder, database)
    sandbox = processes.sandbox(folder, mode, port, slack_port)
    bot = processes.quick_bot(folder, mode, port, address, url, **settings)
    sandbox.start()
    processes.wait_until(f"{address}/ui/calls", sandbox)
    team = Team(address)
    if not lists_people:
        team.control(fail={"method": "users.list", "error": "missing_scope", "times": 1})
    bot.start()
    found = Workspace(team, bot, sandbox, mode, port, url, folder)
    try:
        found.wait()
        yield found
    finally:
        found.team.close()
        code = bot.stop() if bot.is_running() else None
        sandbox.stop()
    assert code in {0, None}, bot.said()
    assert "Traceback" not in bot.said()
