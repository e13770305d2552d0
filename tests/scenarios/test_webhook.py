"""Leads that a website sends in, over the wire to the bot as it runs: in either mode, at the same port."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from bot.leads import queries
from tests.lengths import length
from tests.scenarios.conftest import CORNERS, Workspace, start_workspace
from tests.wire import inlet
from tests.wire.inlet import SECRET, body_of
from tests.wire.processes import SIGNING_SECRET

HERE = "T0BATON"

SECRETS: dict[str, dict[str, Any]] = {"socket": {"BATON_WEBHOOK_SECRET": SECRET}, "http": {}}
"""By HTTP there is one already: Slack's."""


@pytest.fixture(scope="module", params=CORNERS[length(1, 0) :], ids="-".join)
def inbound(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    mode, database = request.param
    yield from start_workspace(request, tmp_path_factory.mktemp(mode), mode, database, **SECRETS[mode])


def send(inbound: Workspace, body: bytes, **how: Any) -> httpx.Response:
    secret = SECRET if inbound.mode == "socket" else SIGNING_SECRET
    return inlet.post(inbound.port, body, inlet.headers(body, **{"secret": secret, **how}))


def stored(inbound: Workspace, answer: httpx.Response) -> dict[str, Any]:
    """The row of the lead that an answer names."""
    with closing(inbound.store()) as store, store.read() as tx:
        row = tx.execute(select(queries.lead).where(queries.lead.c.id == UUID(answer.json()["lead_id"]))).one()
        return dict(row._mapping)


def test_a_lead_comes_in_and_again_and_is_one(inbound: Workspace) -> None:
    body = body_of(company="Initech", name="Bill L", email="bill@initech.example", source="webinar", budget={"eur": 5})
    first, second = send(inbound, body), send(inbound, body)
    assert (first.status_code, first.json()["result"]) == (201, "new")
    assert (second.status_code, second.json()) == (200, {**first.json(), "repeated": True})
    row = stored(inbound, first)
    assert (row["source"], row["more"], row["state"]) == ("webinar", {"budget": {"eur": 5}}, "queued")
    known = send(inbound, body_of(email="peter@initech.example"))
    assert (known.status_code, known.json()) == (200, {**first.json(), "result": "known"})


def test_eight_tries_at_once_with_one_key_are_one_lead(inbound: Workspace) -> None:
    body = body_of(company="Hooli", email="gavin@hooli.example")
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: send(inbound, body, key="form-8"), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["lead_id"] for answer in answers}) == 1
    assert sum(answer.json()["repeated"] for answer in answers) == 7
    other = send(inbound, body_of(company="Hooli 2"), key="form-8")
    assert (other.status_code, other.json()["error"]) == (409, "conflict")


def test_what_is_not_signed_now_and_by_us_is_turned_away(inbound: Workspace) -> None:
    body = body_of(company="Umbrella")
    old = body_of(company="Umbrella", sent_at=(datetime.now(UTC) - timedelta(minutes=6)).isoformat())
    answers = [send(inbound, body, secret="theirs"), send(inbound, old), inlet.post(inbound.port, body, {})]
    assert [(each.status_code, each.json()["error"]) for each in answers] == [
        (401, "forged"),
        (401, "old"),
        (401, "unsigned"),
    ]
    fresh = body_of(company="Umbrella", sent_at=datetime.now(UTC).isoformat())
    assert send(inbound, fresh).status_code == 201


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        pytest.param(b'{"company": "Acme"', 400, "unreadable", id="no JSON"),
        pytest.param(b'["Acme"]', 400, "unreadable", id="no object"),
        pytest.param(body_of(name="Jane", phone="+1 555 0100"), 422, "incomplete", id="nobody"),
        pytest.param(b" " * 100 * 1024, 413, "too_large", id="a hundred kilobytes"),
    ],
)
def test_what_cannot_be_a_lead_is_told_why(inbound: Workspace, body: bytes, status: int, error: str) -> None:
    answer = send(inbound, body)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_five_megabytes_are_refused_at_the_door(inbound: Workspace) -> None:
    assert send(inbound, b" " * 5 * 1024 * 1024).status_code == 413


def test_five_megabytes_in_pieces_are_not_read_to_their_end(inbound: Workspace) -> None:
    signed = {"X-Baton-Signature": "0" * 64}
    url = f"http://127.0.0.1:{inbound.port}/webhooks/leads"
    answer = httpx.post(url, content=(b" " * 65_536 for _ in range(80)), headers=signed, timeout=10)
    assert answer.status_code == 413


def test_whoever_watches_sees_what_came(inbound: Workspace) -> None:
    send(inbound, body_of(company="Vandelay"))
    page = httpx.get(f"http://127.0.0.1:{inbound.port}/metrics").text
    counted = {line.split()[0]: float(line.split()[1]) for line in page.splitlines() if "webhooks_total{" in line}
    assert counted['baton_webhooks_total{result="new"}'] >= 1


def test_without_a_secret_the_page_says_what_to_set(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for bare in start_workspace(request, tmp_path_factory.mktemp("bare"), "socket", "sqlite"):
        body = json.dumps({"company": "Acme"}).encode()
        answer = inlet.post(bare.port, body)
        assert (answer.status_code, answer.text.count("\n")) == (503, 1)
        assert "BATON_WEBHOOK_SECRET" in answer.text
