"""Help: what one can type, by example."""

from collections.abc import Iterator

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.words import Words
from handlers import ids
from handlers.ui.blocks import Block, Message, Mrkdwn, actions, button, context, header, md, quote, section


def log_help(words: Words) -> Message:
    """How `/log` is typed."""
    parts = [md(words, f"help.log.{part}") for part in ("examples", "words", "more")]
    title = words("help.log.title")
    blocks = [header(title), *(section(part) for part in parts), context(md(words, "help.log.small"))]
    return Message(f"{title}\n{parts[0]}", blocks)


def team_help(words: Words) -> Message:
    """How `/team` is typed."""
    parts = [md(words, f"help.team.{part}") for part in ("look", "change", "own", "coach")]
    title = words("help.team.title")
    blocks = [header(title), *(section(part) for part in parts), context(md(words, "help.team.small"))]
    return Message(f"{title}\n{parts[0]}", blocks)


def lead_help(words: Words) -> Message:
    """How `/lead` is typed."""
    parts = [md(words, f"help.lead.{part}") for part in ("look", "new", "work")]
    title = words("help.lead.title")
    blocks = [header(title), *(section(part) for part in parts), context(md(words, "help.lead.small"))]
    return Message(f"{title}\n{parts[0]}", blocks)


def handoff_help(words: Words) -> Message:
    """How `/handoff` is typed."""
    parts = [md(words, f"help.handoff.{part}") for part in ("give", "follow")]
    title = words("help.handoff.title")
    blocks = [header(title), *(section(part) for part in parts), context(md(words, "help.handoff.small"))]
    return Message(f"{title}\n{parts[0]}", blocks)


def deal_help(words: Words) -> Message:
    """How `/deal` is typed."""
    parts = [md(words, f"help.deal.{part}") for part in ("work", "end", "after")]
    title = words("help.deal.title")
    blocks = [header(title), *(section(part) for part in parts), context(md(words, "help.deal.small"))]
    return Message(f"{title}\n{parts[0]}", blocks)


def quota_help(words: Words) -> Message:
    """How `/quota` is typed."""
    parts = [md(words, f"help.quota.{part}") for part in ("look", "set", "ahead", "pay")]
    title = words("help.quota.title")
    blocks = [header(title), *(section(part) for part in parts), context(md(words, "help.quota.small"))]
    return Message(f"{title}\n{parts[0]}", blocks)


def digest_help(words: Words) -> Message:
    """How `/digest` is typed."""
    parts = [md(words, f"help.digest.{part}") for part in ("look", "board", "when")]
    title = words("help.digest.title")
    blocks = [header(title), *(section(part) for part in parts), context(md(words, "help.digest.small"))]
    return Message(f"{title}\n{parts[0]}", blocks)


def baton_help(words: Words, reader: Actor) -> Message:
    """What Baton does, verb by verb, and the doors to what the reader may change or read."""
    title = words("help.baton.title")
    parts = [md(words, "help.baton.what"), md(words, "help.baton.verbs")]
    doors = list(_doors(words, reader))
    blocks = [header(title), *(section(part) for part in parts), *([actions(*doors)] if doors else [])]
    return Message(f"{title}\n{parts[0]}", blocks)


def unknown_verb(words: Words, verb: str, text: str, reader: Actor) -> Message:
    """`/baton` with a verb that does not exist: the line whole, and what does exist."""
    said: Mrkdwn = md(words, "help.baton.unknown", verb=verb)
    return Message(said, [section(said), *quote(f"{ids.BATON_COMMAND} {text}"), *baton_help(words, reader).blocks])


def _doors(words: Words, reader: Actor) -> Iterator[Block]:
    if may(reader, Action.CHANGE_SETTINGS, Relation.COLLEAGUE):
        yield button(words("settings.title"), ids.SETTINGS_OPEN, ids.pack())
    if may(reader, Action.READ_AUDIT, Relation.REPORT):
        yield button(words("audit.title"), ids.AUDIT_OPEN, ids.pack())
