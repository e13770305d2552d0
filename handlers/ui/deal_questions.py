"""What a line of `/deal` is asked back with: which deal, day or stage, why it was lost. The line is never lost."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.deals.queries import DealRow
from bot.deals.said import WhichDay, WhichStage, WhyLost
from bot.deals.service import Meant
from bot.deals.states import Kind
from bot.reading.asked import Unclear
from bot.reading.text import plain_text
from bot.words import Words
from handlers import ids
from handlers.ui.blocks import Block, Message, Mrkdwn, actions, button, escape, md, quote, section
from handlers.ui.deals import reason_said

COMMAND = ids.DEAL_COMMAND

SHOWN = 8
"""Deals among which one is asked."""

Wish = Mapping[str, Any]
"""What is to be done with a deal, as plain JSON that buttons carry."""


def unclear(words: Words, text: str, asked: Unclear, today: date) -> Message:
    """The line whole, what was understood of it, and one that would do."""
    params = {
        name: words.day(value, today) if isinstance(value, date) else value
        for name, value in asked.problem.params.items()
    }
    problem = Mrkdwn(escape(words(f"deals.ask.{asked.problem.code}", **params)))
    parts = [md(words, "deals.example", line=f"{COMMAND} {asked.example}")]
    if asked.understood:
        parts.insert(0, md(words, "deals.understood", line=f"{COMMAND} {asked.understood}"))
    typed = f"{COMMAND} {plain_text(text)}"
    return Message(" ".join([problem, *parts, escape(typed)]), [section(problem), *quote(typed), *map(section, parts)])


def which_day(words: Words, typed: str, asked: WhichDay, wish: Wish, today: date) -> Message:
    """A day that may be two: both."""
    options = [(words.day(day, today), {**wish, "c": day.isoformat()}) for day in asked.days]
    return _asked(md(words, "deals.which_day", text=asked.text), typed, options, asked.update.name, asked.update.ref)


def which_stage(words: Words, typed: str, asked: WhichStage, wish: Wish) -> Message:
    """A stage that there is not: the list."""
    options = [(words(f"deals.stage.{stage}"), {**wish, "s": stage}) for stage in asked.stages]
    said = md(words, "deals.which_stage", text=asked.text)
    return _asked(said, typed, options, asked.update.name, asked.update.ref)


def why_lost(words: Words, typed: str, asked: WhyLost, wish: Wish) -> Message:
    """A loss without a reason: the list, the likeliest first."""
    options = [(reason_said(words, reason), {**wish, "r": reason}) for reason in asked.reasons]
    return _asked(md(words, "deals.why_lost", company=asked.name), typed, options, asked.name, asked.ref)


def for_nothing(words: Words, typed: str, name: str, ref: str | None, wish: Wish) -> Message:
    """A win for nothing: really?"""
    options = [(words("deals.for_nothing_yes"), {**wish, "z": True})]
    return _asked(md(words, "deals.for_nothing", company=name), typed, options, name, ref)


def close_spelling(words: Words, typed: str, meant: Meant, wish: Wish) -> Message:
    """A name that is almost a known one: asked, never silently taken."""
    said = md(words, "deals.close_name", name=meant.name)
    buttons = [_named(n, name, wish, name, ref, is_sure=False) for n, (name, ref) in enumerate(meant.near)]
    new = words("deals.close_new", name=meant.name)
    buttons.append(_named(len(buttons), new, wish, meant.name, None, is_sure=True))
    return Message(said, [section(said), *_whole(typed), actions(*buttons)])


def one_of_own(words: Words, typed: str, meant: Meant, owner: str, wish: Wish) -> Message:
    """A colleague has an open deal with the company: one's own beside it?"""
    said = md(words, "deals.others_deal", company=meant.name, who=owner)
    own = _named(0, words("deals.open_own"), wish, meant.name, meant.ref, is_sure=True)
    return Message(said, [section(said), *_whole(typed), actions(own)])


def which_deal(words: Words, typed: str, rows: Sequence[DealRow], owners: Mapping[str, str], wish: Wish) -> Message:
    """Several open deals of one company."""
    said = md(words, "deals.which_deal", company=rows[0].company)
    buttons = [
        button(_called(words, row, owners), f"{ids.DEAL_DO}.{n}", ids.pack(**wish, d=row.id.hex))
        for n, row in enumerate(rows[:SHOWN])
    ]
    return Message(said, [section(said), *_whole(typed), actions(*buttons)])


def nothing(words: Words, meant: Meant) -> Message:
    """No deal of the company that could be shown."""
    said = md(words, "deals.none", company=meant.name)
    example = md(words, "deals.example", line=f"{COMMAND} {meant.name} 24000")
    return Message(f"{said} {example}", [section(said), section(example)])


def _called(words: Words, row: DealRow, owners: Mapping[str, str]) -> str:
    amount = words.money(row.money, rounded=True) if row.money else words("deals.no_amount")
    kind = "" if row.kind is Kind.NEW else f"{words(f'deals.kind.{row.kind}')}, "
    return f"{kind}{amount}, {words(f'deals.stage.{row.stage}')}, {owners.get(row.owner_id, row.owner_id)}"


def _asked(
    said: Mrkdwn,
    typed: str,
    options: Sequence[tuple[str, Wish]],
    name: str,
    ref: str | None,
) -> Message:
    buttons = [_named(n, label, wish, name, ref, is_sure=False) for n, (label, wish) in enumerate(options)]
    return Message(f"{said} {escape(typed)}", [section(said), *_whole(typed), actions(*buttons)])


def _named(n: int, label: str, wish: Wish, name: str, ref: str | None, *, is_sure: bool) -> Block:
    sure = {"q": True} if is_sure else {}
    return button(label, f"{ids.DEAL_NAMED}.{n}", ids.pack(**{**wish, "i": name, "f": ref, **sure}))


def _whole(typed: str) -> list[Block]:
    return quote(typed) if typed else []
