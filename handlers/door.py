"""What stands between the port and the pages: nobody may hold a connection for long without saying what they want, say
too much, or keep others out by being many. Whoever does is refused and counted, and everybody else is served.
"""

import asyncio
import sys
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if sys.platform != "win32":
    import resource

HEAD_MAX, BODY_MAX = 16 * 1024, 1024 * 1024
"""Bytes of a request's line and headers, and of its body; Slack's own stay far below."""

HEAD_WITHIN, BODY_WITHIN = 10.0, 20.0
"""Seconds until a request's headers have come, from the connection on or the first byte, and then its body."""

MOST_CONNECTIONS = 2048

IDLE, SLOW, HEAD, BODY, MANY = "idle", "slow", "head", "body", "many"
"""Reasons: pushed out by newcomers while silent; too slow; headers or a body too large; too many, and all at work."""

Refused = Callable[[str], None]
"""Counts a request or connection that was refused, by its reason."""


def most_connections() -> int:
    """How many connections this process holds at the most; half of the files that it may open are for other things."""
    if sys.platform == "win32":
        return MOST_CONNECTIONS
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(16, min(MOST_CONNECTIONS, files // 2 if files > 0 else MOST_CONNECTIONS))


class Door:
    """Those who are connected, of one port; used by one event loop.

    Args:
        refused: counts.
        most: connections at the most.
    """

    def __init__(self, refused: Refused, most: int | None = None) -> None:
        self.refused, self.most = refused, most or most_connections()
        self.inside = 0
        self.waiting: dict[Guarded, None] = {}

    def protocol(self, **given: Any) -> "Guarded":
        """What uvicorn makes for each connection."""
        return Guarded(self, **given)

    def enter(self, who: "Guarded") -> None:
        """A connection is made. Where there are too many, the one that has been silent for longest goes."""
        self.inside += 1
        if self.inside <= self.most:
            return
        silent = next(iter(self.waiting), None)
        if silent:
            silent.refuse(IDLE, None)
        else:
            who.refuse(MANY, HTTPStatus.SERVICE_UNAVAILABLE)


class Guarded(HttpToolsProtocol):
    """uvicorn's protocol with limits."""

    def __init__(self, door: Door, **given: Any) -> None:
        super().__init__(**given)
        self._door = door
        self._seen = 0
        self._is_refused = False
        self._is_in_head = True
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._door.enter(self)
        if not self._is_refused:
            self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._door.inside -= 1
        self._forget()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        self._seen += len(data)
        super().data_received(data)
        if self._is_in_head and self._seen > HEAD_MAX:
            self.refuse(HEAD, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self._timer is None and (self.cycle is None or self.cycle.response_complete):
            self._expect_head()  # line ends between two requests begin none

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if not self._is_in_head:
            self._expect_head()

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        length = dict(self.headers).get(b"content-length", b"0")
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > HEAD_MAX:
            self.refuse(HEAD, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif length.isdigit() and int(length[:20]) > BODY_MAX:
            self.refuse(BODY, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            super().on_headers_complete()
            self._seen = 0
            self._wait(BODY_WITHIN)

    def on_body(self, body: bytes) -> None:
        if self._is_refused:
            return
        self._seen += len(body)
        if self._seen > BODY_MAX:
            self.refuse(BODY, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if not self._is_refused:
            self._forget()
            self._seen = 0
            super().on_message_complete()

    def refuse(self, reason: str, status: HTTPStatus | None) -> None:
        """Say so, where anybody listens, and end the connection."""
        if self._is_refused or self.transport.is_closing():
            return
        self._is_refused = True
        self._forget()
        self._door.refused(reason)
        if status is None or (self.cycle and not self.cycle.response_complete and self.cycle.response_started):
            self.transport.abort()
            return
        body = f"{status.phrase.lower()}\n".encode()
        head = f"HTTP/1.1 {status} {status.phrase}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
        self.transport.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        self.transport.close()

    def _expect_head(self) -> None:
        self._is_in_head, self._seen = True, 0
        self._wait(HEAD_WITHIN)
        self._door.waiting[self] = None

    def _wait(self, seconds: float) -> None:
        self._forget()
        self._timer = self.loop.call_later(seconds, partial(self.refuse, SLOW, HTTPStatus.REQUEST_TIMEOUT))

    def _forget(self) -> None:
        self._door.waiting.pop(self, None)
        if self._timer:
            self._timer.cancel()
            self._timer = None
