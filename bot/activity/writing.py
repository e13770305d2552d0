"""Writes an entry as the line that says it: what `bot.activity.line.read` reads back as the same entry."""

from datetime import date, time

from bot.activity.entry import Entry, FollowUp, Who
from bot.activity.vocabulary import AND, DROPPED, FOLLOW_UPS, STANDARD, Vocabulary
from bot.reading.names import MAX_WORDS
from bot.reading.text import escaped, quoted, read_line


def write(entry: Entry, *, language: str, vocabulary: Vocabulary = STANDARD, today: date | None = None) -> str:
    """The line of an entry, without the command's name, in the form that Slack sends (`&`, `<`, `>` escaped).

    Days are written in full, so that the line means the same on another day; only `today` is left out. Reading
    the line with the same known names gives the entry again, as long as no namesake of its WHO is known.
    """
    parts = [
        str(entry.count) if entry.count > 1 else "",
        vocabulary.kind(entry.kind).written(language, entry.count),
        escaped(_name(entry.who, vocabulary)) if entry.who else "",
        written_length(entry.minutes, language) if entry.minutes else "",
        vocabulary.outcome(entry.outcome).written(language) if entry.outcome else "",
        entry.day.isoformat() if entry.day != today else "",
        _clock(entry.at) if entry.at else "",
        *(f"<@{user}>" for user in entry.colleagues),
        escaped(f"- {_note(entry.note)}") if entry.note else "",
        escaped(_step(entry.follow_up, language)) if entry.follow_up else "",
    ]
    return " ".join(part for part in parts if part)


def written_length(minutes: int, language: str) -> str:
    """`90` as `1h30` or `1ч30`."""
    hour, minute = ("ч", "м") if language == "ru" else ("h", "m")
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{minute}"
    return f"{hours}{hour}{rest:02}" if rest else f"{hours}{hour}"


def _clock(at: time) -> str:
    return at.strftime("%H:%M")


def _name(who: Who, vocabulary: Vocabulary) -> str:
    """A new name always in quotes, so that it is taken as meant; a known one where its words could mean more."""
    tokens = read_line(escaped(who.name)).tokens
    simple = len(tokens) <= MAX_WORDS and all(
        token.text.isalpha() and token.word not in DROPPED | AND | FOLLOW_UPS for token in tokens
    )
    words = [token.word for token in tokens]
    phrases = (vocabulary.kind_phrases, vocabulary.outcome_phrases)
    ours = any(each.at(words, n) for n in range(len(words)) for each in phrases)
    return who.name if who.ref and simple and not ours else quoted(who.name)


def _note(note: str) -> str:
    """Quoted where it would not be read back whole: a follow-up word in it, or quotes that do not pair."""
    tokens = read_line(escaped(note)).tokens
    whole = len(tokens) == 1 and tokens[0].quoted
    torn = any(not token.quoted and not token.text.strip('"')[:1].isalnum() and '"' in token.text for token in tokens)
    steps = any(token.plain in FOLLOW_UPS for token in tokens)
    return quoted(note) if whole or torn or steps else note


def _step(step: FollowUp, language: str) -> str:
    word = "далее" if language == "ru" else "next"
    at = f"{_clock(step.at)} " if step.at else ""
    return f"{word} {step.day.isoformat()} {at}{_what(step.what)}"


def _what(what: str) -> str:
    """Plain where it begins with a word that cannot belong to WHEN and holds nothing that ends it; else quoted."""
    tokens = read_line(escaped(what)).tokens
    plain = all(token.plain and not token.is_dash and token.plain not in FOLLOW_UPS for token in tokens)
    return what if plain and tokens[0].text.isalpha() and tokens[0].word not in DROPPED else quoted(what)
