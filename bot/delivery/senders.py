"""The senders of a process: one, or one for each workspace that has something to be sent."""

import threading
from concurrent.futures import ThreadPoolExecutor

from bot.clock import Clock
from bot.delivery import queries
from bot.delivery.outcome import Courier
from bot.delivery.sender import Meter, Sender
from bot.delivery.service import NEWS
from bot.installations import queries as installations
from bot.store.engine import Store
from bot.store.walls import everywhere

CARRIERS = 64
"""Messages under way at once, of all workspaces."""


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
        self._stopping: list[threading.Thread] = []
        self._turn = threading.Lock()
        self._is_over = False
        self._pool = ThreadPoolExecutor(CARRIERS, thread_name_prefix="carrier")

    def start(self) -> None:
        """Nothing is sent before the first tick."""

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
            ending = threading.Thread(target=sender.stop, name="sender-ends", daemon=True)
            self._stopping = [*(each for each in self._stopping if each.is_alive()), ending]
            ending.start()

    def stop(self) -> None:
        """Take nothing new anywhere, carry what is in hand, and write it down."""
        with self._turn:
            self._is_over = True
        for workspace_id in list(self._senders):
            self.drop(workspace_id)
        for ending in self._stopping:
            ending.join()
        self._pool.shutdown()

    def _wake(self, workspace_id: str) -> None:
        with self._turn:
            if self._is_over:
                return
            if workspace_id not in self._senders:
                self._senders[workspace_id] = self._new(workspace_id)
                self._senders[workspace_id].start()
            self._senders[workspace_id].wake()

    def _new(self, workspace_id: str) -> Sender:
        return Sender(self._store, self._courier, workspace_id, self._clock, self._meter, pool=self._pool)
