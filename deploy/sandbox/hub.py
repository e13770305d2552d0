"""Tells open pages what has changed; they fetch it themselves."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress

from sandbox.wire import Json

KEEP_ALIVE_SECONDS = 15.0


class Hub:
    """One queue for each open stream, by the person who looks."""

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[Json | None]]] = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None

    def tell(self, user_ids: Iterable[str], notice: Json) -> None:
        """Sends `{"type": …}` to the pages of these people."""
        for user_id in user_ids:
            for queue in self._queues.get(user_id, ()):
                queue.put_nowait(notice)

    def tell_all(self, notice: Json) -> None:
        """Sends `{"type": …}` to every page."""
        self.tell(list(self._queues), notice)

    def close(self) -> None:
        """Ends every stream; may be called from another thread or a signal handler."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        for queues in self._queues.values():
            for queue in queues:
                queue.put_nowait(None)

    async def stream(self, user_id: str) -> AsyncIterator[str]:
        """The server-sent events for one page, with a comment now and then to keep the connection."""
        self._loop = asyncio.get_running_loop()
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._queues[user_id].add(queue)
        try:
            yield ": open\n\n"
            while True:
                notice: Json | None = {}
                with suppress(TimeoutError):
                    notice = await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
                if notice is None:
                    return
                yield f"data: {json.dumps(notice)}\n\n" if notice else ": still here\n\n"
        finally:
            self._queues[user_id].discard(queue)
