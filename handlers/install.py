"""Installing Baton into a workspace by OAuth, and hearing that it was removed.

The way there and back is our own and not Bolt's, for each step differs: states are in our database, the cookie names
the browser and not the state (several tabs may install at once), and nothing that leads to a token is ever logged.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit

import structlog
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import Clock
from bot.errors import BotError, Refused
from bot.installations import queries, service
from bot.installations.keys import Keyring
from bot.installations.service import STATE_LIVES, Granted
from bot.store.engine import Store
from bot.store.walls import within
from bot.words import language_of, words_for
from handlers.actor import Payload
from handlers.gateway import FAILURES
from handlers.gateways import Credentials, Installed, token_of
from handlers.manifest import SCOPES
from handlers.ui import install as ui

log = structlog.get_logger()

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"

COOKIE = "baton-install"
"""Names the browser, so that a state that somebody else has begun with is of no use in it."""

LATE = timedelta(minutes=1)
"""How far an event's clock and ours may be apart."""

NO_CODE = frozenset({"invalid_code", "code_already_used"})
"""What Slack says to a code that it did not give out, or not for this (docs.slack.dev, oauth.v2.access)."""

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}


class Page(NamedTuple):
    """What the browser gets."""

    status: HTTPStatus
    body: str
    headers: Mapping[str, str] = HEADERS


class Installer:
    """The pages of the installation.

    Args:
        store: where installations are kept.
        keys: what their tokens are sealed with.
        credentials: of the app.
        client: makes a client for a token (None: for nobody).
        installed: told which workspaces are new.
        clock: the moment.
    """

    def __init__(
        self,
        store: Store,
        keys: Keyring,
        credentials: Credentials,
        client: Callable[[str | None], WebClient],
        installed: Callable[[str], object],
        clock: Clock,
    ) -> None:
        self._store, self._keys, self._credentials = store, keys, credentials
        self._client, self._installed, self._clock = client, installed, clock

    def start(self, headers: Mapping[str, str]) -> Page:
        """`/slack/install`: what Baton is, and a link to Slack that is good for this browser and ten minutes."""
        words = words_for(language_of(headers.get("accept-language")))
        browser = _browser(headers) or secrets.token_urlsafe(32)
        try:
            state = service.issue_state(self._store, browser, self._clock())
        except BotError:
            return self._failed(headers, HTTPStatus.SERVICE_UNAVAILABLE, "install.failed.store")
        page = ui.start(words, self._authorize_url(state))
        lives = int(STATE_LIVES.total_seconds())
        cookie = f"{COOKIE}={browser}; Max-Age={lives}; Path=/slack; Secure; HttpOnly; SameSite=Lax"
        return Page(HTTPStatus.OK, page, {**HEADERS, "Set-Cookie": cookie})

    def back(self, query: Mapping[str, str], headers: Mapping[str, str]) -> Page:
        """`/slack/oauth_redirect`: somebody comes back from Slack, with a code for a token or without."""
        if "error" in query:
            return self._failed(headers, HTTPStatus.OK, "install.failed.denied")
        browser, state, code = _browser(headers), query.get("state"), query.get("code")
        try:
            is_theirs = bool(browser and state) and service.take_state(
                self._store, state or "", browser or "", self._clock()
            )
            if not is_theirs or not code:
                log.warning("install_refused", reason="state" if not is_theirs else "code")
                return self._failed(headers, HTTPStatus.BAD_REQUEST, "install.failed.state")
            granted = self._granted(code)
            is_new = self._kept(granted)
        except Refused as refused:
            return self._failed(headers, HTTPStatus.CONFLICT, refused.key)
        except BotError:
            return self._failed(headers, HTTPStatus.SERVICE_UNAVAILABLE, "install.failed.store")
        except FAILURES as error:
            reason = error.response["error"] if isinstance(error, SlackApiError) else type(error).__name__
            log.warning("install_refused", reason=reason)
            by_slack = (HTTPStatus.BAD_GATEWAY, "install.failed.slack")
            by_them = (HTTPStatus.BAD_REQUEST, "install.failed.state")
            return self._failed(headers, *(by_them if reason in NO_CODE else by_slack))
        log.info("installed", workspace=granted.workspace_id, is_new=is_new)
        self._installed(granted.workspace_id)
        return self._done(headers, granted)

    def _kept(self, granted: Granted) -> bool:
        """See `service.install`. What may not be kept is taken back at Slack, for nobody would ever end its token."""
        try:
            return service.install(self._store, self._keys, granted, self._clock())
        except Refused:
            self._take_back(granted)
            raise

    def _take_back(self, granted: Granted) -> None:
        """Remove Baton again (apps.uninstall): the app, too, and all tokens of this installation."""
        try:
            self._client(granted.token.access.get_secret_value()).apps_uninstall(
                client_id=self._credentials.client_id,
                client_secret=self._credentials.client_secret.get_secret_value(),
            )
        except FAILURES:
            log.warning("not_taken_back", workspace=granted.workspace_id)

    def _granted(self, code: str) -> Granted:
        answer: dict[str, Any] = dict(
            self._client(None)
            .oauth_v2_access(
                client_id=self._credentials.client_id,
                client_secret=self._credentials.client_secret.get_secret_value(),
                code=code,
            )
            .data  # type: ignore[arg-type]  # bytes only for downloads
        )
        token = token_of(answer, self._clock())
        bot = self._client(token.access.get_secret_value()).auth_test()  # oauth.v2.access says no bot_id
        is_organisation = bool(answer.get("is_enterprise_install"))
        organisation, team = answer.get("enterprise") or {}, answer.get("team") or {}
        whose = organisation if is_organisation else team
        return Granted(
            workspace_id=str(whose["id"]),
            name=str(whose.get("name") or whose["id"]),
            token=token,
            scopes=str(answer.get("scope") or ""),
            app_id=str(answer.get("app_id") or ""),
            bot_id=str(bot.get("bot_id") or ""),
            bot_user_id=str(answer.get("bot_user_id") or bot.get("user_id") or ""),
            installed_by=(answer.get("authed_user") or {}).get("id"),
            organisation_id=organisation.get("id"),
            is_organisation=is_organisation,
        )

    def _authorize_url(self, state: str) -> str:
        """Slack's page; where it is that of a stand-in, beside its Web API."""
        api = urlsplit(self._client(None).base_url)
        host = "slack.com" if api.netloc.endswith("slack.com") else api.netloc
        asked = {"client_id": self._credentials.client_id, "scope": ",".join(SCOPES), "user_scope": "", "state": state}
        return urlunsplit((api.scheme, host, "/oauth/v2/authorize", urlencode(asked), ""))

    def _done(self, headers: Mapping[str, str], granted: Granted) -> Page:
        words = words_for(language_of(headers.get("accept-language")))
        where = "" if granted.is_organisation else f"&team={granted.workspace_id}"
        opened = f"https://slack.com/app_redirect?app={granted.app_id}{where}"
        return Page(HTTPStatus.OK, ui.done(words, granted.name, opened))

    def _failed(self, headers: Mapping[str, str], status: HTTPStatus, key: str) -> Page:
        words = words_for(language_of(headers.get("accept-language")))
        return Page(status, ui.failed(words, key, INSTALL))


class Removal:
    """Hears that Baton was removed (`app_uninstalled`), its token revoked (`tokens_revoked`), or taken from workspaces
    of an organisation (`team_access_revoked`), in any order and any number of times.

    Args:
        store: where installations are kept.
        keys: what their tokens are sealed with.
        gateways: forget what they know of it.
        client: makes a client for a token.
        ended: told which workspaces are no more.
        clock: the moment.
    """

    def __init__(
        self,
        store: Store,
        keys: Keyring,
        gateways: Installed,
        client: Callable[[str | None], WebClient],
        ended: Callable[[str], object],
        clock: Clock,
    ) -> None:
        self._store, self._keys, self._gateways = store, keys, gateways
        self._client, self._ended, self._clock = client, ended, clock

    def heard(self, body: Payload) -> None:
        """Any of them. Of revoked tokens only the bot's concern us: we have no others."""
        event = body["event"]
        if event["type"] == "team_access_revoked":
            self._leave(event.get("team_ids") or ())
            return
        if event["type"] == "tokens_revoked" and not (event.get("tokens") or {}).get("bot"):
            return
        holder_id = self._whole(_holder(body))
        if self._is_of_the_last_time(holder_id, body):
            log.info("removal_is_old", workspace=holder_id)
            return
        self._end(holder_id)

    def _leave(self, workspace_ids: Sequence[str]) -> None:
        """The organisation keeps Baton, these do not; they are met again when something comes from them. One that has
        installed Baton by itself has not lost it.
        """
        for workspace_id in workspace_ids:
            row = self._row(workspace_id)
            if row is not None and row.through:
                self._end(workspace_id)

    def _whole(self, holder_id: str) -> str:
        """The organisation by whose installation a workspace is served, if Slack does not take that one's token either:
        an event may name no more than one workspace of all.
        """
        row = self._row(holder_id)
        if row is None or not row.through:
            return holder_id
        try:
            self._gateways.of(row.through).client.auth_test()
        except SlackApiError:
            return str(row.through)
        except FAILURES:
            log.debug("slack_did_not_say_whether_it_is_all", workspace=holder_id)
        return holder_id

    def _row(self, holder_id: str) -> Any | None:
        with within(holder_id), self._store.read() as tx:
            return queries.find(tx, holder_id)

    def _end(self, holder_id: str) -> None:
        """Nothing more is done there. Slack has ended the token; one that lives all the same is revoked."""
        token = service.end(self._store, self._keys, holder_id, self._clock())
        self._gateways.forget(holder_id)
        self._ended(holder_id)
        if token is None:
            return
        log.info("removed", workspace=holder_id)
        try:
            self._client(token.get_secret_value()).auth_revoke()
        except FAILURES:
            log.debug("token_was_dead", workspace=holder_id)

    def _is_of_the_last_time(self, holder_id: str, body: Payload) -> bool:
        """Whether an event that came late tells of the time before the present installation: its token lives."""
        row = self._row(holder_id)
        said = datetime.fromtimestamp(int(body.get("event_time") or 0), UTC)
        if row is None or row.sealed_token is None or said > row.installed_at + LATE:
            return False
        try:
            self._gateways.of(holder_id).client.auth_test()
        except FAILURES:
            return False
        return True


def _holder(body: Payload) -> str:
    """The organisation, where Baton is installed in it as a whole and not only taken from one workspace."""
    authorized = (body.get("authorizations") or [{}])[0]
    team, organisation = (authorized.get(name) or body.get(name) for name in ("team_id", "enterprise_id"))
    is_whole = authorized.get("is_enterprise_install") or body.get("is_enterprise_install")
    return str((organisation if is_whole else None) or team or organisation or "")


def _browser(headers: Mapping[str, str]) -> str | None:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return found.value if found and found.value else None


def register(app: App, removal: Removal | None) -> None:
    """The events of a removal. With a token of the settings there is nothing to do about them: it is dead, and whoever
    runs Baton is told so.
    """

    def heard(body: Payload) -> None:
        """See `Removal.heard`."""
        if removal:
            removal.heard(body)

    app.event("app_uninstalled")(heard)
    app.event("tokens_revoked")(heard)
    app.event("team_access_revoked")(heard)
