"""A sandbox for each test, on a real port, and a small app that talks to it with Slack's own SDK."""

import json
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import uvicorn
from sandbox.__main__ import Server, listening
from sandbox.manifest import read_manifest
from sandbox.server import HERE, web_app
from sandbox.state import Sandbox, Settings
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

Json = dict[str, Any]
Answer = Callable[[Json], Json | str | None]

SECRET = "sandbox-secret"
SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "im:history",
    "im:write",
    "mpim:write",
    "reactions:write",
    "team:read",
    "users:read",
    "users:read.email",
]
EVENTS = ["app_home_opened", "app_mention", "message.im", "team_join", "user_change", "app_uninstalled"]


def manifest(socket_mode: bool = True, **changes: Any) -> Json:
    """A manifest with all that the tests use; `changes` go into its features."""
    features: Json = {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Relay"},
        "slash_commands": [
            {"command": "/log", "description": "Log a call", "usage_hint": "call WHO", "should_escape": True},
            {"command": "/plain", "description": "Text as it is", "should_escape": False},
        ],
        "shortcuts": [
            {"name": "New", "type": "global", "callback_id": "new", "description": "Something new"},
            {"name": "Keep", "type": "message", "callback_id": "keep", "description": "Keep a message"},
        ],
    }
    return {
        "display_information": {"name": "Relay"},
        "features": features | changes,
        "oauth_config": {"scopes": {"bot": SCOPES}},
        "settings": {
            "event_subscriptions": {"bot_events": EVENTS},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": socket_mode,
        },
    }


class Slack:
    """A running sandbox, seen from outside."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.client = WebClient("xoxb-sandbox", base_url=f"{base_url}/api/", retry_handlers=[])

    def get(self, what: str, **query: str) -> Json:
        """`GET /ui/…` as JSON."""
        return self._json(f"/ui/{what}?{urllib.parse.urlencode(query)}", None)

    def do(self, what: str, **given: Any) -> Json:
        """`POST /ui/…`; `by` is the person who acts."""
        by = given.pop("by", None)
        return self._json(f"/ui/{what}", {**({"as": by} if by else {}), **given})

    def control(self, **orders: Any) -> Json:
        """`POST /ui/control`."""
        return self._json("/ui/control", orders)

    def rows(self, channel: str, user: str = "U0ANA") -> list[Json]:
        """The messages that this person sees."""
        rows: list[Json] = self.get("messages", **{"as": user, "channel": channel})["messages"]
        return rows

    def state(self, user: str = "U0ANA") -> Json:
        """What the page of this person shows around the messages."""
        return self.get("state", **{"as": user})

    def home(self, user: str = "U0ANA") -> Json:
        """Opens the Home tab."""
        return self.get("home", **{"as": user})

    def _json(self, path: str, body: Json | None) -> Json:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(self.base_url + path, data, timeout=10) as response:
            answer: Json = json.load(response)
        return answer


@contextmanager
def running(given: Json, events_url: str = "", team: Json | None = None) -> Iterator[Slack]:
    """A sandbox in a thread of its own, with the sample team or another, which ends by itself soon after."""
    listener = listening("127.0.0.1", 0)
    base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    team = team or json.loads((HERE / "team.json").read_text(encoding="utf-8"))
    settings = Settings(base_url, "xoxb-sandbox", "xapp-sandbox", SECRET)
    sandbox = Sandbox(settings, read_manifest(given, events_url), team)
    config = uvicorn.Config(web_app(sandbox), log_level="error", timeout_graceful_shutdown=1)
    server = Server(config, sandbox)
    threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
    try:
        yield Slack(base_url)
    finally:
        server.should_exit = True
        sandbox.close()


class SocketApp:
    """An app on Socket Mode: keeps what it is sent, acks with what `answer` returns (False: not at all)."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self.received: list[SocketModeRequest] = []
        self.answer: Callable[[SocketModeRequest], Json | str | bool | None] = lambda _: None
        web_client = WebClient(base_url=f"{slack.base_url}/api/")
        self.client = SocketModeClient("xapp-sandbox", web_client=web_client, ping_interval=1)
        self.client.socket_mode_request_listeners.append(self._take)
        self.client.connect()

    @property
    def last(self) -> Json:
        """The newest payload."""
        return self.received[-1].payload

    def close(self) -> None:
        """Ends at once: the client alone would wait for its reading to time out."""
        self.client.closed = True
        self.client.auto_reconnect_enabled = False
        self.client.message_queue.put(None)
        self._slack.control(drop_sockets=True)
        eventually(lambda: not self.client.is_connected())
        self.client.close()

    def _take(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        self.received.append(request)
        answer = self.answer(request)
        if answer is not False:
            content = {} if answer is None else {"payload": answer}
            client.send_socket_mode_response({"envelope_id": request.envelope_id, **content})


class HttpApp:
    """An app on HTTP: keeps headers and bodies, answers `reply`: status, content type, body, headers."""

    def __init__(self) -> None:
        self.received: list[tuple[Json, str]] = []
        self.reply: tuple[int, str, str, Json] = (200, "text/plain", "", {})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/slack/events"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        app = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                app.received.append((dict(self.headers.items()), body))
                status, content_type, text, headers = app.reply
                self.send_response(status)
                for name, value in {"Content-Type": content_type, **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        return Handler


@pytest.fixture
def slack() -> Iterator[Slack]:
    """A sandbox in Socket Mode without an app."""
    with running(manifest()) as slack:
        yield slack


@pytest.fixture
def app(slack: Slack) -> Iterator[SocketApp]:
    """An app that is connected to `slack`."""
    app = SocketApp(slack)
    eventually(lambda: slack.state()["app"]["connected"])
    yield app
    app.close()


@pytest.fixture
def http_app() -> Iterator[HttpApp]:
    """An app that listens on HTTP."""
    app = HttpApp()
    yield app
    app.server.shutdown()
    app.server.server_close()


@pytest.fixture
def http_slack(http_app: HttpApp) -> Iterator[Slack]:
    """A sandbox that delivers to `http_app`."""
    with running(manifest(socket_mode=False), http_app.url) as slack:
        yield slack


def eventually(true: Callable[[], object], seconds: float = 20.0) -> None:
    """Waits until something is true; patiently, for the machine may be busy with other tests.

    What is asked about need not be there yet: the newest payload, or a field of it.
    """
    end = time.monotonic() + seconds
    while True:
        with suppress(LookupError):
            if true():
                return
        assert time.monotonic() < end, "it never became true"
        time.sleep(0.01)
