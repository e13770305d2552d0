"""Requests of Slack's that were answered already. Whoever sends one once more, signature and all, has overheard it:
Slack stamps and signs what it sends anew, and names its own retries by a header (docs.slack.dev, the Events API).
"""

from collections.abc import Mapping

STAMP, SIGNATURE, RETRY = "x-slack-request-timestamp", "x-slack-signature", "x-slack-retry-num"

FRESH = 300
"""Seconds by which the stamp of a request that Slack signed may be off, as Bolt has it; later nobody can use it."""

AT_ONCE = 3.0
"""Seconds since the first answer within which the same request is taken for sent twice on its way: Slack waits as long,
and proxies between send again what they think has not arrived. It is answered like the first time.
"""

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
        self._answered: dict[str, tuple[float, int]] = {}
        """When each was answered first, in that order, and its stamp."""

    def __len__(self) -> int:
        return len(self._answered)

    def has(self, headers: Headers, now: float) -> bool:
        """Whether this very request was answered a while before `now` (seconds since 1970), and is no retry of
        Slack's.
        """
        at, _ = self._answered.get(headers.get(SIGNATURE, ""), (now, 0))
        return RETRY not in headers and at + AT_ONCE < now

    def add(self, headers: Headers, now: float) -> None:
        """A request that Bolt took for Slack's was answered at `now`."""
        self._answered.setdefault(headers[SIGNATURE], (now, int(headers[STAMP])))
        while self._answered and (len(self._answered) > MOST or self._oldest()[1] < now - FRESH):
            del self._answered[self._oldest()[0]]

    def _oldest(self) -> tuple[str, int]:
        signature, (_, stamp) = next(iter(self._answered.items()))
        return signature, stamp
