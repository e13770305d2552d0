"""What Slack tells of people, kept: one function, one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.people import queries
from bot.people.model import Person
from bot.people.rules import Profile, zone_name
from bot.store.engine import Store
from bot.store.sql import upsert
from bot.words import language_of

IDENTITY = {"workspace_id", "id", "is_leaving", "recorded_at"}
MAY_BE_SILENT = ("zone", "language", "email")


def find(store: Store, workspace_id: str, person_id: str, now: datetime) -> Actor | None:
    """The person as Baton knows them, or None before the first meeting."""
    with store.read() as tx:
        return queries.actor(tx, workspace_id, person_id, now)


def remember(store: Store, workspace_id: str, profile: Profile, now: datetime) -> Actor:
    """Keep what Slack says of somebody, new or changed, and return them.

    What Slack leaves out (it may, of zone, language and e-mail) stays as it was known. Of two answers that
    arrive together the one recorded last stays: both are Slack's own words. Of somebody who is being erased nothing is
    kept.
    """
    with store.write() as tx:
        keep(tx, workspace_id, [profile], now)
        found = queries.actor(tx, workspace_id, profile.id, now)
    assert found is not None
    return found


def remember_all(store: Store, workspace_id: str, profiles: Sequence[Profile], now: datetime) -> None:
    """Keep what Slack says of many people at once, as `remember` does; `now` is when the listing began, and what
    has been told of somebody since then stays.
    """
    with store.write() as tx:
        keep(tx, workspace_id, profiles, now, yielding=True)


def keep(
    tx: Connection, workspace_id: str, profiles: Sequence[Profile], now: datetime, *, yielding: bool = False
) -> None:
    """The same in a running transaction, for those whom an import names; `yielding` to what was told since `now`."""
    newest = "checked_at" if yielding else ""
    for profile in profiles:
        values = _values(workspace_id, profile, now)
        upsert(tx, Person, values, _said(profile), unless="is_leaving", newest=newest)


def is_known(store: Store, workspace_id: str, person_id: str) -> bool:
    """Whether Baton has met this person."""
    with store.read() as tx:
        return bool(queries.names(tx, workspace_id, [person_id]))


def _values(workspace_id: str, profile: Profile, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id,
        "id": profile.id,
        "name": profile.name,
        "email": profile.email,
        "zone": zone_name(profile.zone),
        "language": profile.language or language_of(None),
        "is_active": profile.is_active,
        "is_guest": profile.is_guest,
        "is_bot": profile.is_bot,
        "is_foreign": profile.is_foreign,
        "is_admin": profile.is_admin,
        "is_leaving": False,
        "recorded_at": now,
        "checked_at": now,
    }


def _said(profile: Profile) -> list[str]:
    """The columns that Slack said something about."""
    silent = {name for name in MAY_BE_SILENT if not getattr(profile, name)}
    return sorted(Person.model_fields.keys() - IDENTITY - silent)
