"""The senders of a process: one, or one for each workspace that has something to be sent."""

import threading

from bot.clock import Clock
from bot.delivery import queries
from bot.delivery.crew import Crew
from bot.delivery.outcome import Courier
from bot.delivery.sender import CARRIERS, Meter, Sender
from bot.delivery.service import NEWS
from bot.installations import queries as installations
from bot.store.engine import Store
from bot.store.walls import everywhere

ALL_CARRIERS = 64
"""Messages under way at once, of all workspaces."""

TAKERS = 4
"""Threads that take and write, on PostgreSQL: a third of the connections that write, so that commands find one. On
SQLite, where one writes at a time, a second taker would only stand before somebody's command.
"""


class LoneSender:
    """The sender of the only workspace; called with every tick."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self.start, self.stop = sender.start, sender.stop

    @property
    def halted(self) -> str | None:
        """As `Sender.halted`."""
        return self._sender.halted

    def __call__(self) -> None:
        """There may be something to send."""
        self._sender.wake()


class Senders:
    """Called with every tick: starts and wakes the senders of those workspaces for which something is due, and stops
    those of workspaces from which Baton was removed, in whatever process that was learnt.

    Args:
        store: where the ledger is.
        courier: makes the words and carries them.
        clock: the moment.
        meter: counts.
    """

    def __init__(self, store: Store, courier: Courier, clock: Clock, meter: Meter) -> None:
        self._store, self._courier, self._clock, self._meter = store, courier, clock, meter
        self._senders: dict[str, Sender] = {}
        self._ending: list[Sender] = []
        self._turn = threading.Lock()
        self._is_over = False
        self._crew = Crew(1 if store.is_sqlite else TAKERS, ALL_CARRIERS, CARRIERS)

    def start(self) -> None:
        """Begin to send; nothing is sent before the first tick."""
        self._crew.start()

    def __call__(self) -> None:
        """Look what is due, and where nothing may be said any more."""
        with everywhere(), self._store.read() as tx:
            due = queries.workspaces_with_something_due(tx, self._courier.kinds, self._clock())
            gone = installations.gone(tx, list(self._senders))
        for workspace_id in gone:
            self.drop(workspace_id)
        for workspace_id in due:
            self._wake(workspace_id)

    def drop(self, workspace_id: str) -> None:
        """Send nothing more there; what is under way ends by itself."""
        with self._turn:
            sender = self._senders.pop(workspace_id, None)
            if sender is None:
                return
            self._store.leave(NEWS, workspace_id)
            self._ending = [*(each for each in self._ending if not each.is_over), sender]
            sender.end()

    def stop(self) -> None:
        """Take nothing new anywhere, carry what is in hand, and write it down."""
        with self._turn:
            self._is_over = True
        for workspace_id in list(self._senders):
            self.drop(workspace_id)
        for ending in self._ending:
            ending.stop()
        self._crew.stop()

    def _wake(self, workspace_id: str) -> None:
        with self._turn:
            if self._is_over:
                return
            if workspace_id in self._senders:
                self._senders[workspace_id].wake()
            else:
                self._senders[workspace_id] = self._new(workspace_id)
                self._senders[workspace_id].start()

    def _new(self, workspace_id: str) -> Sender:
        return Sender(self._store, self._courier, workspace_id, self._clock, self._meter, crew=self._crew)
