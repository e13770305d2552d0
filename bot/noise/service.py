"""What is done about the noise budget: a reminder is let through or held back; a kind moves, and comes back.

Everything but `bring_back` runs inside the caller's transaction.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, update

from bot.access.actor import Actor
from bot.access.rights import refusal
from bot.delivery import queries as deliveries
from bot.delivery import service as delivery
from bot.delivery.outcome import Parcel
from bot.delivery.service import Letter
from bot.errors import Refused
from bot.noise import queries
from bot.noise.model import HeldReminder
from bot.noise.queries import Held, Move, held, moved
from bot.noise.rules import A_DAY, COUNTED, IN_A_ROW, End, Told, Why, day_began, in_vain, moves_until
from bot.people import queries as people
from bot.store.engine import Store
from bot.store.many import insert_many_once
from bot.store.types import new_id
from bot.working_time.presence import Schedule

MOVED = "reminder_moved"
"""The kind of the ledger that says so."""

LOOKS_BACK = timedelta(days=35)
"""How far back reminders may lie that are in vain together: a weekly one has time for three."""

A_DAY_AT_MOST = timedelta(hours=36)
"""No working day is longer, from midnight or the end of the night before to its own end."""

LAST_FEW = A_DAY + 2 * IN_A_ROW
"""Reminders that are looked at: those of today have not had their day yet."""

About = Callable[[], Sequence[tuple[datetime, Mapping[str, Any]]]]
Acted = Callable[[Connection, str, str, datetime, About], bool]
"""Whether a person of a workspace has done what a kind asks for since a moment (UTC); the last reads when each
of the reminders in question came, with its subject.
"""


class _Reminded(NamedTuple):
    """What decides about one letter: its reader's last move of the kind, the last few that they got of it, and when
    they got anything lately.
    """

    schedule: Schedule
    move: Move | None
    own: list[Any]
    said: list[datetime]


def admit(
    tx: Connection,
    workspace_id: str,
    letters: Sequence[Letter],
    schedules: Mapping[str, Schedule],
    acted: Acted,
    now: datetime,
) -> list[Letter]:
    """Those reminders of one kind that may be sent now; the others are kept for the digest, and whoever is to know that
    the kind has moved there is told so, once.

    Args:
        letters: one for each person, all of one kind.
        schedules: when they work, by person.
        acted: whether somebody did what this kind asks for.
    """
    if not letters:
        return []
    passing, kept, news = [], [], []
    for letter, found in _reminded(tx, workspace_id, letters, schedules, now):
        why = _why_not(tx, workspace_id, letter, found, acted, now)
        if why is None:
            passing.append(letter)
            continue
        kept.append((letter, why))
        if why is Why.MOVED and not (found.move and found.move.stands(now)):
            news.append(_move_on(tx, workspace_id, letter, found, now))
    insert_many_once(tx, HeldReminder, [_row(workspace_id, letter, why, now) for letter, why in kept])
    delivery.tell_all(tx, workspace_id, news, now)
    return passing


def _reminded(
    tx: Connection, workspace_id: str, letters: Sequence[Letter], schedules: Mapping[str, Schedule], now: datetime
) -> Iterator[tuple[Letter, _Reminded]]:
    """What decides about each letter, read at once for all of them."""
    kind = letters[0].kind
    readers = [letter.recipient for letter in letters]
    moves = queries.last_moves(tx, workspace_id, readers, now)
    own: dict[str, list[Any]] = defaultdict(list)
    for row in deliveries.last_few(tx, workspace_id, kind, readers, now - LOOKS_BACK, LAST_FEW):
        own[row.recipient].append(row)
    said: dict[str, list[datetime]] = defaultdict(list)
    for recipient, at in deliveries.moments(tx, workspace_id, COUNTED, readers, now - A_DAY_AT_MOST):
        said[recipient].append(at)
    for letter in letters:
        who = letter.recipient
        yield letter, _Reminded(schedules[who], moves.get((who, kind)), own[who], said[who])


def about_held(tx: Connection, workspace_id: str, move: Move, now: datetime) -> About:
    """What the reminders were about that a move has held back."""

    def about() -> list[tuple[datetime, Mapping[str, Any]]]:
        found = queries.held_between(tx, workspace_id, move.person_id, move.moved_at, now)
        return [(each.held_at, each.subject) for each in found if each.kind == move.kind]

    return about


def waiting(tx: Connection, workspace_id: str, person_id: str, kind: str, now: datetime) -> list[Held]:
    """What was held back of a kind and no message has told of since."""
    found = queries.held_between(tx, workspace_id, person_id, now - LOOKS_BACK, now)
    return [each for each in found if each.kind == kind and each.said_at is None]


def said(tx: Connection, workspace_id: str, person_id: str, kind: str, now: datetime) -> None:
    """A message tells of all that was held back of a kind."""
    theirs = (held.c.workspace_id == workspace_id) & (held.c.person_id == person_id) & (held.c.kind == kind)
    tx.execute(update(held).where(theirs, held.c.said_at.is_(None), held.c.held_at < now).values(said_at=now))


def acted(tx: Connection, workspace_id: str, person_id: str, kind: str, now: datetime) -> bool:
    """Somebody did what a kind asks for: it comes by message again; True when it had moved."""
    return _end(tx, workspace_id, person_id, kind, End.ACTED, now)


def bring_back(store: Store, actor: Actor, move_id: UUID, now: datetime) -> Move:
    """Let a kind come by message again.

    Raises:
        Refused: when there is no such move of the actor's.
    """
    with store.write() as tx:
        found = queries.find(tx, actor.workspace_id, move_id)
        if found is None or found.person_id != actor.id:
            raise Refused("noise.gone")
        if found.stands(now):
            _end(tx, actor.workspace_id, actor.id, found.kind, End.BROUGHT_BACK, now)
        return queries.find(tx, actor.workspace_id, move_id) or found


def _why_not(
    tx: Connection, workspace_id: str, letter: Letter, found: _Reminded, has_acted: Acted, now: datetime
) -> Why | None:
    """Why a reminder is not sent now; None where it is. A move that an act has ended is written down here."""
    move, who = found.move, letter.recipient
    if move and move.stands(now):
        if not has_acted(tx, workspace_id, who, move.moved_at, about_held(tx, workspace_id, move, now)):
            return Why.MOVED
        acted(tx, workspace_id, who, letter.kind, now)
        return Why.ENOUGH if _is_enough(found, now) else None
    since = move.end(now) if move else None
    own = [row for row in found.own if row.ts and (not since or row.recorded_at >= since)]
    if _is_in_vain(tx, workspace_id, own, found.schedule, has_acted, now):
        return Why.MOVED
    return Why.ENOUGH if _is_enough(found, now) else None


def _is_in_vain(
    tx: Connection, workspace_id: str, own: Sequence[Any], schedule: Schedule, has_acted: Acted, now: datetime
) -> bool:
    """Whether the last three that have had their day were in vain; `own` is what arrived, the newest first."""
    several = own[: in_vain([Told(row.recorded_at, row.act is not None) for row in own], schedule, now)]
    if not several:
        return False

    def about() -> list[tuple[datetime, Mapping[str, Any]]]:
        rows = (deliveries.find(tx, workspace_id, row.id) for row in several)
        return [(row.recorded_at, row.subject) for row in rows if row]

    return not has_acted(tx, workspace_id, own[0].recipient, several[-1].recorded_at, about)


def _is_enough(found: _Reminded, now: datetime) -> bool:
    began = day_began(found.schedule, now)
    return len([at for at in found.said if at >= began]) >= A_DAY


def _move_on(tx: Connection, workspace_id: str, letter: Letter, found: _Reminded, now: datetime) -> Letter:
    """The kind moves, and this is what says so."""
    _end(tx, workspace_id, letter.recipient, letter.kind, End.OVER, now)
    move = new_id()
    until = moves_until(found.schedule, now)
    tx.execute(
        moved.insert().values(
            workspace_id=workspace_id,
            id=move,
            person_id=letter.recipient,
            kind=letter.kind,
            moved_at=now,
            until=until,
            recorded_at=now,
        )
    )
    return Letter(MOVED, letter.recipient, move.hex, {"move": move.hex}, until, id=move)


def _end(tx: Connection, workspace_id: str, person_id: str, kind: str, why: End, now: datetime) -> bool:
    """Of two who end a move one does; the message that told of it shows it."""
    theirs = (moved.c.workspace_id == workspace_id) & (moved.c.person_id == person_id) & (moved.c.kind == kind)
    ended = update(moved).where(theirs, moved.c.ended_at.is_(None)).values(ended_at=now, ended_by=why.value)
    rows = tx.execute(ended.returning(moved.c.id)).all()
    for row in rows:
        delivery.change(tx, workspace_id, row.id, now)
    return bool(rows)


def _row(workspace_id: str, letter: Letter, why: Why, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id,
        "person_id": letter.recipient,
        "kind": str(letter.kind),
        "occasion": letter.occasion,
        "subject": letter.subject,
        "why": why.value,
        "held_at": now,
        "recorded_at": now,
    }


@dataclass(frozen=True, slots=True)
class MovedPage:
    """What the message shows that tells of a move: whose, of which kind, and why it has ended, if it has."""

    actor: Actor
    move: Move
    ended_by: End | None


def moved_page(store: Store, parcel: Parcel, now: datetime) -> MovedPage | None:
    """The move as it stands; None for somebody who is no colleague any more, or before anybody was told of it that has
    ended.
    """
    with store.read() as tx:
        reader = people.actor(tx, parcel.workspace_id, parcel.recipient, now)
        found = queries.find(tx, parcel.workspace_id, UUID(parcel.subject["move"]))
    if reader is None or refusal(reader) or found is None:
        return None
    ended = End(found.ended_by) if found.ended_by else None if found.stands(now) else End.OVER
    return None if ended and parcel.ts is None else MovedPage(reader, found, ended)
