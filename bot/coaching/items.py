"""Action items: read from the lines of a form, kept, done, and what is left of them for the next one-to-one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, or_, select, update

from bot.access.actor import Actor
from bot.activity import steps
from bot.audit import service as audit
from bot.audit.service import Change
from bot.coaching import reach
from bot.coaching.model import ActionItem
from bot.coaching.rules import FURTHEST, LONGEST_ITEM, MOST_ITEMS
from bot.coaching.states import State
from bot.coaching.vocabulary import BY
from bot.errors import Refused
from bot.people import queries as people
from bot.reading.text import keyed, storable
from bot.reading.when import Look, read_day
from bot.store.engine import Store
from bot.store.sql import Param, Prepared, insert_once, table_of
from bot.store.types import new_id

item = table_of(ActionItem)

WHAT = "action_item"
_LONGEST_DAY = 4

WORKSPACE: Param = bindparam("workspace")
SINCE: Param = bindparam("since", type_=item.c.closed_at.type)
OF = Prepared(
    select(item)
    .where(
        item.c.workspace_id == WORKSPACE,
        item.c.person_id == bindparam("person"),
        or_(item.c.state == State.OPEN, item.c.closed_at >= SINCE),
    )
    .order_by(item.c.recorded_at, item.c.n, item.c.id)
)
EVER = Prepared(
    select(item)
    .where(item.c.workspace_id == WORKSPACE, item.c.person_id == bindparam("person"))
    .order_by(item.c.recorded_at, item.c.n, item.c.id)
)
OWNED = Prepared(
    select(item)
    .where(item.c.workspace_id == WORKSPACE, item.c.owner_id == bindparam("owner"), item.c.state == State.OPEN)
    .order_by(item.c.recorded_at, item.c.n, item.c.id)
)
ONE = Prepared(select(item).where(item.c.workspace_id == WORKSPACE, item.c.id == bindparam("of")))


@dataclass(frozen=True, slots=True)
class Draft:
    """An action item as it was typed: what, and by when."""

    text: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """An action item as it stands, with its owner's name. A day that its owner put off is the day."""

    id: UUID
    person_id: str
    manager_id: str
    owner_id: str
    owner: str
    text: str
    due_on: date | None
    is_done: bool
    recorded_at: datetime
    closed_at: datetime | None


def read_lines(text: str, today: date) -> tuple[Draft, ...]:
    """Items as they stand in a field, one a line, each with a day behind `by` if it has one.

    Raises:
        Refused: for a day that has passed or is none, a line that is too long, or too many of them.
    """
    lines = [line.strip(" \t-•*") for line in storable(text).splitlines()]
    lines = [line for line in lines if line]
    if len(lines) > MOST_ITEMS:
        raise Refused("coaching.item.many", limit=MOST_ITEMS)
    return tuple(_read_line(line, today) for line in lines)


def _read_line(line: str, today: date) -> Draft:
    pieces = line.split()
    words = [keyed(piece) for piece in pieces]
    for at in range(max(1, len(words) - _LONGEST_DAY - 1), len(words)):
        day = read_day(words, at + 1, today, Look.AHEAD) if words[at] in BY and at + 1 < len(words) else None
        if day and at + 1 + day.used == len(words):
            due = _due(day.days, " ".join(pieces[at:]), today)
            return Draft(_short(" ".join(pieces[:at]).rstrip(" ,;:-–—")), due)
    return Draft(_short(line))


def _due(days: Sequence[date], said: str, today: date) -> date:
    if len(days) != 1:
        raise Refused("coaching.item.day_unclear", text=said)
    if days[0] < today:
        raise Refused("coaching.item.day_past", text=said)
    if days[0] - today > FURTHEST:
        raise Refused("coaching.item.day_far", text=said)
    return days[0]


def _short(text: str) -> str:
    if len(text) > LONGEST_ITEM:
        raise Refused("coaching.item.long", text=text[:40], limit=LONGEST_ITEM)
    return text


def keep(
    tx: Connection, actor: Actor, person_id: str, owned: Iterable[tuple[str, Draft]], *, origin: str, now: datetime
) -> None:
    """Keep what came out of a one-to-one with somebody: each item with its owner, who is reminded on its day."""
    for n, (owner_id, draft) in enumerate(owned):
        values = {
            "workspace_id": actor.workspace_id,
            "id": new_id(),
            "person_id": person_id,
            "manager_id": actor.id,
            "owner_id": owner_id,
            "text": draft.text,
            "due_on": draft.due_on,
            "step_id": _step(tx, actor, owner_id, draft, f"{origin}:{n}", now),
            "state": State.OPEN,
            "origin": origin,
            "n": n,
            "recorded_at": now,
            "recorded_by": actor.id,
            "closed_at": None,
            "closed_by": None,
        }
        insert_once(tx, ActionItem, values)
        if owner_id != actor.id:
            what = Change(owner_id, WHAT, None, State.OPEN)
            audit.record(tx, actor.workspace_id, [what], by=actor.id, now=now)


def _step(tx: Connection, actor: Actor, owner_id: str, draft: Draft, origin: str, now: datetime) -> UUID | None:
    owner = people.actor(tx, actor.workspace_id, owner_id, now)
    if draft.due_on is None or owner is None:
        return None
    return steps.promise(tx, owner, draft.text, draft.due_on, by=actor.id, origin=origin, now=now)


def finish(store: Store, actor: Actor, item_id: UUID, now: datetime) -> Item:
    """An item is done: whoever is to do it says so, or who leads the person. Twice is the same as once.

    Raises:
        Refused: when it is none of theirs.
    """
    with store.write() as tx:
        row = ONE.first(tx, {"workspace": actor.workspace_id, "of": item_id})
        if row is None:
            raise Refused("coaching.item.gone")
        if row.owner_id != actor.id and not reach.may_coach(tx, actor, row.person_id, now):
            raise reach.refusal(tx, actor, row.person_id, now)
        this = and_(item.c.workspace_id == actor.workspace_id, item.c.id == item_id, item.c.state == State.OPEN)
        done = {"state": State.DONE, "closed_at": now, "closed_by": actor.id}
        if tx.execute(update(item).where(this).values(**done)).rowcount:
            if row.step_id:
                steps.settle(tx, actor.workspace_id, row.owner_id, row.step_id, now)
            if row.owner_id != actor.id:
                what = Change(row.owner_id, WHAT, State.OPEN, State.DONE)
                audit.record(tx, actor.workspace_id, [what], by=actor.id, now=now)
        return _items(tx, actor.workspace_id, [ONE.first(tx, {"workspace": actor.workspace_id, "of": item_id})])[0]


def of(tx: Connection, workspace_id: str, person_id: str, since: datetime) -> list[Item]:
    """The items of somebody's one-to-ones that are open, or were done since then; the oldest first."""
    return _items(tx, workspace_id, OF.all(tx, {"workspace": workspace_id, "person": person_id, "since": since}))


def ever(tx: Connection, workspace_id: str, person_id: str) -> list[Item]:
    """All items of somebody's one-to-ones, the oldest first."""
    return _items(tx, workspace_id, EVER.all(tx, {"workspace": workspace_id, "person": person_id}))


def owned(tx: Connection, workspace_id: str, owner_id: str) -> list[Item]:
    """What somebody has to do that came out of one-to-ones, theirs and those of their reports."""
    found = _items(tx, workspace_id, OWNED.all(tx, {"workspace": workspace_id, "owner": owner_id}))
    return [each for each in found if not each.is_done]


def _items(tx: Connection, workspace_id: str, rows: Sequence[Any]) -> list[Item]:
    """Rows with the names of their owners; what was done in the day's follow-ups is done."""
    names = people.names(tx, workspace_id, sorted({row.owner_id for row in rows})) if rows else {}
    promised = [row.step_id for row in rows if row.step_id]
    known = steps.found(tx, workspace_id, promised) if promised else {}
    found = []
    for row in rows:
        step = known.get(row.step_id)
        is_done = row.state == State.DONE or (step is not None and step.is_done)
        due_on = step.day if step and step.is_open and not is_done else row.due_on
        owner = names.get(row.owner_id, row.owner_id)
        mine = (row.id, row.person_id, row.manager_id, row.owner_id, owner, row.text)
        found.append(Item(*mine, due_on, is_done, row.recorded_at, row.closed_at))
    return found
