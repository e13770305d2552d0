"""Slash commands: what the app gets, and what a person sees of its answer."""

from slack_sdk.socket_mode.request import SocketModeRequest

from tests.sandbox.blocks import section
from tests.sandbox.conftest import Json, Slack, SocketApp


def log(slack: Slack, text: str = "/log call Acme") -> Json:
    return slack.do("type", by="U0ANA", channel="C0SALES", text=text)


def test_a_command_reaches_the_app_with_all_that_slack_sends(slack: Slack, app: SocketApp) -> None:
    assert log(slack, "/log call Acme with @dana & https://x.example") == {"ok": True, "kind": "command"}
    sent = app.last
    assert sent["text"] == "call Acme with <@U0DANA|dana> &amp; <https://x.example>"
    assert (sent["command"], sent["user_id"], sent["user_name"]) == ("/log", "U0ANA", "ana")
    assert (sent["channel_id"], sent["channel_name"]) == ("C0SALES", "sales")
    assert (sent["team_id"], sent["team_domain"], sent["is_enterprise_install"]) == (
        "T0BATON",
        "northwind",
        "false",
    )
    assert sent["response_url"].startswith(f"{slack.base_url}/response/")


def test_a_command_in_the_apps_own_conversation_says_directmessage(slack: Slack, app: SocketApp) -> None:
    slack.do("type", by="U0ANA", channel="D0ANA", text="/log")
    assert (app.last["channel_name"], app.last["text"]) == ("directmessage", "")


def test_a_command_without_should_escape_gets_plain_names(slack: Slack, app: SocketApp) -> None:
    log(slack, "/plain to @dana")
    assert app.last["text"] == "to @dana"


def test_an_ack_with_text_is_seen_by_the_person_alone(slack: Slack, app: SocketApp) -> None:
    app.answer = lambda _: {"text": "Logged."}
    reply = log(slack)["reply"]
    assert (reply["text"], reply["ephemeral"], reply["bot"], reply["name"]) == (
        "Logged.",
        True,
        True,
        "Relay",
    )
    assert [row["text"] for row in slack.rows("C0SALES")] == ["Logged."]
    assert slack.rows("C0SALES", "U0DANA") == []


def test_an_ack_in_channel_shows_what_was_typed_too(slack: Slack, app: SocketApp) -> None:
    app.answer = lambda _: {"text": "Logged.", "response_type": "in_channel"}
    log(slack)
    assert [row["text"] for row in slack.rows("C0SALES", "U0DANA")] == ["/log call Acme", "Logged."]


def test_in_channel_alone_only_echoes_the_command(slack: Slack, app: SocketApp) -> None:
    app.answer = lambda _: {"response_type": "in_channel"}
    assert "reply" not in log(slack)
    assert [row["text"] for row in slack.rows("C0SALES", "U0DANA")] == ["/log call Acme"]


def test_a_refused_ack_is_shown_in_red_and_recorded(slack: Slack, app: SocketApp) -> None:
    app.answer = lambda _: {"blocks": [section(text="bare")]}
    told = log(slack)
    assert (told["ok"], told["error"]) == (False, "invalid_command_response")
    row = slack.rows("C0SALES")[0]
    assert (row["refused"], row["error"], row["method"]) == (True, "invalid_blocks", "ack")
    assert row["detail"] == ["[ERROR] must provide an object [json-pointer:/blocks/0/text]"]
    call = slack.get("calls")["calls"][-1]
    assert (call["method"], call["ok"], call["error"]) == ("ack", False, "invalid_blocks")


def test_a_command_that_nobody_acks_times_out_after_three_seconds(slack: Slack, app: SocketApp) -> None:
    app.answer = lambda _: False
    assert log(slack) == {"ok": False, "kind": "command", "error": "operation_timeout"}


def test_a_command_without_a_connected_app_fails_at_once(slack: Slack) -> None:
    assert log(slack)["error"] == "dispatch_failed"


def test_a_command_that_the_app_does_not_have_is_not_delivered(slack: Slack, app: SocketApp) -> None:
    assert log(slack, "/unknown")["error"] == "unknown_command"
    assert app.received == []


def test_the_last_delivery_can_be_repeated_exactly(slack: Slack, app: SocketApp) -> None:
    app.answer = lambda request: {"text": f"Try {request.retry_attempt}"}
    log(slack)
    told = slack.control(redeliver={"retry_num": 1, "retry_reason": "http_timeout"})
    first, second = app.received
    assert first.payload == second.payload
    assert (second.retry_attempt, second.retry_reason) == (1, "http_timeout")
    assert told["reply"]["text"] == "Try 1"


def test_many_people_can_type_at_once(slack: Slack, app: SocketApp) -> None:
    def answer(request: SocketModeRequest) -> Json:
        return {"text": request.payload["text"]}

    app.answer = answer
    replies = [log(slack, f"/log {number}")["reply"]["text"] for number in range(30)]
    assert replies == [str(number) for number in range(30)]


def test_a_guest_types_only_where_a_guest_is(slack: Slack) -> None:
    assert slack.do("type", by="U0GUEST", channel="C0SALES", text="hi")["error"] == "not_in_channel"
    assert slack.do("type", by="U0GUEST", channel="C0RANDOM", text="hi")["ok"]


def test_the_deactivated_cannot_sign_in(slack: Slack) -> None:
    assert slack.do("type", by="U0GONE", channel="C0SALES", text="hi")["error"] == "user_disabled"
