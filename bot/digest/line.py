"""Reads a line of `/digest`: which week, whose, or when it is to come. Pure and total.

A period without its year is looked for in the past: nobody asks for a week that has not begun.
"""

from dataclasses import dataclass, field
from datetime import date, time

from bot.digest.said import Board, Decide, DigestLine, Help, Overview, Show, Whose
from bot.digest.vocabulary import BOARD, DIGEST_OF, FILLERS, HELP, LAST, OFF, ON, PERIODS, THIS, WHEN, WHOSE
from bot.quota.period_line import Said, read_period
from bot.quota.periods import Kind, Period, following, period_of
from bot.reading.asked import Problem, Unclear
from bot.reading.phrases import phrase_at
from bot.reading.text import read_line
from bot.reading.when import WEEKDAYS, Look, read_time

LONGEST_LINE = 300


@dataclass
class _Found:
    periods: list[tuple[Said, str]] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    is_last: bool = False
    whose: Whose | None = None
    switch: bool | None = None
    asks_when: bool = False
    asks_board: bool = False
    is_this: bool = False
    weekday: int | None = None
    at: time | None = None
    is_no_time: bool = False
    rest: list[str] = field(default_factory=list)


def read(text: str, today: date, first_month: int = 1) -> DigestLine:
    """What a line behind `/digest` says. Every string has a reading.

    Args:
        text: as Slack sends it.
        today: the day in the workspace's zone.
        first_month: of the fiscal year, 1 to 12.
    """
    if len(text) > LONGEST_LINE:
        return Unclear(None, Problem("line_long", {"length": len(text), "limit": LONGEST_LINE}), "last")
    words = [token.spoken for token in read_line(text).tokens]
    if len(words) <= 2 and any(word in HELP for word in words):
        return Help()
    found = _scan(words, today, first_month)
    if found.rest:
        return Unclear(_understood(found), Problem("words_unknown", {"text": " ".join(found.rest)}), "last")
    if found.asks_board:
        return _board(found, today)
    if found.asks_when:
        return Overview()
    decides = found.switch is not None or found.weekday is not None or found.at is not None or found.is_no_time
    return _decided(found) if decides else _shown(found, today, first_month)


def _scan(words: list[str], today: date, first_month: int) -> _Found:
    found, at = _Found(), 0
    while at < len(words):
        at += _take(found, words, at, today, first_month)
    return found


def _take(found: _Found, words: list[str], at: int, today: date, first_month: int) -> int:
    """Take what begins at a word; returns how many words that are."""
    word = words[at]
    period = None if word in THIS | LAST and at + 1 == len(words) else _period(words, at, today, first_month)
    whose, kind = phrase_at(WHOSE, words, at), phrase_at(PERIODS, words, at)
    clock = read_time(words, at)
    used = 1
    if word in WEEKDAYS:
        found.weekday = WEEKDAYS[word]
    elif clock and (found.switch or found.weekday is not None):
        found.at, found.is_no_time, used = clock.at, clock.at is None, clock.used
    elif period:
        found.periods.append((period, " ".join(words[at : at + period.used])))
        used = period.used
    elif kind:
        found.kinds.append(kind[0])
        used = kind[1]
    elif whose:
        found.whose, used = whose
    else:
        _take_word(found, word)
    return used


def _take_word(found: _Found, word: str) -> None:
    """Take a word that says something by itself."""
    if word in ON | OFF:
        found.switch = word in ON
    elif word in BOARD:
        found.asks_board = True
    elif word in WHEN:
        found.asks_when = True
    elif word in LAST:
        found.is_last = True
    elif word in THIS:
        found.is_this = True
    elif word not in FILLERS:
        found.rest.append(word or "…")


def _period(words: list[str], at: int, today: date, first_month: int) -> Said | None:
    found = read_period(words, today, at=at, first_month=first_month, look=Look.BACK)
    return found if found and not _is_bare_week(words[at : at + found.used]) else None


def _is_bare_week(words: list[str]) -> bool:
    """`week` alone is what a digest is about anyway."""
    return len(words) == 1 and words[0] in FILLERS


def _board(found: _Found, today: date) -> DigestLine:
    """A leaderboard is one of a week, and comes when it comes."""
    if found.switch is not None:
        return Board(is_shown=found.switch)
    weeks = [each for said, _ in found.periods for each in said.periods]
    is_week = [each.kind for each in weeks] == [Kind.WEEK] if found.periods else True
    if not is_week or found.kinds not in ([], [Kind.WEEK]):
        return Unclear(_understood(found), Problem("only_weeks"), f"leaderboard {_last_week(today).name}")
    if weeks and weeks[0].first > today:
        return Unclear(_understood(found), Problem("ahead", {"text": weeks[0].name}), "leaderboard")
    return Board(weeks[0] if weeks else period_of(Kind.WEEK, today) if found.is_this else None)


def _shown(found: _Found, today: date, first_month: int) -> DigestLine:
    if len(found.periods) + len(found.kinds) > 1:
        return Unclear(_understood(found), Problem("two_periods"), "2026-W46")
    if not found.periods:
        running = period_of(found.kinds[0] if found.kinds else Kind.WEEK, today, first_month)
        return Show(following(running, first_month, by=-1) if found.is_last else running, found.whose)
    said, text = found.periods[0]
    if len(said.periods) != 1:
        code = "period_ambiguous" if said.periods else "period_unread"
        names = ", ".join(each.name for each in said.periods)
        return Unclear(_understood(found), Problem(code, {"text": text, "names": names}), _example(said, today))
    if said.periods[0].first > today:
        return Unclear(_understood(found), Problem("ahead", {"text": said.periods[0].name}), "last")
    return Show(said.periods[0], found.whose)


def _example(said: Said, today: date) -> str:
    return said.periods[0].name if said.periods else _last_week(today).name


def _last_week(today: date) -> Period:
    return following(period_of(Kind.WEEK, today), by=-1)


def _decided(found: _Found) -> DigestLine:
    if found.is_no_time:
        return Unclear(_understood(found), Problem("time_missing"), "on mon 08:30")
    digest = DIGEST_OF[found.whose] if found.whose else None
    is_on = found.switch is not False
    if found.kinds or found.periods:
        return Unclear(_understood(found), Problem("nothing_on"), "on mon 08:30")
    return Decide(is_on, digest, found.weekday if is_on else None, found.at if is_on else None)


def _understood(found: _Found) -> str | None:
    said = [
        *(["leaderboard"] if found.asks_board else []),
        *([found.whose.value] if found.whose else []),
        *(text for _, text in found.periods),
        *(["last"] if found.is_last else []),
    ]
    return " ".join(said) or None
