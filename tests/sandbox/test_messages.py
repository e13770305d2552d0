"""chat.*: posting, changing, deleting, scheduling, and who sees what."""

import time
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError

from tests.sandbox.blocks import mrkdwn, section, table
from tests.sandbox.conftest import Json, Slack, eventually


def post(slack: Slack, channel: str = "C0SALES", **content: Any) -> Any:
    return slack.client.chat_postMessage(channel=channel, **(content or {"text": "Hello"}))


def error_of(call: Any, **given: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**given)
    return str(refused.value.response["error"])


def test_a_posted_message_is_seen_by_the_members(slack: Slack) -> None:
    answer = post(slack, text="Won!", blocks=[section(text=mrkdwn("*Won*"))])
    row = slack.rows("C0SALES", "U0DANA")[0]
    assert (row["ts"], row["text"], row["user"]) == (answer["ts"], "Won!", "U0BOT")
    assert row["blocks"][0]["text"]["text"] == "*Won*"
    assert answer["message"]["bot_id"] == "B0SANDBOX"


@pytest.mark.parametrize(
    "name", [pytest.param("#sales", id="name with #"), pytest.param("sales", id="name"), "C0SALES"]
)
def test_a_channel_may_be_named(slack: Slack, name: str) -> None:
    assert post(slack, name)["channel"] == "C0SALES"


def test_a_user_id_opens_the_direct_message(slack: Slack) -> None:
    assert post(slack, "U0ANA")["channel"] == "D0ANA"
    assert slack.client.conversations_open(users="U0ANA")["channel"]["id"] == "D0ANA"
    assert [row["text"] for row in slack.rows("D0ANA")] == ["Hello"]


REFUSED = [
    pytest.param({"channel": "C0NONE", "text": "x"}, "channel_not_found", id="no channel"),
    pytest.param({"channel": "C0GENERAL", "text": "x"}, "not_in_channel", id="not a member"),
    pytest.param({"channel": "U0GONE", "text": "x"}, "user_disabled", id="deactivated"),
    pytest.param({"channel": "C0SALES"}, "no_text", id="nothing said"),
    pytest.param({"channel": "C0SALES", "blocks": {"type": "divider"}}, "invalid_blocks_format", id="no list"),
    pytest.param({"channel": "C0SALES", "blocks": [{"type": "div"}]}, "invalid_blocks", id="unknown block"),
    pytest.param({"channel": "C0SALES", "blocks": [table(), table()]}, "invalid_attachments", id="two tables"),
    pytest.param({"channel": "C0SALES", "markdown_text": "x", "text": "y"}, "markdown_text_conflict", id="two texts"),
    pytest.param(
        {"channel": "C0SALES", "text": "x", "metadata": {"sender": "me"}},
        "invalid_metadata_format",
        id="metadata",
    ),
    pytest.param({"channel": "C0SALES", "text": "x", "thread_ts": "1.2"}, "thread_not_found", id="no thread"),
]


@pytest.mark.parametrize(("given", "error"), REFUSED)
@pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing")
def test_a_message_is_refused_in_slacks_words(slack: Slack, given: Json, error: str) -> None:
    assert error_of(slack.client.chat_postMessage, **given) == error


@pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing")
def test_a_refused_payload_names_its_fault_and_stands_in_the_channel(slack: Slack) -> None:
    with pytest.raises(SlackApiError) as refused:
        post(slack, text="t", blocks=[section(text=mrkdwn("x" * 3001))])
    reason = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert refused.value.response["errors"] == [reason]
    assert refused.value.response["response_metadata"]["messages"] == [f"[ERROR] {reason}"]
    row = slack.rows("C0SALES")[0]
    assert (row["refused"], row["detail"], row["method"]) == (True, [f"[ERROR] {reason}"], "chat.postMessage")
    assert row["payload"]["text"] == "t"


def test_a_text_above_40_000_characters_is_cut(slack: Slack) -> None:
    assert len(post(slack, text="x" * 40_001)["message"]["text"]) == 40_000


def test_an_update_replaces_text_and_blocks(slack: Slack) -> None:
    ts = post(slack, text="Old", blocks=[section()])["ts"]
    slack.client.chat_update(channel="C0SALES", ts=ts, text="New")
    row = slack.rows("C0SALES")[0]
    assert (row["text"], row["edited"], row.get("blocks")) == ("New", True, None)


def test_an_update_with_blocks_shows_no_edited_mark(slack: Slack) -> None:
    ts = post(slack)["ts"]
    slack.client.chat_update(channel="C0SALES", ts=ts, text="New", blocks=[section()])
    assert slack.rows("C0SALES")[0]["edited"] is False


def test_metadata_stays_until_it_is_cleared(slack: Slack) -> None:
    key = {"event_type": "card", "event_payload": {"id": 1}}
    ts = post(slack, text="x", metadata=key)["ts"]

    def kept() -> Any:
        history = slack.client.conversations_history(channel="C0SALES", include_all_metadata=True)
        return history["messages"][0].get("metadata")

    slack.client.chat_update(channel="C0SALES", ts=ts, text="y")
    assert kept() == key
    slack.client.chat_update(channel="C0SALES", ts=ts, text="z", metadata={})
    assert kept() is None


def keyed(key: str) -> Any:
    return {"event_type": "card", "event_payload": {"key": key}}


def test_posts_are_counted_by_their_key(slack: Slack) -> None:
    slack.control(fail={"method": "chat.postMessage", "error": "lost"})
    with pytest.raises((SlackApiError, SlackRequestError)):
        post(slack, text="x", metadata=keyed("a"))
    parent = post(slack, "U0ANA", text="x", metadata=keyed("b"))
    again = post(slack, text="x", metadata=keyed("a"))
    reply = post(slack, parent["channel"], text="x", thread_ts=parent["ts"], metadata=keyed("c"))
    slack.client.chat_delete(channel="C0SALES", ts=post(slack, text="x", metadata=keyed("gone"))["ts"])
    post(slack, text="x", metadata={"event_type": "card", "event_payload": {"id": 1}})
    post(slack, text="no metadata")
    assert (
        error_of(post, slack=slack, text="x", blocks=[{"type": "div"}], metadata=keyed("refused")) == "invalid_blocks"
    )
    slack.client.chat_postEphemeral(channel="C0SALES", user="U0ANA", text="x", metadata=keyed("unseen"))
    posts = slack.get("posts")["posts"]
    assert [(row["key"], row["channel"]) for row in posts] == [
        ("a", "C0SALES"),
        ("b", "D0ANA"),
        ("a", "C0SALES"),
        ("c", "D0ANA"),
    ]
    assert [row["ts"] for row in posts[1:]] == [parent["ts"], again["ts"], reply["ts"]]


def test_an_update_of_what_is_not_there_or_not_its_own_is_refused(slack: Slack) -> None:
    typed = slack.do("type", by="U0ANA", channel="C0SALES", text="mine")["message"]["ts"]
    update, delete = slack.client.chat_update, slack.client.chat_delete
    assert error_of(update, channel="C0SALES", ts="1.2", text="x") == "message_not_found"
    assert error_of(update, channel="C0SALES", ts=typed, text="x") == "cant_update_message"
    assert error_of(delete, channel="C0SALES", ts=typed) == "cant_delete_message"
    ts = post(slack)["ts"]
    assert error_of(update, channel="C0SALES", ts=ts, text="x" * 4001) == "msg_too_long"


def test_a_deleted_message_is_gone(slack: Slack) -> None:
    slack.client.chat_delete(channel="C0SALES", ts=post(slack)["ts"])
    assert slack.rows("C0SALES") == []


def test_an_ephemeral_message_is_seen_once_and_cannot_be_changed(slack: Slack) -> None:
    ts = slack.client.chat_postEphemeral(channel="C0SALES", user="U0ANA", text="Only you")["message_ts"]
    assert slack.rows("C0SALES")[0]["ephemeral"] is True
    assert slack.rows("C0SALES", "U0DANA") == []
    update = slack.client.chat_update
    assert error_of(update, channel="C0SALES", ts=ts, text="x") == "message_not_found"
    ephemeral = slack.client.chat_postEphemeral
    assert error_of(ephemeral, channel="C0SALES", user="U0GUEST", text="x") == "user_not_in_channel"


def test_replies_stand_in_their_thread(slack: Slack) -> None:
    ts = post(slack, text="Parent")["ts"]
    post(slack, text="Child", thread_ts=ts)
    rows = slack.rows("C0SALES")
    assert (rows[0]["reply_count"], rows[1]["thread_ts"]) == (1, ts)
    replies = slack.client.conversations_replies(channel="C0SALES", ts=ts)["messages"]
    assert [message["text"] for message in replies] == ["Parent", "Child"]
    history = slack.client.conversations_history(channel="C0SALES")["messages"]
    assert [message["text"] for message in history] == ["Parent"]


def test_history_is_paged_newest_first(slack: Slack) -> None:
    stamps = [post(slack, text=str(number))["ts"] for number in range(5)]
    texts, cursor = [], ""
    while True:
        page = slack.client.conversations_history(channel="C0SALES", limit=2, cursor=cursor)
        texts += [message["text"] for message in page["messages"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert texts == ["4", "3", "2", "1", "0"]
    since = slack.client.conversations_history(channel="C0SALES", oldest=stamps[2], inclusive=True)
    assert [message["text"] for message in since["messages"]] == ["4", "3", "2"]


def test_a_scheduled_message_comes_at_its_time_and_can_be_taken_back(slack: Slack) -> None:
    soon = int(time.time()) + 3  # time for five calls, on a busy machine too
    schedule = slack.client.chat_scheduleMessage
    schedule(channel="C0SALES", post_at=soon, text="Later")
    other = schedule(channel="C0SALES", post_at=soon, text="Never")["scheduled_message_id"]
    silent = {"event_type": "x", "event_payload": {}}
    schedule(channel="C0SALES", post_at=soon, text="With metadata", metadata=silent)
    delete = slack.client.chat_deleteScheduledMessage
    delete(channel="C0SALES", scheduled_message_id=other)
    assert error_of(delete, channel="C0SALES", scheduled_message_id=other) == "invalid_scheduled_message_id"
    eventually(lambda: slack.rows("C0SALES"))
    assert [row["text"] for row in slack.rows("C0SALES")] == ["Later"]


def test_a_message_cannot_be_scheduled_for_any_time(slack: Slack) -> None:
    schedule, now = slack.client.chat_scheduleMessage, int(time.time())
    assert error_of(schedule, channel="C0SALES", post_at=now - 5, text="x") == "time_in_past"
    assert error_of(schedule, channel="C0SALES", post_at=now + 121 * 86_400, text="x") == "time_too_far"
    slot = (now // 300 + 10) * 300
    for second in range(30):
        schedule(channel="C0SALES", post_at=slot + second, text="x")
    assert error_of(schedule, channel="C0SALES", post_at=slot + 31, text="x") == "restricted_too_many"


def test_a_reaction_is_set_once(slack: Slack) -> None:
    ts = post(slack)["ts"]
    add = slack.client.reactions_add
    add(channel="C0SALES", timestamp=ts, name="tada")
    assert slack.rows("C0SALES")[0]["reactions"] == [{"name": "tada", "users": ["U0BOT"]}]
    assert error_of(add, channel="C0SALES", timestamp=ts, name="tada") == "already_reacted"
    assert error_of(add, channel="C0SALES", timestamp=ts, name=":tada:") == "invalid_name"


def test_a_permalink_names_channel_and_message(slack: Slack) -> None:
    ts = post(slack)["ts"]
    link = slack.client.chat_getPermalink(channel="C0SALES", message_ts=ts)["permalink"]
    assert link == f"https://northwind.slack.com/archives/C0SALES/p{ts.replace('.', '')}"


def test_unread_counts_what_others_wrote_since_one_looked(slack: Slack) -> None:
    def unread() -> int:
        return next(int(c["unread"]) for c in slack.state()["channels"] if c["id"] == "C0SALES")

    post(slack)
    slack.do("type", by="U0ANA", channel="C0SALES", text="my own")
    assert unread() == 0
    post(slack)
    assert unread() == 1
    slack.rows("C0SALES")
    assert unread() == 0
