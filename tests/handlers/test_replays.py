"""A request of Slack's that was answered is answered to nobody else who has overheard it; Slack's own retries are."""

import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from handlers import replays
from handlers.replays import AT_ONCE, FRESH, SIGNATURE, STAMP, Served
from handlers.server import Web, new_executor, web_app
from tests.wire import signed
from tests.wire.processes import SIGNING_SECRET


class Door:
    """Slack's way in, with one listener behind it, and what was refused there."""

    def __init__(self) -> None:
        self.refused: Counter[str] = Counter()
        self.heard: list[str] = []
        self.executor = new_executor(2)
        pages = web_app(lambda: None, lambda: b"", self._bolt(), self.executor, refused=self._count)
        self._web = Web(pages, "127.0.0.1", 0)
        self._web.start()

    def post(self, body: str, headers: dict[str, str]) -> int:
        return signed.post(self._web.port, body, headers).status_code

    def close(self) -> None:
        self._web.stop()
        self.executor.shutdown()

    def _count(self, reason: str) -> None:
        self.refused.update([reason])

    def _bolt(self) -> App:
        known = AuthorizeResult(enterprise_id=None, team_id="T0BATON", bot_id="B0", bot_user_id="U0BOT", bot_token="x")
        app = App(
            client=WebClient("x"),
            authorize=lambda: known,
            signing_secret=SIGNING_SECRET,
            process_before_response=True,
            listener_executor=self.executor,
        )

        @app.command("/log")
        def answer(ack: Ack, command: dict[str, str]) -> None:
            self.heard.append(command["text"])
            ack(text=command["text"])

        return app


@pytest.fixture
def door() -> Iterator[Door]:
    found = Door()
    yield found
    found.close()


BODY = signed.command("U0ANA", "call Acme")


def test_what_was_answered_is_refused_and_counted_and_others_are_served(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replays, "AT_ONCE", 0)
    sent = signed.headers(BODY)
    assert [door.post(BODY, sent) for _ in range(3)] == [200, 401, 401]
    assert (door.heard, door.refused) == (["call Acme"], {"replayed": 2})
    other = signed.command("U0DANA", "call Globex")
    assert door.post(other, signed.headers(other)) == 200
    assert door.heard == ["call Acme", "call Globex"]


def test_what_was_sent_twice_on_its_way_is_answered_twice(door: Door) -> None:
    sent = signed.headers(BODY)
    assert [door.post(BODY, sent) for _ in range(2)] == [200, 200]
    assert door.refused == {}


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(lambda sent: sent | signed.RETRY, id="by its header"),
        pytest.param(lambda _: signed.headers(BODY, age=1), id="signed anew"),
    ],
)
def test_a_retry_of_slacks_is_served(
    door: Door, monkeypatch: pytest.MonkeyPatch, again: Callable[[dict[str, str]], dict[str, str]]
) -> None:
    monkeypatch.setattr(replays, "AT_ONCE", 0)
    sent = signed.headers(BODY)
    assert [door.post(BODY, each) for each in (sent, again(sent), again(sent) | signed.RETRY)] == [200] * 3
    assert door.refused == {}


def test_what_was_refused_or_not_looked_at_keeps_nobody_out(door: Door) -> None:
    sent = signed.headers(BODY)
    assert door.post(BODY + "&x=1", sent) == 401
    for body in ("ssl_check=1", '{"ssl_check": "1"}'):  # Bolt answers these without a look at the signature
        assert door.post(body, sent) == 200
        assert door.post(body, {STAMP: sent["X-Slack-Request-Timestamp"]}) == 200
    assert door.post(BODY, sent) == 200
    assert door.refused == {"forged": 1}


def test_a_signature_is_known_as_long_as_it_is_good() -> None:
    served, now = Served(), time.time()

    def stamped(at: float) -> dict[str, str]:
        return {STAMP: str(int(at)), SIGNATURE: f"v0={at}"}

    served.add(stamped(now), now)
    assert [served.has(stamped(now), now + later) for later in (0, AT_ONCE, AT_ONCE + 1)] == [False, False, True]
    served.add(stamped(now + 9), now + FRESH - 1)
    assert served.has(stamped(now), now + FRESH - 1)
    served.add(stamped(now + FRESH), now + FRESH + 2)
    then = now + FRESH + 20
    assert [served.has(stamped(each), then) for each in (now, now + 9, now + FRESH)] == [False, True, True]
    served.add(stamped(now), now + 2 * FRESH)
    assert len(served) == 0


def test_a_flood_leaves_the_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replays, "MOST", 10)
    served = Served()
    sent = [{STAMP: "1000", SIGNATURE: f"v0={n}"} for n in range(25)]
    for each in sent:
        served.add(each, 1000)
        served.add(each, 1000)  # a retry
    assert [served.has(each, 1000 + AT_ONCE + 1) for each in sent] == [False] * 15 + [True] * 10
    assert len(served) == 10
