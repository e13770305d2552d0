"""Requests of Slack's that were answered already. Whoever sends one once more, signature and all, has overheard it:
Slack stamps and signs what it sends anew, and names its own retries by a header (docs.slack.dev, the Events API).
"""

from collections import deque
from collections.abc import Mapping

STAMP, SIGNATURE, RETRY = "x-slack-request-timestamp", "x-slack-signature", "x-slack-retry-num"

FRESH = 300
"""Seconds by which the stamp of a request that Slack signed may be off, as Bolt has it; later nobody can use it."""

MOST = 20_000
"""Signatures that a process keeps, some 6 MB: those of sixty-six requests a second; of more, the latest."""

Headers = Mapping[str, str]
"""By their names in small letters."""


class Served:
    """What this process has answered, by its signature, which is over stamp and body; used by one event loop.

    Of copies that come at once each is served, and so is one that another process gets, or a retry: the use cases know
    its origin, and do nothing twice.
    """

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._order: deque[tuple[int, str]] = deque()

    def __len__(self) -> int:
        return len(self._order)

    def has(self, headers: Headers) -> bool:
        """Whether this very request was answered, and is no retry of Slack's."""
        return RETRY not in headers and headers.get(SIGNATURE) in self._known

    def add(self, headers: Headers, now: float) -> None:
        """A request that Bolt took for Slack's was answered at `now` (seconds since 1970)."""
        signature = headers[SIGNATURE]
        if signature not in self._known:
            self._known.add(signature)
            self._order.append((int(headers[STAMP]), signature))
        while self._order and (len(self._order) > MOST or self._order[0][0] < now - FRESH):
            self._known.remove(self._order.popleft()[1])
