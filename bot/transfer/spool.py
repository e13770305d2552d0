"""Where the rows of a large file wait until all of them were understood: a database of this process's own, on the disk.

So memory does not grow with the file, and Baton's own database is not held while one is read.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple

from bot.errors import NotReady

_TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE waiting (line INTEGER PRIMARY KEY, key BLOB, person TEXT, kind TEXT, quantity INTEGER, outcome TEXT,
        minutes INTEGER, side INTEGER, note TEXT, day TEXT, at TEXT, happened TEXT);
    CREATE TABLE held (key BLOB);
    CREATE TABLE taken (key BLOB, n INTEGER, PRIMARY KEY (key, n)) WITHOUT ROWID;
    CREATE TABLE fresh (line INTEGER PRIMARY KEY, n INTEGER);
"""
_COMPARE = """
    CREATE INDEX held_by_key ON held (key);
    INSERT INTO fresh SELECT line, n
    FROM (SELECT line, key, row_number() OVER (PARTITION BY key ORDER BY line) AS n FROM waiting) AS numbered
    WHERE n > (SELECT count(*) FROM held WHERE held.key = numbered.key)
    AND NOT EXISTS (SELECT 1 FROM taken WHERE taken.key = numbered.key AND taken.n = numbered.n)
    ORDER BY line;
"""


class Waiting(NamedTuple):
    """An activity of a file. `key` is what tells it from others, `side` the number of whom it was with; days, times and
    moments (UTC) in ISO form.
    """

    line: int
    key: bytes
    person: str
    kind: str
    quantity: int
    outcome: str | None
    minutes: int | None
    side: int | None
    note: str | None
    day: str
    at: str | None
    happened: str


class Spool:
    """The rows of one file. Made by `spool`."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        database.executescript(_TABLES)

    def add(self, rows: Iterable[Waiting]) -> None:
        """Let rows wait."""
        self._database.executemany("INSERT INTO waiting VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    @property
    def days(self) -> tuple[str, str] | None:
        """The first and the last day of all; None where there is none."""
        first, last = self._database.execute("SELECT min(day), max(day) FROM waiting").fetchone()
        return (first, last) if first else None

    def hold(self, keys: Iterable[bytes]) -> None:
        """Say what stands already: each stands for one row with the same key."""
        self._database.executemany("INSERT INTO held VALUES (?)", ((key,) for key in keys))

    def take(self, numbered: Iterable[tuple[bytes, int]]) -> None:
        """Say what has come before, by key and number among those with the same key."""
        self._database.executemany("INSERT OR IGNORE INTO taken VALUES (?, ?)", numbered)

    def compare(self) -> int:
        """Number the rows with the same key; returns how many of all are new."""
        self._database.executescript(_COMPARE)
        count: int = self._database.execute("SELECT count(*) FROM fresh").fetchone()[0]
        return count

    def fresh(self) -> Iterator[tuple[Waiting, int]]:
        """The new ones, in the order of the file, each with its number."""
        rows = self._database.execute("SELECT waiting.*, n FROM fresh JOIN waiting USING (line) ORDER BY fresh.line")
        return ((Waiting._make(row[:-1]), row[-1]) for row in rows)


@contextmanager
def spool() -> Iterator[Spool]:
    """An empty one, which is gone at the end of the block.

    Raises:
        NotReady: when the disk does not take it.
    """
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        try:
            yield Spool(database)
        except sqlite3.OperationalError as error:
            raise NotReady(f"The rows of the file cannot wait on the disk ({error}). Nothing was changed.") from None
