"""Feedback and kudos: given, told to whoever it is about, taken back while it is new. One function, one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, select, update

from bot.access.actor import Actor
from bot.audit import service as audit
from bot.audit.service import Change
from bot.coaching import reach
from bot.coaching.model import Feedback
from bot.coaching.rules import LONGEST_TEXT, UNDO_WITHIN, may_take_back
from bot.delivery import service as delivery
from bot.delivery.outcome import Parcel
from bot.delivery.service import Letter
from bot.delivery.states import IfUnsure
from bot.errors import Refused
from bot.people import queries as people
from bot.store.engine import Store
from bot.store.sql import Param, Prepared, insert_once, table_of
from bot.store.types import new_id
from bot.workspace import queries as workspace

feedback = table_of(Feedback)

TOLD, KUDOS = "feedback", "kudos"
"""Kinds of the ledger: the word to whoever it is about, and the one in the channel of wins."""

GIVEN = "✓"
"""What the audit log has of it: that it was given, and not the words, which go with the person."""

SHOWN = 20

WORKSPACE: Param = bindparam("workspace")
ONE = Prepared(select(feedback).where(feedback.c.workspace_id == WORKSPACE, feedback.c.id == bindparam("of")))
BY_ORIGIN = Prepared(select(feedback).where(feedback.c.workspace_id == WORKSPACE, feedback.c.origin == bindparam("by")))
BETWEEN = Prepared(
    select(feedback)
    .where(
        feedback.c.workspace_id == WORKSPACE,
        feedback.c.person_id == bindparam("person"),
        feedback.c.withdrawn_at.is_(None),
        feedback.c.recorded_at >= bindparam("start", type_=feedback.c.recorded_at.type),
        feedback.c.recorded_at < bindparam("end", type_=feedback.c.recorded_at.type),
    )
    .order_by(feedback.c.recorded_at.desc(), feedback.c.id.desc())
)


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody said of a colleague, with both names; `is_withdrawn` once its author took it back."""

    id: UUID
    person_id: str
    author_id: str
    text: str
    is_kudos: bool
    at: datetime
    is_withdrawn: bool
    name: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What was given; `channel` is where kudos go, None where the workspace has no channel of wins."""

    remark: Remark
    channel: str | None


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """What was said of somebody, the newest first; `name` is None for the reader's own."""

    person_id: str
    name: str | None
    several: tuple[Remark, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What a message of the ledger shows, and in which language."""

    remark: Remark
    language: str


def give(store: Store, actor: Actor, person_id: str, text: str, *, is_kudos: bool, origin: str, now: datetime) -> Given:
    """Say something of a colleague: it is kept for their review and told to them; kudos stand in the channel of wins.

    Raises:
        Refused: for oneself, for who is no colleague, and for no words or too many.
    """
    said = text.strip()
    if person_id == actor.id:
        raise Refused("coaching.refused.own_feedback")
    if not said:
        raise Refused("coaching.refused.no_words")
    if len(said) > LONGEST_TEXT:
        raise Refused("coaching.refused.long", length=len(said), limit=LONGEST_TEXT)
    with store.write() as tx:
        member = reach.colleague(tx, actor, person_id, now)
        channel = workspace.settings(tx, actor.workspace_id).wins_channel if is_kudos else None
        letters = [new_id() for _ in range(2 if channel else 1)]
        values = {
            "workspace_id": actor.workspace_id,
            "id": new_id(),
            "person_id": person_id,
            "author_id": actor.id,
            "text": said,
            "is_kudos": is_kudos,
            "letters": [each.hex for each in letters],
            "recorded_at": now,
            "origin": origin,
            "withdrawn_at": None,
        }
        if insert_once(tx, Feedback, values):
            _tell(tx, actor, values, channel, letters, now)
            what = Change(person_id, KUDOS if is_kudos else TOLD, None, GIVEN)
            audit.record(tx, actor.workspace_id, [what], by=actor.id, now=now)
        row = BY_ORIGIN.first(tx, {"workspace": actor.workspace_id, "by": origin})
        return Given(_remark(row, {person_id: member.name, actor.id: actor.name}), channel)


def _tell(
    tx: Connection, actor: Actor, row: dict[str, Any], channel: str | None, letters: Sequence[UUID], now: datetime
) -> None:
    subject = {"feedback": row["id"].hex}
    told = Letter(TOLD, row["person_id"], row["id"].hex, subject, if_unsure=IfUnsure.RESEND, id=letters[0])
    delivery.tell(tx, actor.workspace_id, told, now)
    if channel:
        public = Letter(KUDOS, channel, row["id"].hex, {**subject, "asked_by": actor.id}, id=letters[1])
        delivery.tell(tx, actor.workspace_id, public, now)


def take_back(store: Store, actor: Actor, feedback_id: UUID, now: datetime) -> Remark:
    """An author takes back what they said, within some minutes; the messages show it. Twice is the same as once.

    Raises:
        Refused: when it is not theirs, or not new any more.
    """
    with store.write() as tx:
        row = ONE.first(tx, {"workspace": actor.workspace_id, "of": feedback_id})
        if row is None or row.author_id != actor.id:
            raise Refused("coaching.refused.gone")
        if row.withdrawn_at is None and not may_take_back(row.recorded_at, now):
            raise Refused("coaching.refused.too_late", minutes=int(UNDO_WITHIN.total_seconds() // 60))
        this = and_(feedback.c.workspace_id == actor.workspace_id, feedback.c.id == feedback_id)
        changed = tx.execute(update(feedback).where(this, feedback.c.withdrawn_at.is_(None)).values(withdrawn_at=now))
        if changed.rowcount:
            for letter in row.letters:
                delivery.change(tx, actor.workspace_id, UUID(letter), now)
            what = Change(row.person_id, KUDOS if row.is_kudos else TOLD, GIVEN, None)
            audit.record(tx, actor.workspace_id, [what], by=actor.id, now=now)
        return _named(tx, actor.workspace_id, ONE.all(tx, {"workspace": actor.workspace_id, "of": feedback_id}))[0]


def page(store: Store, actor: Actor, person_id: str, now: datetime) -> FeedbackPage:
    """What was said of somebody in the last year.

    Raises:
        Refused: when the reader is neither the person, nor above them, nor of operations; it says who is.
    """
    with store.read() as tx:
        reach.let_read(tx, actor, person_id, now)
        found = between(tx, actor.workspace_id, person_id, now.replace(year=now.year - 1, day=1), now)
        own = person_id == actor.id
        name = None if own else people.name_of(tx, actor.workspace_id, person_id)
        return FeedbackPage(person_id, name, tuple(found[:SHOWN]), max(0, len(found) - SHOWN))


def may_read_of(store: Store, actor: Actor, person_id: str, now: datetime) -> bool:
    """Whether the reader may see what was said of a person."""
    with store.read() as tx:
        return reach.may_read(tx, actor, person_id, now)


def between(tx: Connection, workspace_id: str, person_id: str, start: datetime, end: datetime) -> list[Remark]:
    """What was said of somebody in [start, end] and stands, the newest first."""
    span = {"workspace": workspace_id, "person": person_id, "start": start, "end": end + datetime.resolution}
    return _named(tx, workspace_id, BETWEEN.all(tx, span))


def notice(store: Store, parcel: Parcel, now: datetime) -> Notice | None:
    """What a message about feedback shows; None where it was taken back before anybody read it, or nobody is there."""
    with store.read() as tx:
        row = ONE.first(tx, {"workspace": parcel.workspace_id, "of": UUID(parcel.subject["feedback"])})
        if row is None or (row.withdrawn_at and parcel.ts is None):
            return None
        about = people.actor(tx, parcel.workspace_id, row.person_id, now)
        if about is None or not about.is_active:
            return None
        return Notice(_named(tx, parcel.workspace_id, [row])[0], about.language)


def _named(tx: Connection, workspace_id: str, rows: Sequence[Any]) -> list[Remark]:
    ids = sorted({each for row in rows for each in (row.person_id, row.author_id)})
    names = people.names(tx, workspace_id, ids) if ids else {}
    return [_remark(row, names) for row in rows]


def _remark(row: Any, names: dict[str, str]) -> Remark:
    name, author = (names.get(each, each) for each in (row.person_id, row.author_id))
    is_withdrawn = row.withdrawn_at is not None
    fields = (row.id, row.person_id, row.author_id, row.text, row.is_kudos, row.recorded_at)
    return Remark(*fields, is_withdrawn, name, author)
