"""Socket Mode on the wire."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.sandbox.conftest import Json, Slack, SocketApp, eventually, manifest, running
from tests.sandbox.test_messages import error_of


def link(slack: Slack) -> ClientConnection:
    """A bare connection of the app."""
    return connect(slack.client.apps_connections_open(app_token="xapp-sandbox")["url"], close_timeout=0.1)


def received(socket: ClientConnection) -> Json:
    message: Json = json.loads(socket.recv(timeout=5))
    return message


def test_hello_comes_first(slack: Slack) -> None:
    with link(slack) as socket:
        hello = received(socket)
    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    assert hello["connection_info"] == {"app_id": "A0SANDBOX"}


def test_a_ticket_is_good_for_one_connection(slack: Slack) -> None:
    url = slack.client.apps_connections_open(app_token="xapp-sandbox")["url"]
    with connect(url, close_timeout=0.1), pytest.raises(Exception, match="403"):
        connect(url)


def test_pings_are_answered(slack: Slack) -> None:
    with link(slack) as socket:
        assert socket.ping().wait(timeout=5)


def test_an_envelope_of_an_event_tells_of_retries_and_takes_no_payload(slack: Slack, app: SocketApp) -> None:
    slack.home()
    request = app.received[-1]
    assert (request.type, request.accepts_response_payload) == ("events_api", False)
    assert (request.retry_attempt, request.retry_reason) == (0, "")


def test_each_envelope_goes_to_one_socket_in_turn(slack: Slack) -> None:
    with link(slack) as first, link(slack) as second, ThreadPoolExecutor() as people:
        assert [received(first)["type"], received(second)["num_connections"]] == ["hello", 2]
        for socket in (first, second):
            told = people.submit(slack.do, "shortcut", by="U0ANA", callback_id="new")
            socket.send(json.dumps({"envelope_id": received(socket)["envelope_id"]}))
            assert told.result() == {"ok": True}


def test_an_eleventh_socket_is_turned_away(slack: Slack) -> None:
    with ExitStack() as open_sockets:
        for _ in range(10):
            received(open_sockets.enter_context(link(slack)))
        eleventh = open_sockets.enter_context(link(slack))
        assert received(eleventh) == {"type": "disconnect", "reason": "too_many_websockets"}


def test_the_client_reconnects_when_it_is_told_to(slack: Slack, app: SocketApp) -> None:
    before = app.client.session_id()
    slack.control(disconnect="refresh_requested")
    eventually(lambda: app.client.session_id() != before and app.client.is_connected())
    assert slack.do("shortcut", by="U0ANA", callback_id="new") == {"ok": True}


def test_a_socket_that_was_told_to_go_still_serves(slack: Slack) -> None:
    with link(slack) as socket:
        received(socket)
        slack.control(disconnect="warning")
        assert received(socket)["reason"] == "warning"
        assert slack.state()["app"]["connected"]


def test_dropped_sockets_are_closed_without_a_word(slack: Slack) -> None:
    with link(slack) as socket:
        received(socket)
        slack.control(drop_sockets=True)
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=5)
    eventually(lambda: not slack.state()["app"]["connected"])


def test_without_socket_mode_there_is_no_connection() -> None:
    with running(manifest(socket_mode=False), "http://127.0.0.1:9/slack/events") as slack:
        call: Any = slack.client.apps_connections_open
        assert error_of(call, app_token="xapp-sandbox") == "forbidden_team"
