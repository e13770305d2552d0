"""The inlet for leads: what is taken, what is turned away and how that is told, whatever comes."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.errors import StoreUnavailable
from bot.leads import queries, service
from bot.store.engine import Store
from handlers import webhooks
from handlers.server import web_app
from handlers.webhooks import BODY_MAX, Inlet, OneDoor
from tests.factories import NOW
from tests.wire import inlet as wire
from tests.wire.inlet import SECRET, body_of, headers, signature

HERE = "T0BATON"
JANE = {"company": "Acme", "name": "Jane Roe", "email": "jane@acme.example"}


class Door:
    """The pages with an inlet, and what it counted."""

    def __init__(self, store: Store, secret: str | None = SECRET) -> None:
        self.counted: Counter[str] = Counter()
        self._executor = ThreadPoolExecutor(2)
        inlet = Inlet(store, OneDoor(HERE, secret), lambda: NOW, lambda result: self.counted.update([result]))
        self._app = web_app(lambda: None, lambda: b"", None, self._executor, inlet)

    def post(self, body: bytes | AsyncIterator[bytes], signed: Any = None) -> httpx.Response:
        """Deliver a body, signed unless told otherwise; an error of the pages is one of the test."""
        if signed is None:
            assert isinstance(body, bytes)
            signed = headers(body)
        return asyncio.run(self._post(body, signed))

    async def _post(self, body: bytes | AsyncIterator[bytes], signed: Any) -> httpx.Response:
        pages = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=pages, base_url="http://baton") as client:
            return await client.post("/webhooks/leads", content=body, headers=signed)

    def close(self) -> None:
        """Close."""
        self._executor.shutdown()


@pytest.fixture
def door(store: Store) -> Iterator[Door]:
    found = Door(store)
    yield found
    found.close()


def leads(store: Store) -> int:
    with store.read() as tx:
        return int(tx.scalar(select(func.count()).select_from(queries.lead)) or 0)


def sent(**fields: Any) -> bytes:
    return body_of(**JANE, **fields)


def test_a_new_lead_is_created_and_one_that_is_known_is_shown(door: Door, store: Store) -> None:
    first = door.post(body_of(**JANE))
    assert (first.status_code, first.json()["result"]) == (201, "new")
    other = door.post(body_of(email="joe@acme.example"))
    assert (other.status_code, other.json()) == (200, {**first.json(), "result": "known"})
    assert (leads(store), door.counted) == (1, {"new": 1, "known": 1})


@pytest.mark.parametrize(
    "key",
    [{}, {"key": "form-7"}],
    ids=["the body", "a key"],
)
def test_the_same_delivery_again_is_answered_alike(door: Door, store: Store, key: dict[str, str]) -> None:
    body = body_of(**JANE)
    first, second = (door.post(body, headers(body, **key)) for _ in range(2))
    assert second.status_code == 200
    assert second.json() == {**first.json(), "repeated": True}
    with store.read() as tx:
        (lead,) = queries.queue(tx, HERE)
        assert len(queries.events(tx, HERE, lead.id)) == 1
    assert door.counted == {"new": 1, "repeated": 1}


def test_a_repeated_one_of_a_known_lead_is_told_so_too(door: Door) -> None:
    door.post(body_of(**JANE))
    again = [door.post(body_of(email="joe@acme.example", idempotency_key=7)).json() for _ in range(2)]
    assert [(each["result"], each["repeated"]) for each in again] == [("known", False), ("known", True)]


def test_one_more_try_may_be_signed_anew(door: Door) -> None:
    moments = (NOW.isoformat(), (NOW + timedelta(seconds=30)).isoformat())
    bodies = [sent(sent_at=moment, idempotency_key="form-7") for moment in moments]
    assert [door.post(body).json()["repeated"] for body in bodies] == [False, True]


def test_a_key_that_came_with_other_contents_is_a_conflict(door: Door, store: Store) -> None:
    bodies = [body_of(company=name) for name in ("Acme", "Globex")]
    answers = [door.post(body, headers(body, key="form-7")) for body in bodies]
    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[1].json()["error"] == "conflict"
    assert leads(store) == 1


BODY = body_of(**JANE)
OLD, AHEAD = NOW - timedelta(minutes=5, seconds=1), NOW + timedelta(minutes=5, seconds=1)


@pytest.mark.parametrize(
    ("body", "signed", "status", "result"),
    [
        pytest.param(BODY, {}, 401, "unsigned", id="not signed"),
        pytest.param(BODY, {"X-Baton-Signature": "sha256="}, 401, "unsigned", id="an empty signature"),
        pytest.param(BODY, headers(BODY, secret="theirs"), 401, "forged", id="another secret"),
        pytest.param(BODY, headers(BODY + b" "), 401, "forged", id="another body"),
        pytest.param(BODY, {"X-Baton-Signature": "ü".encode()}, 401, "forged", id="no hex"),
        pytest.param(BODY, {"X-Baton-Signature": signature(BODY)[:-1]}, 401, "forged", id="a digit less"),
        pytest.param(sent(sent_at=OLD.isoformat()), None, 401, "old", id="old"),
        pytest.param(sent(sent_at=OLD.timestamp()), None, 401, "old", id="old, in seconds"),
        pytest.param(sent(sent_at=AHEAD.isoformat()), None, 401, "old", id="from the future"),
        pytest.param(sent(sent_at="2026-11-18T14:00:00"), None, 401, "old", id="no zone"),
        pytest.param(sent(sent_at={"a": 1}), None, 401, "old", id="no moment"),
        pytest.param(b"", None, 400, "unreadable", id="empty"),
        pytest.param(b'{"email": ', None, 400, "unreadable", id="half of it"),
        pytest.param(b"company=Acme", None, 400, "unreadable", id="a form"),
        pytest.param(b"[]", None, 400, "unreadable", id="a list"),
        pytest.param(b'"Acme"', None, 400, "unreadable", id="a text"),
        pytest.param(b"\xff\xfe\x00", None, 400, "unreadable", id="no text"),
        pytest.param(b'{"company": "Acme", "x": NaN}', None, 400, "unreadable", id="NaN"),
        pytest.param(b'{"company": "Acme", "x": ' + b"9" * 5000 + b"}", None, 400, "unreadable", id="many digits"),
        pytest.param(b"[" * 60_000, None, 400, "unreadable", id="deep"),
        pytest.param(
            b'{"company": ' + b"[" * 900 + b"]" * 900 + b"}", None, 422, "incomplete", id="a deep company of nothing"
        ),
        pytest.param(body_of(name="Jane", phone="+1 555 0100"), None, 422, "incomplete", id="nobody"),
        pytest.param(b" " * (BODY_MAX + 1), None, 413, "too_large", id="large"),
    ],
)
def test_what_is_turned_away_says_why(
    door: Door, store: Store, body: bytes, signed: Any, status: int, result: str
) -> None:
    answer = door.post(body, signed)
    if result == "incomplete" and answer.status_code == 400:
        result, status = "unreadable", 400  # how deep is too deep is Python's to say
    assert (answer.status_code, answer.json()["error"]) == (status, result)
    assert answer.json()["message"]
    assert (leads(store), door.counted) == (0, {result: 1})


@pytest.mark.parametrize(
    "signed",
    [
        {"X-Baton-Signature": signature(BODY)},
        {"X-Baton-Signature": f"sha256={signature(BODY).upper()}", "Content-Type": "text/plain"},
    ],
    ids=["no prefix", "capitals, and another type"],
)
def test_other_ways_to_sign_are_taken(door: Door, signed: dict[str, str]) -> None:
    assert door.post(BODY, signed).status_code == 201


@pytest.mark.parametrize("age", [timedelta(minutes=5), timedelta(minutes=-5), timedelta()])
def test_what_is_fresh_is_taken(door: Door, age: timedelta) -> None:
    assert door.post(sent(sent_at=(NOW - age).isoformat())).status_code == 201


def test_a_body_without_a_length_is_read_no_further_than_allowed(door: Door) -> None:
    read = []

    async def pieces() -> AsyncIterator[bytes]:
        for n in range(80):
            read.append(n)
            yield b" " * 64 * 1024

    answer = door.post(pieces(), {"X-Baton-Signature": "00"})
    assert (answer.status_code, door.counted) == (413, {"too_large": 1})
    assert len(read) < 5


def test_without_a_secret_one_line_says_what_to_set(store: Store) -> None:
    door = Door(store, None)
    answer = door.post(BODY)
    assert (answer.status_code, answer.text) == (503, webhooks.UNSET)
    assert "BATON_WEBHOOK_SECRET" in answer.text
    door.close()


@pytest.mark.parametrize("error", [StoreUnavailable(), ZeroDivisionError()], ids=["away", "a bug"])
def test_a_sender_comes_again_when_nothing_could_be_stored(
    door: Door, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(service, "take_in", fails)
    answer = door.post(BODY)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert (answer.json()["error"], door.counted) == ("unavailable", {"unavailable": 1})


def test_what_baton_has_no_name_for_is_kept(door: Door, store: Store) -> None:
    door.post(sent(utm={"medium": "cpc"}, source="Podcast"))
    with store.read() as tx:
        assert tx.scalar(select(queries.lead.c.more)) == {"utm": {"medium": "cpc"}, "source": "Podcast"}


@pytest.fixture(scope="module")
def lasting_door(lasting: Store) -> Iterator[Door]:
    """A door that stays open for all examples."""
    found = Door(lasting)
    yield found
    found.close()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(), each, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    "company email name first_name phone source employees received_at sent_at idempotency_key message x".split()
)
BODIES = st.one_of(
    st.binary(),
    VALUES.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(FIELDS, VALUES).map(lambda value: json.dumps(value).encode()),
    st.dictionaries(FIELDS, VALUES).map(lambda value: json.dumps({"company": "Acme", **value}).encode("utf-16")),
)
VALUE = st.binary(max_size=20).filter(lambda value: not set(value) & set(b"\r\n\0"))
HEADERS = st.dictionaries(
    st.sampled_from([b"X-Baton-Signature", b"Idempotency-Key", b"X-Idempotency-Key", b"Content-Type"]), VALUE
)


@given(BODIES, HEADERS, st.booleans())
def test_nothing_that_comes_is_an_error_of_batons(
    lasting_door: Door, body: bytes, named: dict[bytes, bytes], is_signed: bool
) -> None:
    lasting_door.counted.clear()
    signed = {b"X-Baton-Signature": wire.signature(body).encode()} if is_signed else {}
    answer = lasting_door.post(body, list({**named, **signed}.items()))
    assert answer.status_code in {200, 201, 400, 401, 409, 422}
    assert sum(lasting_door.counted.values()) == 1
    assert "unavailable" not in lasting_door.counted
