"""Reads who has a share of a deal out of a line of `/deal`: `split @ben 30 @cem 20`, `split none`. Pure."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from bot.deals.vocabulary import AND, BETWEEN, NOT_SPLIT, PERCENT, SPLIT
from bot.reading.phrases import phrase_at
from bot.reading.text import Token

_NUMBER = re.compile(r"(?P<number>-?\d{1,9}([.,]\d{1,9})?)(?P<sign>%?)", re.ASCII)
"""Of percent no mark groups thousands: 33.333 is a third."""


class Named(NamedTuple):
    """Somebody who is to have a share: their id, how they were typed, and how many percent (None: it does not say)."""

    person: str
    text: str
    share: Decimal | None


class Sharing(NamedTuple):
    """What a clause says: of whom but the owner how much; `handle` is a name that is no mention, as it was typed; where
    it is bare, nobody was named.
    """

    used: int
    named: tuple[Named, ...] = ()
    handle: str | None = None
    is_bare: bool = False


def read_sharing(tokens: Sequence[Token], words: Sequence[str], n: int) -> Sharing | None:
    """The clause that begins at token `n`, or None. `words` are the tokens that may be words of the command."""
    found = phrase_at(SPLIT, words, n)
    if found is None:
        return None
    at = _past(words, n + found[1], BETWEEN)
    if at >= len(words):
        return Sharing(at - n, is_bare=True)
    if nobody := phrase_at(NOT_SPLIT, words, at):
        return Sharing(at + nobody[1] - n)
    named, handle, end = list[Named](), None, at
    while (each := _one(tokens, words, _past(words, end, AND))) is not None:
        who, end = each
        if who.person:
            named.append(who)
        else:
            handle = handle or who.text
    return Sharing(end - n, tuple(named), handle) if end > at else Sharing(found[1], is_bare=True)


def _one(tokens: Sequence[Token], words: Sequence[str], at: int) -> tuple[Named, int] | None:
    """`@ben 40`, `@ben: 40 %`, `40% @ben`, and where it ends."""
    before = _share(words, at)
    start = _past(words, before[1], BETWEEN) if before else at
    if start >= len(words):
        return None
    token = tokens[start]
    is_handle = not token.quoted and token.text.startswith("@") and len(token.text) > 1
    if not (token.user or is_handle):
        return None
    end = start + 1
    if before is None:
        before = _share(words, _past(words, end, BETWEEN))
        end = before[1] if before else end
    return Named(token.user or "", token.text, before[0] if before else None), end


def _share(words: Sequence[str], at: int) -> tuple[Decimal, int] | None:
    """A number of percent, with or without its sign, and where it ends."""
    word = words[at] if at < len(words) else ""
    said = _NUMBER.fullmatch(word)
    if said is None:
        return None
    end = at + 1
    if not said["sign"] and end < len(words) and words[end] in PERCENT:
        end += 1
    return Decimal(said["number"].replace(",", ".")), end


def _past(words: Sequence[str], at: int, fillers: frozenset[str]) -> int:
    while at < len(words) and words[at] in fillers:
        at += 1
    return at
