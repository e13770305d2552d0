"""What is known about a checklist's questions before anybody is asked: from the last hand-off of the company, and from
what its lead brought along.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from bot.handoffs import queries
from bot.handoffs.rules import Answer, answer_of
from bot.leads import queries as leads
from bot.workspace.checklists import Question

_SPELLINGS = {
    "budget": "budget estimatedbudget бюджет",
    "authority": "authority decisionmaker decisionmakers whodecides лпр ктопринимаетрешение полномочия",
    "need": "need needs problem challenge usecase задача потребность проблема",
    "timing": "timing timeline timeframe deadline startdate срок сроки когда",
    "metrics": "metrics goal goals kpi показатели цель",
    "buyer": "economicbuyer buyer",
    "pain": "pain painpoint problem challenge боль проблема",
}
"""What forms call the answers to the usual questions, without case, spaces and punctuation."""

_NOT_A_WORD = re.compile(r"[\W_]+")


def answers_known(
    tx: Connection, workspace_id: str, account_id: UUID, questions: Sequence[Question]
) -> dict[str, Answer]:
    """Answers by code, as far as there are any; those of a hand-off come before those of a form."""
    found: dict[str, Answer] = {}
    for lead in reversed(leads.of_accounts(tx, workspace_id, [account_id])):  # the newest has the last word
        found |= _of_notes(leads.notes(tx, workspace_id, lead.id), questions)
    for row in reversed(queries.of_accounts(tx, workspace_id, [account_id])):
        found |= {code: each for code, each in row.answers.items() if each.text}
    asked = {each.code for each in questions}
    return {code: each for code, each in found.items() if code in asked}


def _of_notes(notes: Mapping[str, Any], questions: Sequence[Question]) -> dict[str, Answer]:
    """The answers that stand in the further fields of a lead: under a question's code, its wording, or a usual name."""
    by_name = {_plain(name): value for name, value in notes.items() if isinstance(value, str | int | float)}
    found = {}
    for question in questions:
        names = [_plain(each) for each in (question.code, question.text, question.russian) if each]
        names += _SPELLINGS.get(question.code, "").split()
        value = next((by_name[name] for name in names if name in by_name), None)
        if value is not None and not isinstance(value, bool):
            found[question.code] = answer_of(str(value))
    return found


def _plain(name: str) -> str:
    return _NOT_A_WORD.sub("", name.casefold())
