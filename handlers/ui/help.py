"""Help: what one can type, by example."""

from bot.words import Words
from handlers import ids
from handlers.ui.blocks import Message, Mrkdwn, context, header, md, quote, section


def log_help(words: Words) -> Message:
    """How `/log` is typed."""
    parts = [md(words, f"help.log.{part}") for part in ("examples", "words", "more")]
    title = words("help.log.title")
    blocks = [header(title), *(section(part) for part in parts), context(md(words, "help.log.small"))]
    return Message(f"{title}\n{parts[0]}", blocks)


def baton_help(words: Words) -> Message:
    """What Baton does, verb by verb."""
    title = words("help.baton.title")
    parts = [md(words, "help.baton.what"), md(words, "help.baton.verbs")]
    return Message(f"{title}\n{parts[0]}", [header(title), *(section(part) for part in parts)])


def unknown_verb(words: Words, verb: str, text: str) -> Message:
    """`/baton` with a verb that does not exist: the line whole, and what does exist."""
    said: Mrkdwn = md(words, "help.baton.unknown", verb=verb)
    return Message(said, [section(said), *quote(f"{ids.BATON_COMMAND} {text}"), *baton_help(words).blocks])
