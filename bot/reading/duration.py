"""Lengths of time as people type them: `15m`, `1h30`, `90 min`, `1,5 ч`, `1 ч 30 мин`, `полчаса`."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from bot.reading.numbers import read_number
from bot.reading.text import words_of

HOURS = words_of("h hr hrs hour hours ч час часа часов")
AGO = words_of("ago назад")
MINUTES = words_of("m min mins minute minutes м мин минута минуту минуты минут")
_IN_WORDS = {
    ("half", "an", "hour"): 30,
    ("half", "hour"): 30,
    ("an", "hour"): 60,
    ("полчаса",): 30,
    ("полтора", "часа"): 90,
    ("час",): 60,
}
_FIRST_WORDS = frozenset(words[0] for words in _IN_WORDS)
_GLUED = re.compile(r"(-?)([.,]?\d[\d.,]*)-?([a-zа-я]+)(?:(\d{1,2})([a-zа-я]*))?")
_CLOCKED = re.compile(r"(\d{1,2}):([0-5]\d)([a-zа-я]+)")
_AMOUNT = re.compile(r"(-?)([.,]?\d[\d.,]*)")
_MOST_MINUTES = Decimal(10**6)


class Length(NamedTuple):
    """`used` words that say a length of `minutes`: whole, as typed, so perhaps 0, negative or absurd."""

    used: int
    minutes: int


def read_length(words: Sequence[str], at: int) -> Length | None:
    """The length that begins at `words[at]` (folded words), or None: `2 hours ago` is none."""
    found = _length(words, at) if words[at] else None
    ago = found and at + found.used < len(words) and words[at + found.used] in AGO
    return None if ago else found


def _length(words: Sequence[str], at: int) -> Length | None:
    word = words[at]
    if word[0].isdigit() or word[0] in "-.,":
        return _glued(words, at) or _clocked(word) or _spaced(words, at)
    return _worded(words, at) if word in _FIRST_WORDS else None


def _worded(words: Sequence[str], at: int) -> Length | None:
    for phrase, minutes in _IN_WORDS.items():
        if tuple(words[at : at + len(phrase)]) == phrase:
            return Length(len(phrase), minutes)
    return None


def _glued(words: Sequence[str], at: int) -> Length | None:
    found = _GLUED.fullmatch(words[at])
    if not found:
        return None
    sign, amount, unit, rest, rest_unit = found.groups()
    minutes = _minutes(sign, amount, unit)
    if minutes is None:
        return None
    if rest is None:
        return _with_minutes(Length(1, minutes), words, at) if unit in HOURS else Length(1, minutes)
    if unit in HOURS and (rest_unit in MINUTES or not rest_unit):
        return Length(1, minutes + int(rest))
    return None


def _clocked(word: str) -> Length | None:
    found = _CLOCKED.fullmatch(word)
    if not found or found[3] not in HOURS:
        return None
    return Length(1, int(found[1]) * 60 + int(found[2]))


def _spaced(words: Sequence[str], at: int) -> Length | None:
    found = _AMOUNT.fullmatch(words[at])
    unit = words[at + 1] if at + 1 < len(words) else ""
    minutes = _minutes(found[1], found[2], unit) if found else None
    if minutes is None:
        return None
    length = Length(2, minutes)
    return _with_minutes(length, words, at) if unit in HOURS else length


def _with_minutes(hours: Length, words: Sequence[str], at: int) -> Length:
    """`hours` with the minutes that follow them: `1h 30m`, `1 ч 30`."""
    follows = at + hours.used
    word = words[follows] if follows < len(words) else ""
    if found := re.fullmatch(r"([0-5]?\d)([a-zа-я]*)", word):
        unit = words[follows + 1] if not found[2] and follows + 1 < len(words) else ""
        if found[2] in MINUTES or (not found[2] and unit in MINUTES):
            return Length(hours.used + (1 if found[2] else 2), hours.minutes + int(found[1]))
        if not found[2] and len(found[1]) == 2 and not unit:
            return Length(hours.used + 1, hours.minutes + int(found[1]))
    return hours


def _minutes(sign: str, amount: str, unit: str) -> int | None:
    factor = 60 if unit in HOURS else 1 if unit in MINUTES else None
    number = read_number(amount)
    if factor is None or number is None:
        return None
    minutes = min(number * factor, _MOST_MINUTES).quantize(Decimal(1), ROUND_HALF_UP)
    return -int(minutes) if sign else int(minutes)
