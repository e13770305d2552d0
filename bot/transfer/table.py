"""A CSV file as rows under named columns, and back. It knows nothing of what the columns mean."""

import csv
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

DELIMITERS = ",;\t"

UTF_8, UTF_16 = "UTF-8", "UTF-16"
CYRILLIC, WESTERN = "Windows-1251", "Windows-1252"

NO_TEXT = "this is no text that Baton can read; save the file as CSV UTF-8"

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")

_FORMULA = re.compile(r"'*[=+\-@]")
"""What a spreadsheet would compute, perhaps behind the quotes that keep it from doing so."""

_NEGATIVE = re.compile(r"-\d+(?:\.\d+)?", re.ASCII)
"""What is no formula for all its sign: other programs would read it with a quote in front as no number."""


class Problem(NamedTuple):
    """What is wrong with a file, and on which line (None: as a whole). The header is on line 1."""

    line: int | None
    said: str

    def __str__(self) -> str:
        return self.said if self.line is None else f"line {self.line}: {self.said}"


class BadFile(Exception):
    """A file that cannot be taken, with what is wrong with it; nothing of it was stored.

    `lines` is on how many lines, where not all problems are named; None where the file as a whole is no good.
    """

    def __init__(self, problems: Iterable[Problem], lines: int | None = None) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line or 0))
        named = {problem.line for problem in self.problems}
        self.named = len(named)
        self.lines = None if None in named else lines or len(named)
        super().__init__("; ".join(map(str, self.problems)))


class Row(NamedTuple):
    """The cells that are not empty: those of the kind's own columns by column, the others by the header's words."""

    line: int
    cells: Mapping[str, str]
    more: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file, the names of its further columns, what is wrong with the rest, and how it was written."""

    rows: tuple[Row, ...]
    more: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    encoding: str = UTF_8

    def named(self, column: str) -> Iterator[str]:
        """The cells of a column."""
        return (row.cells.get(column, "") for row in self.rows)


def read(data: bytes, columns: Collection[str], required: Collection[str]) -> Table:
    """Read a file with commas, semicolons or tabs, whichever the header fits; in UTF-8 or as old spreadsheets write it.

    Args:
        data: the bytes of the file.
        columns: the names that the kind knows, in small letters. The header may write them in any case and order.
        required: those that must be there.

    Raises:
        BadFile: when nothing in it can be understood: no text, no header, or a header that says a name twice.
    """
    text, encoding = text_of(data)
    problems: list[Problem] = []
    records = read_records(io.StringIO(text, newline=""), delimiter(text, required), problems)
    header = read_header(records, columns, required, problems)
    rows = tuple(read_row(record, header, columns, problems) for record in records)
    return Table(rows, further(header, columns), tuple(problems), encoding)


def write(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The bytes of a file, as `write_to` writes it."""
    out = io.BytesIO()
    write_to(out, header, rows)
    return out.getvalue()


def write_to(file: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write what `read` reads as it was, and a spreadsheet opens as text; returns the number of rows.

    Commas and CRLF (RFC 4180); a byte order mark, without which Excel takes UTF-8 for something else; and an
    apostrophe before what would be a formula (a negative number is none).
    """
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=False)
    out, count = csv.writer(text), 0
    out.writerow([_guarded(cell) for cell in header])
    for row in rows:
        out.writerow([_guarded(cell) for cell in row])
        count += 1
    text.detach()
    return count


class Record(NamedTuple):
    """The cells of a record, and the line on which it begins."""

    line: int
    cells: list[str]


def text_of(data: bytes) -> tuple[str, str]:
    """The text of a file, and what it was written in."""
    encoding = UTF_16 if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else UTF_8
    try:
        text = data.decode("utf-16" if encoding == UTF_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        if encoding == UTF_16 or _is_broken_utf8(data):
            raise BadFile(
                [_not_text(data[: error.start].decode("utf-16" if encoding == UTF_16 else "utf-8"))]
            ) from None
        text, encoding = _of_one_byte(data)
    if "\0" in text:
        raise BadFile([_not_text(text[: text.index("\0")])])
    return text, encoding


def _is_broken_utf8(data: bytes) -> bool:
    """Whether most of what is beyond ASCII is UTF-8 all the same."""
    text = data.decode("utf-8-sig", "replace")
    return len(_NOT_ASCII.findall(text)) > 2 * text.count("\N{REPLACEMENT CHARACTER}")


def _of_one_byte(data: bytes) -> tuple[str, str]:
    """A text with one byte for each sign: Russian, or Western where that would mix two scripts in most words."""
    text = data.decode("cp1251", "replace")
    wrong = _CONTROL.search(text) or re.search("\N{REPLACEMENT CHARACTER}", text)
    words = [word for word in _LETTERS.findall(text) if _NOT_ASCII.search(word)]
    if 2 * sum(1 for word in words if _LATIN.search(word)) > len(words):
        western = data.decode("cp1252", "replace")
        if not _CONTROL.search(western):
            return western, WESTERN
    if wrong:
        raise BadFile([_not_text(text[: wrong.start()])])
    return text, CYRILLIC


def _not_text(before: str) -> Problem:
    return Problem(len(re.findall("\r\n|\r|\n", before)) + 1, NO_TEXT)


def delimiter(text: str, required: Collection[str]) -> str:
    """The one that finds the columns that must be there in the first line, and of several the one that finds most."""
    first = next((line for line in text.splitlines() if line.strip(f" {DELIMITERS}")), "")

    def fit(sign: str) -> tuple[bool, int]:
        names = [folded(cell) for cell in first.replace('"', "").split(sign)]
        return set(required) <= set(names), len(names)

    return max(DELIMITERS, key=fit)


def read_records(lines: Iterable[str], sign: str, problems: list[Problem]) -> Iterator[Record]:
    """The records of `lines` (each with its end) that are not blank."""
    reader = csv.reader(lines, delimiter=sign, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            problems.append(Problem(line, "the quotation marks do not match; from here on nothing can be read"))
            return
        except UnicodeDecodeError:
            problems.append(Problem(line, NO_TEXT))
            return
        if any(cells):
            yield Record(line, [_unguarded(cell) if cell.startswith("'") else cell for cell in cells])


def read_header(
    records: Iterator[Record], columns: Collection[str], required: Collection[str], problems: Sequence[Problem]
) -> list[str]:
    """The names of the columns, out of the first record.

    Raises:
        BadFile: when there is none, or one that cannot be understood.
    """
    first = next(records, None)
    if first is None:
        raise BadFile(problems or [Problem(None, "the file is empty")])
    header = [_name(cell, columns) for cell in first.cells]
    _check_header(first.line, header, required)
    return header


def further(header: Sequence[str], columns: Collection[str]) -> tuple[str, ...]:
    """The names of the columns that the kind does not know."""
    return tuple(name for name in header if name and name not in columns)


def _name(cell: str, columns: Collection[str]) -> str:
    """A column's name: the kind's own one, or the header's words."""
    own = folded(cell)
    return own if own in columns else cell


def folded(name: str) -> str:
    """A column's name whatever its case and spaces: `Manager email` is `manager_email`."""
    return "_".join(name.casefold().split())


def _check_header(line: int, header: Sequence[str], required: Collection[str]) -> None:
    names = [folded(name) for name in header if name]
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    problems = [Problem(line, f"there is no column {name}") for name in required if name not in names]
    if twice:
        problems.append(Problem(line, f"a column stands there twice: {', '.join(twice)}"))
    if problems:
        raise BadFile(problems)


def read_row(record: Record, header: Sequence[str], columns: Collection[str], problems: list[Problem]) -> Row:
    """A record under the names of its columns."""
    if len(record.cells) > len(header) or "" in header:
        names = [*header, *[""] * (len(record.cells) - len(header))]
        bare = [n for n, cell in enumerate(record.cells) if cell and not names[n]]
        problems.extend(Problem(record.line, f"cell {n + 1} stands under no column") for n in bare)
        header = names
    own, more = dict[str, str](), dict[str, str]()
    for name, cell in zip(header, record.cells, strict=False):
        if cell and name:
            (own if name in columns else more)[name] = cell
    return Row(record.line, own, more)


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) and not _NEGATIVE.fullmatch(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if _FORMULA.match(cell) else cell
