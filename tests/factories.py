"""People and entries for tests: sensible in every field, and each field can be said."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.activity.entry import Entry, FollowUp, Kind, Who
from bot.people.rules import Actor, Profile

NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
"""A Wednesday in the afternoon."""

TODAY = NOW.date()


def a_person(person_id: str = "U0ANA", *, workspace_id: str = "T0BATON", zone: str = "UTC", **more: Any) -> Actor:
    """Somebody who logs; in UTC, so that their day is the store's."""
    values = {"name": person_id.removeprefix("U0").title(), "language": "en", "zone": ZoneInfo(zone)}
    return Actor(workspace_id, person_id, **{**values, **more})


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
