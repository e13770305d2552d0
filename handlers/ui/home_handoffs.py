"""The hand-offs of App Home: what is on my desk, what I gave, what came late with my reports, what nobody can take."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from bot.handoffs.glances import is_unanswered
from bot.handoffs.lists import Glance
from bot.handoffs.states import Kind, State
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
    escape,
    header,
    in_sections,
    md,
    md_plural,
    section,
)
from handlers.ui.handoff_trail import SIGNS, clock

SHOWN = 5
"""Hand-offs in each part; those after them are counted, and `/handoff list` has them."""


def on_desk(words: Words, page: HomePage) -> Iterator[Block]:
    """What I am asked to answer, and what I accepted and have to judge."""
    rows = page.handoffs.desk
    if not rows:
        return
    yield from (divider(), header(words("home.desk")))
    for row in rows[:SHOWN]:
        text = Mrkdwn(f"{_from(words, page, row)}\n{_to_do(words, page, row)}")
        value = ids.pack(h=row.id.hex)
        if row.state is State.OFFERED:
            yield section(text, button(words("handoffs.button.accept"), ids.HANDOFF_ACCEPT, value, primary=True))
        else:
            yield section(text)
            yield actions(
                button(words("handoffs.button.qualified"), ids.HANDOFF_QUALIFIED, value),
                button(words("handoffs.button.not_qualified"), ids.HANDOFF_REJECT, value),
            )
    yield from _rest(words, rows)


def with_others(words: Words, page: HomePage) -> Iterator[Block]:
    """What I gave and is still open."""
    yield from _part(words, "home.others", page.handoffs.out, lambda row: _given(words, page, row))


def late(words: Words, page: HomePage) -> Iterator[Block]:
    """What a manager should look at: hand-offs that reports of theirs did not answer, or did not follow up."""
    yield from _part(words, "home.late", page.handoffs.late, lambda row: _missed(words, page, row))


def waiting(words: Words, page: HomePage) -> Iterator[Block]:
    """What operations should look at: nobody can take it."""
    yield from _part(words, "home.waiting", page.handoffs.waiting, lambda row: _queued(words, page, row))


def _part(words: Words, key: str, rows: Sequence[Glance], line: Callable[[Glance], Mrkdwn]) -> Iterator[Block]:
    if rows:
        yield from (divider(), header(words(key)))
        yield from (section(text) for text in in_sections(Mrkdwn(f"\n{line(row)}") for row in rows[:SHOWN]))
        yield from _rest(words, rows)


def _rest(words: Words, rows: Sequence[Glance]) -> Iterator[Block]:
    if len(rows) > SHOWN:
        command = f"{ids.HANDOFF_COMMAND} {words('handoffs.list.word')}"
        yield context(md_plural(words, "home.handoffs_more", len(rows) - SHOWN, command=command))


def _to_do(words: Words, page: HomePage, row: Glance) -> Mrkdwn:
    sign = SIGNS[row.state]
    if row.state is State.OFFERED:
        return Mrkdwn(f"{sign} {_answer_by(words, page, row)}")
    if row.id in page.handoffs.touched:
        return Mrkdwn(f"{sign} {md(words, 'home.judge')}")
    due = _moment(words, page, row.touch_due_at)
    if row.touch_due_at and row.touch_due_at <= page.now:
        return Mrkdwn(f":warning: {md(words, 'home.first_call_late', due=due)}")
    return Mrkdwn(f"{sign} {md(words, 'home.first_call', due=due)}")


def _from(words: Words, page: HomePage, row: Glance) -> Mrkdwn:
    """`Acme · from Ana Ruiz`, and what it is where it is no lead for a sale."""
    giver = md(words, "handoffs.list.from", who=page.handoffs.name(row.giver_id))
    kind = [escape(words(f"handoffs.kind.{row.kind}"))] if row.kind is not Kind.SALE else []
    return Mrkdwn(SEPARATOR.join([f"*{escape(row.company)}*", giver, *kind]))


def _given(words: Words, page: HomePage, row: Glance) -> Mrkdwn:
    if row.state is State.WAITING:
        to, stands = words("handoffs.nobody_yet"), md(words, "home.nobody_can")
    else:
        to = page.handoffs.name(row.taker_id)
        stands = _answer_by(words, page, row) if row.state is State.OFFERED else _accepted(words, page, row)
    return Mrkdwn(f"*{escape(row.company)}* → {escape(to)}\n{SIGNS[row.state]} {stands}")


def _accepted(words: Words, page: HomePage, row: Glance) -> Mrkdwn:
    at = page.handoffs.touched.get(row.id)
    if at:
        return md(words, "home.touched", at=_moment(words, page, at))
    return md(words, "home.untouched", due=_moment(words, page, row.touch_due_at))


def _missed(words: Words, page: HomePage, row: Glance) -> Mrkdwn:
    """`Acme · Dana Lee` and what they missed; of an offer that has gone on, with whom it is."""
    who = row.offered_to if is_unanswered(row) else row.taker_id
    head = f"*{escape(row.company)}*{SEPARATOR}{escape(page.handoffs.name(who))}"
    if not is_unanswered(row):
        said = md(words, "home.no_first_call", due=_moment(words, page, row.touch_due_at))
        return Mrkdwn(f"{head}\n:warning: {said}")
    said = md(words, "home.no_answer", due=_moment(words, page, row.due_at))
    if row.ended != State.EXPIRED:
        return Mrkdwn(f"{head}\n:warning: {said}")
    now_with = page.handoffs.name(row.taker_id) if row.taker_id else words("handoffs.nobody_yet")
    return Mrkdwn(f"{head}\n:warning: {said}{SEPARATOR}{md(words, 'home.now_with', who=now_with)}")


def _queued(words: Words, page: HomePage, row: Glance) -> Mrkdwn:
    since = md(words, "home.waits_since", since=_moment(words, page, row.recorded_at))
    return Mrkdwn(f"{_from(words, page, row)}\n{SIGNS[row.state]} {since}")


def _answer_by(words: Words, page: HomePage, row: Glance) -> Mrkdwn:
    if row.due_at is None:
        return md(words, "handoffs.state.offered_no_clock")
    return md(words, "home.answer_by", due=_moment(words, page, row.due_at))


def _moment(words: Words, page: HomePage, at: datetime | None) -> str:
    return clock(words, at, page.actor.zone, page.now) if at else "–"
