"""What a token may do: the scopes of the Web API."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sandbox.server import HERE
from slack_sdk.errors import SlackApiError

from tests.sandbox.conftest import Slack, manifest, running
from tests.sandbox.test_messages import error_of, post

HISTORY = ("im:history", "channels:history", "groups:history", "mpim:history")
QUIET = {"id": "C0QUIET", "name": "quiet", "members": ["U0ANA", "U0BOT"], "is_private": True}


@contextmanager
def allowed(*scopes: str) -> Iterator[Slack]:
    """A workspace with a private channel, and an app in it with these scopes."""
    given, team = manifest(), json.loads((HERE / "team.json").read_text(encoding="utf-8"))
    given["oauth_config"]["scopes"]["bot"] = list(scopes)
    team["channels"].append(QUIET)
    with running(given, team=team) as slack:
        yield slack


def missing(call: Any, **given: Any) -> tuple[str, str]:
    """What a call lacks and what it has."""
    with pytest.raises(SlackApiError) as refused:
        call(**given)
    answer = refused.value.response
    assert answer["error"] == "missing_scope"
    return answer["needed"], answer["provided"]


def test_a_missing_scope_is_named() -> None:
    with allowed("commands") as slack:
        assert missing(slack.client.users_list) == ("users:read", "commands")


def test_addresses_are_hidden_without_their_scope() -> None:
    with allowed("users:read") as slack:
        assert "email" not in slack.client.users_info(user="U0ANA")["user"]["profile"]


@pytest.mark.parametrize("scope", HISTORY)
def test_a_history_takes_the_scope_of_its_kind(scope: str) -> None:
    given = ("chat:write", "mpim:write", scope)
    with allowed(*given) as slack:
        group = slack.client.conversations_open(users=["U0ANA", "U0DANA"])["channel"]["id"]
        channels = (post(slack, "U0ANA")["channel"], "C0SALES", "C0QUIET", group)
        for needed, channel in zip(HISTORY, channels, strict=True):
            ts = post(slack, channel)["ts"]
            history, replies = slack.client.conversations_history, slack.client.conversations_replies
            if needed == scope:
                assert history(channel=channel)["messages"][0]["ts"] == ts
                assert replies(channel=channel, ts=ts)["messages"][0]["ts"] == ts
            else:
                assert missing(history, channel=channel) == (needed, ",".join(given))
                assert missing(replies, channel=channel, ts=ts) == (needed, ",".join(given))
        assert error_of(slack.client.conversations_history, channel="C0NONE") == "channel_not_found"


def test_without_any_scope_for_histories_nothing_is_told() -> None:
    with allowed("chat:write") as slack:
        post(slack, "U0ANA")
        history = slack.client.conversations_history
        assert missing(history, channel="D0ANA") == ("im:history", "chat:write")
        assert missing(history, channel="C0NONE")[1] == "chat:write"


def test_one_person_is_written_to_with_another_scope_than_several() -> None:
    with allowed("im:write") as slack:
        opened = slack.client.conversations_open
        assert opened(users="U0ANA")["channel"]["id"] == "D0ANA"
        assert opened(channel="D0ANA")["no_op"]
        assert missing(opened, users=["U0ANA", "U0DANA"]) == ("mpim:write", "im:write")
    with allowed("mpim:write") as slack:
        opened = slack.client.conversations_open
        group = opened(users=["U0ANA", "U0DANA"])["channel"]["id"]
        assert opened(channel=group)["no_op"]
        assert missing(opened, users="U0ANA") == ("im:write", "mpim:write")


def test_a_direct_message_is_found_again_by_its_metadata() -> None:
    with allowed("chat:write", "im:history") as slack:
        before = post(slack, "U0ANA")["ts"]
        metadata = {"event_type": "card", "event_payload": {"key": "a"}}
        ts = post(slack, "U0ANA", text="x", metadata=metadata)["ts"]
        history = slack.client.conversations_history
        found = history(channel="D0ANA", oldest=before, limit=5, include_all_metadata=True)["messages"]
        assert [(message["ts"], message["metadata"]) for message in found] == [(ts, metadata)]
        assert "metadata" not in history(channel="D0ANA", oldest=before, limit=5)["messages"][0]
