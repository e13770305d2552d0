"""`/baton forget @person`: a person's data goes, and every total stays.

In the place of their Slack id stands another one, which nobody can lead back to them, wherever the id stood: whole,
inside a text, or inside JSON, in every table there is. So no new table can be forgotten, and what they did still adds
up. What they wrote about customers is the company's, and stays.

It begins with the end of their access, in one short transaction, and goes on page by page, so that nobody waits for
long. What was done is not found again, so whoever is killed leaves nothing half done, and it is continued.
"""

import json
import re
import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

import structlog
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    ForeignKeyConstraint,
    RowMapping,
    String,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlmodel import AutoString, SQLModel

from bot.access.actor import Actor
from bot.audit import service as audit
from bot.audit.service import Change
from bot.delivery import service as delivery
from bot.delivery.outcome import Parcel
from bot.delivery.service import Letter
from bot.errors import Refused
from bot.people import queries as people
from bot.personal.model import Erasure
from bot.store.engine import Store
from bot.store.sql import one_at_a_time, table_of
from bot.workspace.rules import Setting
from bot.workspace.service import let_pass

log = structlog.get_logger()

erasure = table_of(Erasure)

RECEIPT = "person_erased"
"""The message to whoever asked for it, once it is done; its subject names the pseudonym."""

PAGE = 200
"""Rows that one transaction changes; on SQLite everybody else's writing waits that long. They are looked for before,
by a reading one.
"""

THEIRS = {
    "action_item": "person_id",
    "delivery": "recipient",
    "digest_choice": "person_id",
    "feedback": "person_id",
    "held_reminder": "person_id",
    "home_tab": "person_id",
    "job": "person_id",
    "moved_reminder": "person_id",
    "one_on_one": "person_id",
    "open_question": "person_id",
    "quiet_hours": "person_id",
    "recognition_choice": "person_id",
    "reminder_choice": "person_id",
    "training": "person_id",
}
"""Rows that are of no use to anybody else, by the column that says whose they are: they go."""

EMPTIED: Mapping[str, tuple[str, dict[str, Any]]] = {
    "absence": ("person_id", {"note": None}),
    "pay_dispute": ("person_id", {"text": "", "answer": None}),
}
"""What somebody said about themselves."""


TEXTS = (String, AutoString)
"""Columns that may hold an id: SQLAlchemy's and SQLModel's."""


class Erased(NamedTuple):
    """How many rows went, and in how many places another id stands in the place of the person's."""

    gone: int
    changed: int


@dataclass(frozen=True)
class Run:
    """An erasure that is not over: what is to go, and what takes its place."""

    workspace_id: str
    pseudonym: str
    person_id: str
    email: str | None

    @property
    def words(self) -> Sequence[str]:
        """By what the person is found."""
        return [self.person_id, self.email] if self.email else [self.person_id]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The same as whole words, in mentions (`<@U…>`), too: an id may be the beginning of another."""
        either = "|".join(map(re.escape, self.words))
        return re.compile(rf"(?<![\w.-])(?<!\w@)(?:{either})(?![\w-])", re.IGNORECASE)


def name_of(store: Store, actor: Actor, person_id: str, now: datetime) -> str:
    """Whose data would be erased.

    Raises:
        Refused: when `actor` may not, when it is themselves, or nobody whom Baton knows.
    """
    with store.read() as tx:
        return _checked(tx, actor, person_id, now)


def begin(store: Store, actor: Actor, person_id: str, now: datetime) -> None:
    """End a person's access and have the rest erased by `go_on`; of somebody who is being erased, nothing changes.

    Who still has an account in Slack is met anew when they use Baton, once it is over.

    Raises:
        Refused: as `name_of`.
    """
    with store.write() as tx:
        one_at_a_time(tx, f"people:{actor.workspace_id}")
        _checked(tx, actor, person_id, now)
        row = next(each for each in people.everybody(tx, actor.workspace_id) if each.id == person_id)
        if row.is_leaving:
            return
        pseudonym = f"gone-{secrets.token_hex(5)}"
        values = {"workspace_id": actor.workspace_id, "pseudonym": pseudonym, "asked_by": actor.id, "started_at": now}
        run = {**values, "person_id": person_id, "email": row.email, "gone": 0, "changed": 1}
        tx.execute(insert(erasure).values(run))
        _close_the_door(tx, row._asdict(), pseudonym)
        change = Change(None, Setting.FORGOTTEN, None, pseudonym)
        audit.record(tx, actor.workspace_id, [change], by=actor.id, now=now)


def go_on(store: Store, workspace_id: str, now: datetime) -> int:
    """Erase everybody of a workspace whose erasure has begun; any number of processes may.

    Returns:
        How many erasures this call has finished.
    """
    with store.read() as tx:
        is_open = and_(erasure.c.workspace_id == workspace_id, erasure.c.ended_at.is_(None))
        columns = (erasure.c[each.name] for each in fields(Run))
        runs = [Run(*row) for row in tx.execute(select(*columns).where(is_open).order_by(erasure.c.started_at))]
    return sum(_finish(store, run, now) for run in runs)


def somewhere(tx: Connection) -> list[str]:
    """The workspaces in which somebody is being erased; a look over all of them."""
    found = select(erasure.c.workspace_id).where(erasure.c.ended_at.is_(None)).distinct()
    return list(tx.scalars(found.order_by(erasure.c.workspace_id)))


def receipt(store: Store, parcel: Parcel, now: datetime) -> tuple[Actor, Erased] | None:
    """Its reader and what has become of it; None where the reader is gone."""
    with store.read() as tx:
        reader = people.actor(tx, parcel.workspace_id, parcel.recipient, now)
        this = and_(erasure.c.workspace_id == parcel.workspace_id, erasure.c.pseudonym == parcel.subject["as"])
        row = tx.execute(select(erasure.c.gone, erasure.c.changed).where(this)).first()
    return (reader, Erased(*row)) if reader and row else None


def _checked(tx: Connection, actor: Actor, person_id: str, now: datetime) -> str:
    let_pass(tx, actor, now)
    if person_id == actor.id:
        raise Refused("personal.forget.self")
    name = people.names(tx, actor.workspace_id, [person_id]).get(person_id)
    if name is None:
        raise Refused("personal.forget.nobody")
    return name


def _close_the_door(tx: Connection, row: dict[str, Any], pseudonym: str) -> None:
    """Nobody is let in under the old id until it is over; the new one is there for names of the past."""
    person = SQLModel.metadata.tables["person"]
    row |= {"name": f"#{pseudonym[-4:]}", "email": None, "is_active": False, "is_admin": False}
    this = and_(_here(person, row["workspace_id"]), person.c.id == row["id"])
    tx.execute(update(person).where(this).values({**row, "is_leaving": True}))
    tx.execute(insert(person).values({**row, "id": pseudonym}))


def _finish(store: Store, run: Run, now: datetime) -> bool:
    """Go through everything until nothing is found, for others may write while that goes on, and leave the receipt."""
    while _go_through(store, run):
        pass
    with store.write() as tx:
        values = {"ended_at": now, "person_id": None, "email": None}
        ended = update(erasure).where(_is(run)).values(values).returning(erasure.c.asked_by, *COUNTS)
        row = tx.execute(ended).first()
        if row is None:
            return False
        person = SQLModel.metadata.tables["person"]
        tx.execute(delete(person).where(_here(person, run.workspace_id), person.c.id == run.person_id))
        letter = Letter(RECEIPT, row.asked_by, run.pseudonym, {"as": run.pseudonym})
        delivery.tell(tx, run.workspace_id, letter, now)
    log.info("person_erased", workspace=run.workspace_id, pseudonym=run.pseudonym, gone=row.gone, changed=row.changed)
    return True


COUNTS = (erasure.c.gone, erasure.c.changed)


def _go_through(store: Store, run: Run) -> int:
    """Every table once; how much there was to do."""
    done = 0
    for name, column in THEIRS.items():
        table = SQLModel.metadata.tables[name]
        for page in _pages(store, table, and_(_here(table, run.workspace_id), table.c[column] == run.person_id)):
            with store.write() as tx:
                done += _note(tx, run, gone=tx.execute(delete(table).where(_among(table, page))).rowcount)
    for table in SQLModel.metadata.sorted_tables:
        if "workspace_id" in table.c and table.name != "person":
            done += _replace_in(store, table, run)
    return done


def _replace_in(store: Store, table: Table, run: Run) -> int:
    """Put the pseudonym wherever the person stands in a table; in how many places that was."""
    own = [each for each in table.c if each.name != "workspace_id" and each.computed is None]
    columns = [each for each in own if isinstance(each.type, (*TEXTS, JSON))]
    stands = [cast(each, Text).contains(word, autoescape=True) for each in columns for word in run.words]
    found = and_(_here(table, run.workspace_id), or_(*stands))
    if table is erasure:
        found = and_(found, erasure.c.pseudonym != run.pseudonym)
    done = 0
    for page in _pages(store, table, found) if columns else ():
        with store.write() as tx:
            done += _note(tx, run, changed=_replace(tx, table, columns, page, run))
    return done


def _replace(tx: Connection, table: Table, columns: Sequence[Column[Any]], page: Sequence[Any], run: Run) -> int:
    """The same in a page of rows as they stand now, whoever has changed them meanwhile."""
    rows = tx.execute(select(table).where(_among(table, page)).with_for_update()).mappings().all()
    together: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    changed, is_key = 0, set(table.primary_key.columns.keys()) if _referring(table) else set[str]()
    for row in rows:
        values = _values(table, columns, row, run)
        changed += len(values)
        if values.keys() & is_key:
            changed += _move(tx, table, row, values)
        elif values:
            together[tuple(values)].append(_bound(table, row, values))
    this = and_(*(key == bindparam(f"key_{key.name}", type_=key.type) for key in table.primary_key))
    for names, bound in together.items():
        news = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
        tx.execute(update(table).where(this).values(news), bound)
    return changed


def _values(table: Table, columns: Sequence[Column[Any]], row: RowMapping, run: Run) -> dict[str, Any]:
    """What changes in a row."""
    replaced = {each.name: _replaced(each, row[each.name], run) for each in columns if row[each.name] is not None}
    values = {name: value for name, value in replaced.items() if value != row[name]}
    own, emptied = EMPTIED.get(table.name, (None, {}))
    return values | emptied if own in values else values


def _replaced(column: Column[Any], value: Any, run: Run) -> Any:
    if isinstance(column.type, JSON):
        return json.loads(run.pattern.sub(run.pseudonym, json.dumps(value)))
    return run.pattern.sub(run.pseudonym, value)


def _bound(table: Table, row: RowMapping, values: Mapping[str, Any]) -> dict[str, Any]:
    keys = {f"key_{key.name}": row[key.name] for key in table.primary_key}
    return keys | {f"new_{name}": value for name, value in values.items()}


def _move(tx: Connection, table: Table, row: RowMapping, values: Mapping[str, Any]) -> int:
    """Change the key of a row to which others refer: they go over to its copy. How many those are."""
    tx.execute(insert(table).values({**row, **values}))
    moved = 0
    for constraint in _referring(table):
        pairs = [(each.parent, each.column.name) for each in constraint.elements]
        theirs = and_(*(column == row[name] for column, name in pairs))
        news = {column.name: values[name] for column, name in pairs if name in values}
        moved += tx.execute(update(constraint.table).where(theirs).values(news)).rowcount
    tx.execute(delete(table).where(*(key == row[key.name] for key in table.primary_key)))
    return moved


def _referring(table: Table) -> list[ForeignKeyConstraint]:
    """What refers to rows of a table."""
    every = (each for other in SQLModel.metadata.tables.values() for each in other.foreign_key_constraints)
    return [each for each in every if each.referred_table is table]


def _pages(store: Store, table: Table, found: ColumnElement[bool]) -> Iterator[Sequence[Any]]:
    """The keys of those rows, page by page in their order, each looked for when it is asked for."""
    keys = list(table.primary_key)
    wanted = select(*keys).where(found).order_by(*keys).limit(PAGE)
    page: Sequence[Any] = ()
    while True:
        behind = [tuple_(*keys) > tuple_(*map(_typed, page[-1], keys))] if page else []
        with store.read() as tx:
            page = tx.execute(wanted.where(*behind)).all()
        if not page:
            return
        yield page


def _typed(value: Any, column: Column[Any]) -> ColumnElement[Any]:
    return literal(value, column.type)


def _note(tx: Connection, run: Run, *, gone: int = 0, changed: int = 0) -> int:
    """Count what a page has done, in its transaction; how much that was."""
    counted = {"gone": erasure.c.gone + gone, "changed": erasure.c.changed + changed}
    tx.execute(update(erasure).where(_is(run)).values(counted))
    return gone + changed


def _is(run: Run) -> ColumnElement[bool]:
    """The row of an erasure, until it is over."""
    return and_(_here(erasure, run.workspace_id), erasure.c.pseudonym == run.pseudonym, erasure.c.ended_at.is_(None))


def _among(table: Table, page: Sequence[Any]) -> ColumnElement[bool]:
    """The rows with these keys."""
    return tuple_(*table.primary_key).in_([tuple(key) for key in page])


def _here(table: Table, workspace_id: str) -> ColumnElement[bool]:
    return table.c.workspace_id == workspace_id
