"""Everything that people read, in their language: gettext catalogues, and numbers and dates in their form.

The catalogues stand in `bot/locales/LANGUAGE/LC_MESSAGES`, one file for each noun. Messages have short dotted
keys (`log.stored`), so that English is a translation like any other and no sentence hides in the code.
"""

import gettext
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.core import Locale
from babel.dates import format_date, format_time
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.money import Money, digits

LANGUAGES = ("en", "ru")
LOCALES = Path(__file__).parent / "locales"


class Words:
    """One language. Get it from `words_for`; it is the same object for everybody who speaks it."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = _compiled(language)
        self._locale = Locale.parse("en_GB" if language == "en" else language)

    def __call__(self, key: str, **params: object) -> str:
        """The message of `key` with `params` filled in; for text that people typed, see `handlers.ui.blocks.md`."""
        return self._catalogue.gettext(key).format(**params)

    def plural(self, key: str, n: int, **params: object) -> str:
        """The form of `key` that this language uses with `n` things; the message may say `{n}`."""
        text = self._catalogue.ngettext(key, key, n)
        return text.format(n=self.number(n), **params)

    def number(self, value: int | Decimal) -> str:
        """`1234` as `1,234` or `1 234`."""
        if isinstance(value, int) and 0 <= value < 1000:
            return str(value)  # what Babel would say, in a tenth of the time
        return format_decimal(value, locale=self._locale)

    def money(self, money: Money, *, rounded: bool = False) -> str:
        """`24,000.50 USD` or `24 000,50 USD`, with all digits of the currency; `rounded` leaves the cents out."""
        places = 0 if rounded else digits(money.currency)
        pattern = "#,##0" + (f".{'0' * places}" if places else "")
        amount = format_decimal(money.amount, pattern, locale=self._locale)
        return f"{amount}\u00a0{money.currency}"

    def day(self, day: date, today: date) -> str:
        """A day in full, such as `Tue 24 Nov`; with its year when that is not today's."""
        pattern = "EEE d MMM" if day.year == today.year else "EEE d MMM y"
        return format_date(day, pattern, locale=self._locale).replace(".", "")

    def date(self, day: date) -> str:
        """A day that stands on its own, always with its year: `Tue 24 Nov 2026`."""
        return format_date(day, "EEE d MMM y", locale=self._locale).replace(".", "")

    def time(self, at: time) -> str:
        """A time of day on the 24-hour clock: `09:05`."""
        return format_time(datetime.combine(date.min, at), "HH:mm", locale=self._locale)


class OwnWords(Words):
    """One language in which a workspace has words of its own for some messages, as they stand."""

    def __init__(self, words: Words, own: Mapping[str, str]) -> None:
        self.__dict__.update(words.__dict__)
        self._own = own

    def __call__(self, key: str, **params: object) -> str:
        """The workspace's own text for `key`, where it has one."""
        own = self._own.get(key)
        return super().__call__(key, **params) if own is None else own


def language_of(locale: str | None) -> str:
    """The language that Baton speaks to somebody whose Slack says `locale` (`ru-RU`): English if in doubt."""
    language = (locale or "").replace("_", "-").split("-")[0].lower()
    return language if language in LANGUAGES else "en"


@cache
def words_for(language: str) -> Words:
    """The words of `language`; each catalogue is read once."""
    return Words(language)


def catalogue_paths(language: str) -> list[Path]:
    """The catalogues of `language`, one for each noun."""
    return sorted((LOCALES / language / "LC_MESSAGES").glob("*.po"))


def read_catalogue(language: str) -> Catalog:
    """All messages of `language` as one catalogue; a test sees to it that no key stands in two files."""
    whole = Catalog(locale=language)
    for path in catalogue_paths(language):
        with path.open("rb") as source:
            for message in read_po(source, locale=language, abort_invalid=True):
                if message.id:
                    whole[message.id] = message
    return whole


def _compiled(language: str) -> gettext.GNUTranslations:
    """Compile the catalogues on the spot: a `.mo` in the repository would sooner or later say something old."""
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
