"""Writes an entry as the line that says it: what `bot.activity.line.read` reads back as the same entry."""

from datetime import UTC, date, datetime, time

from bot.activity.entry import Entry, FollowUp, Who
from bot.activity.vocabulary import AND, DROPPED, FOLLOW_UPS, STANDARD, Vocabulary
from bot.reading.names import MAX_WORDS
from bot.reading.text import escaped, quoted, read_line
from bot.reading.when import read_moment

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""A day in full means the same whenever it is read."""


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
    """`90` as `1h30` or `1ч30`; few minutes as `3 min`, since `3m` is also a company."""
    hour, minute, long = ("ч", "м", "мин") if language == "ru" else ("h", "m", "min")
    hours, rest = divmod(minutes, 60)
    if hours:
        return f"{hours}{hour}{rest:02}" if rest else f"{hours}{hour}"
    return f"{rest}{minute}" if rest > 9 else f"{rest} {long}"


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
    line = read_line(escaped(note))
    whole = len(line.tokens) == 1 and line.tokens[0].quoted
    broken = any(line.is_torn(token) or token.plain in FOLLOW_UPS for token in line.tokens)
    return quoted(note) if whole or broken else note


def _step(step: FollowUp, language: str) -> str:
    word = "далее" if language == "ru" else "next"
    when = [step.day.isoformat(), *([_clock(step.at)] if step.at else [])]
    return " ".join([word, *when, _what(step.what, when)])


def _what(what: str, when: list[str]) -> str:
    """Quoted where a part of it would be read as more of WHEN, as the note, or as the next step of its own."""
    line = read_line(escaped(what))
    moment = read_moment([*when, *(token.plain for token in line.tokens)], 0, _ANY_TIME)
    broken = any(
        token.quoted or token.is_dash or token.plain in FOLLOW_UPS or line.is_torn(token) for token in line.tokens
    )
    return quoted(what) if broken or moment is None or moment.used > len(when) else what
