"""What holds of working time in every time zone, around every change of its clocks, for any hours and absences."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.working_time.hours import STANDARD, read_hours
from bot.working_time.presence import (
    Presence,
    Reason,
    Schedule,
    Span,
    hours_on,
    presence,
    shift_of,
    working_intervals,
)
from tests.bot.working_time.test_hours import HOURS
from tests.lengths import length

ZONES = sorted(available_timezones() - {"localtime"})
YEARS = sorted({2011, 2026, *range(2000, 2000 + length(0, 38))})
"""In 2011 Samoa skipped a whole day."""

EXAMPLES = settings(max_examples=length(150, 5_000), deadline=None)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
WEEKS = (STANDARD, *(read_hours(f"every day {hours}") for hours in ("22:00-06:00", "01:30-02:30", "0:00-23:30")))
"""By day, by night, within the hour that clocks mostly change in, and nearly around the clock."""

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2037, 12, 31, tzinfo=UTC)
MOMENTS = st.integers(0, (LAST - FIRST) // timedelta(minutes=1)).map(lambda minutes: FIRST + timedelta(minutes=minutes))
ABSENCES = st.lists(
    st.tuples(st.integers(-72, 200), st.integers(1, 100)).map(lambda hours: [timedelta(hours=each) for each in hours]),
    max_size=4,
)


@st.composite
def schedules(draw: st.DrawFn) -> tuple[Schedule, datetime]:
    """Anybody's schedule anywhere, and a moment with absences around it."""
    moment = draw(MOMENTS)
    absences = (Span(moment + start, moment + start + long) for start, long in draw(ABSENCES))
    zone, hours = ZoneInfo(draw(st.sampled_from(ZONES))), draw(HOURS)
    country = draw(st.sampled_from(["DE", "RU", "US", "CN", "IL", "XX", None]))
    return Schedule(zone, hours, country, None, tuple(absences)), moment


def changes(zone: ZoneInfo, year: int) -> Iterator[date]:
    """The days on which the clocks of `zone` change."""
    noons = (datetime(year, 1, 1, 12, tzinfo=UTC) + DAY * day for day in range(366))
    for before, after in pairwise(noons):
        if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            yield after.astimezone(zone).date()


def agrees(schedule: Schedule, asked: Span) -> None:
    """Hold presence against the stretches of work at each of their ends: a second before, at it, a second after."""
    stretches = list(working_intervals(schedule, *asked))
    assert all(asked.start <= start < end <= asked.end for start, end in stretches)
    assert all(earlier.end < later.start for earlier, later in pairwise(stretches))
    ends = {end for stretch in stretches for end in stretch} | set(asked)
    for moment in sorted({end + step for end in ends for step in (-SECOND, timedelta(), SECOND)}):
        if asked.start <= moment < asked.end:
            fits(presence(schedule, moment), moment, stretches, asked.end)


def fits(found: Presence, moment: datetime, stretches: list[Span], horizon: datetime) -> None:
    """Hold what is said of `moment` against the stretches, which are known up to `horizon`."""
    running = next((stretch for stretch in stretches if stretch.start <= moment < stretch.end), None)
    ahead = next((stretch for stretch in stretches if stretch.start > moment), None)
    assert found.is_working is (running is not None) is (found.reason is Reason.WORKING)
    if running:
        assert found.until is not None
        assert min(found.until, horizon) == running.end
        assert found.next_start is None
    else:
        assert found.until is None
        assert found.next_start == ahead.start if ahead else (found.next_start or horizon) >= horizon


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("year", YEARS)
def test_presence_is_that_of_the_stretches_around_every_change_of_the_clocks(year: int) -> None:
    for name in ZONES:
        zone = ZoneInfo(name)
        for day in changes(zone, year):
            middle = datetime.combine(day, time(), UTC)
            for hours in WEEKS:
                agrees(Schedule(zone, hours), Span(middle - 2 * DAY, middle + 2 * DAY))


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("year", YEARS)
def test_a_shift_is_as_long_as_on_the_wall_but_for_what_the_clocks_are_changed_by(year: int) -> None:
    for name in ZONES:
        zone = ZoneInfo(name)
        for day in changes(zone, year):
            for hours in WEEKS:
                for each in (day - DAY, day, day + DAY):
                    is_as_long_as_on_the_wall(Schedule(zone, hours), each)


def is_as_long_as_on_the_wall(schedule: Schedule, day: date) -> None:
    """Hold the shift of `day` against its hours where both ends exist, and exist once."""
    shift, span = hours_on(schedule, day), shift_of(schedule, day)
    if shift is None:
        assert span is None
        return
    last = day + DAY if shift.end <= shift.start else day
    start, end = (datetime.combine(on, at, schedule.zone) for on, at in ((day, shift.start), (last, shift.end)))
    if not (is_plain(start) and is_plain(end)):
        return
    wall = end.replace(tzinfo=None) - start.replace(tzinfo=None)
    assert span is not None
    assert span.end - span.start == wall - (offset(end) - offset(start))


def offset(local: datetime) -> timedelta:
    """How far its zone is ahead of UTC."""
    return local.utcoffset() or timedelta()


def is_plain(local: datetime) -> bool:
    """Whether the clocks show it exactly once."""
    return offset(local) == offset(local.replace(fold=1))


@EXAMPLES
@given(schedules())
def test_presence_is_that_of_the_stretches_for_anybody_at_any_time(drawn: tuple[Schedule, datetime]) -> None:
    schedule, moment = drawn

    agrees(schedule, Span(moment, moment + 6 * DAY))


@EXAMPLES
@given(schedules())
def test_who_is_not_away_works_while_the_clock_on_the_wall_shows_their_hours(drawn: tuple[Schedule, datetime]) -> None:
    schedule, moment = drawn
    for hours_later in range(0, 48, 5):
        now = moment + timedelta(hours=hours_later)
        local = now.astimezone(schedule.zone)
        if is_plain(local):
            away = any(absence.start <= now < absence.end for absence in schedule.absences)
            assert presence(schedule, now).is_working is (shows_hours(schedule, local) and not away)


def shows_hours(schedule: Schedule, local: datetime) -> bool:
    """Whether a clock in the person's zone shows a time within the shift of today, or of the night before."""
    now, today = local.time(), hours_on(schedule, local.date())
    night = hours_on(schedule, local.date() - DAY)
    if night and night.end <= night.start and now < night.end:
        return True
    return today is not None and today.start <= now and (now < today.end or today.end <= today.start)


@EXAMPLES
@given(schedules(), st.lists(st.integers(0, 6 * 24 * 60), min_size=1, max_size=4))
def test_the_work_of_a_week_is_the_same_however_it_is_cut(drawn: tuple[Schedule, datetime], cuts: list[int]) -> None:
    schedule, moment = drawn
    ends = [moment, *(moment + timedelta(minutes=minutes) for minutes in sorted(cuts)), moment + 6 * DAY]

    parts = [worked(schedule, start, end) for start, end in pairwise(ends)]

    assert sum(parts, timedelta()) == worked(schedule, moment, ends[-1])


def worked(schedule: Schedule, start: datetime, end: datetime) -> timedelta:
    """How long somebody works between two moments."""
    return sum((stretch.end - stretch.start for stretch in working_intervals(schedule, start, end)), timedelta())


def test_every_zone_has_a_presence_in_every_year() -> None:
    years = range(2000, 2038, length(12, 1))
    moments = [datetime(year, month, 28, 23, 59, tzinfo=UTC) for year in years for month in (1, 3, 10)]
    schedules = [Schedule(ZoneInfo(name), STANDARD, "DE") for name in ZONES]

    reasons = {presence(schedule, moment).reason for schedule in schedules for moment in moments}

    assert reasons == {Reason.WORKING, Reason.OFF_HOURS, Reason.HOLIDAY}
