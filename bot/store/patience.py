"""How long one request waits for the database: two seconds in all, since it came and however often it asks.

Held by the thread that serves it, so what follows behind the answer in another thread has patience of its own.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 2.0
"""Seconds that one request waits for the database before the person is told; Slack waits 3 for the answer."""


class _Request(threading.local):
    until: float | None = None


_request = _Request()


@contextmanager
def patient(since: float) -> Iterator[None]:
    """Let all waiting of this thread within the block end two seconds after `since` (by `time.monotonic`), when the
    request came.
    """
    before, _request.until = _request.until, since + PATIENCE
    try:
        yield
    finally:
        _request.until = before


def left() -> float:
    """Seconds that this thread may wait, 0 when they are over; all of them where it serves no request."""
    return PATIENCE if _request.until is None else max(0.0, _request.until - time.monotonic())
