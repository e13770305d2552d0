"""One-to-ones: held and noted, the list of who is due, and those before. One function, one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, func, select, update

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.audit import service as audit
from bot.audit.service import Change
from bot.coaching import items, reach
from bot.coaching.items import Draft, Item
from bot.coaching.model import OneOnOne
from bot.coaching.rules import HELD_AT_MOST_BACK, LONGEST_TEXT, is_overdue
from bot.delivery import service as delivery
from bot.delivery.outcome import Parcel
from bot.delivery.service import Letter
from bot.errors import Refused
from bot.people import queries as people
from bot.store.engine import Store
from bot.store.sql import Param, Prepared, insert_once, one_at_a_time, one_of, table_of
from bot.store.types import new_id

held_table = table_of(OneOnOne)

HELD = "one_on_one"
"""The kind of the ledger: what came out of it, for the report; and the name in the audit log."""

SHOWN = 10

WORKSPACE: Param = bindparam("workspace")
STANDS = (held_table.c.workspace_id == WORKSPACE, held_table.c.superseded_at.is_(None))
OF = Prepared(
    select(held_table)
    .where(*STANDS, held_table.c.person_id == bindparam("person"))
    .order_by(held_table.c.held_on.desc(), held_table.c.recorded_at.desc())
)
ONE = Prepared(select(held_table).where(*STANDS, held_table.c.id == bindparam("of")))
LAST = Prepared(
    select(held_table.c.person_id, func.max(held_table.c.held_on).label("last"))
    .where(*STANDS, one_of(held_table.c.person_id, "people"))
    .group_by(held_table.c.person_id)
)
BY_ORIGIN = Prepared(
    select(held_table.c.id).where(held_table.c.workspace_id == WORKSPACE, held_table.c.origin == bindparam("by"))
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A one-to-one as its form has it: when, the notes, and what each of the two is to do.

    `seen` is the version of the notes that the form was opened with; 0 for a new one.
    """

    held_on: date
    notes: str = ""
    is_shared: bool = False
    for_report: tuple[Draft, ...] = ()
    for_manager: tuple[Draft, ...] = ()
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """A one-to-one as its reader may see it: `notes` are empty for whom they are not meant for."""

    id: UUID
    version: int
    person_id: str
    manager_id: str
    manager: str
    held_on: date
    notes: str
    is_shared: bool
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """One report with the day of the last one-to-one (None: there was none), and how many items are open."""

    person_id: str
    name: str
    last: date | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Mine:
    """What somebody finds with nobody named: their direct reports, those who are due first, and their own items."""

    reports: tuple[Due, ...]
    leads: bool
    last: Held | None
    items: tuple[Item, ...]
    today: date


@dataclass(frozen=True, slots=True)
class History:
    """One-to-ones of somebody, the newest first; `name` is None for the reader's own."""

    person_id: str
    name: str | None
    several: tuple[Held, ...]
    items: tuple[Item, ...]
    today: date
    may_note: bool


@dataclass(frozen=True, slots=True)
class Form:
    """What the form begins with."""

    person_id: str
    name: str
    today: date
    held: Held | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What the report reads of a one-to-one that was noted."""

    held: Held
    items: tuple[Item, ...]
    today: date
    language: str


def read_form(filled: dict[str, str], today: date, seen: int) -> Wish | dict[str, Refused]:
    """The form, or what is wrong by field. `filled`: held_on (ISO), notes, is_shared ("shared"), theirs, mine."""
    wrong: dict[str, Refused] = {}
    drafts: dict[str, tuple[Draft, ...]] = {"theirs": (), "mine": ()}
    for name in drafts:
        try:
            drafts[name] = items.read_lines(filled[name], today)
        except Refused as refused:
            wrong[name] = refused
    held_on = date.fromisoformat(filled["held_on"]) if filled["held_on"] else today
    if held_on > today:
        wrong["held_on"] = Refused("coaching.held.ahead")
    elif today - held_on > HELD_AT_MOST_BACK:
        wrong["held_on"] = Refused("coaching.held.long_ago", days=HELD_AT_MOST_BACK.days)
    if len(filled["notes"]) > LONGEST_TEXT:
        wrong["notes"] = Refused("coaching.refused.long", length=len(filled["notes"]), limit=LONGEST_TEXT)
    is_shared = filled["is_shared"] == "shared"
    return wrong or Wish(held_on, filled["notes"], is_shared, drafts["theirs"], drafts["mine"], seen)


def hold(store: Store, actor: Actor, person_id: str, wish: Wish, *, origin: str, now: datetime) -> None:
    """Keep that a one-to-one was held, the notes of it, and what came out of it. Notes of the same day are edited.

    Raises:
        Refused: when the actor does not lead the person (it says who does), or when there are notes of that day
            that the form had not shown.
    """
    with store.write() as tx:
        one_at_a_time(tx, f"oneonone:{actor.workspace_id}:{person_id}")
        reach.let_coach(tx, actor, person_id, now, oneself="coaching.refused.own_one_on_one")
        if BY_ORIGIN.first(tx, {"workspace": actor.workspace_id, "by": origin}):
            return
        before = _of_day(tx, actor, person_id, wish.held_on)
        if (before.version if before else 0) != wish.seen:
            raise Refused("coaching.held.noted_already")
        if before:
            this = and_(held_table.c.workspace_id == actor.workspace_id, held_table.c.id == before.id)
            tx.execute(update(held_table).where(this, held_table.c.superseded_at.is_(None)).values(superseded_at=now))
        of, version = (before.id, before.version + 1) if before else (new_id(), 1)
        insert_once(tx, OneOnOne, _values(actor, person_id, wish, of, version, origin, now))
        owned = [(person_id, each) for each in wish.for_report] + [(actor.id, each) for each in wish.for_manager]
        items.keep(tx, actor, person_id, owned, origin=origin, now=now)
        what = Change(person_id, HELD, before and before.held_on.isoformat(), wish.held_on.isoformat())
        audit.record(tx, actor.workspace_id, [what], by=actor.id, now=now)
        if wish.for_report or (wish.is_shared and wish.notes):
            subject = {"held": of.hex, "since": now.isoformat()}
            delivery.tell(tx, actor.workspace_id, Letter(HELD, person_id, f"{of.hex}:{version}", subject), now)


def _values(
    actor: Actor, person_id: str, wish: Wish, of: UUID, version: int, origin: str, now: datetime
) -> dict[str, Any]:
    return {
        "workspace_id": actor.workspace_id,
        "id": of,
        "version": version,
        "person_id": person_id,
        "manager_id": actor.id,
        "held_on": wish.held_on,
        "notes": wish.notes,
        "is_shared": wish.is_shared,
        "origin": origin,
        "recorded_at": now,
        "superseded_at": None,
    }


def form(store: Store, actor: Actor, person_id: str, held_id: UUID | None, now: datetime) -> Form:
    """What the form of a one-to-one begins with: today's notes, or those of an earlier one.

    Raises:
        Refused: as `hold`; also when the notes are somebody else's.
    """
    today = people.today_of(actor, now)
    with store.read() as tx:
        member = reach.let_coach(tx, actor, person_id, now, oneself="coaching.refused.own_one_on_one")
        found = _by_id(tx, actor, held_id) if held_id else _of_day(tx, actor, person_id, today)
        if found and found.manager_id != actor.id:
            raise Refused("coaching.held.not_your_notes", name=found.manager)
        return Form(person_id, member.name, today, found)


def mine(store: Store, actor: Actor, now: datetime) -> Mine:
    """The reader's direct reports with when the last one-to-one was, and what the reader has to do themselves."""
    today = people.today_of(actor, now)
    with store.read() as tx:
        leads = may(actor, Action.COACH, Relation.REPORT)
        managers = people.managers(tx, actor.workspace_id, today) if leads else {}
        direct = sorted(each for each, manager in managers.items() if manager == actor.id)
        members = people.members(tx, actor.workspace_id, today, people=direct) if direct else {}
        last = LAST.all(tx, {"workspace": actor.workspace_id, "people": direct}) if direct else []
        held_on = {row.person_id: row.last for row in last}
        due = [
            Due(each.id, each.name, held_on.get(each.id), is_overdue(held_on.get(each.id), today))
            for each in members.values()
            if each.may_work
        ]
        own = of_person(tx, actor, actor.id, shared_only=True)
        ordered = sorted(due, key=lambda each: (not each.is_overdue, each.last or date.min, each.name.casefold()))
        todo = items.owned(tx, actor.workspace_id, actor.id)
        return Mine(tuple(ordered), leads, own[0] if own else None, tuple(todo), today)


def history(store: Store, actor: Actor, person_id: str, now: datetime) -> History:
    """The one-to-ones of somebody so far, with what came out of them.

    Raises:
        Refused: when the reader is neither the person nor above them; it says who is.
    """
    with store.read() as tx:
        reach.let_read(tx, actor, person_id, now)
        found = of_person(tx, actor, person_id)
        every = items.ever(tx, actor.workspace_id, person_id)
        name = None if person_id == actor.id else people.name_of(tx, actor.workspace_id, person_id)
        may_note = reach.may_coach(tx, actor, person_id, now)
        today = people.today_of(actor, now)
        return History(person_id, name, tuple(found[:SHOWN]), tuple(every), today, may_note)


def of_person(tx: Connection, reader: Actor, person_id: str, *, shared_only: bool = False) -> list[Held]:
    """Somebody's one-to-ones, the newest first; the notes are for whoever took them, and for others if shared."""
    rows = OF.all(tx, {"workspace": reader.workspace_id, "person": person_id})
    return _held(tx, reader.workspace_id, rows, None if shared_only else reader.id)


def notice(store: Store, parcel: Parcel, now: datetime) -> Notice | None:
    """What came out of a one-to-one, for the report: what is shared, and what is theirs to do; None if that is gone."""
    with store.read() as tx:
        person = people.actor(tx, parcel.workspace_id, parcel.recipient, now)
        row = ONE.first(tx, {"workspace": parcel.workspace_id, "of": UUID(parcel.subject["held"])})
        if row is None or person is None or not person.is_active:
            return None
        held = _held(tx, parcel.workspace_id, [row], None)[0]
        since = datetime.fromisoformat(parcel.subject["since"])
        every = items.ever(tx, parcel.workspace_id, parcel.recipient)
        new = [each for each in every if each.recorded_at == since and each.owner_id == parcel.recipient]
        if not new and not held.notes:
            return None
        return Notice(held, tuple(new), people.today_of(person, now), person.language)


def _of_day(tx: Connection, actor: Actor, person_id: str, day: date) -> Held | None:
    rows = OF.all(tx, {"workspace": actor.workspace_id, "person": person_id})
    row = next((row for row in rows if row.manager_id == actor.id and row.held_on == day), None)
    return _held(tx, actor.workspace_id, [row], actor.id)[0] if row else None


def _by_id(tx: Connection, actor: Actor, held_id: UUID) -> Held | None:
    row = ONE.first(tx, {"workspace": actor.workspace_id, "of": held_id})
    return _held(tx, actor.workspace_id, [row], actor.id)[0] if row else None


def _held(tx: Connection, workspace_id: str, rows: Sequence[Any], reader: str | None) -> list[Held]:
    names = people.names(tx, workspace_id, sorted({row.manager_id for row in rows})) if rows else {}
    return [
        Held(
            row.id,
            row.version,
            row.person_id,
            row.manager_id,
            names.get(row.manager_id, row.manager_id),
            row.held_on,
            row.notes if row.is_shared or row.manager_id == reader else "",
            row.is_shared,
            row.recorded_at,
        )
        for row in rows
    ]
