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

ROUGH_MAX = 2 * BODY_MAX
"""Bytes of a body as it comes, with what stands around its chunks and behind them."""

HEAD_WITHIN, BODY_WITHIN, TAKEN_WITHIN = 10.0, 20.0, 20.0
"""Seconds until a request's headers have come, from the connection on or the first byte, then its body, and until the
answer is taken.
"""

MOST_CONNECTIONS = 2048

IDLE, SLOW, HEAD, BODY, MANY = "idle", "slow", "head", "body", "many"
"""Reasons: pushed out by newcomers while waited for; too slow; headers or a body too large; all places at work."""

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
        self.waiting: dict[Guarded, None] = {}  # for their next bytes, or until they take ours; the longest first

    def protocol(self, **given: Any) -> "Guarded":
        """What uvicorn makes for each connection."""
        return Guarded(self, **given)

    def enter(self, who: "Guarded") -> None:
        """A connection is made. Where there are too many, the one that has been waited for longest goes."""
        self.inside += 1
        if self.inside <= self.most:
            return
        slowest = next(iter(self.waiting), None)
        if slowest:
            slowest.refuse(IDLE, None)
        else:
            who.refuse(MANY, HTTPStatus.SERVICE_UNAVAILABLE)


class Guarded(HttpToolsProtocol):
    """uvicorn's protocol with limits. Whenever it is the other side's turn it stands among those who are waited for."""

    def __init__(self, door: Door, **given: Any) -> None:
        super().__init__(**given)
        self._door = door
        self._seen = self._size = 0
        self._is_refused = False
        self._is_in_head = True
        self._comes: asyncio.TimerHandle | None = None
        self._goes: asyncio.TimerHandle | None = None

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
        elif self._seen > ROUGH_MAX:
            self.refuse(BODY, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif self._comes is None and self._rests():
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
            self._seen = self._size = 0
            self._expect(BODY_WITHIN)

    def on_body(self, body: bytes) -> None:
        if self._is_refused:
            return
        self._size += len(body)
        if self._size > BODY_MAX:
            self.refuse(BODY, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if not self._is_refused:
            self._has_come()
            self._seen = 0
            super().on_message_complete()
            self._stand()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._stand()
        self._see_it_go()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._expect_taken()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._has_gone()
        self._stand()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._see_it_go()

    def refuse(self, reason: str, status: HTTPStatus | None) -> None:
        """Say so, where anybody listens, and end the connection."""
        if not self._is_refused:
            self._door.refused(reason)
        elif status:
            return
        self._is_refused = True
        self._forget()
        is_midway = self.cycle and not self.cycle.response_complete and self.cycle.response_started
        if status is None or is_midway or self.transport.is_closing():
            self.transport.abort()
            return
        body = f"{status.phrase.lower()}\n".encode()
        head = f"HTTP/1.1 {status} {status.phrase}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
        self.transport.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        self.transport.close()
        self._see_it_go()

    def _expect_head(self) -> None:
        self._is_in_head, self._seen = True, 0
        self._expect(HEAD_WITHIN)

    def _expect(self, seconds: float) -> None:
        self._has_come()
        self._comes = self.loop.call_later(seconds, partial(self.refuse, SLOW, HTTPStatus.REQUEST_TIMEOUT))
        self._stand()

    def _expect_taken(self) -> None:
        self._goes = self._goes or self.loop.call_later(TAKEN_WITHIN, partial(self.refuse, SLOW, None))
        self._stand()

    def _see_it_go(self) -> None:
        """A connection that ends does so only once everything has been taken."""
        if self.transport.is_closing() and self.transport.get_write_buffer_size():
            self._expect_taken()

    def _rests(self) -> bool:
        return self.cycle is None or bool(self.cycle.response_complete)

    def _stand(self) -> None:
        rests = self._rests() and not self.transport.is_closing()
        if rests or self._comes or self._goes:
            self._door.waiting.setdefault(self)
        else:
            self._door.waiting.pop(self, None)

    def _has_come(self) -> None:
        if self._comes:
            self._comes.cancel()
            self._comes = None

    def _has_gone(self) -> None:
        if self._goes:
            self._goes.cancel()
            self._goes = None

    def _forget(self) -> None:
        self._has_come()
        self._has_gone()
        self._door.waiting.pop(self, None)
