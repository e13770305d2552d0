"""Days and times as people type them, in English and Russian: `yesterday`, `fri`, `31 oct`, `след вт`, `14:30`, `9am`.

All functions read folded words (see `bot.reading.text`) from a place on, and answer how many of them they used.
A word that must not be read (quoted, or already understood) stands as "".
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import NamedTuple

from bot.reading.duration import AGO, HOURS, MINUTES, read_length
from bot.reading.numbers import whole
from bot.reading.text import words_of


class Look(Enum):
    """Which way a weekday, or a date without its year, is meant."""

    BACK = -1
    """To what happened: the last one, today included."""
    AHEAD = 1
    """To what is to come: the next weekday, today excluded; the next such date, today included."""


class Day(NamedTuple):
    """The days that `used` words may mean: one; none if there is no such day; two if `03/04` leaves it open."""

    used: int
    days: tuple[date, ...]


class Time(NamedTuple):
    """The time that `used` words mean; None if there is no such time."""

    used: int
    at: time | None


class Moment(NamedTuple):
    """A day to come, and perhaps its hour. `days` as in `Day`; `said_no_such_time` for `25:00`."""

    used: int
    days: tuple[date, ...]
    at: time | None = None
    said_no_such_time: bool = False


def _table(text: str) -> dict[str, int]:
    """`0 mon monday, 1 tue`: a number, then the words that mean it."""
    table: dict[str, int] = {}
    for row in text.split(","):
        number, *words = row.split()
        table.update(dict.fromkeys(words, int(number)))
    return table


OFFSETS = _table(
    "0 today tdy сегодня, -1 yesterday yday ystd вчера, -2 позавчера,"
    "1 tomorrow tmrw tmr tmw tomorow tommorow tommorrow завтра, 2 послезавтра"
)
WEEKDAYS = _table(
    "0 mon monday mondays пн пон понедельник понедельника понедельнику,"
    "1 tue tues tuesday tuesdays вт вторник вторника вторнику,"
    "2 wed weds wednesday wednesdays wensday ср среда среду среды среде,"
    "3 thu thur thurs thursday thursdays чт четверг четверга четвергу,"
    "4 fri friday fridays пт пятница пятницу пятницы пятнице,"
    "5 sat saturday saturdays сб суббота субботу субботы субботе,"
    "6 sun sunday sundays вс воскресенье воскресенья воскресенью"
)
MONTHS = _table(
    "1 jan january янв январь января, 2 feb february фев февр февраль февраля, 3 mar march мар март марта,"
    "4 apr april апр апрель апреля, 5 may май мая, 6 jun june июн июнь июня, 7 jul july июл июль июля,"
    "8 aug august авг август августа, 9 sep sept september сен сент сентябрь сентября,"
    "10 oct october окт октябрь октября, 11 nov november ноя нояб ноябрь ноября, 12 dec december дек декабрь декабря"
)
_UNITS = _table("1 day days день дня дней, 7 week weeks неделя неделю недели недель")
_SINGLE_UNITS = words_of("day день week неделя неделю")
_NUMBERS = _table(
    "1 a one один одну, 2 two couple два две пару, 3 three три, 4 four четыре, 5 five пять, 6 six шесть,"
    "7 seven семь, 8 eight восемь, 9 nine девять, 10 ten десять"
)
_UNREAD_NUMBERS = words_of(
    "half every eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty "
    "sixty seventy eighty ninety hundred одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать "
    "семнадцать восемнадцать девятнадцать двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят "
    "девяносто сто"
)
_SPANS = (
    words_of("second seconds month months year years месяц месяца месяцев год года лет полчаса")
    | words_of("an few several some of many полтора несколько")
    | HOURS
    | MINUTES
    | _UNITS.keys()
    | _NUMBERS.keys()
    | _UNREAD_NUMBERS
)
_SPAN_FIGURE = re.compile(r"[.,]?\d[\d.,]*[a-zа-я]*")
_WEEKS = words_of("week неделя неделю неделе")
_MONTH = words_of("month месяц месяце")
_LAST = words_of("last past прошлый прошлую прошлая прошлое прошлого прошлой")
_THIS = words_of("this этот эту эта это этой")
_NEXT = words_of("next следующий следующую следующая следующее следующего следующей следующем след")
_IN = words_of("in через")
_MOST_MINUTES_AHEAD = 48 * 60
_ON = words_of("on в во на за")
DUE = words_of("by until till до к ко")
"""Words in front of a day that is still to come."""
_AT = words_of("at @ в во к ко")
_O_CLOCK = words_of("o'clock час часа часов")
_PHRASES = {("day", "before", "yesterday"): -2, ("day", "after", "tomorrow"): 2}
_NOONS = {"noon": time(12), "полдень": time(12)}

_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_SHORT = re.compile(r"(\d{1,2})([/.])(\d{2}|(?<=/)\d)")
_OF_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|го)?")
_YEAR = re.compile(r"\d{4}")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})([ap]\.?m)?")
_HOUR = re.compile(r"(\d{1,2})([ap]\.?m)?")
_HALF_DAYS = {"am": "am", "a.m": "am", "pm": "pm", "p.m": "pm", "утра": "am", "вечера": "pm"}

_STARTS = _LAST | _THIS | _NEXT | _IN | _WEEKS | _MONTH | {*_NUMBERS, *OFFSETS, *WEEKDAYS, *MONTHS, *_UNITS}
_COUNTED = HOURS | MINUTES | _UNITS.keys() | MONTHS.keys()

MEANINGS = {
    word: f"{name} {number}"
    for name, table in (("offset", OFFSETS), ("weekday", WEEKDAYS), ("month", MONTHS))
    for word, number in table.items()
}
"""What each word of days and months means, to tell whether two of them mean the same."""


def read_day(words: Sequence[str], at: int, today: date, look: Look) -> Day | None:
    """The day that begins at `words[at]`, perhaps behind a preposition, or None.

    `today` is the person's own. Dates without a year are the nearest in the direction of `look`.
    """
    skipped = int(_word(words, at) in _ON or (look is Look.AHEAD and _word(words, at) in DUE))
    found = _bare_day(words, at + skipped, today, look)
    return Day(found.used + skipped, found.days) if found else None


def read_unclear_ago(words: Sequence[str], at: int) -> Day | None:
    """A span of time ago that names no day, for words that `read_day` had no use for: `2 hours ago`, `a month ago`."""
    end = at
    while _word(words, end) in _SPANS or _SPAN_FIGURE.fullmatch(_word(words, end)):
        end += 1
    return Day(end + 1 - at, ()) if end > at and _word(words, end) in AGO else None


def read_time(words: Sequence[str], at: int) -> Time | None:
    """The time of day that begins at `words[at]`, or None: `14:30`, `9am`, `at 9`, `в 10`, `9 утра`, `noon`."""
    word = _word(words, at)
    if word in _NOONS:
        return Time(1, _NOONS[word])
    if word in _AT:
        found = _numeric_time(words, at + 1, said_at=True)
        return Time(found.used + 1, found.at) if found else None
    return _numeric_time(words, at, said_at=False) if word[:1].isdigit() else None


def read_moment(words: Sequence[str], at: int, now: datetime) -> Moment | None:
    """A day to come with or without its time, in either order, that begins at `words[at]`, or None.

    A time alone is the next one of the clock: later today, or else tomorrow.
    """
    if moment := _in_a_while(words, at, now):
        return moment
    used, day, clock = 0, None, None
    for _ in range(2):
        if day is None and (day := read_day(words, at + used, now.date(), Look.AHEAD)):
            used += day.used
        elif clock is None and (clock := read_time(words, at + used)):
            used += clock.used
    if clock is None:
        return Moment(used, day.days) if day else None
    days = day.days if day else (_next_of(clock.at, now),)
    return Moment(used, days, clock.at, said_no_such_time=clock.at is None)


def _next_of(at: time | None, now: datetime) -> date:
    return now.date() + timedelta(days=int(at is not None and at <= now.time()))


def _in_a_while(words: Sequence[str], at: int, now: datetime) -> Moment | None:
    """`in 2 hours`, `через 15 минут`, `через час`: up to two days ahead."""
    length = read_length(words, at + 1) if _word(words, at) in _IN and at + 1 < len(words) else None
    if length is None or not 0 < length.minutes <= _MOST_MINUTES_AHEAD:
        return None
    then = (now.astimezone(UTC) + timedelta(minutes=length.minutes)).astimezone(now.tzinfo)
    return Moment(length.used + 1, (then.date(),), time(then.hour, then.minute))


def _bare_day(words: Sequence[str], at: int, today: date, look: Look) -> Day | None:
    word = _word(words, at)
    if word[:1].isdigit():
        return _numeric_day(word, today, look) or _day_of_month(words, at, today, look) or _ago(words, at, today)
    if word not in _STARTS:
        return None
    return (
        _relative(words, at, today)
        or _weekday(words, at, today, look)
        or _turned(words, at, today, look)
        or _month_first(words, at, today, look)
        or _ahead(words, at, today, look)
        or _ago(words, at, today)
    )


def _relative(words: Sequence[str], at: int, today: date) -> Day | None:
    if words[at] in OFFSETS:
        return Day(1, (today + timedelta(days=OFFSETS[words[at]]),))
    for phrase, offset in _PHRASES.items():
        if tuple(words[at : at + len(phrase)]) == phrase:
            return Day(len(phrase), (today + timedelta(days=offset),))
    return None


def _weekday(words: Sequence[str], at: int, today: date, look: Look) -> Day | None:
    weekday = WEEKDAYS.get(words[at])
    if weekday is None:
        return None
    for way in (look, *Look) if _word(words, at + 1) not in WEEKDAYS else ():
        dated = _bare_day(words, at + 1, today, way)
        if dated and [day.weekday() for day in dated.days] == [weekday]:
            return Day(dated.used + 1, dated.days)  # `Fri 13 Nov`: one day said twice, so it is that Friday
    return Day(1, (_last_one(weekday, today) if look is Look.BACK else _next_one(weekday, today),))


def _last_one(weekday: int, today: date) -> date:
    return today - timedelta(days=(today.weekday() - weekday) % 7)


def _next_one(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _turned(words: Sequence[str], at: int, today: date, look: Look) -> Day | None:
    """A weekday with its direction: `last fri`, `this fri`, `следующий вторник`; and `next week`, `next month`."""
    word, following = words[at], _word(words, at + 1)
    weekday = WEEKDAYS.get(following)
    if weekday is None:
        day = _next_start(following, today) if word in _NEXT else None
        return Day(2, (day,)) if day else None
    if word in _LAST:
        return Day(2, (_last_one(weekday, today - timedelta(days=1)),))
    if word in _NEXT or (word in _THIS and look is Look.AHEAD):
        return Day(2, (_next_one(weekday, today),))
    return Day(2, (_last_one(weekday, today),)) if word in _THIS else None


def _next_start(unit: str, today: date) -> date | None:
    if unit in _WEEKS:
        return _next_one(0, today)
    if unit in _MONTH:
        return date(today.year + today.month // 12, today.month % 12 + 1, 1)
    return None


def _ahead(words: Sequence[str], at: int, today: date, look: Look) -> Day | None:
    """`in 3 days`, `через неделю`, and behind a word that means "next" also `week` alone."""
    if words[at] in _IN:
        count = _word(words, at + 1)
        number, used = (whole(count), 3) if count.isdecimal() else (1, 3 if count == "a" else 2)
        unit = _UNITS.get(_word(words, at + used - 1))
        return Day(used, (today + timedelta(days=number * unit),)) if unit and number <= 366 else None
    day = _next_start(words[at], today) if look is Look.AHEAD else None
    return Day(1, (day,)) if day else None


def _ago(words: Sequence[str], at: int, today: date) -> Day | None:
    """`3 days ago`, `two days ago`, `a couple of days ago`, `a week ago`, `неделю назад`."""
    if at > 0 and words[at - 1] in _UNREAD_NUMBERS:
        return None  # `twenty two days ago` is not two
    number, used = _counted(words, at)
    unit = _UNITS.get(_word(words, at + used))
    if not unit or _word(words, at + used + 1) not in AGO or number > 366:
        return None
    if not used and words[at] not in _SINGLE_UNITS:
        return None  # `several days ago` is not yesterday
    return Day(used + 2, (today - timedelta(days=number * unit),))


def _counted(words: Sequence[str], at: int) -> tuple[int, int]:
    """The number that `words[at]` begins, in figures or a word, and the words it takes: 1 and none without a number."""
    if words[at].isdecimal():
        return whole(words[at]), 1
    start = at + int(words[at] == "a" and _word(words, at + 1) == "couple")
    if words[start] not in _NUMBERS:
        return 1, 0
    return _NUMBERS[words[start]], start + 1 - at + int(_word(words, start + 1) == "of")


def _numeric_day(word: str, today: date, look: Look) -> Day | None:
    if found := _ISO.fullmatch(word):
        return _dated(1, int(found[1]), int(found[3]), int(found[4]))
    if found := _NUMERIC.fullmatch(word):
        year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
        return _either(found, lambda month, day: _dated(1, year, month, day).days)
    if (found := _SHORT.fullmatch(word)) and (found[2] == "/" or int(found[3]) <= 12):
        return _either(found, lambda month, day: _yearless(1, month, day, today, look).days)
    return None


def _either(found: re.Match[str], days_of: Callable[[int, int], tuple[date, ...]]) -> Day:
    """Day first; behind a slash or a dash also month first, so that `03/04` is two days."""
    first, second = int(found[1]), int(found[3])
    days = days_of(second, first)
    if found[2] != ".":
        days += tuple(day for day in days_of(first, second) if day not in days)
    return Day(1, days)


def _day_of_month(words: Sequence[str], at: int, today: date, look: Look) -> Day | None:
    """`31 oct`, `30 января 2026`."""
    found = _OF_MONTH.fullmatch(words[at])
    of = int(_word(words, at + 1) == "of")
    month = MONTHS.get(_word(words, at + 1 + of))
    return _with_year(words, at, 2 + of, (month, int(found[1])), today, look) if found and month else None


def _month_first(words: Sequence[str], at: int, today: date, look: Look) -> Day | None:
    """`oct 31`, `January 5th 2026`."""
    month = MONTHS.get(words[at])
    found = _OF_MONTH.fullmatch(_word(words, at + 1)) if month else None
    return _with_year(words, at, 2, (month, int(found[1])), today, look) if found and month else None


def _with_year(words: Sequence[str], at: int, used: int, month_day: tuple[int, int], today: date, look: Look) -> Day:
    year = _word(words, at + used)
    if not _YEAR.fullmatch(year):
        return _yearless(used, *month_day, today, look)
    named = int(_word(words, at + used + 1) in ("г", "года"))
    return _dated(used + 1 + named, int(year), *month_day)


def _dated(used: int, year: int, month: int, day: int) -> Day:
    try:
        return Day(used, (date(year, month, day),))
    except ValueError:
        return Day(used, ())


def _yearless(used: int, month: int, day: int, today: date, look: Look) -> Day:
    years = (today.year, today.year - 1) if look is Look.BACK else (today.year, today.year + 1)
    for year in years:
        if days := _dated(used, year, month, day).days:
            passed = days[0] < today if look is Look.AHEAD else days[0] > today
            if not passed:
                return Day(used, days)
    return Day(used, ())


def _numeric_time(words: Sequence[str], at: int, *, said_at: bool) -> Time | None:
    word, following = _word(words, at), _word(words, at + 1)
    half = _HALF_DAYS.get(following)
    if found := _CLOCK.fullmatch(word):
        own = found[3]
        if "." in word[:3] and not (said_at or own or half):
            return None  # `10.30` is a number until `at`, `в` or `am` makes it a time
        return _clock(int(found[1]), int(found[2]), own, half)
    found = _HOUR.fullmatch(word)
    if found and (found[2] or half):
        return _clock(int(found[1]), 0, found[2], half)
    if found and said_at and (following in _O_CLOCK or following not in _COUNTED):
        return Time(1 + int(following in _O_CLOCK), _clock(int(found[1]), 0, None, None).at)
    return None


def _clock(hour: int, minute: int, own: str | None, half: str | None) -> Time:
    """`own` is the am or pm glued to the number, `half` the one in the next word."""
    used = 1 if own or not half else 2
    morning = own.replace(".", "") if own else half
    if morning:
        hour = hour % 12 + 12 * (morning == "pm") if 1 <= hour <= 12 else 24
    try:
        return Time(used, time(hour, minute))
    except ValueError:
        return Time(used, None)


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""
