"""What becomes of a message in Slack's hands: every way to fail, as the SDK meets it on a real connection."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.delivery import claims
from bot.delivery.outcome import (
    CannotLook,
    Found,
    NotBegun,
    Nothing,
    NotSent,
    NotThere,
    NotYet,
    Outcome,
    Parcel,
    Refused,
    Sent,
    TooFast,
    Unsure,
)
from bot.delivery.sender import Sender
from bot.delivery.states import Way
from bot.errors import StoreUnavailable
from bot.store.engine import Store
from bot.store.types import new_id
from handlers import gateway as slack_gateway
from handlers.courier import STILL_AT_IT, Content, Courier, File, Reply, Writer
from handlers.gateway import Gateway, Posted
from handlers.gateways import OneWorkspace
from handlers.ui.blocks import Message
from tests.bot.delivery.parcels import HERE, Ledger, a_parcel
from tests.bot.delivery.post import Counts, eventually
from tests.sandbox.conftest import SCOPES, HttpApp, Json, Slack, manifest, running
from tests.wire.processes import free_port

CHANNEL, ANA = "C0SALES", "U0ANA"
SAID = Message("Hello")
A_FILE = File("report.csv", b"a,b", "The report")
REFUSED_BLOCK = Message("Hello", [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}])


@pytest.fixture(scope="module")
def shared() -> Iterator[Slack]:
    """A sandbox whose history the app may read."""
    with running(manifest()) as found:
        yield found


@pytest.fixture
def slack(shared: Slack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slack]:
    """The same, with an app that has little patience; its token is alive when the next test begins."""
    monkeypatch.setattr(slack_gateway, "PATIENCE", 1)
    yield shared
    shared.control(reinstall=True)


@pytest.fixture
def silent() -> Iterator[Slack]:
    """A sandbox whose history the app may not read."""
    paper = manifest()
    paper["oauth_config"] = {"scopes": {"bot": [scope for scope in SCOPES if not scope.endswith(":history")]}}
    with running(paper) as found:
        yield found


@pytest.fixture
def stranger() -> Iterator[HttpApp]:
    """Somebody on the way to Slack who answers instead."""
    app = HttpApp()
    yield app
    app.server.shutdown()
    app.server.server_close()


def a_courier(address: str, letter: Content | None = SAID) -> Courier:
    """Baton's courier, with this to say."""
    return courier_of(address, lambda *_: letter)


def courier_of(address: str, writer: Writer) -> Courier:
    gateway = Gateway(WebClient("xoxb-sandbox", base_url=f"{address}/api/"), ThreadPoolExecutor(1))
    return Courier(
        OneWorkspace(gateway, "T0BATON"),
        {"drill": writer},
        lambda _, who: who.startswith("U"),
        lambda: datetime.now(UTC),
    )


def a_post(**more: Any) -> Parcel:
    """A message that is first tried now."""
    return a_parcel(**{"tried_at": datetime.now(UTC), "occasion": new_id().hex, **more})


def send(slack: Slack, letter: Content | None = SAID, **more: Any) -> Outcome:
    return a_courier(slack.base_url, letter).send(a_post(**more))


def texts(slack: Slack, channel: str) -> list[str]:
    return [row["text"] for row in slack.rows(channel)]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        pytest.param({"error": "ratelimited", "retry_after": 7}, TooFast(7), id="429"),
        pytest.param({"error": "rate_limited"}, TooFast(1), id="too fast, said in words"),
        pytest.param({"error": "http_500"}, Unsure("http_500"), id="500"),
        pytest.param({"error": "lost"}, Unsure("http_500"), id="500 though it was done"),
        pytest.param({"error": "reset"}, Unsure("IncompleteRead"), id="cut though it was done"),
        pytest.param({"error": "hang"}, Unsure("TimeoutError", STILL_AT_IT), id="no answer in time"),
        pytest.param({"error": "internal_error"}, Unsure("internal_error"), id="internal_error"),
        pytest.param({"error": "fatal_error"}, Unsure("fatal_error"), id="fatal_error"),
        pytest.param({"error": "request_timeout"}, Unsure("request_timeout"), id="request_timeout"),
        pytest.param({"error": "service_unavailable"}, Unsure("service_unavailable"), id="service_unavailable"),
        pytest.param({"error": "is_archived"}, Refused("is_archived"), id="is_archived"),
        pytest.param({"error": "msg_too_long"}, Refused("msg_too_long"), id="msg_too_long"),
        pytest.param({"error": "restricted_action"}, Refused("restricted_action"), id="restricted_action"),
        pytest.param({"error": "account_inactive"}, Refused("account_inactive", of_workspace=True), id="bot is gone"),
        pytest.param({"error": "token_expired"}, Refused("token_expired", of_workspace=True), id="token is old"),
    ],
)
def test_what_a_failed_post_says_about_the_message(slack: Slack, fault: Json, outcome: Outcome) -> None:
    slack.control(fail={"method": "chat.postMessage", **fault})
    assert send(slack) == outcome
    assert isinstance(send(slack), Sent)


@pytest.mark.parametrize(
    ("recipient", "letter", "outcome"),
    [
        pytest.param("C0NOWHERE", SAID, Refused("channel_not_found"), id="no such channel"),
        pytest.param("U0NOBODY", SAID, Refused("channel_not_found"), id="no such person"),
        pytest.param(ANA, REFUSED_BLOCK, Refused("invalid_blocks"), id="not what Slack takes"),
    ],
)
def test_what_slack_does_not_take_is_not_tried_for_ever(
    slack: Slack, recipient: str, letter: Content, outcome: Outcome
) -> None:
    assert send(slack, letter, recipient=recipient) == outcome


def test_a_revoked_token_concerns_the_whole_workspace(slack: Slack) -> None:
    slack.control(revoke=True)
    assert send(slack) == Refused("token_revoked", of_workspace=True)
    assert not a_courier(slack.base_url).is_welcome("T0BATON")
    slack.control(reinstall=True)
    assert a_courier(slack.base_url).is_welcome("T0BATON")


def test_nobody_is_welcome_where_nobody_answers() -> None:
    assert not a_courier(f"http://127.0.0.1:{free_port()}").is_welcome("T0BATON")


def test_a_courier_says_what_it_has_the_words_for(slack: Slack) -> None:
    assert list(a_courier(slack.base_url).kinds) == ["drill"]


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(lambda: f"http://127.0.0.1:{free_port()}", id="nobody listens"),
        pytest.param(lambda: "http://slack.invalid", id="no such host"),
    ],
)
def test_what_never_reached_slack_has_certainly_not_arrived(address: Callable[[], str]) -> None:
    assert a_courier(address()).send(a_post()) == NotSent("no_connection")


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        pytest.param(200, "<html>Please log in</html>", Unsure("http_200"), id="a page"),
        pytest.param(200, "", Unsure("http_200"), id="nothing"),
        pytest.param(200, '{"ok": tr', Unsure("http_200"), id="half an answer"),
        pytest.param(403, "<html>Forbidden</html>", Unsure("http_403"), id="a proxy that forbids"),
        pytest.param(502, "<html>Bad gateway</html>", Unsure("http_502"), id="a gateway"),
        pytest.param(503, '{"ok": false, "error": "no_luck"}', Unsure("no_luck"), id="slack is away"),
        pytest.param(200, '{"ok": false}', Unsure("http_200"), id="a refusal without a reason"),
    ],
)
def test_an_answer_that_is_not_slacks_says_nothing_about_the_message(
    stranger: HttpApp, status: int, body: str, outcome: Outcome
) -> None:
    stranger.reply = (status, "text/html", body, {})
    assert a_courier(f"http://127.0.0.1:{stranger.server.server_port}").send(a_post()) == outcome


def test_where_there_is_nothing_to_say_any_more_nothing_is_said(slack: Slack) -> None:
    before = texts(slack, CHANNEL)
    assert send(slack, None, recipient=CHANNEL) == Nothing("settled")
    assert texts(slack, CHANNEL) == before


def test_what_is_not_due_after_all_is_said_later(slack: Slack) -> None:
    later = NotYet(datetime.now(UTC) + timedelta(hours=1))
    assert courier_of(slack.base_url, lambda *_: later).send(a_post()) == later


def test_words_that_cannot_be_made_because_the_database_is_away_are_made_later(slack: Slack) -> None:
    def away(*_: object) -> Content:
        raise StoreUnavailable

    assert courier_of(slack.base_url, away).send(a_post()) == NotSent("store")


@pytest.mark.parametrize(
    ("recipient", "place"), [pytest.param(ANA, "D0ANA", id="a person"), pytest.param(CHANNEL, CHANNEL, id="a channel")]
)
def test_a_post_arrives_with_its_key(slack: Slack, recipient: str, place: str) -> None:
    parcel = a_post(recipient=recipient)
    outcome = a_courier(slack.base_url).send(parcel)
    (found,) = [each for each in slack.get("posts")["posts"] if each["key"] == parcel.key]
    assert outcome == Sent(found["channel"], found["ts"])
    assert found["channel"] == place


def test_an_update_stands_in_the_place_of_the_message_and_keeps_its_key(slack: Slack) -> None:
    parcel = a_post(recipient=CHANNEL)
    place = a_courier(slack.base_url).send(parcel)
    assert isinstance(place, Sent)
    changed = a_post(id=parcel.id, recipient=CHANNEL, way=Way.UPDATE, channel=place.channel, ts=place.ts)
    assert a_courier(slack.base_url, Message("Changed")).send(changed) == place
    assert [row["text"] for row in slack.rows(CHANNEL) if row["ts"] == place.ts] == ["Changed"]
    assert [each["ts"] for each in slack.get("posts")["posts"] if each["key"] == parcel.key] == [place.ts]


def test_an_ephemeral_message_is_shown_to_one_person(slack: Slack) -> None:
    outcome = send(slack, Message("For you"), way=Way.EPHEMERAL, place=CHANNEL)
    assert outcome == Sent(CHANNEL, None)
    assert slack.rows(CHANNEL)[-1]["text"] == "For you"
    assert "For you" not in [row["text"] for row in slack.rows(CHANNEL, "U0MARIA")]


@pytest.mark.parametrize(("place", "where"), [(None, "D0ANA"), (CHANNEL, CHANNEL)], ids=["to a person", "in a channel"])
def test_a_file_comes_with_its_line(slack: Slack, place: str | None, where: str) -> None:
    assert send(slack, A_FILE, way=Way.UPLOAD, place=place) == Sent(where, None)
    row = slack.rows(where)[-1]
    assert ([file["name"] for file in row["files"]], row["text"]) == (["report.csv"], "The report")


def test_a_reply_stands_beneath_its_message_or_by_itself(slack: Slack) -> None:
    above = below_a_card(slack)
    for place in (above, None):
        sent = send(slack, Reply(Message("The answer"), place), way=Way.REPLY)
        assert isinstance(sent, Sent)
        (row,) = [each for each in slack.rows(above.channel) if each["ts"] == sent.ts]
        assert (row["text"], row.get("thread_ts")) == ("The answer", above.ts if place else None)


def find(slack: Slack, parcel: Parcel) -> Found:
    return a_courier(slack.base_url).find(parcel)


@pytest.mark.parametrize("recipient", [ANA, CHANNEL], ids=["a person", "a channel"])
def test_a_message_that_arrived_is_found_where_it_stands(slack: Slack, recipient: str) -> None:
    parcel = a_post(recipient=recipient)
    slack.control(fail={"method": "chat.postMessage", "error": "reset"})
    courier = a_courier(slack.base_url)
    assert courier.send(parcel) == Unsure("IncompleteRead")
    (there,) = [each for each in slack.get("posts")["posts"] if each["key"] == parcel.key]
    assert courier.find(parcel) == Sent(there["channel"], there["ts"])


def test_a_message_is_found_by_what_it_is_about_when_its_row_was_made_once_more(slack: Slack) -> None:
    outcome = send(slack, occasion="2026-11-18")
    assert isinstance(outcome, Sent)
    assert find(slack, a_post(occasion="2026-11-18")) == outcome
    assert find(slack, a_post(occasion="2026-11-18", kind="another")) == NotThere()


def test_a_message_that_did_not_arrive_is_not_found_among_others(slack: Slack) -> None:
    assert isinstance(send(slack), Sent)
    assert find(slack, a_post()) == NotThere()


def test_a_message_is_found_on_a_later_page(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_gateway, "PAGE", 2)
    parcel = a_post()
    outcome = a_courier(slack.base_url).send(parcel)
    for _ in range(5):
        send(slack)
    assert find(slack, parcel) == outcome


def test_a_history_that_goes_on_for_too_long_tells_nothing(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_gateway, "PAGE", 2)
    monkeypatch.setattr(slack_gateway, "HISTORY_PAGES", 2)
    for _ in range(5):
        send(slack)
    assert find(slack, a_post()) == CannotLook()


def test_nobody_looks_further_back_than_the_first_try(slack: Slack) -> None:
    parcel = a_post()
    assert isinstance(a_courier(slack.base_url).send(parcel), Sent)
    later = a_post(id=parcel.id, tried_at=datetime.now(UTC) + timedelta(hours=1))
    assert find(slack, later) == NotThere()


@pytest.mark.parametrize(
    ("way", "letter"),
    [pytest.param(Way.EPHEMERAL, SAID, id="an ephemeral"), pytest.param(Way.UPLOAD, A_FILE, id="a file by itself")],
)
def test_what_has_no_key_is_not_looked_for(slack: Slack, way: Way, letter: Content) -> None:
    assert a_courier(slack.base_url, letter).find(a_post(way=way, place=CHANNEL)) == CannotLook()


def below_a_card(slack: Slack) -> Posted:
    """A message to Ana, beneath which something is to stand."""
    above = a_courier(slack.base_url).send(a_post(recipient=ANA))
    assert isinstance(above, Sent)
    assert above.channel
    assert above.ts
    return Posted(above.channel, above.ts)


@pytest.mark.parametrize("way", [Way.REPLY, Way.UPLOAD])
def test_what_a_thread_got_is_found_there_and_what_it_did_not_get_is_not(slack: Slack, way: Way) -> None:
    place, other = below_a_card(slack), below_a_card(slack)

    def courier(below: Posted) -> Courier:
        is_reply = way == Way.REPLY
        letter = Reply(SAID, below) if is_reply else File(A_FILE.name, A_FILE.content, A_FILE.comment, below)
        return a_courier(slack.base_url, letter)

    parcel = a_post(recipient=ANA, way=way)
    assert courier(place).find(parcel) == NotThere()
    sent = courier(place).send(parcel)
    assert courier(place).find(parcel) == sent
    assert courier(other).find(parcel) == NotThere()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("way", [Way.REPLY, Way.UPLOAD])
@pytest.mark.parametrize("has_arrived", [True, False], ids=["after it arrived", "before it arrived"])
def test_a_process_that_was_killed_amid_a_thread_leaves_it_whole(
    slack: Slack, store: Store, monkeypatch: pytest.MonkeyPatch, way: Way, has_arrived: bool
) -> None:
    monkeypatch.setattr(claims, "LOOK_AFTER", timedelta(0))
    ledger, place = Ledger(store), below_a_card(slack)
    letter = Reply(SAID, place) if way == Way.REPLY else File(A_FILE.name, A_FILE.content, A_FILE.comment, place)
    courier, tried_at = a_courier(slack.base_url, letter), datetime.now(UTC)
    (row,) = ledger.put({"state": "claimed", "claimed_by": "gone", "tried_at": tried_at, "way": way, "recipient": ANA})
    if has_arrived:
        courier.send(a_post(id=row, recipient=ANA, way=way))
    sender = Sender(store, courier, HERE, lambda: datetime.now(UTC), Counts())
    sender.start()
    eventually(lambda: ledger.row(row).state == "sent")
    sender.stop()
    beneath = [each for each in slack.rows(place.channel) if each.get("thread_ts") == place.ts != each["ts"]]
    assert len(beneath) == 1


def test_what_belongs_to_a_message_that_is_still_under_way_is_looked_for_later(slack: Slack) -> None:
    courier = courier_of(slack.base_url, lambda *_: NotYet(datetime.now(UTC)))
    assert courier.find(a_post(way=Way.REPLY)) == NotSent("not_yet")


def test_what_there_is_no_time_left_for_is_not_sent(slack: Slack) -> None:
    before = texts(slack, CHANNEL)
    assert a_courier(slack.base_url).send(a_post(recipient=CHANNEL), lambda: False) == NotBegun()
    assert texts(slack, CHANNEL) == before


@pytest.mark.parametrize("recipient", [ANA, CHANNEL], ids=["a person", "a channel"])
def test_where_the_app_may_not_read_nobody_can_look(silent: Slack, recipient: str) -> None:
    assert find(silent, a_post(recipient=recipient)) == CannotLook()


LOOKS: Mapping[str, Found] = {
    "http_500": NotSent("http_500"),
    "reset": NotSent("IncompleteRead"),
    "hang": NotSent("TimeoutError"),
    "internal_error": NotSent("internal_error"),
    "ratelimited": TooFast(1),
    "token_revoked": NotSent("token_revoked"),
    "channel_not_found": CannotLook(),
    "missing_scope": CannotLook(),
}


@pytest.mark.parametrize("method", ["conversations.open", "conversations.history"])
@pytest.mark.parametrize("error", LOOKS)
def test_a_look_that_fails_is_worth_another_unless_slack_lets_nobody_look(
    slack: Slack, method: str, error: str
) -> None:
    slack.control(fail={"method": method, "error": error})
    assert find(slack, a_post()) == LOOKS[error]


def test_a_look_waits_while_the_database_is_away() -> None:
    def away(*_: object) -> bool:
        raise StoreUnavailable

    gateway = Gateway(WebClient("xoxb-sandbox", base_url="http://127.0.0.1:9/"), ThreadPoolExecutor(1))
    courier = Courier(OneWorkspace(gateway, "T0BATON"), {}, away, lambda: datetime.now(UTC))
    assert courier.find(a_post()) == NotSent("store")
