"""What the app did, for tests to look at, and the faults that tests order."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass

from starlette.requests import Request

from sandbox.wire import Json, SlackError

MOST_CALLS = 20_000


class Calls:
    """Every call of the app to the Web API and to response urls, newest last."""

    def __init__(self) -> None:
        self._calls: deque[Json] = deque(maxlen=MOST_CALLS)

    def add(self, method: str, args: Json, error: str = "") -> None:
        """Notes one call; an empty `error` means that it went well."""
        self._calls.append({"at": time.time(), "method": method, "args": args, "ok": not error, "error": error or None})

    def listed(self) -> list[Json]:
        """All of them: `{at, method, args, ok, error}` with `at` in epoch seconds."""
        return list(self._calls)


@dataclass
class Fault:
    """An ordered failure of one method.

    `error` is Slack's code, or `http_500`, `hang` (no answer at all), `lost` (done, but answered with a 500).
    `after` calls go well before it, such as the first page of a list.
    """

    method: str
    error: str
    times: int
    retry_after: int
    after: int


class Faults:
    """The failures still to come."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def order(self, method: str, error: str, times: int = 1, retry_after: int = 1, after: int = 0) -> None:
        """After `after` calls of `method` (`*` for any) that go well, the next `times` fail."""
        self._faults.append(Fault(method, error, times, retry_after, after))

    def next_for(self, method: str) -> Fault | None:
        """The fault that this call has to show, counted down."""
        for fault in self._faults:
            if fault.times == 0 or fault.method not in (method, "*"):
                continue
            if fault.after:
                fault.after -= 1
                continue
            fault.times -= 1
            return fault
        return None


class RateLimit:
    """About one message per second and channel with a burst; off until a test switches it on.

    Source: docs.slack.dev/apis/web-api/rate-limits. `burst` is the number of messages tolerated at once.
    """

    def __init__(self) -> None:
        self.on = False
        self.burst = 5
        self._allowance: dict[str, tuple[float, float]] = {}

    def take(self, channel_id: str) -> None:
        """Counts one message; raises `ratelimited` with `retry_after` in seconds."""
        if not self.on:
            return
        now = time.monotonic()
        left, at = self._allowance.get(channel_id, (float(self.burst), now))
        left = min(float(self.burst), left + now - at)
        if left < 1:
            raise SlackError("ratelimited")
        self._allowance[channel_id] = (left - 1, now)


async def hang(request: Request) -> None:
    """Lasts as long as the client has patience."""
    while not await request.is_disconnected():
        await asyncio.sleep(0.05)
