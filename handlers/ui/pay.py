"""How a statement looks: the lines that one is paid by, what they add up to, and closing their period."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bot.money import Money
from bot.pay.closing import Closing
from bot.pay.earned import Line
from bot.pay.explained import explanation
from bot.pay.explained import notice as notice_said
from bot.pay.pages import StatementPage
from bot.pay.period import Period
from bot.pay.plan import Event
from bot.pay.queries import Dispute
from bot.pay.states import Standing
from bot.reading.asked import Unclear
from bot.reading.text import plain_text
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
    cut,
    divider,
    escape,
    header,
    in_sections,
    md,
    md_plural,
    modal,
    quote,
    section,
    told,
)

COMMAND = ids.QUOTA_COMMAND

SHOWN = 18
"""Lines on one page of a statement: each may have two buttons beneath it, and a message has 50 blocks."""

NOTICES = 3
"""Paragraphs of notices at the most."""

LONGEST_SAID = 300
"""Characters of a dispute, or of its answer, beside the line."""

LONGEST_CARRIED = 700
"""Characters of a reason that a button carries."""


def statement(words: Words, page: StatementPage, at: int = 0, head: Mrkdwn | None = None) -> Message:
    """A statement: its sums, what has to be said about it, and its lines, a page of them at a time.

    Args:
        words: the reader's.
        page: the statement.
        at: which page of its lines, from 0.
        head: what has just been done.
    """
    found, title = page.statement, _title(words, page)
    pages = max(1, -(-len(found.lines) // SHOWN))
    at = min(max(at, 0), pages - 1)
    blocks = [*([section(head)] if head else []), header(title), context(_as_of(words, page)), _sums(words, page)]
    notices = [Mrkdwn(f"• {escape(notice_said(words, each))}") for each in found.notices]
    blocks += [section(text) for text in in_sections(notices)[:NOTICES]]
    if found.lines:
        blocks += [section(_by_event(words, found.lines)), divider()]
    blocks += list(_lines(words, page, at * SHOWN))
    if pages > 1:
        span = (at * SHOWN + 1, min((at + 1) * SHOWN, len(found.lines)), len(found.lines))
        blocks.append(context(md(words, "pay.statement.span", first=span[0], last=span[1], whole=span[2])))
    blocks.append(actions(*_turns(words, page, at, pages)))
    blocks.append(actions(*_doings(words, page)))
    said = md(words, "pay.statement.in_short", total=words.money(found.total), due=words.money(found.due))
    first = " ".join(filter(None, [head, f"{escape(title)}: {said}"]))
    return Message(f"{first}\n{told(blocks[2 if head else 1 :])}", blocks)


def choose_head(words: Words, page: StatementPage) -> Mrkdwn:
    """How to dispute a line of what stands below."""
    return md(words, "pay.dispute.choose" if page.statement.lines else "pay.dispute.nothing")


def window(words: Words, message: Message) -> Block:
    """A page in a window of its own, where there is no conversation to answer in."""
    title, close = words("pay.title"), words("quota.button.close")
    return modal(ids.PAY_WINDOW, title, message.blocks, submit=None, close=close, metadata=ids.pack())


def which_line(words: Words, page: StatementPage, lines: Sequence[Line], said: str | None) -> Message:
    """Several lines that may be meant."""
    asked = md(words, "pay.dispute.which", period=page.statement.period.name)
    blocks = [section(asked), *(quote(said) if said else [])]
    for line in lines[:SHOWN]:
        n = page.statement.lines.index(line) + 1
        blocks.append(section(_line(words, page, n, line), _dispute_button(words, page, line, said)))
    return Message(told(blocks), blocks)


def no_line(words: Words, page: StatementPage, typed: str) -> Message:
    """A line that there is not: the statement, to choose one."""
    head = md(words, "pay.dispute.none_such", period=page.statement.period.name)
    shown = statement(words, page)
    return Message(f"{head} {escape(typed)}\n{shown.text}", [section(head), *quote(typed), *shown.blocks])


def unclear(words: Words, text: str, asked: Unclear) -> Message:
    """The line whole, and one that would do."""
    params = {
        name: words.date(value) if isinstance(value, date) else value for name, value in asked.problem.params.items()
    }
    problem = Mrkdwn(escape(words(f"pay.ask.{asked.problem.code}", **params)))
    example = md(words, "pay.example", line=f"{COMMAND} {asked.example}")
    typed = f"{COMMAND} {plain_text(text)}"
    return Message(f"{problem} {example} {escape(typed)}", [section(problem), *quote(typed), section(example)])


def sent(words: Words, page: StatementPage) -> Message:
    """The file is on its way."""
    said = md(words, "pay.table.sent", period=page.statement.period.name)
    return Message(said, [section(said)])


def table_comment(words: Words, page: StatementPage) -> str:
    """What stands beside the file."""
    return f"{escape(_title(words, page))}{SEPARATOR}{_as_of(words, page)}"


def closing(words: Words, found: Closing, value: Mapping[str, Any]) -> Message:
    """What closing a period comes to, before it is done; `value` is which statement it was asked at."""
    title = words("pay.closing.title", period=found.period.name)
    parts = [
        md(words, "pay.closing.what", period=found.period.name, days=days_of(words, found.period)),
        md_plural(words, "pay.closing.statements", len(found.statements), due=words.money(found.due)),
    ]
    if found.lacking:
        parts.append(md(words, "pay.closing.lacking", who=cut(", ".join(found.lacking), 1000)))
    if found.open_disputes:
        parts.append(md_plural(words, "pay.closing.disputes", found.open_disputes))
    parts.append(md(words, "pay.closing.then"))
    sure = button(title, ids.PAY_CLOSE_NOW, ids.pack(**value, c=len(found.statements)), primary=True)
    texts = [*map(section, parts)]
    return Message(f"{escape(title)}: {parts[1]}\n{told(texts)}", [header(title), *texts, actions(sure)])


def closing_now(words: Words) -> Message:
    """Many statements take a while."""
    said = md(words, "pay.closing.now")
    return Message(said, [section(said)])


def closed_head(words: Words, found: Closing) -> Mrkdwn:
    """A period has been closed."""
    n, due = len(found.statements), words.money(found.due)
    return md_plural(words, "pay.closing.done", n, period=Mrkdwn(escape(found.period.name)), due=due)


def about_line(words: Words, line: Line, day: date) -> Mrkdwn:
    """A line: the company and the day of the event, how the amount is made, and why."""
    sum_said = _sum(words, line)
    first = SEPARATOR.join([f"*{escape(line.subject)}*", escape(words.date(day)), sum_said])
    return Mrkdwn(f"{first}\n{escape(explanation(words, line))}")


def days_of(words: Words, period: Period) -> str:
    """The first and last day of a period."""
    return f"{words.date(period.first)} – {words.date(period.last)}"


def _title(words: Words, page: StatementPage) -> str:
    period = page.statement.period.name
    if page.of:
        return words("pay.statement.title_of", who=page.of, period=period)
    return words("pay.statement.title", period=period)


def _as_of(words: Words, page: StatementPage) -> Mrkdwn:
    """The days it covers, and as of when it says what it says."""
    parts = [Mrkdwn(escape(days_of(words, page.statement.period)))]
    if page.closed:
        by, day = page.name(page.closed.by), words.date(page.day(page.closed.at))
        parts.append(md(words, "pay.statement.paid", by=by, day=day))
    parts.append(md(words, "pay.statement.as_of", moment=_moment(words, page, page.statement.as_of)))
    return Mrkdwn(SEPARATOR.join(parts))


def _moment(words: Words, page: StatementPage, at: datetime) -> str:
    local = at.astimezone(page.zone)
    return f"{words.date(local.date())} {words.time(local.time())} ({page.zone.key})"


def _sums(words: Words, page: StatementPage) -> Block:
    """What the lines come to and what is paid out; what is worked off only where something is."""
    found = page.statement
    fields = [("total", found.total), ("due", found.due)]
    if found.brought:
        fields.insert(0, ("brought", found.brought))
    if found.carried:
        fields.append(("carried", found.carried))
    return {
        "type": "section",
        "fields": [
            {"type": "mrkdwn", "text": f"*{words(f'pay.sum.{name}')}*\n{escape(words.money(amount))}", "verbatim": True}
            for name, amount in fields
        ],
    }


def _by_event(words: Words, lines: Sequence[Line]) -> Mrkdwn:
    """What each kind of event comes to."""
    said = []
    for event in Event:
        mine = [line.amount for line in lines if line.event is event]
        if mine:
            amount = Money(mine[0].currency, sum(each.minor for each in mine))
            name = words(f"pay.event.{event}")
            said.append(md_plural(words, "pay.statement.by_event", len(mine), event=name, amount=words.money(amount)))
    return Mrkdwn("\n".join(said))


def _lines(words: Words, page: StatementPage, first: int) -> Iterator[Block]:
    if not page.statement.lines:
        yield section(md(words, "pay.statement.empty"))
    for n, line in enumerate(page.statement.lines[first : first + SHOWN], first + 1):
        is_disputed = page.is_disputed(line.id)
        may_dispute = page.can_dispute and not is_disputed
        yield section(_line(words, page, n, line), _dispute_button(words, page, line) if may_dispute else None)
        if is_disputed and page.can_answer:
            yield actions(*answer_buttons(words, page.disputes[line.id].id, ids.unpack(where(page, at=first // SHOWN))))


def _line(words: Words, page: StatementPage, n: int, line: Line) -> Mrkdwn:
    said = about_line(words, line, page.day(line.at))
    dispute = page.disputes.get(line.id)
    more = f"\n{_disputed(words, page, dispute)}" if dispute else ""
    return Mrkdwn(f"{n}. {said}{more}")


def _disputed(words: Words, page: StatementPage, dispute: Dispute) -> Mrkdwn:
    text = cut(" ".join(dispute.text.split()), LONGEST_SAID)
    parts = [md(words, "pay.disputed.said", text=text)]
    by = page.name(dispute.answered_by)
    if dispute.state is Standing.OPEN:
        parts.append(md(words, "pay.disputed.open"))
    elif dispute.state is Standing.AGREED:
        parts.append(md(words, "pay.disputed.agreed", by=by))
    else:
        answer = cut(" ".join((dispute.answer or "").split()), LONGEST_SAID)
        parts.append(md(words, "pay.disputed.answered", by=by, text=answer))
    return Mrkdwn(" ".join(parts))


def _sum(words: Words, line: Line) -> Mrkdwn:
    """`60,000.00 EUR × 8 % = 4,800.00 EUR`; a fixed amount stands alone."""
    amount = f"*{escape(words.money(line.amount))}*"
    if line.base is None or line.step is None or line.step.rate is None:
        return Mrkdwn(amount)
    rate = words.number(line.step.rate * 100)
    return Mrkdwn(f"{escape(words.money(line.base))} × {rate} % = {amount}")


def _dispute_button(words: Words, page: StatementPage, line: Line, said: str | None = None) -> Block:
    value = ids.pack(l=line.id, d=page.statement.period.first.isoformat(), t=said and said[:LONGEST_CARRIED])
    return button(words("pay.button.dispute"), ids.PAY_DISPUTE, value)


def answer_buttons(words: Words, dispute_id: UUID, shown: Mapping[str, Any]) -> list[Block]:
    """The two answers to a dispute; `shown` is the statement that it is pressed at, if it is one."""
    value = ids.pack(**{**shown, "q": dispute_id.hex})
    agree = button(words("pay.button.agree"), ids.PAY_AGREE, value)
    return [agree, button(words("pay.button.explain"), ids.PAY_EXPLAIN, value, primary=True)]


def where(page: StatementPage, day: date | None = None, at: int = 0) -> str:
    """Which statement a button means: whose, of which day, as of when, and which page of its lines."""
    return ids.pack(
        p=page.person_id if page.of else None,
        d=(day or page.statement.period.first).isoformat(),
        a=page.asked.isoformat() if page.asked else None,
        n=at,
    )


def _turns(words: Words, page: StatementPage, at: int, pages: int) -> Iterator[Block]:
    """To other periods, and to other lines."""
    turns: list[tuple[str, date | None, int]] = [
        (words("pay.button.earlier", period=page.earlier.name), page.earlier.first, 0)
    ]
    if page.later:
        turns.append((words("pay.button.later", period=page.later.name), page.later.first, 0))
    if at > 0:
        turns.append((words("pay.button.before"), None, at - 1))
    if at + 1 < pages:
        turns.append((words("pay.button.more"), None, at + 1))
    for n, (label, day, to) in enumerate(turns):
        yield button(label, f"{ids.PAY_SHOW}.{n}", where(page, day, to))


def _doings(words: Words, page: StatementPage) -> Iterator[Block]:
    yield button(words("pay.button.csv"), ids.PAY_TABLE, where(page))
    if page.can_close:
        yield button(words("pay.button.close"), ids.PAY_CLOSE, where(page), primary=True)
