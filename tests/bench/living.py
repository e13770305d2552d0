"""Workspaces that live: fifty people with roles, managers and targets, and a lead whose clock runs; everything in UTC,
so that all of them are due in the same minute.
"""

import itertools
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import SecretStr
from sqlmodel import SQLModel

from bot.access.roles import Role
from bot.installations import service as installations
from bot.installations.keys import Keyring
from bot.installations.service import Granted, Token
from bot.leads import service as leads
from bot.leads.changes import NewLead
from bot.people.model import Aspect, Person, Placement, RoleAssignment
from bot.quota.model import Quota
from bot.quota.periods import Kind, period_of
from bot.quota.whose import Whose
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.types import new_id
from bot.store.walls import everywhere, within
from tests.wire import processes
from tests.wire.bigteam import NAMES, person_id

PEOPLE = 50
ROLES = (Role.MANAGER, Role.MANAGER, Role.OPS, Role.MARKETING, *[Role.AE] * 10, *[Role.MRR] * 5)
"""Of the first people; all others are SDRs."""

MANAGERS = 2
NEW = NewLead("Acme", person="Jane Roe", email="jane@acme.example", source="website")
MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
BATCH = 5_000

Row = dict[str, Any]


def workspace_id(number: int) -> str:
    """Of one of them, counted from 0."""
    return f"T1{number:06d}"


def install(store: Store, size: int, now: datetime) -> None:
    """Everything installed, with everybody known, and nobody with a role."""
    keys = Keyring(SecretStr(processes.KEY))
    for number in range(size):
        token = Token(SecretStr(f"xoxb-{number}"))
        named = (f"Company {number}", token, "commands", "A0BATON", f"B{number}", f"U0BOT{number}")
        installations.install(store, keys, Granted(workspace_id(number), *named), now)
    _write(store, Person, (_person(here, each, now) for here, each in _everybody(size)))


def employ(store: Store, size: int) -> None:
    """Give everybody a role since half a year, a manager and a target, and every workspace a lead that came in before
    the working day of `MONDAY`.
    """
    since = MONDAY - timedelta(days=180)
    _write(store, RoleAssignment, (_role(here, each, since) for here, each in _everybody(size)))
    led = [(here, each) for here, each in _everybody(size) if each >= MANAGERS]
    _write(store, Placement, (_placement(here, each, since) for here, each in led))
    _write(store, Quota, (_target(here, each, since) for here, each in led))
    for number in range(size):
        here = workspace_id(number)
        with within(here):
            leads.take_in(store, here, NEW, origin=f"lead{number}", now=MONDAY + timedelta(hours=8, minutes=15))


def _everybody(size: int) -> Iterator[tuple[str, int]]:
    return ((workspace_id(number), each) for number in range(size) for each in range(PEOPLE))


def _person(here: str, number: int, now: datetime) -> Row:
    flags = dict.fromkeys(("is_guest", "is_bot", "is_foreign", "is_admin"), False)
    told = {"name": NAMES[number], "zone": "UTC", "language": "en", "is_active": True, **flags}
    return {"workspace_id": here, "id": person_id(number), "recorded_at": now, "checked_at": max(now, MONDAY), **told}


def _role(here: str, number: int, since: datetime) -> Row:
    role = ROLES[number] if number < len(ROLES) else Role.SDR
    return {**_key(here, since), "person_id": person_id(number), "role": role, "start_day": since.date()}


def _placement(here: str, number: int, since: datetime) -> Row:
    where = {"aspect": Aspect.MANAGER, "value": person_id(number % MANAGERS), "start_day": since.date()}
    return {**_key(here, since), "person_id": person_id(number), **where}


def _target(here: str, number: int, since: datetime) -> Row:
    week = period_of(Kind.WEEK, MONDAY.date())
    which = {"metric": "calls", "period": week.name, "first_day": week.first, "last_day": week.last, "target": 150}
    whose = {"whose": Whose.PERSON, "subject": person_id(number), "origin": f"{number}"}
    return {**_key(here, since), **whose, **which}


def _key(here: str, since: datetime) -> Row:
    return {"workspace_id": here, "id": new_id(), "recorded_at": since, "recorded_by": person_id(0)}


def _write(store: Store, model: type[SQLModel], rows: Iterator[Mapping[str, Any]]) -> None:
    for batch in iter(lambda: list(itertools.islice(rows, BATCH)), []):
        with everywhere(), store.write() as tx:
            tx.execute(table_of(model).insert(), batch)
