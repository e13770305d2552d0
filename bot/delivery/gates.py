"""What is closed for now: ways of sending that Slack wants left alone, recipients who have just got something, and
everything while the token is dead. Kept in one process: the others learn it by themselves.
"""

import math
import time
from collections.abc import Collection, Iterator

from bot.delivery.outcome import Outcome, Parcel, Refused, Sent, TooFast, Unsure
from bot.delivery.rules import LOOK, PACE, RATE_LIMITED

HALT = 60.0
"""Seconds between two questions whether Slack takes a dead token again."""


class Gates:
    """For one workspace; used by one thread. Moments are `time.monotonic`'s."""

    def __init__(self) -> None:
        self.halted: str | None = None
        self._ask_again_at = 0.0
        self._closed: dict[str, float] = {}
        self._busy: dict[str, float] = {}

    def closed(self) -> list[str]:
        """The ways of sending that are closed now."""
        now = time.monotonic()
        self._closed = {way: until for way, until in self._closed.items() if until > now}
        return sorted(self._closed)

    def busy(self) -> Collection[str]:
        """The recipients whose next message has to wait."""
        now = time.monotonic()
        self._busy = {recipient: until for recipient, until in self._busy.items() if until > now}
        return self._busy.keys()

    def may_ask(self) -> bool:
        """Whether it is time to ask again if the token is taken."""
        return time.monotonic() >= self._ask_again_at

    def halt(self, reason: str) -> None:
        """The token is not taken: nothing is sent, and it is asked again in a while."""
        self.halted, self._ask_again_at = reason, time.monotonic() + HALT

    def open(self) -> None:
        """The token is taken."""
        self.halted = None

    def ends(self) -> Iterator[float]:
        """When ways open by themselves that many wait for; what a busy recipient waits for is given a later moment."""
        now = time.monotonic()
        yield from (until for until in self._closed.values() if until > now)
        if self.halted:
            yield max(now, self._ask_again_at)

    def occupy(self, recipient: str) -> None:
        """A message to `recipient` is under way."""
        self._busy[recipient] = math.inf

    def learn(self, parcel: Parcel, outcome: Outcome) -> None:
        """What a try that has ended says about those to come."""
        now = time.monotonic()
        self._busy[parcel.recipient] = now + PACE.total_seconds() if isinstance(outcome, Sent) else now
        wait = wait_asked_for(parcel, outcome)
        if wait:
            way, seconds = wait
            self._closed[way] = now + seconds
        elif isinstance(outcome, Refused) and outcome.of_workspace:
            self.halt(outcome.reason)


def wait_asked_for(parcel: Parcel, outcome: Outcome) -> tuple[str, float] | None:
    """The way that Slack wants left alone, be it to send or to look, and the seconds for which it does."""
    if isinstance(outcome, TooFast):
        return parcel.way, outcome.seconds
    if isinstance(outcome, Unsure) and outcome.reason == RATE_LIMITED:
        return LOOK, outcome.seconds
    return None
