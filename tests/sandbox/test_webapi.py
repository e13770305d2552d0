"""The Web API around the messages: tokens, people, channels, files, and what it records."""

import time
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.sandbox.conftest import SCOPES, Slack, SocketApp
from tests.sandbox.test_messages import error_of, post


def client(slack: Slack, token: str | None) -> WebClient:
    return WebClient(token, base_url=f"{slack.base_url}/api/", retry_handlers=[])


@pytest.mark.parametrize(
    ("token", "error"),
    [
        pytest.param(None, "not_authed", id="none"),
        pytest.param("xoxb-other", "invalid_auth", id="wrong"),
        pytest.param("xapp-sandbox", "not_allowed_token_type", id="app token"),
    ],
)
def test_a_call_needs_the_bots_token(slack: Slack, token: str | None, error: str) -> None:
    assert error_of(client(slack, token).auth_test) == error


def test_socket_mode_needs_the_apps_token(slack: Slack) -> None:
    assert error_of(client(slack, None).apps_connections_open, app_token="xoxb-sandbox") == ("not_allowed_token_type")


def test_auth_test_says_who_the_bot_is(slack: Slack) -> None:
    answer = slack.client.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0BOT", "B0SANDBOX", "T0BATON")
    assert answer.headers["x-oauth-scopes"] == ",".join(SCOPES)


def test_a_revoked_token_is_dead(slack: Slack) -> None:
    assert slack.client.auth_revoke(test=True)["revoked"] is False
    assert slack.client.auth_revoke()["revoked"] is True
    assert error_of(slack.client.auth_test) == "token_revoked"


def test_a_token_can_die_in_silence_and_live_again(slack: Slack, app: SocketApp) -> None:
    slack.control(revoke=True)
    assert error_of(slack.client.auth_test) == "token_revoked"
    slack.control(reinstall=True)
    assert slack.client.auth_test()["ok"]
    assert app.received == []
    slack.control(uninstall=True, reinstall=True)
    assert slack.client.auth_test()["ok"]


def test_an_unknown_method_is_named(slack: Slack) -> None:
    assert error_of(slack.client.api_call, api_method="chat.shout") == "unknown_method"


def test_a_missing_argument_is_named(slack: Slack) -> None:
    with pytest.raises(SlackApiError) as refused:
        slack.client.api_call("users.info")
    messages = refused.value.response["response_metadata"]["messages"]
    assert messages == ["[ERROR] missing required field: user"]


def test_a_json_body_and_a_form_are_the_same(slack: Slack) -> None:
    wanted, call = {"user": "U0ANA"}, slack.client.api_call
    assert call("users.info", json=wanted)["user"] == call("users.info", data=wanted)["user"]


def test_a_user_has_zone_and_title_and_on_request_a_locale(slack: Slack) -> None:
    user = slack.client.users_info(user="U0ROMAN", include_locale=True)["user"]
    assert (user["tz"], user["tz_offset"], user["locale"]) == ("Europe/Moscow", 10_800, "ru-RU")
    assert user["profile"]["email"] == "roman@northwind.example"
    assert "locale" not in slack.client.users_info(user="U0ROMAN")["user"]
    assert error_of(slack.client.users_info, user="U0NOBODY") == "user_not_found"


def test_the_roles_in_slack_are_told(slack: Slack) -> None:
    users = {user["id"]: user for user in slack.client.users_list()["members"]}
    assert users["U0DANA"]["is_admin"]
    assert users["U0MARIA"]["is_owner"]
    assert users["U0GUEST"]["is_restricted"]
    assert users["U0BOT"]["is_bot"]
    assert users["U0GONE"]["deleted"]
    assert "tz" not in users["U0GONE"]


def test_users_are_paged(slack: Slack) -> None:
    assert [len(page["members"]) for page in slack.client.users_list(limit=5)] == [5, 5, 3]


def test_people_are_found_by_their_address(slack: Slack) -> None:
    find = slack.client.users_lookupByEmail
    assert find(email="DANA@northwind.example")["user"]["id"] == "U0DANA"
    assert error_of(find, email="jonas@northwind.example") == "users_not_found"


def test_the_team_is_told(slack: Slack) -> None:
    assert slack.client.team_info()["team"]["name"] == "Northwind Sales"


def test_the_channels_of_the_bot_are_told(slack: Slack) -> None:
    mine = slack.client.users_conversations()["channels"]
    assert [channel["name"] for channel in mine] == ["sales", "wins", "handoffs"]
    every = slack.client.conversations_list()["channels"]
    assert {channel["name"] for channel in every} >= {"general", "random"}
    assert error_of(slack.client.conversations_list, types="everything") == "invalid_types"


def test_a_channel_is_joined_before_it_is_read(slack: Slack) -> None:
    history = slack.client.conversations_history
    assert error_of(history, channel="C0GENERAL") == "not_in_channel"
    assert slack.client.conversations_join(channel="C0GENERAL")["channel"]["is_member"]
    assert history(channel="C0GENERAL")["messages"] == []
    assert "U0BOT" in slack.client.conversations_members(channel="C0GENERAL")["members"]
    assert slack.client.conversations_info(channel="C0GENERAL")["channel"]["name"] == "general"


def test_several_people_share_one_conversation(slack: Slack) -> None:
    opened = slack.client.conversations_open(users=["U0ANA", "U0DANA"])["channel"]["id"]
    assert slack.client.conversations_open(users=["U0DANA", "U0ANA"])["channel"]["id"] == opened
    assert error_of(slack.client.conversations_open, users="U0GONE") == "user_disabled"
    assert error_of(slack.client.conversations_open, users=["U0ANA"] * 9) == "too_many_users"


def test_a_file_is_uploaded_in_three_steps(slack: Slack) -> None:
    answer = slack.client.files_upload_v2(
        channel="C0SALES", content="a,b\n1,2\n", filename="week.csv", title="The week", initial_comment="Here"
    )
    row = slack.rows("C0SALES")[0]
    assert (row["text"], row["files"][0]["title"]) == ("Here", "The week")
    assert (answer["file"]["mimetype"], answer["file"]["size"]) == ("text/csv", 8)


def test_a_file_that_was_not_uploaded_cannot_be_completed(slack: Slack) -> None:
    announced = slack.client.files_getUploadURLExternal(filename="x.csv", length=3)
    complete = slack.client.files_completeUploadExternal
    assert error_of(complete, files=[{"id": announced["file_id"]}]) == "file_not_found"


def test_one_message_a_second_is_allowed_when_the_limit_is_on(slack: Slack) -> None:
    slack.control(rate_limit=True)
    for _ in range(5):
        post(slack)
    assert error_of(post, slack=slack) == "ratelimited"
    assert post(slack, "C0WINS")["ok"]


def test_every_call_is_recorded(slack: Slack) -> None:
    before = time.time()
    post(slack, text="Hello")
    call: Any = slack.get("calls")["calls"][-1]
    assert (call["method"], call["ok"], call["error"]) == ("chat.postMessage", True, None)
    assert call["args"] == {"channel": "C0SALES", "text": "Hello"}
    assert before <= call["at"] <= time.time()


def test_the_record_of_calls_begins_anew_without_losing_one(slack: Slack) -> None:
    post(slack, text="One")
    assert [call["method"] for call in slack.control(forget_calls=True)["calls"]] == ["chat.postMessage"]
    assert slack.get("calls")["calls"] == []
    slack.client.auth_test()
    assert [call["method"] for call in slack.get("calls")["calls"]] == ["auth.test"]


def test_an_unknown_order_is_refused(slack: Slack) -> None:
    assert slack.control(explode=True) == {"ok": False, "error": "unknown_order", "order": "explode"}


def test_blocks_are_validated_without_a_token_but_only_from_a_form(slack: Slack) -> None:
    call = client(slack, None).api_call
    assert call("blocks.validate", data={"blocks": '[{"type":"divider"}]'})["ok"]
    with pytest.raises(SlackApiError) as refused:
        call("blocks.validate", data={"blocks": '[{"type":"line"}]'})
    assert refused.value.response["errors"][0]["pointer"] == "/blocks/0/type"
    assert error_of(call, api_method="blocks.validate", json={"blocks": []}) == "invalid_arguments"
