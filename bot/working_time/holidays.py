"""Public holidays by country and subdivision, and the country that a time zone lies in.

What the `holidays` library knows, kept by year so that a day is one look-up. Countries are ISO 3166-1 codes (`DE`),
subdivisions ISO 3166-2 ones without the country (`BB`). A country that is not known, and a year without data, say
nothing of any day: the person's own weekdays decide. An unknown subdivision has its country's national holidays.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from babel.core import get_global
from holidays import HolidayBase, country_holidays
from holidays.registry import EntityLoader

from bot.clock import week_of

_FALLBACK_LANGUAGE = "en"
_YEARS_KEPT = 4096


class _Year(NamedTuple):
    """One calendar year: holidays by name, and the weekend days worked by decree with their country's own week."""

    holidays: Mapping[date, str]
    decreed: Mapping[date, frozenset[int]]


_NOTHING = _Year({}, {})


def is_day_off(country: str | None, subdivision: str | None, day: date) -> bool | None:
    """What the calendar says of `day`: True for a holiday or a day off by decree, False for a weekend day that is
    worked by decree, None for nothing, so that the person's own weekdays decide.
    """
    if country is None:
        return None
    year = _year(country, subdivision, day.year)
    if day in year.holidays:
        return True
    return False if day in year.decreed else None


def decreed_week(country: str | None, subdivision: str | None, day: date) -> frozenset[int]:
    """The weekdays (0 is Monday) of the country's own week around a weekend day worked by decree, else none.

    The decree gives back a day off within that week, so it concerns those who work the whole of it.
    """
    return _year(country, subdivision, day.year).decreed.get(day, frozenset()) if country else frozenset()


def has_calendar(country: str | None, subdivision: str | None = None, year: int | None = None) -> bool:
    """Whether there are holidays for this place (and year): where not, the reply says so."""
    if country is None or country not in _codes():
        return False
    calendar = _calendar(country)
    known = subdivision is None or subdivision in _subdivision_codes(calendar)
    return known and (year is None or calendar.start_year <= year <= calendar.end_year)


def name_of(country: str | None, subdivision: str | None, day: date, language: str) -> str | None:
    """The name of the holiday on `day`, or None if there is none.

    In `language` (`ru`) where the library has it, else in English, else in the country's own.
    """
    return _year(country, subdivision, day.year, language).holidays.get(day) if country else None


def countries() -> tuple[str, ...]:
    """The codes of all countries with a calendar, in the order of the alphabet."""
    return tuple(sorted(_codes()))


def subdivisions(country: str) -> dict[str, str]:
    """The subdivisions that differ from their country, by code: the longest name known, or the code again."""
    if country not in _codes():
        return {}
    aliases = _calendar(country).get_subdivision_aliases()
    return {code: max(names, key=len, default=code) for code, names in aliases.items()}


def country_of_zone(zone: str) -> str | None:
    """The country that an IANA time zone lies in (Unicode CLDR), or None: UTC and its like lie in none."""
    name = get_global("zone_aliases").get(zone, zone)
    country = get_global("zone_territories").get(name)
    return country if country in _codes() else None


@cache
def _codes() -> frozenset[str]:
    return frozenset(EntityLoader.get_country_codes(include_aliases=False))


@cache
def _calendar(country: str) -> HolidayBase:
    """The calendar of a country without any year: what it can be asked for."""
    return country_holidays(country)


def _subdivision_codes(calendar: HolidayBase) -> set[str]:
    return {*calendar.subdivisions, *calendar.subdivisions_aliases}


@lru_cache(maxsize=_YEARS_KEPT)
def _year(country: str, subdivision: str | None, year: int, language: str = _FALLBACK_LANGUAGE) -> _Year:
    if country not in _codes():
        return _NOTHING
    empty = _calendar(country)
    calendar = country_holidays(
        country,
        subdiv=subdivision if subdivision in _subdivision_codes(empty) else None,
        years=year,
        expand=False,
        language=_supported(empty, language),
    )
    decreed = {day: _own_week(calendar, day) for day in calendar.weekend_workdays if day.year == year}
    return _Year(dict(calendar), decreed)


def _supported(calendar: HolidayBase, language: str) -> str | None:
    """A language of the calendar's; never left to the library, which would take it from the server's environment."""
    for wanted in (language, _FALLBACK_LANGUAGE):
        for code in calendar.supported_languages:
            if code.partition("_")[0] == wanted:
                return code
    return calendar.default_language


def _own_week(calendar: HolidayBase, day: date) -> frozenset[int]:
    monday, _ = week_of(day)
    week = (monday + timedelta(days=weekday) for weekday in range(7))
    return frozenset(each.weekday() for each in week if not calendar.is_weekend(each))
