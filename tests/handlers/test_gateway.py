"""What Slack says of people, as the product knows them; and its pages of them, with patience."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.errors import SlackUnavailable
from handlers.gateway import Gateway, profile_of

HERE = "T0BATON"
USER = {"id": "U0ANA", "team_id": HERE, "name": "ana", "tz": "Europe/Madrid", "locale": "es-ES"}
ENDS = 1795852800


def a_user(**more: Any) -> dict[str, Any]:
    """Ana as users.info has her."""
    profile = {"display_name": "Ana", "real_name": "Ana Ruiz", "email": "ana@northwind.example"}
    return {**USER, **more, "profile": {**profile, **more.get("profile", {})}}


@pytest.mark.parametrize(
    ("more", "foreign"),
    [
        pytest.param({}, False, id="of this workspace"),
        pytest.param({"team_id": "T0OTHER"}, True, id="of another one"),
        pytest.param({"is_stranger": True}, True, id="a stranger in a shared channel"),
        pytest.param(
            {"team_id": "E0ORG", "enterprise_user": {"teams": [HERE]}}, False, id="of an organisation that has this one"
        ),
        pytest.param({"team_id": None}, False, id="of a workspace that is not named"),
    ],
)
def test_who_is_of_another_workspace(more: dict[str, Any], foreign: bool) -> None:
    assert profile_of(a_user(**more), HERE).is_foreign is foreign


@pytest.mark.parametrize(
    ("status", "away"),
    [
        pytest.param({"status_emoji": ":palm_tree:", "status_expiration": ENDS}, "vacation", id="vacationing"),
        pytest.param({"status_emoji": ":face_with_thermometer:", "status_expiration": ENDS}, "sick", id="out sick"),
        pytest.param({"status_emoji": ":palm_tree:", "status_expiration": 0}, None, id="without an end"),
        pytest.param({"status_emoji": ":spiral_calendar_pad:", "status_expiration": ENDS}, None, id="in a meeting"),
        pytest.param({"status_emoji": "", "status_text": "Vacationing"}, None, id="words alone"),
        pytest.param({}, None, id="no status"),
    ],
)
def test_a_status_that_says_away_until_when(status: dict[str, Any], away: str | None) -> None:
    found = profile_of(a_user(profile=status), HERE)
    assert found.away_kind == away
    assert found.away_until == (datetime.fromtimestamp(ENDS, UTC) if away else None)


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({}, "Ana"),
        ({"profile": {"display_name": ""}}, "Ana Ruiz"),
        ({"profile": {"display_name": "", "real_name": ""}, "real_name": "Ana R."}, "Ana R."),
        ({"profile": {"display_name": "", "real_name": ""}}, "ana"),
        ({"profile": {"display_name": "", "real_name": ""}, "name": None}, "U0ANA"),
    ],
)
def test_people_are_called_what_slack_shows(more: dict[str, Any], name: str) -> None:
    assert profile_of(a_user(**more), HERE).name == name


class Pages(WebClient):
    """A users.list of three pages; `faults` come first, one for each call."""

    def __init__(self, *faults: Exception) -> None:
        super().__init__("xoxb-test")
        self.faults = list(faults)
        self.asked: list[str] = []

    def users_list(self, **asked: Any) -> Any:
        """One page."""
        cursor = asked["cursor"]
        self.asked.append(cursor)
        if self.faults:
            raise self.faults.pop(0)
        page = int(cursor or 0)
        following = str(page + 1) if page < 2 else ""
        return {"members": [a_user(id=f"U{page}")], "response_metadata": {"next_cursor": following}}


def refusal(error: str, status: int = 200, **headers: str) -> SlackApiError:
    """What the SDK raises for a refusal of Slack's."""
    response = SlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data={"ok": False, "error": error},
        headers=headers,
        status_code=status,
    )
    return SlackApiError(error, response)  # type: ignore[no-untyped-call]  # the SDK's own


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited."""
    found: list[float] = []
    record: Callable[[float], None] = found.append
    monkeypatch.setattr("handlers.gateway.time.sleep", record)
    return found


def everyone(client: WebClient) -> list[str]:
    """The ids that `client` lists."""
    with ThreadPoolExecutor(1) as pool:
        return [profile.id for page in Gateway(client, pool).everyone(HERE) for profile in page]


def test_everybody_is_listed_page_by_page() -> None:
    client = Pages()
    assert everyone(client) == ["U0", "U1", "U2"]
    assert client.asked == ["", "1", "2"]


def test_slack_is_given_the_time_it_asks_for(naps: list[float]) -> None:
    client = Pages(refusal("ratelimited", 429, **{"Retry-After": "7"}))
    assert everyone(client) == ["U0", "U1", "U2"]
    assert (naps, client.asked) == ([7.0], ["", "", "1", "2"])


def test_what_slack_does_not_allow_ends_it(naps: list[float]) -> None:
    with pytest.raises(SlackUnavailable):
        everyone(Pages(refusal("missing_scope")))
    assert naps == []
