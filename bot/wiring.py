"""The composition root: settings in, everything else out. Nothing is built when a module is imported."""

import gc
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import structlog
from slack_sdk import WebClient

from bot import clock
from bot.deals import planning as deal_planning
from bot.delivery import queries as deliveries
from bot.delivery.sender import Sender
from bot.errors import BotError, NotReady
from bot.handoffs import glances
from bot.handoffs import planning as handoff_planning
from bot.leads import planning as lead_planning
from bot.ops.metrics import Backlog, Metrics
from bot.people import service as known_people
from bot.reminders import deal_steps, planning
from bot.schedule import service as schedule
from bot.schedule.ticker import Ticker
from bot.settings import Mode, Settings
from bot.store import schema
from bot.store.engine import Store
from bot.upkeep import Upkeep
from bot.words import LANGUAGES, words_for
from handlers import deal_steps as deal_step_listeners
from handlers import deals as deal_listeners
from handlers import delivery as delivery_listeners
from handlers import handoffs as handoff_listeners
from handlers import leads as lead_listeners
from handlers import pay as pay_listeners
from handlers import people
from handlers import reminders as reminder_listeners
from handlers import scoring as scoring_listeners
from handlers.answers import Desk
from handlers.app import WORKERS, build_app
from handlers.courier import Courier
from handlers.gateway import Gateway
from handlers.home import Homes
from handlers.server import Web, new_executor, web_app
from handlers.socket_mode import Socket
from handlers.webhooks import Inlet

log = structlog.get_logger()

SLACK_PATIENCE = 10.0
"""Seconds that a start waits for Slack to answer before it gives up; a supervisor then tries again."""

LONGEST_WAIT = 15 * 60.0
"""Seconds for which a message may have waited while this process still calls itself ready."""


OF_DEALS = {**deal_planning.PLANNERS, **deal_steps.PLANNERS}
PLANNERS = {**planning.PLANNERS, **handoff_planning.PLANNERS, **lead_planning.PLANNERS, **OF_DEALS}
catch_up = partial(schedule.catch_up, PLANNERS)
"""Sees to what is due, for a database that was taken back to an earlier time."""


class Process:
    """One running Baton: built by `start`, ended by `stop`."""

    def __init__(self, settings: Settings) -> None:
        """Build everything and find out whether it can work.

        Raises:
            NotReady: with what is missing, in one line.
        """
        self.mode = settings.mode()
        self.store = open_store(settings)
        self.executor: ThreadPoolExecutor = new_executor(WORKERS)
        client = slack_client(settings)
        gateway = Gateway(client, self.executor)
        self.identity = introduce(gateway, settings)
        self._metrics = metrics = Metrics(self._backlog)
        self.workspace_id = str(self.identity["team_id"])
        self._desk = desk = Desk(self.store, clock.utc_now, gateway, self.workspace_id, metrics.acked)
        self._homes = Homes(desk)
        self.sender = self._sender(gateway)
        self._upkeep = Upkeep(self.store, self.workspace_id, clock.utc_now, self._show_to)
        self._ticker = Ticker([self._see_to_jobs, self.sender.wake, self._upkeep], metrics)
        desk.watch(self._see_to_reminders)
        secret = _secret(settings) if self.mode is Mode.HTTP else ""
        self._app = build_app(desk, self._homes, client, self.identity, secret, self.executor)
        self._socket = _socket(self._app, settings) if self.mode is Mode.SOCKET else None
        self._web = self._open_port(settings)
        for language in LANGUAGES:
            words_for(language)

    def start(self) -> None:
        """Begin to serve.

        Raises:
            NotReady: when Slack refuses the connection.
        """
        if self._web:
            self._web.start()
        if self._socket:
            self._socket.start()
        self._homes.start()
        self.sender.start()
        self._ticker.start()
        self.executor.submit(people.load_everyone, self._desk)
        log.info("ready", mode=self.mode, workspace=self.identity.get("team"), port=self._web and self._web.port)

    def stop(self) -> None:
        """Take nothing new, finish what is in hand, and give everything back."""
        if self._socket:
            self._socket.stop()
        if self._web:
            self._web.stop()
        self._homes.stop()
        self._ticker.stop()
        self.sender.stop()
        self.executor.shutdown(wait=True, cancel_futures=False)
        self.store.close()

    def _open_port(self, settings: Settings) -> Web | None:
        bolt = self._app if self.mode is Mode.HTTP else None
        secret, counted = settings.webhook_secret(), self._metrics.delivered
        inlet = Inlet(self.store, self.workspace_id, secret, clock.utc_now, counted)
        pages = web_app(self._unwell, self._metrics.page, bolt, self.executor, inlet)
        try:
            return Web(pages, settings.baton_host, settings.baton_port, self._metrics.refused)
        except OSError as error:
            place = f"{settings.baton_host}:{settings.baton_port}"
            if self.mode is Mode.HTTP:
                raise NotReady(f"BATON_HOST:BATON_PORT {place} cannot be used: {error.strerror}.") from None
            log.warning("no_health_pages", place=place, reason=error.strerror)
            return None

    def _unwell(self) -> str | None:
        if self._socket and not self._socket.is_connected():
            return "not connected to Slack"
        if self.sender.halted:
            return f"Slack does not take the token ({self.sender.halted})"
        try:
            waited = self._backlog(counted=False).oldest_unsent
        except BotError:
            return "the database does not answer"
        return f"a message has waited for {waited:.0f} s" if waited > LONGEST_WAIT else None

    def _backlog(self, *, counted: bool = True) -> Backlog:
        with self.store.read() as tx:
            rows = deliveries.counts(tx) if counted else []
            oldest = deliveries.oldest_unsent(tx, self.workspace_id)
        return Backlog(rows, max(0.0, (clock.utc_now() - oldest).total_seconds()) if oldest else 0.0)

    def _sender(self, gateway: Gateway) -> Sender:
        leads = (handoff_listeners, lead_listeners, scoring_listeners)
        several = (reminder_listeners, *leads, deal_listeners, deal_step_listeners, pay_listeners, delivery_listeners)
        writers = {kind: writer for each in several for kind, writer in each.writers(self._desk).items()}
        is_person = partial(known_people.is_known, self.store)
        courier = Courier(gateway, writers, is_person, clock.utc_now)
        return Sender(self.store, courier, self.workspace_id, clock.utc_now, self._metrics)

    def _see_to_jobs(self) -> None:
        now = clock.utc_now()
        seen_to = schedule.tick(self.store, PLANNERS, now)
        self._metrics.saw_to(seen_to)
        if seen_to:
            self._show_to(glances.concerned_by_baton(self.store, self.workspace_id, now))

    def _show_to(self, person_ids: Collection[str]) -> None:
        """What Baton itself did to hand-offs is on Home, too."""
        if person_ids:
            self._desk.touch(self.workspace_id, *person_ids, of_day=True)

    def _see_to_reminders(self, _workspace_id: str, person_ids: tuple[str, ...], of_day: bool) -> None:
        """Roles, hours, zones and absences decide when somebody is reminded; the day's figures stand in the message."""
        self.executor.submit(self._upkeep.day if of_day else self._upkeep.reminders, person_ids)


def run(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C.

    Raises:
        NotReady: with what is missing, in one line.
    """
    _on_signal(lambda *_: sys.exit())  # nothing is in hand yet
    process = Process(settings)
    stopping = threading.Event()
    _on_signal(lambda *_: stopping.set())
    try:
        process.start()
        settle_memory()
        stopping.wait()
        log.info("stopping")
    finally:
        process.stop()


def settle_memory() -> None:
    """Take what was loaded at the start out of the garbage collector's rounds: it stays, and makes up most of them."""
    gc.collect()
    gc.freeze()


def _on_signal(act: Callable[..., object]) -> None:
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, act)


def open_store(settings: Settings) -> Store:
    """The database, ready to work on.

    Raises:
        NotReady: when it cannot be reached, or its schema is not this code's.
    """
    store = Store(settings.database_url)
    schema.ready(store)
    return store


def slack_client(settings: Settings) -> WebClient:
    """The Web API of the workspace, at Slack or at its stand-in.

    The SDK logs what it raises; here that is told once, by whoever catches it.
    """
    logging.getLogger("slack_sdk.web").setLevel(logging.CRITICAL)
    token = settings.slack_bot_token
    return WebClient(token=token.get_secret_value() if token else None, base_url=settings.slack_api_url)


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


def _secret(settings: Settings) -> str:
    assert settings.slack_signing_secret is not None  # Settings.mode has said so
    return settings.slack_signing_secret.get_secret_value()


def _socket(app: Any, settings: Settings) -> Socket:
    assert settings.slack_app_token is not None  # Settings.mode has said so
    return Socket(app, settings.slack_app_token.get_secret_value(), WORKERS)
