"""Countries, zones, days and money by the names that people use."""

import pytest

from bot.reading.text import fold
from bot.working_time.hours import read_hours
from bot.workspace.names import country_name, currency_name, hours_line, month_name, weekday_names
from bot.workspace.places import country_of, zone_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        ("de-be", "DE-BE"),
        (" DE / BE ", "DE-BE"),
        ("DE BE", "DE-BE"),
        ("Germany", "DE"),
        ("Германия", "DE"),
        ("Germany, Bayern", "DE-BY"),
        ("Guinea-Bissau", "GW"),
        ("Côte d’Ivoire", "CI"),
        ("us-ca", "US-CA"),
    ],
)
def test_a_country_and_its_region(text: str, code: str) -> None:
    assert country_of(text) == code


@pytest.mark.parametrize("text", ["", "XX", "DE-XX", "Berlin", "Atlantis", "-", "DE-BE-BE", "D E"])
def test_no_country(text: str) -> None:
    with pytest.raises(ValueError, match="no calendar"):
        country_of(text)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("new  york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("Москва", "Europe/Moscow"),
        ("нью-йорк", "America/New_York"),
        ("Kolkata", "Asia/Kolkata"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone(text: str, zone: str) -> None:
    assert zone_of(text) == zone


@pytest.mark.parametrize("text", ["", "Middle-earth", "+03:00", "here"])
def test_no_zone(text: str) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        zone_of(text)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "text",
    ["9-17:30", "sun-thu 9-18", "mon-thu 9-18, fri 9-15", "mon, wed, fri 9-13", "22-6", "every day 8-20", "sat 10-12"],
)
def test_hours_are_read_as_they_are_shown(text: str, language: str) -> None:
    hours = read_hours(text)
    assert read_hours(hours_line(hours, language)) == hours


def test_names_are_in_the_readers_language() -> None:
    assert (currency_name("USD", "en"), currency_name("USD", "ru")) == ("US Dollar (USD)", "доллар США (USD)")
    assert (country_name("DE", "en"), country_name("DE-BE", "ru")) == ("Germany (DE)", "Германия, Berlin (DE-BE)")
    assert (month_name(7, "en"), month_name(7, "ru")) == ("July", "июль")
    assert weekday_names("ru") == ["пн", "вт", "ср", "чт", "пт", "сб", "вс"]
    assert fold(hours_line(read_hours("9-17:30"), "en")) == "mon-fri 09:00-17:30"
