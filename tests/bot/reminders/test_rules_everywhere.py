"""In every time zone, on each day of ten years, each kind of reminder has one moment on each working day and none on
the others, whatever the clocks do.

Which days those are is reckoned here anew: from weekdays, the `holidays` library and leave by whole local days.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from itertools import islice, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import pytest
from holidays import country_holidays

from bot.reminders.rules import daily_moments, follow_up_moment, week_moments
from bot.working_time.hours import STANDARD, Hours, read_hours
from bot.working_time.presence import Schedule, Span
from tests.lengths import length

FIRST, YEARS = 2026, length(1, 10)
START, END = date(FIRST, 1, 1), date(FIRST + YEARS, 1, 1)
MARGIN = timedelta(days=60)
"""Days beyond the end that a moment near it may depend on."""

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
MIDNIGHT, NIGHT_FALLS = time(0), time(22)
NIGHTS = read_hours("mon-fri 22:00-06:00")

COUNTRIES = ("DE", "RU", "US", "CN", "NZ", "BR", "GB")
"""One for each zone, in turn: what is a holiday has nothing to do with where the clocks stand."""

ALL_ZONES = sorted(available_timezones() - {"localtime"})
ODD = {
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "America/Havana",
    "America/Nuuk",
    "America/Santiago",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Europe/Chisinau",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Easter",
    "Pacific/Kiritimati",
    "Pacific/Kwajalein",
}
"""Zones whose clocks change, or have changed, as few others do: at midnight, by half an hour or two, for Ramadan."""


class Change(NamedTuple):
    """One change of the clocks, told so that zones can be compared: before it they showed this, and then went on."""

    shown: datetime
    by: timedelta


def changes(zone: ZoneInfo) -> Iterator[Change]:
    """How the clocks of `zone` change in all of the years, and in those around them."""
    first, last = datetime(FIRST - 1, 1, 1, tzinfo=UTC), datetime(FIRST + YEARS + 1, 1, 1, tzinfo=UTC)
    days = [first + DAY * day for day in range((last - first).days)]
    offsets = [offset(day, zone) for day in days]
    for low, (before, after) in zip(days, pairwise(offsets), strict=False):
        if before != after:
            yield change_between(low, low + DAY, zone)


def change_between(low: datetime, high: datetime, zone: ZoneInfo) -> Change:
    """The change of the clocks between two moments, to the second."""
    before = offset(low, zone)
    while high - low > SECOND:
        middle = low + (high - low) // 2
        low, high = (middle, high) if offset(middle, zone) == before else (low, middle)
    return Change((high + before).replace(microsecond=0, tzinfo=None), offset(high, zone) - before)


def offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    """How far the clocks are ahead of UTC."""
    return moment.astimezone(zone).utcoffset() or timedelta()


def alike(*, at_any_offset: bool) -> list[list[str]]:
    """All zones, those together whose clocks change at the same times on the wall in all of the years; unless
    `at_any_offset`, they also show the same time always, so that what holds in one of them holds in the others.
    """
    found: dict[object, list[str]] = {}
    for name in sorted(ALL_ZONES, key=lambda name: (name not in ODD, name)):
        zone = ZoneInfo(name)
        ahead = None if at_any_offset else offset(datetime(FIRST, 1, 1, tzinfo=UTC), zone)
        found.setdefault((ahead, tuple(changes(zone))), []).append(name)
    return list(found.values())


def test_no_zone_is_left_out() -> None:
    assert {name for names in alike(at_any_offset=True) for name in names} == set(ALL_ZONES)


@cache
def zones() -> list[str]:
    """One of each kind: at their full length of all that ever differ, in short of each way to change the clocks."""
    is_long = bool(length(0, 1))
    firsts = {names[0] for names in alike(at_any_offset=not is_long)}
    return sorted(firsts if is_long else firsts | ODD)


class Person(NamedTuple):
    """Somebody with their leave, as local days; the schedule has the same as moments."""

    zone: ZoneInfo
    country: str
    leave: frozenset[date]
    absences: tuple[Span, ...]

    def schedule(self, hours: Hours) -> Schedule:
        """What the product reckons by."""
        return Schedule(self.zone, hours, self.country, None, self.absences)

    def has_shift(self, day: date) -> bool:
        """Whether a shift begins on `day`: Monday to Friday, and weekend days worked by decree, but no holidays."""
        return day in shifts(self.country)

    def is_off(self, day: date) -> bool:
        """Whether `day` is a holiday or leave."""
        return day in self.leave or day in calendar(self.country)


@cache
def calendar(country: str) -> frozenset[date]:
    """All holidays."""
    years = range(FIRST - 1, FIRST + YEARS + 1)
    return frozenset(country_holidays(country, years=years, expand=False))


@cache
def shifts(country: str) -> frozenset[date]:
    """The days on which work begins."""
    years = range(FIRST - 1, FIRST + YEARS + 1)
    decreed = country_holidays(country, years=years, expand=False).weekend_workdays
    days = (START - MARGIN + DAY * n for n in range((END - START + 2 * MARGIN).days))
    return frozenset(day for day in days if day not in calendar(country) and (day.weekday() < 5 or day in decreed))


def people() -> Iterator[Person]:
    """Somebody in every zone, each with leave of their own: a long one and a few single days in every year."""
    for nth, name in enumerate(zones()):
        zone = ZoneInfo(name)
        spans = sorted(set(leaves(nth)))
        away = tuple(Span(midnight(first, zone), midnight(last + DAY, zone)) for first, last in spans)
        days = (first + DAY * n for first, last in spans for n in range((last - first).days + 1))
        yield Person(zone, COUNTRIES[nth % len(COUNTRIES)], frozenset(days), away)


def leaves(nth: int) -> Iterator[tuple[date, date]]:
    """First and last days of leave; around the changes of the clocks for some."""
    for year in range(FIRST, FIRST + YEARS):
        long = date(year, 1, 5) + DAY * (nth * 37 % 330)
        yield long, long + DAY * (nth % 19)
        for month in (3, 10):
            single = date(year, month, 1) + DAY * (nth % 31)
            yield single, single


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Where a local day begins, in UTC: also where the clocks skip midnight, for before a gap the old offset holds."""
    return datetime.combine(day, MIDNIGHT, zone).astimezone(UTC)


def is_at(moment: datetime, day: date, at: time, zone: ZoneInfo) -> bool:
    """Whether a moment is what the wall shows as `day` and `at` (the first of two), or the first one after a gap."""
    local, wanted = moment.astimezone(zone), datetime.combine(day, at)
    if local.replace(tzinfo=None) == wanted:
        return local.fold == 0
    before = (moment - SECOND).astimezone(zone).replace(tzinfo=None)
    return before < wanted < local.replace(tzinfo=None)


Wanted = tuple[date, date, time]
"""The day or Monday that is meant, and when on the wall its moment should be."""


def holds(found: Iterator[tuple[date, datetime]], wanted: list[Wanted], who: Person, until: date) -> None:
    """Hold moments against what is wanted: each is there, none is besides up to `until`, all in order."""
    last = datetime.min.replace(tzinfo=UTC)
    for meant, day, at in wanted:
        got, moment = next(found)
        assert got == meant, f"in {who.zone}: {got} in the place of {meant}"
        assert is_at(moment, day, at, who.zone), f"in {who.zone} of {meant}: {moment}, wanted {day} {at}"
        assert moment > last, f"in {who.zone} of {meant}: {moment} after {last}"
        last = moment
    assert next(found)[0] >= until


def walked(
    moments: Callable[[datetime], Iterator[tuple[date, datetime]]], start: datetime
) -> Iterator[tuple[date, datetime]]:
    """Moment after moment without end, for what is looked for ahead ends at some point: each is what comes after the
    one before, in stretches as a process asks that starts anew now and then.
    """
    last = start
    while True:
        for meant, moment in islice(moments(last), 97):
            yield meant, moment
            last = moment


def days(first: date = START, last: date = END) -> Iterator[date]:
    """Every day of the years."""
    return (first + DAY * n for n in range((last - first).days))


def by_day(who: Person, at: time) -> list[Wanted]:
    """The moments of those who work by day."""
    return [(day, day, at) for day in days() if who.has_shift(day) and day not in who.leave]


def by_night(who: Person, at: time) -> list[Wanted]:
    """Those of nights, on the mornings after: of the night before a day of leave there is none, and one at its end."""
    starts = (day for day in days() if who.has_shift(day))
    return [(day, day + DAY, at) for day in starts if day + DAY not in who.leave]


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("hours", "chosen", "wanted"),
    [
        pytest.param(STANDARD, None, lambda who: by_day(who, time(16, 30)), id="by day"),
        pytest.param(NIGHTS, None, lambda who: by_night(who, time(5)), id="by night"),
        pytest.param(NIGHTS, time(2, 30), lambda who: by_night(who, time(2, 30)), id="as clocks change"),
        pytest.param(NIGHTS, time(0), lambda who: by_night(who, time(0)), id="at midnight"),
    ],
)
def test_each_working_day_is_asked_about_once(
    hours: Hours, chosen: time | None, wanted: Callable[[Person], list[Wanted]]
) -> None:
    for who in people():
        noon = midnight(START, who.zone) + DAY / 2  # behind the moments of the night in which the years begin
        found = walked(partial(daily_moments, who.schedule(hours), at=chosen), noon)
        holds(found, wanted(who), who, END)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("hours", [pytest.param(STANDARD, id="by day"), pytest.param(NIGHTS, id="by night")])
def test_each_week_in_which_somebody_works_is_told_once(hours: Hours) -> None:
    begins = begins_by_night if hours is NIGHTS else begins_by_day
    mondays = [day for day in days(START, END - 7 * DAY) if day.weekday() == 0]
    for who in people():
        found = walked(partial(week_moments, who.schedule(hours)), midnight(mondays[0], who.zone))
        weeks = ((monday, begins(who, monday)) for monday in mondays)
        holds(found, [(monday, *begun) for monday, begun in weeks if begun], who, mondays[-1] + 7 * DAY)


def begins_by_day(who: Person, monday: date) -> tuple[date, time] | None:
    """When somebody who works by day begins a week."""
    week = (monday + DAY * n for n in range(7))
    return next(((day, time(9)) for day in week if who.has_shift(day) and day not in who.leave), None)


def begins_by_night(who: Person, monday: date) -> tuple[date, time] | None:
    """When somebody does who works by night: their leave may end at midnight, within a shift."""
    for day in (monday + DAY * n for n in range(7)):
        if who.has_shift(day) and day not in who.leave:
            return day, NIGHT_FALLS
        if who.has_shift(day) and day + DAY not in who.leave:
            return day + DAY, MIDNIGHT
    return None


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("at", [pytest.param(time(10), id="at work"), pytest.param(time(2, 30), id="as clocks change")])
def test_each_follow_up_comes_at_its_time_or_on_the_next_working_day(at: time) -> None:
    for who in people():
        schedule = who.schedule(STANDARD)
        back: date | None = None
        for day in reversed(list(days(START, END + MARGIN))):
            is_off = who.is_off(day)
            if not is_off and who.has_shift(day):
                back = day
            if day < END:
                wanted = datetime.combine(day, at, who.zone).astimezone(UTC)
                moment = follow_up_moment(schedule, None, wanted)
                assert moment is not None
                assert back is not None
                fits = is_at(moment, back, time(9), who.zone) if is_off else moment == wanted
                assert fits, f"a follow-up in {who.zone} of {day} {at}: {moment}"
