"""What everything here speaks: JSON objects, Slack's errors, ids and message timestamps."""

import secrets
import time
from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """A refusal in Slack's words: `error` is its code, `more` stands beside it in the answer."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more

    def body(self) -> Json:
        """The answer: `{"ok": false, "error": …, …}`."""
        return {"ok": False, "error": self.error, **self.more}


def new_id(prefix: str) -> str:
    """An id as Slack's look: a letter for the kind, then capitals and digits."""
    return prefix + secrets.token_hex(5).upper()


class Clock:
    """Wall time that can be moved ahead, so that what expires in 30 minutes can be seen expiring."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._last_micros = 0

    def now(self) -> float:
        """Epoch seconds, with the time skipped so far."""
        return time.time() + self._ahead

    def skip(self, seconds: float) -> None:
        """Moves this clock ahead by `seconds`."""
        self._ahead += seconds

    def ts(self) -> str:
        """A message timestamp ("1730800000.123456"): a string, unique, and always growing."""
        self._last_micros = max(self._last_micros + 1, int(time.time() * 1_000_000))
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"
