"""What the market says: by competitor and by theme, with the newest notes; of whom, for those who may see persons."""

from collections.abc import Iterator, Mapping

from bot.digest.themes import Group, Market, Note
from bot.words import Words
from handlers.ui.activity import SEPARATOR
from handlers.ui.blocks import Mrkdwn, escape, md

LONGEST = 200
"""Characters of a note that is told."""


def market(words: Words, heard: Market, names: Mapping[str, str] | None) -> Iterator[Mrkdwn]:
    """The lines. `names` are those of the people by id; None where no person is named."""
    if heard.competitors:
        listed = SEPARATOR.join(_named(words, each) for each in heard.competitors)
        yield md(words, "digest.market.competitors", listed=listed)
    told: set[Note] = set()
    for group in heard.themes:
        name = words(f"digest.market.theme.{group.name}")
        yield md(words, "digest.market.group", name=name, **_counts(words, group))
        for note in group.quotes:
            if note not in told:  # it stands beneath the first of its themes
                told.add(note)
                yield _quote(words, note, names)


def _named(words: Words, group: Group) -> str:
    return words("digest.market.named", name=group.name, **_counts(words, group))


def _counts(words: Words, group: Group) -> dict[str, str]:
    return {"now": words.number(group.n), "before": words.number(group.before)}


def _quote(words: Words, note: Note, names: Mapping[str, str] | None) -> Mrkdwn:
    text = note.text if len(note.text) <= LONGEST else f"{note.text[: LONGEST - 1]}…"
    about = [
        *([note.company] if note.company else []),
        *([words("digest.market.lost")] if note.is_loss else []),
        *([names.get(note.by, note.by)] if names is not None else []),
        words.day(note.day, note.day),
    ]
    return md(
        words, "digest.market.quote", text=" ".join(text.split()), about=Mrkdwn(SEPARATOR.join(map(escape, about)))
    )
