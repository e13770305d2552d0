"""Lines that were asked back: kept with the answers on their buttons until one is pressed, or for a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, or_, update

from bot.access.actor import Actor
from bot.activity.entry import Offer
from bot.activity.model import OpenQuestion
from bot.errors import Refused
from bot.store.sql import table_of
from bot.store.types import new_id

KEPT_FOR = timedelta(days=7)
"""Slack forgets a message that only one person sees long before."""

OFFERS = TypeAdapter(tuple[Offer, ...])
question = table_of(OpenQuestion)


@dataclass(frozen=True, slots=True)
class Question:
    """A line, its offers in the order of their buttons, and the entry that an answer amends."""

    line: str
    offers: tuple[Offer, ...]
    entry_id: UUID | None


def keep(
    tx: Connection, actor: Actor, line: str, offers: Sequence[Offer], now: datetime, amends: UUID | None = None
) -> UUID:
    """Keep a line, whatever its length, so that its buttons can answer it; old ones of this person go."""
    question_id = new_id()
    tx.execute(
        delete(question).where(
            question.c.workspace_id == actor.workspace_id,
            question.c.person_id == actor.id,
            question.c.recorded_at < now - KEPT_FOR,
        )
    )
    tx.execute(
        question.insert().values(
            workspace_id=actor.workspace_id,
            id=question_id,
            person_id=actor.id,
            line=line,
            offers=OFFERS.dump_python(tuple(offers), mode="json"),
            activity_id=amends,
            recorded_at=now,
        )
    )
    return question_id


def find(tx: Connection, actor: Actor, question_id: UUID) -> Question:
    """A question that this person was asked.

    Raises:
        Refused: when it is not theirs, or too old.
    """
    row = tx.execute(
        question.select().where(
            question.c.workspace_id == actor.workspace_id,
            question.c.id == question_id,
            question.c.person_id == actor.id,
        )
    ).one_or_none()
    if row is None:
        raise Refused("log.question_gone")
    return Question(row.line, OFFERS.validate_python(row.offers), row.activity_id)


def answer(tx: Connection, actor: Actor, question_id: UUID, choice: int) -> None:
    """Settle a question with one of its buttons, for good: the same button again is the same answer.

    Raises:
        Refused: when another button was pressed before.
    """
    settled = tx.execute(
        update(question)
        .where(
            question.c.workspace_id == actor.workspace_id,
            question.c.id == question_id,
            or_(question.c.answered.is_(None), question.c.answered == choice),
        )
        .values(answered=choice)
    )
    if settled.rowcount != 1:
        raise Refused("log.already_answered")
