"""Stories begin with a team that has its roles, and go by what its people read."""

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.access.roles import Role
from bot.people import assignments
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.people.model import Aspect
from bot.workspace import service as workspaces
from tests.factories import a_person
from tests.scenarios.conftest import Workspace
from tests.wire.team import PATIENCE, Shown
from tests.wire.waiting import until

AROUND_THE_CLOCK: Mapping[str, object] = {
    Aspect.HOURS: {str(day): ["00:00", "23:59"] for day in range(7)},
    Aspect.COUNTRY: "XX",
}
"""Somebody is always at work, whenever the tests run."""

MANAGER, OPERATIONS = "U0MARIA", "U0SAM"


def settle(
    workspace: Workspace,
    roles: Mapping[str, Role],
    settings: Mapping[str, Any] | None = None,
    *,
    aspects: Mapping[str, object] = AROUND_THE_CLOCK,
    since: date | None = None,
    now: datetime | None = None,
) -> None:
    """Give people their roles once Baton knows everybody; who sells reports to Maria, if she is there.

    Args:
        workspace: theirs.
        roles: by Slack id.
        settings: of the workspace.
        aspects: hours, country and the like of everybody.
        since: the first day; without one, yesterday, which has come in every zone.
        now: the moment of the bot's clock, if that is not this one.
    """
    for person in roles:
        workspace.team.opens_home(person)
    now = now or datetime.now(UTC)
    day = since or now.date() - timedelta(days=1)
    with closing(workspace.store()) as store:
        with store.write() as tx:
            for person, role in roles.items():
                is_led = MANAGER in roles and role not in {Role.MANAGER, Role.OPS}
                above: dict[str, object] = {Aspect.MANAGER: MANAGER} if is_led else {}
                command = Assign(person, day, (role,), aspects={**aspects, **above})
                assignments.apply(tx, Stamp("T0BATON", OPERATIONS, now), command, today=day)
        if settings:
            workspaces.change(store, a_person(OPERATIONS, is_admin=True), settings, now)


def conversation(person: str) -> str:
    """Somebody's conversation with Baton."""
    return f"D{person[1:]}"


def reads(workspace: Workspace, person: str, *said: str, channel: str | None = None) -> Shown:
    """The message that says all of this, once it does; the one there is."""
    where = channel or conversation(person)

    def there() -> list[Shown]:
        return workspace.team.messages(person, where)

    found = until(
        lambda: [each for each in there() if all(part in each.text for part in said)],
        lambda: str([each.text for each in there()]),
        PATIENCE,
    )
    assert len(found) == 1, [each.text for each in found]
    return found[0]
