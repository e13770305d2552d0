"""What `/baton audit` is asked for: `@ana`, `last week`, `2026-11-01 - 2026-11-15`, `вчера`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.clock import week_of
from bot.reading.text import Token, read_line, words_of
from bot.reading.when import Look, read_day

Days = tuple[date, date]

_TO = words_of("- to until till through до по")
_FROM = words_of("from since on in for of the с со за на в во от")
_MINE = words_of("me my mine я мои моё мое меня мной")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose changes, and of which days; None for everybody's, and for all of them."""

    person_id: str | None = None
    days: Days | None = None


def read(text: str, reader_id: str, today: date) -> Asked | None:
    """What is asked for, on the reader's calendar, or None for what cannot be told: nothing is left out in silence."""
    tokens = read_line(text).tokens
    people = list(dict.fromkeys(token.user for token in tokens if token.user))
    words = [_word(token) for token in tokens if not token.user]
    if any(word in _MINE for word in words):
        people.append(reader_id)
        words = [word for word in words if word not in _MINE]
    words = words[next((at for at, word in enumerate(words) if word not in _FROM), len(words)) :]
    days = _days(words, today) if words else None
    if len(people) > 1 or (words and days is None):
        return None
    return Asked(people[0] if people else None, days)


def _word(token: Token) -> str:
    return "-" if token.is_dash else token.word


def _days(words: Sequence[str], today: date) -> Days | None:
    """The days that all of `words` mean."""
    period = _PERIODS.get(" ".join(words))
    if period:
        return period(today)
    cut = next((at for at, word in enumerate(words) if word in _TO), None)
    if cut is None:
        day = _day(words, today)
        return (day, day) if day else None
    last = _day(words[cut + 1 :], today)
    first = _day(words[:cut], today)
    if first and last and first > last:
        first = _day(words[:cut], last)  # `mon - fri` said on a Wednesday is the week before
    return (first, last) if first and last and first <= last else None


def _day(words: Sequence[str], today: date) -> date | None:
    found = read_day(words, 0, today, Look.BACK) if words else None
    return found.days[0] if found and found.used == len(words) and len(found.days) == 1 else None


def _last_week(today: date) -> Days:
    return week_of(today - timedelta(days=7))


def _this_month(today: date) -> Days:
    return today.replace(day=1), today


def _last_month(today: date) -> Days:
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


_PHRASES: dict[str, Callable[[date], Days]] = {
    "week, this week, неделя, неделю, эта неделя, эту неделю, этой неделе": week_of,
    "last week, past week, прошлая неделя, прошлую неделю, прошлой неделе": _last_week,
    "month, this month, месяц, этот месяц, этом месяце": _this_month,
    "last month, past month, прошлый месяц, прошлом месяце": _last_month,
}
_PERIODS = {phrase: period for phrases, period in _PHRASES.items() for phrase in phrases.split(", ")}
