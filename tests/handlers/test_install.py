"""The pages of the installation, whatever a browser brings: never a fault of ours, and what is refused counted."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.installations.keys import Keyring
from bot.store.engine import Store
from handlers.gateways import Credentials
from handlers.install import COOKIE, INSTALL, REDIRECT, Installer
from handlers.server import web_app
from tests.factories import NOW
from tests.lengths import length
from tests.wire.processes import KEY


class Slack(WebClient):
    """Gives no token to anybody, for the reason that is set."""

    error: SlackClientError = SlackApiError("no", {"error": "invalid_code"})  # type: ignore[no-untyped-call]

    def oauth_v2_access(self, **_: Any) -> Any:
        """Refuse."""
        raise self.error


class Pages:
    """The pages of a process that serves many workspaces, and what was refused at them."""

    def __init__(self, store: Store) -> None:
        self.refused: Counter[str] = Counter()
        self.slack = Slack()
        self.executor = ThreadPoolExecutor(2)
        self._cookie = ""
        credentials = Credentials("1.2", SecretStr("secret"))
        keys = Keyring(SecretStr(KEY))
        installer = Installer(store, keys, credentials, lambda _: self.slack, lambda _: None, lambda: NOW)
        self._app = web_app(lambda: None, lambda: b"", None, self.executor, None, installer, self._count)

    def _count(self, reason: str) -> None:
        self.refused[reason] += 1

    def get(self, path: str, cookie: str | bytes | None = None) -> httpx.Response:
        """A page; with the cookie of the last visit unless told otherwise."""
        return asyncio.run(self._get(path, self._cookie if cookie is None else cookie))

    def state(self) -> str:
        """Begin, as a browser does."""
        page = self.get(INSTALL)
        self._cookie = page.headers["set-cookie"].split(";")[0]
        link = re.search(r'<a href="([^"]+)"', page.text)
        assert link
        return parse_qs(urlsplit(unescape(link[1])).query)["state"][0]

    async def _get(self, path: str, cookie: str | bytes) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self._app), base_url="http://baton") as client:
            said = cookie if isinstance(cookie, bytes) else cookie.encode()
            return await client.get(path, headers=[(b"cookie", said)])


@pytest.fixture
def pages(store: Store) -> Iterator[Pages]:
    found = Pages(store)
    yield found
    found.executor.shutdown()


def test_a_code_that_slack_did_not_give_is_the_fault_of_whoever_brings_it(pages: Pages) -> None:
    answer = pages.get(f"{REDIRECT}?code=made-up&state={pages.state()}")
    assert answer.status_code == 400
    assert pages.refused == {"state": 1}


def test_where_slack_has_trouble_nobody_is_blamed(pages: Pages) -> None:
    pages.slack.error = SlackClientError("out of reach")
    assert pages.get(f"{REDIRECT}?code=x&state={pages.state()}").status_code == 502
    assert pages.refused == {}


def test_a_page_that_is_opened_again_makes_nobody_think_that_baton_is_gone(pages: Pages) -> None:
    used = f"{REDIRECT}?code=x&state={pages.state()}"
    pages.get(used)
    again = pages.get(used).text
    assert "<h1>This link does not work any more</h1>" in again
    assert "if Baton is in your Slack already, all is well" in again


@settings(max_examples=length(15, 300), suppress_health_check=list(HealthCheck), deadline=None)
@given(
    st.dictionaries(st.sampled_from(["state", "code", "error", "x"]), st.text(max_size=30), max_size=3),
    st.binary(max_size=40) | st.text(max_size=20).map(lambda value: f"{COOKIE}={value}".encode()),
)
def test_any_way_back_is_answered(pages: Pages, query: dict[str, str], cookie: bytes) -> None:
    for path in (INSTALL, REDIRECT):
        answer = pages.get(str(httpx.URL(path, params=query)), cookie)
        assert answer.status_code < 500
        assert "Traceback" not in answer.text
