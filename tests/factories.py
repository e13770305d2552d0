"""People and entries for tests: sensible in every field, and each field can be said."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.access.actor import Actor
from bot.activity.entry import Entry, FollowUp, Kind, Who
from bot.people import assignments
from bot.people import service as people
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.people.model import Aspect
from bot.people.rules import Profile
from bot.store.engine import Store
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
    people.remember(store, workspace_id, profile, NOW)
    command = Assign(person_id, date(2026, 6, 1), roles, aspects=aspects)
    if roles or aspects:
        with store.write() as tx:
            assignments.apply(tx, Stamp(workspace_id, "U0SAM", NOW), command, today=TODAY)
    found = people.find(store, workspace_id, person_id, NOW)
    assert found is not None
    return found


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
