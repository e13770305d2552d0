"""The forms of a hand-off: giving, declining, reassigning, judging."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.handoffs.giving import Giving
from bot.handoffs.rules import DECLINE_REASONS_OF, REJECT_REASONS, Answer
from bot.handoffs.states import Kind
from bot.words import Words
from bot.workspace.checklists import Question
from handlers import ids
from handlers.ui.blocks import (
    Block,
    date_input,
    field_of,
    modal,
    option,
    person_select,
    select,
    text_input,
    time_input,
)
from handlers.ui.checklist import VALUE, answer_fields

KINDS = (Kind.SALE, Kind.HELP, Kind.CARE, Kind.UPSELL)
"""What the form offers; what somebody is stuck on has its own command."""


def give_form(
    words: Words,
    giving: Giving | None,
    questions: Sequence[Question],
    required: Sequence[str],
    zone: ZoneInfo,
    metadata: str,
) -> Block:
    """Hand something over: the company, to whom, and what is known of it."""
    known = giving or Giving("")
    meeting: datetime | None = known.meeting_at.astimezone(zone) if known.meeting_at else None
    day, at = (f"{meeting:%Y-%m-%d}", f"{meeting:%H:%M}") if meeting else (None, None)
    kinds = [option(words(f"handoffs.kind.{kind}"), kind) for kind in KINDS]
    chosen = next(each for each in kinds if each["value"] == (known.kind if known.kind in KINDS else Kind.SALE))
    blocks = [
        field_of("company", words("handoffs.form.company"), text_input(VALUE, known.company), optional=False),
        field_of(
            "to",
            words("handoffs.form.to"),
            person_select(VALUE, known.to, words("handoffs.form.anybody")),
            hint=words("handoffs.form.to_hint"),
        ),
        field_of("kind", words("handoffs.form.kind"), select(VALUE, kinds, chosen, "–"), optional=False),
        field_of("note", words("handoffs.form.note"), text_input(VALUE, known.note, multiline=True)),
        *answer_fields(words, questions, known.answers or {}, required),
        field_of("meeting_day", words("handoffs.form.meeting_day"), date_input(VALUE, day)),
        field_of("meeting_at", words("handoffs.form.meeting_at"), time_input(VALUE, at)),
    ]
    title, submit = words("handoffs.form.title"), words("handoffs.form.submit")
    return modal(ids.HANDOFF_FORM, title, blocks, submit=submit, close=words("button.cancel"), metadata=metadata)


def decline_form(words: Words, company: str, kind: Kind, metadata: str) -> Block:
    """Why not: one reason, and a word where one is needed."""
    blocks = [
        _reasons(words, "decline", DECLINE_REASONS_OF[kind]),
        field_of("note", words("handoffs.form.reason_note"), text_input(VALUE, None, multiline=True)),
    ]
    return _about(words, ids.HANDOFF_DECLINE_FORM, company, blocks, words("handoffs.button.decline"), metadata)


def reassign_form(words: Words, company: str, metadata: str) -> Block:
    """To whom instead; nobody named is whoever is next."""
    blocks = [
        field_of(
            "to",
            words("handoffs.form.to"),
            person_select(VALUE, None, words("handoffs.form.anybody")),
            hint=words("handoffs.form.to_hint"),
        ),
        field_of("note", words("handoffs.form.note"), text_input(VALUE, None, multiline=True)),
    ]
    return _about(words, ids.HANDOFF_REASSIGN_FORM, company, blocks, words("handoffs.button.reassign"), metadata)


def qualified_form(
    words: Words, company: str, questions: Sequence[Question], answers: Mapping[str, Answer], metadata: str
) -> Block:
    """What the taker knows now, beside what the giver knew."""
    blocks = [
        *answer_fields(words, questions, answers),
        field_of("note", words("handoffs.form.note"), text_input(VALUE, None, multiline=True)),
    ]
    return _about(words, ids.HANDOFF_QUALIFIED_FORM, company, blocks, words("handoffs.button.qualified"), metadata)


def reject_form(words: Words, company: str, metadata: str) -> Block:
    """Why it is not qualified: the giver and marketing learn from it."""
    blocks = [
        _reasons(words, "reject", REJECT_REASONS),
        field_of("note", words("handoffs.form.reason_note"), text_input(VALUE, None, multiline=True)),
    ]
    return _about(words, ids.HANDOFF_REJECT_FORM, company, blocks, words("handoffs.button.not_qualified"), metadata)


def _reasons(words: Words, of: str, codes: Sequence[str]) -> Block:
    options = [option(words(f"handoffs.{of}.{code}"), code) for code in codes]
    return field_of("reason", words("handoffs.form.reason"), select(VALUE, options, None, "–"), optional=False)


def _about(words: Words, callback: str, company: str, blocks: Sequence[Block], submit: str, metadata: str) -> Block:
    return modal(callback, company, blocks, submit=submit, close=words("button.cancel"), metadata=metadata)
