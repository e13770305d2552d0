"""A team that hands over, in stories: who is who, and what they read."""

import time
from datetime import UTC, datetime, timedelta

from bot.access.roles import Role
from bot.people import assignments
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.people.model import Aspect
from bot.workspace import service as workspaces
from bot.workspace.rules import Setting
from tests.factories import a_person
from tests.scenarios.conftest import Workspace
from tests.wire.team import Shown

ROLES = {
    "U0ANA": (Role.SDR,),
    "U0ROMAN": (Role.SDR,),
    "U0DANA": (Role.AE,),
    "U0OLGA": (Role.AE,),
    "U0MARIA": (Role.MANAGER,),
    "U0SAM": (Role.OPS,),
    "U0MINA": (Role.SPECIALIST,),
    "U0LENA": (Role.CSM,),
}

ALL_WEEK = {str(day): ["00:00", "23:59"] for day in range(7)}
"""Somebody is always at work, whenever the tests run."""


def settle(workspace: Workspace) -> None:
    """The team's roles and hours, once Baton knows everybody."""
    for person in ROLES:
        workspace.team.opens_home(person)
    store, now = workspace.store(), datetime.now(UTC)
    since = now.date() - timedelta(days=1)  # in every zone that day has come
    with store.write() as tx:
        for person, roles in ROLES.items():
            aspects: dict[str, object] = {Aspect.HOURS: ALL_WEEK, Aspect.COUNTRY: "XX"}
            if person not in {"U0MARIA", "U0SAM"}:
                aspects[Aspect.MANAGER] = "U0MARIA"
            assignments.apply(
                tx, Stamp("T0BATON", "U0SAM", now), Assign(person, since, roles, aspects=aspects), today=since
            )
    admin = a_person("U0SAM", is_admin=True)
    workspaces.change(store, admin, {Setting.HANDOFFS_CHANNEL: "C0HANDOFFS"}, now)
    store.close()


def conversation(person: str) -> str:
    """Somebody's conversation with Baton."""
    return f"D{person[1:]}"


def reads(workspace: Workspace, person: str, *said: str, channel: str | None = None) -> Shown:
    """The message that says all of this, once it does; the one there is."""
    where, deadline = channel or conversation(person), time.monotonic() + 20
    while time.monotonic() < deadline:
        found = [each for each in workspace.team.messages(person, where) if all(part in each.text for part in said)]
        if found:
            assert len(found) == 1, [each.text for each in found]
            return found[0]
        time.sleep(0.05)
    raise AssertionError([each.text for each in workspace.team.messages(person, where)])
