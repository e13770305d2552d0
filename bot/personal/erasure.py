"""`/baton forget @person`: a person's data goes, and every total stays.

In the place of their Slack id stands another one, which nobody can lead back to them, wherever the id stood: whole,
inside a text, or inside JSON, in every table there is. So no new table can be forgotten, and what they did still adds
up. What they wrote about customers is the company's, and stays.
"""

import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    Text,
    and_,
    cast,
    delete,
    or_,
    select,
    update,
)
from sqlmodel import AutoString, SQLModel

from bot.access.actor import Actor
from bot.audit import service as audit
from bot.audit.service import Change
from bot.errors import Refused
from bot.people import queries as people
from bot.store.engine import Store
from bot.store.sql import one_at_a_time
from bot.workspace.rules import Setting
from bot.workspace.service import let_pass

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
    """How many rows went, and how many have another id in the place of the person's."""

    gone: int
    changed: int


def name_of(store: Store, actor: Actor, person_id: str, now: datetime) -> str:
    """Whose data would be erased.

    Raises:
        Refused: when `actor` may not, when it is themselves, or nobody whom Baton knows.
    """
    with store.read() as tx:
        return _checked(tx, actor, person_id, now)


def forget(store: Store, actor: Actor, person_id: str, now: datetime) -> Erased:
    """Erase a person; who still has an account in Slack is met anew when they use Baton.

    Raises:
        Refused: as `name_of`.
    """
    with store.write() as tx:
        one_at_a_time(tx, f"people:{actor.workspace_id}")
        _checked(tx, actor, person_id, now)
        row = next(each for each in people.everybody(tx, actor.workspace_id) if each.id == person_id)
        pseudonym = f"gone-{secrets.token_hex(5)}"
        gone = sum(_delete(tx, actor.workspace_id, person_id, *each) for each in THEIRS.items())
        for name, (column, values) in EMPTIED.items():
            table = SQLModel.metadata.tables[name]
            their = and_(_here(table, actor.workspace_id), table.c[column] == person_id)
            tx.execute(update(table).where(their).values(values))
        _blank(tx, actor.workspace_id, person_id, pseudonym)
        changed = _replace_all(tx, actor.workspace_id, person_id, pseudonym)
        if row.email:
            changed += _replace_all(tx, actor.workspace_id, row.email, pseudonym)
        change = Change(None, Setting.FORGOTTEN, None, pseudonym)
        audit.record(tx, actor.workspace_id, [change], by=actor.id, now=now)
    return Erased(gone, changed)


def _checked(tx: Connection, actor: Actor, person_id: str, now: datetime) -> str:
    let_pass(tx, actor, now)
    if person_id == actor.id:
        raise Refused("personal.forget.self")
    name = people.names(tx, actor.workspace_id, [person_id]).get(person_id)
    if name is None:
        raise Refused("personal.forget.nobody")
    return name


def _delete(tx: Connection, workspace_id: str, person_id: str, name: str, column: str) -> int:
    table = SQLModel.metadata.tables[name]
    return tx.execute(delete(table).where(_here(table, workspace_id), table.c[column] == person_id)).rowcount


def _blank(tx: Connection, workspace_id: str, person_id: str, pseudonym: str) -> None:
    """The row of the person, which names of the past are read from."""
    person = SQLModel.metadata.tables["person"]
    of_nobody = {"id": pseudonym, "name": f"#{pseudonym[-4:]}", "email": None, "is_active": False, "is_admin": False}
    tx.execute(update(person).where(_here(person, workspace_id), person.c.id == person_id).values(of_nobody))


def _replace_all(tx: Connection, workspace_id: str, what: str, pseudonym: str) -> int:
    """Put `pseudonym` wherever `what` stands, in all tables; returns how many rows that changed."""
    tables = [table for table in SQLModel.metadata.sorted_tables if "workspace_id" in table.c]
    return sum(_replace_in(tx, table, workspace_id, what, pseudonym) for table in tables)


def _replace_in(tx: Connection, table: Table, workspace_id: str, what: str, pseudonym: str) -> int:
    """Whole values by one statement, those inside a text or JSON row by row: an id may be the beginning of another."""
    columns = [each for each in table.c if each.name != "workspace_id" and isinstance(each.type, (*TEXTS, JSON))]
    here = _here(table, workspace_id)
    stands = [cast(each, Text).contains(what, autoescape=True) for each in columns]
    if not columns or tx.execute(select(table.c.workspace_id).where(here, or_(*stands)).limit(1)).first() is None:
        return 0
    changed = 0
    for column, stands_in in zip(columns, stands, strict=True):
        if not isinstance(column.type, JSON):
            whole = update(table).where(here, column == what).values({column.name: pseudonym})
            changed += tx.execute(whole).rowcount
        changed += _replace_inside(tx, column, and_(here, stands_in), what, pseudonym)
    return changed


def _replace_inside(tx: Connection, column: Column[Any], found: ColumnElement[bool], what: str, pseudonym: str) -> int:
    word = re.compile(rf"(?<![\w.@-]){re.escape(what)}(?![\w-])", re.IGNORECASE)
    table, changed = column.table, 0
    keys = list(table.primary_key)
    for text, *key in tx.execute(select(cast(column, Text), *keys).where(found)).all():
        new = word.sub(pseudonym, text)
        if new != text:
            this = and_(*(name == value for name, value in zip(keys, key, strict=True)))
            value = json.loads(new) if isinstance(column.type, JSON) else new
            changed += tx.execute(update(table).where(this).values({column.name: value})).rowcount
    return changed


def _here(table: Table, workspace_id: str) -> ColumnElement[bool]:
    return table.c.workspace_id == workspace_id
