"""The door keeps out who is too large, too slow or too many, counts them, and serves everybody else."""

import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from handlers import door
from handlers.server import Web, new_executor, web_app
from tests.wire.processes import http

GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"

LONG = b"#" * 8_000_000
"""Of a page: more than what lies between two programs."""

CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


class Port:
    """A port that is served, and what was refused at it."""

    def __init__(self) -> None:
        self.refused: Counter[str] = Counter()
        self.executor = new_executor(2)
        pages = web_app(lambda: None, lambda: LONG, None, self.executor)
        self._web = Web(pages, "127.0.0.1", 0, lambda reason: self.refused.update([reason]))
        self._web.start()
        self.number = self._web.port

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.number), 10)

    def answer(self, *sent: bytes) -> bytes:
        """Everything that comes back until the connection ends."""
        with closing(self.connect()) as connection:
            return said(connection, *sent)

    def is_well(self) -> bool:
        with http(f"http://127.0.0.1:{self.number}") as client:
            return client.get("/healthz").text == "ok\n"

    def close(self) -> None:
        self._web.stop()
        self.executor.shutdown()


def said(connection: socket.socket, *sent: bytes) -> bytes:
    """What a connection says after all of this, until it ends."""
    found = b""
    try:
        for each in sent:
            connection.sendall(each)
        while piece := connection.recv(65536):
            found += piece
    except (ConnectionResetError, BrokenPipeError):
        pass
    return found


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[Port]:
    monkeypatch.setattr(door, "HEAD_WITHIN", 0.4)
    monkeypatch.setattr(door, "BODY_WITHIN", 0.4)
    monkeypatch.setattr(door, "TAKEN_WITHIN", 0.4)
    monkeypatch.setattr(door, "MOST_CONNECTIONS", 50)
    found = Port()
    yield found
    found.close()


def post(length: int, *more: bytes) -> bytes:
    head = b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n" % length
    return head + b"".join(more) + b"\r\n"


@pytest.mark.parametrize(
    ("sent", "status", "reason"),
    [
        pytest.param([post(100_000_000)], b"413", "body", id="a body that says it is 100 MB"),
        pytest.param(
            [CHUNKED, *[b"10000\r\n" + b"x" * 65536 + b"\r\n"] * 40],
            b"",
            "body",
            id="a body that does not say how long it is",
        ),
        pytest.param(
            [CHUNKED, b"1\r\nx\r\n0\r\n", *[b"X: " + b"x" * 8000 + b"\r\n"] * 800],
            b"",
            "body",
            id="a body with trailers without end",
        ),
        pytest.param(
            [CHUNKED, b"1;x=", *[b"x" * 65536] * 80], b"", "body", id="a chunk that never says where it begins"
        ),
        pytest.param([GET[:-2] + b"X: " + b"x" * 20_000 + b"\r\n\r\n"], b"431", "head", id="a long header"),
        pytest.param([GET[:-2], *[b"X: " + b"x" * 1000 + b"\r\n"] * 200], b"", "head", id="headers without end"),
        pytest.param([b"GET /" + b"x" * 200_000], b"", "head", id="an address without end"),
        pytest.param([], b"408", "slow", id="nothing at all"),
        pytest.param([b"GET /healthz HT"], b"408", "slow", id="half a head"),
        pytest.param([post(10), b"x"], b"", "slow", id="half a body"),
    ],
)  # fmt: skip
def test_who_is_too_large_or_too_slow_is_refused_and_counted(
    port: Port, sent: list[bytes], status: bytes, reason: str
) -> None:
    answer = port.answer(*sent)
    assert status in answer.split(b"\r\n")[0]
    assert port.refused == {reason: 1}
    assert port.is_well()


def test_drops_of_a_head_do_not_buy_time(port: Port) -> None:
    with closing(port.connect()) as connection:
        for byte in GET * 3:
            try:
                connection.sendall(bytes([byte]))
            except OSError:
                break
            time.sleep(0.02)
    assert port.refused == {"slow": 1}


def test_line_ends_between_requests_hold_no_connection(port: Port) -> None:
    with closing(port.connect()) as connection:
        connection.sendall(GET)
        assert b"ok\n" in connection.recv(65536)
        assert b"408" in said(connection, b"\r\n")


def test_a_connection_serves_one_request_after_the_other(port: Port) -> None:
    with closing(port.connect()) as connection:
        for _ in range(3):
            connection.sendall(GET)
            assert b"ok\n" in connection.recv(65536)
        connection.sendall(GET * 3)
        assert said(connection, GET[:-2] + b"Connection: close\r\n\r\n").count(b"ok\n") == 4
    assert port.refused == {}


def test_many_who_say_nothing_keep_nobody_out(port: Port) -> None:
    with ExitStack() as many:
        for _ in range(200):
            many.enter_context(closing(port.connect()))
        for _ in range(20):
            assert port.is_well()
    assert port.refused["idle"] >= 100


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(GET, id="after a request"),
        pytest.param(GET[:20], id="in a head"),
        pytest.param(post(1000) + b"x", id="in a body"),
    ],
)
def test_many_who_are_slow_keep_nobody_out(port: Port, monkeypatch: pytest.MonkeyPatch, first: bytes) -> None:
    monkeypatch.setattr(door, "HEAD_WITHIN", 60)
    monkeypatch.setattr(door, "BODY_WITHIN", 60)
    with ExitStack() as many:
        for _ in range(200):
            many.enter_context(closing(port.connect())).sendall(first)
        for _ in range(20):
            assert port.is_well()
    assert port.refused["idle"] >= 100
    assert port.refused["many"] == 0


@pytest.mark.parametrize("size", [600_000, 1_048_576])
def test_a_body_may_be_as_large_as_it_is_said(port: Port, size: int) -> None:
    answer = port.answer(post(size), b"x" * (size - 1), b"x" + GET[:-2] + b"Connection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 405 ")
    assert answer.endswith(b"ok\n")
    assert port.refused == {}


@pytest.mark.parametrize("last", [pytest.param(b"", id="open"), pytest.param(b"Connection: close\r\n", id="closing")])
def test_who_does_not_read_the_answers_is_let_go(port: Port, last: bytes) -> None:
    with closing(socket.socket()) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(10)
        connection.connect(("127.0.0.1", port.number))
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n" + last + b"\r\n")
        deadline = time.monotonic() + 10
        while not port.refused["slow"] and time.monotonic() < deadline:
            time.sleep(0.02)
    assert port.refused == {"slow": 1}
    assert port.is_well()


@pytest.mark.parametrize(
    "rubbish",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"\x00" * 100,
        b"PRI * HTTP/2.0\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        b"CONNECT x:1 HTTP/1.1\r\n\r\n",
        GET[:-2] + b"Upgrade: websocket\r\nConnection: upgrade\r\n\r\n",
    ],
)
def test_what_is_no_request_is_answered_in_one_line(port: Port, rubbish: bytes) -> None:
    answer = port.answer(rubbish)
    assert answer.split(b" ")[1][:1] in {b"2", b"4"}
    assert b"Traceback" not in answer
    assert port.is_well()
