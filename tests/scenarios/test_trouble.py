"""When the database cannot serve, people are told in time, nothing is half stored, and nothing they typed is lost."""

import html
import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar
from urllib.parse import urlencode

import pytest

from tests.databases import DATABASES, as_superuser
from tests.scenarios.conftest import Workspace, start_workspace
from tests.wire import processes, signed
from tests.wire.signed import TEAM
from tests.wire.team import GENERAL, Form, Shown
from tests.wire.troubles import Trouble, away, cut_connections, full, locked

DEADLINE = 3.0
"""Seconds that Slack waits for an answer."""

TOLD = "Nothing was stored"

Answer = TypeVar("Answer")


@pytest.fixture(scope="module", params=DATABASES)
def workspace(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    yield from start_workspace(request, tmp_path_factory.mktemp(f"trouble-{request.param}"), "http", request.param)


in_trouble = pytest.mark.parametrize(
    ("workspace", "trouble"),
    [
        pytest.param("sqlite", locked, id="sqlite-locked"),
        pytest.param("sqlite", full, id="sqlite-full"),
        pytest.param("postgresql", locked, id="postgresql-locked"),
        pytest.param("postgresql", full, id="postgresql-full"),
        pytest.param("postgresql", away, id="postgresql-away"),
    ],
    indirect=["workspace"],
    scope="module",
)


def says(workspace: Workspace, person: str, text: str, body: str | None = None) -> Shown:
    """What somebody is answered; in time, whatever happens."""
    body = body or signed.command(person, text)
    address = f"http://127.0.0.1:{workspace.port}/slack/events"
    with processes.http() as http:
        began = time.monotonic()
        answer = http.post(address, content=body, headers=signed.headers(body))
        assert time.monotonic() - began < DEADLINE
    assert answer.status_code == 200, answer.text
    return Shown(answer.json(), GENERAL)


def day_of(workspace: Workspace, person: str) -> str:
    """The line of `/log today` that counts the calls."""
    return says(workspace, person, "today").text.splitlines()[1]


@in_trouble
@pytest.mark.parametrize(
    "line",
    [
        pytest.param("call Acme 15m - wants <!channel> & *more*", id="a line"),
        pytest.param("call Acme - " + "every word of this counts, " * 110, id="a long line"),
        pytest.param("call Acme - first\nsecond\nthird", id="several lines"),
        pytest.param("frobnicate Acme", id="a line to be asked back"),
    ],
)
def test_a_line_is_given_back_whole(workspace: Workspace, trouble: Trouble, line: str) -> None:
    before = day_of(workspace, "U0ANA")
    with trouble(as_superuser(workspace.database_url), workspace.bot):
        reply = says(workspace, "U0ANA", line)
    assert TOLD in reply.text
    assert f"/log {line}".strip() in _typed_in(reply)
    assert day_of(workspace, "U0ANA") == before


@in_trouble
def test_the_same_line_is_stored_once_the_trouble_is_over(workspace: Workspace, trouble: Trouble) -> None:
    before = _calls(workspace, "U0DANA")
    body = signed.command("U0DANA", "call Acme 15m next tue send quote")
    with trouble(as_superuser(workspace.database_url), workspace.bot):
        for _ in range(2):
            assert TOLD in says(workspace, "U0DANA", "", body).text
    for _ in range(2):
        assert f"{before + 1} of 10 calls today" in says(workspace, "U0DANA", "", body).text


@in_trouble
def test_many_at_once_are_all_told_in_time(workspace: Workspace, trouble: Trouble) -> None:
    before = day_of(workspace, "U0ARUN")
    with trouble(as_superuser(workspace.database_url), workspace.bot):
        replies = at_once(24, lambda: says(workspace, "U0ARUN", "call Acme 15m"))
    assert [reply.text for reply in replies if TOLD not in reply.text] == []
    assert day_of(workspace, "U0ARUN") == before


@in_trouble
def test_a_form_stays_open_with_all_that_was_typed(workspace: Workspace, trouble: Trouble) -> None:
    team, before = workspace.team, _calls(workspace, "U0MINA")
    assert team.sends("U0MINA", "/log")["ok"]
    form = team.form("U0MINA").fill(who="Acme", note="a long story")
    with trouble(as_superuser(workspace.database_url), workspace.bot):
        answer = team.submits("U0MINA", form)
    first = next(block["block_id"] for block in form.view["blocks"] if block["type"] == "input")
    assert list(answer["errors"]) == [first]
    assert TOLD in answer["errors"][first]
    assert _calls(workspace, "U0MINA") == before
    assert team.submits("U0MINA", form) == {"ok": True, "closed": True}
    assert _calls(workspace, "U0MINA") == before + 1


@in_trouble
def test_a_button_says_so_and_its_message_stays(workspace: Workspace, trouble: Trouble) -> None:
    team = workspace.team
    reply = team.types("U0DEVON", "/log call Acme next tue send quote")
    before, seen = _calls(workspace, "U0DEVON"), len(team.messages("U0DEVON"))
    with trouble(as_superuser(workspace.database_url), workspace.bot):
        assert team.taps("U0DEVON", reply, "Undo")["ok"]
        assert TOLD in team.next_message("U0DEVON", seen).text
    (there,) = [each for each in team.messages("U0DEVON") if each.raw["ts"] == reply.raw["ts"]]
    assert there.buttons == ["Undo", "Edit"]
    assert _calls(workspace, "U0DEVON") == before
    assert "Taken back" in team.presses("U0DEVON", reply, "Undo").text
    assert _calls(workspace, "U0DEVON") == before - 1


@pytest.mark.parametrize("workspace", ["postgresql"], indirect=True, scope="module")
def test_the_next_command_works_when_the_server_was_restarted(workspace: Workspace) -> None:
    before = _calls(workspace, "U0SAM")
    for _ in range(3):
        with ThreadPoolExecutor(8) as people:
            assert all(people.map(lambda _: "today" in day_of(workspace, "U0SAM"), range(8)))
        cut_connections(as_superuser(workspace.database_url))
        assert "Logged" in says(workspace, "U0SAM", "call Acme").text
    assert _calls(workspace, "U0SAM") == before + 3


def test_one_line_delivered_eight_times_at_once_is_one_entry(workspace: Workspace) -> None:
    before = _calls(workspace, "U0MARIA")
    body = signed.command("U0MARIA", 'call "Eight at Once" 15m next tue send quote')
    replies = at_once(8, lambda: says(workspace, "U0MARIA", "", body).text)
    assert all(f"{before + 1} of 10 calls today" in reply for reply in replies)
    assert _calls(workspace, "U0MARIA") == before + 1


def test_undo_pressed_twice_at_once_takes_back_one(workspace: Workspace) -> None:
    team, before = workspace.team, _calls(workspace, "U0SAM")
    replies = [team.types("U0SAM", "/log call Acme") for _ in range(2)]
    assert all(answer["ok"] for answer in at_once(2, lambda: team.taps("U0SAM", replies[1], "Undo")))
    assert "Taken back" in team.sees_change("U0SAM", replies[1]).text
    assert _calls(workspace, "U0SAM") == before + 1


def test_an_edit_submitted_twice_at_once_is_one_edit(workspace: Workspace) -> None:
    team, before = workspace.team, _calls(workspace, "U0SAM")
    for minutes in range(5):
        team.taps("U0SAM", team.types("U0SAM", "/log call Acme next tue send quote"), "Edit")
        form = team.form("U0SAM").fill(count=f"{minutes + 2}", duration="20m")
        body = _submission("U0SAM", form)
        answers = at_once(2, lambda body=body: signed.post(workspace.port, body))  # type: ignore[misc]
        assert [(answer.status_code, answer.text) for answer in answers] == [(200, "")] * 2
        assert "Taken back" in says(workspace, "U0SAM", "undo").text
        assert _calls(workspace, "U0SAM") == before


def test_a_new_company_named_by_two_people_at_once_is_one(workspace: Workspace) -> None:
    for name in ("Wernham Hogg", "Vandelay Imports", "Stark Industries", "Duff Beer"):
        people = iter(("U0DANA", "U0MINA"))
        replies = at_once(2, lambda people=people, name=name: says(workspace, next(people), f'call "{name}"').text)  # type: ignore[misc]
        assert all(f"*{name}*" in reply for reply in replies)
        assert f"*{name}*" in says(workspace, "U0DANA", f"email {name.upper()}").text


def at_once(times: int, do: Callable[[], Answer]) -> list[Answer]:
    """The same from several threads that start together."""
    barrier = Barrier(times)

    def turn(_: int) -> Answer:
        barrier.wait()
        return do()

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(turn, range(times)))


def _calls(workspace: Workspace, person: str) -> int:
    found = re.search(r"(\d+) of 10 calls today", day_of(workspace, person))
    assert found
    return int(found[1])


def _typed_in(reply: Shown) -> str:
    """What the reply quotes, as it was typed: the sections that are set off, put together again."""
    quoted = [block["text"]["text"] for block in reply.raw["blocks"] if block["text"]["text"].startswith(">")]
    return html.unescape("".join(piece[1:].replace("\n>", "\n") for piece in quoted))


def _submission(person: str, form: Form) -> str:
    """The body with which Slack tells of a form, to be delivered more than once."""
    view = form.view | {"state": {"values": form.state()}}
    payload = {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": person}, "view": view}
    return urlencode({"payload": json.dumps(payload)})
