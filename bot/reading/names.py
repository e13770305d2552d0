"""Names of companies and people: the key they are looked up by, where they stand in a line, what is close to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.reading.text import Token, keyed, read_line

MAX_WORDS = 6
"""The longest name that is found in a line without quotes."""

_SEARCHED = 32
"""Tokens at the beginning of a line in which names are looked for: a line in use has fewer in front of its note."""

_LONGEST_SEARCHED = 10_000
_MOST_CANDIDATES = 200
_PHONE_CHARACTERS = frozenset("+()-. \u00a00123456789")
_PHONE_DIGITS = range(7, 16)  # ITU-T E.164: at most 15; 7 is the shortest that is not also a figure
_LIKE_ENOUGH = 76
_SHORTEST_CLOSE = 4
_SHORTEST_PART = 3


@dataclass(frozen=True, slots=True)
class KnownName:
    """A company or person that the workspace knows.

    `keys` are further texts that mean it: e-mail address, phone number, alias. `account` is the `ref` of the
    company that a person belongs to; `detail` is what tells it from a namesake.
    """

    ref: str
    name: str
    keys: tuple[str, ...] = ()
    account: str | None = None
    detail: str = ""


@dataclass(frozen=True)
class Known:
    """The names that a line may speak of: `names` where they stand in it, `similar` where one may be misspelt."""

    names: tuple[KnownName, ...] = ()
    similar: tuple[KnownName, ...] = ()

    def named(self, key: str) -> tuple[KnownName, ...]:
        """Who has exactly this `name_key` or `phone_key`."""
        return self._by_key.get(key, ())

    @cached_property
    def _by_key(self) -> dict[str, tuple[KnownName, ...]]:
        found: dict[str, dict[str, KnownName]] = {}
        for name in self.names:
            for text in (name.name, *name.keys):
                for key in _keys(text):
                    found.setdefault(key, {})[name.ref] = name
        return {key: tuple(names.values()) for key, names in found.items()}

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The words that keys begin with: where none of them stands, no known name begins."""
        return frozenset(key.partition(" ")[0] for key in self._by_key)


class Place(NamedTuple):
    """Tokens `first` up to, not including, `last` name one of `names`; several are namesakes."""

    first: int
    last: int
    names: tuple[KnownName, ...]


def name_key(text: str) -> str:
    """The key that a name is stored and looked up by: one for every way to type it.

    NFKC, case-folded, ё as е, without quotes and the punctuation at the edges of words, one space between words.
    """
    return keyed(text)


def phone_key(text: str) -> str | None:
    """The digits of a phone number, or None for what is none."""
    if not text or not _PHONE_CHARACTERS.issuperset(text):
        return None
    digits = "".join(filter(str.isdigit, text))
    return digits if len(digits) in _PHONE_DIGITS else None


def candidate_names(text: str) -> frozenset[str]:
    """The keys of everything in front of the note that may be a known name, an e-mail address or a phone number.

    At most 200, the first ones of the line, so that a store can look them up in one query.
    """
    tokens = read_line(text[:_LONGEST_SEARCHED]).tokens
    dash = next((n for n, token in enumerate(tokens) if token.is_dash), len(tokens))
    return frozenset(islice(dict.fromkeys(key for _, _, key in spans(tokens[:dash])), _MOST_CANDIDATES))


def spans(tokens: Sequence[Token]) -> Iterator[tuple[int, int, str]]:
    """Every stretch of tokens that may be a name: its bounds and its key, by place, shortest first."""
    for first in range(min(len(tokens), _SEARCHED)):
        yield from _spans_from(tokens, first)


def find_names(tokens: Sequence[Token], known: Known) -> list[Place]:
    """The known names that stand in `tokens`, by place; of names that overlap the longest wins."""
    found = [
        Place(first, last, known.named(key))
        for first in range(min(len(tokens), _SEARCHED))
        if _may_begin(tokens[first], known)
        for first, last, key in _spans_from(tokens, first)
        if known.named(key)
    ]
    chosen: list[Place] = []
    for place in sorted(found, key=lambda place: (place.first - place.last, place.first)):
        if all(place.last <= other.first or other.last <= place.first for other in chosen):
            chosen.append(place)
    return sorted(chosen)


def without_employers(places: Sequence[tuple[KnownName, ...]]) -> tuple[tuple[KnownName, ...], ...]:
    """Each name once, and without the company of a person who stands there too: `Jane Roe Acme` is Jane Roe."""
    once = {names[0].ref: names for names in places}.values()
    employers = {name.account for names in once for name in names}
    return tuple(names for names in once if names[0].ref not in employers) or tuple(once)


def close_names(name: str, known: Known, limit: int = 3) -> tuple[KnownName, ...]:
    """The known names that `name` may be a misspelling or a part of, the likeliest first."""
    everybody = tuple({each.ref: each for each in (*known.names, *known.similar)}.values())
    scores: dict[int, float] = {}
    for place, score in _scores(name_key(name), [name_key(each.name) for each in everybody]):
        scores[place] = max(score, scores.get(place, 0))
    likeliest = sorted(scores, key=lambda place: -scores[place])
    return tuple(everybody[place] for place in likeliest[:limit])


def _keys(text: str) -> set[str]:
    return {name_key(text), phone_key(text) or name_key(text)} - {""}


def _may_begin(token: Token, known: Known) -> bool:
    word = token.word
    return word.partition(" ")[0] in known.first_words or _PHONE_CHARACTERS.issuperset(word)


def _spans_from(tokens: Sequence[Token], first: int) -> Iterator[tuple[int, int, str]]:
    key = ""
    for last in range(first, min(first + MAX_WORDS, len(tokens))):
        token = tokens[last]
        if token.user or not token.word:
            return
        key = f"{key} {token.word}" if key else token.word
        yield first, last + 1, key
        if phone := phone_key(key):
            yield first, last + 1, phone


def _scores(key: str, keys: Sequence[str]) -> Iterator[tuple[int, float]]:
    for _, score, place in process.extract(key, keys, scorer=fuzz.ratio, score_cutoff=_LIKE_ENOUGH, limit=None):
        yield place, score
    if len(key) >= _SHORTEST_CLOSE:
        for _, _, place in process.extract(key, keys, scorer=OSA.distance, score_cutoff=1, limit=None):
            yield place, 100 - 100 / len(key)
    if len(key) >= _SHORTEST_PART:
        yield from ((place, 75.0) for place, other in enumerate(keys) if f" {key} " in f" {other} ")
