"""The deals of App Home: those of mine that want to be looked at, and the way to all of them."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from bot.deals.glances import Glance
from bot.deals.process import process_in
from bot.deals.queries import DealRow
from bot.deals.rules import SOON, is_forgotten
from bot.home.service import HomePage
from bot.words import Words
from handlers import ids
from handlers.ui.activity import SEPARATOR
from handlers.ui.blocks import (
    Block,
    Mrkdwn,
    actions,
    button,
    context,
    divider,
    header,
    md,
    md_plural,
    section,
)
from handlers.ui.deals import entry_head, in_all

SHOWN = 5
"""Deals with a line each; those after them are counted, and the list has them."""


def my_deals(words: Words, page: HomePage) -> Iterator[Block]:
    """My open deals in all, and one by one what is past due, forgotten, due today or closing soon."""
    found = page.deals
    if not found.rows:
        return
    words = process_in(page.settings).worded(words)
    yield from (divider(), header(words("home.deals")), context(in_all(words, found.rows)))
    for glance in found.pressing[:SHOWN]:
        show = button(words("deals.button.show"), ids.DEAL_SHOW, ids.pack(d=glance.row.id.hex))
        today = page.now.astimezone(page.actor.zone).date()
        yield section(pressing_line(words, glance, today, page.actor.zone), show)
    if len(found.pressing) > SHOWN:
        yield context(md_plural(words, "home.deals_more", len(found.pressing) - SHOWN))
    if not found.pressing:
        yield context(md(words, "home.deals_fine"))
    yield actions(button(words("home.deals_all"), ids.DEAL_LIST, ids.pack()))


def pressing_line(words: Words, glance: Glance, today: date, zone: ZoneInfo) -> Mrkdwn:
    """The deal, and below it what presses."""
    row = glance.row
    age = words.plural("deals.list.age", max(0, (today - row.opened_at.astimezone(zone).date()).days))
    said = [part for part in (_closes(words, row, today), _next(words, row, today)) if part]
    return Mrkdwn(f"{entry_head(words, row, today, zone)}\n{SEPARATOR.join([*said, Mrkdwn(age)])}")


def _closes(words: Words, row: DealRow, today: date) -> Mrkdwn | None:
    if row.close_on is None or row.close_on > today + SOON:
        return None
    key = "home.deal_past_due" if row.close_on < today else "home.deal_closes"
    return md(words, key, day=words.day(row.close_on, today))


def _next(words: Words, row: DealRow, today: date) -> Mrkdwn:
    if not row.next_step:
        return md(words, "home.deal_no_step")
    if is_forgotten(row.next_step, row.next_on, today) and row.next_on:
        return md(words, "home.deal_step_passed", step=row.next_step, day=words.day(row.next_on, today))
    if row.next_on == today:
        return md(words, "home.deal_step_today", step=row.next_step)
    step = f"{words.day(row.next_on, today)}: {row.next_step}" if row.next_on else row.next_step
    return md(words, "home.deal_next", step=step)
