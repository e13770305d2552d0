"""A new lead's line in its parts: what stands between commas and line breaks. Pure."""

import re
from collections.abc import Iterator

from bot.leads.vocabulary import LABELS
from bot.reading.names import Known
from bot.reading.subject import LEGAL_FORMS, places_in
from bot.reading.text import Line, Token, fold, keyed

_SEPARATOR = re.compile(r";|,(?!\d)|(?<!\d),")
_LABELLED = re.compile(r"([^\W\d_][\w.-]*)[:=](?=.)")


def parted(line: Line, first: int, end: int, known: Known) -> tuple[Line, list[tuple[int, int]]]:
    """The tokens from `first` up to `end`, cut where parts end, as a line of their own, and the bounds of its parts.

    A known name is one, whatever stands in it, and so is `Acme, Inc.`.
    """
    joined = {n for place in places_in(line, first, end, known) for n in range(place.first, place.last - 1)}
    parts: list[list[Token]] = [[]]
    for n in range(first, end):
        token = line.tokens[n]
        if n > first and "\n" in line.text[line.tokens[n - 1].end : token.start]:
            parts.append([])
        for piece in [token] if n in joined else _pieces(token):
            if piece is None:
                parts.append([])
            else:
                parts[-1].append(piece)
    tokens: list[Token] = []
    bounds = []
    for part in filter(None, parts):
        bounds.append((len(tokens), len(tokens) + len(part)))
        tokens += part
    cut = Line(line.text, tuple(tokens))
    return cut, _with_legal_form(cut, bounds)


def _with_legal_form(line: Line, parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """`Acme, Inc.` is one."""
    if len(parts) > 1 and all(token.spoken in LEGAL_FORMS for token in line.tokens[slice(*parts[1])]):
        return [(parts[0][0], parts[1][1]), *parts[2:]]
    return parts


def _pieces(token: Token) -> Iterator[Token | None]:
    """The token cut at its commas, and behind a label's colon; None where one part ends and another begins."""
    if token.quoted or token.user:
        yield token
        return
    at = 0
    for found in _SEPARATOR.finditer(token.text):
        yield from _unlabelled(token, at, found.start())
        yield None
        at = found.end()
    yield from _unlabelled(token, at, len(token.text))


def _unlabelled(token: Token, first: int, last: int) -> Iterator[Token]:
    found = _LABELLED.match(token.text, first, last)
    if found and fold(found[1]) in LABELS:
        yield _cut(token, first, found.end())._replace(word=fold(found[1]))
        first = found.end()
    if first < last:
        yield _cut(token, first, last)


def _cut(token: Token, first: int, last: int) -> Token:
    text = token.text[first:last]
    return Token(text, keyed(text), token.start + first, token.start + last)
