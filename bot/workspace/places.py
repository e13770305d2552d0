"""Countries and time zones as people name them: `DE`, `de-be`, `Германия`; `Europe/Berlin`, `new york`, `Москва`."""

import re
from functools import cache, lru_cache
from zoneinfo import available_timezones

from babel.core import Locale

from bot.reading.text import fold
from bot.words import LANGUAGES
from bot.working_time import holidays

_PARTS = re.compile(r"\s*[-/,\s]\s*")

_SHORT = {"uk": "GB", "usa": "US", "сша": "US"}
"""What people call countries beside their names and codes."""


def country_of(text: str) -> str:
    """The code of a country (`DE`), with that of a region whose public holidays differ (`DE-BE`), as typed or named.

    Raises:
        ValueError: when there is no such country, or no such region in it, with a calendar of holidays.
    """
    typed = fold(text).strip()
    if typed in _countries():
        return _countries()[typed]
    for found in _PARTS.finditer(typed):
        country = _countries().get(typed[: found.start()])
        region = _regions(country).get(typed[found.end() :]) if country else None
        if region:
            return f"{country}-{region}"
    raise ValueError(f"no calendar of holidays for {text!r}")


@lru_cache(maxsize=4096)
def territory_of(text: str) -> str | None:
    """The same for every country of CLDR's, whether its holidays are known or not; None where none is called so."""
    try:
        return country_of(text)
    except ValueError:
        return _territories().get(fold(text).strip())


def zone_of(text: str) -> str:
    """The IANA name of the time zone that somebody means by its name or its city.

    Raises:
        ValueError: when no zone goes by that name.
    """
    typed = re.sub(r"[\s_]+", " ", fold(text)).strip()
    if typed in _zones():
        return _zones()[typed]
    raise ValueError(f"no time zone {text!r}")


@cache
def _territories() -> dict[str, str]:
    """Codes by code, and by name in every language of Baton's."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        names = {str(code): str(name) for code, name in Locale.parse(language).territories.items()}
        known = {code: name for code, name in names.items() if len(code) == 2 and code.isalpha()}
        found |= {fold(name): code for code, name in known.items()} | {fold(code): code for code in known}
    return found


@cache
def _countries() -> dict[str, str]:
    """Codes by code, and by name in every language of Baton's."""
    codes = holidays.countries()
    names = {fold(Locale.parse(language).territories.get(code, code)): code for language in LANGUAGES for code in codes}
    return names | {code.casefold(): code for code in codes} | _SHORT


def _regions(country: str) -> dict[str, str]:
    """The codes of a country's regions, by code and by name."""
    regions = holidays.subdivisions(country)
    return {fold(name): code for code, name in regions.items()} | {code.casefold(): code for code in regions}


@cache
def _zones() -> dict[str, str]:
    """Zones by their city as CLDR and as IANA names it, and by their own name, which goes before."""
    own = available_timezones()
    known = [place for language in LANGUAGES for place in Locale.parse(language).time_zones.items()]
    cities = {fold(words["city"]): zone for zone, words in known if "city" in words and zone in own}
    ends = {zone.rpartition("/")[2]: zone for zone in sorted(own, reverse=True) if zone.count("/") == 1}
    return cities | {_spelt(name): zone for name, zone in ends.items()} | {_spelt(zone): zone for zone in own}


def _spelt(zone: str) -> str:
    return fold(zone).replace("_", " ")
