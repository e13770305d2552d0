"""Reads about people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select

from bot.clock import zone_or_utc
from bot.people.model import Person, RoleAssignment
from bot.people.rules import Actor
from bot.store.sql import Prepared, one_of, table_of

person = table_of(Person)
assignment = table_of(RoleAssignment)

WITH_ROLES = Prepared(
    select(person, assignment.c.role, assignment.c.start_day, assignment.c.end_day)
    .select_from(
        person.outerjoin(
            assignment,
            and_(assignment.c.workspace_id == person.c.workspace_id, assignment.c.person_id == person.c.id),
        )
    )
    .where(person.c.workspace_id == bindparam("workspace"), person.c.id == bindparam("person"))
)
NAMES = Prepared(
    select(person.c.id, person.c.name).where(
        person.c.workspace_id == bindparam("workspace"), one_of(person.c.id, "people")
    )
)


def actor(tx: Connection, workspace_id: str, person_id: str, now: datetime) -> Actor | None:
    """Who this is, with the roles they hold on their own calendar day of `now`; None if never seen."""
    rows = WITH_ROLES.all(tx, {"workspace": workspace_id, "person": person_id})
    return _actor(rows, now) if rows else None


def names(tx: Connection, workspace_id: str, person_ids: Sequence[str]) -> dict[str, str]:
    """The names of those of `person_ids` whom Baton has met, by id."""
    found = NAMES.all(tx, {"workspace": workspace_id, "people": person_ids})
    return {row.id: row.name for row in found}


def _actor(rows: Sequence[Any], now: datetime) -> Actor:
    who = rows[0]
    zone = zone_or_utc(who.zone)
    today = now.astimezone(zone).date()
    held = {
        row.role
        for row in rows
        if row.role and row.start_day <= today and (row.end_day is None or row.end_day >= today)
    }
    return Actor(
        workspace_id=who.workspace_id,
        id=who.id,
        name=who.name,
        language=who.language,
        zone=zone,
        roles=frozenset(held),
        is_active=who.is_active,
        is_guest=who.is_guest,
        is_bot=who.is_bot,
        is_admin=who.is_admin,
        checked_at=who.checked_at,
    )
