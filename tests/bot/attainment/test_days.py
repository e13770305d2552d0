"""Working days by hand: weekends, holidays of the country, absences, half days; a workspace's without absences."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.attainment.days import Calendar, of_workspace
from bot.quota.pace import Days
from bot.working_time.hours import STANDARD
from bot.working_time.presence import Schedule, Span, working_days
from bot.workspace.rules import Settings

BERLIN = ZoneInfo("Europe/Berlin")
Q4 = date(2026, 10, 1), date(2026, 12, 31)


def schedule(*absences: tuple[datetime, datetime]) -> Schedule:
    return Schedule(BERLIN, STANDARD, "DE", "BE", tuple(Span(*each) for each in absences))


def local(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def test_the_quarter_of_the_trades_example_has_65_days_and_29_are_left_on_its_20th_of_november() -> None:
    days = Calendar(schedule()).days(*Q4)
    assert days.total == 65
    assert days.gone(date(2026, 11, 20)) == 36
    assert days.left(date(2026, 11, 20)) == 29


def test_leave_takes_its_days_and_half_a_day_a_half() -> None:
    week = (local(date(2026, 12, 7)), local(date(2026, 12, 12)))
    morning = (local(date(2026, 11, 23), 9), local(date(2026, 11, 23), 13, 15))
    days = Calendar(schedule(week, morning)).days(*Q4)
    assert days.total == 65 - 5 - Fraction(1, 2)
    assert days.left(date(2026, 11, 20)) == 29 - 5 - Fraction(1, 2)
    assert Calendar(schedule(week, morning)).without_absences().days(*Q4).total == 65


def test_a_team_s_days_are_the_workspace_s() -> None:
    berlin = of_workspace(Settings(country="DE-BE", zone="Europe/Berlin"))
    assert berlin.days(*Q4).total == 65
    nowhere = of_workspace(Settings(country="XX", zone="Europe/Berlin"))
    assert nowhere.days(*Q4).total == 66


SPANS = st.tuples(st.integers(0, 120), st.integers(0, 23), st.integers(1, 400)).map(
    lambda each: (
        datetime(2026, 9, 20, tzinfo=UTC) + timedelta(days=each[0], hours=each[1]),
        datetime(2026, 9, 20, tzinfo=UTC) + timedelta(days=each[0], hours=each[1] + each[2]),
    )
)


@given(st.lists(SPANS, max_size=4), st.integers(0, 60), st.integers(0, 90))
def test_they_are_what_presence_says_day_by_day(
    absences: list[tuple[datetime, datetime]], start: int, length: int
) -> None:
    first = Q4[0] + timedelta(days=start)
    last = first + timedelta(days=length)
    found = Calendar(schedule(*absences)).days(first, last)
    assert Decimal(str(float(found.total))) == working_days(schedule(*absences), first, last)
    assert len(found.weights) == length + 1


@given(st.lists(SPANS, max_size=4), st.integers(0, 60), st.integers(0, 90), st.integers(-10, 100))
def test_what_is_gone_and_left_is_what_the_days_add_up_to(
    absences: list[tuple[datetime, datetime]], start: int, length: int, today: int
) -> None:
    first = Q4[0] + timedelta(days=start)
    last, day = first + timedelta(days=length), first + timedelta(days=today)
    calendar = Calendar(schedule(*absences))
    days = calendar.days(first, last)
    assert calendar.on(day, first, last) == (Days.on(day, days) if day <= last else Days(days.total, Fraction(0)))
