"""How a dispute looks: the form at a line, the card of whoever answers, that of whoever disputes, and the answer."""

from bot.pay.earned import Line
from bot.pay.pages import DisputePage, StatementPage
from bot.pay.service import LONGEST_TEXT
from bot.pay.states import Standing
from bot.words import Words
from handlers import ids
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    actions,
    context,
    cut,
    escape,
    field_of,
    header,
    md,
    modal,
    quote,
    section,
    text_input,
    told,
)
from handlers.ui.pay import about_line, answer_buttons

VALUE = "value"


def dispute_form(words: Words, page: StatementPage, line: Line, said: str | None, metadata: str) -> Block:
    """What is wrong with a line."""
    blocks = [section(about_line(words, line, page.day(line.at))), _text(words, "text", said)]
    title, submit = words("pay.dispute.title"), words("pay.button.dispute")
    return modal(ids.PAY_DISPUTE_FORM, title, blocks, submit=submit, close=words("button.cancel"), metadata=metadata)


def explain_form(words: Words, page: DisputePage, metadata: str) -> Block:
    """Why a line is right."""
    blocks = [*_what(words, page), _text(words, "answer", None)]
    title, submit = words("pay.answer.title"), words("pay.button.send")
    return modal(ids.PAY_EXPLAIN_FORM, title, blocks, submit=submit, close=words("button.cancel"), metadata=metadata)


def disputed_head(words: Words, company: str) -> Mrkdwn:
    """It is on its way to whoever answers."""
    return md(words, "pay.dispute.sent", company=company)


def card(words: Words, page: DisputePage) -> Message:
    """For whoever answers: the line, what is said against it, and the two answers; once it is answered, the answer."""
    who, period = page.name(page.dispute.person_id), page.dispute.period
    title = words("pay.dispute.card", who=who, period=period)
    blocks = [header(title), *_what(words, page)]
    if page.is_open:
        buttons = answer_buttons(words, page.dispute.id, {})
        blocks += [actions(*buttons), context(md(words, "pay.dispute.how", who=who))]
    else:
        blocks += _answer(words, page)
    return Message(f"{escape(title)}: {escape(cut(page.dispute.text, 200))}\n{told(blocks[1:])}", blocks)


def reminder(words: Words, page: DisputePage) -> Message:
    """For whoever has not answered within their days: the same card again."""
    return _chased(words, page, "pay.dispute.waits")


def raised(words: Words, page: DisputePage) -> Message:
    """For operations: the card, and who has not answered."""
    return _chased(words, page, "pay.dispute.raised")


def _chased(words: Words, page: DisputePage, key: str) -> Message:
    again = card(words, page)
    if not page.is_open:
        return again
    since = words.date(page.dispute.recorded_at.astimezone(page.zone).date())
    head = md(words, key, who=page.name(page.dispute.person_id), asked=", ".join(page.asked) or "–", since=since)
    return Message(f"{head}\n{again.text}", [section(head), *again.blocks])


def mine(words: Words, page: DisputePage) -> Message:
    """For whoever disputes: what they said and to whom; once it is answered, the answer."""
    title = words("pay.dispute.mine", period=page.dispute.period)
    blocks = [header(title), *_what(words, page)]
    if page.is_open:
        blocks.append(context(md(words, "pay.dispute.with", who=", ".join(page.asked) or "–")))
    else:
        blocks += _answer(words, page)
    return Message(f"{escape(title)}: {escape(page.dispute.line.subject)}\n{told(blocks[1:])}", blocks)


def answered(words: Words, page: DisputePage) -> Message:
    """The answer, beneath the message of whoever disputes."""
    blocks = _answer(words, page)
    return Message(told(blocks), blocks)


def _what(words: Words, page: DisputePage) -> list[Block]:
    dispute = page.dispute
    day = dispute.line.at.astimezone(page.zone).date()
    return [section(about_line(words, dispute.line, day)), *quote(dispute.text)]


def _answer(words: Words, page: DisputePage) -> list[Block]:
    blocks = [section(_answer_head(words, page)), *(quote(page.dispute.answer) if page.dispute.answer else [])]
    if page.dispute.state is Standing.AGREED:
        blocks.append(context(md(words, "pay.answer.next_mine" if page.is_mine else "pay.answer.next")))
    return blocks


def _answer_head(words: Words, page: DisputePage) -> Mrkdwn:
    is_agreed = page.dispute.state is Standing.AGREED
    key = "pay.answer.agreed" if is_agreed else "pay.answer.explained"
    return md(words, key, by=page.name(page.dispute.answered_by), company=page.dispute.line.subject)


def _text(words: Words, name: str, said: str | None) -> Block:
    element = text_input(VALUE, said, multiline=True) | {"max_length": LONGEST_TEXT}
    return field_of(name, words(f"pay.form.{name}"), element, optional=False, hint=words(f"pay.form.{name}_hint"))
