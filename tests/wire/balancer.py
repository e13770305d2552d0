"""A load balancer in a few lines, for drills in which processes come and go."""

import itertools
import random
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple

from tests.wire import signed

DEADLINE = 3.0
"""Seconds after which Slack takes a command for not delivered (docs.slack.dev, acknowledging)."""

KEPT = 2.0
"""Seconds for which a connection is kept that nobody uses; the server closes it after five."""


class Reply(NamedTuple):
    """What came back of a command."""

    status: int
    text: str


@dataclass
class Balancer:
    """What stands before the processes, and Slack before it: a command goes to any process that is in, to another one
    where nobody takes the connection, and is delivered again where no answer comes.

    It shares two cores with all the rest, so it speaks HTTP as plainly as the standard library does.
    """

    ports: list[int] = field(default_factory=list)
    silences: list[tuple[float, float]] = field(default_factory=list)
    """From when to when nobody answered a delivery in time."""
    cut: int = 0
    repeated: int = 0
    _idle: dict[int, list[tuple[float, HTTPConnection]]] = field(default_factory=lambda: defaultdict(list))
    """Connections by port, with the moment since when nobody uses them."""

    def deliver(self, body: str) -> tuple[Reply, bool]:
        """The answer to a command, in the end, and whether it speaks for all that was delivered: a process that gave
        none may still be at it.
        """
        again = 0
        while True:
            retried = {"X-Slack-Retry-Num": str(again), "X-Slack-Retry-Reason": "http_timeout"} if again else {}
            began = time.monotonic()
            try:
                return self._post(random.choice(self.ports), body, signed.headers(body) | retried), not again
            except ConnectionRefusedError:
                time.sleep(0.01)
            except TimeoutError:
                self.silences.append((began, time.monotonic()))
                again += 1
            except (OSError, HTTPException):
                self.cut += 1
                again += 1
            self.repeated += bool(again)

    def _post(self, port: int, body: str, headers: dict[str, str]) -> Reply:
        line = self._line(port)
        try:
            line.request("POST", "/slack/events", body, headers)
            answer = line.getresponse()
            found = Reply(answer.status, answer.read().decode())
        except BaseException:
            line.close()
            raise
        self._idle[port].append((time.monotonic(), line))
        return found

    def _line(self, port: int) -> HTTPConnection:
        """The connection that was used last, unless the other end may be about to close it."""
        try:
            since, line = self._idle[port].pop()
        except IndexError:
            return HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
        if time.monotonic() - since < KEPT:
            return line
        line.close()
        return self._line(port)

    def close(self) -> None:
        """Hang up."""
        for _, line in itertools.chain.from_iterable(self._idle.values()):
            line.close()
