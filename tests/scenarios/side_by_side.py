"""Two workspaces of one Slack side by side, with people, companies and ids that are the same, and a bot for both."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from sandbox.server import HERE as SANDBOX
from sqlalchemy import func, select
from sqlmodel import SQLModel

import bot
from bot.delivery import service as delivery
from bot.delivery.mending import TROUBLE
from bot.delivery.service import Letter
from bot.installations import queries as installations
from bot.people import queries as people
from bot.store.engine import Store
from tests.databases import as_superuser, new_database
from tests.wire import processes
from tests.wire.installing import Browser
from tests.wire.processes import Child
from tests.wire.team import PATIENCE, Team
from tests.wire.waiting import until

for path in Path(str(bot.__file__)).parent.glob("*/model.py"):
    import_module(f"bot.{path.parent.name}.model")

NORTH, SOUTH = "T0BATON", "T0SOUTH"


@dataclass
class Two:
    """Slack with two workspaces, and a bot that both may install."""

    teams: dict[str, Team]
    baton: Child
    port: int
    slack: str
    database_url: str
    folder: Path

    def store(self) -> Store:
        """What the bot has stored."""
        return Store(as_superuser(self.database_url))

    def stop(self) -> None:
        """Stop the bot, if it runs."""
        if self.baton.is_running():
            assert self.baton.stop() == 0

    def restart(self, **more: str) -> None:
        """Stop the bot and start it again, with other settings."""
        self.stop()
        self.baton = processes.quick_bot(self.folder, "many", self.port, self.slack, self.database_url, **more)
        self.baton.start()
        self.wait()

    def wait(self) -> None:
        """Until it serves."""
        processes.wait_until(f"http://127.0.0.1:{self.port}/readyz", self.baton)

    def installs(self, *teams: str) -> None:
        """Both, or these, install Baton."""
        browser = Browser(self.port)
        for team in teams or self.teams:
            page = browser.installs(team)
            assert page.status_code == 200, page.text
            assert "Baton is there" in page.text


def start_two(
    request: pytest.FixtureRequest,
    folder: Path,
    database: str,
    *,
    rotates: bool = False,
    organisation: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Two]:
    """Start Slack and a bot, hand them over, and stop both. The people of two workspaces of an organisation have ids of
    their own.
    """
    port, slack_port = processes.free_port(), processes.free_port()
    address, url = f"http://127.0.0.1:{slack_port}", new_database(request, folder, database)
    north, south = folder / "north.json", folder / "south.json"
    given = json.loads((SANDBOX / "team.json").read_text())
    north.write_text(json.dumps({**given, "team": {**given["team"], **organisation}}))
    if organisation:
        given = json.loads(re.sub(r"\b([UC])0(?!BOT)", r"\g<1>1", json.dumps(given)))
    named = {"id": SOUTH, "name": "Southwind", "domain": "southwind", **organisation}
    south.write_text(json.dumps({**given, "team": named}))
    sandbox = processes.sandbox(folder, "many", port, slack_port, north, south, rotates=rotates)
    sandbox.start()
    processes.wait_until(f"{address}/ui/calls", sandbox)
    baton = processes.quick_bot(folder, "many", port, address, url)
    baton.start()
    teams = {NORTH: Team(address), SOUTH: Team(f"{address}/{SOUTH}")}
    found = Two(teams, baton, port, address, url, folder)
    try:
        found.wait()
        yield found
    finally:
        for team in teams.values():
            team.close()
        code = found.baton.stop() if found.baton.is_running() else None
        sandbox.stop()
    assert code in {0, None}, found.baton.said()
    assert "Traceback" not in found.baton.said()
    assert "xox" not in found.baton.said()


def tell(two: Two, workspace: str, occasion: str, sam: str = "U0SAM") -> None:
    """Have Sam told of a channel that takes no messages: something that Baton says of its own accord."""
    letter = Letter(TROUBLE, sam, occasion, {"channel": "C0WINS", "reason": "is_archived"})
    with closing(two.store()) as store, store.write() as tx:
        delivery.tell(tx, workspace, letter, datetime.now(UTC))


def told(team: Team, sam: str = "U0SAM") -> int:
    """How often Sam was told so."""
    return sum("C0WINS" in each.text for each in team.messages(sam, f"D{sam[1:]}"))


def row_of(two: Two, workspace: str) -> Any:
    """What is stored of an installation."""
    with closing(two.store()) as store, store.read() as tx:
        return installations.find(tx, workspace)


def eventually(look: Callable[[], object], otherwise: str) -> None:
    """Wait until something is so."""
    until(look, otherwise, PATIENCE)


SAMS = {NORTH: "U0SAM", SOUTH: "U1SAM"}


def assert_told(two: Two, workspace: str, times: int) -> None:
    """In an organisation each workspace's Sam is told, the other's is not."""
    team, sam = two.teams[workspace], SAMS[workspace]
    eventually(lambda: told(team, sam) == times, f"{sam} was not told {times} times")


def people_of(two: Two, workspace: str) -> set[str]:
    """Whom Baton knows there."""
    with closing(two.store()) as store, store.read() as tx:
        return {each.id for each in people.everybody(tx, workspace)}


def rows_of(two: Two, workspace: str) -> dict[str, int]:
    """How many rows each table has of a workspace."""
    found = {}
    with closing(two.store()) as store, store.read() as tx:
        for table in SQLModel.metadata.sorted_tables:
            if "workspace_id" in table.c:
                count = select(func.count()).select_from(table).where(table.c.workspace_id == workspace)
                found[table.name] = int(tx.scalar(count) or 0)
    return {name: count for name, count in found.items() if count}
