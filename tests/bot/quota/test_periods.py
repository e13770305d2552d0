"""Periods: their names, and that they cover every day once, in any fiscal year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quota.periods import Kind, Period, following, named, period_of
from bot.workspace.fiscal import quarter_name

WEDNESDAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("kind", "day", "first_month", "first", "last", "name"),
    [
        (Kind.QUARTER, WEDNESDAY, 1, date(2026, 10, 1), date(2026, 12, 31), "2026-Q4"),
        (Kind.QUARTER, WEDNESDAY, 7, date(2026, 10, 1), date(2026, 12, 31), "FY2027-Q2"),
        (Kind.QUARTER, WEDNESDAY, 10, date(2026, 10, 1), date(2026, 12, 31), "FY2027-Q1"),
        (Kind.QUARTER, WEDNESDAY, 2, date(2026, 11, 1), date(2027, 1, 31), "FY2027-Q4"),
        (Kind.QUARTER, WEDNESDAY, 12, date(2026, 9, 1), date(2026, 11, 30), "FY2026-Q4"),
        (Kind.QUARTER, date(2027, 1, 31), 2, date(2026, 11, 1), date(2027, 1, 31), "FY2027-Q4"),
        (Kind.QUARTER, date(2028, 2, 29), 3, date(2027, 12, 1), date(2028, 2, 29), "FY2028-Q4"),
        (Kind.YEAR, WEDNESDAY, 1, date(2026, 1, 1), date(2026, 12, 31), "2026"),
        (Kind.YEAR, WEDNESDAY, 2, date(2026, 2, 1), date(2027, 1, 31), "FY2027"),
        (Kind.YEAR, date(2027, 1, 31), 2, date(2026, 2, 1), date(2027, 1, 31), "FY2027"),
        (Kind.YEAR, date(2027, 2, 1), 2, date(2027, 2, 1), date(2028, 1, 31), "FY2028"),
        (Kind.YEAR, date(2028, 2, 29), 3, date(2027, 3, 1), date(2028, 2, 29), "FY2028"),
        (Kind.MONTH, date(2028, 2, 10), 7, date(2028, 2, 1), date(2028, 2, 29), "2028-02"),
        (Kind.MONTH, date(2026, 12, 31), 1, date(2026, 12, 1), date(2026, 12, 31), "2026-12"),
        (Kind.WEEK, WEDNESDAY, 7, date(2026, 11, 16), date(2026, 11, 22), "2026-W47"),
        (Kind.WEEK, date(2027, 1, 3), 1, date(2026, 12, 28), date(2027, 1, 3), "2026-W53"),  # 2026 has 53 weeks
        (Kind.WEEK, date(2027, 1, 4), 1, date(2027, 1, 4), date(2027, 1, 10), "2027-W01"),
        (Kind.WEEK, date(2025, 12, 29), 1, date(2025, 12, 29), date(2026, 1, 4), "2026-W01"),
    ],
)
def test_a_day_lies_in_one_period_of_each_kind(
    kind: Kind, day: date, first_month: int, first: date, last: date, name: str
) -> None:
    assert period_of(kind, day, first_month) == Period(kind, first, last, name)


@pytest.mark.parametrize(
    ("name", "first_month", "is_there"),
    [
        ("2026-Q4", 1, True),
        ("2026-Q4", 7, False),  # that is not what its quarters are called
        ("FY2027-Q2", 7, True),
        ("FY2027-Q2", 1, False),
        ("2026-Q5", 1, False),
        ("2026-Q0", 1, False),
        ("2026-13", 1, False),
        ("2026-00", 1, False),
        ("2026-11", 7, True),
        ("2026-W53", 1, True),
        ("2025-W53", 1, False),
        ("2026-W00", 1, False),
        ("FY2026-W47", 7, False),
        ("FY2026-11", 7, False),
        ("2026-W7", 1, False),
        ("2026", 1, True),
        ("2026", 7, False),
        ("FY2027", 7, True),
        ("0000", 1, False),
        ("1969", 1, False),
        ("9999-W53", 1, False),
        ("2026-q4", 1, False),
        ("", 1, False),
    ],
)
def test_a_period_has_one_name(name: str, first_month: int, is_there: bool) -> None:
    found = named(name, first_month)
    assert (found.name if found else None) == (name if is_there else None)


def test_the_next_and_the_last_one() -> None:
    quarter = period_of(Kind.QUARTER, WEDNESDAY, 7)
    assert following(quarter, 7).name == "FY2027-Q3"
    assert following(quarter, 7, by=-1).name == "FY2027-Q1"
    assert following(quarter, 7, by=-2).name == "FY2026-Q4"
    assert following(quarter, 7, by=0) == quarter
    assert following(period_of(Kind.WEEK, date(2026, 12, 28))).name == "2027-W01"


def test_a_period_has_its_days() -> None:
    week = period_of(Kind.WEEK, WEDNESDAY)
    assert [day.day for day in week.days] == [16, 17, 18, 19, 20, 21, 22]
    assert WEDNESDAY in week
    assert week.first in week
    assert week.last in week
    assert date(2026, 11, 15) not in week
    assert date(2026, 11, 23) not in week


kinds, months = st.sampled_from(Kind), st.integers(1, 12)
days = st.dates(date(1975, 1, 1), date(2990, 1, 1))


@given(kinds, days, months)
def test_periods_tile_the_days_without_gaps(kind: Kind, day: date, first_month: int) -> None:
    period = period_of(kind, day, first_month)
    after, before = following(period, first_month), following(period, first_month, by=-1)
    assert day in period
    assert period_of(kind, period.first, first_month) == period_of(kind, period.last, first_month) == period
    assert before.last + timedelta(days=1) == period.first
    assert period.last + timedelta(days=1) == after.first


@given(kinds, days, months)
def test_a_name_leads_back_to_its_period(kind: Kind, day: date, first_month: int) -> None:
    period = period_of(kind, day, first_month)
    assert named(period.name, first_month) == period


@given(days, months)
def test_a_year_is_four_quarters_of_three_months(day: date, first_month: int) -> None:
    year = period_of(Kind.YEAR, day, first_month)
    quarter, quarters = period_of(Kind.QUARTER, year.first, first_month), []
    while quarter.last <= year.last:
        quarters.append(quarter)
        quarter = following(quarter, first_month)
    assert [each.name for each in quarters] == [f"{year.name}-Q{number}" for number in (1, 2, 3, 4)]
    assert quarters[-1].last == year.last
    assert 365 <= len(list(year.days)) <= 366
    for each in quarters:
        months_of = {period_of(Kind.MONTH, day, first_month).name for day in each.days}
        assert len(months_of) == 3
        assert quarter_name(each.first, first_month) == each.name


def test_every_week_of_a_century_has_a_name_of_its_own() -> None:
    week, names = period_of(Kind.WEEK, date(2000, 1, 3)), set()
    while week.first < date(2100, 1, 1):
        names.add(week.name)
        assert f"{week.first:%G-W%V}" == week.name
        week = following(week)
    assert len(names) == (week.first - date(2000, 1, 3)).days // 7
    assert "2026-W53" in names
    assert "2025-W53" not in names
