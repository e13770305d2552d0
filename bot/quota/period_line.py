"""Periods as people type them, in English and Russian: `2026-Q4`, `q4`, `4 кв`, `W48`, `nov`, `fy2027`, `last month`.

Reads folded words (see `bot.reading.text`) from a place on, the longest name first.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from bot.quota import periods
from bot.quota.periods import Kind, Period, following, period_of
from bot.reading.when import MONTHS, Look
from bot.workspace.fiscal import MONTHS_IN_QUARTER

_MOST_WORDS = 5
_CENTURY = 2000
_NEAR = 5
_SOON = timedelta(weeks=4)

_FISCAL = r"fy|фг|fiscal year|fiscal|фин\.? год|финансовый год"
_YEAR = rf"(?:(?:(?P<fiscal>{_FISCAL}) ?'?|')(?P<short>\d{{4}}|\d\d)|(?P<year>\d{{4}}))(?: ?(?:г|год|года|году)\.?)?"
_ORDINAL = r"(?:-?(?:й|ый|ий|ой|я|ая|ю|st|nd|rd|th))?"
_BETWEEN = r"(?: of| в)?[ ./-]?"
_QUARTER = (
    rf"(?:(?:q|qtr|quarter|кв|квартал)\.? ?(?P<quarter>\d{{1,2}}|i{{1,3}}|iv)"
    rf"|(?P<quarter_first>\d{{1,2}}|i{{1,3}}|iv){_ORDINAL} ?(?:q|qtr|quarter|кв|квартал(?:а|е|у)?)\.?)"
)
_WEEK = (
    r"(?:(?:w|wk|cw|week|н|нед|неделя|неделю|недели)\.? ?(?P<week>\d{1,2})"
    rf"|(?P<week_first>\d{{1,2}}){_ORDINAL} ?(?:нед|недел[яюи])\.?)"
)
_IN_MONTH = "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре"
_MONTHS = {**MONTHS, **{word: number for number, word in enumerate(_IN_MONTH.split(), 1)}}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"

_KINDS = {
    Kind.WEEK: r"week|недел[яюие]",
    Kind.MONTH: r"month|месяц[ае]?",
    Kind.QUARTER: r"quarter|qtr|квартал[ае]?",
    Kind.YEAR: r"year|fiscal year|fy|год[ау]?",
}
_STEPS = {
    -1: r"last|previous|past|прошл(?:ый|ая|ую|ое|ого|ой|ом)|предыдущ(?:ий|ая|ую|его|ей|ем)",
    0: r"this|current|эт(?:от|а|у|о|ого|ой|ом)|текущ(?:ий|ая|ую|его|ей|ем)",
    1: r"next|следующ(?:ий|ая|ую|его|ей|ем)|след\.?",
}


class Said(NamedTuple):
    """The periods that `used` words may mean: one; none if there is no such one (`2026-Q5`); two if it is open which.

    Which is open in a workspace whose fiscal year does not begin in January: `2026-Q4` may be the fourth quarter of its
    year that ends in 2026, or the last one of the calendar's.
    """

    used: int
    periods: tuple[Period, ...]


def read_period(
    words: Sequence[str], today: date, *, at: int = 0, first_month: int = 1, look: Look = Look.AHEAD
) -> Said | None:
    """What words from a place on say of a period, or None if they speak of none.

    Args:
        words: folded; "" is one that must not be read.
        today: in the workspace's zone.
        at: the place of the first word.
        first_month: of the fiscal year, 1 to 12.
        look: where a period without its year is looked for, the current one first: ahead for a target that is set, back
            for one that is asked about, but for the weeks of the next four.
    """
    until = next((end for end in range(at, len(words)) if not words[end]), len(words))
    asked = _Asked(today, first_month, look)
    for used in range(min(_MOST_WORDS, until - at), 0, -1):
        said = " ".join(words[at : at + used]).strip(",;:!?()")
        for pattern, meant in _PATTERNS:
            found = pattern.fullmatch(said)
            if found and not _is_far(said, found, today):
                return Said(used, meant(asked, found))
    return None


class _Asked(NamedTuple):
    today: date
    first_month: int
    look: Look

    def nearest(self, kind: Kind, of: Callable[[int], Period | None]) -> tuple[Period, ...]:
        """The current or next one of a year to year, or the current or last."""
        year = int(period_of(kind, self.today, self.first_month).name.removeprefix("FY")[:4])
        for step in range(2):
            found = of(year + step * self.look.value)
            if found and (found.last >= self.today if self.look is Look.AHEAD else found.first <= self.today):
                return (found,)
        return ()


def _quarter(asked: _Asked, found: re.Match[str]) -> tuple[Period, ...]:
    number = _number(found["quarter"] or found["quarter_first"])
    said = _year_said(found)
    if said is None:
        return asked.nearest(Kind.QUARTER, lambda year: periods.quarter(year, number, asked.first_month))
    fiscal = periods.quarter(said, number, asked.first_month)
    if found["fiscal"] or fiscal is None:
        return _those(fiscal)
    calendar = periods.month(said, MONTHS_IN_QUARTER * (number - 1) + 1)
    assert calendar is not None
    of_calendar = period_of(Kind.QUARTER, calendar.first, asked.first_month)
    return _those(fiscal, of_calendar if of_calendar.first == calendar.first else None)


def _week(asked: _Asked, found: re.Match[str]) -> tuple[Period, ...]:
    """A week that is about to come has its targets already, so it is asked about before it has begun."""
    number, said = int(found["week"] or found["week_first"]), _year_said(found)
    if said is None:
        coming = asked._replace(look=Look.AHEAD).nearest(Kind.WEEK, lambda year: periods.week(year, number))
        if coming and coming[0].first - asked.today <= _SOON:
            return coming
        return asked.nearest(Kind.WEEK, lambda year: periods.week(year, number))
    return _those(periods.week(said, number))


def _month(asked: _Asked, found: re.Match[str]) -> tuple[Period, ...]:
    said, number = _year_said(found), _MONTHS[found["month"]]
    if said is None:
        return asked.nearest(Kind.MONTH, lambda year: periods.month(year, number))
    return _those(periods.month(said, number))


def _numeric_month(_asked: _Asked, found: re.Match[str]) -> tuple[Period, ...]:
    return _those(periods.month(int(found["year"]), int(found["month"])))


def _year(asked: _Asked, found: re.Match[str]) -> tuple[Period, ...]:
    said = _year_said(found)
    assert said is not None
    ends = periods.year(said, asked.first_month)
    begins = None if found["fiscal"] or asked.first_month == 1 else periods.year(said + 1, asked.first_month)
    return _those(ends, begins if ends else None)


def _step(kind: Kind, by: int) -> Callable[[_Asked, re.Match[str]], tuple[Period, ...]]:
    def meant(asked: _Asked, _found: re.Match[str]) -> tuple[Period, ...]:
        return (following(period_of(kind, asked.today, asked.first_month), asked.first_month, by=by),)

    return meant


def _those(*found: Period | None) -> tuple[Period, ...]:
    """Those that there are, each once."""
    return tuple(dict.fromkeys(period for period in found if period))


def _year_said(found: re.Match[str]) -> int | None:
    said = found.groupdict()
    digits = said.get("short") or said.get("year")
    if not digits:
        return None
    return int(digits) if len(digits) > 2 else _CENTURY + int(digits)


def _is_far(said: str, found: re.Match[str], today: date) -> bool:
    """Whether the year is a word of its own, or stands before a point, and is so far away that it is a number: the 2000
    of `calls 2000 q4`, the 1000.5 of `what-if 1000.5`.
    """
    year = found.groupdict().get("year")
    return bool(year and year in (*said.split(), said.partition(".")[0]) and abs(int(year) - today.year) > _NEAR)


def _number(said: str) -> int:
    return int(said) if said.isdecimal() else {"i": 1, "ii": 2, "iii": 3, "iv": 4}[said]


def _with_year(name: str) -> list[str]:
    """A name with its year before it, behind it, or without one."""
    return [f"{_YEAR}{_BETWEEN}{name}", f"{name}{_BETWEEN}{_YEAR}", name]


_PATTERNS = [
    *((re.compile(text), _quarter) for text in _with_year(_QUARTER)),
    *((re.compile(text), _week) for text in _with_year(_WEEK)),
    *((re.compile(text), _month) for text in _with_year(_MONTH)),
    (re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})"), _numeric_month),
    (re.compile(r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})"), _numeric_month),
    (re.compile(_YEAR), _year),
    *(
        (re.compile(rf"(?:{step}) (?:{names})" if by else rf"(?:(?:{step}) )?(?:{names})"), _step(kind, by))
        for kind, names in _KINDS.items()
        for by, step in _STEPS.items()
    ),
]
