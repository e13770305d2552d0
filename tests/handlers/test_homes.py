"""Homes are kept current without a storm: at once where they may, at most one per person in the pace, none in vain."""

import itertools
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.access.roles import Role
from bot.errors import StoreUnavailable
from bot.home import service as home
from bot.people import service as people
from bot.store.engine import Store
from handlers import home as homes_room
from handlers.answers import Desk, Request
from handlers.gateway import Gateway
from handlers.gateways import OneWorkspace
from handlers.home import Homes
from tests.factories import NOW, a_member, a_profile

HERE = "T0BATON"
PACE = 0.3


class Published(Gateway):
    """A gateway that keeps what it would publish; `busy` answers each of the first calls with a time to wait."""

    def __init__(self, executor: ThreadPoolExecutor, *busy: float) -> None:
        super().__init__(WebClient("xoxb-test"), executor)
        self.busy = list(busy)
        self.shown: list[tuple[str, float]] = []

    def publish_home(self, person_id: str, view: dict[str, Any]) -> float:
        """Somebody's Home, or the wish for patience."""
        assert view["type"] == "home"
        if self.busy:
            return self.busy.pop(0)
        self.shown.append((person_id, time.monotonic()))
        return 0.0

    def whom(self) -> list[str]:
        """Whose Homes were published, in order."""
        return [person_id for person_id, _ in self.shown]


Kept = tuple[Desk, Homes, Published]


@pytest.fixture
def kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """Homes that are being kept current, for a manager and two reps who look at theirs."""
    monkeypatch.setattr(homes_room, "PACE", PACE)
    looking = [a_member(store, "U0MARIA", Role.MANAGER)]
    looking += [a_member(store, person, Role.SDR, manager="U0MARIA", team="North") for person in ("U0ANA", "U0BEN")]
    for actor in looking:
        home.opened(store, actor, NOW)
    with ThreadPoolExecutor(2) as pool:
        gateway = Published(pool)
        desk = Desk(store, lambda: NOW, OneWorkspace(gateway, HERE))
        homes = Homes(desk)
        homes.start()
        yield desk, homes, gateway
        homes.stop()


class Told:
    """A gateway that keeps the words of the Homes that it would publish."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def publish_home_later(self, person_id: str, view: dict[str, Any]) -> None:
        """Somebody's Home."""
        self.said.append(f"{person_id}: {view['blocks'][0]['text']['text']}")


def test_who_looks_while_the_database_is_away_need_not_fear_for_what_they_logged(store: Store) -> None:
    told = Told()
    desk = Desk(store, lambda: NOW, OneWorkspace(told, HERE))  # type: ignore[arg-type]  # as much of a gateway as is asked for
    body = {"type": "event_callback", "team_id": HERE, "event": {"type": "app_home_opened", "user": "U0ANA"}}

    def away(_: Request) -> None:
        raise StoreUnavailable

    a_member(store, "U0ANA", Role.SDR)
    desk.answering(away)(body, lambda: None)
    assert told.said == [
        "U0ANA: I cannot show this page right now: the database does not answer. Nothing that was logged is lost. "
        "Please come back in a minute."
    ]


def until(met: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + 5
    while not met():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.01)


def test_a_change_reaches_those_who_look_at_it(kept: Kept) -> None:
    desk, _, gateway = kept
    desk.touch(HERE, "U0ANA", of_day=True)
    until(lambda: len(gateway.shown) == 2)
    assert set(gateway.whom()) == {"U0ANA", "U0MARIA"}


def test_many_changes_at_once_are_two_homes_at_the_most(kept: Kept) -> None:
    desk, _, gateway = kept
    for _ in range(200):
        desk.touch(HERE, "U0ANA", of_day=True)
    until(lambda: gateway.whom().count("U0ANA") >= 1)
    time.sleep(2 * PACE)
    times = [at for person, at in gateway.shown if person == "U0ANA"]
    assert 1 <= len(times) <= 2
    assert all(later - earlier >= PACE for earlier, later in itertools.pairwise(times))


def test_a_change_within_the_pace_is_shown_when_it_is_over(kept: Kept) -> None:
    _desk, homes, gateway = kept
    assert homes.show(HERE, "U0ANA")
    assert not homes.show(HERE, "U0ANA")
    shown_at = time.monotonic()
    until(lambda: gateway.whom() == ["U0ANA"])
    assert time.monotonic() - shown_at >= PACE / 2


def test_a_place_in_the_team_concerns_the_team(kept: Kept) -> None:
    desk, _, gateway = kept
    desk.touch(HERE, "U0ANA")
    until(lambda: set(gateway.whom()) == {"U0ANA", "U0BEN", "U0MARIA"})


def test_the_workspace_concerns_everybody(kept: Kept) -> None:
    desk, _, gateway = kept
    desk.touch(HERE)
    until(lambda: set(gateway.whom()) == {"U0ANA", "U0BEN", "U0MARIA"})


def test_slack_is_given_the_time_it_asks_for_and_nothing_is_lost(kept: Kept) -> None:
    desk, _, gateway = kept
    gateway.busy = [0.2]
    desk.touch(HERE, "U0ANA", of_day=True)
    until(lambda: set(gateway.whom()) == {"U0ANA", "U0MARIA"})


def test_who_left_gets_nothing_new(kept: Kept) -> None:
    desk, _, gateway = kept
    people.remember(desk.store, HERE, a_profile(id="U0ANA", is_active=False), NOW)
    desk.touch(HERE, "U0ANA")
    until(lambda: {"U0BEN", "U0MARIA"} <= set(gateway.whom()))
    time.sleep(PACE)
    assert "U0ANA" not in gateway.whom()


def test_a_home_that_cannot_be_made_leaves_the_others_alone(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, _, gateway = kept
    made = home.home

    def fail_for_ana(store: Store, actor: Any, now: Any) -> Any:
        if actor.id == "U0ANA":
            raise ValueError("a defect")
        return made(store, actor, now)

    monkeypatch.setattr(home, "home", fail_for_ana)
    desk.touch(HERE)
    until(lambda: {"U0BEN", "U0MARIA"} <= set(gateway.whom()))
    monkeypatch.setattr(home, "home", made)
    desk.touch(HERE, "U0ANA", of_day=True)
    until(lambda: "U0ANA" in gateway.whom())
