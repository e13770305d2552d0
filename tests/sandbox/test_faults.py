"""Ordered faults of the Web API: what fails, how often, where, and what was done all the same."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import IncompleteRead

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from tests.sandbox.conftest import Slack, eventually
from tests.sandbox.test_messages import error_of, post


def texts(slack: Slack, channel: str = "C0SALES") -> list[str]:
    return [row["text"] for row in slack.rows(channel)]


def failed(slack: Slack, calls: int, channel: str = "C0SALES") -> list[int]:
    """Which of so many posts failed, counted from 1."""
    numbers = []
    for number in range(1, calls + 1):
        try:
            post(slack, channel)
        except SlackApiError:
            numbers.append(number)
    return numbers


def test_a_rate_limit_is_a_429_with_retry_after(slack: Slack) -> None:
    fault = {"method": "users.info", "error": "ratelimited", "retry_after": 7, "times": 1}
    slack.control(fail=fault)
    with pytest.raises(SlackApiError) as refused:
        slack.client.users_info(user="U0ANA")
    answer = refused.value.response
    assert (answer.status_code, answer.headers["Retry-After"], answer["error"]) == (429, "7", "ratelimited")
    assert slack.client.users_info(user="U0ANA")["ok"]


def test_a_method_fails_as_often_as_it_is_told(slack: Slack) -> None:
    slack.control(fail={"method": "users.info", "error": "internal_error", "times": 2})
    for _ in range(2):
        assert error_of(slack.client.users_info, user="U0ANA") == "internal_error"
    assert slack.client.users_info(user="U0ANA")["ok"]


def test_a_server_error_is_no_json(slack: Slack) -> None:
    slack.control(fail={"method": "users.info", "error": "http_500"})
    with pytest.raises((SlackApiError, SlackRequestError)):
        slack.client.users_info(user="U0ANA")


def test_a_lost_answer_hides_work_that_was_done(slack: Slack) -> None:
    slack.control(fail={"method": "chat.postMessage", "error": "lost"})
    with pytest.raises((SlackApiError, SlackRequestError)):
        post(slack)
    assert [row["text"] for row in slack.rows("C0SALES")] == ["Hello"]


def test_a_call_can_hang(slack: Slack) -> None:
    slack.control(fail={"method": "users.info", "error": "hang"})
    impatient = WebClient("xoxb-sandbox", base_url=f"{slack.base_url}/api/", timeout=1, retry_handlers=[])
    with pytest.raises(TimeoutError):
        impatient.users_info(user="U0ANA")


def test_a_connection_is_cut_after_the_work_was_done(slack: Slack, caplog: pytest.LogCaptureFixture) -> None:
    slack.control(fail={"method": "chat.postMessage", "error": "reset"})
    with pytest.raises(IncompleteRead):
        post(slack)
    logging.getLogger("uvicorn.error").error("something else")
    assert [record.message for record in caplog.records if record.name == "uvicorn.error"] == ["something else"]
    assert texts(slack) == ["Hello"]
    assert [call["error"] for call in slack.get("calls")["calls"]] == ["reset"]
    assert post(slack)["ok"]


def test_a_slow_answer_comes_whole_and_holds_up_nobody(slack: Slack) -> None:
    slack.control(fail={"method": "chat.postMessage", "error": "slow", "seconds": 1})
    begun = time.monotonic()
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(post, slack)
        eventually(lambda: texts(slack) == ["Hello"])
        assert post(slack, text="Meanwhile")["ok"]
        assert not slow.done()
        assert slow.result()["message"]["text"] == "Hello"
    assert time.monotonic() - begun >= 1
    assert [call["ok"] for call in slack.get("calls")["calls"]] == [True, True]


@pytest.mark.parametrize(
    ("order", "numbers"),
    [
        pytest.param({"times": 1000, "every": 3}, [3, 6, 9], id="one in three"),
        pytest.param({"times": 2, "every": 3}, [3, 6], id="no more than so many"),
        pytest.param({"every": 2, "after": 3}, [5], id="later"),
        pytest.param({"times": 2}, [1, 2], id="each"),
    ],
)
def test_a_fault_shows_on_every_nth_call(slack: Slack, order: dict[str, int], numbers: list[int]) -> None:
    slack.client.auth_test()
    slack.control(fail={"method": "chat.postMessage", "error": "internal_error", **order})
    assert failed(slack, 10) == numbers


def test_a_fault_may_concern_one_channel_alone(slack: Slack) -> None:
    slack.control(fail={"method": "chat.postMessage", "error": "internal_error", "every": 2, "channel": "C0WINS"})
    assert failed(slack, 3) == []
    assert failed(slack, 3, "C0WINS") == [2]


def test_of_two_orders_the_earlier_shows_first(slack: Slack) -> None:
    for error, channel in (("fatal_error", "C0WINS"), ("internal_error", "")):
        slack.control(fail={"method": "chat.postMessage", "error": error, "channel": channel})
    assert error_of(post, slack=slack, channel="C0WINS") == "fatal_error"
    assert error_of(post, slack=slack, channel="C0WINS") == "internal_error"
    assert post(slack, "C0WINS")["ok"]
