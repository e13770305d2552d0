"""Listeners of reminders: their buttons, and `/baton reminders`; and the writers of what they say."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from slack_bolt import App

from bot.activity import steps
from bot.activity.entry import Entry
from bot.activity.entry import Kind as ActivityKind
from bot.delivery.outcome import NotYet, Parcel
from bot.errors import Refused, StoreUnavailable
from bot.home import service as home
from bot.reminders import form, line, pages, service
from bot.reminders.rules import Kind
from bot.reminders.service import Act
from bot.words import words_for
from handlers import ids
from handlers.answers import Answer, Desk, Listener, Mend, Open, Request, Tell
from handlers.courier import Writer
from handlers.ui import activity_form
from handlers.ui import reminders as ui
from handlers.ui.blocks import Message


class Reminders:
    """The listeners; each says who, what, one use case, one view. What a press changes on a message reaches it by the
    ledger, like every other change of a card.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk, self._store = desk, desk.store

    def command(self, request: Request) -> Answer:
        """`/baton reminders …`: what stands, or a decision in a line."""
        if not request.text.strip():
            return Tell(ui.overview(request.words, self._overview(request), request.actor, request.now))
        decided = line.read(request.text)
        if decided is None:
            found = self._overview(request)
            return Tell(ui.not_understood(request.words, request.text, found, request.actor, request.now))
        done = service.decide(self._store, request.actor, decided, request.now)
        return Tell(ui.overview(request.words, done, request.actor, request.now, is_new=True))

    def mute(self, request: Request) -> Answer:
        """`Mute` and `Unmute` in the overview."""
        kind, is_on = Kind(request.value["k"]), bool(request.value["on"])
        decided = line.Decided(kind, is_on=is_on)
        done = service.decide(self._store, request.actor, decided, request.now)
        return Tell(ui.overview(request.words, done, request.actor, request.now, is_new=True), replace=True)

    def open_form(self, request: Request) -> Answer:
        """`Change`: the form with what stands."""
        metadata = ids.pack(url=request.payload.get("response_url"))
        return Open(ui.reminders_form(request.words, self._overview(request), metadata))

    def submit(self, request: Request) -> Answer:
        """The form, filled in."""
        read = form.read(request.texts(form.FIELDS))
        if not isinstance(read, form.Filled):
            return Mend({name: request.words(key) for name, key in read.items()})
        try:
            done = service.choose_all(self._store, request.actor, read.choices, read.quiet, request.now)
        except Refused as error:
            return Mend({"quiet_end": request.words(error.key, **error.params)})
        return Tell(ui.overview(request.words, done, request.actor, request.now, is_new=True), replace=True)

    def log(self, request: Request) -> Answer:
        """`Log` under the day's reminder: the form."""
        metadata = ids.pack(url=request.payload.get("response_url"))
        entry = Entry(ActivityKind.CALL, request.today)
        self._note(request, Act.LOGGED)
        return Open(activity_form.log_form(request.words, entry, metadata=metadata))

    def not_today(self, request: Request) -> Answer:
        """`Not today`."""
        return self._note(request, Act.NOT_TODAY)

    def seen(self, request: Request) -> Answer:
        """`Got it` under the week ahead."""
        return self._note(request, Act.SEEN)

    def keep(self, request: Request) -> Answer:
        """`Keep them` under a reminder that asked."""
        return self.resume(request)

    def stop(self, request: Request) -> Answer:
        """`Stop these`."""
        service.stop(self._store, request.actor, self._delivery(request), request.now)
        return None

    def resume(self, request: Request) -> Answer:
        """`Bring back` after that."""
        service.resume(self._store, request.actor, self._delivery(request), request.now)
        return None

    def done(self, request: Request) -> Answer:
        """`Done` under a follow-up."""
        steps.finish(self._store, request.actor, UUID(request.value["s"]), request.now)
        return self._moved(request, Act.DONE)

    def later(self, request: Request) -> Answer:
        """`Later`: the next working day, at the same hour."""
        home.later(self._store, request.actor, UUID(request.value["s"]), request.now)
        return self._moved(request, Act.LATER)

    def _moved(self, request: Request, act: Act) -> Answer:
        """The step is stored, and the message will show it; that somebody pressed here is worth no apology."""
        self._desk.touch(request.actor.workspace_id, request.actor.id, of_day=True)
        with suppress(StoreUnavailable):
            self._note(request, act)
        return None

    def _note(self, request: Request, act: Act) -> Answer:
        service.act(self._store, request.actor, self._delivery(request), act, request.now)
        return None

    def _delivery(self, request: Request) -> UUID:
        return UUID(request.value["d"])

    def _overview(self, request: Request) -> service.Overview:
        return service.overview(self._store, request.actor, request.now)


def writers(desk: Desk) -> Mapping[str, Writer]:
    """Who writes each kind of reminder when it is sent."""

    def writer(read: Callable[..., pages.Page | NotYet | None], show: Callable[..., Message]) -> Writer:
        def write(parcel: Parcel, now: datetime) -> Message | NotYet | None:
            page = read(desk.store, parcel, now)
            return show(words_for(page.actor.language), page) if isinstance(page, pages.Page) else page

        return write

    return {
        Kind.DAILY: writer(pages.daily_page, ui.daily),
        Kind.FOLLOW_UP: writer(pages.follow_up_page, ui.follow_up),
        Kind.WEEK_AHEAD: writer(pages.week_page, ui.week_ahead),
    }


def register(app: App, desk: Desk) -> dict[str, Listener]:
    """Everything of reminders that Slack can send; returns the verbs that `/baton` takes."""
    listeners = Reminders(desk)
    buttons: dict[str, Listener] = {
        ids.REMIND_LOG: listeners.log,
        ids.REMIND_NOT_TODAY: listeners.not_today,
        ids.REMIND_SEEN: listeners.seen,
        ids.REMIND_DONE: listeners.done,
        ids.REMIND_LATER: listeners.later,
        ids.REMIND_STOP: listeners.stop,
        ids.REMIND_KEEP: listeners.keep,
        ids.REMIND_RESUME: listeners.resume,
        ids.REMIND_OPEN_FORM: listeners.open_form,
    }
    for action, listener in buttons.items():
        app.action(action)(desk.answering(listener))
    app.action(ids.each(ids.REMIND_MUTE))(desk.answering(listeners.mute))
    app.view(ids.REMIND_FORM)(desk.answering(listeners.submit))
    return dict.fromkeys(("reminders", "reminder", "напоминания", "напоминание"), listeners.command)
