"""What became of leads by source, as marketing and managers read it."""

from collections.abc import Iterator, Mapping

from bot.figures.rates import Rate, Showing
from bot.handoffs.sources import PERIODS, Feedback, Quality
from bot.words import Words
from handlers import ids
from handlers.ui.activity import SEPARATOR
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    actions,
    button,
    context,
    divider,
    escape,
    header,
    in_sections,
    md,
    md_plural,
    section,
)
from handlers.ui.lead_form import source_name

SHOWN_ON_HOME = 5


def page(words: Words, found: Feedback) -> Message:
    """`/lead sources`."""
    title = words("leads.sources.title", days=found.days)
    blocks: list[Block] = [header(title)]
    blocks += _sources(words, found.sources) if found.sources else [section(md(words, "leads.sources.nothing"))]
    blocks.append(context(md(words, "leads.sources.hint")))
    others = (days for days in PERIODS if days != found.days)
    blocks.append(
        actions(
            *(
                button(words("leads.sources.days", days=days), f"{ids.LEAD_SOURCES}.{n}", ids.pack(d=days))
                for n, days in enumerate(others)
            )
        )
    )
    return Message(f"{title}: {md_plural(words, 'leads.sources.came', found.came)}", blocks)


def on_home(words: Words, found: Feedback | None) -> Iterator[Block]:
    """The same on the Home of whoever does marketing: the largest sources."""
    if found is None or not found.sources:
        return
    yield from (divider(), header(words("leads.sources.title", days=found.days)))
    yield from _sources(words, found.sources[:SHOWN_ON_HOME])
    yield context(md(words, "leads.sources.more", command=f"{ids.LEAD_COMMAND} sources"))


def _sources(words: Words, sources: tuple[Quality, ...]) -> list[Block]:
    return [section(text) for text in in_sections(_source(words, each) for each in sources)]


def _source(words: Words, found: Quality) -> Mrkdwn:
    """`*Webinar* · 24 leads, 2 still wait` over what became of them, and why not."""
    came = md_plural(words, "leads.sources.came", found.came)
    head = [Mrkdwn(f"*{escape(source_name(words, found.source))}*"), came]
    if found.waiting:
        head.append(md_plural(words, "leads.sources.waiting", found.waiting))
    ways = ("handed", "accepted", "qualified")
    steps = [md(words, f"leads.sources.{way}", n=words.number(getattr(found, way))) for way in ways]
    lines = [SEPARATOR.join(head), SEPARATOR.join([*steps, *_rate(words, found)])]
    lines += _reasons(words, "reject", found.rejected)
    lines += _reasons(words, "decline", found.declined)
    return Mrkdwn("\n" + "\n".join(lines))


def _rate(words: Words, found: Quality) -> list[Mrkdwn]:
    """The share that was qualified, where there are enough cases for a percent to mean something."""
    rate = Rate(found.qualified, found.came)
    if rate.share is None or rate.showing is not Showing.AS_PERCENT:
        return []
    return [md(words, "leads.sources.rate", percent=words.number(round(100 * rate.share)))]


def _reasons(words: Words, of: str, counts: Mapping[str, int]) -> list[Mrkdwn]:
    if not counts:
        return []
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    said = SEPARATOR.join(f"{words(f'handoffs.{of}.{code}')} ({words.number(n)})" for code, n in ranked)
    return [md(words, f"leads.sources.{of}", reasons=said)]
