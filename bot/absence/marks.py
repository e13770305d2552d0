"""Cuts a line into marks: a day, a time, "from", "until", half a day, a length; and the kind and the note with them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import Enum
from typing import NamedTuple

from bot.absence.kinds import AbsenceKind
from bot.absence.vocabulary import (
    ALONE,
    AND,
    BEFORE_PHRASE,
    BEFORE_WEEKDAY,
    FOR,
    FROM,
    NUMBERS,
    O_CLOCK,
    TO,
    UNITS,
    Half,
    Sign,
    phrase_at,
)
from bot.clock import week_of
from bot.reading.duration import AGO, read_length
from bot.reading.numbers import whole
from bot.reading.text import Line
from bot.reading.when import OFFSETS, WEEKDAYS, Look, read_day, read_time

_ISO_DAY = r"\d{4}-\d{1,2}-\d{1,2}"
_GLUED = re.compile(rf"({_ISO_DAY}|[^-]+)-({_ISO_DAY}|[^-]+)")
_FIGURE = re.compile(r"(\d{1,2})(?:(h|ч)|(-?(?:st|nd|rd|th|го|е)))?")
_MOST_OF_A_UNIT = 400


class On(NamedTuple):
    """A day: one; none if there is no such day; two if `03/04` leaves it open. `weekday` if only that was named."""

    days: tuple[date, ...]
    weekday: int | None = None


class At(NamedTuple):
    """A time of day, None if there is no such time; `is_pm` if that was said."""

    at: time | None
    is_pm: bool = False


class Figure(NamedTuple):
    """A bare number: an hour or a day of the month, as its neighbours say; `5th` is a day, `15h` an hour."""

    number: int
    is_day: bool = False
    is_hour: bool = False


class Period(NamedTuple):
    """A week or a month."""

    first: date
    last: date


class Lasting(NamedTuple):
    """A length: `for 3 days`, `на два часа`."""

    days: int = 0
    months: int = 0
    minutes: int = 0


class Joint(Enum):
    """What follows is the start, or the end."""

    FROM = "from"
    TO = "to"


Point = On | At | Figure | Period
Mark = Point | Lasting | Half | Sign | Joint


@dataclass(slots=True)
class Scanned:
    """What a line says, mark by mark. `unknown` are the words that say nothing to us, as they were typed."""

    marks: list[Mark] = field(default_factory=list)
    kind: AbsenceKind | None = None
    unknown: list[str] = field(default_factory=list)
    note: str | None = None


class _Word(NamedTuple):
    """A folded word and the token that it is (a part of)."""

    word: str
    token: int


def scan(line: Line, today: date) -> Scanned:
    """The marks of a whole line; mentions are skipped, and a quoted text is the note."""
    words = [part for n, token in enumerate(line.tokens) for part in _parts(token.spoken, n)]
    return _Scanner(line, words, today).from_word(0)


def _parts(word: str, token: int) -> list[_Word]:
    """`13:00-15:00` and `mon-wed` are three words; `2026-12-24` and `day-off` are one."""
    found = _GLUED.fullmatch(word)
    if not found or not (found[1][0].isdigit() or found[1] in WEEKDAYS or found[1] in OFFSETS):
        return [_Word(word, token)]
    return [_Word(part, token) for part in (found[1], "to", found[2])]


class _Scanner:
    """Reads the words of one line, left to right."""

    def __init__(self, line: Line, words: Sequence[_Word], today: date) -> None:
        self._line = line
        self._tokens = [each.token for each in words]
        self._words = [each.word for each in words]
        self._today = today

    def from_word(self, start: int) -> Scanned:
        """What the words from `start` on say."""
        found, at = Scanned(), start
        while at < len(self._words):
            token = self._line.tokens[self._tokens[at]]
            if token.is_dash:
                return self._behind_dash(found, at)
            if token.quoted and found.note is None:
                found.note = token.text or None
            at += self._take(found, at) if not token.quoted and not token.user else 1
        return found

    def _behind_dash(self, found: Scanned, at: int) -> Scanned:
        """A dash stands between two points of time, or in front of the note."""
        rest = self.from_word(at + 1)
        starts = bool(rest.marks) and isinstance(rest.marks[0], Point)
        if starts and not rest.unknown and any(isinstance(mark, Point) for mark in found.marks):
            found.marks += [Joint.TO, *rest.marks]
            found.kind = found.kind or rest.kind
            found.note = found.note or rest.note
        else:
            said = self._line.said(self._tokens[at] + 1, len(self._line.tokens))
            found.note = said.strip() or found.note
        return found

    def _take(self, found: Scanned, at: int) -> int:
        """Put what begins at this word into `found`; how many words that took."""
        mark, used = self._mark(found.marks, at)
        if mark is not None:
            found.marks.append(mark)
            return used
        phrase = phrase_at(self._words, at)
        if phrase is None:
            if any(map(str.isalnum, self._words[at])):
                found.unknown.append(self._line.tokens[self._tokens[at]].text)
            return 1
        if isinstance(phrase.what, AbsenceKind):
            found.kind = found.kind or phrase.what
        return phrase.used

    def _mark(self, before: Sequence[Mark], at: int) -> tuple[Mark | None, int]:
        last = before[-1] if before else None
        return (
            (None if isinstance(last, Joint) else self._lasting(at))
            or self._phrase(last, at)
            or self._joint(before, at)
            or self._day(at)
            or self._time(at)
            or (None, 0)
        )

    def _phrase(self, last: Mark | None, at: int) -> tuple[Mark, int] | None:
        if self._words[at] in ("am", "pm") and isinstance(last, On):
            return Half.MORNING if self._words[at] == "am" else Half.AFTERNOON, 1
        led = int(self._words[at] in BEFORE_PHRASE and at + 1 < len(self._words))
        phrase = phrase_at(self._words, at + led)
        if phrase is None or isinstance(phrase.what, AbsenceKind) or phrase.what is Sign.SAYS_NOTHING:
            return None
        period = _period(phrase.what, self._today)
        return period or phrase.what, phrase.used + led

    def _joint(self, before: Sequence[Mark], at: int) -> tuple[Mark, int] | None:
        word = self._words[at]
        if word in FROM:
            return Joint.FROM, 1
        began = Joint.FROM in before and Joint.TO not in before and any(isinstance(mark, Point) for mark in before)
        return (Joint.TO, 1) if word in TO or (word in AND and began) else None

    def _lasting(self, at: int) -> tuple[Mark, int] | None:
        """`for 3 days`, `3 days`, `на неделю`, `2 hours`; a unit alone is a length behind "for"."""
        said = int(self._words[at] in FOR and at + 1 < len(self._words))
        number, used = _number(self._words[at + said])
        unit = UNITS.get(_word(self._words, at + said + used))
        if unit is None or not (said or used or self._words[at] in ALONE):
            length = read_length(self._words, at + said)
            return (Lasting(minutes=length.minutes), length.used + said) if length else None
        if _word(self._words, at + said + used + 1) in AGO or number > _MOST_OF_A_UNIT:
            return None
        length_of = {"hours": Lasting(minutes=60 * number), "days": Lasting(number), "weeks": Lasting(7 * number)}
        return length_of.get(unit, Lasting(months=number)), said + used + 1

    def _day(self, at: int) -> tuple[Mark, int] | None:
        found = read_day(self._words, at, self._today, Look.AHEAD)
        if found is None:
            return None
        said = self._words[at : at + found.used]
        plain = all(word in WEEKDAYS or word in BEFORE_WEEKDAY for word in said)
        weekday = next((WEEKDAYS[word] for word in said if word in WEEKDAYS), None) if plain else None
        return On(found.days, weekday), found.used

    def _time(self, at: int) -> tuple[Mark, int] | None:
        found = _FIGURE.fullmatch(self._words[at])
        clock = read_time(self._words, at)
        if clock:
            said = self._words[at : at + clock.used]
            return At(clock.at, is_pm=any(word.rstrip(".m").endswith("p") for word in said)), clock.used
        if not found:
            return None
        hour = bool(found[2]) or _word(self._words, at + 1) in O_CLOCK
        used = 1 + int(hour and not found[2])
        return Figure(int(found[1]), is_day=bool(found[3]), is_hour=hour), used


def _number(word: str) -> tuple[int, int]:
    """The number that a word says and the words it takes: one and none where it says no number."""
    if word.isdecimal():
        return whole(word), 1
    return (NUMBERS[word], 1) if word in NUMBERS else (1, 0)


def _period(sign: Half | Sign, today: date) -> Period | None:
    monday, sunday = week_of(today)
    month = today.replace(day=1)
    coming, after = _next_month(month), _next_month(_next_month(month))
    periods: dict[Half | Sign, Period] = {
        Sign.THIS_WEEK: Period(today, sunday),
        Sign.NEXT_WEEK: Period(monday + timedelta(days=7), sunday + timedelta(days=7)),
        Sign.THIS_MONTH: Period(today, coming - timedelta(days=1)),
        Sign.NEXT_MONTH: Period(coming, after - timedelta(days=1)),
    }
    return periods.get(sign)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""
