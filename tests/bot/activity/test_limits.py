"""What an entry may hold: the edges of every limit."""

from datetime import date, time

import pytest

from bot.activity.entry import Problem
from bot.activity.limits import (
    FIELD_OF,
    check_count,
    check_day,
    check_follow_up,
    check_minutes,
    check_name,
    check_note,
)
from tests.bot.activity.lines import NOW


def code(problem: Problem | None) -> str | None:
    return problem.code if problem else None


@pytest.mark.parametrize(
    ("count", "confirmed", "expected"),
    [
        (-1, False, "count_negative"),
        (0, False, "count_zero"),
        (1, False, None),
        (200, False, None),
        (201, False, "count_large"),
        (201, True, None),
        (1000, True, None),
        (1001, True, "count_absurd"),
    ],
)
def test_counts(count: int, *, confirmed: bool, expected: str | None) -> None:
    assert code(check_count(count, confirmed=confirmed)) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(-1, "duration_negative"), (0, "duration_zero"), (1, None), (720, None), (721, "duration_long")],
)
def test_lengths(minutes: int, expected: str | None) -> None:
    assert code(check_minutes(minutes)) == expected


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        ("2026-11-18", None, None),
        ("2026-11-18", "10:00", None),
        ("2026-11-18", "10:01", "time_future"),
        ("2026-11-17", "23:59", None),
        ("2026-11-19", None, "day_future"),
        ("2026-11-19", "09:00", "day_future"),
        ("2026-08-20", None, None),
        ("2026-08-19", None, "day_old"),
    ],
)
def test_days_and_times(day: str, at: str | None, expected: str | None) -> None:
    assert code(check_day(date.fromisoformat(day), time.fromisoformat(at) if at else None, NOW)) == expected


@pytest.mark.parametrize(
    ("day", "at", "what", "expected"),
    [
        ("2026-11-18", None, "ring", None),
        ("2026-11-18", "10:00", "ring", "follow_up_time_past"),
        ("2026-11-18", "10:01", "ring", None),
        ("2026-11-17", None, "ring", "follow_up_past"),
        ("2028-11-17", None, "ring", None),
        ("2028-11-18", None, "ring", "follow_up_far"),
        ("2026-11-19", None, "", "follow_up_what"),
        ("2026-11-19", None, "x" * 300, None),
        ("2026-11-19", None, "x" * 301, "follow_up_what_long"),
    ],
)
def test_next_steps(day: str, at: str | None, what: str, expected: str | None) -> None:
    found = check_follow_up(date.fromisoformat(day), time.fromisoformat(at) if at else None, what, NOW)

    assert code(found) == expected


@pytest.mark.parametrize(
    ("kind", "note", "expected"),
    [
        ("call", None, None),
        ("note", None, "note_missing"),
        ("intel", None, "note_missing"),
        ("intel", "x", None),
        ("call", "x" * 3000, None),
        ("call", "x" * 3001, "note_long"),
    ],
)
def test_notes(kind: str, note: str | None, expected: str | None) -> None:
    assert code(check_note(kind, note)) == expected


@pytest.mark.parametrize(("length", "expected"), [(120, None), (121, "name_long")])
def test_names(length: int, expected: str | None) -> None:
    assert code(check_name("x" * length)) == expected


def test_every_problem_belongs_to_a_field_of_the_form() -> None:
    fields = "kind who count outcome duration day time note next_day next_time next_what".split()

    assert set(FIELD_OF.values()) == set(fields)
