"""The file: compressed lines of JSON. The first says what it is, then each table has a line with its columns and one
for each row. The last has the figures of all tables and a checksum of every line before it; without it the file was cut
off.
"""

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from bot.backup.figures import Figures
from bot.backup.forms import Form, Row
from bot.errors import NotReady

FORMAT = 1
LEVEL = 6
"""Of compression: the next ones take twice as long for a few percent."""

AllFigures = dict[str, dict[str, object]]

DAMAGED = "The backup is cut off or damaged: nothing was changed. Take another one."


class Sheet(NamedTuple):
    """A table: its name, its columns, and its rows, which are read once."""

    table: str
    names: Sequence[str]
    forms: Sequence[Form]
    rows: Iterable[Row]


class Heading(NamedTuple):
    """The first line: the schema's revision, when the snapshot was taken (ISO, UTC) and by which version."""

    schema: str
    made_at: str
    by: str


@contextmanager
def told_as_damage() -> Iterator[None]:
    """What is not as a backup writes it may be anything.

    Raises:
        NotReady: in the place of whatever stumbles over it.
    """
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
        raise NotReady(DAMAGED) from None


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that stands under its name once it is whole and on the disk, and never before; only its owner may read it.

    Where the system can, it has no name until then, so that not even `kill -9` leaves half of one.

    Raises:
        OSError: when it cannot be written.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.partial")
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        number, is_nameless = _opened(aside)
        with open(number, "wb") as file:  # noqa: PTH123 - it is open already
            yield file
            file.flush()
            os.fsync(number)
            if is_nameless:  # a folder is named only because Python follows no link otherwise
                os.link(f"/proc/self/fd/{number}", aside, src_dir_fd=folder)
        aside.replace(path)
        os.fsync(folder)
    finally:
        os.close(folder)
        aside.unlink(missing_ok=True)


def _opened(aside: Path) -> tuple[int, bool]:
    """A new file, and whether it has no name."""
    try:
        return os.open(aside.parent, os.O_WRONLY | os.O_TMPFILE, 0o600), True
    except (AttributeError, OSError):  # another system, or a file system that has no such thing
        return os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), False


def write(file: IO[bytes], heading: Heading, sheets: Iterable[Sheet]) -> AllFigures:
    """Write everything; returns the figures of each table."""
    found: AllFigures = {}
    checksum = hashlib.sha256()
    with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=LEVEL, mtime=0) as packed:

        def put(line: bytes) -> None:
            checksum.update(line)
            packed.write(line)

        put(_line({"baton_backup": FORMAT, **heading._asdict()}))
        for sheet in sheets:
            figures = Figures(sheet.names, sheet.forms)
            put(_line({"table": sheet.table, "columns": list(zip(sheet.names, sheet.forms, strict=True))}))
            for _, line in figures.counted(with_lines(sheet.rows)):
                put(line)
            found[sheet.table] = figures.written()
        packed.write(_line({"figures": found, "sha256": checksum.hexdigest()}))
    return found


def with_lines(rows: Iterable[Row]) -> Iterator[tuple[Row, bytes]]:
    """Rows, each with its line."""
    return ((row, _line(row)) for row in rows)


def _line(what: Any) -> bytes:
    return json.dumps(what, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


class Paper:
    """A backup that is read from its beginning to its end, once.

    Raises:
        NotReady: when it is none, or one of a later format.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._lines = self._read(gzip.GzipFile(fileobj=file, mode="rb"))
        self._checksum = hashlib.sha256()
        self._next: bytes | None = None
        first = self._first()
        if first.get("baton_backup") != FORMAT:
            raise NotReady(
                "The backup was made by a newer Baton. Install that version, or a later one, and restore there."
            )
        with told_as_damage():
            self.heading = Heading(first["schema"], first["made_at"], first["by"])
        self.found: AllFigures = {}
        self.promised: AllFigures = {}

    def _first(self) -> dict[str, Any]:
        try:
            first = json.loads(next(self._lines))
        except (NotReady, ValueError, StopIteration):
            first = None
        if not isinstance(first, dict) or "baton_backup" not in first:
            raise NotReady("The file is no backup of Baton's. `baton backup FILE` makes one.")
        return first

    def sheets(self) -> Iterator[Sheet]:
        """The tables; the rows of each are to be read before the next one is asked for.

        Raises:
            NotReady: while reading, and at the end, when not every line is there as it was written.
        """
        heading = self._parsed(next(self._lines, b"{}"))
        while "table" in heading:
            names, forms = zip(*((name, Form(form)) for name, form in heading["columns"]), strict=True)
            figures = Figures(names, forms)
            yield Sheet(heading["table"], names, forms, (row for row, _ in figures.counted(self._rows())))
            self.found[heading["table"]] = figures.written()
            heading = self._parsed(self._next or b"{}")
        self.promised = heading.get("figures", {})
        if heading.get("sha256") != self._before_last or self.promised != self.found:
            raise NotReady(DAMAGED)

    def _rows(self) -> Iterator[tuple[Row, bytes]]:
        for line in self._lines:
            if not line.startswith(b"["):
                self._next = line
                return
            yield self._parsed(line), line
        self._next = None

    def _read(self, packed: gzip.GzipFile) -> Iterator[bytes]:
        try:
            for line in packed:
                self._before_last = self._checksum.hexdigest() if line.startswith(b'{"figures"') else ""
                self._checksum.update(line)
                yield line
        except (OSError, EOFError, zlib.error):
            raise NotReady(DAMAGED) from None

    def _parsed(self, line: bytes) -> Any:
        try:
            return json.loads(line)
        except ValueError:
            raise NotReady(DAMAGED) from None
