"""What reaches the HTTP door: only what Slack has signed, and nothing too old or too large."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.scenarios.conftest import Workspace, start_workspace
from tests.wire import signed
from tests.wire.processes import http as client


@pytest.fixture(scope="module")
def http(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    yield from start_workspace(request, tmp_path_factory.mktemp("signed"), "http", "sqlite")


BODY = signed.command("U0ANA", "call Acme")


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        pytest.param(signed.headers(BODY, secret="somebody else's"), "forged", id="a forged signature"),
        pytest.param(signed.headers(BODY, age=360), "stale", id="six minutes old"),
        pytest.param(signed.headers(BODY, age=-7200), "stale", id="from the future"),
        pytest.param(signed.headers(BODY, stamp="0"), "stale", id="from 1970"),
        pytest.param(signed.headers(BODY, stamp="9" * 400), "unsigned", id="a timestamp beyond all time"),
        pytest.param(signed.headers(BODY, stamp="yesterday"), "unsigned", id="a timestamp that is none"),
        pytest.param({"Content-Type": "application/x-www-form-urlencoded"}, "unsigned", id="not signed at all"),
        pytest.param(signed.headers(BODY) | {"X-Slack-Signature": ""}, "unsigned", id="a stamp alone"),
        pytest.param(signed.headers(BODY + "&x=1"), "forged", id="another body"),
    ],
)
def test_what_slack_did_not_sign_is_turned_away_and_counted(
    http: Workspace, headers: dict[str, str], reason: str
) -> None:
    before = refused(http, reason)
    assert signed.post(http.port, BODY, headers).status_code == 401
    assert refused(http, reason) == before + 1


def refused(http: Workspace, reason: str) -> float:
    """How many were refused for this, by /metrics."""
    with client(f"http://127.0.0.1:{http.port}") as pages:
        page = pages.get("/metrics").text
    found = re.search(rf'^baton_requests_refused_total{{reason="{reason}"}} (\S+)$', page, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_a_body_over_a_mebibyte_is_refused(http: Workspace) -> None:
    body = signed.command("U0ANA", "call Acme - " + "x" * 1024 * 1024)
    assert signed.post(http.port, body).status_code == 413


def test_the_same_delivery_twice_is_stored_once_and_answered_alike(http: Workspace) -> None:
    body = signed.command("U0DEVON", "call Acme 15m")
    first = signed.post(http.port, body)
    retry = signed.headers(body) | {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    second = signed.post(http.port, body, retry)
    assert "1 of 10 calls today" in first.text
    assert "1 of 10 calls today" in second.text
    other = signed.post(http.port, signed.command("U0DEVON", "call Acme 15m"))
    assert "2 of 10 calls today" in other.text


def test_an_undo_delivered_twice_takes_back_one(http: Workspace) -> None:
    for _ in range(2):
        signed.post(http.port, signed.command("U0ARUN", "call Acme"))
    body = signed.command("U0ARUN", "undo")
    assert "1 of 10" in signed.post(http.port, body).text
    assert "1 of 10" in signed.post(http.port, body).text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"deleted": True}, "deactivated", id="a leaver"),
        pytest.param({"is_restricted": True}, "guests cannot", id="a guest"),
        pytest.param({"is_bot": True}, "bots cannot", id="a bot"),
    ],
)
def test_who_may_not_log_is_told_who_can(http: Workspace, change: dict[str, bool], said: str) -> None:
    http.team.control(user={"id": "U0MINA", **change})
    reply = http.team.eventually(lambda: signed.post(http.port, signed.command("U0MINA", "call Acme")), said)
    assert "can" in reply.text
    http.team.control(user={"id": "U0MINA", **dict.fromkeys(change, False)})
    http.team.eventually(lambda: signed.post(http.port, signed.command("U0MINA", "today")), "calls today")


def test_slack_follows_a_change_of_language_and_zone(http: Workspace) -> None:
    assert "of 10 calls" in signed.post(http.port, signed.command("U0SAM", "call Acme")).text
    http.team.control(user={"id": "U0SAM", "locale": "ru-RU", "tz": "Asia/Vladivostok"})
    http.team.eventually(lambda: signed.post(http.port, signed.command("U0SAM", "today")), "из 10")


def test_rubbish_is_answered_and_breaks_nothing(http: Workspace) -> None:
    for body in ("", "payload=%7B", "command=%2Flog", "\x00\xff", "payload=[]", "payload=%22x%22"):
        assert signed.post(http.port, body).status_code in {200, 400, 401, 404}
    assert "of 10 calls" in signed.post(http.port, signed.command("U0MARIA", "call Acme")).text


@pytest.mark.parametrize(
    "text", ["call Acme - \x00\x01 bell", "call Acme - \ud83d", "call \u202eemcA\u202c 5m", "🎉" * 500]
)
def test_strange_characters_are_stored_or_asked_back(http: Workspace, text: str) -> None:
    body = signed.command("U0DANA", text.encode("utf-8", "replace").decode())
    answer = signed.post(http.port, body)
    assert answer.status_code == 200
    assert answer.json()["blocks"]


def test_the_health_pages_answer(http: Workspace) -> None:
    for page in ("healthz", "readyz"):
        assert httpx.get(f"http://127.0.0.1:{http.port}/{page}", verify=False).text == "ok\n"
