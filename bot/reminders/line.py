"""How people type what they decide about reminders: `daily 15:00`, `week off`, `follow-ups 15 min`, `quiet 20-7`."""

import re
from dataclasses import dataclass
from datetime import time

from bot.reading.duration import read_length
from bot.reading.text import fold
from bot.reading.when import read_time
from bot.reminders.rules import Kind, Quiet

KINDS = {
    Kind.DAILY: "daily day activity calls ежедневное ежедневные ежедневно день дневное дневные активность звонки",
    Kind.FOLLOW_UP: "follow-up follow-ups followup followups follow up ups step steps next"
    " шаг шаги следующий следующие",
    Kind.WEEK_AHEAD: "week weekly week-ahead monday неделя недели неделю еженедельно понедельник",
    Kind.TRAINING: "training trainings learning обучение обучения обучении курсы",
}
_KIND = {word: kind for kind, words in KINDS.items() for word in words.split()}
_OFF = frozenset("off mute stop no none выкл выключить выключи отключить отключи откл стоп нет без".split())
_ON = frozenset("on unmute yes вкл включить включи да".split())
_ALL = frozenset("all everything все всё".split())
_QUIET = frozenset("quiet silent тихо тихие тихих тишина".split())
_FILLERS = frozenset(
    "at in from before hours ahead my the reminder reminders"
    " в во за на с со до часы часов план срока мои шаги напоминания напоминание".split()
)
_DOTTED = re.compile(r"(?<=\d)\.(?=\d\d)")
_SPAN = re.compile(r"\s*(?:-|to|until|till|до|по)\s*")

EARLY = (0, 5, 10, 15, 30, 60)
"""Minutes before a follow-up that somebody can choose."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a line says of one kind (None: of all): another time, minutes before, on or off; or quiet hours, or that
    there are to be none (`is_loud`).
    """

    kind: Kind | None = None
    at: time | None = None
    early: int | None = None
    is_on: bool | None = None
    quiet: Quiet | None = None
    is_loud: bool = False


def read(text: str) -> Decided | None:
    """Read a line; None where it says nothing that can be decided."""
    words = fold(text).replace(",", " ").rstrip(".! ").split()
    if not _QUIET.isdisjoint(words):
        return _quiet([word for word in words if word not in _QUIET | _FILLERS - {"до"}])
    kinds = {_KIND[word] for word in words if word in _KIND}
    rest = [word for word in words if word not in _KIND and word not in _FILLERS and word not in _ALL]
    if len(kinds) > 1:
        return None
    kind = next(iter(kinds), None)
    if len(rest) == 1 and rest[0] in _OFF | _ON:
        return Decided(kind, is_on=rest[0] in _ON)
    return _moved(kind, rest)


def _moved(kind: Kind | None, rest: list[str]) -> Decided | None:
    """`15:00` for what comes by itself, `15 min` for what comes before its moment."""
    if not rest or kind in {None, Kind.TRAINING}:
        return None
    if kind is Kind.FOLLOW_UP:
        said = [*rest, "min"] if len(rest) == 1 and rest[0].isdecimal() else rest
        length = read_length(said, 0)
        fits = length and length.used == len(said) and length.minutes in EARLY
        return Decided(kind, early=length.minutes) if length and fits else None
    at = _time(" ".join(rest))
    return Decided(kind, at=at) if at else None


def _quiet(words: list[str]) -> Decided | None:
    if len(words) == 1 and words[0] in _OFF:
        return Decided(is_loud=True)
    ends = [_time(part) for part in _SPAN.split(" ".join(words)) if part]
    if len(ends) != 2 or None in ends or ends[0] == ends[1]:
        return None
    start, end = ends
    assert start is not None
    assert end is not None
    return Decided(quiet=Quiet(start, end))


def _time(text: str) -> time | None:
    words = _DOTTED.sub(":", text).split()
    if len(words) == 1 and words[0].isdecimal() and int(words[0]) < 24:
        return time(int(words[0]))
    found = read_time(words, 0) if words else None
    return found.at if found and found.used == len(words) else None
