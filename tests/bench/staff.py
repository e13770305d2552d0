"""An organisation at once: who works in it, under whom and as what, written in bulk.

Every manager has 150 reports, in teams of fifteen; what is left over forms the last one's.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlmodel import SQLModel

from bot.absence.model import Absence
from bot.access.roles import Role
from bot.people.model import Aspect, Person, Placement, RoleAssignment
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.types import new_id
from tests.wire.bigteam import NAMES, ZONES

WORKSPACE = "T0BATON"
REPORTS = 150
TEAM = 15
HALF_YEAR = timedelta(days=180)
REPS = (Role.SDR, Role.MRR, Role.AE, Role.AE, Role.CSM)
TERRITORIES = ("EMEA", "Americas", "APAC")
COUNTRIES = (None, None, "DE-BE", "US", "IN")

Row = dict[str, Any]


def managers_of(ids: Sequence[str]) -> Sequence[str]:
    """Those who manage the others; the last one may have fewer than `REPORTS` below."""
    return ids[:: REPORTS + 1]


def reports_of(ids: Sequence[str], manager_id: str) -> Sequence[str]:
    """Who reports to one of them."""
    first = ids.index(manager_id) + 1
    return ids[first : first + REPORTS]


def meet(store: Store, ids: Sequence[str], now: datetime) -> None:
    """Store these people as Slack told of them at the moment `now`."""
    _write(store, Person, (_person(number, person_id, now) for number, person_id in enumerate(ids)))


def employ(store: Store, ids: Sequence[str], today: date) -> None:
    """Give each of them a role, and all but the managers a team and a manager, for half a year; some are away."""
    managers = [manager for manager in managers_of(ids) for _ in range(REPORTS + 1)]
    above = dict(zip(ids, managers, strict=False))
    _write(store, RoleAssignment, (_role(n, each, above[each] == each, today) for n, each in enumerate(ids)))
    placements = (row for n, each in enumerate(ids) if above[each] != each for row in _places(n, each, above, today))
    _write(store, Placement, placements)
    _write(store, Absence, (_absence(each, today) for each in ids[5::20]))


def _person(number: int, person_id: str, now: datetime) -> Row:
    again, which = divmod(number, len(NAMES))
    return {
        "workspace_id": WORKSPACE,
        "id": person_id,
        "name": f"{NAMES[which]} {again + 1}" if again else NAMES[which],
        "email": f"person{number}@northwind.example",
        "zone": ZONES[number % len(ZONES)],
        "language": "ru" if number % 10 == 9 else "en",
        "is_active": True,
        "is_guest": False,
        "is_bot": False,
        "is_foreign": False,
        "is_admin": False,
        "recorded_at": now,
        "checked_at": now,
    }


def _role(number: int, person_id: str, manages: bool, today: date) -> Row:
    role = Role.MANAGER if manages else REPS[number % len(REPS)]
    return {**_key(today), "version": 1, "person_id": person_id, "role": role, "start_day": today - HALF_YEAR}


def _places(number: int, person_id: str, above: dict[str, str], today: date) -> Iterator[Row]:
    values = {
        Aspect.MANAGER: above[person_id],
        Aspect.TEAM: f"Team {number // TEAM + 1}",
        Aspect.TERRITORIES: [TERRITORIES[number % len(TERRITORIES)]],
        Aspect.COUNTRY: COUNTRIES[number % len(COUNTRIES)],
    }
    for aspect, value in values.items():
        if value:
            where = {"aspect": aspect, "value": value, "start_day": today - HALF_YEAR}
            yield {**_key(today), "person_id": person_id, **where}


def _absence(person_id: str, today: date) -> Row:
    start = _midnight(today - timedelta(days=1))
    days = {"kind": "vacation", "source": "person", "start_at": start, "end_at": start + timedelta(days=4)}
    return {**_key(today), "version": 1, "person_id": person_id, **days}


def _key(today: date) -> Row:
    recorded = {"recorded_at": _midnight(today - HALF_YEAR), "recorded_by": "U0SAM"}
    return {"workspace_id": WORKSPACE, "id": new_id(), **recorded}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _write(store: Store, model: type[SQLModel], rows: Iterator[Row]) -> None:
    with store.write() as tx:
        tx.execute(table_of(model).insert(), list(rows))
