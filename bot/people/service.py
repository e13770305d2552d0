"""What can be done about people: one function, one transaction."""

from datetime import date, datetime

from bot.people import queries
from bot.people.model import Person, Role, RoleAssignment
from bot.people.rules import Actor, Profile, zone_name
from bot.store.engine import Store
from bot.store.sql import table_of, upsert
from bot.store.types import new_id
from bot.words import language_of


def find(store: Store, workspace_id: str, person_id: str, now: datetime) -> Actor | None:
    """The person as Baton knows them, or None before the first meeting."""
    with store.read() as tx:
        return queries.actor(tx, workspace_id, person_id, now)


def remember(store: Store, workspace_id: str, profile: Profile, now: datetime) -> Actor:
    """Keep what Slack says of somebody, new or changed, and return them.

    What Slack leaves out (it may, of zone, language and e-mail) stays as it was known. Of two answers that arrive
    together the one recorded last stays: both are Slack's own words.
    """
    values = {
        "workspace_id": workspace_id,
        "id": profile.id,
        "name": profile.name,
        "email": profile.email,
        "zone": zone_name(profile.zone),
        "language": profile.language or language_of(None),
        "is_active": profile.is_active,
        "is_guest": profile.is_guest,
        "is_bot": profile.is_bot,
        "is_admin": profile.is_admin,
        "recorded_at": now,
        "checked_at": now,
    }
    silent = {name for name in ("zone", "language", "email") if not getattr(profile, name)}
    with store.write() as tx:
        upsert(tx, Person, values, sorted(values.keys() - {"workspace_id", "id", "recorded_at"} - silent))
        found = queries.actor(tx, workspace_id, profile.id, now)
    assert found is not None
    return found


def is_known(store: Store, workspace_id: str, person_id: str) -> bool:
    """Whether Baton has met this person; changes of strangers are not worth a row."""
    with store.read() as tx:
        return bool(queries.names(tx, workspace_id, [person_id]))


def assign_role(
    store: Store, workspace_id: str, person_id: str, role: Role, start_day: date, *, by: str, now: datetime
) -> None:
    """Let a person hold `role` from `start_day` on."""
    with store.write() as tx:
        tx.execute(
            table_of(RoleAssignment)
            .insert()
            .values(
                workspace_id=workspace_id,
                id=new_id(),
                person_id=person_id,
                role=role,
                start_day=start_day,
                recorded_at=now,
                recorded_by=by,
            )
        )
