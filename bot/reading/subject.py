"""Whom or what a command is about: the one company or person that a stretch of a line names."""

from typing import NamedTuple

from bot.reading.names import Known, Place, find_names, without_employers
from bot.reading.text import Line, Token, quoted, words_of

LEGAL_FORMS = words_of(
    "inc incorporated ltd limited llc llp plc corp corporation co gmbh ag kg se ug e.v s.a sa s.a.s sas sarl srl s.r.l"
    " spa s.p.a bv b.v nv ab as oy aps pty pte kft ооо оао зао пао ао ип тоо нко"
)
"""What stands behind or in front of a company's name and belongs to it."""

LONGEST_NAME = 120
_SAYS_NOTHING = words_of(
    "the lead leads with for on at from of and лид лида лиду по с из для на и please пожалуйста , -"
)
_AT_EDGES = " ,;:\n\t\u00a0"
_MOST_PLAIN = 6


class Subject(NamedTuple):
    """A name: that of a known one and its `ref`, or as it was typed and None (new, misspelt, or shared by several)."""

    name: str
    ref: str | None = None


def places_in(line: Line, first: int, last: int, known: Known) -> list[Place]:
    """The known names in tokens `first` up to `last`, by their places in the line."""
    found = find_names(line.tokens[first:last], known)
    return [Place(place.first + first, place.last + first, place.names) for place in found]


def subject_in(line: Line, first: int, last: int, known: Known) -> Subject | None:
    """Whom all of the tokens `first` up to `last` name, or None if they name nobody.

    A known name is taken only if nothing else stands there that says something: `Acme Robotics` is not Acme.
    """
    places = places_in(line, first, last, known)
    inside = {n for place in places for n in range(place.first, place.last)}
    others = (line.tokens[n] for n in range(first, last) if n not in inside)
    if places and all(map(_says_nothing, others)):
        found = _one(places)
        if found:
            return found
    text = cleaned(line.said(first, last))
    return Subject(text) if any(map(str.isalnum, text)) else None


def leading_subject(line: Line, first: int, last: int, known: Known) -> tuple[Subject, int] | None:
    """Whom the tokens from `first` on begin by naming, and the first token behind it: for a line that goes on.

    A known name ends where it ends; a new one at its closing quote, or before a quoted text, or else nowhere.
    """
    at = first
    places = places_in(line, first, last, known)
    while at < last - 1 and line.tokens[at].spoken in _SAYS_NOTHING and all(place.first != at for place in places):
        at += 1
    end = _end_of_known(line, places, at) or _end_of_new(line, at, last)
    found = subject_in(line, at, end, known)
    return (found, end) if found else None


def cleaned(text: str) -> str:
    """A name as it is stored: one space between its words, nothing of the line's punctuation at its ends."""
    return " ".join(text.split()).strip(_AT_EDGES)


def as_typed(name: str, own_words: frozenset[str]) -> str:
    """The name as it can be typed: in quotes unless it is a few plain words, none of them one of `own_words`,
    and more than a legal form."""
    words = name[:LONGEST_NAME].split()
    plain = all(word.isalpha() and word.lower() not in own_words | _SAYS_NOTHING for word in words)
    plain = plain and not all(word.lower() in LEGAL_FORMS for word in words)
    return " ".join(words) if plain and len(words) <= _MOST_PLAIN else quoted(" ".join(words))


def _says_nothing(token: Token) -> bool:
    return token.spoken in _SAYS_NOTHING or (token.is_remark and "@" not in token.text)


def _one(places: list[Place]) -> Subject | None:
    """The one whom all of them name: a person goes before the company."""
    everybody = without_employers([place.names for place in places])
    if len(everybody) != 1:
        return None
    names = everybody[0]
    return Subject(names[0].name, names[0].ref if len(names) == 1 else None)


def _end_of_known(line: Line, places: list[Place], at: int) -> int | None:
    """Where the known name at `at` ends, together with the company or person beside it: `Jane Roe of Acme`."""
    taken: list[Place] = []
    end = at
    for place in places:
        between = line.tokens[end : place.first] if taken else line.tokens[at : place.first]
        if between and not (taken and all(map(_says_nothing, between))):
            break
        if taken and (line.tokens[place.first].quoted or _one([*taken, place]) is None):
            break
        taken.append(place)
        end = place.last
    return end if taken else None


def _end_of_new(line: Line, at: int, last: int) -> int:
    if at < last and line.tokens[at].quoted:
        return at + 1
    for n in range(at, last):
        if line.tokens[n].quoted:
            return n + 1 if all(token.word in LEGAL_FORMS for token in line.tokens[at:n]) else n
    return last
