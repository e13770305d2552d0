"""Until when a lead is nurtured, as it is typed: `until 15 jan`, `for 2 months`, `через месяц`. Pure."""

from calendar import monthrange
from datetime import date, timedelta

from bot.reading.asked import Problem
from bot.reading.names import Known
from bot.reading.numbers import whole
from bot.reading.subject import places_in
from bot.reading.text import Line, words_of
from bot.reading.when import DUE, Day, Look, read_day

MOST_DAYS_AHEAD = 2 * 365
_FOR = words_of("for на")
_MONTHS = words_of("month months месяц месяца месяцев")


def until_at(
    line: Line, at: int, stop: int, known: Known, today: date
) -> tuple[int, int, tuple[date, ...] | None] | None:
    """Where the day stands, and the days that it may be: None if the words behind "until" say none."""
    words = [token.plain for token in line.tokens[:stop]]
    for place in places_in(line, at, stop, known):
        words[place.first : place.last] = [""] * (place.last - place.first)
    marked = [n for n in range(at, stop) if words[n] in DUE]
    for n in marked:
        if found := _day(words, n, today):
            return n, n + found.used, found.days
    for n in range(at, stop):
        if words[n] and (found := _day(words, n, today)) and (n > at or n + found.used < stop):
            return n, n + found.used, found.days
    return (marked[-1], stop, None) if marked and marked[-1] + 1 < stop else None


def day_problem(said: str, behind: str, days: tuple[date, ...] | None, today: date) -> Problem | None:
    """What is wrong with the days that `said` may be; `behind` is what stands behind its first word."""
    if days is None:
        return Problem("day_unread", {"text": behind}) if behind else Problem("day_missing")
    if not days:
        return Problem("day_impossible", {"text": said})
    if len(days) > 1:
        return Problem("day_ambiguous", {"text": said, "days": days})
    furthest = today + timedelta(days=MOST_DAYS_AHEAD)
    if days[0] <= today:
        return Problem("day_past", {"day": days[0]})
    return Problem("day_far", {"day": days[0], "last": furthest}) if days[0] > furthest else None


def _day(words: list[str], at: int, today: date) -> Day | None:
    found = read_day(words, at, today, Look.AHEAD)
    if found:
        return found
    if words[at] not in _FOR and words[at] not in ("in", "через"):
        return None
    count = words[at + 1] if at + 1 < len(words) else ""
    used = 3 if count.isdecimal() or count == "a" else 2
    unit = words[at + used - 1] if at + used <= len(words) else ""
    if unit in _MONTHS:
        return Day(used, (_months_later(today, whole(count) if count.isdecimal() else 1),))
    turned = [*words[:at], "in", *words[at + 1 :]]
    return read_day(turned, at, today, Look.AHEAD)


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    year, month = divmod(day.month - 1 + min(months, 1200), 12)
    year = min(day.year + year, 9999)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
