"""Reads a line of `/log`: what somebody typed, as entries to store, a question to ask back, or a verb."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.activity.answers import ask_kind, judge_all
from bot.activity.claims import Claims
from bot.activity.draft import Draft, Situation
from bot.activity.entry import AskedBack, Problem, Reading
from bot.activity.grammar import Body, Opening, body, opening, segments
from bot.activity.limits import FIELD_OF, LONGEST_LINE
from bot.activity.vocabulary import STANDARD, TEXT_KINDS, VERBS, Vocabulary
from bot.activity.writing import write
from bot.reading.names import Known
from bot.reading.text import Line, fold, read_line

__all__ = ["read", "write"]

_MOST_KINDS_OFFERED = 4
_NO_KIND = ""


def read(text: str, *, now: datetime, language: str, known: Known, vocabulary: Vocabulary = STANDARD) -> Reading:
    """Read what stands behind `/log`. Pure and total: every string has a reading, none raises.

    Args:
        text: as Slack sends it, with its escapes.
        now: aware, in the zone of the person who typed.
        language: `en` or `ru`, for the example in an answer; both are understood in every line.
        known: the names that the `candidate_names` of this text found, and those that are close to a new one.
        vocabulary: what the workspace calls its kinds and outcomes.
    """
    if len(text) > LONGEST_LINE:
        problem = Problem("line_long", {"length": len(text), "limit": LONGEST_LINE})
        return AskedBack(problem, FIELD_OF[problem.code])
    line = read_line(text)
    verb = VERBS.get(" ".join(fold(line.text).split()))
    if verb:
        return verb
    situation = Situation(now, language, known, vocabulary)
    opened = opening(line, situation)
    return judge_all(_drafts(line, opened, situation), situation) if opened else _without_kind(line, situation)


def _drafts(line: Line, opened: Opening, situation: Situation) -> list[Draft]:
    """One draft for every kind in the line; what one of them leaves unsaid, the others say for it."""
    parts = body(line, opened.used, situation)
    drafts = [
        _draft(line, each, (first, last), parts, situation)
        for each, first, last in segments(line, opened, parts, situation)
    ]
    *others, last_one = [_completed(draft, drafts) for draft in drafts]
    return [*others, replace(last_one, note=parts.note or last_one.note, step=parts.step)]


def _draft(line: Line, kind: Opening, bounds: tuple[int, int], parts: Body, situation: Situation) -> Draft:
    places = tuple(place for place in parts.places if bounds[0] <= place.first < bounds[1])
    claims = Claims(line, bounds, places, situation)
    as_text = kind.kind in TEXT_KINDS and parts.note is None
    return claims.as_text(kind.kind, kind.count) if as_text else claims.as_draft(kind.kind, kind.count)


def _completed(draft: Draft, drafts: Iterable[Draft]) -> Draft:
    """`call and email Acme yesterday`: one day and one WHO for both."""
    dated = next((each for each in drafts if each.days), draft)
    named = next((each for each in drafts if each.who), draft)
    if not draft.days:
        draft = replace(draft, days=dated.days)
    if draft.who is None:
        draft = replace(draft, places=named.places, stranger=named.stranger, close=named.close)
    return draft


def _without_kind(line: Line, situation: Situation) -> AskedBack:
    """A line that begins with no kind we know: the nearest ones are offered, or one that stands further behind."""
    vocabulary, tokens = situation.vocabulary, line.tokens
    offered, first, last = vocabulary.near_kinds(tokens[0].plain), 0, 1
    if not offered:
        later, first, last = _kind_further_behind(line, vocabulary)
        offered = (later,) if later else tuple(term.code for term in vocabulary.kinds)[:_MOST_KINDS_OFFERED]
    rest = Line(line.text, tokens[:first] + tokens[last:])
    parts = body(rest, 0, situation)
    draft = _draft(rest, Opening(_NO_KIND, 1, 0), (parts.first, parts.last), parts, situation)
    return ask_kind(tokens[0].text, offered, replace(draft, note=parts.note, step=parts.step), situation)


def _kind_further_behind(line: Line, vocabulary: Vocabulary) -> tuple[str | None, int, int]:
    """The kind, and the tokens that name it; none stand for None."""
    words = [token.spoken for token in line.tokens]
    for n in range(len(words)):
        if line.tokens[n].is_dash:
            break
        if words[n] and (meant := vocabulary.kind_phrases.at(words, n)):
            return meant.code, n, n + meant.used
    return None, 0, 0
