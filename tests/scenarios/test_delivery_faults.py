"""Slack and the database fail in every way they know; nothing is lost, nothing comes twice, and the rest goes on."""

import time
from collections.abc import Iterator
from itertools import dropwhile
from pathlib import Path

import pytest

from bot.delivery.sender import BATCH
from bot.delivery.states import State
from tests.lengths import length
from tests.wire.drill import CARD, OFFER, REMINDER, Drill, a_slack, a_store
from tests.wire.nursery import Nursery
from tests.wire.team import Team
from tests.wire.troubles import away, cut_connections, locked

POST = "chat.postMessage"

RETRY_AFTER = length(3, 30)
SLOW = length(3, 10)
AWAY = length(2, 20)
"""Seconds."""

ROWS = length(60, 1_000)

pytestmark = pytest.mark.timeout(length(120, 900))

in_sqlite = pytest.mark.parametrize("database", ["sqlite"])
in_postgresql = pytest.mark.parametrize("database", ["postgresql"])


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    found = Nursery("tests.wire.sending")
    yield found
    found.close()


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A sandbox; every test uses up the faults that it orders."""
    with a_slack(tmp_path_factory.mktemp("slack")) as team:
        yield team


@pytest.fixture
def drill(
    request: pytest.FixtureRequest, slack: Team, nursery: Nursery, database: str, tmp_path: Path
) -> Iterator[Drill]:
    slack.control(reinstall=True, forget_calls=True)
    found = Drill(slack, a_store(request, database, tmp_path), nursery, tmp_path)
    yield found
    found.close()


def fail(drill: Drill, error: str, method: str = POST, **more: object) -> None:
    """Order a fault."""
    drill.team.control(fail={"method": method, "error": error, **more})


@pytest.mark.long
@in_sqlite
def test_a_rate_limit_on_posts_holds_up_posts_only(drill: Drill) -> None:
    cards = drill.tell(5, CARD)
    drill.sender().start()
    drill.finish()
    fail(drill, "ratelimited", retry_after=RETRY_AFTER)
    drill.tell(1, OFFER)
    drill.eventually(lambda: "ratelimited" in {row.reason for row in drill.rows("reason")}, "no rate limit")
    drill.tell(40, OFFER, REMINDER)
    drill.change(cards)
    drill.finish()
    after = list(dropwhile(lambda call: call["error"] != "ratelimited", drill.team.calls()))[1:]
    assert [call["method"] for call in after] == [*["chat.update"] * 5, *[POST] * 41]
    drill.check_once()


@pytest.mark.long
@in_sqlite
@pytest.mark.parametrize("error", ["http_500", "lost", "reset"])
def test_a_fault_on_every_third_post_loses_and_doubles_nothing(drill: Drill, error: str) -> None:
    fail(drill, error, every=3, times=ROWS // 4)
    drill.tell(ROWS, OFFER, REMINDER)
    drill.sender().start()
    drill.finish()
    assert drill.failed(error) == ROWS // 4
    drill.check_once()


@pytest.mark.long
@in_sqlite
@pytest.mark.parametrize("patience", [2 * SLOW, SLOW / 2], ids=["waited for", "given up"])
def test_slow_answers_hold_up_nobody_else(drill: Drill, patience: float) -> None:
    drill.patience, drill.lease = patience, 5 * patience
    slow, others = drill.people[:4], drill.people[4:]
    for person in slow:
        fail(drill, "slow", seconds=SLOW, channel=person)
    drill.tell(4, OFFER, REMINDER, people=slow)
    drill.tell(ROWS, OFFER, REMINDER, people=others)
    drill.sender().start()
    drill.finish()
    settled = drill.rows("recipient", "settled_at")
    last_of_others = max(row.settled_at for row in settled if row.recipient not in slow)
    assert [row.recipient for row in settled if row.recipient in slow and row.settled_at <= last_of_others] == []
    drill.check_once()


@in_postgresql
def test_a_dead_token_halts_all_and_what_waits_is_sent_by_the_next_process(drill: Drill) -> None:
    drill.tell(20, OFFER, REMINDER)
    sender = drill.sender().start()
    drill.finish()
    drill.team.control(revoke=True)
    drill.tell(3 * BATCH, OFFER, REMINDER)
    drill.eventually(lambda: drill.failed("token_revoked") and not drill.states()[State.CLAIMED], "nothing was tried")
    drill.tell(20, OFFER, REMINDER)
    time.sleep(1)
    assert drill.failed("token_revoked") <= BATCH
    sender.stop()
    drill.team.control(reinstall=True)
    sender.start()
    drill.eventually(lambda: drill.states()[State.SENT] == len(drill.told), "not all is sent")
    drill.check_once()


@in_sqlite
def test_a_dead_token_is_tried_now_and_then_and_all_is_sent_once_slack_takes_it(drill: Drill) -> None:
    drill.tell(20, OFFER, REMINDER)
    drill.sender("--halt", "0.5").start()
    drill.finish()
    drill.team.control(revoke=True)
    drill.tell(20, OFFER, REMINDER)
    drill.eventually(lambda: drill.failed("token_revoked") >= 20 + 2, "no probe after the first tries")
    assert drill.states()[State.SENT] == 20
    drill.team.control(reinstall=True)
    drill.eventually(lambda: drill.states()[State.SENT] == 40, "not all is sent")
    drill.check_once()


@in_sqlite
def test_a_token_that_dies_while_a_message_is_unsure_neither_loses_nor_doubles_it(drill: Drill) -> None:
    fail(drill, "reset", times=10)
    drill.tell(10, OFFER, REMINDER)
    drill.sender().start()
    drill.eventually(lambda: drill.states()[State.UNSURE] == 10, "they are not unsure")
    drill.team.control(revoke=True)
    drill.eventually(lambda: drill.failed("token_revoked"), "nobody looked")
    drill.team.control(reinstall=True)
    drill.finish()
    drill.check_once()


@pytest.mark.long
@in_postgresql
def test_a_database_that_is_restarted_under_load_loses_and_doubles_nothing(drill: Drill) -> None:
    drill.patience, drill.lease = 2.0, 8.0
    senders = [drill.sender().start() for _ in range(2)]
    for sender in senders:
        sender.wait()
    for _ in range(length(2, 20)):
        drill.tell(5 * ROWS, OFFER, REMINDER)
        sent = drill.states()[State.SENT]
        drill.eventually(lambda sent=sent: drill.states()[State.SENT] > sent, "nothing is sent")  # type: ignore[misc]
        cut_connections(drill.url)
    drill.tell(5 * ROWS, OFFER, REMINDER)
    with away(drill.url):
        time.sleep(AWAY)
    drill.finish(length(60, 300))
    drill.check_once()


@pytest.mark.long
@in_sqlite
def test_a_database_that_is_locked_under_load_loses_and_doubles_nothing(drill: Drill) -> None:
    drill.sender().start().wait()
    for _ in range(length(1, 5)):
        drill.tell(5 * ROWS, OFFER, REMINDER)
        drill.eventually(lambda: drill.states()[State.CLAIMED], "nothing is sent")
        with locked(drill.url):
            time.sleep(3)
    drill.finish(length(60, 300))
    drill.check_once()
