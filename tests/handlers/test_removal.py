"""What is taken away: an installation that may not be kept, and a workspace by its organisation."""

from concurrent.futures import ThreadPoolExecutor
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
from handlers.gateways import Credentials, Installed
from handlers.install import COOKIE, Installer, Removal
from tests.bot.installations.test_service import HERE, THERE, WHOLE, a_grant, a_keyring, opened, stored
from tests.factories import NOW

OURS = {"client_id": "1.2", "client_secret": "secret"}


class Slack(WebClient):
    """Slack, which gives out one token, and what was taken back."""

    def __init__(self) -> None:
        super().__init__("xoxb-2")
        self.taken_back: list[dict[str, Any]] = []
        self.is_away = False

    def oauth_v2_access(self, **_: Any) -> Any:
        """A token of one workspace."""
        self.data = {"access_token": "xoxb-2", "team": {"id": HERE, "name": "Northwind"}}
        return self

    def auth_test(self, **_: Any) -> Any:
        """Who the bot is."""
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


def test_a_workspace_that_an_organisation_takes_baton_from_is_met_again(store: Store) -> None:
    slack, keys, alone = Slack(), a_keyring(), "T0ALONE"
    service.install(store, keys, a_grant(WHOLE, is_organisation=True, organisation_id=WHOLE), NOW)
    service.install(store, keys, a_grant(alone), NOW)
    own, lasts = Credentials("1.2", SecretStr("secret")), {"expires_at": None, "sealed_refresh_token": None}
    with store.write() as tx:
        tx.execute(update(table_of(Installation)).values(lasts))
    with ThreadPoolExecutor(1) as pool:
        gateways = Installed(store, keys, own, lambda _: slack, pool, lambda: NOW)
        removal = Removal(store, keys, gateways, lambda _: slack, lambda _: None, lambda: NOW)
        for each in (HERE, THERE):
            assert gateways.authorize(each, WHOLE, True)
        revoked = {"type": "team_access_revoked", "team_ids": [HERE, alone, "T0NEVER"]}
        for _ in range(2):
            removal.heard({"team_id": None, "enterprise_id": WHOLE, "event": revoked})
        assert [gateways.serves(each) for each in (HERE, THERE, alone)] == [False, True, True]
        assert stored(store, WHOLE).state == State.ACTIVE
        assert gateways.authorize(HERE, WHOLE, True)
        assert gateways.serves(HERE)
