"""What is closed for now: ways of sending that Slack wants left alone, recipients who have just got something, and
everything while the token is dead. Kept in one process: the others learn it by themselves.
"""

import math
import time
from collections.abc import Iterator

from bot.delivery.outcome import Outcome, Parcel, Refused, Sent, TooFast
from bot.delivery.rules import PACE

HALT = 60.0
"""Seconds between two messages that try whether Slack takes a dead token again."""


class Gates:
    """For one workspace; used by one thread. Moments are `time.monotonic`'s."""

    def __init__(self) -> None:
        self.halted: str | None = None
        self._try_again_at = 0.0
        self._closed: dict[str, float] = {}
        self._busy: dict[str, float] = {}

    def closed(self) -> list[str]:
        """The ways of sending that are closed now."""
        now = time.monotonic()
        self._closed = {way: until for way, until in self._closed.items() if until > now}
        return sorted(self._closed)

    def busy(self) -> list[str]:
        """The recipients whose next message has to wait."""
        now = time.monotonic()
        self._busy = {recipient: until for recipient, until in self._busy.items() if until > now}
        return sorted(self._busy)

    def may_try(self) -> bool:
        """Whether anything may be sent at all."""
        return self.halted is None or time.monotonic() >= self._try_again_at

    def ends(self) -> Iterator[float]:
        """When gates open by themselves."""
        now = time.monotonic()
        yield from (until for until in self._closed.values() if until > now)
        yield from (until for until in self._busy.values() if now < until < math.inf)
        if self.halted:
            yield self._try_again_at

    def occupy(self, recipient: str) -> None:
        """A message to `recipient` is under way."""
        self._busy[recipient] = math.inf

    def learn(self, parcel: Parcel, outcome: Outcome) -> None:
        """What a try that has ended says about those to come."""
        now = time.monotonic()
        self._busy[parcel.recipient] = now + PACE.total_seconds() if isinstance(outcome, Sent) else now
        if isinstance(outcome, TooFast):
            self._closed[parcel.way] = now + outcome.seconds
        elif isinstance(outcome, Refused) and outcome.of_workspace:
            self.halted, self._try_again_at = outcome.reason, now + HALT
        elif isinstance(outcome, Sent):
            self.halted = None
