"""Starting, stopping, and what a browser gets."""

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from sandbox.manifest import read_manifest

from tests.sandbox.conftest import Json, Slack, manifest
from tests.sandbox.test_messages import post


@pytest.fixture
def process(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    file = tmp_path / "manifest.json"
    file.write_text(json.dumps(manifest()), encoding="utf-8")
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--manifest", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_ends_with_0(process: subprocess.Popen[str], number: signal.Signals) -> None:
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith("sandbox: http://127.0.0.1:")
    slack = Slack(line.removeprefix("sandbox: ").strip())
    assert slack.state()["app"]["connected"] is False
    with urllib.request.urlopen(f"{slack.base_url}/ui/stream?as=U0ANA", timeout=5) as stream:
        assert stream.readline() == b": open\n"
        process.send_signal(number)
        assert process.wait(timeout=5) == 0
    assert process.stdout.read() == ""


def test_a_manifest_without_a_way_to_the_app_is_refused() -> None:
    with pytest.raises(ValueError, match="Socket Mode"):
        read_manifest(manifest(socket_mode=False))


def test_urls_of_the_manifest_serve_when_no_other_is_given() -> None:
    given = manifest(socket_mode=False)
    address = "https://bot.example/slack/events"
    given["settings"]["event_subscriptions"]["request_url"] = address
    given["settings"]["interactivity"]["request_url"] = address
    app = read_manifest(given)
    assert (app.events_url, app.interactivity_url, app.options_url) == (address, address, address)


def test_uploaded_files_are_served(slack: Slack) -> None:
    file = slack.client.files_upload_v2(channel="C0SALES", content="a,b", filename="week.csv")["file"]
    with urllib.request.urlopen(file["url_private"], timeout=5) as response:
        assert (response.read(), response.headers["content-type"].split(";")[0]) == (b"a,b", "text/csv")


def notices(slack: Slack, user: str, wanted: int, found: list[Json], ready: threading.Event) -> None:
    with urllib.request.urlopen(f"{slack.base_url}/ui/stream?as={user}", timeout=5) as stream:
        for line in stream:
            ready.set()
            if line.startswith(b"data: "):
                found.append(json.loads(line.removeprefix(b"data: ")))
            if len(found) == wanted:
                return


def test_open_pages_are_told_what_changed(slack: Slack) -> None:
    found: list[Json] = []
    ready = threading.Event()
    page = threading.Thread(target=notices, args=(slack, "U0ANA", 4, found, ready))
    page.start()
    assert ready.wait(5)
    slack.client.chat_postEphemeral(channel="C0SALES", user="U0DANA", text="not for Ana")
    ts = post(slack)["ts"]
    slack.client.chat_delete(channel="C0SALES", ts=ts)
    slack.client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": [{"type": "divider"}]})
    slack.control(user={"id": "U0DANA", "name": "dana"})
    page.join(5)
    assert found == [
        {"type": "message", "channel": "C0SALES", "ts": ts},
        {"type": "message_deleted", "channel": "C0SALES", "ts": ts},
        {"type": "home"},
        {"type": "user"},
    ]
