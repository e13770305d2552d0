"""What the calendars of countries say of a day."""

from datetime import date
from zoneinfo import available_timezones

import pytest

from bot.working_time.holidays import (
    countries,
    country_of_zone,
    decreed_week,
    has_calendar,
    is_day_off,
    name_of,
    subdivisions,
)


@pytest.mark.parametrize(
    ("country", "subdivision", "day", "off"),
    [
        pytest.param("DE", None, date(2026, 12, 24), None, id="no holiday in Germany on 24 December"),
        pytest.param("DE", None, date(2026, 12, 25), True, id="but on the 25th"),
        pytest.param("DE", "BB", date(2026, 10, 31), True, id="Brandenburg keeps 31 October"),
        pytest.param("DE", "BE", date(2026, 10, 31), None, id="Berlin does not"),
        pytest.param("DE", "Brandenburg", date(2026, 10, 31), True, id="a subdivision by its name"),
        pytest.param("DE", "nowhere", date(2026, 12, 25), True, id="an unknown subdivision has the national ones"),
        pytest.param("RU", None, date(2026, 1, 9), True, id="moved by decree from 3 January"),
        pytest.param("RU", None, date(2026, 12, 31), True, id="moved by decree from 4 January"),
        pytest.param("RU", None, date(2027, 2, 22), True, id="moved by decree from the Saturday before"),
        pytest.param("RU", None, date(2027, 2, 20), False, id="which is worked"),
        pytest.param("RU", None, date(2027, 2, 27), None, id="as other Saturdays are not"),
        pytest.param("CN", None, date(2026, 9, 20), False, id="a Sunday worked by decree"),
        pytest.param("US", None, date(2026, 7, 3), True, id="kept on the Friday before"),
        pytest.param("XX", None, date(2026, 12, 25), None, id="an unknown country"),
        pytest.param("de", None, date(2026, 12, 25), None, id="a code in small letters"),
        pytest.param(None, None, date(2026, 12, 25), None, id="no country"),
        pytest.param("LK", None, date(2035, 1, 1), None, id="a year without data"),
    ],
)
def test_what_a_calendar_says_of_a_day(
    country: str | None, subdivision: str | None, day: date, off: bool | None
) -> None:
    assert is_day_off(country, subdivision, day) is off


@pytest.mark.parametrize(
    ("country", "subdivision", "year", "known"),
    [
        pytest.param("DE", None, None, True, id="a country"),
        pytest.param("DE", "BB", 2026, True, id="a subdivision"),
        pytest.param("DE", "ZZ", None, False, id="an unknown subdivision"),
        pytest.param("XX", None, None, False, id="an unknown country"),
        pytest.param("DEU", None, None, False, id="another code for a country"),
        pytest.param(None, None, None, False, id="no country"),
        pytest.param("RS", None, 2006, False, id="a year before the data"),
        pytest.param("LK", None, 2035, False, id="a year behind the data"),
        pytest.param("UA", None, 2026, True, id="a year without days off is known for one"),
    ],
)
def test_whether_there_is_a_calendar(
    country: str | None, subdivision: str | None, year: int | None, known: bool
) -> None:
    assert has_calendar(country, subdivision, year) is known


@pytest.mark.parametrize(
    ("country", "subdivision", "day", "language", "name"),
    [
        pytest.param("DE", None, date(2026, 12, 25), "en", "Christmas Day", id="in English"),
        pytest.param("RU", None, date(2026, 11, 4), "ru", "День народного единства", id="in Russian"),
        pytest.param("RU", None, date(2026, 1, 9), "ru", "Выходной (перенесено с 03.01.2026)", id="a day by decree"),
        pytest.param("DE", "BB", date(2026, 10, 31), "ru", "Reformation Day", id="in English for want of Russian"),
        pytest.param("NZ", None, date(2026, 2, 6), "ru", "Waitangi Day", id="in the only words there are"),
        pytest.param("DE", None, date(2026, 12, 24), "en", None, id="no holiday"),
        pytest.param("XX", None, date(2026, 12, 25), "en", None, id="an unknown country"),
        pytest.param(None, None, date(2026, 12, 25), "en", None, id="no country"),
    ],
)
def test_the_name_of_a_holiday(
    country: str | None, subdivision: str | None, day: date, language: str, name: str | None
) -> None:
    assert name_of(country, subdivision, day, language) == name


def test_names_do_not_follow_the_language_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "ru")

    assert name_of("RU", None, date(2031, 11, 4), "en") == "Unity Day"


def test_a_decreed_day_belongs_to_its_country_s_own_week() -> None:
    assert decreed_week("RU", None, date(2027, 2, 20)) == {0, 1, 2, 3, 4}
    assert decreed_week("RU", None, date(2027, 2, 27)) == frozenset()
    assert decreed_week(None, None, date(2027, 2, 20)) == frozenset()


@pytest.mark.filterwarnings("ignore:Requested Holidays are available only")  # said of India's movable feasts
def test_every_country_can_be_asked() -> None:
    days = [date(year, month, 1) for year in (2000, 2026, 2037) for month in (1, 5)]

    answers = {is_day_off(country, None, day) for country in countries() for day in days}

    assert len(countries()) > 200
    assert list(countries()) == sorted(countries())
    assert answers == {True, None}


def test_subdivisions_have_names() -> None:
    assert subdivisions("DE")["BB"] == "Brandenburg"
    assert subdivisions("GB") == {
        "ENG": "England", "NIR": "Northern Ireland", "SCT": "Scotland", "WLS": "Wales"
    }  # fmt: skip
    assert subdivisions("RU") == {}
    assert subdivisions("XX") == {}


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("Europe/Moscow", "RU"),
        ("Asia/Yekaterinburg", "RU"),
        ("America/New_York", "US"),
        ("Asia/Kolkata", "IN"),
        ("Asia/Calcutta", "IN"),
        ("Europe/Kyiv", "UA"),
        ("US/Pacific", "US"),
        ("UTC", None),
        ("Etc/GMT+5", None),
        ("Mars/Olympus", None),
    ],
)
def test_the_country_of_a_time_zone(zone: str, country: str | None) -> None:
    assert country_of_zone(zone) == country


def test_zones_lie_in_countries_with_a_calendar() -> None:
    found = {country_of_zone(zone) for zone in available_timezones()}

    assert found - {None} <= set(countries())
    assert len(found) > 200
