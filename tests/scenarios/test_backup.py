"""A company moves from SQLite to PostgreSQL while its people work, and nobody's figures change."""

import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot import sample
from bot.delivery.service import Letter, tell
from bot.delivery.states import State
from bot.store.engine import Store
from tests.bot.delivery.parcels import Ledger
from tests.databases import new_postgres_database
from tests.scenarios.conftest import Workspace, start_workspace
from tests.wire import processes, signed
from tests.wire.nursery import Forked
from tests.wire.processes import BOT_TOKEN, Ended

LOOKS = ("/quota", "/quota statement", "/deal", "/quota figures", "/log week")
CLOCK = re.compile(r"\d\d:\d\d")


@pytest.fixture(scope="module")
def workspace(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    for found in start_workspace(request, tmp_path_factory.mktemp("backup"), "http", "sqlite"):
        found.bot.stop()  # it would move hand-offs on while they are made
        with closing(found.store()) as store:
            sample.fill(store, WebClient(BOT_TOKEN, base_url=f"{found.team.address}/api/"), datetime.now(UTC))
        found.restart()
        yield found


def typed(workspace: Workspace, *words: str, url: str = "") -> Ended:
    return processes.quick_baton(workspace.folder, *words, DATABASE_URL=url or workspace.database_url)


def figures(workspace: Workspace) -> dict[tuple[str, str], str]:
    """What people read about themselves, without the time of day."""
    looks = [(person, words) for person in ("U0DANA", "U0MARIA", "U0ANA") for words in LOOKS]
    return {look: CLOCK.sub("", workspace.team.types(*look).text) for look in looks}


def test_who_moves_to_postgresql_while_people_work_finds_everything_there(
    workspace: Workspace, request: pytest.FixtureRequest
) -> None:
    before = figures(workspace)
    stopping, refused = threading.Event(), []

    def work() -> None:
        while not stopping.is_set():
            if "calls today" not in signed.post(workspace.port, signed.command("U0DEVON", "call Acme 5m")).text:
                refused.append("a call")

    people = threading.Thread(target=work)
    people.start()
    try:
        made = typed(workspace, "backup", "moving.baton")
    finally:
        stopping.set()
        people.join()
    assert made.code == 0, made.err
    assert refused == []
    url = new_postgres_database(request.getfixturevalue("postgres"))
    restored = typed(workspace, "restore", "moving.baton", url=url)
    assert restored.code == 0, restored.err
    assert made.err.split(" written")[0] == restored.err.split(" restored")[0]
    workspace.bot.stop()
    here, there = workspace.database_url, workspace.bot.environment
    workspace.bot.environment = {**there, "DATABASE_URL": url}
    workspace.restart()
    assert figures(workspace) == before
    again = typed(workspace, "restore", "moving.baton", url=url)
    assert (again.code, again.err.count("\n")) == (2, 1)
    assert "--replace" in again.err
    workspace.bot.stop()
    workspace.bot.environment = {**there, "DATABASE_URL": here}
    workspace.restart()


def test_what_was_sent_since_the_backup_is_not_sent_again(workspace: Workspace) -> None:
    letter = Letter("delivery_trouble", "U0SAM", "a test", {"channel": "C0GENERAL", "reason": "is_archived"})
    workspace.bot.stop()
    with closing(workspace.store()) as store, store.write() as tx:
        tell(tx, signed.TEAM, letter, datetime.now(UTC))
    assert typed(workspace, "backup", "nightly.baton").code == 0
    workspace.restart()
    assert _settled(workspace.store(), letter).state == State.SENT
    workspace.bot.stop()
    posts = _posts(workspace)
    restored = typed(workspace, "restore", "nightly.baton", "--replace")
    assert "delivery_trouble to U0SAM (a test)" in restored.err
    workspace.restart()
    found = _settled(workspace.store(), letter)
    assert (found.state, bool(found.ts)) == (State.SENT, True)
    assert _posts(workspace) == posts


def _posts(workspace: Workspace) -> int:
    with processes.http(workspace.team.address) as client:
        return len(client.get("/ui/posts").json()["posts"])


def _settled(store: Store, letter: Letter):  # type: ignore[no-untyped-def]  # a row
    deadline = time.monotonic() + 60
    with closing(store):
        while time.monotonic() < deadline:
            (row,) = [row for row in Ledger(store).rows() if (row.kind, row.occasion) == (letter.kind, letter.occasion)]
            if row.settled_at:
                return row
            time.sleep(0.1)
    raise AssertionError(row)


def test_a_backup_that_is_killed_leaves_nothing_behind(workspace: Workspace) -> None:
    folder: Path = workspace.folder
    before = (folder / "nightly.baton").read_bytes()
    settings = {**processes.clean_environment(), "DATABASE_URL": workspace.database_url}
    for said in ("out", "err"):
        (folder / said).touch()
    mother = processes.nursery("bot.__main__")
    for pause in (0.0, 0.02, 0.05, 0.1):
        pid = mother.fork(("backup", "nightly.baton"), folder / "out", folder / "err", settings, folder)
        time.sleep(pause)
        Forked(mother, pid).send_signal(signal.SIGKILL)
    assert {each.name for each in folder.glob("*.baton*")} <= {"nightly.baton", "moving.baton"}
    assert (folder / "nightly.baton").read_bytes()[:2] == before[:2]
    assert typed(workspace, "restore", "nightly.baton", url=f"sqlite:///{folder}/elsewhere.db").code == 0
