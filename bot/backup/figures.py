"""What can be told of a table in few numbers, so that two of them can be compared."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.backup.forms import Form, Row

WHOLE = 1 << 256


@dataclass
class Figures:
    """Counts rows, adds up the numbers of each column, and digests rows so that their order does not count."""

    names: Sequence[str]
    forms: Sequence[Form]
    rows: int = 0
    digest: int = 0
    sums: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = [n for n, form in enumerate(self.forms) if form in {Form.NUMBER, Form.TRUTH}]
        self.sums = {self.names[n]: 0 for n in self._numbers}

    def counted(self, rows: Iterable[tuple[Row, bytes]]) -> Iterator[tuple[Row, bytes]]:
        """Pass rows on, each with its line in the file, and count them."""
        for row, line in rows:
            self.rows += 1
            self.digest += int.from_bytes(hashlib.sha256(line).digest())
            for n in self._numbers:
                self.sums[self.names[n]] += int(row[n] or 0)
            yield row, line

    def written(self) -> dict[str, object]:
        """The figures as they stand in a file."""
        return {"rows": self.rows, "sums": self.sums, "digest": f"{self.digest % WHOLE:064x}"}
