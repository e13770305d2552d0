"""Local times that the clocks skip or repeat."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.clock import instant, week_of, zone_or_utc

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        pytest.param(date(2026, 11, 18), time(10), datetime(2026, 11, 18, 9, tzinfo=UTC), id="a winter day"),
        pytest.param(date(2026, 7, 1), time(10), datetime(2026, 7, 1, 8, tzinfo=UTC), id="a summer day"),
        pytest.param(
            date(2027, 3, 28),
            time(2, 30),
            datetime(2027, 3, 28, 1, tzinfo=UTC),
            id="skipped: the first moment after",
        ),
        pytest.param(date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC), id="twice: the first"),
    ],
)
def test_the_moment_of_a_local_time(day: date, at: time, expected: datetime) -> None:
    assert instant(day, at, BERLIN) == expected


@pytest.mark.parametrize("name", [None, "", "Mars/Olympus", "../etc/passwd"])
def test_an_unknown_zone_is_utc(name: str | None) -> None:
    assert zone_or_utc(name).key == "UTC"


def test_a_week_runs_from_monday_to_sunday_across_the_year() -> None:
    assert week_of(date(2027, 1, 1)) == (date(2026, 12, 28), date(2027, 1, 3))
