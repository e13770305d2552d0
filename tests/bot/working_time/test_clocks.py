"""Clocks in somebody's own working time: worked examples over nights, holidays, zones and clock changes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.working_time.clocks import runs_out
from bot.working_time.hours import STANDARD, Hours
from bot.working_time.months import worked
from bot.working_time.presence import HORIZON, Schedule, Span

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
GERMAN = Schedule(BERLIN, STANDARD, "DE", "BE")
AMERICAN = Schedule(NEW_YORK, STANDARD, "US")
NIGHTS = Schedule(BERLIN, Hours.of(dict.fromkeys(range(7), (time(22), time(6)))))
HOUR, HALF = timedelta(hours=1), timedelta(minutes=30)


def berlin(*when: int) -> datetime:
    """A moment on the wall in Berlin."""
    return datetime(*when, tzinfo=BERLIN)  # type: ignore[arg-type, misc]  # year, month, day, hour, minute


@pytest.mark.parametrize(
    ("schedule", "start", "limit", "end"),
    [
        pytest.param(GERMAN, berlin(2026, 11, 20, 16, 50), HALF, berlin(2026, 11, 20, 17, 20), id="half-way on Friday"),
        pytest.param(GERMAN, berlin(2026, 11, 20, 16, 50), HOUR, berlin(2026, 11, 23, 9, 20), id="due on Monday"),
        pytest.param(GERMAN, berlin(2026, 12, 24, 17), HALF, berlin(2026, 12, 24, 17, 30), id="as a shift ends"),
        pytest.param(GERMAN, berlin(2026, 12, 24, 17), HOUR, berlin(2026, 12, 28, 9, 30), id="over a holiday"),
        pytest.param(
            GERMAN,
            datetime(2026, 11, 19, 15, tzinfo=NEW_YORK),
            HOUR,
            berlin(2026, 11, 20, 10),
            id="offered in the evening from New York",
        ),
        pytest.param(
            AMERICAN,
            datetime(2026, 12, 25, 17, 30, tzinfo=ZoneInfo("Asia/Kolkata")),
            HOUR,
            datetime(2026, 12, 28, 10, tzinfo=NEW_YORK),
            id="offered from Kolkata on Christmas Day",
        ),
        pytest.param(
            GERMAN, berlin(2026, 10, 23, 17), HOUR, datetime(2026, 10, 26, 8, 30, tzinfo=UTC), id="summer time ends"
        ),
        pytest.param(NIGHTS, berlin(2026, 10, 24, 22), 8 * HOUR, berlin(2026, 10, 25, 5), id="a night of nine hours"),
    ],
)
def test_a_limit_runs_out_in_working_time(schedule: Schedule, start: datetime, limit: timedelta, end: datetime) -> None:
    assert runs_out(schedule, start, limit) == end


def test_a_half_day_absence_stops_the_clock() -> None:
    afternoon = Span(berlin(2026, 11, 18, 13, 15).astimezone(UTC), berlin(2026, 11, 18, 17, 30).astimezone(UTC))
    away = Schedule(BERLIN, STANDARD, "DE", "BE", (afternoon,))
    assert runs_out(away, berlin(2026, 11, 18, 13), HOUR) == berlin(2026, 11, 19, 9, 45)


def test_speed_to_lead_is_told_in_working_time() -> None:
    form, call = berlin(2026, 11, 20, 18, 20), berlin(2026, 11, 23, 9, 4)
    assert worked(GERMAN, form, call) == timedelta(minutes=4)
    assert call - form == timedelta(hours=62, minutes=44)


def test_what_never_ends_has_no_end() -> None:
    forever = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
    gone = Schedule(BERLIN, STANDARD, None, None, (forever,))
    assert runs_out(gone, berlin(2026, 11, 18, 9), HOUR) is None
    assert worked(gone, berlin(2026, 11, 18, 9), berlin(2026, 11, 19, 9)) == timedelta()


moments = st.integers(0, 700 * 24 * 60).map(lambda minutes: berlin(2026, 1, 1) + timedelta(minutes=minutes))


@given(moments, st.integers(1, 3000))
def test_the_work_until_a_limit_runs_out_is_the_limit(start: datetime, minutes: int) -> None:
    limit = timedelta(minutes=minutes)
    end = runs_out(AMERICAN, start, limit)
    assert end is not None
    assert end - start < HORIZON
    assert worked(AMERICAN, start, end) == limit
