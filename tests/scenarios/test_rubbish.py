"""Whatever comes in by HTTP, signed or not, is answered: never by a fault of ours, never with a look at our code, and
everybody else is served.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers import webhooks
from tests.lengths import length
from tests.scenarios.conftest import Workspace, start_workspace
from tests.wire import rubbish, signed
from tests.wire.processes import SIGNING_SECRET, http

MANY = settings(max_examples=length(60, 600), suppress_health_check=list(HealthCheck), deadline=None)

HEADER = st.characters(min_codepoint=33, max_codepoint=255, exclude_characters="\x7f", exclude_categories=["Cc"])


@pytest.fixture(scope="module")
def door(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    for found in start_workspace(request, tmp_path_factory.mktemp("rubbish"), "http", "sqlite"):
        yield found
        # What a listener stumbles over in rubbish stands in the log with its code, as it should.
        found.bot.log.write_text("")


@pytest.fixture(scope="module")
def client(door: Workspace) -> Iterator[httpx.Client]:
    with http(f"http://127.0.0.1:{door.port}", 30) as found:
        yield found


def is_plain(answer: httpx.Response) -> bool:
    """Whether an answer is one of ours: no fault, and nothing of our code in it."""
    assert answer.status_code < 500, (answer.status_code, answer.text)
    assert "Traceback" not in answer.text
    assert ".py" not in answer.text
    return True


def posts(client: httpx.Client, body: str, **more: str) -> httpx.Response:
    kind = {"Content-Type": "application/json"} if body.startswith(("{", "[")) else {}
    return client.post("/slack/events", content=body.encode(), headers={**signed.headers(body), **kind, **more})


def as_sent(payload: Any) -> str:
    is_event = isinstance(payload, dict) and payload.get("type") == "event_callback"
    return json.dumps(payload) if is_event else rubbish.form(payload)


@MANY
@given(rubbish.command())
def test_any_line_is_answered(client: httpx.Client, body: str) -> None:
    answer = posts(client, body)
    assert is_plain(answer)
    assert "went wrong on our side" not in answer.text
    assert "Что-то сломалось" not in answer.text


@MANY
@given(rubbish.press() | rubbish.submission() | rubbish.shortcut() | rubbish.event())
def test_anything_in_a_button_a_form_a_menu_or_an_event_is_answered(client: httpx.Client, payload: Any) -> None:
    assert is_plain(posts(client, as_sent(payload)))


@MANY
@given(rubbish.mangled() | rubbish.ANYTHING)
def test_a_payload_that_is_none_is_answered(client: httpx.Client, payload: Any) -> None:
    assert is_plain(posts(client, as_sent(payload)))
    assert is_plain(posts(client, json.dumps(payload)))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("[" * 100_000, id="nested without end"),
        pytest.param('{"a":' * 100_000, id="objects without end"),
        pytest.param("payload=" + "[" * 100_000, id="a form nested without end"),
        pytest.param('payload={"type":"block_actions","actions":[]}', id="no action"),
        pytest.param('payload={"type":"view_submission","view":{"callback_id":"log.form","state":{}}}', id="no fields"),
        pytest.param('{"type":"url_verification","challenge":{}}', id="a challenge that is none"),
        pytest.param("&" * 100_000, id="fields without names"),
        pytest.param("command=%2Flog&" * 2_000, id="the same field again and again"),
    ],
)
def test_what_breaks_readers_is_answered(client: httpx.Client, body: str) -> None:
    assert is_plain(posts(client, body))
    mac = webhooks.signature(SIGNING_SECRET, body.encode())
    assert is_plain(client.post("/webhooks/leads", content=body, headers={"X-Baton-Signature": mac}))


@MANY
@given(
    st.binary(max_size=200),
    st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain", "multipart/form-data", ""]),
)
def test_any_bytes_are_answered(client: httpx.Client, body: bytes, kind: str) -> None:
    headers = {**signed.headers(body.decode("latin-1")), "Content-Type": kind}
    for path in ("/slack/events", "/webhooks/leads", "/healthz", "/metrics", "/nowhere"):
        assert is_plain(client.post(path, content=body, headers=headers))


@MANY
@given(
    st.text(alphabet=HEADER, max_size=40),
    st.text(alphabet=HEADER, max_size=80),
)
def test_a_signature_of_any_sort_is_none(client: httpx.Client, stamp: str, signature: str) -> None:
    body = signed.command("U0ANA", "call Acme")
    headers = [
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"x-slack-request-timestamp", stamp.strip().encode("latin-1")),
        (b"x-slack-signature", signature.strip().encode("latin-1")),
    ]
    assert client.post("/slack/events", content=body, headers=headers).status_code in {400, 401}
    leads = [
        (b"x-baton-signature", signature.strip().encode("latin-1")),
        (b"idempotency-key", stamp.strip().encode("latin-1")),
    ]
    assert client.post("/webhooks/leads", content=b'{"email": "a@b.example"}', headers=leads).status_code in {400, 401}


@MANY
@given(
    rubbish.ANYTHING
    | st.dictionaries(st.sampled_from(["company", "email", "name", "sent_at", "phone"]), rubbish.ANYTHING)
)
def test_anything_that_is_sent_in_as_a_lead_is_answered(client: httpx.Client, contents: Any) -> None:
    body = json.dumps(contents).encode()
    mac = webhooks.signature(SIGNING_SECRET, body)
    assert is_plain(client.post("/webhooks/leads", content=body, headers={"X-Baton-Signature": mac}))


@settings(max_examples=length(5, 30), suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(st.integers(0, 4), min_size=6, max_size=12))
def test_what_comes_again_and_in_any_order_counts_once(client: httpx.Client, order: list[int]) -> None:
    before = _calls(client)
    lines = [signed.command("U0DEVON", f"call Acme {n + 1}m") for n in range(5)]
    sent = [(lines[n], signed.headers(lines[n], age=n) | signed.RETRY) for n in order]
    for body, headers in sent:
        assert "calls today" in client.post("/slack/events", content=body, headers=headers).text
    assert _calls(client) == before + len(set(order)) + 1  # each look is a call


def _calls(client: httpx.Client) -> int:
    said = re.search(r"(\d+) of 10 calls today", posts(client, signed.command("U0DEVON", "call Acme")).text)
    assert said
    return int(said.group(1))


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_everybody_else_is_served(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 200
    assert "calls today" in posts(client, signed.command("U0MARIA", "call Acme")).text
