"""Whom Slack lists at the start: everybody is met, and what changed while Baton was down is made good."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from slack_sdk import WebClient

from bot.absence import service as absence
from bot.errors import SlackUnavailable
from bot.people import service as people
from bot.people.rules import Profile
from bot.store.engine import Store
from handlers.answers import Desk
from handlers.gateway import Gateway
from handlers.gateways import OneWorkspace
from handlers.people import load_everyone
from tests.factories import NOW, a_profile

HERE = "T0BATON"


class Listing(Gateway):
    """A gateway that lists these people, two on a page, and then perhaps gives up."""

    def __init__(self, *profiles: Profile, breaks: bool = False) -> None:
        super().__init__(WebClient("xoxb-test"), ThreadPoolExecutor(1))
        self.profiles, self.breaks = profiles, breaks

    def everyone(self, workspace_id: str) -> Iterator[list[Profile]]:
        """Page by page."""
        for at in range(0, len(self.profiles), 2):
            yield list(self.profiles[at : at + 2])
        if self.breaks:
            raise SlackUnavailable


def load(store: Store, *profiles: Profile, breaks: bool = False) -> None:
    """What happens at the start."""
    gateways = OneWorkspace(Listing(*profiles, breaks=breaks), HERE)
    load_everyone(Desk(store, lambda: NOW, gateways), HERE)


def test_everybody_but_bots_is_met(store: Store) -> None:
    load(store, a_profile(id="U0ANA"), a_profile(id="U0BOT", is_bot=True), a_profile(id="U0GONE", is_active=False))
    assert [people.is_known(store, HERE, each) for each in ("U0ANA", "U0BOT", "U0GONE")] == [True, False, True]


def test_when_slack_stops_in_between_the_pages_before_are_kept(store: Store) -> None:
    load(store, a_profile(id="U0ANA"), breaks=True)
    assert people.is_known(store, HERE, "U0ANA")


def test_statuses_that_came_and_went_meanwhile_are_followed(store: Store) -> None:
    ends = NOW + timedelta(days=3)
    load(store, a_profile(id="U0ANA", away_kind="vacation", away_until=ends))
    assert absence.told_by_slack(store, HERE, NOW) == {"U0ANA"}
    load(store, a_profile(id="U0ANA"))
    assert absence.told_by_slack(store, HERE, NOW) == set()


def test_what_is_known_for_apologies_does_not_grow_with_everybody_who_ever_came(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.actor.LANGUAGES_KEPT", 2)
    door = Desk(store, lambda: NOW, OneWorkspace(Listing(), HERE)).door
    bodies = [{"command": "/log", "team_id": HERE, "user_id": f"U0{n}"} for n in range(3)]
    for n, body in enumerate(bodies):
        people.remember(store, HERE, Profile(f"U0{n}", f"{n}", None, None, "ru"), NOW)
        door.enter(body, NOW)
    assert [door.language(body) for body in bodies] == ["en", "ru", "ru"]
