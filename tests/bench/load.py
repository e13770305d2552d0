"""A load of signed `/log` commands: closed loops that ask again at once, and an open one at a steady rate.

The client is bare asyncio: on two cores a comfortable one would be what is measured.
"""

import asyncio
import hashlib
import hmac
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.wire.processes import SIGNING_SECRET

PEOPLE = ("U0ANA", "U0DEVON", "U0DANA", "U0ARUN", "U0ROMAN", "U0OLGA", "U0MARIA", "U0SAM")
LINES = ("call Acme 15m connected", "call Globex voicemail", "email Initech", "3 calls")

_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Measured:
    """Answers per second, and the time to an answer in seconds, sorted."""

    rate: float
    latencies: Sequence[float]

    def at(self, share: float) -> float:
        """The latency in milliseconds below which `share` of the answers came."""
        return 1000 * self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))]


def closed_loop(port: int, connections: int, seconds: float, request: Callable[[], bytes] | None = None) -> Measured:
    """Everybody asks again as soon as they are answered: a command, or what `request` makes."""
    return asyncio.run(_closed(port, connections, seconds, request or command))


def open_loop(port: int, rate: int, seconds: float, request: Callable[[], bytes] | None = None) -> Measured:
    """`rate` commands a second (or of what `request` makes), whether or not the earlier ones have been answered."""
    return asyncio.run(_open(port, rate, seconds, request or command))


async def _closed(port: int, connections: int, seconds: float, request: Callable[[], bytes]) -> Measured:
    end = time.perf_counter() + seconds
    found: list[float] = []

    async def person() -> None:
        connection = await Connection.to(port)
        while time.perf_counter() < end:
            found.append(await connection.ask(request()))
        connection.close()

    began = time.perf_counter()
    await asyncio.gather(*(person() for _ in range(connections)))
    return Measured(len(found) / (time.perf_counter() - began), sorted(found))


async def _open(port: int, rate: int, seconds: float, request: Callable[[], bytes]) -> Measured:
    idle = [await Connection.to(port) for _ in range(32)]
    found: list[float] = []

    async def one(due: float) -> None:
        connection = idle.pop() if idle else await Connection.to(port)
        try:
            await connection.ask(request())
        except asyncio.IncompleteReadError:  # it was idle for so long that the server has hung up
            connection = await Connection.to(port)
            await connection.ask(request())
        found.append(time.perf_counter() - due)
        idle.append(connection)

    began = time.perf_counter()
    asked = []
    for n in range(int(rate * seconds)):
        due = began + n / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        asked.append(asyncio.create_task(one(due)))
    await asyncio.gather(*asked)
    for connection in idle:
        connection.close()
    return Measured(len(found) / (time.perf_counter() - began), sorted(found))


class Connection:
    """One keep-alive connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, port: int) -> "Connection":
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, request: bytes | None = None) -> float:
        """Send one command, or another request, and wait for its answer; returns the seconds it took."""
        request = request or command()
        began = time.perf_counter()
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await self._reader.readexactly(length)
        took = time.perf_counter() - began
        if not head.startswith(b"HTTP/1.1 20"):
            raise AssertionError(head.decode())
        return took

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


def command(text: str | None = None) -> bytes:
    """One signed slash command as bytes on the wire; no two have the same trigger."""
    n = next(_numbers)
    fields = {
        "command": "/log",
        "text": text or LINES[n % len(LINES)],
        "team_id": "T0BATON",
        "user_id": PEOPLE[n % len(PEOPLE)],
        "channel_id": "C0SALES",
        "trigger_id": f"{time.time_ns()}.{n}",
        "response_url": "http://127.0.0.1/none",
    }
    body = urlencode(fields)
    stamp = str(int(time.time()))
    mac = hmac.new(SIGNING_SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return (
        f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={mac}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()
