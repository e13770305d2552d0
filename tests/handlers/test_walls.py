"""The walls between workspaces: beside another one in which everything has the same names, e-mails and ids, each
answers as it does alone, whatever is typed, and nothing of the other's changes.

What is typed is every example of every help text, and every verb that is registered, so that a new one is tried as soon
as it is explained.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from bot.errors import NotReady, SlackUnavailable
from bot.leads import outcomes
from bot.people.rules import Profile
from bot.schedule import service as schedule
from bot.store.engine import Store
from bot.store.walls import everywhere
from bot.transfer import console
from bot.transfer.kinds import FORMS, LARGE, Kind
from bot.upkeep import Upkeep
from bot.wiring import PLANNERS
from bot.words import read_catalogue
from handlers import app as apps
from handlers import baton
from handlers.answers import Desk, Listener
from handlers.gateway import Gateway
from handlers.gateways import OneWorkspace
from handlers.home import Homes
from handlers.manifest import COMMANDS
from handlers.webhooks import ManyDoors
from tests.sampled import HERE, NOW, THERE, double, everything_of

TYPED = re.compile(r"`(/[a-z]+[^`…{}]*)`")
READERS = ("U0SAM", "U0MARIA", "U0DANA")
IDS = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")


class Made:
    """Ids that are the same for the same line: what is tied is told apart by a hash of them."""

    def begin(self, line: str) -> None:
        """From now on they are of this line."""
        self._line, self._n = line, 0

    def __call__(self) -> UUID:
        self._n += 1
        return uuid5(NAMESPACE_OID, f"{self._line} {self._n}")


IDS_MADE = Made()


class Pages(Gateway):
    """A gateway that keeps the forms and answers that it would bring to Slack."""

    def __init__(self) -> None:
        super().__init__(WebClient("xoxb-test", base_url="http://127.0.0.1:9/"), ThreadPoolExecutor(1))
        self.shown: list[Any] = []

    def open_view(self, trigger_id: str, view: dict[str, Any]) -> bool:
        self.shown.append(view)
        return True

    def respond(self, response_url: str | None, person_id: str, message: Any) -> None:
        self.shown.append(message.payload())

    def profile(self, person_id: str, workspace_id: str) -> Profile:
        raise SlackUnavailable

    def run_later(self, work: Callable[[], object]) -> None:
        work()


class Room:
    """Baton on one database, without Slack."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store, self.pages = store, Pages()
        self.verbs: Mapping[str, Listener] = {}
        register = baton.register

        def noting(app: App, desk: Desk, verbs: dict[str, Listener]) -> None:
            self.verbs = verbs
            register(app, desk, verbs)

        monkeypatch.setattr(baton, "register", noting)
        desk = Desk(store, lambda: NOW, OneWorkspace(self.pages, HERE))
        client, pool = WebClient("xoxb-test", base_url="http://127.0.0.1:9/"), ThreadPoolExecutor(1)
        identity = {"team_id": HERE, "user_id": "U0BOT", "bot_id": "B0BOT"}
        self._app = apps.build_app(desk, Homes(desk), client, apps.of_token(identity, "xoxb-test"), "", pool)

    def types(self, who: str, line: str) -> str:
        """What somebody reads who types a command."""
        command, _, text = line.partition(" ")
        body = {"command": command, "text": text, "team_id": HERE, "user_id": who, "channel_id": "C0GENERAL"}
        body |= {"trigger_id": line, "response_url": "http://127.0.0.1:9/back"}
        self.pages.shown.clear()
        IDS_MADE.begin(f"{who} {line}")
        answer = self._app.dispatch(BoltRequest(body=body, mode="socket_mode"))
        return _texts([json.loads(answer.body) if answer.body else None, *self.pages.shown])


def _texts(shown: Any) -> str:
    """Every text in what is shown, without ids, which are made up anew each time."""
    if isinstance(shown, dict):
        return "\n".join(filter(None, (_texts(value) for key, value in shown.items() if key not in HIDDEN)))
    if isinstance(shown, list):
        return "\n".join(filter(None, map(_texts, shown)))
    return IDS.sub("…", shown) if isinstance(shown, str) else ""


HIDDEN = {"value", "private_metadata", "block_id", "action_id", "callback_id", "type", "response_type", "style"}


def lines(room: Room) -> list[str]:
    """Everything that can be typed, as far as the help says."""
    said = [str(message.string) for message in read_catalogue("en") if message.id]
    typed = {line.strip() for text in said for line in TYPED.findall(text)}
    commands = {command for command, *_ in COMMANDS}
    known = sorted(line.replace("@ana", "<@U0ANA>").replace("@dana", "<@U0DANA>") for line in typed)
    bare = [f"/baton {verb}" for verb in room.verbs]
    return [line for line in (*known, *commands, *bare) if line.split()[0] in commands]


@pytest.fixture
def rooms(copies: Callable[[], Store], monkeypatch: pytest.MonkeyPatch) -> tuple[Room, Room]:
    """The same workspace twice: alone, and beside one in which everything is the same."""
    monkeypatch.setattr(outcomes, "KEPT_FOR", 0)  # what is counted again when there is time would differ by that
    monkeypatch.setattr("bot.store.types.uuid7", IDS_MADE)
    alone, beside = copies(), copies()
    double(beside)
    return Room(alone, monkeypatch), Room(beside, monkeypatch)


@pytest.mark.timeout(600)
def test_every_line_is_answered_as_if_there_were_nobody_else(rooms: tuple[Room, Room]) -> None:
    alone, beside = rooms
    typed = lines(alone)
    assert len(typed) > 120
    others = everything_of(beside.store, THERE)
    for line in typed:
        for who in READERS:
            said = alone.types(who, line)
            assert said, line
            assert beside.types(who, line) == said, f"{who} types {line}"
    assert everything_of(beside.store, THERE) == others


def test_what_baton_does_by_itself_stays_inside(rooms: tuple[Room, Room]) -> None:
    _, beside = rooms
    others = everything_of(beside.store, THERE)
    upkeep = Upkeep(beside.store, HERE, lambda: NOW)
    upkeep()
    upkeep.day(())
    seen = [workspace for workspace, _ in _only_here(beside.store)]
    assert seen in ([], [HERE])
    assert everything_of(beside.store, THERE) == others


def _only_here(store: Store) -> Iterator[tuple[str, int]]:
    """The jobs of this workspace, where the other one was removed from."""
    with everywhere(), store.write() as tx:
        tx.exec_driver_sql(
            "INSERT INTO installation (workspace_id, is_organisation, scopes, installed_at, state, version) "
            f"VALUES ('{THERE}', false, '', '2026-01-01 00:00:00', 'ended', 1)"
        )
    yield from schedule.tick_by_workspace(store, PLANNERS, NOW)
    with everywhere(), store.write() as tx:
        tx.exec_driver_sql("DELETE FROM installation")


@pytest.mark.parametrize("kind", Kind)
def test_files_are_of_the_workspace_that_is_named(
    copies: Callable[[], Store], kind: Kind, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone, beside = copies(), copies()
    double(beside)
    others = everything_of(beside, THERE)
    files = [tmp_path / "alone.csv", tmp_path / "beside.csv"]
    for store, file in zip((alone, beside), files, strict=True):
        assert console.take_out(store, kind, file, HERE, NOW)
    assert files[0].read_bytes() == files[1].read_bytes()
    with pytest.raises(NotReady, match="several workspaces; say which: --workspace"):
        console.take_out(beside, kind, files[0], None, NOW)
    if kind in LARGE or FORMS[kind].bring_in is not None:
        assert console.bring_in(beside, None, kind, files[1], HERE, NOW, dry_run=False), capsys.readouterr().err
    assert everything_of(beside, THERE) == others


def test_a_door_opens_by_its_own_key_only() -> None:
    doors = ManyDoors({HERE: "ours", THERE: "theirs"}.get)
    assert doors.door({"x-baton-workspace": HERE}) == (HERE, "ours")
    assert doors.door({"x-baton-workspace": "T0NOBODY"}).secret is None
