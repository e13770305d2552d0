"""Which token speaks to which workspace: read once, kept, seen anew when it changes, and none where Baton is not."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest
from pydantic import SecretStr
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy import Connection

from bot.errors import StoreUnavailable
from bot.installations import service
from bot.store.engine import Store
from handlers import gateways
from handlers.actor import is_of_elsewhere, workspace_of
from handlers.gateways import Credentials, Installed
from tests.bot.installations.test_service import HERE, THERE, WHOLE, a_grant, a_keyring
from tests.factories import NOW


class Line:
    """The gateways of one process, and how often they looked into the database."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store, self.looks, self.is_away = store, 0, False
        self.made: list[str | None] = []
        read = store.read

        @contextmanager
        def counting() -> Iterator[Connection]:
            self.looks += 1
            if self.is_away:
                raise StoreUnavailable
            with read() as tx:
                yield tx

        monkeypatch.setattr(store, "read", counting)
        own = Credentials("1.2", SecretStr("secret"))
        self.kept = Installed(store, a_keyring(), own, self._client, ThreadPoolExecutor(1), lambda: NOW)

    def _client(self, token: str | None) -> WebClient:
        self.made.append(token)
        return WebClient(token, base_url="http://127.0.0.1:9/")

    def token(self, workspace: str = HERE) -> str | None:
        """With what is spoken to a workspace."""
        return self.kept.of(workspace).client.token


@pytest.fixture
def line(store: Store, monkeypatch: pytest.MonkeyPatch) -> Line:
    """Two workspaces have installed Baton."""
    for workspace in (HERE, THERE):
        service.install(store, a_keyring(), lasting(workspace), NOW)
    return Line(store, monkeypatch)


def lasting(workspace: str, token: str = "", **more: Any) -> Any:
    """A token that lives for ever."""
    granted = a_grant(workspace, **more)
    return service.Granted(**{**_fields(granted), "token": service.Token(SecretStr(token or f"xoxb-{workspace}"))})


def _fields(granted: service.Granted) -> dict[str, Any]:
    return {name: getattr(granted, name) for name in granted.__slots__}


def test_each_workspace_has_its_token_and_it_is_read_once(line: Line) -> None:
    assert [line.token(each) for each in (HERE, THERE, HERE, HERE)] == [
        f"xoxb-{each}" for each in (HERE, THERE, HERE, HERE)
    ]
    assert line.looks == 2
    assert line.made == [None, f"xoxb-{HERE}", f"xoxb-{THERE}"]
    assert line.kept.authorize(HERE, None, False) is not None
    assert line.looks == 2


def test_what_another_process_changes_is_seen_within_seconds(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    assert line.token() == f"xoxb-{HERE}"
    service.install(line.store, a_keyring(), lasting(HERE, "xoxb-new"), NOW)
    assert line.token() == f"xoxb-{HERE}"
    monkeypatch.setattr(gateways, "FRESH", 0.0)
    assert line.token() == "xoxb-new"
    service.end(line.store, a_keyring(), HERE, NOW)
    assert line.token() is None
    assert not line.kept.serves(HERE)
    assert line.kept.authorize(HERE, None, False) is None
    assert line.kept.serves(THERE)


def test_what_this_process_hears_is_seen_at_once(line: Line) -> None:
    assert line.token() == f"xoxb-{HERE}"
    service.end(line.store, a_keyring(), HERE, NOW)
    line.kept.forget(HERE)
    assert line.token() is None


def test_while_the_database_is_away_what_was_known_holds(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateways, "FRESH", 0.0)
    assert line.token() == f"xoxb-{HERE}"
    line.is_away = True
    assert line.token() == f"xoxb-{HERE}"
    with pytest.raises(StoreUnavailable):
        line.token(THERE)
    assert line.kept.authorize(THERE, None, False) is not None  # the listener says that the database is away


def test_no_more_are_kept_than_may_be(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateways, "MOST", 1)
    for each in (HERE, THERE, HERE):
        assert line.token(each) == f"xoxb-{each}"
    assert line.looks == 3


def test_a_workspace_of_an_organisation_is_met_when_something_comes_from_it(line: Line) -> None:
    assert line.kept.authorize("T0NEW", WHOLE, True) is None
    service.install(line.store, a_keyring(), lasting(WHOLE, is_organisation=True, organisation_id=WHOLE), NOW)
    line.kept.forget("T0NEW")
    assert line.kept.authorize("T0NEW", WHOLE, False) is None
    assert line.kept.authorize("T0NEW", WHOLE, True) is not None
    assert line.token("T0NEW") == f"xoxb-{WHOLE}"
    service.end(line.store, a_keyring(), WHOLE, NOW)
    line.kept.forget(WHOLE)
    assert not line.kept.serves("T0NEW")


def test_a_token_that_cannot_be_renewed_is_used_on_and_told_without_itself(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    ends = NOW + timedelta(seconds=30)
    token = service.Token(SecretStr("xoxe.xoxb-old"), SecretStr("xoxe-1-next"), ends)
    service.install(line.store, a_keyring(), service.Granted(**{**_fields(a_grant(HERE)), "token": token}), NOW)
    assert line.token() == "xoxe.xoxb-old"
    assert "xoxe" not in caplog.text


class EndsEarly(BaseHTTPRequestHandler):
    """Slack, where a token was ended before its time; a refresh token is good once."""

    refreshes: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        """A call of the Web API."""
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"] or 0)).decode())
        if self.path.endswith("oauth.v2.access"):
            self.refreshes.extend(asked["refresh_token"])
            said: dict[str, Any] = {"access_token": "xoxe.xoxb-new", "refresh_token": "xoxe-1-later", "expires_in": 99}
        elif self.headers["Authorization"] == "Bearer xoxe.xoxb-new" and len(self.refreshes) == 1:
            said = {"team_id": HERE}
        else:
            said = {"error": "token_expired"}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"ok": "error" not in said, **said}).encode())

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.mark.parametrize("refresh", [SecretStr("xoxe-1-next"), None], ids=["rotates", "lasts"])
def test_a_token_that_ends_before_its_time_is_renewed_once_and_the_call_made_again(
    store: Store, refresh: SecretStr | None
) -> None:
    EndsEarly.refreshes.clear()
    token = service.Token(SecretStr("xoxe.xoxb-old"), refresh, NOW + timedelta(hours=11) if refresh else None)
    service.install(store, a_keyring(), service.Granted(**{**_fields(a_grant(HERE)), "token": token}), NOW)
    with ThreadingHTTPServer(("127.0.0.1", 0), EndsEarly) as slack, ThreadPoolExecutor(4) as pool:
        pool.submit(slack.serve_forever, 0.01)
        address = f"http://127.0.0.1:{slack.server_port}/"
        own = Credentials("1.2", SecretStr("secret"))
        kept = Installed(store, a_keyring(), own, lambda each: WebClient(each, base_url=address), pool, lambda: NOW)
        both = [pool.submit(kept.of(HERE).client.auth_test) for _ in range(2)]
        refused = [isinstance(each.exception(), SlackApiError) for each in both]
        slack.shutdown()
    assert refused == [refresh is None] * 2
    assert EndsEarly.refreshes == (["xoxe-1-next"] if refresh else [])


@pytest.mark.parametrize(
    ("payload", "workspace"),
    [
        pytest.param({"team_id": "T1", "user_id": "U1"}, "T1", id="a command"),
        pytest.param({"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T2"}}, "T1", id="a press from elsewhere"),
        pytest.param({"team": None, "user": {"id": "U1", "team_id": "T1"}}, "T1", id="a press in an organisation"),
        pytest.param(
            {"team": {"id": "T2"}, "view": {"app_installed_team_id": "T1"}}, "T1", id="a form sent from elsewhere"
        ),
        pytest.param(
            {"enterprise": {"id": "E1"}, "user": {"team_id": "T1"}, "view": {"app_installed_team_id": "E1"}},
            "T1",
            id="a form sent in an organisation",
        ),
        pytest.param({"team_id": "T2", "authorizations": [{"team_id": "T1"}]}, "T1", id="an event of a shared channel"),
        pytest.param({"team_id": "T1", "authorizations": [{"team_id": None}]}, "T1", id="an event in an organisation"),
        pytest.param({}, "", id="nothing"),
    ],
)
def test_where_baton_was_asked(payload: dict[str, Any], workspace: str) -> None:
    assert workspace_of(payload) == workspace


@pytest.mark.parametrize(
    ("payload", "elsewhere"),
    [
        pytest.param({"user": {"id": "U1", "team_id": "T1"}}, False, id="a colleague"),
        pytest.param({"user": {"id": "U1", "team_id": "T2"}}, True, id="somebody of a shared channel"),
        pytest.param({"user": {"id": "U1", "team_id": "T2"}, "enterprise": {"id": "E1"}}, False, id="one organisation"),
        pytest.param({"user_id": "U1", "team_id": "T1"}, False, id="a command says no more"),
    ],
)
def test_who_is_of_elsewhere(payload: dict[str, Any], elsewhere: bool) -> None:
    assert is_of_elsewhere(payload, "T1") is elsewhere
