"""Whether somebody works and when next, by cases of the trade."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.working_time.hours import STANDARD, Hours, read_hours
from bot.working_time.presence import (
    Presence,
    Reason,
    Schedule,
    Span,
    halves,
    hours_on,
    next_working_day,
    presence,
    start_of_work,
    working_day_share,
    working_days,
    working_intervals,
)

BERLIN = ZoneInfo("Europe/Berlin")
MOSCOW = ZoneInfo("Europe/Moscow")
NIGHTS = read_hours("every day 22:00-06:00")
SUNDAY_TO_THURSDAY = read_hours("sun-thu 9:00-17:30")


def at(text: str) -> datetime:
    """`2026-11-20 15:50` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def span(text: str) -> Span:
    """`2026-11-20 08:00 / 2026-11-20 16:30` in UTC."""
    start, end = map(at, text.split(" / "))
    return Span(start, end)


def someone(
    *away: str, zone: ZoneInfo = BERLIN, hours: Hours = STANDARD, place: tuple[str | None, str | None] = ("DE", "BE")
) -> Schedule:
    """Somebody in Berlin with the standard hours, and their absences."""
    return Schedule(zone, hours, *place, tuple(map(span, away)))


@pytest.mark.parametrize(
    ("schedule", "since", "until", "minutes"),
    [
        pytest.param(someone(), "2026-11-20 15:50", "2026-11-23 08:20", 60, id="over a weekend"),
        pytest.param(someone(), "2026-11-20 15:50", "2026-11-20 16:20", 30, id="within a day"),
        pytest.param(someone(), "2026-12-24 16:00", "2026-12-28 08:30", 60, id="over Christmas in Germany"),
        pytest.param(someone(), "2026-11-19 20:00", "2026-11-20 09:00", 60, id="offered from New York at night"),
        pytest.param(someone(), "2026-10-23 15:00", "2026-10-26 08:30", 60, id="over the end of summer time"),
        pytest.param(someone(hours=NIGHTS), "2026-10-24 20:00", "2026-10-25 04:00", 480, id="a night of nine hours"),
        pytest.param(someone(hours=NIGHTS), "2026-10-24 20:00", "2026-10-25 12:00", 540, id="the whole of it"),
        pytest.param(someone(hours=NIGHTS), "2027-03-27 21:00", "2027-03-28 12:00", 420, id="a night of seven hours"),
        pytest.param(someone(), "2026-11-20 17:20", "2026-11-23 08:04", 4, id="a form on Friday evening"),
    ],
)
def test_a_clock_counts_working_minutes_only(schedule: Schedule, since: str, until: str, minutes: int) -> None:
    cut = working_intervals(schedule, at(since), at(until))

    assert sum((end - start for start, end in cut), timedelta()) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("schedule", "asked", "spans"),
    [
        pytest.param(
            someone(),
            "2026-11-20 00:00 / 2026-11-24 00:00",
            ["2026-11-20 08:00 / 2026-11-20 16:30", "2026-11-23 08:00 / 2026-11-23 16:30"],
            id="days",
        ),
        pytest.param(
            someone(),
            "2026-10-23 08:00 / 2026-10-26 09:00",
            ["2026-10-23 08:00 / 2026-10-23 15:30", "2026-10-26 08:00 / 2026-10-26 09:00"],
            id="cut at both ends, each in its own time of the year",
        ),
        pytest.param(
            someone("2026-11-19 12:00 / 2026-11-19 14:00"),
            "2026-11-19 00:00 / 2026-11-20 00:00",
            ["2026-11-19 08:00 / 2026-11-19 12:00", "2026-11-19 14:00 / 2026-11-19 16:30"],
            id="absent for a part of a day",
        ),
        pytest.param(
            someone("2026-11-19 10:00 / 2026-11-19 12:00", "2026-11-19 07:00 / 2026-11-19 11:00"),
            "2026-11-19 00:00 / 2026-11-20 00:00",
            ["2026-11-19 12:00 / 2026-11-19 16:30"],
            id="absences that overlap, in any order",
        ),
        pytest.param(
            someone("2026-11-19 00:00 / 2026-11-20 00:00"),
            "2026-11-19 00:00 / 2026-11-20 00:00",
            [],
            id="absent all day",
        ),
        pytest.param(
            someone(hours=read_hours("mon 18-2, tue 2-10"), place=(None, None)),
            "2026-11-16 00:00 / 2026-11-18 00:00",
            ["2026-11-16 17:00 / 2026-11-17 09:00"],
            id="shifts that touch are one stretch",
        ),
        pytest.param(
            someone(hours=read_hours("mon 18-6, tue 5-10"), place=(None, None)),
            "2026-11-16 00:00 / 2026-11-18 00:00",
            ["2026-11-16 17:00 / 2026-11-17 09:00"],
            id="and so are those that overlap",
        ),
        pytest.param(
            someone(hours=NIGHTS),
            "2026-12-24 12:00 / 2026-12-27 12:00",
            ["2026-12-24 21:00 / 2026-12-25 05:00"],
            id="nights that begin on a holiday are off",
        ),
        pytest.param(someone(), "2026-11-21 00:00 / 2026-11-23 00:00", [], id="a weekend"),
        pytest.param(someone(), "2026-11-20 12:00 / 2026-11-20 10:00", [], id="an end before its start"),
    ],
)
def test_stretches_of_work(schedule: Schedule, asked: str, spans: list[str]) -> None:
    assert list(working_intervals(schedule, *span(asked))) == list(map(span, spans))


@pytest.mark.parametrize(
    ("schedule", "moment", "reason", "until", "next_start"),
    [
        pytest.param(someone(), "2026-11-18 09:00", "working", "2026-11-18 16:30", None, id="at work"),
        pytest.param(someone(), "2026-11-18 08:00", "working", "2026-11-18 16:30", None, id="from the first moment"),
        pytest.param(someone(), "2026-11-18 16:30", "off_hours", None, "2026-11-19 08:00", id="not at the last"),
        pytest.param(someone(), "2026-11-18 05:00", "off_hours", None, "2026-11-18 08:00", id="before work"),
        pytest.param(someone(), "2026-11-21 12:00", "off_hours", None, "2026-11-23 08:00", id="on Saturday"),
        pytest.param(someone(), "2026-12-24 12:00", "working", "2026-12-24 16:30", None, id="24 December in Germany"),
        pytest.param(someone(), "2026-12-24 17:00", "off_hours", None, "2026-12-28 08:00", id="the evening before"),
        pytest.param(someone(), "2026-12-25 12:00", "holiday", None, "2026-12-28 08:00", id="25 December"),
        pytest.param(
            someone("2026-11-18 10:00 / 2026-11-18 12:00"),
            "2026-11-18 09:00",
            "working",
            "2026-11-18 10:00",
            None,
            id="until an absence begins",
        ),
        pytest.param(
            someone("2026-11-18 10:00 / 2026-11-18 12:00"),
            "2026-11-18 11:00",
            "away",
            None,
            "2026-11-18 12:00",
            id="away for two hours",
        ),
        pytest.param(
            someone("2026-12-20 00:00 / 2027-01-04 00:00"),
            "2026-12-25 12:00",
            "away",
            None,
            "2027-01-04 08:00",
            id="away goes before the holiday",
        ),
        pytest.param(
            someone("2026-01-01 00:00 / 2028-01-01 00:00"), "2026-11-18 09:00", "away", None, None, id="for two years"
        ),
        pytest.param(
            someone(hours=NIGHTS), "2027-01-01 03:00", "working", "2027-01-01 05:00", None, id="a night into a holiday"
        ),
        pytest.param(
            someone(hours=NIGHTS), "2027-01-02 03:00", "holiday", None, "2027-01-02 21:00", id="a holiday's own night"
        ),
        pytest.param(
            someone(hours=NIGHTS), "2027-01-02 05:00", "off_hours", None, "2027-01-02 21:00", id="which ends at dawn"
        ),
        pytest.param(
            someone(hours=SUNDAY_TO_THURSDAY, zone=ZoneInfo("Asia/Jerusalem"), place=("IL", None)),
            "2026-11-20 09:00",
            "off_hours",
            None,
            "2026-11-22 07:00",
            id="Friday of one who works from Sunday on",
        ),
        pytest.param(
            someone(hours=SUNDAY_TO_THURSDAY, zone=ZoneInfo("Asia/Jerusalem"), place=("IL", None)),
            "2026-11-22 09:00",
            "working",
            "2026-11-22 15:30",
            None,
            id="and their Sunday",
        ),
        pytest.param(
            someone(place=("XX", None)), "2026-12-25 12:00", "working", "2026-12-25 16:30", None, id="unknown country"
        ),
        pytest.param(
            someone(place=("DE", "BB")), "2025-10-31 12:00", "holiday", None, "2025-11-03 08:00", id="Brandenburg"
        ),
        pytest.param(someone(), "2025-10-31 12:00", "working", "2025-10-31 16:30", None, id="Berlin on the same day"),
        pytest.param(
            someone(zone=MOSCOW, place=("RU", None)), "2026-12-31 12:00", "holiday", None, "2027-01-11 06:00",
            id="Russia's days off by decree",
        ),
        pytest.param(
            someone(zone=MOSCOW, place=("RU", None)), "2027-02-20 12:00", "working", "2027-02-20 14:30", None,
            id="Russia's working Saturday",
        ),
    ],
)  # fmt: skip
def test_whether_somebody_works_and_when_next(
    schedule: Schedule, moment: str, reason: str, until: str | None, next_start: str | None
) -> None:
    assert presence(schedule, at(moment)) == Presence(
        is_working=reason == "working",
        until=at(until) if until else None,
        next_start=at(next_start) if next_start else None,
        reason=Reason(reason),
    )


def test_the_moment_may_be_told_in_any_zone() -> None:
    tokyo = at("2026-11-18 09:00").astimezone(ZoneInfo("Asia/Tokyo"))

    assert presence(someone(), tokyo) == presence(someone(), at("2026-11-18 09:00"))
    assert next(working_intervals(someone(), tokyo, tokyo + timedelta(hours=1))).start.tzinfo is UTC


@pytest.mark.parametrize(
    ("hours", "shift"),
    [
        pytest.param("mon-thu 9-18, fri 9-15", "09:00 18:00", id="with the hours of Monday, which is off for it"),
        pytest.param("mon-fri 9-18, sat 10-14", "10:00 14:00", id="who works on Saturdays keeps their own hours"),
        pytest.param("sun-thu 9-18", None, id="not by one with another week"),
        pytest.param("tue-thu 9-18", None, id="nor by one with a shorter week"),
    ],
)
def test_a_saturday_worked_by_decree_is_worked_by_those_who_keep_their_country_s_week(
    hours: str, shift: str | None
) -> None:
    found = hours_on(someone(hours=read_hours(hours), zone=MOSCOW, place=("RU", None)), date(2027, 2, 20))

    assert (f"{found.start:%H:%M} {found.end:%H:%M}" if found else None) == shift


@pytest.mark.parametrize(
    ("away", "share"),
    [
        pytest.param([], "1", id="there"),
        pytest.param(["2026-11-18 00:00 / 2026-11-19 00:00"], "0", id="away"),
        pytest.param(["2026-11-18 08:00 / 2026-11-18 12:15"], "0.5", id="the morning off"),
        pytest.param(["2026-11-18 12:15 / 2026-11-18 16:30"], "0.5", id="the afternoon off"),
        pytest.param(["2026-11-18 08:00 / 2026-11-18 12:00"], "0.5", id="until one o'clock"),
        pytest.param(["2026-11-18 10:00 / 2026-11-18 11:00"], "1", id="an hour at the dentist's"),
        pytest.param(["2026-11-18 08:00 / 2026-11-18 15:30"], "0", id="an hour at the end"),
        pytest.param(["2026-11-18 08:00 / 2026-11-18 10:07"], "1", id="hardly a quarter"),
        pytest.param(
            ["2026-11-18 08:00 / 2026-11-18 12:15", "2026-11-18 12:15 / 2026-11-18 16:30"], "0", id="both halves"
        ),
        pytest.param(["2026-11-17 00:00 / 2026-11-18 00:00"], "1", id="away on the day before"),
    ],
)
def test_a_day_counts_whole_or_half(away: list[str], share: str) -> None:
    assert working_day_share(someone(*away), date(2026, 11, 18)) == Decimal(share)


@pytest.mark.parametrize(
    ("first", "last", "away", "days"),
    [
        pytest.param(date(2026, 10, 1), date(2026, 12, 31), [], "65", id="the fourth quarter in Berlin"),
        pytest.param(date(2026, 10, 1), date(2026, 11, 19), [], "36", id="gone"),
        pytest.param(date(2026, 11, 20), date(2026, 12, 31), [], "29", id="left"),
        pytest.param(
            date(2026, 11, 20), date(2026, 12, 31), ["2026-12-07 00:00 / 2026-12-12 00:00"], "24", id="less a week"
        ),
        pytest.param(
            date(2026, 11, 20), date(2026, 12, 31), ["2026-12-07 08:00 / 2026-12-07 12:15"], "28.5", id="less a morning"
        ),
        pytest.param(date(2026, 11, 2), date(2026, 12, 31), [], "43", id="from the second of November on"),
        pytest.param(date(2026, 11, 21), date(2026, 11, 22), [], "0", id="a weekend"),
        pytest.param(date(2026, 11, 20), date(2026, 11, 19), [], "0", id="no day at all"),
    ],
)
def test_working_days_are_own_weekdays_less_holidays_and_absences(
    first: date, last: date, away: list[str], days: str
) -> None:
    assert working_days(someone(*away), first, last) == Decimal(days)


@pytest.mark.parametrize(
    ("schedule", "after", "day"),
    [
        pytest.param(someone(), date(2026, 11, 18), date(2026, 11, 19), id="tomorrow"),
        pytest.param(someone(), date(2026, 11, 20), date(2026, 11, 23), id="over the weekend"),
        pytest.param(someone(), date(2026, 12, 24), date(2026, 12, 28), id="over Christmas"),
        pytest.param(
            someone("2026-11-19 08:00 / 2026-11-19 12:15"), date(2026, 11, 18), date(2026, 11, 19), id="half a day"
        ),
        pytest.param(someone("2026-11-18 00:00 / 2026-11-24 00:00"), date(2026, 11, 18), date(2026, 11, 24), id="away"),
        pytest.param(someone("2026-01-01 00:00 / 2029-01-01 00:00"), date(2026, 11, 18), None, id="for years"),
    ],
)
def test_the_next_working_day(schedule: Schedule, after: date, day: date | None) -> None:
    assert next_working_day(schedule, after) == day


@pytest.mark.parametrize(
    ("schedule", "day", "start"),
    [
        pytest.param(someone(), date(2026, 11, 19), "2026-11-19 08:00", id="the start of the hours"),
        pytest.param(someone(hours=NIGHTS), date(2026, 11, 19), "2026-11-19 21:00", id="of the day's own night"),
        pytest.param(
            someone("2026-11-19 00:00 / 2026-11-19 12:15"), date(2026, 11, 19), "2026-11-19 12:15", id="after a morning"
        ),
        pytest.param(someone("2026-11-19 00:00 / 2026-11-20 00:00"), date(2026, 11, 19), None, id="away"),
        pytest.param(someone(), date(2026, 11, 21), None, id="a Saturday"),
        pytest.param(someone(), date(2026, 12, 25), None, id="a holiday"),
    ],
)
def test_the_start_of_a_day_s_work(schedule: Schedule, day: date, start: str | None) -> None:
    assert start_of_work(schedule, day) == (at(start) if start else None)


@pytest.mark.parametrize(
    ("schedule", "day", "spans"),
    [
        pytest.param(
            someone(),
            date(2026, 11, 19),
            ["2026-11-19 08:00 / 2026-11-19 12:15", "2026-11-19 12:15 / 2026-11-19 16:30"],
            id="a day",
        ),
        pytest.param(
            someone(hours=NIGHTS),
            date(2026, 10, 24),
            ["2026-10-24 20:00 / 2026-10-25 00:00", "2026-10-25 00:00 / 2026-10-25 05:00"],
            id="a night of nine hours, at two on the clock",
        ),
        pytest.param(
            someone(hours=read_hours("18-2")),
            date(2026, 11, 19),
            ["2026-11-19 17:00 / 2026-11-19 21:00", "2026-11-19 21:00 / 2026-11-20 01:00"],
            id="a night with its middle before midnight",
        ),
        pytest.param(someone(), date(2026, 12, 25), None, id="a holiday"),
        pytest.param(someone(), date(2026, 11, 21), None, id="a Saturday"),
    ],
)
def test_half_a_day_is_cut_at_the_middle_of_its_hours(schedule: Schedule, day: date, spans: list[str] | None) -> None:
    assert halves(schedule, day) == (tuple(map(span, spans)) if spans else None)


def test_a_date_that_the_clocks_skip_is_not_worked() -> None:
    apia = someone(zone=ZoneInfo("Pacific/Apia"), hours=read_hours("9-17"), place=(None, None))

    assert start_of_work(apia, date(2011, 12, 30)) is None
    assert halves(apia, date(2011, 12, 30)) is None
    assert working_days(apia, date(2011, 12, 26), date(2011, 12, 30)) == 4


def test_a_decreed_day_has_the_half_of_the_hours_that_it_is_worked_in() -> None:
    schedule = someone(zone=MOSCOW, place=("RU", None))

    assert halves(schedule, date(2027, 2, 20)) == (
        span("2027-02-20 06:00 / 2027-02-20 10:15"),
        span("2027-02-20 10:15 / 2027-02-20 14:30"),
    )
