"""Reads what stands behind `away`: `until fri`, `13:00-15:00`, `1 dec - 5 dec vacation`, `завтра с 13 до 15`."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from bot.absence.marks import At, Figure, Joint, Lasting, Mark, On, Period, Scanned, scan
from bot.absence.rules import Asked, Away, Problem, Reading, check
from bot.absence.vocabulary import VERBS, Half, Sign
from bot.reading.text import Line, fold, read_line

LONGEST_LINE = 1_000
_LATELY = timedelta(days=62)
"""A first day without its year may be this long ago: `1 nov - 30 nov`, said in the middle of November."""

_Kind = TypeVar("_Kind")


def mentioned(text: str) -> tuple[str, ...]:
    """The Slack ids of the people whom the line names in front of its note."""
    tokens = read_line(text).tokens
    dash = next((n for n, token in enumerate(tokens) if token.is_dash), len(tokens))
    return tuple(dict.fromkeys(token.user for token in tokens[:dash] if token.user))


def read(text: str, now: datetime) -> Reading:
    """Read what stands behind `away`. Pure and total: every string has a reading, none raises.

    Args:
        text: as Slack sends it, with its escapes.
        now: aware, in the zone of the person who will be away.
    """
    if len(text) > LONGEST_LINE:
        return Asked(Problem("line_long", {"length": len(text), "limit": LONGEST_LINE}))
    line, people = read_line(text), mentioned(text)
    verb = VERBS.get(" ".join(fold(_without_mentions(line)).split()))
    if verb:
        return verb
    found = scan(line, now.date())
    person = people[0] if people else None
    try:
        away = replace(_understood(found, people, now), kind=found.kind, note=found.note, person_id=person)
    except _Doubt as doubt:
        return Asked(doubt.problem, found.kind, found.note, person)
    problem = check(away, now)
    return Asked(problem, found.kind, found.note, person) if problem else away


def _without_mentions(line: Line) -> str:
    return " ".join(token.text for token in line.tokens if not token.user)


class _Doubt(Exception):
    """Something must be asked first."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.problem = Problem(code, params)


def _understood(found: Scanned, people: Sequence[str], now: datetime) -> Away:
    if len(people) > 1:
        raise _Doubt("several_people")
    if found.unknown:
        raise _Doubt("not_understood", words=", ".join(found.unknown))
    _check_marks(found.marks)
    if Joint.TO not in found.marks:
        return _without_end(found.marks, now)
    cut = found.marks.index(Joint.TO)
    left, right = _side(found.marks[:cut]), _side(found.marks[cut + 1 :])
    if not left.says_something:
        return _until(right, now)
    return _between(left, right, now)


def _check_marks(marks: Sequence[Mark]) -> None:
    """No day, or two possible ones; no such time; the ends of several absences."""
    for mark in marks:
        if isinstance(mark, On) and not mark.days:
            raise _Doubt("no_such_day")
        if isinstance(mark, On) and len(mark.days) > 1:
            raise _Doubt("two_days", days=mark.days)
        if isinstance(mark, At) and mark.at is None:
            raise _Doubt("no_such_time")
    if marks.count(Joint.TO) > 1:
        raise _Doubt("several_spans")


@dataclass(frozen=True, slots=True)
class _Side:
    """What stands on one side of "until", or in the whole line."""

    on: On | None = None
    at: At | None = None
    figure: Figure | None = None
    period: Period | None = None
    half: Half | None = None
    lasting: Lasting | None = None
    all_day: bool = False
    is_start: bool = False

    @property
    def says_something(self) -> bool:
        """Whether there is more than a "from"."""
        return self != _Side(is_start=self.is_start)

    @property
    def names_date(self) -> bool:
        """Whether it names a date, and no more."""
        return self.on is not None and self.on.weekday is None and self.at is None and self.figure is None

    @property
    def bare_number(self) -> int | None:
        """Its number, if it says nothing else and that is no hour."""
        alone = self.figure and self.on is None and self.at is None and not self.figure.is_hour
        return self.figure.number if self.figure and alone else None

    @property
    def named(self) -> date:
        """The date that it names."""
        assert self.on is not None
        return self.on.days[0]

    def day(self, base: date) -> date | None:
        """Its day; a weekday is the nearest from `base` on, `base` included."""
        if self.on is None:
            return None
        if self.on.weekday is None:
            return self.on.days[0]
        start = self.period.first if self.period else base
        return start + timedelta(days=(self.on.weekday - start.weekday()) % 7)


def _side(marks: Sequence[Mark]) -> _Side:
    if Sign.SOME_HALF in marks and not any(isinstance(mark, Half) for mark in marks):
        raise _Doubt("which_half")
    return _Side(
        _only(marks, On),
        _only(marks, At),
        _only(marks, Figure),
        _only(marks, Period),
        _only(marks, Half),
        _only(marks, Lasting),
        Sign.ALL_DAY in marks,
        Joint.FROM in marks,
    )


def _only(marks: Sequence[Mark], kind: type[_Kind]) -> _Kind | None:
    found = list(dict.fromkeys(mark for mark in marks if isinstance(mark, kind)))
    if len(found) > 1:
        raise _Doubt("several_spans")
    return found[0] if found else None


def _without_end(marks: Sequence[Mark], now: datetime) -> Away:
    """A day, half of one, a week, a length; nothing else says by itself when it ends."""
    side = _side(marks)
    day = side.day(now.date())
    if side.lasting and not side.figure:
        return _lasting(day, side, side.lasting, now)
    if side.at or side.figure or side.is_start:
        raise _Doubt("no_end")
    if side.half:
        return Away(day or now.date(), day or now.date(), half=side.half)
    if day or side.all_day:
        return Away(day or now.date(), day or now.date())
    if side.period:
        return Away(side.period.first, side.period.last)
    raise _Doubt("no_end")


def _lasting(day: date | None, side: _Side, length: Lasting, now: datetime) -> Away:
    """`for 3 days`: the first of them included. `for 2 hours`: from now on, or from the time said."""
    first = day or now.date()
    if not length.minutes:
        last = _months_later(first, length.months) + timedelta(days=length.days - 1)
        return Away(first, last, side.at.at if side.at else None)
    if length.minutes < 0 or (day and not side.at):
        raise _Doubt("no_end")
    at = side.at.at if side.at else None
    start = datetime.combine(first, at, now.tzinfo) if at else now.replace(microsecond=0)
    end = (start.astimezone(UTC) + timedelta(minutes=length.minutes)).astimezone(now.tzinfo)
    return Away(first, end.date(), start.time(), end.time())


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one: 31 January and a month is 28 February."""
    year, month = divmod(day.month - 1 + months, 12)
    return date(day.year + year, month + 1, min(day.day, monthrange(day.year + year, month + 1)[1]))


def _until(side: _Side, now: datetime) -> Away:
    """From now on, to the end of a day, to a time, or to the week that begins the return."""
    today, day = now.date(), side.day(now.date())
    if side.half or side.lasting:
        raise _Doubt("not_clear")
    if day is None and side.figure and side.figure.is_day:
        day = _next_such_day(side.figure.number, today)
    elif side.figure and side.at is None:
        side = replace(side, at=_hour(side.figure))
    if side.period and day is None:
        back = side.period.first - timedelta(days=1)
        return Away(today, side.period.last if side.period.first == today else back, from_now=True)
    if day is None and side.at is None and not side.all_day:
        raise _Doubt("no_end")
    return Away(today, day or today, end=side.at.at if side.at else None, from_now=True)


def _between(left: _Side, right: _Side, now: datetime) -> Away:
    """From here to there; what one side leaves out, the other says for it."""
    if left.half or right.half or left.lasting or right.lasting:
        raise _Doubt("not_clear")
    left, right = _figures(left, right)
    first = left.day(now.date())
    last = right.day(first or now.date()) or (right.period.last if right.period else None)
    start, end = left.at and left.at.at, right.at and right.at.at
    if first is None and left.period:
        first = left.period.first
    if last is None and end is None and not right.all_day:
        raise _Doubt("no_end")
    if first is None:
        first = _first_day(start, end, last, now.date())
    last = last or first
    return Away(_this_year(first, last, now.date()), last, start, end)


def _first_day(start: time | None, end: time | None, last: date | None, today: date) -> date:
    """The day of a start that is only a time: that of the end, if both are times of one day; today otherwise."""
    return last if last and start and end and start < end else today


def _this_year(first: date, last: date, today: date) -> date:
    """`1 nov - 30 nov` in the middle of November began in this one, not in the next."""
    if first <= last or first < today or (first.month, first.day) == (2, 29):
        return first
    earlier = first.replace(year=first.year - 1)
    return earlier if today - _LATELY <= earlier <= today else first


def _figures(left: _Side, right: _Side) -> tuple[_Side, _Side]:
    """Bare numbers are days of the month that the other side names (`24-28 dec`), else hours (`13-15`)."""
    number = left.bare_number
    if number is not None and right.names_date:
        return replace(left, on=On((_day_before(number, right.named),))), right
    number = right.bare_number
    if number is not None and left.names_date and number > left.named.day:
        return left, replace(right, on=On((_in_month(left.named, number),)))
    end = right.at or (_hour(right.figure) if right.figure else None)
    start = left.at or (_hour(left.figure) if left.figure else None)
    if left.figure and start and end and end.is_pm:
        start = _also_pm(start, end)
    return replace(left, at=start), replace(right, at=end)


def _also_pm(start: At, end: At) -> At:
    """`2-4pm` begins in the afternoon as well, `11-2pm` does not."""
    later = start.at.replace(hour=start.at.hour + 12) if start.at and start.at.hour < 12 else None
    return At(later) if later and end.at and later < end.at else start


def _hour(figure: Figure) -> At:
    if figure.number > 23 or figure.is_day:
        raise _Doubt("no_such_time")
    return At(time(figure.number))


def _in_month(day: date, number: int) -> date:
    if not 1 <= number <= monthrange(day.year, day.month)[1]:
        raise _Doubt("no_such_day")
    return day.replace(day=number)


def _day_before(number: int, last: date) -> date:
    """The day `number` of the month of `last`, or of the month before if it comes later in that."""
    if number <= last.day:
        return _in_month(last, number)
    return _in_month(last.replace(day=1) - timedelta(days=1), number)


def _next_such_day(number: int, today: date) -> date:
    """The nearest day of this number, today included: `until the 15th`."""
    month = today.replace(day=1) if number >= today.day else _months_later(today.replace(day=1), 1)
    return _in_month(month, number)
