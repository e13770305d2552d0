"""Cuts a line into its parts: the kind in front, what stands behind it in any order, the note, the next step.

[3] KIND … - NOTE next WHEN WHAT
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.activity.draft import Situation, Step
from bot.activity.vocabulary import AND, ARTICLES, FOLLOW_UPS, TEXT_KINDS
from bot.reading.duration import read_length
from bot.reading.names import Place, find_names
from bot.reading.numbers import whole
from bot.reading.text import Line
from bot.reading.when import read_moment

_MOST_KINDS = 5
_COUNT = re.compile(r"(-?)(\d+)x?")


@dataclass(frozen=True, slots=True)
class Opening:
    """`used` words that begin a line: how many of which kind."""

    kind: str
    count: int
    used: int


class Body(NamedTuple):
    """A line behind its kind: tokens `first` to `last` in any order, the known names in them, note and step."""

    first: int
    last: int
    places: tuple[Place, ...]
    note: str | None
    step: Step | None


def opening(line: Line, situation: Situation) -> Opening | None:
    """The kind that the line begins with, perhaps with a count before it."""
    words = [token.spoken for token in line.tokens[:8]]
    count = _count(words[0])
    place = 0 if count is None or len(words) == 1 else 1
    meant = situation.vocabulary.kind_phrases.at(words, place)
    if meant is None and not any(found.first == place for found in find_names(line.tokens[:8], situation.known)):
        meant = situation.vocabulary.kind_at(words, place) if words[place] else None
    if meant is None:
        return None
    return Opening(meant.code, count if count is not None and place else 1, place + meant.used)


def body(line: Line, first: int, situation: Situation) -> Body:
    """What stands behind the kind, from token `first` on."""
    tokens = line.tokens
    dash = next((n for n in range(first, len(tokens)) if tokens[n].is_dash), len(tokens))
    words = [token.plain for token in tokens]
    places = _places(line, first, dash, situation)
    for n in range(first, dash):
        step = _step(line, words[:dash], n, situation) if words[n] in FOLLOW_UPS else None
        if step and not _is_name(n, places, words, step):
            note = line.said(dash + 1, len(tokens)) or None
            return Body(first, n, _places(line, first, n, situation), note, step)
    return Body(first, dash, places, *_note(line, words, dash, situation))


def _is_name(n: int, places: Sequence[Place], words: Sequence[str], step: Step) -> bool:
    """Whether the follow-up word at `n` is, or is a part of, a known name; "Next" alone is none before WHEN WHAT."""
    place = next((place for place in places if place.first <= n < place.last), None)
    if place is None:
        return False
    alone = place.last - place.first == 1 and words[n + 1] not in FOLLOW_UPS
    return not (alone and _is_whole(step))


def _is_whole(step: Step) -> bool:
    """Whether it says a WHEN that there is, and a WHAT."""
    return bool(step.what and step.when.days) and not step.when.said_no_such_time


def _places(line: Line, first: int, last: int, situation: Situation) -> tuple[Place, ...]:
    found = find_names(line.tokens[first:last], situation.known)
    return tuple(Place(place.first + first, place.last + first, place.names) for place in found)


def segments(line: Line, opened: Opening, parts: Body, situation: Situation) -> Iterator[tuple[Opening, int, int]]:
    """The body, cut where another kind begins: `3 calls and 2 emails`. Yields each kind with its bounds."""
    words = [token.plain for token in line.tokens[: parts.last]]
    for place in parts.places:
        words[place.first : place.last] = [""] * (place.last - place.first)
    kind, start = opened, parts.first
    n, left = parts.first, 0 if opened.kind in TEXT_KINDS and parts.note is None else _MOST_KINDS - 1
    while n < parts.last and left:
        following = _another_kind(words, n, situation)
        if following:
            yield kind, start, n
            kind, start, left = following, n + following.used, left - 1
        n += following.used if following else 1
    yield kind, start, parts.last


def _note(line: Line, words: Sequence[str], dash: int, situation: Situation) -> tuple[str | None, Step | None]:
    """The note, up to the last valid `next WHEN WHAT` in it."""
    for n in range(len(words) - 1, dash, -1):
        step = _step(line, words, n, situation) if words[n] in FOLLOW_UPS else None
        if step and _is_whole(step):
            return line.said(dash + 1, n) or None, step
    return line.said(dash + 1, len(words)) or None, None


def _step(line: Line, words: Sequence[str], place: int, situation: Situation) -> Step | None:
    when = read_moment(words, place + 1, situation.now)
    if when is None:
        return None
    what = place + 1 + when.used
    return Step(line.said(place + 1, what), when, line.said(what, len(words)))


def _another_kind(words: Sequence[str], place: int, situation: Situation) -> Opening | None:
    """Another kind at `place`: behind "and", or with its count."""
    joined = words[place] in AND
    start = place + joined
    count = _count(words[start]) if start < len(words) else None
    if not joined and (count is None or words[start] in ARTICLES):
        return None
    at = start + (count is not None)
    if at >= len(words) or not words[at] or read_length(words, start):
        return None
    vocabulary = situation.vocabulary
    outcome = vocabulary.outcome_phrases.at(words, at)
    meant = (vocabulary.kind_at if joined and count else vocabulary.kind_phrases.at)(words, at)
    if meant is None or (outcome and outcome.used > meant.used):
        return None
    return Opening(meant.code, 1 if count is None else count, at + meant.used - place)


def _count(word: str) -> int | None:
    """How many the word says: `3`, `3x`, `-3`, `a`; None if it says no number."""
    if word in ARTICLES:
        return 1
    found = _COUNT.fullmatch(word)
    if found is None:
        return None
    return -whole(found[2]) if found[1] else whole(found[2])
