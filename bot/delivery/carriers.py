"""Threads that carry messages to Slack, which workspaces use in turn: who has thousands delays nobody who has one."""

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

AHEAD = 4
"""Messages in hand for each thread: those under way, those that wait to be written down, and enough that it never has
to wait for the next. What is in hand is held by a lease, so it must not be more than can be seen to in time.
"""


class Carriers:
    """So many threads, of which one workspace has `each` at the most at a time.

    Args:
        most: threads.
        each: of one workspace, for Slack may leave all of its calls unanswered.
    """

    def __init__(self, most: int, each: int) -> None:
        self._most, self._each = most, each
        self._pool = ThreadPoolExecutor(most, thread_name_prefix="carrier")
        self._turn = threading.Lock()
        self._waiting: OrderedDict[str, deque[Callable[[], None]]] = OrderedDict()
        self._busy: Counter[str] = Counter()
        self._in_hand = 0

    @property
    def room(self) -> int:
        """How many more may be in hand."""
        return AHEAD * self._most - self._in_hand

    def hand_in(self, workspace_id: str, carry: Callable[[], None]) -> None:
        """Have `carry` done by one of the threads; it raises nothing."""
        with self._turn:
            self._in_hand += 1
            self._waiting.setdefault(workspace_id, deque()).append(carry)
        self._pool.submit(self._carry_next)

    def let_go(self, messages: int) -> None:
        """So many are in hand no more: what became of them is written down."""
        with self._turn:
            self._in_hand -= messages

    def stop(self) -> None:
        """Finish what is in hand."""
        self._pool.shutdown()

    def _carry_next(self) -> None:
        """The next in turn. Every message brings a turn of a thread; where its workspace has as many as it may, that
        turn is lost, and whoever finishes for it makes up for it.
        """
        with self._turn:
            found = self._next()
        if found is None:
            return
        workspace_id, carry = found
        try:
            carry()
        finally:
            with self._turn:
                self._busy[workspace_id] -= 1
                is_more = workspace_id in self._waiting
                if not self._busy[workspace_id]:
                    del self._busy[workspace_id]
            if is_more:
                self._pool.submit(self._carry_next)

    def _next(self) -> tuple[str, Callable[[], None]] | None:
        """The first that waits of the workspace that has waited longest; that one goes behind the others."""
        workspace_id = next((each for each in self._waiting if self._busy[each] < self._each), None)
        if workspace_id is None:
            return None
        waiting = self._waiting.pop(workspace_id)
        carry = waiting.popleft()
        if waiting:
            self._waiting[workspace_id] = waiting
        self._busy[workspace_id] += 1
        return workspace_id, carry
