"""A rep's own week: where they stand, what they did, what it brought, what comes next."""

from collections.abc import Iterator

from bot.digest.pages import OwnPage
from bot.words import Words
from handlers import ids
from handlers.ui import digest as said
from handlers.ui import noise
from handlers.ui import quota_figures as quota
from handlers.ui.activity import SEPARATOR
from handlers.ui.blocks import Block, Message, Mrkdwn, actions, button, context, escape, header, md, section

PARTS = 4
"""Targets that are told; the rest is in `/quota`."""

PRAISE = 3
"""Words of colleagues that are told."""

AHEAD = 5
"""Next steps that are named."""


def own(words: Words, page: OwnPage) -> Message:
    """The message."""
    title = words("digest.title.own", period=said.period_name(words, page.period))
    lines = [_brought(words, page), *_standing(words, page)]
    blocks: list[Block] = [header(title), *(section(line) for line in lines)]
    done = said.activity_lines(words, page.mate.activity, page.mate.before) if page.mate else []
    if done:
        blocks.append(section(Mrkdwn(f"*{md(words, 'digest.details.activity')}*\n" + "\n".join(done))))
    for name, found in (
        ("wins", said.wins(words, page.wins, page.names)),
        ("praise", list(_praise(words, page))),
        ("ahead", list(_ahead(words, page))),
    ):
        if found:
            blocks.append(section(Mrkdwn(f"*{md(words, f'digest.details.{name}')}*\n" + "\n".join(found))))
    blocks += noise.instead(words, page.instead, page.when.wall, noise.DIGEST)
    blocks.append(actions(button(words("digest.button.mine"), ids.QUOTA_OPEN, ids.pack())))
    blocks.append(context(*said.small_print(words, page)))
    return Message("\n".join([f"{escape(title)}. {lines[0]}", *lines[1:]]), blocks)


def _brought(words: Words, page: OwnPage) -> Mrkdwn:
    """One sentence: what the week brought."""
    mate, taken, given = page.mate, page.now.taken, page.now.given
    found = []
    if mate and mate.done:
        found.append(words.plural("digest.own.activities", mate.done))
    if given.offered:
        found.append(words.plural("digest.own.given", given.offered))
    if taken.accepted:
        found.append(words.plural("digest.own.taken", taken.accepted))
    if mate and mate.sqls:
        found.append(words.plural("digest.own.sqls", mate.sqls))
    if mate and mate.deals:
        found.append(words("digest.own.won", won=said.won_said(words, page.currency, mate)))
    if not found:
        return md(words, "digest.own.nothing")
    return md(words, "digest.own.brought", what=SEPARATOR.join(found))


def _standing(words: Words, page: OwnPage) -> Iterator[Mrkdwn]:
    for part in (page.mate.parts if page.mate else ())[:PARTS]:
        name = f"{quota.metric_name(words, part.metric.code)}, {part.period.name}"
        found = [quota.pace(words, part.standing), quota.needed(words, part, page.currency)]
        small = SEPARATOR.join(escape(text) for text in found if text)
        yield Mrkdwn(
            f"*{escape(name)}*\n{quota.achieved(words, part, page.currency)}" + (f"\n{small}" if small else "")
        )


def _praise(words: Words, page: OwnPage) -> Iterator[Mrkdwn]:
    """What colleagues said, each in their own words."""
    for each in page.praise[:PRAISE]:
        yield md(words, "digest.own.praise", text=each.text, author=each.author)


def _ahead(words: Words, page: OwnPage) -> Iterator[Mrkdwn]:
    for day, what in page.ahead[:AHEAD]:
        yield md(words, "digest.own.step", day=words.date(day), what=what)
