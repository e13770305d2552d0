"""What is said of reminders that moved into a digest, and what stands there in their place."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.noise.lines import Line
from bot.noise.queries import Move
from bot.noise.service import MovedPage
from bot.words import Words
from handlers import ids
from handlers.ui.activity import SEPARATOR
from handlers.ui.blocks import Block, Message, Mrkdwn, actions, button, context, escape, md, md_plural, section

COMMAND = f"{ids.BATON_COMMAND} reminders"

WHATS = 5
"""Promises of a kind that are named; the others stand on Home."""

CARD, OVERVIEW, DIGEST, HOME = "card", "overview", "digest", "home"
"""Where `Bring back` stands."""

LAST_MOMENT = timedelta(seconds=1)


def moved(words: Words, page: MovedPage, *, has_digest: bool) -> Message:
    """A kind has moved: why, until when, where it is now, and the ways back; or that it has come back.

    Args:
        words: the reader's.
        page: what is told.
        has_digest: whether their own digest comes to them by itself.
    """
    move = page.move
    head = md(words, "noise.moved.head", name=kind_name(words, move.kind))
    if page.ended_by:
        back = md(words, f"noise.ended.{page.ended_by}")
        return Message(Mrkdwn(f"{head} {back}"), [section(Mrkdwn(f"~{head}~\n{back}"))])
    where = md(words, "noise.moved.digest" if has_digest else "noise.moved.home", command=ids.DIGEST_COMMAND)
    why = md(words, "noise.moved.why", until=until(words, move, page.actor.zone))
    act = md(words, f"noise.act.{move.kind}")
    blocks = [
        section(Mrkdwn(f"*{head}*\n{why} {where}\n{act}")),
        actions(bring_back(words, move, CARD)),
        context(md(words, "reminders.hint", command=COMMAND)),
    ]
    return Message(Mrkdwn(f"{head} {why} {where}"), blocks)


def instead(words: Words, lines: Sequence[Line], zone: ZoneInfo, where: str) -> list[Block]:
    """What stands in the place of reminders: each kind, how many, of what, and `Bring back`; nothing where none was
    held back.
    """
    if not lines:
        return []
    return [
        section(Mrkdwn(f"*{md(words, 'noise.instead')}*")),
        *(
            section(_line(words, each, zone), bring_back(words, each.move, where, nth) if each.move else None)
            for nth, each in enumerate(lines)
        ),
    ]


def standing(words: Words, move: Move, zone: ZoneInfo, nth: int) -> Block:
    """One kind in `/baton reminders` that stands in the digest."""
    said = md(words, "noise.standing", name=kind_name(words, move.kind), until=until(words, move, zone))
    return section(said, bring_back(words, move, OVERVIEW, nth))


def is_back(words: Words, move: Move) -> Message:
    """The answer to `Bring back` where nothing else shows it."""
    said = md(words, "noise.back", name=kind_name(words, move.kind))
    return Message(said, [section(said)])


def bring_back(words: Words, move: Move, where: str, nth: int = 0) -> Block:
    """The button."""
    return button(words("button.restore"), f"{ids.NOISE_BACK}.{nth}", ids.pack(m=move.id.hex, o=where))


def until(words: Words, move: Move, zone: ZoneInfo) -> str:
    """The last day on which a kind stands in the digest."""
    return words.date((move.until - LAST_MOMENT).astimezone(zone).date())


def kind_name(words: Words, kind: str) -> str:
    """`The day's activity`."""
    return words(f"noise.kind.{kind}")


def _line(words: Words, line: Line, zone: ZoneInfo) -> Mrkdwn:
    name = kind_name(words, line.kind)
    counted = [md_plural(words, "noise.held", line.n)] if line.n else []
    if line.move:
        why = md(words, "noise.because.moved", until=until(words, line.move, zone))
    else:
        why = md(words, "noise.because.was_moved" if line.was_moved else "noise.because.enough")
    whats = [escape(each) for each in line.whats[:WHATS]]
    if len(line.whats) > WHATS:
        whats.append(md_plural(words, "reminders.more", len(line.whats) - WHATS))
    said = SEPARATOR.join([f"*{escape(name)}*", *counted, why])
    return Mrkdwn("\n".join([said, *(f"• {each}" for each in whats)]))
