"""A CSV file that may be larger than memory: the same rows as `table` finds, read from the disk whenever asked for."""

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TextIO

from bot.transfer import table
from bot.transfer.table import BadFile, Problem, Record, Row

BLOCK = 1 << 20
"""Bytes that are looked at in one go."""

_CODECS = {
    table.UTF_8: "utf-8-sig",
    table.UTF_16: "utf-16",
    table.CYRILLIC: "cp1251",
    table.WESTERN: "cp1252",
}


class Stream:
    """The rows of a file, in its order, as often as one goes through them. `problems` are those of the last time.

    Args:
        path: the file.
        columns: the names that the kind knows, in small letters. The header may write them in any case and order.
        required: those that must be there.

    Raises:
        BadFile: when it cannot be read, or nothing in it can be understood.
    """

    def __init__(self, path: Path, columns: Collection[str], required: Collection[str]) -> None:
        self._path, self._columns = path, columns
        self.problems: list[Problem] = []
        try:
            self.encoding, self._lines = _encoding(path)
            with self._open() as file:
                head = file.read(BLOCK)
        except OSError as error:
            raise BadFile([Problem(None, f"the file cannot be read: {error.strerror}")]) from None
        self._sign = table.delimiter(head, required)
        with self._open() as file:
            self._header = table.read_header(self._records(file), columns, required, self.problems)
        self.more = table.further(self._header, columns)

    @property
    def rows(self) -> "Stream":
        """Itself: what can be gone through."""
        return self

    def __iter__(self) -> Iterator[Row]:
        """Every row."""
        for record in self._all():
            yield table.read_row(record, self._header, self._columns, self.problems)

    def __length_hint__(self) -> int:
        """About how many there are: the lines of the file."""
        return self._lines

    def named(self, column: str) -> Iterator[str]:
        """The cells of a column; what cannot be read is for those who go through the rows to say."""
        if column not in self._header:
            return
        place = self._header.index(column)
        with self._open() as file, suppress(csv.Error, UnicodeDecodeError):
            reader = csv.reader(file, delimiter=self._sign, strict=True)
            next(cells for cells in reader if any(map(str.strip, cells)))  # the header
            yield from (cells[place].strip() for cells in reader if place < len(cells))

    def _all(self) -> Iterator[Record]:
        self.problems.clear()
        with self._open() as file:
            records = self._records(file)
            next(records)  # the header
            yield from records

    def _open(self) -> TextIO:
        return self._path.open(encoding=_CODECS[self.encoding], newline="")

    def _records(self, file: TextIO) -> Iterator[Record]:
        return table.read_records(file, self._sign, self.problems)


def _encoding(path: Path) -> tuple[str, int]:
    """What a file is written in, and how many lines it has about.

    UTF-8 and UTF-16 are read to the end, so that a file that is broken somewhere is refused; of what is neither, the
    block that shows it tells which it is.
    """
    lines, encoding, decoder = 0, "", None
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if decoder is None:
                encoding = table.UTF_16 if block.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else table.UTF_8
                decoder = getincrementaldecoder(_CODECS[encoding])()
            try:
                text = decoder.decode(block, final=len(block) < BLOCK)
            except UnicodeDecodeError as error:
                if encoding == table.UTF_16:
                    before = error.object[: error.start].count(b"\n")
                    raise BadFile([Problem(lines + before + 1, table.NO_TEXT)]) from None
                return _told_by(block, lines), lines + sum(each.count(b"\n") for each in (block, *_rest(file)))
            if "\0" in text:
                raise BadFile([Problem(lines + text[: text.index("\0")].count("\n") + 1, table.NO_TEXT)])
            lines += text.count("\n")
    return encoding or table.UTF_8, lines


def _told_by(block: bytes, lines: int) -> str:
    """What a block that is no UTF-8 is written in, `lines` into the file."""
    try:
        return table.text_of(block)[1]
    except BadFile as bad:
        raise BadFile(_further_on(bad.problems, lines)) from None


def _further_on(problems: Sequence[Problem], lines: int) -> list[Problem]:
    return [Problem(lines + (each.line or 1), each.said) for each in problems]


def _rest(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(BLOCK), b"")
