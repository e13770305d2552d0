"""A command's own words: tables of phrases that mean the same, and what stands at a place of a line."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.reading.text import keyed

_Meaning = TypeVar("_Meaning")

LONGEST = 5
"""The words of the longest phrase that is found."""


def phrases(table: Mapping[_Meaning, str]) -> dict[str, _Meaning]:
    """Every phrase, folded, and what it means; of each meaning they are typed with commas between them."""
    return {keyed(phrase): meaning for meaning, line in table.items() for phrase in line.split(",")}


def phrase_at(table: Mapping[str, _Meaning], words: Sequence[str], at: int) -> tuple[_Meaning, int] | None:
    """What the longest phrase of `table` that begins at `words[at]` means, and how many words it has; or None."""
    for used in range(min(LONGEST, len(words) - at), 0, -1):
        if all(words[at : at + used]) and (meaning := table.get(" ".join(words[at : at + used]))) is not None:
            return meaning, used
    return None


def close_to(word: str, known: Iterable[str]) -> str | None:
    """The one known phrase that `word` may be a slip of: one letter more, less, other, or two that changed places."""
    found = process.extract(word, sorted(known), scorer=OSA.distance, score_cutoff=1, limit=2) if len(word) > 2 else []
    return str(found[0][0]) if found else None
