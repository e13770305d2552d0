"""How a reminder of deals' next steps looks: what is to be done today, or what became of it."""

from collections.abc import Sequence

from bot.reminders.deal_steps import Page, Promise
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
    escape,
    md,
    md_plural,
    section,
)
from handlers.ui.deals import entry_head
from handlers.ui.reminders import COMMAND

SHOWN = 10
"""Steps with buttons in one message; the others stand on Home."""


def reminder(words: Words, page: Page) -> Message:
    """Each step with its deal and its buttons."""
    waiting = [each for each in page.promises if each.waits]
    count = md_plural(words, "deals.steps.head", len(waiting))
    head = count if waiting else md(words, "reminders.follow_up.settled")
    shown = page.promises[:SHOWN]
    blocks: list[Block] = [section(Mrkdwn(f"*{head}*"))] if len(page.promises) > 1 else []
    for each in shown:
        blocks += _promise(words, page, each, is_only=len(waiting) == 1)
    if len(page.promises) > len(shown):
        blocks.append(context(md_plural(words, "reminders.more", len(page.promises) - len(shown))))
    blocks.append(context(md(words, "reminders.hint", command=COMMAND)))
    return Message(_in_one_line(head, waiting or page.promises), blocks)


def _in_one_line(head: Mrkdwn, several: Sequence[Promise]) -> str:
    first = several[0]
    company = f"{SEPARATOR}{escape(first.row.company)}" if first.row else ""
    return f"{head}: {escape(first.step)}{company}"


def _promise(words: Words, page: Page, each: Promise, *, is_only: bool) -> list[Block]:
    row, what = each.row, escape(each.step)
    if row is None:
        return [section(md(words, "deals.steps.gone", what=what))]
    company = escape(row.company)
    if each.waits:
        said = md(words, "deals.steps.open", what=what)
        head = entry_head(words, row, page.today, page.actor.zone)
        return [section(Mrkdwn(f"{said}\n{head}")), actions(*_buttons(words, each, row.id.hex, is_only=is_only))]
    if each.is_done:
        again = button(words("deals.steps.next"), ids.DEAL_EDIT, ids.pack(d=row.id.hex))
        return [section(Mrkdwn(f"{md(words, 'reminders.step.done', what=what)}{SEPARATOR}{company}"), again)]
    if each.is_moved and row.next_on:
        when = words.day(row.next_on, page.today)
        return [section(Mrkdwn(f"{md(words, 'reminders.step.later', what=what, when=when)}{SEPARATOR}{company}"))]
    return [section(Mrkdwn(f"{md(words, 'deals.steps.gone', what=what)}{SEPARATOR}{company}"))]


def _buttons(words: Words, each: Promise, deal_id: str, *, is_only: bool) -> list[Block]:
    value = ids.pack(d=deal_id, k=each.key)
    return [
        button(words("button.done"), ids.DEAL_STEP_DONE, value, primary=is_only),
        button(words("button.later"), ids.DEAL_STEP_LATER, value),
        button(words("deals.button.show"), ids.DEAL_SHOW, ids.pack(d=deal_id)),
    ]
