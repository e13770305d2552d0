"""Listeners of App Home, and what keeps it current while people look at it."""

import threading
import time
from uuid import UUID

import structlog
from slack_bolt import App

from bot.activity import steps
from bot.errors import BotError
from bot.home import service
from bot.people import service as people
from bot.store.walls import within
from bot.words import words_for
from handlers import ids
from handlers.answers import Answer, Desk, Home, Request
from handlers.ui import home as ui
from handlers.ui.blocks import Block

log = structlog.get_logger()

PACE = 2.0
"""Seconds between two Homes of one person at the least: several changes at once are one new Home."""


class Homes:
    """Makes Homes anew when something on them has changed, in a thread of its own.

    Only for those who opened theirs lately; the others get a new one when they open it. Changes that come while Slack
    asks to wait, or within `PACE` of the last Home, wait and are shown together.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._changed: dict[tuple[str, bool], set[str]] = {}
        self._wanted: set[tuple[str, str]] = set()
        self._shown_at: dict[tuple[str, str], float] = {}
        self._pause_until: dict[str, float] = {}
        self._stopping = False
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="homes", daemon=True)
        desk.watch(self.changed)

    def start(self) -> None:
        """Begin to keep Homes current."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is in hand and stop; a Home that is not published now is made anew when it is opened."""
        with self._news:
            self._stopping = True
            self._news.notify()
        if self._thread.is_alive():
            self._thread.join()

    def changed(self, workspace_id: str, person_ids: tuple[str, ...], of_day: bool) -> None:
        """Something changed about these people; with none of them, about the workspace."""
        with self._news:
            self._changed.setdefault((workspace_id, of_day and bool(person_ids)), set()).update(person_ids or {""})
            self._news.notify()

    def show(self, workspace_id: str, person_id: str) -> bool:
        """Whether this person's Home may be published right now; if not, it will be as soon as it may."""
        key = (workspace_id, person_id)
        with self._news:
            if self._due_at(key) > time.monotonic():
                self._wanted.add(key)
                self._news.notify()
                return False
            self._shown_at[key] = time.monotonic()
            self._wanted.discard(key)
            return True

    def _due_at(self, key: tuple[str, str]) -> float:
        return max(self._shown_at.get(key, 0.0) + PACE, self._pause_until.get(key[0], 0.0))

    def _work(self) -> None:
        while True:
            with self._news:
                if not (self._stopping or self._changed):
                    self._news.wait(timeout=self._rest())
                if self._stopping:
                    return
                changed, self._changed = self._changed, {}
            self._find_onlookers(changed)
            self._publish_due()

    def _rest(self) -> float | None:
        """Seconds until the next Home is due; None while there is none."""
        due = [self._due_at(key) for key in self._wanted]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _find_onlookers(self, changed: dict[tuple[str, bool], set[str]]) -> None:
        for (workspace_id, of_day), person_ids in changed.items():
            whom = set() if "" in person_ids else person_ids
            try:
                with within(workspace_id):
                    found = service.onlookers(self._desk.store, workspace_id, whom, self._desk.now(), of_day=of_day)
            except BotError as error:
                log.warning("homes_not_found", reason=str(error.__cause__))
                continue
            with self._news:
                self._wanted |= {(workspace_id, person_id) for person_id in found}

    def _publish_due(self) -> None:
        now = time.monotonic()
        with self._news:
            due = [key for key in self._wanted if self._due_at(key) <= now]
            self._wanted.difference_update(due)
            self._shown_at.update(dict.fromkeys(due, now))
            self._shown_at = {key: at for key, at in self._shown_at.items() if now - at < PACE}
        for key in due:
            self._publish(*key)

    def _publish(self, workspace_id: str, person_id: str) -> None:
        try:
            with within(workspace_id):
                view = self._view(workspace_id, person_id)
        except BotError as error:
            log.warning("home_not_made", person=person_id, reason=str(error.__cause__))
            return
        except Exception:
            log.exception("home_not_made", person=person_id)
            return
        pause = self._desk.gateways.of(workspace_id).publish_home(person_id, view) if view else 0.0
        if pause:
            with self._news:
                self._pause_until[workspace_id] = time.monotonic() + pause
                self._wanted.add((workspace_id, person_id))

    def _view(self, workspace_id: str, person_id: str) -> Block | None:
        """Somebody's Home, unless they have left meanwhile: they get nothing new."""
        now = self._desk.now()
        actor = people.find(self._desk.store, workspace_id, person_id, now)
        if actor is None or not self._desk.door.admits(actor):
            return None
        return ui.home(words_for(actor.language), service.home(self._desk.store, actor, now))


class HomeListeners:
    """What people do on their Home."""

    def __init__(self, desk: Desk, homes: Homes) -> None:
        self._desk, self._store, self._homes = desk, desk.store, homes

    def opened(self, request: Request) -> Answer:
        """Home, but not the Messages tab: Slack sends the event for both."""
        if request.payload["event"].get("tab") != "home":
            return None
        service.opened(self._store, request.actor, request.now)
        return self._home(request)

    def done(self, request: Request) -> Answer:
        """`Done` beside a next step."""
        steps.finish(self._store, request.actor, self._step(request), request.now)
        return self._home(request)

    def reopen(self, request: Request) -> Answer:
        """`Bring back` beside one that was done."""
        steps.reopen(self._store, request.actor, self._step(request), request.now)
        return self._home(request)

    def later(self, request: Request) -> Answer:
        """`Later`: the next working day, at the same hour."""
        service.later(self._store, request.actor, self._step(request), request.now)
        return self._home(request)

    def _step(self, request: Request) -> UUID:
        return UUID(request.value["s"])

    def _home(self, request: Request) -> Answer:
        if not self._homes.show(request.actor.workspace_id, request.actor.id):
            return None
        return Home(ui.home(request.words, service.home(self._store, request.actor, request.now)))


def register(app: App, desk: Desk, homes: Homes) -> None:
    """The Home tab, made from stored figures whenever somebody opens it or presses something on it."""
    listeners = HomeListeners(desk, homes)
    app.event("app_home_opened")(desk.answering(listeners.opened))
    app.action(ids.STEP_DONE)(desk.answering(listeners.done))
    app.action(ids.STEP_LATER)(desk.answering(listeners.later))
    app.action(ids.STEP_REOPEN)(desk.answering(listeners.reopen))
