"""When digests come: each week's once, on a working day, at the time on the wall."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.rules import Choice, Digest, about, before, moments, named, spanning, wants
from bot.quota.periods import Kind, following, period_of
from bot.working_time.hours import STANDARD
from bot.working_time.presence import Schedule, Span

BERLIN = Schedule(ZoneInfo("Europe/Berlin"), STANDARD, "DE")
SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)


def first(digest: Digest, after: datetime, schedule: Schedule = BERLIN, choice: Choice = Choice()) -> tuple[date, str]:  # noqa: B008
    """The day that the next one is for, and when it comes on the wall."""
    day, moment = next(moments(digest, schedule, after, choice))
    return day, f"{moment.astimezone(schedule.zone):%a %d %b %H:%M}"


def test_a_manager_reads_on_monday_and_a_rep_on_friday() -> None:
    assert first(Digest.TEAM, SUNDAY) == (date(2026, 11, 23), "Mon 23 Nov 08:30")
    assert first(Digest.OWN, SUNDAY) == (date(2026, 11, 27), "Fri 27 Nov 16:00")
    assert first(Digest.MARKETING, SUNDAY) == (date(2026, 11, 23), "Mon 23 Nov 08:30")
    assert first(Digest.MONTH, SUNDAY) == (date(2026, 12, 1), "Tue 01 Dec 08:30")


def test_a_holiday_moves_monday_s_on_and_friday_s_back() -> None:
    # Easter Monday 2027 is 29 March.
    before = datetime(2027, 3, 28, 12, tzinfo=UTC)
    assert first(Digest.TEAM, before) == (date(2027, 3, 29), "Tue 30 Mar 08:30")
    # Christmas 2026: 25 December is a Friday and a holiday, so the rep's week comes on Thursday 24.
    assert first(Digest.OWN, datetime(2026, 12, 21, tzinfo=UTC)) == (date(2026, 12, 25), "Thu 24 Dec 16:00")


def test_what_a_moved_one_tells_is_the_week_that_it_was_for() -> None:
    assert about(Digest.TEAM, date(2026, 11, 23)).name == "2026-W47"
    assert about(Digest.OWN, date(2026, 12, 25)).name == "2026-W52"
    assert about(Digest.MARKETING, date(2026, 11, 23)).name == "2026-W47"
    assert about(Digest.MONTH, date(2026, 12, 1)).name == "2026-11"
    assert about(Digest.MONTH, date(2027, 1, 1)).name == "2026-Q4"
    assert about(Digest.MONTH, date(2027, 2, 1), 2).name == "FY2027-Q4"
    assert about(Digest.MONTH, date(2027, 1, 1), 2).name == "2026-12"


def away_from(first_day: int, last_day: int) -> Schedule:
    """Berlin, away on these days of November 2026."""
    start, end = datetime(2026, 11, first_day, tzinfo=UTC), datetime(2026, 11, last_day, 23, tzinfo=UTC)
    return Schedule(BERLIN.zone, BERLIN.hours, "DE", None, (Span(start, end),))


def test_who_is_away_reads_it_when_they_are_back() -> None:
    assert first(Digest.TEAM, SUNDAY, away_from(23, 25)) == (date(2026, 11, 23), "Thu 26 Nov 08:30")
    found = list(islice(moments(Digest.TEAM, away_from(16, 29), SUNDAY - timedelta(days=9)), 3))
    # Away for two weeks: the digests of both Mondays and of the one of the return come at once, as one.
    assert [day for day, _ in found] == [date(2026, 11, 16), date(2026, 11, 23), date(2026, 11, 30)]
    assert len({moment for _, moment in found}) == 1
    # The same is found as late as it may be sent, after three weeks of leave, too.
    held = [day for day, _ in islice(moments(Digest.TEAM, away_from(9, 29), datetime(2026, 11, 27, tzinfo=UTC)), 4)]
    assert held == [date(2026, 11, day) for day in (9, 16, 23, 30)]


def test_a_rep_who_is_off_on_friday_reads_their_week_before_it() -> None:
    assert first(Digest.OWN, SUNDAY, away_from(26, 27)) == (date(2026, 11, 27), "Wed 25 Nov 16:00")
    # Declared on Friday morning, when Thursday had passed: it is not lost, but comes on their return.
    friday = datetime(2026, 11, 27, 8, tzinfo=UTC)
    assert first(Digest.OWN, friday, away_from(27, 27)) == (date(2026, 11, 27), "Mon 30 Nov 16:00")
    # Off for the whole week: on their return.
    assert first(Digest.OWN, SUNDAY, away_from(23, 27)) == (date(2026, 11, 27), "Mon 30 Nov 16:00")


def test_several_weeks_in_one() -> None:
    weeks = [following(period_of(Kind.WEEK, date(2026, 11, 16)), by=n) for n in (-1, 0)]
    two = spanning(*weeks)
    assert (two.name, two.first, two.last) == ("2026-W46–W47", date(2026, 11, 9), date(2026, 11, 22))
    assert (before(two).name, before(two).first) == ("2026-W44–W45", date(2026, 10, 26))
    assert named(two.name) == two
    over = spanning(period_of(Kind.WEEK, date(2026, 12, 28)), period_of(Kind.WEEK, date(2027, 1, 4)))
    assert over.name == "2026-W53–W01"
    assert named(over.name) == over
    assert named("2026-W46") == weeks[0]
    assert named("2026-W60–W61") is None


def test_another_day_and_time() -> None:
    assert first(Digest.TEAM, SUNDAY, choice=Choice(2, time(7))) == (date(2026, 11, 25), "Wed 25 Nov 07:00")


@pytest.mark.parametrize(
    ("digest", "roles", "choice", "comes"),
    [
        (Digest.TEAM, {"MANAGER"}, Choice(), True),
        (Digest.TEAM, {"AE"}, Choice(), False),
        (Digest.OWN, {"SDR"}, Choice(), True),
        (Digest.OWN, {"MANAGER"}, Choice(), False),
        (Digest.OWN, {"MANAGER"}, Choice(is_off=False), True),
        (Digest.OWN, {"SDR"}, Choice(is_off=True), False),
        (Digest.MARKETING, {"MARKETING"}, Choice(), True),
        (Digest.MONTH, {"OPS"}, Choice(), True),
        (Digest.MONTH, {"AE"}, Choice(), False),
    ],
)
def test_who_gets_which(digest: Digest, roles: set[str], choice: Choice, comes: bool) -> None:
    assert wants(digest, frozenset(roles), choice) is comes


ZONES = ("America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe", "America/Santiago")


@given(
    st.sampled_from(ZONES),
    st.sampled_from([Digest.TEAM, Digest.OWN]),
    st.integers(0, 3 * 365 * 24 * 60),
    st.integers(0, 6),
    st.times(),
)
def test_each_week_s_comes_once_and_in_order(zone: str, digest: Digest, minutes: int, weekday: int, at: time) -> None:
    schedule = Schedule(ZoneInfo(zone), STANDARD, "US")
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = list(moments(digest, schedule, start, Choice(weekday, at.replace(second=0, microsecond=0))))
    assert len(found) >= 8
    weeks = [about(digest, day).name for day, _ in found]
    assert len(set(weeks)) == len(weeks)
    assert [moment for _, moment in found] == sorted({moment for _, moment in found})
    assert all(moment > start for _, moment in found)
    # The next one is found again from any moment before it: a restart neither skips nor repeats.
    assert (
        next(iter(moments(digest, schedule, found[0][1], Choice(weekday, at.replace(second=0, microsecond=0)))))
        == found[1]
    )
