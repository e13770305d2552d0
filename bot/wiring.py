"""The composition root: settings in, everything else out. Nothing is built when a module is imported."""

import gc
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from bot import clock
from bot.coaching import planning as coaching_planning
from bot.deals import planning as deal_planning
from bot.delivery import queries as deliveries
from bot.delivery.sender import Sender
from bot.delivery.senders import LoneSender, Senders
from bot.digest import planning as digest_planning
from bot.errors import BotError, NotReady
from bot.handoffs import glances
from bot.handoffs import planning as handoff_planning
from bot.leads import planning as lead_planning
from bot.noise.acts import has_cared
from bot.ops import traces
from bot.ops.logging import Errors
from bot.ops.metrics import Backlog, Metrics
from bot.pay import chasing
from bot.people import service as known_people
from bot.recognition import planning as recognition_planning
from bot.reminders import deal_steps, planning
from bot.schedule import service as schedule
from bot.schedule.ticker import Ticker
from bot.serving import ERASE_EVERY, PURGE_EVERY, Aside, Gathered, Many, One, Rounds, erase_all, purge_all
from bot.settings import Mode, Settings
from bot.store import schema
from bot.store.engine import Store
from bot.store.walls import everywhere, within
from bot.upkeep import Upkeep
from bot.words import LANGUAGES, words_for
from handlers import coaching as coaching_listeners
from handlers import deal_steps as deal_step_listeners
from handlers import deals as deal_listeners
from handlers import delivery as delivery_listeners
from handlers import digest as digest_listeners
from handlers import handoffs as handoff_listeners
from handlers import leads as lead_listeners
from handlers import noise as noise_listeners
from handlers import pay as pay_listeners
from handlers import people
from handlers import personal as personal_listeners
from handlers import recognition as recognition_listeners
from handlers import reminders as reminder_listeners
from handlers import scoring as scoring_listeners
from handlers.answers import Desk
from handlers.app import WORKERS, build_app
from handlers.courier import Courier
from handlers.home import Homes
from handlers.install import Installer, Removal
from handlers.server import Web, new_executor, web_app
from handlers.socket_mode import Socket
from handlers.webhooks import Inlet

log = structlog.get_logger()

LONGEST_WAIT = 15 * 60.0
"""Seconds for which a message may have waited while this process still calls itself ready."""

EACH_ROUND = 10_000
"""How many objects there must be more before the garbage collector looks at the newest."""

OF_RENEWALS = {deal_planning.RENEWAL: deal_planning.planner(has_cared)}
OF_DEALS = {**OF_RENEWALS, **deal_steps.PLANNERS}
OF_WEEKS = {**digest_planning.PLANNERS, **recognition_planning.PLANNERS, **coaching_planning.PLANNERS}
OF_TIME = {**planning.PLANNERS, **OF_WEEKS}
PLANNERS = {**OF_TIME, **handoff_planning.PLANNERS, **lead_planning.PLANNERS, **OF_DEALS, **chasing.PLANNERS}
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
        headers = settings.otel_exporter_otlp_headers
        traces.begin(settings.otel_exporter_otlp_endpoint, headers.get_secret_value() if headers else None)
        self.store = open_store(settings)
        self.executor: ThreadPoolExecutor = new_executor(WORKERS)
        served = Many if self.mode is Mode.MANY else One
        self.served: One | Many = served(settings, self.store, self.executor)
        self._metrics = metrics = Metrics(self._backlog)
        self._errors = Errors(metrics.erred)
        self._desk = desk = Desk(self.store, clock.utc_now, self.served.gateways, metrics.acked)
        desk.keys = self.served.keys
        desk.purge_days = settings.baton_purge_days if desk.keys else None
        self._homes = Homes(desk)
        self._courier = self._new_courier()
        self.senders = self._new_senders()
        self._rounds = Rounds(self._new_upkeep, self.served.workspaces)
        self._days = Gathered(self.executor, lambda workspace_id, people: self._rounds.of(workspace_id).day(people))
        self._ticker = Ticker([*self._acts(), *self._asides(settings)], metrics)
        desk.watch(self._see_to_reminders)
        if isinstance(self.served, Many):
            self.served.gateways.joined = self._has_come
        self._app = self._new_app(settings)
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
        self.senders.start()
        self._ticker.start()
        self.executor.submit(self._learn_everybody)
        log.info("ready", mode=str(self.mode), workspace=self.served.name, port=self._web and self._web.port)

    def stop(self) -> None:
        """Take nothing new, finish what is in hand, and give everything back."""
        if self._socket:
            self._socket.stop()
        if self._web:
            self._web.stop()
        self._homes.stop()
        self._ticker.stop()
        self._days()
        self.senders.stop()
        self.executor.shutdown(wait=True, cancel_futures=False)
        self.store.close()
        traces.stop()
        self._errors.close()

    def _new_app(self, settings: Settings) -> Any:
        secret = "" if self.mode is Mode.SOCKET else _secret(settings)
        served, removal = self.served, None
        if isinstance(served, Many):
            how = (served.keys, served.gateways, served.client_for, self._has_ended, clock.utc_now)
            removal = Removal(self.store, *how)
        return build_app(self._desk, self._homes, served.client, served.authorize, secret, self.executor, removal)

    def _open_port(self, settings: Settings) -> Web | None:
        bolt = None if self.mode is Mode.SOCKET else self._app
        inlet = Inlet(self.store, self.served.doors, clock.utc_now, self._metrics.delivered)
        installer, refused = self._new_installer(), self._metrics.refused
        pages = web_app(self._unwell, self._metrics.page, bolt, self.executor, inlet, installer, refused)
        try:
            return Web(pages, settings.baton_host, settings.baton_port, refused)
        except OSError as error:
            place = f"{settings.baton_host}:{settings.baton_port}"
            if self.mode is not Mode.SOCKET:
                raise NotReady(f"BATON_HOST:BATON_PORT {place} cannot be used: {error.strerror}.") from None
            log.warning("no_health_pages", place=place, reason=error.strerror)
            return None

    def _new_installer(self) -> Installer | None:
        if not isinstance(self.served, Many):
            return None
        many = self.served
        how = (many.keys, many.credentials, many.client_for, self._has_come, clock.utc_now)
        return Installer(self.store, *how)

    def _has_come(self, workspace_id: str) -> None:
        """Baton is there, or is met in one more workspace of an organisation: it is served from now on."""
        if isinstance(self.served, Many):
            self.served.gateways.forget(workspace_id)
            self.served.look_again()
            if workspace_id in self.served.workspaces():  # an organisation's are met one by one
                self.executor.submit(people.load_everyone, self._desk, workspace_id)

    def _has_ended(self, _workspace_id: str) -> None:
        """Baton was removed; other processes see it within seconds."""
        if isinstance(self.served, Many):
            self.served.look_again()
            self.senders()

    def _learn_everybody(self) -> None:
        for workspace_id in self.served.workspaces():
            people.load_everyone(self._desk, workspace_id)

    def _unwell(self) -> str | None:
        if self._socket and not self._socket.is_connected():
            return "not connected to Slack"
        if isinstance(self.senders, LoneSender) and self.senders.halted:
            return f"Slack does not take the token ({self.senders.halted})"
        try:
            waited = self._backlog(counted=False).oldest_unsent
        except BotError:
            return "the database does not answer"
        # Of many workspaces one may have a dead token for days, which is no reason to serve none of them.
        late = self.mode is not Mode.MANY and waited > LONGEST_WAIT
        return f"a message has waited for {waited:.0f} s" if late else None

    def _backlog(self, *, counted: bool = True) -> Backlog:
        with everywhere(), self.store.read() as tx:
            rows = deliveries.unsent_rows(tx) if counted else []
            if isinstance(self.served, One):
                oldest = deliveries.oldest_unsent(tx, self.served.workspace_id)
            else:
                oldest = deliveries.oldest_unsent_anywhere(tx)
        return Backlog(rows, max(0.0, (clock.utc_now() - oldest).total_seconds()) if oldest else 0.0)

    def _new_courier(self) -> Courier:
        leads = (handoff_listeners, lead_listeners, scoring_listeners)
        several = (
            reminder_listeners,
            noise_listeners,
            digest_listeners,
            *leads,
            deal_listeners,
            deal_step_listeners,
            pay_listeners,
            coaching_listeners,
            personal_listeners,
            recognition_listeners,
            delivery_listeners,
        )
        writers = {kind: writer for each in several for kind, writer in each.writers(self._desk).items()}
        is_person = partial(known_people.is_known, self.store)
        return Courier(self.served.gateways, writers, is_person, clock.utc_now)

    def _new_senders(self) -> LoneSender | Senders:
        if isinstance(self.served, One):
            return LoneSender(Sender(self.store, self._courier, self.served.workspace_id, clock.utc_now, self._metrics))
        return Senders(self.store, self._courier, clock.utc_now, self._metrics)

    def _new_upkeep(self, workspace_id: str) -> Upkeep:
        return Upkeep(self.store, workspace_id, clock.utc_now, partial(self._show_to, workspace_id))

    def _acts(self) -> tuple[Callable[[], object], ...]:
        """What each tick does."""
        return (self._see_to_jobs, self.senders, self._rounds, self._days)

    def _asides(self, settings: Settings) -> Iterator[Aside]:
        """What takes its time, beside the ticks."""
        yield Aside(self.executor, "erasure", ERASE_EVERY, partial(erase_all, self.store, self._desk.touch))
        if self.mode is Mode.MANY:
            after = timedelta(days=settings.baton_purge_days)
            yield Aside(self.executor, "purge", PURGE_EVERY, partial(purge_all, self.store, after))

    def _see_to_jobs(self) -> None:
        now = clock.utc_now()
        for workspace_id, seen_to in schedule.tick_by_workspace(self.store, PLANNERS, now):
            self._metrics.saw_to(seen_to)
            if seen_to:
                with within(workspace_id):
                    concerned = glances.concerned_by_baton(self.store, workspace_id, now)
                self._show_to(workspace_id, concerned)

    def _show_to(self, workspace_id: str, person_ids: Collection[str]) -> None:
        """What Baton itself did to hand-offs is on Home, too."""
        if person_ids:
            self._desk.touch(workspace_id, *person_ids, of_day=True)

    def _see_to_reminders(self, workspace_id: str, person_ids: tuple[str, ...], of_day: bool) -> None:
        """Roles, hours, zones and absences decide when somebody is reminded; the day's figures stand in the message."""
        if of_day:
            self._days.add(workspace_id, person_ids)
        else:
            self.executor.submit(self._rounds.of(workspace_id).reminders, person_ids)


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
    """Take what was loaded at the start out of the garbage collector's rounds: it stays, and makes up most of them.

    It then looks after ten thousand new objects, and not seven hundred: the answer about a large team is made of some
    hundred thousand, none of them garbage before it is sent, and was looked through again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(EACH_ROUND)


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


def _secret(settings: Settings) -> str:
    assert settings.slack_signing_secret is not None  # Settings.mode has said so
    return settings.slack_signing_secret.get_secret_value()


def _socket(app: Any, settings: Settings) -> Socket:
    assert settings.slack_app_token is not None  # Settings.mode has said so
    return Socket(app, settings.slack_app_token.get_secret_value(), WORKERS)
