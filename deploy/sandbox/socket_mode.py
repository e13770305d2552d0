"""Socket Mode: up to ten websockets of the app, each envelope to one of them."""

import asyncio
import json
import secrets
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.delivery import ACK_SECONDS, ANSWERED, Parcel, Reply, read_body
from sandbox.manifest import App
from sandbox.wire import Json

MOST_SOCKETS = 10  # docs.slack.dev/apis/events-api/using-socket-mode
WARNED_SECONDS = 10.0  # what a socket has left after a `disconnect` with the reason `warning`


class SocketMode:
    """The sockets that are open, in the order in which they are served next.

    `changed` is called when one has come or gone.
    """

    def __init__(self, app: App, changed: Callable[[], None]) -> None:
        self._app, self._changed = app, changed
        self._closing: set[asyncio.Task[None]] = set()
        self._tickets: set[str] = set()
        self._sockets: list[WebSocket] = []
        self._leaving: list[WebSocket] = []
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    @property
    def connected(self) -> bool:
        """Whether the app holds a socket open."""
        return bool(self._sockets or self._leaving)

    def ticket(self) -> str:
        """What a new connection must bring; good for one."""
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        """Holds one connection: hello, then acks until it ends."""
        if socket.query_params.get("ticket") not in self._tickets:
            await socket.close()
            return
        self._tickets.discard(socket.query_params["ticket"])
        await socket.accept()
        if len(self._sockets) == MOST_SOCKETS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return
        self._sockets.append(socket)
        self._changed()
        try:
            await socket.send_json(self._hello())
            await self._read_acks(socket)
        finally:
            self._forget(socket)

    async def send(self, parcel: Parcel) -> Reply:
        """One envelope to the next socket; waits for its ack on any of them."""
        if not self.connected:
            return Reply(error="dispatch_failed", retry_reason="connection_failed")
        envelope = _envelope(parcel)
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = answer
        try:
            await self._next_socket().send_text(json.dumps(envelope))
            ack = await asyncio.wait_for(answer, ACK_SECONDS)
        except TimeoutError:
            return Reply(error="operation_timeout", retry_reason="timeout")
        except (WebSocketDisconnect, RuntimeError):
            return Reply(error="dispatch_failed", retry_reason="connection_failed")
        finally:
            del self._waiting[envelope["envelope_id"]]
        return Reply(body=_content(ack) if ANSWERED[parcel.kind] else {})

    async def disconnect(self, reason: str) -> None:
        """Tells every socket to go; they still serve until a new one is there."""
        leaving, self._sockets = self._sockets, []
        self._leaving += leaving
        for socket in leaving:
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
            asyncio.get_running_loop().call_later(WARNED_SECONDS, self._close_soon, socket)

    async def drop(self) -> None:
        """Closes every socket without a word."""
        for socket in [*self._sockets, *self._leaving]:
            await _closed(socket)

    async def _read_acks(self, socket: WebSocket) -> None:
        with suppress(WebSocketDisconnect):
            while True:
                ack = json.loads(await socket.receive_text())
                waiting = self._waiting.get(ack.get("envelope_id", ""))
                if waiting and not waiting.done():
                    waiting.set_result(ack)

    def _next_socket(self) -> WebSocket:
        if not self._sockets:
            return self._leaving[0]
        self._sockets.append(self._sockets.pop(0))
        return self._sockets[-1]

    def _close_soon(self, socket: WebSocket) -> None:
        if socket in self._leaving:
            task = asyncio.create_task(_closed(socket))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _forget(self, socket: WebSocket) -> None:
        for sockets in (self._sockets, self._leaving):
            if socket in sockets:
                sockets.remove(socket)
        self._changed()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._sockets),
            "connection_info": {"app_id": self._app.id},
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 3600},
        }


def _envelope(parcel: Parcel) -> Json:
    envelope: Json = {
        "type": parcel.kind,
        "envelope_id": str(uuid.uuid4()),
        "accepts_response_payload": ANSWERED[parcel.kind],
        "payload": parcel.payload,
    }
    if parcel.kind == "events_api" or parcel.retry_num:
        envelope |= {"retry_attempt": parcel.retry_num, "retry_reason": parcel.retry_reason}
    return envelope


def _content(ack: Json) -> Json:
    content: Any = ack.get("payload")
    if isinstance(content, dict):
        return content
    return read_body(content or "", "text/plain")


async def _closed(socket: WebSocket) -> None:
    with suppress(RuntimeError):
        await socket.close()
