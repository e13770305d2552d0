"""CSV files as rows: every way that spreadsheets write them, and plain words for those that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.transfer import table
from bot.transfer.cells import joined, separated, shown
from bot.transfer.table import BadFile

COLUMNS = ("email", "team", "from")
NO_TEXT = "this is no text that Baton can read; save the file as CSV UTF-8"


def cells_of(text: str | bytes) -> list[tuple[int, dict[str, str]]]:
    """The line and all cells of each row."""
    data = text if isinstance(text, bytes) else text.encode()
    read = table.read(data, COLUMNS, ("email",))
    assert read.problems == ()
    return [(row.line, {**row.cells, **row.more}) for row in read.rows]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"email,team\nana@x,Inbound\n", id="commas"),
        pytest.param(b"email;team\nana@x;Inbound\n", id="semicolons"),
        pytest.param(b"email\tteam\nana@x\tInbound\n", id="tabs"),
        pytest.param(b"\xef\xbb\xbfemail,team\nana@x,Inbound\n", id="a byte order mark"),
        pytest.param(b'\xef\xbb\xbf"email","team"\r\n"ana@x","Inbound"\r\n', id="a mark before quotes, and CRLF"),
        pytest.param(b"email,team\rana@x,Inbound\r", id="CR alone"),
        pytest.param(b"email,team\nana@x,Inbound", id="no newline at the end"),
        pytest.param(b"TEAM,E-Phone,Email\nInbound,,ana@x\n", id="any order and case, and an empty further column"),
        pytest.param(b" email , team \n ana@x , Inbound \n", id="spaces around"),
        pytest.param(b"email,team,,\nana@x,Inbound,,\n", id="empty columns at the end"),
        pytest.param(b"email,team,from\nana@x,Inbound\n", id="fewer cells than columns"),
    ],
)
def test_a_row_reads_the_same_however_it_is_written(data: bytes) -> None:
    assert cells_of(data) == [(2, {"email": "ana@x", "team": "Inbound"})]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        pytest.param("email;team\nиван@x;Ёж № 5\n".encode("cp1251"), "Windows-1251", id="Windows-1251"),
        pytest.param("email\tteam\nиван@x\tЁж № 5\n".encode("utf-16"), "UTF-16", id="UTF-16 as Excel writes it"),
        pytest.param(
            b"\xfe\xff" + "email,team\nиван@x,Ёж № 5\n".encode("utf-16-be"), "UTF-16", id="the other way round"
        ),
        pytest.param("email,team\nиван@x,Ёж № 5\n".encode("utf-8-sig"), "UTF-8", id="UTF-8"),
    ],
)
def test_what_older_spreadsheets_write_is_read(data: bytes, encoding: str) -> None:
    assert cells_of(data) == [(2, {"email": "иван@x", "team": "Ёж № 5"})]
    assert table.read(data, COLUMNS, ()).encoding == encoding


def test_western_letters_are_not_taken_for_russian_ones() -> None:
    read = table.read("email;team\nana@x;Müller & Söhne\nbo@x;Café\n".encode("cp1252"), COLUMNS, ())
    assert [row.cells["team"] for row in read.rows] == ["Müller & Söhne", "Café"]
    assert read.encoding == "Windows-1252"


def test_a_line_is_where_its_row_begins() -> None:
    text = 'email,Likes\n\nana@x,"tea,\r\nand ""cake"""\n,,\nbo@x,\n'
    assert cells_of(text) == [(3, {"email": "ana@x", "Likes": 'tea,\r\nand "cake"'}), (6, {"email": "bo@x"})]


def test_a_delimiter_within_quotes_of_the_header_is_none() -> None:
    assert cells_of('email;"a,b,c";team\nana@x;1;Inbound\n') == [
        (2, {"email": "ana@x", "a,b,c": "1", "team": "Inbound"})
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"\xef\xbb\xbf \r\n,,\n", "the file is empty", id="blank"),
        pytest.param(b"name,team\nAna,Inbound\n", "line 1: there is no column email", id="no e-mail"),
        pytest.param(b"\n\nname\n", "line 3: there is no column email", id="no e-mail, further down"),
        pytest.param(b"email,Team,team\n", "line 1: a column stands there twice: team", id="a column twice"),
        pytest.param(
            b"Size,size\n",
            "line 1: there is no column email; line 1: a column stands there twice: size",
            id="both",
        ),
        pytest.param("email\nana@x\n".encode("utf-16")[:-1], f"line 2: {NO_TEXT}", id="half a sign of UTF-16"),
        pytest.param("email\n".encode("utf-16-le"), f"line 1: {NO_TEXT}", id="NUL"),
        pytest.param("email\nИван\nИ".encode()[:-1], f"line 3: {NO_TEXT}", id="UTF-8 that was cut"),
        pytest.param(b"email\r\nx\r\n\xcf\x01\x02\n", f"line 3: {NO_TEXT}", id="no text at all"),
        pytest.param(
            b'"email\nana@x\n',
            "line 1: the quotation marks do not match; from here on nothing can be read",
            id="a header whose quotes stay open",
        ),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_reason(data: bytes, said: str) -> None:
    with pytest.raises(BadFile) as refused:
        table.read(data, COLUMNS, ("email",))
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param(
            'ana@x\nbo@x,"open\ncy@x\n',
            ["line 3: the quotation marks do not match; from here on nothing can be read"],
            id="quotes that stay open",
        ),
        pytest.param(
            'ana@x,"a"b\n', ["line 2: the quotation marks do not match; from here on nothing can be read"], id="inside"
        ),
        pytest.param(
            "ana@x,Inbound,,more\nbo@x,,and,more\n",
            [
                "line 2: cell 4 stands under no column",
                "line 3: cell 3 stands under no column",
                "line 3: cell 4 stands under no column",
            ],
            id="cells without a column",
        ),
    ],
)
def test_rows_that_cannot_be_read_are_named(rows: str, said: list[str]) -> None:
    read = table.read(f"email,team,\n{rows}".encode(), COLUMNS, ("email",))
    assert [str(problem) for problem in read.problems] == said


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-5", "-5"),
        ("-5+6", "'-5+6"),
        ("@all", "'@all"),
        ("'=1", "''=1"),
        ("'tis", "'tis"),
        ("a=b", "a=b"),
    ],
)
def test_no_cell_is_a_formula_and_each_comes_back(cell: str, written: str) -> None:
    data = table.write(["email", "team"], [["ana@x", cell]])
    assert data.decode("utf-8-sig") == f"email,team\r\nana@x,{written}\r\n"
    assert cells_of(data) == [(2, {"email": "ana@x", "team": cell})]


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")).map(str.strip)


@given(st.lists(st.tuples(CELL, CELL)))
def test_what_is_written_is_read_as_it_was(rows: list[tuple[str, str]]) -> None:
    data = table.write(["email", "team", "Notes; more"], [["ana@x", *row] for row in rows])
    cells = [(row.cells.get("team", ""), row.more.get("Notes; more", "")) for row in table.read(data, COLUMNS, ()).rows]
    assert cells == rows


@given(st.lists(CELL.filter(bool)))
def test_names_in_one_cell_come_back(names: list[str]) -> None:
    assert separated(joined(names)) == names


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        (" EMEA | DACH ", ["EMEA", "DACH"]),
        ("50+", ["50+"]),
        ("||", []),
        (r"EMEA\DACH", [r"EMEA\DACH"]),
        (r"a\|b|c", ["a|b", "c"]),
        (r"a\\|b", ["a\\", "b"]),
    ],
)
def test_names_are_separated(cell: str, names: list[str]) -> None:
    assert separated(cell) == names


def test_a_message_repeats_no_cell_that_moves_the_cursor_or_fills_the_screen() -> None:
    assert shown("\x1b[2Jana\r\n") == "�[2Jana��"
    assert len(shown("x" * 1000)) == 60
