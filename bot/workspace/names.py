"""What days, months, countries and currencies are called in a language (Unicode CLDR)."""

from typing import Literal

from babel.core import Locale
from babel.dates import get_day_names, get_month_names

from bot.working_time import holidays
from bot.working_time.hours import WEEK, Hours


def weekday_names(language: str, width: Literal["abbreviated", "wide"] = "abbreviated") -> list[str]:
    """The days of the week from Monday on."""
    names = get_day_names(width, "stand-alone", locale=language)
    return [str(names[day]) for day in WEEK]


def month_name(month: int, language: str) -> str:
    """A month (1 to 12) as it stands on its own: `July`, `июль`."""
    return str(get_month_names("wide", "stand-alone", locale=language)[month])


def currency_name(code: str, language: str) -> str:
    """A currency with its code: `US Dollar (USD)`."""
    name = Locale.parse(language).currencies.get(code)
    return f"{name} ({code})" if name else code


def country_name(code: str, language: str) -> str:
    """A country, and its region where there is one: `Germany, Berlin (DE-BE)`."""
    country, _, region = code.partition("-")
    name = Locale.parse(language).territories.get(country, country)
    where = f"{name}, {holidays.subdivisions(country).get(region, region)}" if region else name
    return f"{where} ({code})"


def hours_line(hours: Hours, language: str) -> str:
    """Hours as a line that `read_hours` reads as the same: `Mon–Thu 09:00–18:00, Fri 09:00–15:00`."""
    names = weekday_names(language)
    return ", ".join(
        f"{_run([names[day] for day in days])} {start:%H:%M}–{end:%H:%M}" for days, start, end in hours.spans()
    )


def _run(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}"
