"""What a listener may answer, and the one place that turns answers and errors into what Slack expects."""

import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import structlog
from slack_bolt import Ack

from bot.access.actor import Actor
from bot.clock import Clock
from bot.errors import BotError, Busy, StoreUnavailable
from bot.installations.keys import Keyring
from bot.ops import traces
from bot.ops.causes import caused_by
from bot.store import patience
from bot.store.engine import Store
from bot.store.walls import within
from bot.words import Words, words_for
from handlers import ids
from handlers.actor import Door, Payload, origin_of, person_of, what_of, which_of, workspace_of
from handlers.gateway import Gateway
from handlers.gateways import Gateways
from handlers.ui import apologies
from handlers.ui.blocks import Block, Message, home_view

log = structlog.get_logger()


Filled = str | Sequence[str]
"""What stands in a field of a form."""

ONE_VALUE = ("value", "selected_user", "selected_conversation", "selected_date", "selected_time")
"""Where Slack puts the value of an element that holds one."""


@dataclass(frozen=True, slots=True)
class Tell:
    """A message that only the person sees; with `replace`, in the place of the one they pressed on."""

    message: Message
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """A form to open; on top of the one in which the button was pressed."""

    view: Block


@dataclass(frozen=True, slots=True)
class Show:
    """Another view in the place of the form that was submitted, or in which a button was pressed."""

    view: Block


@dataclass(frozen=True, slots=True)
class Close:
    """The form closes, and the one beneath it shows what has changed."""

    beneath: Block


@dataclass(frozen=True, slots=True)
class Mend:
    """A form that stays open: a text for each field (by block id) that needs another look."""

    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class Home:
    """A person's Home tab."""

    view: Block


@dataclass(frozen=True, slots=True)
class Later:
    """A message that takes a while to make. Slack is answered first; `wait` says what is coming, if it is worth saying,
    and `listener` is asked then.
    """

    listener: "Listener"
    wait: Message | None = None


Answer = Tell | Open | Show | Close | Mend | Home | Later | None


@dataclass(frozen=True, slots=True)
class Request:
    """Everything that a listener decides by: the person, the payload, the moment, and the delivery's own name."""

    actor: Actor
    payload: Payload
    now: datetime
    origin: str
    words: Words

    @property
    def today(self) -> date:
        """The calendar day where the person is."""
        return self.now.astimezone(self.actor.zone).date()

    @property
    def text(self) -> str:
        """What was typed behind the command."""
        return str(self.payload.get("text") or "")

    @property
    def value(self) -> dict[str, Any]:
        """What the pressed button carries."""
        return ids.unpack(self.payload["actions"][0].get("value"))

    @property
    def is_in_answer(self) -> bool:
        """Whether the pressed button stands in an answer, which only its reader sees and which can be replaced; a
        message that came by itself changes by the ledger.
        """
        return bool((self.payload.get("container") or {}).get("is_ephemeral"))

    @property
    def is_in_window(self) -> bool:
        """Whether the pressed button stands in a modal, which shows the next view in its own place."""
        return (self.payload.get("view") or {}).get("type") == "modal"

    @property
    def view_type(self) -> str | None:
        """Where the button was pressed, if that was no message: `home`, or a window above it (`modal`)."""
        found = (self.payload.get("view") or {}).get("type")
        return str(found) if found else None

    @property
    def metadata(self) -> dict[str, Any]:
        """What the submitted form carries."""
        return ids.unpack(self.payload["view"].get("private_metadata"))

    @property
    def filled(self) -> dict[str, Filled]:
        """The submitted form's fields as plain texts, by block id."""
        values = self.payload["view"]["state"]["values"]
        return {block_id: _written(next(iter(elements.values()), {})) for block_id, elements in values.items()}

    def texts(self, fields: Iterable[str]) -> dict[str, str]:
        """Those of the form's fields that hold one text each, "" where nothing was filled in."""
        filled = self.filled
        return {field: str(filled.get(field) or "").strip() for field in fields}

    @property
    def entry_ids(self) -> list[UUID]:
        """The entries that the pressed button names."""
        return [UUID(entry_id) for entry_id in self.value["e"]]


def _written(element: dict[str, Any]) -> Filled:
    """What stands in one element (docs.slack.dev, view interactions payload): a text, or several chosen things."""
    for several in ("selected_users", "selected_options"):
        if several in element:
            return [each if isinstance(each, str) else str(each["value"]) for each in element[several] or ()]
    option = element.get("selected_option") or {}
    return str(option.get("value") or next((element[key] for key in ONE_VALUE if element.get(key)), ""))


Listener = Callable[[Request], Answer]
Watcher = Callable[[str, tuple[str, ...], bool], None]


class Desk:
    """Takes a payload to its listener and the answer back to Slack; `acked` hears how long that took, in seconds. There
    are `keys` where many workspaces are served, and days after which what was removed is purged.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        gateways: Gateways,
        acked: Callable[[str, float], None] = lambda _what, _seconds: None,
    ) -> None:
        self.store = store
        self.gateways = gateways
        self.door = Door(store, gateways)
        self.now = clock
        self.keys: Keyring | None = None
        self.purge_days: int | None = None
        self._acked = acked
        self._watchers: list[Watcher] = []

    def watch(self, watcher: Watcher) -> None:
        """Have `watcher` called with every workspace, and the people in it, about whom something has changed."""
        self._watchers.append(watcher)

    def touch(self, workspace_id: str, *person_ids: str, of_day: bool = False) -> None:
        """Say that something has changed about people (`of_day`: their day's figures only); with none of them, about
        the workspace.
        """
        for watcher in self._watchers:
            watcher(workspace_id, person_ids, of_day)

    def answering(self, listener: Listener) -> Callable[..., None]:
        """`listener` as Bolt calls it: the ack goes out when the work is stored."""

        def bolt_listener(body: Payload, ack: Ack) -> None:
            began, payload = time.perf_counter(), clean(body)
            with caused_by(what_of(payload)), within(workspace_of(payload)):
                answer = self._answer(listener, payload)
                self._deliver(payload, answer, ack)
                took = time.perf_counter() - began
                about = {"person": person_of(payload), "answer": type(answer).__name__, **which_of(payload)}
                traces.note(workspace=workspace_of(payload), **about)
                log.info("answered", ms=round(1000 * took), **about)
            self._acked(what_of(payload), took)

        return bolt_listener

    def _answer(self, listener: Listener, payload: Payload) -> Answer:
        try:
            _see_that_somebody_waits(payload)
            now = self.now()
            actor = self.door.enter(payload, now)
            return listener(Request(actor, payload, now, origin_of(payload), words_for(actor.language)))
        except BotError as error:
            if isinstance(error, StoreUnavailable):
                log.warning("store_unavailable", reason=str(error.__cause__))
                traces.fail(type(error).__name__)
            return self._apologise(payload, error, code="")
        except Exception as error:
            code = secrets.token_hex(4)
            log.exception("unknown_error", code=code)
            traces.fail(type(error).__name__)
            return self._apologise(payload, error, code=code)

    def _apologise(self, payload: Payload, error: Exception, *, code: str) -> Answer:
        words = words_for(self.door.language(payload))
        looks = payload.get("type") == "event_callback"
        message = apologies.apology(words, error, code=code, line=apologies.typed(payload), looks=looks)
        if payload.get("type") == "view_submission":
            return Mend({apologies.first_field(payload): message.text})
        return Tell(message)

    def _deliver(self, payload: Payload, answer: Answer, ack: Ack) -> None:
        if payload.get("type") == "view_submission":
            self._deliver_form(payload, answer, ack)
        elif payload.get("type") == "event_callback":
            self._deliver_event(payload, answer)
        elif "command" in payload:
            self._deliver_command(payload, answer, ack)
        else:
            ack()
            self._deliver_press(payload, answer)

    def _is_in_modal(self, payload: Payload) -> bool:
        return (payload.get("view") or {}).get("type") == "modal"

    def _gateway(self, payload: Payload) -> Gateway:
        return self.gateways.of(workspace_of(payload))

    def _deliver_command(self, payload: Payload, answer: Answer, ack: Ack) -> None:
        if isinstance(answer, Open):
            answer = self._open(payload, answer)
        if isinstance(answer, Tell):
            ack(**answer.message.payload(), response_type="ephemeral")
        else:
            ack()
        if isinstance(answer, Later):
            self._gateway(payload).run_later(lambda: self._follow_up(payload, answer))

    def _deliver_press(self, payload: Payload, answer: Answer) -> None:
        if isinstance(answer, Open):
            answer = self._open(payload, answer)
        if isinstance(answer, Show):
            self._gateway(payload).update_view_later(payload["view"]["id"], answer.view)
        if isinstance(answer, Home):
            self._gateway(payload).publish_home_later(person_of(payload), answer.view)
        if isinstance(answer, Tell):
            url = payload.get("response_url")
            self._gateway(payload).respond_later(url, person_of(payload), answer.message, replace=answer.replace)
        if isinstance(answer, Later):
            self._gateway(payload).run_later(lambda: self._follow_up(payload, answer))

    def _deliver_form(self, payload: Payload, answer: Answer, ack: Ack) -> None:
        if isinstance(answer, Mend):
            ack(response_action="errors", errors=answer.errors)
            return
        if isinstance(answer, Show):
            ack(response_action="update", view=answer.view)
            return
        ack()
        if isinstance(answer, Later):
            self._gateway(payload).run_later(lambda: self._follow_up(payload, answer))
        if isinstance(answer, Close):
            self._gateway(payload).update_view_later(payload["view"]["previous_view_id"], answer.beneath)
        if isinstance(answer, Tell):
            origin = ids.unpack(payload["view"].get("private_metadata"))
            self._gateway(payload).respond_later(
                origin.get("url"), person_of(payload), answer.message, replace=answer.replace
            )

    def _follow_up(self, payload: Payload, later: Later) -> None:
        """Make and send what a form, a press or a command has asked for."""
        with traces.inner("follow_up"):
            self._send_later(payload, later)

    def _send_later(self, payload: Payload, later: Later) -> None:
        view = payload.get("view") or {}
        url = ids.unpack(view["private_metadata"]).get("url") if view else payload.get("response_url")
        if later.wait:
            self._gateway(payload).respond(url, person_of(payload), later.wait)
        answer = self._answer(later.listener, payload)
        if isinstance(answer, Mend):  # the form has closed
            answer = Tell(Message(next(iter(answer.errors.values()))))
        if isinstance(answer, Tell):
            self._gateway(payload).respond(url, person_of(payload), answer.message)

    def _deliver_event(self, payload: Payload, answer: Answer) -> None:
        """Nobody waits for an answer to an event; a refusal stands where the person looks, in Home."""
        if isinstance(answer, Tell):
            answer = Home(home_view(answer.message.blocks))
        if isinstance(answer, Home):
            self._gateway(payload).publish_home_later(person_of(payload), answer.view)

    def _open(self, payload: Payload, answer: Open) -> Answer:
        """A form whose trigger is used up becomes a word about it: people see that their press arrived."""
        gateway = self._gateway(payload)
        show = gateway.push_view if self._is_in_modal(payload) else gateway.open_view
        if show(payload["trigger_id"], answer.view):
            return None
        words = words_for(self.door.language(payload))
        return Tell(apologies.form_did_not_open(words, apologies.typed(payload)))


def _see_that_somebody_waits(payload: Payload) -> None:
    """Raises `Busy` where it is too late for an answer. Events have none, and what fails of them comes again."""
    if patience.left() == 0 and payload.get("type") != "event_callback":
        raise Busy


def clean(value: Any) -> Any:
    """A payload without what no database can hold: NUL characters and halves of surrogate pairs."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item) for item in value]
    return value
