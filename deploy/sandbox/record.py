"""What the app did, for tests to look at, and the faults that tests order."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field

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

    def forget(self) -> list[Json]:
        """Empties the record and returns what stood in it, so that no call is lost between two rounds."""
        forgotten = self.listed()
        self._calls.clear()
        return forgotten


@dataclass
class Fault:
    """An ordered failure of one method (`*` for any).

    `error` is Slack's code, or one of these: `http_500`; `hang` (no answer at all); and, where the work is done all
    the same, `lost` (answered with a 500), `reset` (the connection is cut in the middle of the answer), `slow` (the
    answer comes whole, `seconds` late). `after` calls go well before it, such as the first page of a list; of those
    behind them, each `every`-th fails, until `times` have. With a `channel` it concerns only the calls that name this
    one as their `channel`; no others are counted.
    """

    method: str
    error: str
    times: int = 1
    retry_after: int = 1
    after: int = 0
    every: int = 1
    seconds: float = 1.0
    channel: str = ""
    seen: int = field(default=0, init=False)

    def strikes(self, method: str, channel: str) -> bool:
        """Whether it shows on this call, which is counted."""
        if self.times == 0 or self.method not in (method, "*") or self.channel not in ("", channel):
            return False
        self.seen += 1
        if self.seen <= self.after or (self.seen - self.after) % self.every:
            return False
        self.times -= 1
        return True


class Faults:
    """The failures still to come."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Calls are counted for it from now on.

        Where two concern the same call, the earlier order shows and the later does not count the call.
        """
        self._faults.append(fault)

    def next_for(self, method: str, channel: str = "") -> Fault | None:
        """The fault that this call has to show, counted down."""
        return next((fault for fault in self._faults if fault.strikes(method, channel)), None)


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
