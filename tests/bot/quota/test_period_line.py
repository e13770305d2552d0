"""Periods as people type them."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quota.period_line import Said, read_period
from bot.quota.periods import Kind, period_of
from bot.reading.text import fold
from bot.reading.when import Look

TODAY = date(2026, 11, 18)
"""A Wednesday of 2026-W47."""


def read(text: str, first_month: int = 1, *, look: Look = Look.AHEAD, today: date = TODAY) -> list[str] | None:
    """The names of the periods that a whole text may mean; None if it means none, or not all of it does."""
    words = fold(text).split()
    found = read_period(words, today, first_month=first_month, look=look)
    return [period.name for period in found.periods] if found and found.used == len(words) else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2026-Q4", "2026-Q4"),
        ("q4", "2026-Q4"),
        ("Q4 2026", "2026-Q4"),
        ("2026q4", "2026-Q4"),
        ("2026/q4", "2026-Q4"),
        ("q4'26", "2026-Q4"),
        ("4 кв", "2026-Q4"),
        ("4кв.", "2026-Q4"),
        ("кв 4", "2026-Q4"),
        ("4-й квартал", "2026-Q4"),
        ("IV квартал 2026 года", "2026-Q4"),
        ("в", None),
        ("4th quarter of 2026", "2026-Q4"),
        ("Q1", "2027-Q1"),  # the first has gone: the next one
        ("1 кв 2026", "2026-Q1"),
        ("W48", "2026-W48"),
        ("w47", "2026-W47"),
        ("w46", "2027-W46"),
        ("week 48", "2026-W48"),
        ("48 неделя", "2026-W48"),
        ("48-я неделя", "2026-W48"),
        ("неделя 48", "2026-W48"),
        ("нед. 2", "2027-W02"),
        ("2026-W53", "2026-W53"),
        ("W53", "2026-W53"),
        ("w01 2026", "2026-W01"),
        ("nov", "2026-11"),
        ("November", "2026-11"),
        ("nov 2025", "2025-11"),
        ("2026-11", "2026-11"),
        ("2026-1", "2026-01"),
        ("11.2026", "2026-11"),
        ("11/2026", "2026-11"),
        ("ноябрь", "2026-11"),
        ("ноябре 2026 г.", "2026-11"),
        ("янв", "2027-01"),
        ("oct", "2027-10"),
        ("2026", "2026"),
        ("2026 год", "2026"),
        ("fy2027", "2027"),
        ("FY27-Q2", "2027-Q2"),
        ("this week", "2026-W47"),
        ("week", "2026-W47"),
        ("эта неделя", "2026-W47"),
        ("прошлая неделя", "2026-W46"),
        ("last month", "2026-10"),
        ("месяц", "2026-11"),
        ("в прошлом месяце", None),
        ("прошлом месяце", "2026-10"),
        ("next quarter", "2027-Q1"),
        ("следующий квартал", "2027-Q1"),
        ("this quarter", "2026-Q4"),
        ("last year", "2025"),
        ("прошлый год", "2025"),
    ],
)
def test_a_period_is_read_as_people_type_it(text: str, name: str | None) -> None:
    assert read(text) == ([name] if name else None)


@pytest.mark.parametrize(
    ("text", "first_month", "names"),
    [
        ("q4", 7, ["FY2027-Q4"]),
        ("4 кв", 7, ["FY2027-Q4"]),
        ("q1", 7, ["FY2028-Q1"]),
        ("q2", 7, ["FY2027-Q2"]),
        ("fy2027", 7, ["FY2027"]),
        ("fy 27", 7, ["FY2027"]),
        ("фг2027", 7, ["FY2027"]),
        ("FY2027-Q2", 7, ["FY2027-Q2"]),
        ("2 кв fy2027", 7, ["FY2027-Q2"]),
        ("this year", 7, ["FY2027"]),
        ("nov", 7, ["2026-11"]),
        ("2026-Q4", 7, ["FY2026-Q4", "FY2027-Q2"]),  # its own fourth, or October to December
        ("2026-Q4", 10, ["FY2026-Q4", "FY2027-Q1"]),
        ("2026-Q4", 2, ["FY2026-Q4"]),  # October to December is none of its quarters
        ("2026", 7, ["FY2026", "FY2027"]),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_that_it_ends_in(text: str, first_month: int, names: list[str]) -> None:
    assert read(text, first_month) == names


@pytest.mark.parametrize(
    "text", ["2026-Q5", "q5", "5 кв", "q0", "2026-13", "2026-0", "w54", "w0", "2025-W53", "13.2026", "fy0001"]
)
def test_there_may_be_no_such_period(text: str) -> None:
    assert read(text) == []


def test_a_week_53_is_not_looked_for_further_than_next_year() -> None:
    assert read("w53", today=date(2027, 6, 1)) == []
    assert read("w53", today=date(2025, 6, 1)) == ["2026-W53"]
    assert read("w53", today=date(2027, 6, 1), look=Look.BACK) == ["2026-W53"]


@pytest.mark.parametrize(
    "text", ["", "quota", "4", "48", "q", "120000", "2000", "acme", "2026-11-18", "-", "w", "5 weeks"]
)
def test_what_is_no_period_is_left_alone(text: str) -> None:
    assert read(text) is None


def test_a_number_before_a_period_is_not_its_year() -> None:
    assert read_period(["2000", "q4"], TODAY) is None
    assert read_period(["2000", "q4"], TODAY, at=1) == Said(1, (period_of(Kind.QUARTER, TODAY),))
    assert read("1999-q4") == ["1999-Q4"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("q4", "2026-Q4"),
        ("q1", "2026-Q1"),
        ("nov", "2026-11"),
        ("dec", "2025-12"),
        ("w46", "2026-W46"),
        ("w48", "2026-W48"),
        ("w52", "2025-W52"),
    ],
)
def test_a_period_that_is_asked_about_has_begun_but_for_the_next_weeks(text: str, name: str) -> None:
    assert read(text, look=Look.BACK) == [name]


def test_words_that_must_not_be_read_end_it() -> None:
    assert read_period(["q4", "", "2025"], TODAY) == Said(1, (period_of(Kind.QUARTER, TODAY),))
    assert read_period(["", "q4"], TODAY) is None
    assert read_period(["q4"], TODAY, at=1) is None


kinds, months = st.sampled_from(Kind), st.integers(1, 12)


@given(kinds, st.dates(date(1975, 1, 1), date(2990, 1, 1)), months)
def test_every_name_is_read_back(kind: Kind, day: date, first_month: int) -> None:
    period = period_of(kind, day, first_month)
    is_plain_year = kind is Kind.YEAR and first_month == 1  # 2643 is a number when the year is 2026
    found = read_period([fold(period.name)], day if is_plain_year else TODAY, first_month=first_month)
    assert found == Said(1, (period,))


@given(
    st.lists(
        st.sampled_from(
            "2026 q4 q5 4 кв w48 w53 nov last next week month год fy2027 fy 0 99 9999 2026-11 в of , ' i".split()
        )
        | st.text(max_size=6).map(fold),
        max_size=6,
    ),
    st.integers(0, 6),
    months,
    st.sampled_from(Look),
    st.dates(date(1980, 1, 1), date(2500, 1, 1)),
)
def test_nothing_that_is_typed_raises(words: Sequence[str], at: int, first_month: int, look: Look, today: date) -> None:
    found = read_period(words, today, at=at, first_month=first_month, look=look)
    if found:
        assert 1 <= found.used <= len(words) - at
        assert len(found.periods) <= 2
        for period in found.periods:
            assert period == period_of(period.kind, period.first, first_month)
