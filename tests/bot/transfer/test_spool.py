"""Where rows of a large file wait: numbered among those with the same key, compared with what stands or has come."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotReady
from bot.transfer.spool import Waiting, spool


def a_row(line: int, key: bytes) -> Waiting:
    return Waiting(line, key, "U0ANA", "call", 1, None, None, None, None, "2026-11-18", None, "2026-11-18 12:00:00")


KEYS = st.lists(st.sampled_from([b"a", b"b", b"c"]), max_size=12)


@given(keys=KEYS, held=KEYS, taken=st.lists(st.tuples(st.sampled_from([b"a", b"b"]), st.integers(1, 3)), max_size=4))
def test_of_rows_with_one_key_those_beyond_what_stands_are_new(
    keys: list[bytes], held: list[bytes], taken: list[tuple[bytes, int]]
) -> None:
    with spool() as waiting:
        waiting.add(a_row(line, key) for line, key in enumerate(keys, 2))
        waiting.hold(held)
        waiting.take(taken)
        count = waiting.compare()
        found = [(row.line, row.key, n) for row, n in waiting.fresh()]
    numbered = [(line, key, keys[: line - 1].count(key)) for line, key in enumerate(keys, 2)]
    assert found == [each for each in numbered if each[2] > held.count(each[1]) and each[1:] not in taken]
    assert count == len(found)


def test_the_days_of_all_rows_are_known() -> None:
    with spool() as waiting:
        assert waiting.days is None
        waiting.add(
            [a_row(2, b"a")._replace(day="2025-01-02"), a_row(3, b"b"), a_row(4, b"c")._replace(day="2024-02-29")]
        )
        assert waiting.days == ("2024-02-29", "2026-11-18")


def test_a_disk_that_is_full_is_told_in_one_line() -> None:
    with pytest.raises(NotReady, match=r"cannot wait on the disk \(database or disk is full\)"), spool():
        raise sqlite3.OperationalError("database or disk is full")
