"""Cuts a line into its parts: the kind in front, what stands behind it in any order, the note, the next step.

[3] KIND … - NOTE next WHEN WHAT
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.activity.draft import Situation, Step
from bot.activity.vocabulary import AND, FOLLOW_UPS, TEXT_KINDS
from bot.reading.duration import read_length
from bot.reading.names import Place, find_names
from bot.reading.numbers import whole
from bot.reading.text import Line
from bot.reading.when import read_moment

_COUNT = re.compile(r"(-?)(\d+)x?")


class Opening(NamedTuple):
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
    counted = _COUNT.fullmatch(words[0])
    place = 1 if counted and len(words) > 1 else 0
    meant = situation.vocabulary.kind_phrases.at(words, place)
    if meant is None and not any(found.first == place for found in find_names(line.tokens[:8], situation.known)):
        meant = situation.vocabulary.kind_at(words, place) if words[place] else None
    if meant is None:
        return None
    return Opening(meant.code, _count(counted) if place else 1, place + meant.used)


def body(line: Line, first: int, situation: Situation) -> Body:
    """What stands behind the kind, from token `first` on."""
    tokens = line.tokens
    dash = next((n for n in range(first, len(tokens)) if tokens[n].is_dash), len(tokens))
    words = [token.plain for token in tokens]
    places = find_names(tokens[first:dash], situation.known)
    named = {n + first for place in places for n in range(place.first, place.last)}
    last, step = dash, None
    for n in (n for n in range(first, dash) if words[n] in FOLLOW_UPS and n not in named):
        if step := _step(line, words[:dash], n, situation):
            last = n
            break
    note, later = _note(line, words, dash, situation, step)
    places = find_names(tokens[first:last], situation.known)
    moved = tuple(Place(place.first + first, place.last + first, place.names) for place in places)
    return Body(first, last, moved, note, later)


def segments(line: Line, opened: Opening, parts: Body, situation: Situation) -> Iterator[tuple[Opening, int, int]]:
    """The body, cut where another kind begins: `3 calls and 2 emails`. Yields each kind with its bounds."""
    words = [token.plain for token in line.tokens[: parts.last]]
    for place in parts.places:
        words[place.first : place.last] = [""] * (place.last - place.first)
    kind, start = opened, parts.first
    n = parts.first
    while n < parts.last and not (opened.kind in TEXT_KINDS and parts.note is None):
        following = _another_kind(words, n, situation)
        if following:
            yield kind, start, n
            kind, start = following, n + following.used
        n += following.used if following else 1
    yield kind, start, parts.last


def _note(
    line: Line, words: Sequence[str], dash: int, situation: Situation, step: Step | None
) -> tuple[str | None, Step | None]:
    """The note, up to the last valid `next WHEN WHAT` in it, unless the step stood before the note already."""
    end = len(words)
    for n in range(end - 1, dash, -1) if step is None else ():
        if words[n] in FOLLOW_UPS:
            found = _step(line, words, n, situation)
            if found and found.what and found.when.days and not found.when.said_no_such_time:
                return line.said(dash + 1, n) or None, found
    return line.said(dash + 1, end) or None, step


def _step(line: Line, words: Sequence[str], place: int, situation: Situation) -> Step | None:
    when = read_moment(words, place + 1, situation.now)
    if when is None:
        return None
    what = place + 1 + when.used
    return Step(line.said(place + 1, what), when, line.said(what, len(words)))


def _another_kind(words: Sequence[str], place: int, situation: Situation) -> Opening | None:
    """Another kind at `place`: behind "and", or with its count."""
    joined = place + (words[place] in AND)
    counted = _COUNT.fullmatch(words[joined]) if joined < len(words) else None
    at = joined + (1 if counted else 0)
    if at == place or at >= len(words) or not words[at] or read_length(words, joined):
        return None
    vocabulary = situation.vocabulary
    outcome = vocabulary.outcome_phrases.at(words, at)
    forgiving = counted and joined > place
    meant = vocabulary.kind_at(words, at) if forgiving else vocabulary.kind_phrases.at(words, at)
    if meant is None or (outcome and outcome.used > meant.used):
        return None
    return Opening(meant.code, _count(counted), at + meant.used - place)


def _count(found: re.Match[str] | None) -> int:
    if found is None:
        return 1
    return -whole(found[2]) if found[1] else whole(found[2])
