"""How a review looks: attainment by quarter, what was said, agreed, learnt and won; and the line beside its file."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from bot.coaching.review import Review
from bot.quota.metrics import REVENUE
from bot.words import Words
from handlers import ids
from handlers.ui import quota_figures as figures
from handlers.ui.activity import SEPARATOR
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    actions,
    button,
    context,
    escape,
    header,
    in_sections,
    md,
    md_plural,
    section,
    told,
)
from handlers.ui.coaching import remark_line
from handlers.ui.coaching_meetings import item_line
from handlers.ui.coaching_training import task_line

REMARKS_SHOWN, ITEMS_SHOWN, WON_SHOWN = 10, 10, 8


def review(words: Words, page: Review, zone: ZoneInfo) -> Message:
    """A review in short; the file has all of it."""
    title = _title(words, page)
    parts = (("numbers", _numbers(words, page)), ("won", _won(words, page)), ("said", _said(words, page, zone)),
             ("agreed", _agreed(words, page)), ("learnt", _learnt(words, page)))  # fmt: skip
    blocks: list[Block] = [header(title), context(_days(words, page))]
    for name, lines in parts:
        head = Mrkdwn(f"*{md(words, f'coaching.review.{name}')}*")
        found = list(lines) or [md(words, "coaching.review.nothing")]
        blocks += [section(text) for text in in_sections([head, *found])]
    span = [page.period.first.isoformat(), page.period.last.isoformat(), page.period.name]
    value = ids.pack(p=page.person_id, s=span)
    blocks.append(actions(button(words("coaching.button.csv"), ids.COACH_REVIEW_FILE, value, primary=True)))
    blocks.append(context(md(words, "coaching.review.small")))
    return Message(f"{escape(title)}\n{told(blocks[1:])}", blocks)


def sent(words: Words, name: str, period: str) -> Message:
    """The file is on its way."""
    said = md(words, "coaching.review.sent", name=name, period=period)
    return Message(said, [section(said)])


def comment(words: Words, page: Review) -> str:
    """What stands beside the file."""
    return escape(_title(words, page))


def _title(words: Words, page: Review) -> str:
    return words("coaching.review.title", name=page.name, period=page.period.name)


def _days(words: Words, page: Review) -> Mrkdwn:
    return escape(f"{words.date(page.period.first)} – {words.date(page.period.last)}")


def _numbers(words: Words, page: Review) -> Iterator[Mrkdwn]:
    for part in page.parts:
        name = escape(figures.metric_name(words, part.metric.code))
        achieved = Mrkdwn(figures.achieved(words, part, page.currency))
        yield Mrkdwn(SEPARATOR.join([escape(part.period.name), name, achieved]))


def _won(words: Words, page: Review) -> Iterator[Mrkdwn]:
    known = [each.money for each in page.won if each.money]
    if page.won:
        total = sum(each.minor for each in known)
        amount = figures.figure(words, REVENUE, total, page.currency)
        yield md_plural(words, "coaching.review.wins", len(page.won), amount=amount)
    for each in page.won[:WON_SHOWN]:
        amount = words.money(each.money) if each.money else "–"
        yield Mrkdwn(f"• {escape(each.company)}{SEPARATOR}{escape(amount)}{SEPARATOR}{escape(words.date(each.day))}")
    if len(page.won) > WON_SHOWN:
        yield md_plural(words, "coaching.more", len(page.won) - WON_SHOWN)


def _said(words: Words, page: Review, zone: ZoneInfo) -> Iterator[Mrkdwn]:
    if page.remarks:
        yield md(words, "coaching.review.count", n=len(page.remarks), kudos=len(page.kudos))
    for each in page.remarks[:REMARKS_SHOWN]:
        yield remark_line(words, each, zone, page.today)
    if len(page.remarks) > REMARKS_SHOWN:
        yield md_plural(words, "coaching.more", len(page.remarks) - REMARKS_SHOWN)


def _agreed(words: Words, page: Review) -> Iterator[Mrkdwn]:
    done = sum(each.is_done for each in page.items)
    if page.held or page.items:
        yield md(words, "coaching.review.held", n=len(page.held), done=done, whole=len(page.items))
    for each in page.items[-ITEMS_SHOWN:]:
        if each.is_done:
            yield md(words, "coaching.item.done", text=each.text, owner=each.owner)
        else:
            yield Mrkdwn(f"• {item_line(words, each, page.today)}")


def _learnt(words: Words, page: Review) -> Iterator[Mrkdwn]:
    yield from (task_line(words, each, page.today) for each in page.tasks[:ITEMS_SHOWN])
