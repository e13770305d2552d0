"""What is kept of months gives the same figures as a walk through the days."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.working_time.months import is_working, worked
from bot.working_time.presence import Schedule, presence, working_intervals
from tests.bot.working_time.test_presence_everywhere import EXAMPLES, schedules


def walked(schedule: Schedule, start: datetime, end: datetime) -> timedelta:
    return sum((part.end - part.start for part in working_intervals(schedule, start, end)), timedelta())


@EXAMPLES
@given(schedules(), st.integers(-(10**5), 10**5))
def test_months_and_days_agree(drawn: tuple[Schedule, datetime], minutes: int) -> None:
    schedule, start = drawn
    end = start + timedelta(minutes=minutes)
    assert worked(schedule, start, end) == walked(schedule, start, end)
    for moment in (start, end):
        assert is_working(schedule, moment) is presence(schedule, moment).is_working


@EXAMPLES
@given(schedules())
def test_where_a_month_begins_nothing_is_lost_or_counted_twice(drawn: tuple[Schedule, datetime]) -> None:
    schedule, moment = drawn
    first = moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for around in (timedelta(hours=1), timedelta(days=40), timedelta(days=400)):
        assert worked(schedule, first - around, first + around) == walked(schedule, first - around, first + around)
