"""A team in Berlin on the day of the trade's example: Friday 20 November 2026, 10:00, in EUR; set up a week before."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.access.roles import Role
from bot.people import assignments
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.people.model import Aspect
from bot.workspace.rules import Setting
from tests.scenarios.conftest import CORNERS, Workspace, start_workspace
from tests.scenarios.settling import settle
from tests.wire.moved_clock import MovedClock

EARLIER = datetime(2026, 11, 12, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SETTINGS: dict[str, Any] = {Setting.CURRENCY: "EUR", Setting.ZONE: "Europe/Berlin", Setting.COUNTRY: "DE-BE"}
ONE_CORNER = CORNERS[:1]


def a_quarter(
    request: pytest.FixtureRequest,
    factory: pytest.TempPathFactory,
    clock: MovedClock,
    roles: Mapping[str, Role],
    places: Mapping[str, dict[str, object]],
) -> Iterator[Workspace]:
    """The workspace by `clock`, its people in their roles since January, and where each of `places` belongs."""
    mode, database = request.param
    environment: dict[str, Any] = {**clock.settings}
    for found in start_workspace(request, factory.mktemp("quarter"), mode, database, **environment):
        for person in roles:
            found.team.changes_user(person, tz="Europe/Berlin")
        settle(found, roles, SETTINGS, aspects={Aspect.COUNTRY: "DE-BE"}, since=date(2026, 1, 1), now=clock.now)
        with closing(found.store()) as store, store.write() as tx:
            for person, aspects in places.items():
                where = Assign(person, date(2026, 1, 2), aspects=aspects)
                assignments.apply(tx, Stamp("T0BATON", "U0SAM", clock.now), where, today=clock.now.date())
        yield found
