"""Numbers as people type them: `1,5`, `.5`, `24.000`, `24,000.50`."""

import re
from decimal import Decimal

_NUMBER = re.compile(r"(?:\d+|(?=[.,]))(?:[.,]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_MOST_DIGITS = 9


def read_number(text: str) -> Decimal | None:
    """Read a number without sign or unit, or None.

    A lone separator with exactly three digits after it groups (`24.000`), otherwise it is the decimal; with two
    kinds the last is the decimal.
    """
    if not _NUMBER.fullmatch(text):
        return None
    point = max(text.rfind("."), text.rfind(","))
    mark = text[point] if point >= 0 else ""
    both = "." in text and "," in text
    if point < 0 or (not both and _GROUPED.fullmatch(text)):
        return Decimal(_digits(text))
    if text.count(mark) > 1 or (both and not _GROUPED.fullmatch(text[:point])):
        return None
    return Decimal(f"{_digits(text[:point])}.{text[point + 1 :]}")


def whole(digits: str) -> int:
    """The whole number of a string of digits; one too long to be meant counts as the largest of ten digits."""
    return int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS


def _digits(text: str) -> str:
    return text.replace(".", "").replace(",", "")
