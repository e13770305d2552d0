"""People and entries for tests: sensible in every field, and each field can be said."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, insert, select

from bot.access.actor import Actor
from bot.activity.entry import Entry, FollowUp, Kind, Who
from bot.people import assignments
from bot.people import service as people
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.people.model import Aspect, Person, Placement, RoleAssignment
from bot.people.rules import Profile
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.walls import within
from bot.workspace.rules import daily_goal

NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
"""A Wednesday in the afternoon."""

TODAY = NOW.date()


def a_person(person_id: str = "U0ANA", *, workspace_id: str = "T0BATON", zone: str = "UTC", **more: Any) -> Actor:
    """Somebody who logs; in UTC, so that their day is the store's."""
    values = {"name": person_id.removeprefix("U0").title(), "language": "en", "zone": ZoneInfo(zone)}
    goal = daily_goal(None, more.get("roles", ()))
    return Actor(workspace_id, person_id, **{**values, "daily_goal": goal, **more})


def a_member(store: Store, person_id: str = "U0ANA", *roles: str, workspace_id: str = "T0BATON", **more: Any) -> Actor:
    """Somebody whom Slack lists, in these roles since the summer; aspects place them, the rest is Slack's."""
    aspects = {name: more.pop(name) for name in list(more) if name in set(Aspect)}
    profile = a_profile(**{"id": person_id, "name": person_id.removeprefix("U0").title(), "zone": "UTC", **more})
    command = Assign(person_id, date(2026, 6, 1), roles, aspects=aspects)
    what = f"{workspace_id} {profile} {command}"
    if not _copied(store, workspace_id, person_id, what):
        is_new = people.find(store, workspace_id, person_id, NOW) is None
        people.remember(store, workspace_id, profile, NOW)
        if roles or aspects:
            with store.write() as tx:
                assignments.apply(tx, Stamp(workspace_id, "U0SAM", NOW), command, today=TODAY)
        if is_new:
            _keep(store, workspace_id, person_id, what)
    found = people.find(store, workspace_id, person_id, NOW)
    assert found is not None
    return found


PEOPLE = {
    table_of(Person): "id",
    table_of(RoleAssignment): "person_id",
    table_of(Placement): "person_id",
}
"""Where somebody new is written down, and by which column they are known there."""

_rows: dict[str, list[tuple[Table, list[dict[str, Any]]]]] = {}
"""What has been written down of whom, to be copied: most tests begin with the same people, and a half of their time
went into these.
"""


def _copied(store: Store, workspace_id: str, person_id: str, what: str) -> bool:
    known = _rows.get(what)
    if known is None or people.is_known(store, workspace_id, person_id):
        return False
    with within(workspace_id), store.write() as tx:
        for table, rows in known:
            tx.execute(insert(table), rows)
    return True


def _keep(store: Store, workspace_id: str, person_id: str, what: str) -> None:
    with within(workspace_id), store.read() as tx:
        found = {
            table: tx.execute(
                select(table).where(table.c.workspace_id == workspace_id, table.c[column] == person_id)
            ).mappings()
            for table, column in PEOPLE.items()
        }
        read = [(table, [dict(row) for row in rows]) for table, rows in found.items()]
    _rows[what] = [(table, rows) for table, rows in read if rows]


def a_profile(**more: Any) -> Profile:
    """What Slack says of somebody."""
    values = {
        "id": "U0ANA",
        "name": "Ana Ruiz",
        "email": "ana@northwind.example",
        "zone": "Europe/Madrid",
        "language": "en",
    }
    return Profile(**{**values, **more})


def an_entry(kind: str = Kind.CALL, day: date = TODAY, *, who: str | None = "Acme", **more: Any) -> Entry:
    """One activity; `who` is a name as it was typed."""
    return Entry(kind, day, who=Who(who) if who else None, **more)


def a_follow_up(what: str = "send quote", day: date = date(2026, 11, 24), **more: Any) -> FollowUp:
    """A next step."""
    return FollowUp(day, what, **more)
