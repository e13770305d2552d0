"""When each reminder is due, by cases of the trade. Times are on the wall where the person is."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.reminders.rules import (
    Quiet,
    daily_moment,
    daily_moments,
    follow_up_moment,
    last_daily,
    last_week,
    may_be_quiet,
    useful_until,
    week_moment,
    week_moments,
)
from bot.working_time.hours import STANDARD, Hours, read_hours
from bot.working_time.presence import Schedule, Span

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
NIGHTS = read_hours("every day 22:00-06:00")
WEDNESDAY = date(2026, 11, 18)


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    """`2026-11-20 15:50` on the wall, as a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def wall(moment: datetime | None, zone: ZoneInfo = BERLIN) -> str | None:
    """The same, the other way round."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else None


def someone(*away: str, hours: Hours | str = STANDARD, zone: ZoneInfo = BERLIN, country: str = "DE") -> Schedule:
    """Somebody with their hours and absences (`2026-11-20 08:00 / 2026-11-20 16:30`)."""
    spans = (Span(*(at(end, zone) for end in each.split(" / "))) for each in away)
    return Schedule(zone, read_hours(hours) if isinstance(hours, str) else hours, country, None, tuple(spans))


@pytest.mark.parametrize(
    ("hours", "chosen", "due"),
    [
        pytest.param("9-17:30", None, "2026-11-18 16:30", id="usually half past four"),
        pytest.param("9-16:31", None, "2026-11-18 16:30", id="also who goes home a minute later"),
        pytest.param("7-15", None, "2026-11-18 14:00", id="an hour before the end for who goes home earlier"),
        pytest.param("7-16:30", None, "2026-11-18 15:30", id="and for who goes home then"),
        pytest.param("17-23", None, "2026-11-18 22:00", id="and for who begins later"),
        pytest.param("9-9:45", None, "2026-11-18 09:00", id="at once where there is no hour before the end"),
        pytest.param("22:00-06:00", None, "2026-11-19 05:00", id="by night on the morning after"),
        pytest.param("15:00-00:30", None, "2026-11-18 16:30", id="a late shift over midnight that has half past four"),
        pytest.param("17:00-00:00", None, "2026-11-18 23:00", id="a late shift up to midnight"),
        pytest.param("17:00-00:30", None, "2026-11-18 23:30", id="a late shift that ends soon after midnight"),
        pytest.param("9-17:30", time(15), "2026-11-18 15:00", id="chosen within the shift"),
        pytest.param("9-17:30", time(8), "2026-11-18 08:00", id="chosen before it"),
        pytest.param("9-17:30", time(20), "2026-11-18 20:00", id="chosen after it"),
        pytest.param("9-17:30", time(17, 30), "2026-11-18 17:30", id="chosen as it ends"),
        pytest.param("22:00-06:00", time(23), "2026-11-18 23:00", id="chosen before midnight"),
        pytest.param("22:00-06:00", time(2), "2026-11-19 02:00", id="chosen after midnight"),
        pytest.param("22:00-06:00", time(6), "2026-11-19 06:00", id="chosen as the night ends"),
        pytest.param("22:00-06:00", time(21), "2026-11-18 21:00", id="chosen before the night"),
    ],
)
def test_the_day_is_asked_about_once_in_it(hours: str, chosen: time | None, due: str) -> None:
    schedule = someone(hours=f"every day {hours}", country="XX")
    assert wall(daily_moment(schedule, WEDNESDAY, chosen)) == due


@pytest.mark.parametrize(
    ("away", "chosen", "due"),
    [
        pytest.param("2026-11-18 00:00 / 2026-11-19 00:00", None, None, id="all day"),
        pytest.param("2026-11-16 00:00 / 2026-11-28 00:00", time(20), None, id="for weeks, whatever was chosen"),
        pytest.param("2026-11-18 00:00 / 2026-11-18 13:15", None, "2026-11-18 16:30", id="in the morning"),
        pytest.param("2026-11-18 00:00 / 2026-11-18 13:15", time(10), "2026-11-18 13:15", id="chosen in that morning"),
        pytest.param("2026-11-18 00:00 / 2026-11-18 13:15", time(8), "2026-11-18 13:15", id="chosen before that"),
        pytest.param("2026-11-18 13:15 / 2026-11-19 00:00", None, None, id="in the afternoon"),
        pytest.param("2026-11-18 13:15 / 2026-11-19 00:00", time(11), "2026-11-18 11:00", id="but here before it"),
        pytest.param("2026-11-18 13:15 / 2026-11-19 00:00", time(20), None, id="in the afternoon and the evening"),
        pytest.param("2026-11-18 16:00 / 2026-11-18 17:00", None, "2026-11-18 17:00", id="at the dentist's then"),
        pytest.param("2026-11-18 15:30 / 2026-11-18 16:30", None, "2026-11-18 16:30", id="back from there by then"),
        pytest.param("2026-11-18 16:30 / 2026-11-18 16:45", None, "2026-11-18 16:45", id="on the way there"),
        pytest.param("2026-11-18 10:00 / 2026-11-18 11:00", None, "2026-11-18 16:30", id="at the dentist's before"),
        pytest.param("2026-11-18 16:00 / 2026-11-18 18:00", None, None, id="not back in this shift"),
        pytest.param("2026-11-18 16:00 / 2026-11-18 17:00", time(20), "2026-11-18 20:00", id="back by the evening"),
        pytest.param("2026-11-17 00:00 / 2026-11-18 09:00", time(8), "2026-11-18 09:00", id="away until work begins"),
        pytest.param("2026-11-18 06:00 / 2026-11-18 08:30", time(8), "2026-11-18 09:00", id="landed before work"),
        pytest.param("2026-11-18 06:00 / 2026-11-18 07:30", time(8), "2026-11-18 08:00", id="landed before that"),
    ],
)
def test_who_is_away_then_hears_it_once_they_are_back_in_that_shift_or_not_at_all(
    away: str, chosen: time | None, due: str | None
) -> None:
    assert wall(daily_moment(someone(away), WEDNESDAY, chosen)) == due


def test_two_absences_over_the_moment_are_one() -> None:
    schedule = someone("2026-11-18 16:40 / 2026-11-18 17:10", "2026-11-18 16:00 / 2026-11-18 16:45")
    assert wall(daily_moment(schedule, WEDNESDAY)) == "2026-11-18 17:10"


@pytest.mark.parametrize(
    ("day", "due"),
    [
        pytest.param("2026-12-24", "2026-12-24 16:30", id="a working day"),
        pytest.param("2026-12-25", None, id="a public holiday"),
        pytest.param("2026-12-26", None, id="a Saturday that is one, too"),
        pytest.param("2026-11-21", None, id="a Saturday"),
        pytest.param("2026-03-27", "2026-03-27 16:30", id="before the clocks go forward"),
        pytest.param("2026-03-30", "2026-03-30 16:30", id="after that"),
        pytest.param("2026-10-26", "2026-10-26 16:30", id="after they went back"),
    ],
)
def test_only_working_days_are_asked_about(day: str, due: str | None) -> None:
    assert wall(daily_moment(someone(), date.fromisoformat(day))) == due


@pytest.mark.parametrize(
    ("day", "chosen", "utc"),
    [
        pytest.param("2026-03-28", time(2, 30), "01:00", id="a time that is skipped: as the clocks go on"),
        pytest.param("2026-03-28", time(3, 30), "01:30", id="after the gap"),
        pytest.param("2026-10-24", time(2, 30), "00:30", id="a time that comes twice: the first"),
        pytest.param("2026-10-24", None, "04:00", id="an hour before the end of a night of nine hours"),
    ],
)
def test_a_night_in_which_the_clocks_change_has_one_moment(day: str, chosen: time | None, utc: str) -> None:
    schedule = someone(hours=NIGHTS, country="XX")
    moment = daily_moment(schedule, date.fromisoformat(day), chosen)
    assert moment is not None
    assert f"{moment:%H:%M}" == utc


def test_moments_come_in_order_and_the_one_that_is_now_has_been() -> None:
    found = daily_moments(someone(), at("2026-12-23 16:30"))
    days = [day.isoformat() for day, _ in (next(found) for _ in range(3))]
    assert days == ["2026-12-24", "2026-12-28", "2026-12-29"]


@pytest.mark.parametrize(
    ("hours", "now", "day"),
    [
        pytest.param("9-17:30", "2026-11-18 16:29", "2026-11-17", id="not yet"),
        pytest.param("9-17:30", "2026-11-18 16:30", "2026-11-18", id="at the moment"),
        pytest.param("9-17:30", "2026-11-19 03:00", "2026-11-18", id="in the night after"),
        pytest.param("9-17:30", "2026-11-22 10:00", None, id="on Sunday neither today nor yesterday"),
        pytest.param("22:00-06:00", "2026-11-18 04:59", None, id="in the night, not yet; the last is two days ago"),
        pytest.param("22:00-06:00", "2026-11-18 05:00", "2026-11-17", id="in the night, of the day it began on"),
    ],
)
def test_the_newest_moment_that_has_come(hours: str, now: str, day: str | None) -> None:
    found = last_daily(someone(hours=hours), at(now))
    assert (found[0].isoformat() if found else None) == day


@pytest.mark.parametrize(
    ("schedule", "monday", "chosen", "due"),
    [
        pytest.param(someone(), "2026-11-16", None, "2026-11-16 09:00", id="as Monday begins"),
        pytest.param(someone(), "2026-11-16", time(10), "2026-11-16 10:00", id="at another time"),
        pytest.param(someone(), "2026-11-16", time(7), "2026-11-16 07:00", id="before work"),
        pytest.param(someone(), "2026-04-06", None, "2026-04-07 09:00", id="on Tuesday where Monday is a holiday"),
        pytest.param(
            someone("2026-11-09 00:00 / 2026-11-18 00:00"), "2026-11-16", None, "2026-11-18 09:00", id="after leave"
        ),
        pytest.param(
            someone("2026-11-16 00:00 / 2026-11-16 13:15"),
            "2026-11-16",
            None,
            "2026-11-16 13:15",
            id="after half a day of leave",
        ),
        pytest.param(
            someone("2026-11-16 13:15 / 2026-11-17 00:00"),
            "2026-11-16",
            time(15),
            "2026-11-17 15:00",
            id="on the next day where that afternoon is off",
        ),
        pytest.param(someone("2026-11-09 00:00 / 2026-11-28 00:00"), "2026-11-16", None, None, id="a week of leave"),
        pytest.param(someone(hours="wed-sun 10-18"), "2026-11-16", None, "2026-11-18 10:00", id="who begins midweek"),
        pytest.param(someone(hours="mon-fri 22-6"), "2026-11-16", None, "2026-11-16 22:00", id="who works at night"),
        pytest.param(
            someone(hours="mon-fri 22-6"), "2026-11-16", time(1), "2026-11-17 01:00", id="and wants it after midnight"
        ),
    ],
)
def test_the_week_is_told_on_its_first_working_day(
    schedule: Schedule, monday: str, chosen: time | None, due: str | None
) -> None:
    assert wall(week_moment(schedule, date.fromisoformat(monday), chosen)) == due


def test_a_week_without_work_is_left_out() -> None:
    schedule = someone("2026-11-14 00:00 / 2026-11-24 00:00")
    found = week_moments(schedule, at("2026-11-12 09:00"))
    assert [wall(moment) for _, moment in (next(found) for _ in range(2))] == ["2026-11-24 09:00", "2026-11-30 09:00"]


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        pytest.param("2026-11-16 08:59", None, id="it has not begun"),
        pytest.param("2026-11-16 09:00", "2026-11-16", id="it begins"),
        pytest.param("2026-11-19 12:00", "2026-11-16", id="it runs"),
        pytest.param("2026-11-22 23:59", "2026-11-16", id="it ends"),
        pytest.param("2026-11-23 00:00", None, id="the next has not begun"),
    ],
)
def test_the_week_that_has_begun(now: str, monday: str | None) -> None:
    found = last_week(someone(), at(now))
    assert (found[0].isoformat() if found else None) == monday


NIGHT_QUIET = Quiet(time(20), time(7))
NOON_QUIET = Quiet(time(12), time(14))


@pytest.mark.parametrize(
    ("schedule", "quiet", "wanted", "due"),
    [
        pytest.param(someone(), None, "2026-11-18 10:00", "2026-11-18 10:00", id="at work"),
        pytest.param(someone(), None, "2026-11-18 19:00", "2026-11-18 19:00", id="an evening that somebody named"),
        pytest.param(someone(), None, "2026-11-21 11:00", "2026-11-21 11:00", id="a Saturday that somebody named"),
        pytest.param(
            someone("2026-11-18 00:00 / 2026-11-20 00:00"),
            None,
            "2026-11-18 10:00",
            "2026-11-20 09:00",
            id="away: as they are back",
        ),
        pytest.param(
            someone("2026-11-18 09:30 / 2026-11-18 10:30"),
            None,
            "2026-11-18 10:00",
            "2026-11-18 10:30",
            id="at the dentist's: after that",
        ),
        pytest.param(
            someone("2026-11-18 09:30 / 2026-11-18 10:00"), None, "2026-11-18 10:00", "2026-11-18 10:00", id="just back"
        ),
        pytest.param(
            someone("2026-11-20 00:00 / 2026-11-23 00:00"),
            None,
            "2026-11-21 11:00",
            "2026-11-23 09:00",
            id="a Saturday of leave",
        ),
        pytest.param(someone(), None, "2026-12-25 10:00", "2026-12-28 09:00", id="a holiday: on the next working day"),
        pytest.param(
            someone("2026-12-28 00:00 / 2027-01-01 00:00"),
            None,
            "2026-12-25 10:00",
            "2027-01-04 09:00",
            id="a holiday before leave, and New Year after it",
        ),
        pytest.param(someone(), NIGHT_QUIET, "2026-11-18 21:00", "2026-11-19 07:00", id="quiet: as that ends"),
        pytest.param(someone(), NIGHT_QUIET, "2026-11-19 06:00", "2026-11-19 07:00", id="quiet in the small hours"),
        pytest.param(someone(), NIGHT_QUIET, "2026-11-18 20:00", "2026-11-19 07:00", id="as quiet begins"),
        pytest.param(someone(), NIGHT_QUIET, "2026-11-19 07:00", "2026-11-19 07:00", id="as quiet ends"),
        pytest.param(someone(), NOON_QUIET, "2026-11-18 13:00", "2026-11-18 13:00", id="not quiet while at work"),
        pytest.param(someone(), NOON_QUIET, "2026-11-21 13:00", "2026-11-21 14:00", id="but on Saturday"),
        pytest.param(someone(), NIGHT_QUIET, "2026-12-24 21:00", "2026-12-28 09:00", id="quiet before a holiday"),
        pytest.param(
            someone("2026-11-19 00:00 / 2026-11-20 00:00"),
            NIGHT_QUIET,
            "2026-11-18 21:00",
            "2026-11-20 09:00",
            id="quiet before a day of leave",
        ),
        pytest.param(
            someone(hours=NIGHTS, country="XX"), NIGHT_QUIET, "2026-11-19 01:00", "2026-11-19 01:00", id="works then"
        ),
        pytest.param(someone("2026-11-01 00:00 / 2029-01-01 00:00"), None, "2026-11-18 10:00", None, id="for years"),
    ],
)
def test_a_follow_up_comes_when_somebody_can_act_on_it(
    schedule: Schedule, quiet: Quiet | None, wanted: str, due: str | None
) -> None:
    assert wall(follow_up_moment(schedule, quiet, at(wanted))) == due


def test_quiet_hours_end_as_the_clocks_go_on_where_their_end_is_skipped() -> None:
    schedule = someone(country="XX")
    quiet = Quiet(time(20), time(2, 30))
    assert wall(follow_up_moment(schedule, quiet, at("2026-03-28 23:00"))) == "2026-03-29 03:00"


@pytest.mark.parametrize(
    ("hours", "day", "moment", "until"),
    [
        pytest.param("9-17:30", "2026-11-18", "2026-11-18 16:30", "2026-11-18 17:30", id="to the end of the shift"),
        pytest.param("9-17:30", "2026-11-18", "2026-11-18 08:00", "2026-11-18 17:30", id="also from before it"),
        pytest.param("9-17:30", "2026-11-18", "2026-11-18 17:00", "2026-11-18 18:00", id="an hour at the least"),
        pytest.param("9-17:30", "2026-11-18", "2026-11-18 20:00", "2026-11-18 21:00", id="in the evening"),
        pytest.param("22:00-06:00", "2026-11-18", "2026-11-19 02:00", "2026-11-19 06:00", id="in the night"),
        pytest.param("9-17:30", "2026-11-21", "2026-11-21 16:30", "2026-11-21 17:30", id="on a day without a shift"),
    ],
)
def test_how_long_a_reminder_is_of_use(hours: str, day: str, moment: str, until: str) -> None:
    found = useful_until(someone(hours=f"mon-fri {hours}"), date.fromisoformat(day), at(moment))
    assert wall(found) == until


@pytest.mark.parametrize(
    ("quiet", "chosen", "is_refused"),
    [
        pytest.param(NIGHT_QUIET, time(21), True, id="in the evening"),
        pytest.param(NIGHT_QUIET, time(6, 59), True, id="in the morning"),
        pytest.param(NIGHT_QUIET, time(7), False, id="as quiet ends"),
        pytest.param(NIGHT_QUIET, time(19, 59), False, id="before it begins"),
        pytest.param(NOON_QUIET, time(13), False, id="at work"),
        pytest.param(Quiet(time(17), time(7)), time(17, 30), True, id="at the moment that work ends"),
        pytest.param(Quiet(time(17), time(7)), time(17, 29), False, id="in the last minute of work"),
    ],
)
def test_what_lies_in_quiet_hours(quiet: Quiet, chosen: time, is_refused: bool) -> None:
    assert may_be_quiet(someone(), quiet, chosen) is is_refused


def test_a_moment_belongs_to_the_zone_of_its_reader() -> None:
    schedule = someone(zone=NEW_YORK, country="US")
    moment = daily_moment(schedule, WEDNESDAY)
    assert moment is not None
    assert moment - at("2026-11-18 16:30") == timedelta(hours=6)
