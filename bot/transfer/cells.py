"""What stands in a cell, for every kind alike: days, people, several names in one."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from bot.money import digits
from bot.reading.amounts import read_amount
from bot.reading.text import keyed
from bot.transfer.table import Problem, Row

SEPARATOR = "|"
"""Between several names in one cell: none of the delimiters, and no sign that names have (`50+`, `R&D; EMEA`)."""

_PLAIN = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_ONE_NAME = re.compile(r"(?:\\[\\|]|[^|])+")
_ESCAPED = re.compile(r"\\([\\|])")
_TO_ESCAPE = re.compile(r"([\\|])")

LONGEST = 60
"""Characters of a cell that a message repeats."""


class Cells:
    """The cells of one row, asked for by column; an empty one is None.

    What cannot be understood is None too, and stands in `problems`.
    """

    def __init__(self, row: Row, problems: list[Problem]) -> None:
        self._row, self._problems = row, problems
        self.is_good = True
        self.text: Callable[[str], str | None] = row.cells.get  # the cell as it stands: asked a million times

    def refuse(self, said: str) -> None:
        """Say what is wrong with the row."""
        self.is_good = False
        self._problems.append(Problem(self._row.line, said))

    def names(self, column: str) -> list[str] | None:
        """Several names, as `joined` writes them."""
        cell = self.text(column)
        return None if cell is None else separated(cell) or None

    def day(self, column: str) -> date | None:
        """A day in ISO form."""
        cell = self.text(column)
        try:
            return None if cell is None else date.fromisoformat(cell)
        except ValueError:
            self.refuse(f"{column}: {shown(cell or '')} is no date; write it as 2026-12-31")
            return None

    def decimal(self, column: str, example: str) -> Decimal | None:
        """A plain decimal, not below nothing: `24000.50`. `example` is what to write where a cell tells nothing."""
        cell = self.text(column)
        if cell is None:
            return None
        if not _PLAIN.fullmatch(cell):
            self.refuse(f"{column}: {shown(cell)} is no plain decimal; {_instead(cell) or f'write it as {example}'}")
            return None
        return Decimal(cell)

    def check_coins(self, column: str, amount: Decimal, currency: str) -> None:
        """Refuse an amount that the currency has no coins for."""
        places = digits(currency)
        if amount != round(amount, places):
            self.refuse(f"{column}: {shown(self.text(column) or '')} has more than the {places} decimals of {currency}")

    def check_currency(self, column: str, currency: str) -> None:
        """Refuse another currency than the workspace's."""
        said = self.text(column)
        if said is not None and said.upper() != currency:
            self.refuse(
                f"{column}: {shown(said)}; this workspace counts in {currency}, and Baton has no exchange rates"
            )

    def person(self, column: str, ids: Mapping[str, str]) -> str | None:
        """The Slack id of whom an e-mail belongs to, by `ids` with e-mails in small letters."""
        cell = self.text(column)
        if cell is not None and cell.casefold() not in ids:
            self.refuse(f"{column}: {shown(cell)} belongs to nobody whom Baton knows")
        return None if cell is None else ids.get(cell.casefold())


def _instead(cell: str) -> str:
    """What to write for an amount that a person would understand; "" for any other."""
    words = keyed(cell).split()
    found = read_amount(words, 0) if words else None
    if found is None or found.used != len(words) or found.value is None or found.value < 0:
        return ""
    return f"write {found.value.normalize():f}"


def separated(cell: str) -> list[str]:
    """The names in a cell: `EMEA | DACH`. A backslash before `|` or another backslash makes it part of a name."""
    parts = (_ESCAPED.sub(r"\1", part).strip() for part in _ONE_NAME.findall(cell))
    return [part for part in parts if part]


def joined(names: Iterable[str]) -> str:
    """The cell that `separated` reads as `names`."""
    return SEPARATOR.join(_TO_ESCAPE.sub(r"\\\1", name) for name in names)


def shown(cell: str) -> str:
    """A cell as a message may repeat it on a terminal: cut, and without what would move the cursor."""
    printable = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in cell)
    return printable if len(printable) <= LONGEST else f"{printable[: LONGEST - 1]}…"
