"""The hours of somebody's week, and how people type them: `9-17:30`, `вс-чт 9-18`, `mon-thu 9-5, fri 9-3`."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from itertools import groupby
from typing import Any, NamedTuple

from bot.reading.text import fold
from bot.reading.when import WEEKDAYS

WEEK = tuple(range(7))
WORKDAYS, WEEKEND = WEEK[:5], WEEK[5:]

_NOON_HOUR = 12
_NOON = _NOON_HOUR * 60
_DAY = 2 * _NOON
_STORED_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Shift(NamedTuple):
    """The hours of one day on the wall; an `end` that is not after `start` is on the next day."""

    start: time
    end: time

    @property
    def is_overnight(self) -> bool:
        """Whether it ends on the day after the one that it starts on and belongs to."""
        return self.end <= self.start

    @property
    def middle(self) -> time:
        """Its half on the wall: of 09:00–17:30 it is 13:15, of a night perhaps a time of the next day."""
        start, end = _minute(self.start), _minute(self.end)
        return _time((start + end + _DAY * self.is_overnight) // 2)


@dataclass(frozen=True, slots=True)
class Hours:
    """The week of one person: seven shifts from Monday on, None for a day off.

    Raises:
        ValueError: when no day has a shift, the days are not seven, or a shift ends when it starts.
    """

    week: tuple[Shift | None, ...]

    def __post_init__(self) -> None:
        """See the class."""
        if len(self.week) != len(WEEK) or not any(self.week):
            raise ValueError(f"not the shifts of a week: {self.week}")
        if any(shift and shift.start == shift.end for shift in self.week):
            raise ValueError("a shift cannot end when it starts")

    @classmethod
    def of(cls, days: Mapping[int, tuple[time, time]]) -> "Hours":
        """The hours with these starts and ends by weekday (0 is Monday)."""
        return cls(tuple(Shift(*days[weekday]) if weekday in days else None for weekday in WEEK))

    @classmethod
    def from_json(cls, value: Any) -> "Hours":
        """The hours that `to_json` made this of.

        Raises:
            ValueError: when it made nothing of the kind.
        """
        if not isinstance(value, Mapping) or not value.keys() <= set(map(str, WEEK)):
            raise ValueError(f"not the hours of a week: {value!r}")
        return cls.of({int(weekday): _stored(shift) for weekday, shift in value.items()})

    def to_json(self) -> dict[str, list[str]]:
        """Plain JSON without the days off: `{"0": ["09:00", "17:30"], …}`."""
        return {
            str(weekday): [f"{shift.start:%H:%M}", f"{shift.end:%H:%M}"]
            for weekday, shift in enumerate(self.week)
            if shift
        }

    def spans(self) -> list[tuple[tuple[int, ...], time, time]]:
        """The weekdays in runs of equal hours, each with its start and end: for `Mon–Fri 09:00–17:30`.

        Days off part two runs, the end of the week does not: Sunday to Thursday is one.
        """
        changes = [day for day in WEEK if self.week[day] != self.week[day - 1]]
        first = min(changes, key=lambda day: self.week[day - 1] is not None, default=0)
        runs = groupby((*WEEK[first:], *WEEK[:first]), key=self.week.__getitem__)
        return [(tuple(days), shift.start, shift.end) for shift, days in runs if shift]


STANDARD = Hours.of(dict.fromkeys(WORKDAYS, (time(9), time(17, 30))))
"""What holds until somebody says otherwise."""


def read_hours(text: str) -> Hours:
    """The hours that a person typed, in English or Russian.

    They stand before or behind their days, several of them parted by commas. Hours without days come first and are
    for those from Monday to Friday that are not named otherwise. `9-5` ends at 17:00, `22-6` on the next day.

    Raises:
        ValueError: when it cannot be read for certain: nothing, unknown words, `25:00`, an end that is the start,
            a day with two different hours, days without hours.
    """
    parts = _joined(_clauses(text))
    named = {day for part in parts for day in part.days}
    if parts and not parts[0].days:
        parts[0].days = [day for day in WORKDAYS if day not in named]
    if not parts or not all(part.days for part in parts):
        raise ValueError(f"no hours, or hours for no day: {text!r}")
    week: dict[int, Shift] = {}
    for part in parts:
        for day in part.days:
            if week.setdefault(day, part.shift) != part.shift:
                raise ValueError(f"weekday {day} has two different hours: {text!r}")
    return Hours.of(week)


def _stored(shift: Any) -> tuple[time, time]:
    if not (isinstance(shift, Sequence) and len(shift) == 2 and all(map(_is_stored_time, shift))):
        raise ValueError(f"not the hours of a day: {shift!r}")
    return time.fromisoformat(shift[0]), time.fromisoformat(shift[1])


def _is_stored_time(at: Any) -> bool:
    return isinstance(at, str) and _STORED_TIME.fullmatch(at) is not None


_PLURAL = "понедельникам вторникам средам четвергам пятницам субботам воскресеньям"
_SETS = {
    "every day|everyday|each day|daily|ежедневно|каждый день|без выходных": WEEK,
    "weekdays|weekday|workdays|working days|будни|будням|будние дни|будним дням|рабочие дни|рабочим дням": WORKDAYS,
    "weekends|weekend|выходные|выходным": WEEKEND,
}
_DAYS: dict[str, tuple[int, ...]] = {
    **{word: (weekday,) for word, weekday in WEEKDAYS.items()},
    **{word: (weekday,) for weekday, word in enumerate(_PLURAL.split())},
    **{words: days for line, days in _SETS.items() for words in line.split("|")},
}
_NAME = f"(?:{'|'.join(sorted(_DAYS, key=len, reverse=True))})(?![^\\W\\d_])"
_TO = r"\s*(?:-|to|till|until|through|thru|до|по)\s*"
_HALF = r"[ap]\.?m\.?|утра|дня|вечера|ночи"


def _time_pattern(name: str) -> str:
    return rf"(?P<{name}_hour>\d{{1,2}})(?:[:.](?P<{name}_minute>\d\d))?(?:\s*(?P<{name}_half>{_HALF}))?"


_PIECE = re.compile(
    rf"(?P<shift>{_time_pattern('start')}{_TO}{_time_pattern('end')}(?![\w:]))"
    rf"|(?P<first>{_NAME})(?:\.?{_TO}(?P<last>{_NAME}))?"
    r"|(?P<comma>[,;\n&+]|(?:and|и)\b)"
    r"|(?:from|at|on|each|every|со?|во?|по|от|кажд(?:ый|ую|ое))\b|[:.()]|[^\S\n]+(?:-\s)?"
)


@dataclass(slots=True)
class _Part:
    """Hours and the days that they are for, which stand before or behind them."""

    shift: Shift
    days_first: bool
    days: list[int] = field(default_factory=list)


_Piece = Shift | list[int]


def _clauses(text: str) -> Iterator[list[_Piece]]:
    """What stands between commas: hours and days as they follow each other."""
    line, at = fold(text), 0
    clause: list[_Piece] = []
    while at < len(line):
        found = _PIECE.match(line, at)
        if not found:
            raise ValueError(f"not hours: {text!r}")
        at = found.end()
        if found["comma"]:
            yield clause
            clause = []
        elif found["shift"]:
            clause.append(_shift(found))
        elif found["first"]:
            clause.append(_days(found["first"], found["last"]))
    yield clause


def _joined(clauses: Iterable[list[_Piece]]) -> list[_Part]:
    """Days and hours brought together across commas: `mon, wed, fri 9-13`, `9-13 mon, wed, fri`, `mon-fri, 9-17`."""
    said: list[_Part] = []
    waiting: list[int] = []
    for clause in clauses:
        parts = _parts(clause)
        if not parts and said and not said[-1].days:
            said[-1].days += _days_in(clause)
        elif not parts:
            waiting += _days_in(clause)
        elif waiting:
            _take(parts[0], waiting, after=said)
            waiting = []
        said += parts
    if waiting:
        if not said or said[-1].days_first:
            raise ValueError("days without hours")
        said[-1].days += waiting
    return said


def _parts(clause: Sequence[_Piece]) -> list[_Part]:
    """The hours in one clause with their days: all stand before their hours, or all behind them."""
    if not any(isinstance(piece, Shift) for piece in clause):
        return []
    days_first = not isinstance(clause[0], Shift)
    parts: list[_Part] = []
    for piece in reversed(clause) if days_first else clause:
        if isinstance(piece, Shift):
            parts.append(_Part(piece, days_first))
        elif not parts:
            raise ValueError("days behind the last hours")
        else:
            parts[-1].days += piece
    if len(parts) > 1 and not all(part.days for part in parts):
        raise ValueError("hours for no day")
    return parts[::-1] if days_first else parts


def _take(part: _Part, waiting: Iterable[int], *, after: Sequence[_Part]) -> None:
    """Give `part` the days that stand before it behind a comma, unless those before them may have meant them too."""
    is_certain = (part.days_first or not part.days) and (not after or after[-1].days_first)
    if not is_certain:
        raise ValueError("days between two hours")
    part.days += waiting
    part.days_first = True


def _days_in(clause: Iterable[_Piece]) -> list[int]:
    return [day for piece in clause if not isinstance(piece, Shift) for day in piece]


def _days(first: str, last: str | None) -> list[int]:
    """The days from one name to another, over the end of the week if need be: `вс-чт`."""
    if last is None:
        return list(_DAYS[first])
    start, end = _DAYS[first][0], _DAYS[last][-1]
    return [(start + further) % len(WEEK) for further in range((end - start) % len(WEEK) + 1)]


def _shift(found: re.Match[str]) -> Shift:
    start = _minutes(found["start_hour"], found["start_minute"], found["start_half"])
    end = _minutes(found["end_hour"], found["end_minute"], found["end_half"])
    if found["end_half"] and not found["start_half"] and _is_of_twelve(found["start_hour"]):
        same = start % _NOON + _NOON * (end >= _NOON)
        start = same if same < end else (same + _NOON) % _DAY  # `1-5pm` is both pm, `9-5pm` is not
    elif not found["end_half"] and _is_of_twelve(found["end_hour"]) and _is_early(found, start, end):
        end += _NOON  # `9-5`
    return Shift(_time(start), _time(end))


def _is_early(found: re.Match[str], start: int, end: int) -> bool:
    """Whether the end, said without its half of the day, is one of the afternoon."""
    is_of_twelve = bool(found["start_half"]) or int(found["start_hour"]) <= _NOON_HOUR
    return is_of_twelve and end < start < end + _NOON


def _is_of_twelve(hour: str) -> bool:
    return not hour.startswith("0") and int(hour) <= _NOON_HOUR


def _minutes(hour: str, minute: str | None, half: str | None) -> int:
    """Minutes from midnight; 24:00 is the end of the day."""
    hours, minutes = int(hour), int(minute or 0)
    if half and not 1 <= hours <= _NOON_HOUR:
        raise ValueError(f"no such hour: {hour} {half}")
    if half:
        hours = hours % _NOON_HOUR + _NOON_HOUR * (half[0] in "pдв")
    total = hours * 60 + minutes
    if minutes > 59 or total > _DAY:
        raise ValueError(f"no such time: {hour}:{minute}")
    return total


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
