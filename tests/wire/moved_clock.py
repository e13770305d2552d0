"""A bot whose clock a story moves: what takes an hour takes a moment, and every word of a day can be foretold."""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from bot import clock

FILE = "STORY_CLOCK"
"""The variable that names the file; without it the bot's clock is the machine's."""


class MovedClock:
    """The clock as the story holds it: it is set to a moment, and goes on from there."""

    def __init__(self, path: Path, at: datetime) -> None:
        self._path = path
        self.set(at)

    @property
    def settings(self) -> dict[str, str]:
        """What the bot is started with."""
        return {FILE: str(self._path)}

    @property
    def now(self) -> datetime:
        """What the bot takes for the present moment."""
        return _read(self._path)

    def set(self, at: datetime) -> None:
        """Let it be this moment, in UTC."""
        written = self._path.with_suffix(".new")
        written.write_text(f"{at.isoformat()} {time.time()}")
        written.replace(self._path)  # a reader finds the one or the other


def follow() -> None:
    """Let the bot of this process live by the clock that its environment names, if it does."""
    path = os.environ.get(FILE)
    if path:
        clock.utc_now = lambda: _read(Path(path))


def _read(path: Path) -> datetime:
    at, since = path.read_text().split()
    return datetime.fromisoformat(at) + timedelta(seconds=time.time() - float(since))
