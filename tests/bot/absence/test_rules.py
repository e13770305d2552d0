"""From days and clock times to moments: half days, zones, and nights in which the clocks change."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.absence.rules import Away, interval
from bot.absence.vocabulary import Half
from bot.working_time.hours import STANDARD, Hours

BERLIN = ZoneInfo("Europe/Berlin")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NIGHTS = Hours.of(dict.fromkeys(range(5), (time(22), time(6))))


def utc(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment of 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("away", "hours", "span"),
    [
        pytest.param(
            Away(date(2026, 11, 18), date(2026, 11, 20)), STANDARD, (utc(11, 17, 23), utc(11, 20, 23)), id="whole days"
        ),
        pytest.param(
            Away(date(2026, 11, 18), date(2026, 11, 18), time(13), time(15)),
            STANDARD,
            (utc(11, 18, 12), utc(11, 18, 14)),
            id="hours",
        ),
        pytest.param(
            Away(date(2026, 11, 18), date(2026, 11, 18), half=Half.MORNING),
            STANDARD,
            (utc(11, 17, 23), utc(11, 18, 12, 15)),
            id="a morning ends at 13:15",
        ),
        pytest.param(
            Away(date(2026, 11, 18), date(2026, 11, 18), half=Half.AFTERNOON),
            STANDARD,
            (utc(11, 18, 12, 15), utc(11, 18, 23)),
            id="an afternoon begins at 13:15",
        ),
        pytest.param(
            Away(date(2026, 11, 21), date(2026, 11, 21), half=Half.MORNING),
            STANDARD,
            (utc(11, 20, 23), utc(11, 21, 12, 15)),
            id="a day off is cut as a working day",
        ),
        pytest.param(
            Away(date(2026, 11, 18), date(2026, 11, 18), half=Half.AFTERNOON),
            NIGHTS,
            (utc(11, 19, 1), utc(11, 19, 5)),
            id="a night shift is cut on the day after",
        ),
        pytest.param(
            Away(date(2026, 3, 29), date(2026, 3, 29)),
            STANDARD,
            (utc(3, 28, 23), utc(3, 29, 22)),
            id="a day of 23 hours",
        ),
        pytest.param(
            Away(date(2026, 10, 25), date(2026, 10, 25)),
            STANDARD,
            (utc(10, 24, 22), utc(10, 25, 23)),
            id="a day of 25 hours",
        ),
        pytest.param(
            Away(date(2026, 3, 29), date(2026, 3, 29), time(2, 30), time(4)),
            STANDARD,
            (utc(3, 29, 1), utc(3, 29, 2)),
            id="a time that the clocks skip is the first after it",
        ),
    ],
)
def test_an_absence_in_utc(away: Away, hours: Hours, span: tuple[datetime, datetime]) -> None:
    assert interval(away, BERLIN, hours, LONG_AGO) == span


def test_nothing_begins_before_now() -> None:
    now = utc(11, 18, 14)
    start, end = interval(Away(date(2026, 11, 1), date(2026, 11, 20)), BERLIN, STANDARD, now)
    assert (start, end) == (now, utc(11, 20, 23))


def test_half_a_day_that_is_over_is_empty() -> None:
    start, end = interval(
        Away(date(2026, 11, 18), date(2026, 11, 18), half=Half.MORNING), BERLIN, STANDARD, utc(11, 18, 14)
    )
    assert end <= start
