"""The whole bot at its ledger: what can be watched, who is told of trouble, and several processes at once."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, insert, update

from bot.activity.model import NextStep
from bot.delivery.mending import TROUBLE
from bot.delivery.model import Delivery
from bot.delivery.service import Letter, tell_all
from bot.people import assignments
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.reminders.rules import Kind
from bot.schedule import service as schedule
from bot.store.engine import Store
from bot.store.sql import table_of
from tests.bot.delivery.parcels import a_row
from tests.scenarios.conftest import Workspace, clear_of_midnight, start_workspace
from tests.wire import processes
from tests.wire.waiting import until

HERE = "T0BATON"
ZONES = "Europe/Madrid America/New_York Asia/Kolkata Europe/Prague America/Los_Angeles".split()
PATIENCE = 30.0
PEOPLE = {"U0ANA": "Acme", "U0DEVON": "Globex", "U0ARUN": "Initech", "U0LENA": "Hooli", "U0MINA": "Umbrella"}

row, step = table_of(Delivery), table_of(NextStep)


def in_store(corner: Workspace, act: Callable[[Store], Any]) -> Any:
    """Do something in what the bot has stored."""
    store = corner.store()
    try:
        return act(store)
    finally:
        store.close()


def page(corner: Workspace, name: str) -> httpx.Response:
    """A page of the bot's."""
    with processes.http(f"http://127.0.0.1:{corner.port}") as client:
        return client.get(f"/{name}")


def eventually(met: Callable[[], object], why: Callable[[], str]) -> None:
    """Wait until something is so."""
    until(met, why, PATIENCE)


def tell(corner: Workspace, *letters: Letter) -> None:
    """Put something to say into the ledger, as if a use case had: the bot's tick finds it."""

    def act(store: Store) -> None:
        with store.write() as tx:
            tell_all(tx, HERE, letters, datetime.now(UTC))

    in_store(corner, act)


def trouble(person: str = "U0SAM", reason: str = "is_archived") -> Letter:
    """A channel does not take messages."""
    return Letter(TROUBLE, person, f"C0GENERAL:{reason}", {"channel": "C0GENERAL", "reason": reason})


@pytest.mark.parametrize(
    ("person", "reason", "said"),
    [
        pytest.param("U0SAM", "is_archived", "The channel is archived.", id="English"),
        pytest.param("U0ROMAN", "not_in_channel", "Меня там нет.", id="Russian"),
    ],
)
def test_who_can_mend_a_channel_reads_what_to_do(corner: Workspace, person: str, reason: str, said: str) -> None:
    channel = f"D{person[1:]}"
    tell(corner, trouble(person, reason))
    message = corner.team.next_message(person, 0, channel)
    assert said in message.text
    assert "<#C0GENERAL>" in message.text
    assert len(message.buttons) == 1


def test_the_trouble_opens_the_settings(corner: Workspace) -> None:
    tell(corner, trouble("U0SAM", "restricted_action"))
    seen = len(corner.team.messages("U0SAM", "D0SAM"))
    message = corner.team.next_message("U0SAM", seen - 1, "D0SAM")
    assert corner.team.taps("U0SAM", message, "Settings")["ok"]
    assert corner.team.form("U0SAM").title == "Settings"


@contextmanager
def lying_there(corner: Workspace, since: datetime) -> Iterator[None]:
    """A row of a kind that this version has no words for."""
    stuck = a_row({"kind": "of tomorrow", "waits_since": since})

    def put(store: Store) -> None:
        with store.write() as tx:
            tx.execute(insert(row), [stuck])

    def take_away(store: Store) -> None:
        with store.write() as tx:
            tx.execute(delete(row).where(row.c.id == stuck["id"]))

    in_store(corner, put)
    yield
    in_store(corner, take_away)


def test_metrics_tell_what_was_sent_waits_ticked_and_was_answered(corner: Workspace) -> None:
    corner.team.types("U0ANA", "/log 3 calls")
    tell(corner, trouble("U0DANA"))
    eventually(lambda: corner.team.messages("U0DANA", "D0DANA"), corner.bot.said)
    wanted = (
        f'baton_deliveries_total{{kind="{TROUBLE}",reason="",state="sent"}}',
        'baton_delivery_rows{kind="of tomorrow",state="waiting"} 1.0',
        "baton_delivery_oldest_unsent_seconds 0.0",
        'baton_ack_seconds_count{command="/log"}',
        "baton_ticks_total",
        "baton_late_ticks_total",
        "baton_jobs_total",
    )
    with lying_there(corner, datetime.now(UTC) + timedelta(days=1)):
        eventually(
            lambda: all(name in page(corner, "metrics").text for name in wanted), lambda: page(corner, "metrics").text
        )
        found = page(corner, "metrics")
    assert found.headers["content-type"].startswith("text/plain")
    assert not re.search(r"baton_delivery_rows\{.*(sent|dropped|failed)", found.text)


def test_readiness_ends_when_a_message_has_waited_too_long(corner: Workspace) -> None:
    assert page(corner, "readyz").status_code == 200
    with lying_there(corner, datetime.now(UTC) - timedelta(minutes=16)):
        refused = page(corner, "readyz")
    assert (refused.status_code, "a message has waited for 96" in refused.text) == (503, True)
    assert page(corner, "readyz").status_code == 200


@contextmanager
def two_more(corner: Workspace) -> Iterator[None]:
    """Two more processes of the same bot on the same database."""
    with ExitStack() as ends:
        for _ in range(2):
            port = processes.free_port()
            folder = corner.folder / str(port)
            folder.mkdir()
            bot = processes.quick_bot(folder, corner.mode, port, corner.team.address, corner.database_url)
            bot.start()
            ends.callback(bot.stop)
            processes.wait_until(f"http://127.0.0.1:{port}/readyz", bot)
        yield


@pytest.fixture(scope="module")
def on_postgresql(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    yield from start_workspace(request, tmp_path_factory.mktemp("three"), "http", "postgresql")


def at_work(store: Store) -> None:
    """They work around the clock and every day, whatever day the tests run on."""
    now = datetime.now(UTC)
    aspects = {"hours": {str(day): ["00:00", "23:59"] for day in range(7)}, "country": "XX"}
    with store.write() as tx:
        for person in PEOPLE:
            command = Assign(person, now.date() - timedelta(days=30), aspects=aspects)
            assignments.apply(tx, Stamp(HERE, "U0SAM", now), command, today=now.date())


def everything_is_due(store: Store) -> None:
    """The moment of all that was promised has come."""
    now = datetime.now(UTC)
    with store.write() as tx:
        tx.execute(update(step).values(due_at=now - timedelta(minutes=1)))
        schedule.hasten(tx, HERE, Kind.FOLLOW_UP, [*PEOPLE], now, datetime.min.replace(tzinfo=UTC))


def test_of_three_processes_one_reminds_each_person(on_postgresql: Workspace) -> None:
    team = on_postgresql.team
    for person, company in PEOPLE.items():
        team.types(person, f'/log call "{company}" next tomorrow call {company}')
    in_store(on_postgresql, at_work)
    with two_more(on_postgresql):
        clear_of_midnight(*ZONES)
        in_store(on_postgresql, everything_is_due)
        eventually(lambda: all(team.messages(who, f"D{who[1:]}") for who in PEOPLE), on_postgresql.bot.said)
        sleep(2.5)  # two more ticks of each of the three
    posts = [call for call in team.calls() if call["method"] == "chat.postMessage"]
    assert sorted(call["args"]["channel"] for call in posts) == sorted(PEOPLE)


def test_a_dead_token_ends_readiness_and_what_it_ended_comes_with_the_next_start(on_postgresql: Workspace) -> None:
    team = on_postgresql.team
    team.control(revoke=True)
    tell(on_postgresql, trouble("U0SAM"))
    eventually(lambda: "token_revoked" in page(on_postgresql, "readyz").text, on_postgresql.bot.said)
    team.control(reinstall=True)
    on_postgresql.bot.stop()
    on_postgresql.restart()
    eventually(lambda: team.messages("U0SAM", "D0SAM"), on_postgresql.bot.said)
    assert len(team.messages("U0SAM", "D0SAM")) == 1
