"""Large teams, statuses, and people of other workspaces."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.conftest import Slack, SocketApp, eventually, manifest, running
from tests.sandbox.test_messages import error_of, post
from tests.wire.bigteam import write_team

STRANGER = {"id": "U0FERN", "name": "fern", "real_name": "Fern Weh", "team_id": "T0OTHER", "is_stranger": True}


@pytest.fixture(name="large")
def large_workspace(tmp_path: Path) -> Iterator[Slack]:
    """A workspace of 2,012 people and the bot."""
    write_team(tmp_path / "team.json", 2_000)
    with running(manifest(), team=json.loads((tmp_path / "team.json").read_text(encoding="utf-8"))) as slack:
        yield slack


def test_a_large_team_is_listed_page_by_page(large: Slack) -> None:
    pages = [page["members"] for page in large.client.users_list(limit=200, include_locale=True)]
    assert [len(page) for page in pages] == [200] * 10 + [13]
    members = [user for page in pages for user in page]
    assert len({user["id"] for user in members}) == 2_013
    assert sum(user.get("locale") == "ru-RU" for user in members) == 202
    assert len({user["tz"] for user in members if "tz" in user}) > 10


def test_any_page_may_be_refused_for_haste(large: Slack) -> None:
    large.control(fail={"method": "users.list", "error": "ratelimited", "retry_after": 1, "times": 1, "after": 1})
    first = large.client.users_list(limit=200)
    cursor = first["response_metadata"]["next_cursor"]
    with pytest.raises(SlackApiError) as refused:
        large.client.users_list(limit=200, cursor=cursor)
    answer = refused.value.response
    assert (answer.status_code, answer["error"], answer.headers["retry-after"]) == (429, "ratelimited", "1")
    again = large.client.users_list(limit=200, cursor=cursor)["members"]
    assert not {user["id"] for user in again} & {user["id"] for user in first["members"]}


@pytest.mark.parametrize("cursor", ["nonsense", "5", "from:0", "from:13", "from:x"])
def test_a_cursor_that_was_never_given_out_is_refused(slack: Slack, cursor: str) -> None:
    assert error_of(slack.client.users_list, limit=5, cursor=cursor) == "invalid_cursor"


def test_people_who_are_known_already_are_not_told_again(slack: Slack) -> None:
    def state(people: str = "") -> dict[str, object]:
        return slack.get("state", **{"as": "U0ANA", "people": people})

    known = str(state()["people"])
    assert "users" not in state(known)
    slack.control(user={"id": "U0ANA", "real_name": "Ana Maria"})
    assert "users" in state(known)


def test_a_status_is_told_with_its_end(slack: Slack, app: SocketApp) -> None:
    told = slack.do("status", by="U0ANA", emoji=":palm_tree:", text="Vacationing", until=1_900_000_000)
    status = {"status_emoji": ":palm_tree:", "status_text": "Vacationing", "status_expiration": 1_900_000_000}
    assert told["user"]["profile"].items() >= status.items()
    event = app.last["event"]
    assert (event["type"], event["user"]["id"]) == ("user_change", "U0ANA")
    assert event["user"]["profile"].items() >= status.items()
    assert slack.client.users_info(user="U0ANA")["user"]["profile"].items() >= status.items()


def test_somebody_of_another_workspace_does_not_join_this_one(slack: Slack, app: SocketApp) -> None:
    user = slack.control(user=STRANGER)["user"]
    assert (user["profile"]["team"], app.received) == ("T0OTHER", [])
    assert slack.client.users_info(user="U0FERN")["user"]["is_stranger"]
    assert "U0FERN" not in {user["id"] for user in slack.client.users_list()["members"]}
    slack.control(user={"id": "U0FERN", "tz": "Asia/Tokyo"})
    assert (app.last["event"]["type"], app.last["event"]["user"]["team_id"]) == ("user_change", "T0OTHER")


def test_what_they_press_and_submit_names_both_workspaces(slack: Slack, app: SocketApp) -> None:
    slack.control(user=STRANGER, join={"channel": "C0SALES", "user": "U0FERN"})
    button = {"type": "button", "text": {"type": "plain_text", "text": "Press"}, "action_id": "press"}
    ts = post(slack, text="Look", blocks=[{"type": "actions", "block_id": "b", "elements": [button]}])["ts"]
    source = {"type": "message", "channel": "C0SALES", "ts": ts}
    slack.do("press", by="U0FERN", source=source, block_id="b", action_id="press")
    assert (app.last["user"]["team_id"], app.last["team"]["id"]) == ("T0OTHER", "T0BATON")
    title = {"type": "plain_text", "text": "Form"}
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "Sure?"}}]
    view = {"type": "modal", "title": title, "submit": title, "blocks": blocks}
    opened = slack.client.views_open(trigger_id=app.last["trigger_id"], view=view)["view"]
    assert slack.do("submit", by="U0FERN", view_id=opened["id"], state={})["ok"]
    eventually(lambda: app.last["type"] == "view_submission")
    sent = app.last
    assert (sent["user"]["team_id"], sent["team"]["id"], sent["view"]["team_id"]) == ("T0OTHER", "T0BATON", "T0BATON")


def test_what_they_write_names_their_workspace(slack: Slack, app: SocketApp) -> None:
    slack.control(user=STRANGER, join={"channel": "C0SALES", "user": "U0FERN"})
    slack.do("type", by="U0FERN", channel="C0SALES", text="<hello> @Relay")
    sent = next(request.payload for request in app.received if request.payload["event"]["type"] == "app_mention")
    assert (sent["team_id"], sent["is_ext_shared_channel"]) == ("T0BATON", True)
    assert (sent["event"]["team"], sent["event"]["user_team"]) == ("T0OTHER", "T0OTHER")


def test_their_command_comes_from_the_workspace_of_the_app(slack: Slack, app: SocketApp) -> None:
    slack.control(user=STRANGER, join={"channel": "C0SALES", "user": "U0FERN"})
    slack.do("type", by="U0FERN", channel="C0SALES", text="/log call")
    assert (app.last["user_id"], app.last["team_id"]) == ("U0FERN", "T0BATON")
