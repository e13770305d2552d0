"""`baton demo`: the sandbox, a sample team with two weeks behind it, and the real bot, each as it always is.

The sandbox is a process of its own and is spoken to over the wire only; the people of the sample are those it
lists through Slack's own `users.list`.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import webbrowser
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.request import urlopen

from slack_sdk import WebClient

from bot import clock, sample
from bot.errors import NotReady
from bot.ops import logging
from bot.store.engine import Store
from handlers.manifest import manifest

BOT_TOKEN, APP_TOKEN = "xoxb-sandbox", "xapp-sandbox"

HERE = "127.0.0.1"

LOG_LEVEL = "warning"
"""Of all three processes: whoever starts a demo is told where it is, and what goes wrong."""

STOPS = ("SIGINT", "SIGTERM", "SIGHUP")
"""Ctrl-C, a supervisor, and a terminal window that is closed (Windows has no signal for that)."""


def run(port: int, *, open_browser: bool) -> None:
    """Start everything, say where it is, and stop it all on Ctrl-C.

    Raises:
        NotReady: when the sandbox or the bot does not come up.
    """
    stopping = threading.Event()
    for name in STOPS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stopping.set())
    logging.configure(LOG_LEVEL, "console")
    _forget_proxies()
    _take_port(port)
    with tempfile.TemporaryDirectory(prefix="baton-demo-") as folder, ExitStack() as children:
        sandbox, address = _start_sandbox(Path(folder), port)
        children.callback(_stop, sandbox)
        database = f"sqlite:///{folder}/demo.db"
        with closing(Store(database)) as store:
            sample.fill(store, WebClient(BOT_TOKEN, base_url=f"{address}/api/"), clock.utc_now())
        bot_port = _take_port(0)
        bot = _start_bot(address, database, bot_port)
        children.callback(_stop, bot)
        if _is_up(bot_port, stopping, sandbox, bot):
            print(f"\n  Baton's demo is at  {address}\n  Ctrl-C stops it.\n", flush=True)  # noqa: T201 - for the person
            if open_browser and _has_screen():
                webbrowser.open(address)
            _wait(stopping, sandbox, bot)


def _forget_proxies() -> None:
    """All that the demo talks to is on this machine, and the SDK would ask a proxy for that too."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]


def _take_port(port: int) -> int:
    """A port that is free, found by taking it for a moment; 0 takes any.

    Raises:
        NotReady: when it is not free.
    """
    try:
        with socket.create_server((HERE, port)) as taken:
            return int(taken.getsockname()[1])
    except (OSError, OverflowError):
        raise NotReady(f"Port {port} cannot be used; is it taken? Try `baton demo --port 0`.") from None


def _start_sandbox(folder: Path, port: int) -> tuple[subprocess.Popen[str], str]:
    paper = folder / "manifest.json"
    paper.write_text(json.dumps(manifest(None)))
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--manifest", str(paper)]
    tokens = ["--bot-token", BOT_TOKEN, "--app-token", APP_TOKEN]
    sandbox = _spawn([*command, *tokens], {})
    line = sandbox.stdout.readline() if sandbox.stdout else ""
    address = line.partition(": ")[2].strip()
    if not address.startswith("http"):
        _stop(sandbox)
        raise NotReady("The sandbox did not start; the lines above say why.")
    return sandbox, address


def _start_bot(address: str, database: str, port: int) -> subprocess.Popen[str]:
    own = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": f"{address}/api/",
        "DATABASE_URL": database,
        "BATON_HOST": HERE,
        "BATON_PORT": str(port),
        "LOG_LEVEL": LOG_LEVEL,
        "LOG_FORMAT": "console",
    }
    return _spawn([sys.executable, "-m", "bot", "run"], own)


def _spawn(command: list[str], settings: dict[str, str]) -> subprocess.Popen[str]:
    """A child in a session of its own: Ctrl-C reaches this process, which stops the children in order."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter and modules
        command, env=os.environ | settings, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def _is_up(port: int, stopping: threading.Event, *children: subprocess.Popen[str]) -> bool:
    """Whether the bot answers, once it does; False when the demo was stopped before that.

    Raises:
        NotReady: when a child has ended by itself.
    """
    while not stopping.wait(0.1):
        _are_alive(children)
        try:
            urlopen(f"http://{HERE}:{port}/readyz", timeout=5).close()
        except OSError:
            continue
        return True
    return False


def _wait(stopping: threading.Event, *children: subprocess.Popen[str]) -> None:
    while not stopping.wait(0.2):
        _are_alive(children)


def _are_alive(children: tuple[subprocess.Popen[str], ...]) -> None:
    if any(child.poll() is not None for child in children):
        raise NotReady("The demo stopped by itself; the lines above say why.")


def _stop(child: subprocess.Popen[str]) -> None:
    child.terminate()
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _has_screen() -> bool:
    return sys.platform in {"darwin", "win32"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
