"""Reads about how people stood through time: what an aspect was from which day on, who held a role on one."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.people.model import Aspect
from bot.people.queries import DAY, KNOWN, LATEST, ON_DAY, WORKSPACE, as_known, assignment, person, placement
from bot.store.sql import Prepared

VALUES_EVER = Prepared(
    select(placement.c.person_id, placement.c.start_day, placement.c.value)
    .where(
        placement.c.workspace_id == WORKSPACE,
        placement.c.aspect == bindparam("aspect"),
        placement.c.start_day <= DAY,
        placement.c.recorded_at <= KNOWN,
    )
    .order_by(placement.c.person_id, placement.c.start_day, placement.c.recorded_at, placement.c.id)
)
MANAGER_DAYS = Prepared(
    select(placement.c.start_day)
    .distinct()
    .where(placement.c.workspace_id == WORKSPACE, placement.c.aspect == Aspect.MANAGER, placement.c.start_day > DAY)
)
_HELD = select(assignment.c.person_id).where(assignment.c.workspace_id == WORKSPACE, as_known(assignment), ON_DAY)
HOLDERS = Prepared(select(person.c.id).where(person.c.workspace_id == WORKSPACE, person.c.id.in_(_HELD)))


def holders(tx: Connection, workspace_id: str, day: date, known: datetime = LATEST) -> set[str]:
    """The ids of everybody who held a role on `day`."""
    return {row.id for row in HOLDERS.all(tx, {"workspace": workspace_id, "day": day, "known": known})}


def values_ever(
    tx: Connection, workspace_id: str, aspect: Aspect, last: date, known: datetime = LATEST
) -> dict[str, dict[date, Any]]:
    """What an aspect of each person was from which day on, up to `last`, in the order of the days."""
    when = {"workspace": workspace_id, "aspect": aspect, "day": last, "known": known}
    found: dict[str, dict[date, Any]] = {}
    for row in VALUES_EVER.all(tx, when):
        found.setdefault(row.person_id, {})[row.start_day] = row.value
    return found


def managers_ever(tx: Connection, workspace_id: str, known: datetime = LATEST) -> dict[str, dict[date, str | None]]:
    """Whom each person reports to from which day on, in the order of the days; None from a day on that has nobody."""
    found = values_ever(tx, workspace_id, Aspect.MANAGER, date.max, known)
    return {person_id: {day: value or None for day, value in days.items()} for person_id, days in found.items()}


def days_of_new_managers(tx: Connection, workspace_id: str, after: date) -> list[date]:
    """The days after `after` on which somebody's manager changes."""
    return [row.start_day for row in MANAGER_DAYS.all(tx, {"workspace": workspace_id, "day": after})]
