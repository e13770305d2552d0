"""Marketing's week: what became of its leads, source by source, and why not. No person is named."""

from collections.abc import Iterator, Mapping

from bot.digest.pages import MarketingPage, SourceWeek
from bot.words import Words
from handlers.ui import digest as said
from handlers.ui.activity import SEPARATOR
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    context,
    escape,
    header,
    in_sections,
    md,
    md_plural,
    section,
    table,
)
from handlers.ui.digest_market import market
from handlers.ui.lead_form import source_name
from handlers.ui.quota_figures import money

COLUMNS = ("source", "came", "claimed", "speed", "handed", "accepted", "qualified", "won")


def marketing(words: Words, page: MarketingPage) -> Message:
    """The message."""
    title = words("digest.title.marketing", period=said.period_name(words, page.period))
    came = sum(each.quality.came for each in page.sources)
    point = md_plural(words, "digest.marketing.came", came, before=words.number(page.came_before))
    blocks: list[Block] = [header(title), section(point)]
    lines = [*_waiting(words, page), *_won(words, page), *_reasons(words, page)]
    blocks += [section(text) for text in in_sections(lines)]
    if page.sources:
        heads = [words(f"digest.marketing.column.{each}") for each in COLUMNS]
        blocks.append(table(heads, [list(_row(words, each)) for each in page.sources]))
    heard = list(market(words, page.market, None))
    if heard:
        blocks += [section(text) for text in in_sections([Mrkdwn(f"*{md(words, 'digest.details.market')}*"), *heard])]
    blocks.append(context(*said.days_and_moment(words, page.period, page.when), md(words, "digest.marketing.small")))
    return Message("\n".join([f"{escape(title)}. {point}", *lines]), blocks)


def _row(words: Words, found: SourceWeek) -> Iterator[str]:
    quality = found.quality
    yield source_name(words, quality.source)
    yield words("digest.now_before", now=words.number(quality.came), before=words.number(found.before))
    yield words.number(quality.claimed)
    yield said.spread_said(words, found.speed) or words("digest.no_pace")
    yield from (words.number(n) for n in (quality.handed, quality.accepted, quality.qualified, quality.won))


def _waiting(words: Words, page: MarketingPage) -> Iterator[Mrkdwn]:
    waiting = sum(each.untouched for each in page.sources)
    if waiting:
        yield md_plural(words, "digest.marketing.untouched", waiting)


def _won(words: Words, page: MarketingPage) -> Iterator[Mrkdwn]:
    """What was won within the period, whenever its lead came."""
    if page.won:
        ranked = sorted(page.won.items(), key=lambda each: (-each[1][1].minor, each[0]))
        listed = SEPARATOR.join(
            f"{source_name(words, source)}: {words.plural('digest.deals_worth', n, money=money(words, worth))}"
            for source, (n, worth) in ranked
        )
        yield md(words, "digest.marketing.won", listed=listed)


def _reasons(words: Words, page: MarketingPage) -> Iterator[Mrkdwn]:
    """Why they were not qualified, or declined, by source."""
    for each in page.sources:
        for of, why in (("reject", each.quality.rejected), ("decline", each.quality.declined)):
            if why:
                name = source_name(words, each.quality.source)
                yield md(words, f"digest.marketing.{of}", source=name, reasons=_listed(words, of, why))


def _listed(words: Words, of: str, why: Mapping[str, int]) -> str:
    ranked = sorted(why.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{words(f'handoffs.{of}.{code}')} ({words.number(n)})" for code, n in ranked)
