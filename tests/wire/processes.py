"""Start and stop the sandbox and the bot as the processes they are."""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import httpx

from handlers.manifest import manifest
from tests.wire.nursery import Forked, Nursery
from tests.wire.waiting import looks

BOT_TOKEN = "xoxb-test"
APP_TOKEN = "xapp-test"
SIGNING_SECRET = "a-signing-secret"
CLIENT_ID, CLIENT_SECRET = "1.2", "a-client-secret"
KEY = "bm90LWEtc2VjcmV0LW9mLWFueWJvZHktMzItYnl0ZXM="
STARTS_WITHIN = 60.0
"""Seconds; patience costs nothing where a start succeeds, and a busy machine is no failure."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@dataclass
class Child:
    """A process with its log in a file, so that a full pipe never stops it."""

    command: list[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | Forked | None = None

    def start(self) -> None:
        """Start it; `wait_until` tells when it serves."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command, env=clean_environment() | dict(self.environment), stdout=out, stderr=out
            )

    def stop(self, name: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait; returns the exit code."""
        assert self.process is not None
        self.process.send_signal(name)
        return self.process.wait(15)

    def is_running(self) -> bool:
        """Whether it lives."""
        return self.process is not None and self.process.poll() is None

    def said(self) -> str:
        """Everything it wrote so far."""
        return self.log.read_text(errors="replace")


class Quick(Child):
    """The same for a command `python -m …`, without the time that its imports take."""

    def start(self) -> None:
        """Start it; `wait_until` tells when it serves."""
        _python, _m, module, *options = self.command
        mother = nursery(f"{module}.__main__")
        self.log.touch()
        environment = clean_environment() | dict(self.environment)
        self.process = Forked(mother, mother.fork(options, self.log, environment=environment))


@cache
def nursery(module: str) -> Nursery:
    """The one of this module for the whole run."""
    found = Nursery(module)
    atexit.register(found.close)
    return found


@dataclass(frozen=True)
class Ended:
    """What a command left: its exit code and all that it wrote."""

    code: int
    out: str
    err: str


def quick_baton(folder: Path, *words: str, **settings: str) -> Ended:
    """`baton …` run to its end in a folder, without the time that its imports take."""
    out, err = folder / f"{uuid.uuid4()}.out", folder / f"{uuid.uuid4()}.err"
    for said in (out, err):
        said.touch()
    mother = nursery("bot.__main__")
    pid = mother.fork(words, out, err, clean_environment() | settings, folder)
    code = Forked(mother, pid).wait(60)
    ended = Ended(code, out.read_text(), err.read_text())
    out.unlink()
    err.unlink()
    return ended


def sandbox(folder: Path, mode: str, bot_port: int, port: int, *teams: Path, rotates: bool = False) -> Child:
    """The stand-in for Slack with the app that `baton manifest` describes, and the sample team or others. With the mode
    `many` the app is in none of them until somebody installs it.
    """
    paper = folder / "manifest.json"
    url = f"http://127.0.0.1:{bot_port}"
    described = manifest(None if mode == "socket" else url)
    described["settings"]["token_rotation_enabled"] = rotates
    paper.write_text(json.dumps(described))
    tokens = ["--bot-token", BOT_TOKEN, "--app-token", APP_TOKEN, "--signing-secret", SIGNING_SECRET]
    events = ["--events-url", f"{url}/slack/events"]
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--manifest", str(paper)]
    people = ["--team", *map(str, teams)] if teams else []
    own = ["--client-id", CLIENT_ID, "--client-secret", CLIENT_SECRET] if mode == "many" else []
    return Quick([*command, *tokens, *events, *people, *own], folder / "sandbox.log")


def quick_bot(folder: Path, mode: str, port: int, slack: str, database_url: str, **more: str) -> Child:
    """`baton run`, for stories that are not about its start."""
    found = bot(folder, mode, port, slack, database_url, **more)
    return Quick(found.command, found.log, found.environment)


SETTINGS = {
    "socket": {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN},
    "http": {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET},
    "many": {
        "SLACK_CLIENT_ID": CLIENT_ID,
        "SLACK_CLIENT_SECRET": CLIENT_SECRET,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "BATON_ENCRYPTION_KEY": KEY,
    },
}


def bot(folder: Path, mode: str, port: int, slack: str, database_url: str, **more: str) -> Child:
    """`baton run` as whoever runs it would start it."""
    environment = {
        "SLACK_API_URL": f"{slack}/api/",
        "DATABASE_URL": database_url,
        "BATON_PORT": str(port),
        **SETTINGS[mode],
        **more,
    }
    return Child([sys.executable, "-m", "bot", "run"], folder / "bot.log", environment)


def wait_until(url: str, child: Child, within: float = STARTS_WITHIN) -> None:
    """Wait for a page to answer 200; an early end shows what the process said."""
    with http() as client:
        for _ in looks(within):
            if not child.is_running():
                raise AssertionError(f"ended before it served:\n{child.said()}")
            try:
                if client.get(url).status_code == 200:
                    return
            except httpx.TransportError:
                pass
    raise AssertionError(f"{url} did not answer in {within} s:\n{child.said()}")


def http(base_url: str = "", seconds: float = 10) -> httpx.Client:
    """A client for this machine: plain HTTP, so that it need not load certificates, which takes it 50 ms."""
    return httpx.Client(base_url=base_url, timeout=seconds, verify=False)


def our_settings() -> list[str]:
    """The variables of this environment that would configure the bot by accident."""
    return [name for name in os.environ if name.startswith(("SLACK_", "BATON_", "DATABASE_URL", "LOG_", "OTEL_"))]


def clean_environment() -> dict[str, str]:
    """This environment without them."""
    return {name: value for name, value in os.environ.items() if name not in our_settings()}
