"""What is taken away: an installation that may not be kept, and a workspace by its organisation."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import pytest
from pydantic import SecretStr
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy import update

from bot.installations import service
from bot.installations.model import Installation
from bot.installations.states import State
from bot.store.engine import Store
from bot.store.sql import table_of
from handlers.gateway import Gateway
from handlers.gateways import Credentials, Installed
from handlers.install import COOKIE, Installer, Removal
from tests.bot.installations.test_service import HERE, THERE, WHOLE, a_grant, a_keyring, opened
from tests.factories import NOW

OURS = {"client_id": "1.2", "client_secret": "secret"}


class Slack(WebClient):
    """Slack, which gives out one token, and what was taken back."""

    def __init__(self) -> None:
        super().__init__("xoxb-2")
        self.taken_back: list[dict[str, Any]] = []
        self.is_away = self.is_dead = False

    def oauth_v2_access(self, **_: Any) -> Any:
        """A token of one workspace."""
        self.data = {"access_token": "xoxb-2", "team": {"id": HERE, "name": "Northwind"}}
        return self

    def auth_test(self, **_: Any) -> Any:
        """Who the bot is."""
        if self.is_dead:
            raise SlackApiError("token_revoked", {"error": "token_revoked"})  # type: ignore[no-untyped-call]
        return {"bot_id": "B1"}

    def apps_uninstall(self, **given: Any) -> Any:
        """The app goes."""
        self.taken_back.append(given)
        if self.is_away:
            raise SlackApiError("internal_error", {"error": "internal_error"})  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("is_away", [False, True], ids=["taken", "not taken"])
def test_what_comes_while_the_rows_go_is_taken_back(store: Store, *, is_away: bool) -> None:
    slack, keys = Slack(), a_keyring()
    slack.is_away = is_away
    own = Credentials("1.2", SecretStr("secret"))
    installer = Installer(store, keys, own, lambda _: slack, lambda _: None, lambda: NOW)
    service.install(store, keys, a_grant(), NOW)
    service.end(store, keys, HERE, NOW)

    def installs() -> int:
        state = service.issue_state(store, "browser", NOW)
        return installer.back({"state": state, "code": "any"}, {"cookie": f"{COOKIE}=browser"}).status

    with store.write() as tx:
        tx.execute(update(table_of(Installation)).values(state=State.PURGING.value))
    assert installs() == 409
    assert slack.taken_back == [OURS]
    assert opened(store, keys) is None
    with store.write() as tx:
        tx.execute(update(table_of(Installation)).values(state=State.PURGED.value))
    assert installs() == 200
    assert slack.taken_back == [OURS]
    assert opened(store, keys) == "xoxb-2"


class Asked(Installed):
    """Gateways to `Slack`."""

    def of(self, workspace_id: str) -> Gateway:
        """The way to it."""
        return Gateway(self._client(None), self._executor)


class Organisation:
    """Two workspaces are served by its installation, a third one by its own."""

    def __init__(self, store: Store, pool: Executor) -> None:
        self.slack, keys, own = Slack(), a_keyring(), Credentials("1.2", SecretStr("secret"))
        lasting = {"expires_at": None, "sealed_refresh_token": None}
        service.install(store, keys, a_grant(WHOLE, is_organisation=True, organisation_id=WHOLE), NOW)
        service.install(store, keys, a_grant("T0ALONE"), NOW)
        with store.write() as tx:
            tx.execute(update(table_of(Installation)).values(lasting))
        self.gateways = Asked(store, keys, own, lambda _: self.slack, pool, lambda: NOW)
        self.removal = Removal(store, keys, self.gateways, lambda _: self.slack, lambda _: None, lambda: NOW)
        for each in (HERE, THERE):
            assert self.gateways.authorize(each, WHOLE, True)

    def hears(self, event: dict[str, Any], **more: object) -> list[bool]:
        """It is told, twice; which of the three are served then."""
        for _ in range(2):
            self.removal.heard({"enterprise_id": WHOLE, "event_time": NOW.timestamp() + 600, "event": event, **more})
        return [self.gateways.serves(each) for each in (HERE, THERE, "T0ALONE")]


@pytest.fixture
def organisation(store: Store) -> Iterator[Organisation]:
    """See `Organisation`."""
    with ThreadPoolExecutor(1) as pool:
        yield Organisation(store, pool)


def test_a_workspace_that_an_organisation_takes_baton_from_is_met_again(organisation: Organisation) -> None:
    revoked = {"type": "team_access_revoked", "team_ids": [HERE, "T0ALONE", "T0NEVER"]}
    assert organisation.hears(revoked, team_id=None) == [False, True, True]
    assert organisation.gateways.authorize(HERE, WHOLE, True)
    assert organisation.gateways.serves(HERE)


@pytest.mark.parametrize("is_dead", [False, True], ids=["of one", "of all"])
def test_a_removal_that_names_one_workspace_may_be_of_all(organisation: Organisation, *, is_dead: bool) -> None:
    organisation.slack.is_dead = is_dead
    assert organisation.hears({"type": "app_uninstalled"}, team_id=HERE) == [False, not is_dead, True]
    assert organisation.hears({"type": "app_uninstalled"}, team_id=None) == [False, False, True]
