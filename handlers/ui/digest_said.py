"""What is said about digests: when they come, and lines that need another look."""

from zoneinfo import ZoneInfo

from bot.digest.service import Overview
from bot.reading.asked import Unclear
from bot.words import Words
from handlers import ids
from handlers.ui.blocks import Message, Mrkdwn, context, md, quote, section


def overview(words: Words, found: Overview, zone: ZoneInfo) -> Message:
    """Which digests come, and when the next one does."""
    lines = []
    for each in found.lines:
        name = words(f"digest.kind.{each.digest.value.removeprefix('digest_')}")
        if each.at is None:
            lines.append(md(words, "digest.when.off", name=name))
        else:
            local = each.at.astimezone(zone)
            when = {"day": words.date(local.date()), "time": words.time(local.time())}
            lines.append(md(words, "digest.when.on", name=name, **when))
    text = Mrkdwn("\n".join(lines)) if lines else md(words, "digest.when.none")
    return Message(text, [section(text), context(md(words, "digest.when.how"))])


def unclear(words: Words, text: str, asked: Unclear) -> Message:
    """A line that could not be read, whole, with what was understood and one that would do."""
    question = md(words, f"digest.ask.{asked.problem.code}", **asked.problem.params)
    example = md(words, "digest.example", line=f"{ids.DIGEST_COMMAND} {asked.example}")
    told = [md(words, "digest.understood", what=asked.understood)] if asked.understood else []
    blocks = [*quote(f"{ids.DIGEST_COMMAND} {text}"), section(question), context(*told, example)]
    return Message(f"{question}\n{example}", blocks)
