"""What a note about the market is about: themes, by a small vocabulary in two languages, and competitors by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.reading.text import fold

QUOTES = 3
"""Notes of a group that are told, the newest first."""

NAMED = 8
"""Competitors that are told apart, the most often named first."""

A_NAME = 4
"""Words of a note that says which competitor a deal was lost to, and is taken for the name as it stands."""


class Theme(StrEnum):
    """What notes are gathered by."""

    COMPETITOR = "competitor"
    PRICE = "price"
    OBJECTION = "objection"
    PRODUCT = "product"
    OTHER = "other"


STEMS = {
    Theme.COMPETITOR: "competitor* competing rival* vendor* incumbent* switch* "
    "конкурен* соперник* аналог* перешл* переход*",
    Theme.PRICE: "price* pricing priced cheap* expensive discount* cost* budget* fee fees undercut* tariff* rebate* "
    "цен* стоим* скидк* дешев* дешёв* дорог* бюджет* тариф* демпинг* прайс*",
    Theme.OBJECTION: "objection* object objects objected concern* worr* risk* doubt* hesitat* afraid refus* blocker* "
    "legal compliance security procurement возраж* опас* риск* сомне* боят* боит* отказ* юрист* безопасн*",
    Theme.PRODUCT: "product* feature* integrat* api roadmap release* launch* module* missing lack* mobile app "
    "version* beta продукт* функци* интеграц* релиз* выпуст* запуст* запуск* модул*  нехват* прилож* верси* дорожн*",
}
"""The words of each theme; a star stands for any ending."""

_WHOLE = {theme: frozenset(word for word in words.split() if not word.endswith("*")) for theme, words in STEMS.items()}
_BEGIN = {
    theme: tuple(word.rstrip("*") for word in words.split() if word.endswith("*")) for theme, words in STEMS.items()
}


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody noted about the market, or wrote of a deal that was lost to a competitor (`is_loss`)."""

    day: date
    text: str
    by: str
    company: str | None = None
    is_loss: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The notes of one theme or about one competitor: how many, how many in the period before, the newest."""

    name: str
    n: int
    before: int
    quotes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Market:
    """What the market said in a period, by competitor and by theme; a note may be in several of them."""

    n: int = 0
    before: int = 0
    competitors: tuple[Group, ...] = ()
    themes: tuple[Group, ...] = ()

    @property
    def people(self) -> set[str]:
        """Whose notes are told."""
        return {note.by for group in (*self.competitors, *self.themes) for note in group.quotes}


NOTHING = Market()


def themes_of(note: Note, competitors: Sequence[str]) -> frozenset[Theme]:
    """What a note is about: everything that it names, else `OTHER`."""
    words = _words(note.text)
    found = {
        theme
        for theme in STEMS
        if not _WHOLE[theme].isdisjoint(words) or any(w.startswith(_BEGIN[theme]) for w in words)
    }
    if note.is_loss or named_in(note, competitors):
        found.add(Theme.COMPETITOR)
    return frozenset(found or {Theme.OTHER})


def named_in(note: Note, competitors: Sequence[str]) -> tuple[str, ...]:
    """The competitors that a note names: those of the workspace's list; of a loss whatever it was noted with, if that
    is short.
    """
    padded = f" {' '.join(_words(note.text))} "
    found = tuple(each for each in competitors if f" {' '.join(_words(each))} " in padded)
    if not found and note.is_loss and 0 < len(note.text.split()) <= A_NAME:
        return (note.text.strip(" .,!?"),)
    return found


def gathered(now: Sequence[Note], before: Sequence[Note], competitors: Sequence[str]) -> Market:
    """The notes of two periods, grouped."""
    here, there = (
        [(note, named_in(note, competitors), themes_of(note, competitors)) for note in each] for each in (now, before)
    )
    names: dict[str, str] = {}
    for _, several, _ in (*here, *there):
        for each in several:
            names.setdefault(fold(each), each)
    by_name = [
        _group(
            name,
            [note for note, several, _ in here if key in map(fold, several)],
            sum(key in map(fold, several) for _, several, _ in there),
        )
        for key, name in names.items()
    ]
    by_theme = [
        _group(
            theme.value,
            [note for note, _, themes in here if theme in themes],
            sum(theme in themes for _, _, themes in there),
        )
        for theme in Theme
    ]
    ranked = sorted(by_name, key=lambda each: (-each.n, -each.before, each.name.casefold()))
    return Market(
        len(now), len(before), tuple(ranked[:NAMED]), tuple(each for each in by_theme if each.n or each.before)
    )


def _group(name: str, notes: Sequence[Note], before: int) -> Group:
    newest = sorted(notes, key=lambda note: note.day, reverse=True)
    return Group(name, len(notes), before, tuple(newest[:QUOTES]))


def _words(text: str) -> list[str]:
    """Its words, folded, without marks."""
    return "".join(each if each.isalnum() else " " for each in fold(text)).split()
