"""Digests come in rounds: a whole team's at the same moment. What they are made of is read once for all of them."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.access.actor import Actor
from bot.digest.gathering import Gathered, gather
from bot.people import queries as people
from bot.performance.shares import keep_shares
from bot.quota.periods import Period
from bot.store.engine import Store

FRESH = timedelta(minutes=1)
"""How old what was gathered may be, or how far ahead of whoever asked the clock before waiting their turn; the digest
says as of when it is.
"""

PATIENCE = timedelta(seconds=5)
"""How long anybody waits for their turn. It is a small part of what a row of the ledger is held for
(`bot.delivery.rules.LEASE`): who does not get it gives the row back, and the lease does not end in a queue.
"""

PEOPLE_KEPT = 4_000
"""Of so many people rounds are kept at a time: weeks and months of a few large workspaces, or of many small ones."""


class Rounds:
    """Gathers of everybody in a workspace, once a round; any thread may ask."""

    def __init__(self, store: Store, patience: timedelta = PATIENCE) -> None:
        self._store, self._lock = store, threading.Lock()
        self._turn, self._patience = threading.Lock(), patience
        self._held: OrderedDict[tuple[str, str], Gathered] = OrderedDict()

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """For whoever makes a digest, one at a time: threads that reckon side by side would keep those waiting who
        answer commands. False for whoever did not get a turn in time, and has to come again.
        """
        is_mine = self._turn.acquire(timeout=self._patience.total_seconds())
        try:
            yield is_mine
        finally:
            if is_mine:
                self._turn.release()

    def of(self, reader: Actor, period: Period, now: datetime) -> Gathered:
        """What is known of a period in the reader's workspace, at most `FRESH` old."""
        key = (reader.workspace_id, period.name)
        with self._lock:  # whoever comes meanwhile waits for the same
            held = self._held.get(key)
            if held is None or abs(now - held.frame.when.at) > FRESH:
                self._held[key] = held = self._gather(reader, period, now)
                self._held.move_to_end(key)
                while len(self._held) > 1 and sum(len(each.ids) for each in self._held.values()) > PEOPLE_KEPT:
                    self._held.popitem(last=False)
            return held

    def _gather(self, reader: Actor, period: Period, now: datetime) -> Gathered:
        keep_shares(self._store, reader.workspace_id, period.last, now)
        with self._store.read() as tx:
            everybody = people.members(tx, reader.workspace_id, now.astimezone(reader.zone).date())
            return gather(tx, reader, everybody.keys(), period, now)
