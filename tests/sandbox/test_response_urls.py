"""Answers over a response url."""

from typing import Any

import pytest
from slack_sdk.webhook import WebhookClient, WebhookResponse

from tests.sandbox.blocks import actions, button, section
from tests.sandbox.conftest import Json, Slack, SocketApp
from tests.sandbox.test_messages import post


def answer(url: str, **body: Any) -> WebhookResponse:
    return WebhookClient(url, retry_handlers=[]).send_dict(body)


def command_url(slack: Slack, app: SocketApp) -> str:
    slack.do("type", by="U0ANA", channel="C0GENERAL", text="/log")
    return str(app.last["response_url"])


def press_url(slack: Slack, app: SocketApp, ephemeral: bool = False) -> str:
    content: Json = {"text": "Card", "blocks": [{**actions(button()), "block_id": "b"}]}
    if ephemeral:
        ts = slack.client.chat_postEphemeral(channel="C0SALES", user="U0ANA", **content)["message_ts"]
    else:
        ts = post(slack, **content)["ts"]
    source = {"type": "message", "channel": "C0SALES", "ts": ts}
    slack.do("press", by="U0ANA", source=source, block_id="b", action_id="press")
    return str(app.last["response_url"])


def texts(slack: Slack, channel: str, user: str = "U0ANA") -> list[str]:
    return [row["text"] for row in slack.rows(channel, user)]


def test_an_answer_is_ephemeral_unless_it_says_otherwise(slack: Slack, app: SocketApp) -> None:
    url = command_url(slack, app)
    assert answer(url, text="Only you").status_code == 200
    answer(url, text="All of you", response_type="in_channel")
    assert texts(slack, "C0GENERAL") == ["Only you", "All of you"]
    assert texts(slack, "C0GENERAL", "U0DANA") == ["All of you"]


def test_it_serves_five_times(slack: Slack, app: SocketApp) -> None:
    url = command_url(slack, app)
    assert [answer(url, text="x").status_code for _ in range(6)] == [200] * 5 + [404]
    assert "used_url" in answer(url, text="x").body


def test_it_serves_thirty_minutes(slack: Slack, app: SocketApp) -> None:
    url = command_url(slack, app)
    slack.control(skip_seconds=29 * 60)
    assert answer(url, text="x").status_code == 200
    slack.control(skip_seconds=61)
    late = answer(url, text="x")
    assert (late.status_code, "expired_url" in late.body) == (404, True)


def test_an_unknown_url_is_refused(slack: Slack) -> None:
    assert answer(f"{slack.base_url}/response/nothing", text="x").status_code == 404


@pytest.mark.parametrize("ephemeral", [False, True], ids=["message", "ephemeral"])
def test_the_original_is_replaced(slack: Slack, app: SocketApp, ephemeral: bool) -> None:
    url = press_url(slack, app, ephemeral)
    answer(url, text="Done", replace_original=True, blocks=[section()])
    rows = slack.rows("C0SALES")
    assert [row["text"] for row in rows] == ["Done"]
    assert (rows[0]["blocks"][0]["type"], rows[0]["ephemeral"]) == ("section", ephemeral)


@pytest.mark.parametrize("ephemeral", [False, True], ids=["message", "ephemeral"])
def test_the_original_is_deleted(slack: Slack, app: SocketApp, ephemeral: bool) -> None:
    answer(press_url(slack, app, ephemeral), delete_original=True)
    assert slack.rows("C0SALES") == []


def test_an_answer_may_stand_in_a_thread(slack: Slack, app: SocketApp) -> None:
    url = press_url(slack, app)
    ts = slack.rows("C0SALES")[0]["ts"]
    answer(url, text="More", replace_original=False, response_type="in_channel", thread_ts=ts)
    assert slack.rows("C0SALES")[1]["thread_ts"] == ts


def test_two_blocks_may_have_one_id_here(slack: Slack, app: SocketApp) -> None:
    doubled = [section(block_id="b"), section(block_id="b")]
    assert answer(command_url(slack, app), blocks=doubled, metadata={"sender": "me"}).status_code == 200


def test_a_wrong_answer_is_refused_and_shown(slack: Slack, app: SocketApp) -> None:
    url = command_url(slack, app)
    refused = answer(url, blocks=[{"type": "line"}])
    assert (refused.status_code, "invalid_blocks" in refused.body) == (400, True)
    assert answer(url, response_type="ephemeral").status_code == 400
    row = slack.rows("C0GENERAL")[0]
    assert (row["refused"], row["method"]) == (True, "response_url")
    errors = [call["error"] for call in slack.get("calls")["calls"] if call["method"] == "response_url"]
    assert errors == ["invalid_blocks", "no_text"]


def test_it_fails_when_it_is_told_to(slack: Slack, app: SocketApp) -> None:
    url = command_url(slack, app)
    slack.control(fail={"method": "response_url", "error": "http_500"})
    assert answer(url, text="x").status_code == 500
    assert answer(url, text="x").status_code == 200
