"""Which token speaks to which workspace: the one of the settings, or those that were given out at installations."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple, Protocol

import structlog
from pydantic import SecretStr
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import Clock
from bot.errors import BotError
from bot.installations import queries, service
from bot.installations.keys import CannotOpen, Keyring
from bot.installations.service import Token
from bot.installations.states import State
from bot.store.engine import Store
from bot.store.walls import everywhere, within
from handlers.gateway import FAILURES, Caller, Gateway

log = structlog.get_logger()

FRESH = 5.0
"""Seconds after which it is looked whether another process has changed an installation."""

MOST = 1000
"""Workspaces whose gateways are kept."""

RENEWED_AHEAD = timedelta(hours=1)
"""How long before its end a token is renewed; it lives for twelve hours (docs.slack.dev, using token rotation)."""

AT_ONCE = timedelta(minutes=1)
"""A token with so little left is renewed before it is used."""


class Gateways(Protocol):
    """Slack's Web API, workspace by workspace."""

    def of(self, workspace_id: str) -> Gateway:
        """The gateway of a workspace; where Baton is not installed, one to which Slack says no (`not_authed`)."""

    def serves(self, workspace_id: str) -> bool:
        """Whether Baton is installed there."""


class OneWorkspace:
    """The workspace of `SLACK_BOT_TOKEN`."""

    def __init__(self, gateway: Gateway, workspace_id: str) -> None:
        self._gateway, self._workspace_id = gateway, workspace_id

    def of(self, workspace_id: str) -> Gateway:  # noqa: ARG002 - there is one
        """The one there is."""
        return self._gateway

    def serves(self, workspace_id: str) -> bool:
        """Whether it is that one."""
        return workspace_id == self._workspace_id


class Credentials(NamedTuple):
    """How Slack knows the app itself."""

    client_id: str
    client_secret: SecretStr


@dataclass(frozen=True, slots=True)
class Line:
    """What is kept of an installation: everything that every request needs, and nothing that a log could show."""

    gateway: Gateway
    holder_id: str
    version: int
    looked_at: float
    is_served: bool = False
    bot_id: str | None = None
    bot_user_id: str | None = None
    expires_at: datetime | None = None


class Installed:
    """The workspaces of the installations: a token is read once and kept, for a few seconds without looking whether it
    has changed.

    Args:
        store: where the installations are.
        keys: what they are sealed with.
        credentials: of the app.
        client: makes a client for a token (None: for nobody).
        executor: where calls run that nobody waits for.
        clock: the moment.
    """

    def __init__(
        self,
        store: Store,
        keys: Keyring,
        credentials: Credentials,
        client: Callable[[str | None], WebClient],
        executor: Executor,
        clock: Clock,
    ) -> None:
        self._store, self._keys, self._credentials = store, keys, credentials
        self._client, self._executor, self._clock = client, executor, clock
        self._lines: OrderedDict[str, Line] = OrderedDict()
        self._renewing: set[str] = set()
        self.joined: Callable[[str], object] = lambda _workspace_id: None
        """Told which workspace of an organisation was met."""
        self._turn, self._one_renewal = threading.Lock(), threading.Lock()
        self._nobody = Gateway(client(None), executor)

    def of(self, workspace_id: str) -> Gateway:
        """See `Gateways`; a token that ends soon is renewed on the way."""
        line = self._line(workspace_id)
        if line.expires_at is None or not line.is_served:
            return line.gateway
        left = line.expires_at - self._clock()
        if left < AT_ONCE:
            self._renew(line)
            return self._line(workspace_id).gateway
        if left < RENEWED_AHEAD:
            self._executor.submit(self._renew, line)
        return line.gateway

    def serves(self, workspace_id: str) -> bool:
        """See `Gateways`."""
        return self._line(workspace_id).is_served

    def forget(self, workspace_id: str) -> None:
        """Something about an installation has changed: it is read anew, with those that hang on it, or may now: a
        workspace that is not served names no holder.
        """
        with self._turn:
            lines = self._lines.items()
            hanging = [each for each, line in lines if workspace_id in {each, line.holder_id} or not line.is_served]
            for each in hanging:
                del self._lines[each]

    def authorize(
        self, team_id: str | None, enterprise_id: str | None, is_enterprise_install: bool | None
    ) -> AuthorizeResult | None:
        """For Bolt: whose request this is, without asking Slack; None where Baton is not installed.

        The token stays here. Bolt needs it only for its own client, which nobody uses.
        """
        if team_id is None:
            return None
        organisation_id = enterprise_id if is_enterprise_install else None
        try:
            line = self._met(team_id, organisation_id)
        except BotError:  # the listener says that the database is away
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)
        if not line.is_served:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, bot_id=line.bot_id, bot_user_id=line.bot_user_id
        )

    def _met(self, workspace_id: str, organisation_id: str | None) -> Line:
        """What is known of a workspace; one of an organisation may be met for the first time."""
        line = self._line(workspace_id)
        if line.is_served or organisation_id is None:
            return line
        if service.join(self._store, self._keys, workspace_id, organisation_id, self._clock()):
            self.forget(workspace_id)
            self.joined(workspace_id)
        return self._line(workspace_id)

    def _line(self, workspace_id: str) -> Line:
        with self._turn:
            known = self._lines.get(workspace_id)
        if known and time.monotonic() - known.looked_at < FRESH:
            return known
        try:
            line = self._looked_up(workspace_id, known)
        except BotError:
            if known is None:
                raise
            return known  # the database is away: what was true a moment ago is the best there is
        with self._turn:
            self._lines[workspace_id] = line
            self._lines.move_to_end(workspace_id)
            while len(self._lines) > MOST:
                self._lines.popitem(last=False)
        return line

    def _looked_up(self, workspace_id: str, known: Line | None) -> Line:
        now = time.monotonic()
        with everywhere(), self._store.read() as tx:  # its organisation's, too
            row = queries.find(tx, workspace_id)
            holder = queries.find(tx, row.through) if row and row.through else row
        if row is None or holder is None or not row.state == holder.state == State.ACTIVE:
            return Line(self._nobody, workspace_id, 0, now)
        if known and (known.holder_id, known.version) == (holder.workspace_id, holder.version):
            gateway = known.gateway
        else:
            gateway = self._gateway(holder)
        return Line(
            gateway,
            holder.workspace_id,
            holder.version,
            now,
            True,
            holder.bot_id,
            holder.bot_user_id,
            holder.expires_at,
        )

    def _gateway(self, holder: Any) -> Gateway:
        try:
            token = self._keys.open(holder.sealed_token)
        except CannotOpen:
            log.error("token_cannot_be_opened", workspace=holder.workspace_id)  # noqa: TRY400 - there is nothing more to it
            return self._nobody
        client = self._client(token.get_secret_value() if token else None)
        lasting = Caller(client, partial(self._after, holder.workspace_id))
        return Gateway(lasting, self._executor, names_workspace=holder.is_organisation)

    def _after(self, holder_id: str, ended: str | None) -> str | None:
        """The token after one that Slack calls ended, though it should live: clocks differ, or somebody has ended it.
        Whoever meets that at the same time waits, and takes what the first has got.
        """
        with self._one_renewal:
            self.forget(holder_id)
            line = self._line(holder_id)
            if line.expires_at and line.gateway.client.token == ended:
                self._renew(line)
                line = self._line(holder_id)
        token = line.gateway.client.token
        return token if token != ended else None

    def _renew(self, line: Line) -> None:
        """Get the next token, if nobody else is just doing that."""
        with self._turn:
            if line.holder_id in self._renewing:
                return
            self._renewing.add(line.holder_id)
        try:
            if service.claim_renewal(self._store, line.holder_id, line.version, self._clock()):
                self._ask_for_the_next(line)
        except (BotError, *FAILURES) as error:
            reason = error.response["error"] if isinstance(error, SlackApiError) else type(error).__name__
            log.warning("token_not_renewed", workspace=line.holder_id, reason=reason)
        finally:
            with self._turn:
                self._renewing.discard(line.holder_id)
            self.forget(line.holder_id)

    def _ask_for_the_next(self, line: Line) -> None:
        with within(line.holder_id), self._store.read() as tx:
            row = queries.find(tx, line.holder_id)
        refresh = self._keys.open(row.sealed_refresh_token) if row else None
        if refresh is None:
            return
        answer = self._client(None).oauth_v2_access(
            client_id=self._credentials.client_id,
            client_secret=self._credentials.client_secret.get_secret_value(),
            grant_type="refresh_token",
            refresh_token=refresh.get_secret_value(),
        )
        token = token_of(answer.data, self._clock())  # type: ignore[arg-type]  # bytes only for downloads
        service.keep_renewed(self._store, self._keys, line.holder_id, line.version, token)


def token_of(answer: dict[str, Any], now: datetime) -> Token:
    """The bot token in what oauth.v2.access says."""
    refresh, lives = answer.get("refresh_token"), answer.get("expires_in")
    return Token(
        SecretStr(str(answer["access_token"])),
        SecretStr(str(refresh)) if refresh else None,
        now + timedelta(seconds=int(lives)) if lives else None,
    )
