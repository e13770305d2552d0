"""Waiting for what another process does."""

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")

FIRST, LONGEST = 0.005, 0.1
"""Seconds between two looks, at first and in the end: looking keeps a machine busy that others work on as well."""


def looks(within: float) -> Iterator[None]:
    """One round for each look, soon after one another at first; the last one when so many seconds are over."""
    deadline, pause = time.monotonic() + within, FIRST
    while True:
        is_last = time.monotonic() >= deadline
        yield
        if is_last:
            return
        time.sleep(pause)
        pause = min(LONGEST, pause * 1.5)


def until(look: Callable[[], T], otherwise: str | Callable[[], str], within: float) -> T:
    """What is found, as soon as that is something.

    Raises:
        AssertionError: after so many seconds, with `otherwise`.
    """
    for _ in looks(within):
        if found := look():
            return found
    raise AssertionError(otherwise if isinstance(otherwise, str) else otherwise())
