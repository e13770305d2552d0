"""Which workspaces a process serves: the one of a token in the settings, or all in which Baton was installed."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Executor
from datetime import timedelta
from typing import Any

import structlog
from slack_sdk import WebClient

from bot import clock
from bot.errors import BotError, NotReady
from bot.installations import purge, queries, service
from bot.installations.keys import CannotOpen, Keyring
from bot.ops.causes import caused_by
from bot.personal import erasure
from bot.settings import Settings
from bot.store.engine import Store
from bot.store.walls import everywhere, within
from bot.upkeep import Upkeep
from handlers.app import of_installations, of_token
from handlers.gateway import Client, Gateway
from handlers.gateways import Credentials, Installed, OneWorkspace
from handlers.webhooks import ManyDoors, OneDoor

log = structlog.get_logger()

SLACK_PATIENCE = 10.0
"""Seconds that a start waits for Slack to answer before it gives up; a supervisor then tries again."""

LOOK_EVERY = 2.0
"""Seconds after which it is looked which workspaces there are."""

SHARE = 0.5
"""Seconds of a tick that go into looking after workspaces: jobs and messages of all of them are seen to meanwhile."""

PURGE_EVERY, ERASE_EVERY = 60.0, 2.0
"""Seconds between two looks for workspaces whose days are over, and for people who are being erased."""


def slack_client(settings: Settings, token: str | None = None) -> WebClient:
    """The Web API at Slack or at its stand-in, with a token or the one of the settings.

    The SDK logs what it raises; here that is told once, by whoever catches it.
    """
    logging.getLogger("slack_sdk.web").setLevel(logging.CRITICAL)
    own = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None
    return Client(token=token or own, base_url=settings.slack_api_url)


def introduce(gateway: Gateway, settings: Settings) -> Mapping[str, Any]:
    """Ask Slack whose token this is, with some patience for a Slack that is just starting.

    Raises:
        NotReady: when the token is refused, or Slack stays out of reach.
    """
    deadline = time.monotonic() + SLACK_PATIENCE
    while True:
        try:
            return gateway.identify()
        except OSError as error:
            if time.monotonic() > deadline:
                reason = getattr(error, "reason", error)  # as urllib wraps it
                raise NotReady(
                    f"Slack cannot be reached at {settings.slack_api_url} ({reason}). "
                    "Check the network, and SLACK_API_URL if it is set."
                ) from None
            time.sleep(0.2)


class One:
    """The workspace of `SLACK_BOT_TOKEN`.

    Raises:
        NotReady: as `introduce`.
    """

    keys = None

    def __init__(self, settings: Settings, store: Store, executor: Executor) -> None:
        self.client = slack_client(settings)
        gateway = Gateway(self.client, executor)
        identity = introduce(gateway, settings)
        self.name, self.workspace_id = identity.get("team"), str(identity["team_id"])
        self.gateways = OneWorkspace(gateway, self.workspace_id)
        self.doors = OneDoor(self.workspace_id, settings.webhook_secret())
        self.authorize = of_token(identity, self.client.token)
        service.keep_alive(store, self.workspace_id)

    def workspaces(self) -> Collection[str]:
        """That one."""
        return (self.workspace_id,)


class Many:
    """The workspaces of the installations.

    Raises:
        NotReady: when the key is none, or not the one that tokens are sealed with.
    """

    name = None

    def __init__(self, settings: Settings, store: Store, executor: Executor) -> None:
        self._settings, self._store = settings, store
        self.keys = Keyring(settings.needed(settings.baton_encryption_key))
        self.credentials = Credentials(settings.slack_client_id or "", settings.needed(settings.slack_client_secret))
        self.client = self.client_for(None)
        self.gateways = Installed(store, self.keys, self.credentials, self.client_for, executor, clock.utc_now)
        self.doors = ManyDoors(self.secret_of)
        self.authorize = of_installations(self.gateways)
        self._looked_at, self._known = 0.0, tuple[str, ...]()
        check_keys(store, self.keys)

    def client_for(self, token: str | None) -> WebClient:
        """The Web API with a token, or with none."""
        return slack_client(self._settings, token)

    def workspaces(self) -> Collection[str]:
        """Those in which Baton is installed, as of a moment ago."""
        if time.monotonic() - self._looked_at >= LOOK_EVERY:
            with everywhere(), self._store.read() as tx:
                self._known = tuple(queries.served(tx))
            self._looked_at = time.monotonic()
        return self._known

    def look_again(self) -> None:
        """One has come or gone."""
        self._looked_at = 0.0

    def secret_of(self, workspace_id: str) -> str | None:
        """What senders of leads sign with for a workspace; None where Baton is not installed."""
        return service.inlet_secret(self._store, self.keys, workspace_id)


def check_keys(store: Store, keys: Keyring) -> None:
    """Make sure that the keys are those that tokens were sealed with.

    Raises:
        NotReady: when they are not.
    """
    with everywhere(), store.read() as tx:
        sealed = queries.some_sealed(tx)
    try:
        keys.open(sealed)
    except CannotOpen:
        raise NotReady(
            "BATON_ENCRYPTION_KEY is not the key that tokens in the database are sealed with: "
            "set that one, too, behind the new one and a comma."
        ) from None


class Rounds:
    """Looks after every workspace, one after the other; what fails in one holds up none of the others."""

    def __init__(self, make: Callable[[str], Upkeep], workspaces: Callable[[], Collection[str]]) -> None:
        self._make, self._workspaces = make, workspaces
        self._upkeeps: dict[str, Upkeep] = {}
        self._ahead = deque[str]()
        self._turn = threading.Lock()

    def __call__(self) -> None:
        """Do what is due, in as many as there is time for; the next tick goes on with the others."""
        workspaces = self._workspaces()
        served = set(workspaces)
        with self._turn:
            for gone in self._upkeeps.keys() - served:
                del self._upkeeps[gone]
        moment, now = time.monotonic(), clock.utc_now()
        self._ahead = self._ahead or deque(each for each in workspaces if self.of(each).is_due(moment, now))
        while self._ahead:
            workspace_id = self._ahead.popleft()
            if workspace_id in served:
                self._look_after(workspace_id)
            if time.monotonic() >= moment + SHARE:
                return

    def _look_after(self, workspace_id: str) -> None:
        try:
            self.of(workspace_id)()
        except BotError as error:
            log.warning("upkeep_failed", workspace=workspace_id, reason=str(error.__cause__ or error))
        except Exception:
            log.exception("upkeep_failed", workspace=workspace_id)

    def of(self, workspace_id: str) -> Upkeep:
        """The upkeep of one."""
        with self._turn:
            if workspace_id not in self._upkeeps:
                self._upkeeps[workspace_id] = self._make(workspace_id)
            return self._upkeeps[workspace_id]


class Aside:
    """Called with every tick: now and then does something beside the ticks, however long it takes; what fails is done
    again.

    Args:
        executor: where it runs.
        name: what the log calls it.
        every: seconds between two beginnings.
        work: what is done.
    """

    def __init__(self, executor: Executor, name: str, every: float, work: Callable[[], None]) -> None:
        self._executor, self._name, self._every, self._work = executor, name, every, work
        self._at = 0.0
        self._turn = threading.Lock()

    def __call__(self) -> None:
        """Begin, if it is time."""
        if time.monotonic() >= self._at:
            self._at = time.monotonic() + self._every
            self._executor.submit(self._once)

    def _once(self) -> None:
        if not self._turn.acquire(blocking=False):
            return
        try:
            self._work()
        except BotError as error:
            log.warning(f"{self._name}_put_off", reason=str(error.__cause__ or error))
        except Exception:
            log.exception(f"{self._name}_failed")
        finally:
            self._turn.release()


class Gathered:
    """Whose figures of the day have changed: what a second brought is seen to in one go, beside the ticks. A rep who
    logs five calls in a row has one message brought up to date, not five times the same.
    """

    def __init__(self, executor: Executor, see_to: Callable[[str, Collection[str]], None]) -> None:
        self._executor, self._see_to = executor, see_to
        self._people: dict[str, set[str]] = {}
        self._turn = threading.Lock()

    def add(self, workspace_id: str, person_ids: Collection[str]) -> None:
        """These people of a workspace, too."""
        with self._turn:
            self._people.setdefault(workspace_id, set()).update(person_ids)

    def __call__(self) -> None:
        """Begin with what has come."""
        with self._turn:
            people, self._people = self._people, {}
        if people:
            self._executor.submit(self._see_to_all, people)

    def _see_to_all(self, people: Mapping[str, Collection[str]]) -> None:
        for workspace_id, person_ids in people.items():
            try:
                self._see_to(workspace_id, person_ids)
            except Exception:  # one workspace holds up none of the others
                log.exception("day_not_current", workspace=workspace_id)


def purge_all(store: Store, after: timedelta) -> None:
    """Delete the rows of workspaces whose days are over."""
    before = clock.utc_now() - after
    with everywhere(), store.read() as tx:
        over = queries.over(tx, before)
    for workspace_id in over:
        purge.purge(store, workspace_id, before, clock.utc_now())


def erase_all(store: Store, touch: Callable[[str], None]) -> None:
    """Go on with every erasure of a person; `touch` hears in which workspace one has ended."""
    with everywhere(), store.read() as tx:
        running = erasure.somewhere(tx)
    for workspace_id in running:
        with caused_by("erasure", "job"), within(workspace_id):
            ended = erasure.go_on(store, workspace_id, clock.utc_now())
        if ended:
            touch(workspace_id)
