"""The questions that qualify a lead: in forms, with their answers on cards, and what of them nobody knows."""

from collections.abc import Mapping, Sequence

from bot.handoffs.queries import HandoffRow
from bot.handoffs.rules import Answer, is_known
from bot.handoffs.states import SOLD_AGAIN, State
from bot.words import Words
from bot.workspace.checklists import Question
from handlers.ui.blocks import Block, Mrkdwn, context, escape, field_of, in_sections, md, section, text_input

VALUE = "value"

ANSWER = "answer_"
"""In front of a question's code: the name of its field."""


def question_text(words: Words, question: Question) -> str:
    """A question of a usual checklist in a word; an own one as it was written, in the reader's language."""
    return question.said(words.language) if question.text else words(f"handoffs.answer.{question.code}")


def answer_fields(
    words: Words, questions: Sequence[Question], answers: Mapping[str, Answer], required: Sequence[str] = ()
) -> list[Block]:
    """The questions, with what is known; an empty field is "not known", which is not "no"."""
    return [
        field_of(
            f"{ANSWER}{each.code}",
            question_text(words, each),
            text_input(VALUE, answers.get(each.code, Answer()).text or None),
            hint="" if each.text else words(f"handoffs.ask.{each.code}"),
            optional=each.code not in required,
        )
        for each in questions
    ]


def answers(words: Words, row: HandoffRow) -> list[Block]:
    """What is known, in the words in which it was asked."""
    if row.kind not in SOLD_AGAIN:
        return []
    known = [each for each in row.questions if is_known(row.answers, each)]
    lines = [
        Mrkdwn(f"*{escape(question_text(words, each))}* {_answer(words, row.answers[each.code])}") for each in known
    ]
    if len(known) < len(row.questions):
        lines.append(md(words, "handoffs.card.known", known=len(known), asked=len(row.questions)))
    return [section(text) for text in in_sections(lines)]


def unknown(words: Words, row: HandoffRow) -> list[Block]:
    """What its giver hears once it is qualified: what nobody knew even then."""
    left = [question_text(words, each) for each in row.questions if not is_known(row.answers, each)]
    if row.state is not State.REQUALIFIED or not left:
        return []
    return [context(md(words, "handoffs.giver.unknown", questions="; ".join(left)))]


def _answer(words: Words, answer: Answer) -> Mrkdwn:
    return escape(answer.text) if answer.text else md(words, f"handoffs.known.{answer.known}")
