"""Signed HTTP, as the app gets it."""

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import SignatureVerifier

from tests.sandbox.blocks import actions, button
from tests.sandbox.conftest import SECRET, HttpApp, Json, Slack, eventually
from tests.sandbox.test_messages import post

VERIFIER = SignatureVerifier(SECRET)


def log(slack: Slack) -> Json:
    return slack.do("type", by="U0ANA", channel="C0SALES", text="/log call Роман & Co")


def test_a_command_is_a_signed_form(http_slack: Slack, http_app: HttpApp) -> None:
    assert log(http_slack) == {"ok": True, "kind": "command", "status": 200}
    headers, body = http_app.received[0]
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert VERIFIER.is_valid_request(body, headers)
    fields = parse_qs(body, keep_blank_values=True)
    assert (fields["command"], fields["text"]) == (["/log"], ["call Роман &amp; Co"])
    assert fields["is_enterprise_install"] == ["false"]


def test_a_press_is_a_signed_form_with_one_field(http_slack: Slack, http_app: HttpApp) -> None:
    ts = post(http_slack, text="x", blocks=[{**actions(button()), "block_id": "b"}])["ts"]
    source = {"type": "message", "channel": "C0SALES", "ts": ts}
    assert http_slack.do("press", by="U0ANA", source=source, block_id="b", action_id="press")["ok"]
    headers, body = http_app.received[0]
    assert VERIFIER.is_valid_request(body, headers)
    assert json.loads(parse_qs(body)["payload"][0])["type"] == "block_actions"


def test_an_event_is_signed_json(http_slack: Slack, http_app: HttpApp) -> None:
    http_slack.home()
    headers, body = http_app.received[0]
    assert headers["Content-Type"] == "application/json"
    assert VERIFIER.is_valid_request(body, headers)
    assert json.loads(body)["event"]["type"] == "app_home_opened"


REPLIES = [
    pytest.param("text/plain", "Logged.", "Logged.", id="text"),
    pytest.param("application/json", '{"text": "Logged."}', "Logged.", id="json"),
    pytest.param("text/html", '{"text": "Logged."}', "Logged.", id="json by another name"),
    pytest.param("application/json", "{broken", "{broken", id="broken json"),
]


@pytest.mark.parametrize(("content_type", "body", "shown"), REPLIES)
def test_the_body_of_the_ack_is_the_reply(
    http_slack: Slack, http_app: HttpApp, content_type: str, body: str, shown: str
) -> None:
    http_app.reply = (200, content_type, body, {})
    assert log(http_slack)["reply"]["text"] == shown


@pytest.mark.parametrize(
    ("status", "error"),
    [
        pytest.param(500, "http_service_error", id="500"),
        pytest.param(404, "http_client_error", id="404"),
        pytest.param(302, "http_client_error", id="302"),
    ],
)
def test_any_status_but_200_is_a_failure(http_slack: Slack, http_app: HttpApp, status: int, error: str) -> None:
    http_app.reply = (status, "text/plain", "no", {})
    assert log(http_slack) == {"ok": False, "kind": "command", "status": status, "error": error}


def test_an_app_that_is_not_there_is_a_failed_dispatch(http_slack: Slack, http_app: HttpApp) -> None:
    http_app.server.shutdown()
    http_app.server.server_close()
    assert log(http_slack) == {"ok": False, "kind": "command", "error": "dispatch_failed"}


def retries(http_app: HttpApp) -> list[Any]:
    return [(headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason")) for headers, _ in http_app.received]


def test_a_failed_event_is_sent_three_times_more(http_slack: Slack, http_app: HttpApp) -> None:
    http_slack.control(event_retry_seconds=[0, 0.02, 0.02])
    http_app.reply = (500, "text/plain", "", {})
    http_slack.home()
    eventually(lambda: len(http_app.received) == 4)
    assert retries(http_app) == [(None, None), *((str(number), "http_error") for number in (1, 2, 3))]
    assert len({json.loads(body)["event_id"] for _, body in http_app.received}) == 1


def test_retries_end_with_the_first_success(http_slack: Slack, http_app: HttpApp) -> None:
    http_slack.control(event_retry_seconds=[0.1, 0.02, 0.02])
    http_app.reply = (500, "text/plain", "", {})
    http_slack.home()
    http_app.reply = (200, "text/plain", "", {})
    eventually(lambda: len(http_app.received) == 2)
    assert retries(http_app)[1] == ("1", "http_error")


def test_an_app_may_ask_for_no_retry(http_slack: Slack, http_app: HttpApp) -> None:
    http_slack.control(event_retry_seconds=[0, 0, 0])
    http_app.reply = (500, "text/plain", "", {"X-Slack-No-Retry": "1"})
    http_slack.home()
    http_app.reply = (200, "text/plain", "", {})
    log(http_slack)
    assert retries(http_app) == [(None, None), (None, None)]


def test_a_command_is_repeated_with_retry_headers_on_order(http_slack: Slack, http_app: HttpApp) -> None:
    log(http_slack)
    told = http_slack.control(redeliver={"retry_num": 1, "retry_reason": "http_timeout"})
    assert told["status"] == 200
    (_, first), (headers, second) = http_app.received
    assert first == second
    assert headers["X-Slack-Retry-Num"] == "1"
    assert VERIFIER.is_valid_request(second, headers)


def test_nothing_can_be_repeated_before_something_was_sent(http_slack: Slack) -> None:
    told = http_slack.control(redeliver={"retry_num": 1, "retry_reason": "http_timeout"})
    assert told == {"ok": False, "error": "nothing_delivered"}
