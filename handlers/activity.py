"""Listeners of activity: `/log`, its buttons, its form, and `Log as activity`."""

import re
from datetime import date
from typing import Any
from uuid import UUID

from slack_bolt import App

from bot.activity import form, service
from bot.activity.entry import AskedBack, Entry, Kind, Understood, Verb
from bot.activity.queries import Stored
from bot.activity.service import Logged
from bot.reading.text import plain_text
from handlers import ids
from handlers.answers import Answer, Desk, Listener, Mend, Open, Request, Tell
from handlers.ui import activity as ui
from handlers.ui import activity_form
from handlers.ui import help as help_ui
from handlers.ui.blocks import Message


class Activity:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._store = desk, desk.store

    def command(self, request: Request) -> Answer:
        """`/log …`: an entry, a question about it, or one of the verbs."""
        reading = service.understand(self._store, request.actor, request.text, request.now)
        if isinstance(reading, Verb):
            return self._verb(request, reading)
        if isinstance(reading, AskedBack):
            return self._ask(request, reading)
        return self._store_line(request, reading)

    def _verb(self, request: Request, verb: Verb) -> Answer:
        if verb is Verb.FORM:
            return self._form(request, Entry(Kind.CALL, request.today))
        if verb is Verb.HELP:
            return Tell(help_ui.log_help(request.words))
        if verb is Verb.UNDO:
            gone = service.undo_last(self._store, request.actor, origin=request.origin, now=request.now)
            self._counted(request)
            return Tell(ui.removed(request.words, gone, request.today))
        if verb is Verb.WEEK:
            found = service.this_week(self._store, request.actor, request.now)
        else:
            found = service.overview(self._store, request.actor, request.today, request.today, request.now)
        return Tell(ui.overview(request.words, found, request.today))

    def _store_line(self, request: Request, read: Understood) -> Answer:
        line = request.text
        done = service.log_line(self._store, request.actor, line, read, origin=request.origin, now=request.now)
        self._counted(request)
        return Tell(ui.logged(request.words, done, request.today, offers=read.offers))

    def _counted(self, request: Request) -> None:
        """The day's figures, or the next steps, of the person have changed."""
        self._desk.touch(request.actor.workspace_id, request.actor.id, of_day=True)

    def _ask(self, request: Request, asked: AskedBack) -> Answer:
        question = service.ask(self._store, request.actor, request.text, asked.offers, request.now)
        return Tell(ui.asked_back(request.words, asked, request.text, question, request.today))

    def answer(self, request: Request) -> Answer:
        """A button under a question."""
        value = request.value
        done = service.take(self._store, request.actor, UUID(value["q"]), int(value["n"]), request.now)
        self._counted(request)
        return Tell(self._done(request, done), replace=True)

    def cancel(self, request: Request) -> Answer:
        """A question put away: nothing is stored, and the line stays readable."""
        line = service.asked(self._store, request.actor, UUID(request.value["q"])).line
        return Tell(ui.cancelled(request.words, line), replace=True)

    def undo(self, request: Request) -> Answer:
        """`Undo` and `Remove`: take back the entries that the button names."""
        gone = service.remove(self._store, request.actor, request.entry_ids, origin=request.origin, now=request.now)
        self._counted(request)
        if "first" in request.value:
            return self._list(request, request.value, gone=gone.entries[0])
        return Tell(ui.removed(request.words, gone, request.today), replace=True)

    def restore(self, request: Request) -> Answer:
        """`Bring back`: the way out of an undo."""
        done = service.restore(self._store, request.actor, request.entry_ids, origin=request.origin, now=request.now)
        self._counted(request)
        if "first" in request.value:
            return self._list(request, request.value)
        return Tell(ui.logged(request.words, done, request.today), replace=True)

    def page(self, request: Request) -> Answer:
        """Older or newer entries of a list."""
        return self._list(request, request.value)

    def _list(self, request: Request, where: dict[str, Any], gone: Stored | None = None) -> Answer:
        """The list that a button stands in, as it is now."""
        first, last = date.fromisoformat(where["first"]), date.fromisoformat(where["last"])
        found = service.overview(self._store, request.actor, first, last, request.now)
        shown = ui.overview(request.words, found, request.today, page=int(where["page"]), gone=gone)
        return Tell(shown, replace=True)

    def edit(self, request: Request) -> Answer:
        """`Edit`: the form with the entry in it."""
        stored = service.own_entry(self._store, request.actor, request.entry_ids[0])
        return self._form(request, stored.entry, **request.value)

    def open_form(self, request: Request) -> Answer:
        """The empty form, or the one filled with what was understood of a line."""
        question = request.value.get("q")
        if question is None:
            return self._form(request, Entry(Kind.CALL, request.today))
        line = service.asked(self._store, request.actor, UUID(question)).line
        reading = service.understand(self._store, request.actor, line, request.now)
        return self._form(request, form.best_guess(reading, line, request.today))

    def from_message(self, request: Request) -> Answer:
        """`Log as activity`: the form with the message as its note."""
        text = plain_text(request.payload["message"].get("text") or "")
        entry = service.from_text(self._store, request.actor, text, request.now)
        return self._form(request, entry)

    def submit(self, request: Request) -> Answer:
        """The form, filled in: a new entry."""
        return self._submitted(request, None)

    def submit_edit(self, request: Request) -> Answer:
        """The form, filled in: another version of an entry."""
        where = ids.unpack(request.payload["view"]["private_metadata"])
        return self._submitted(request, where)

    def _submitted(self, request: Request, where: dict[str, Any] | None) -> Answer:
        before = service.own_entry(self._store, request.actor, UUID(where["e"][0])).entry if where else None
        read = self._read_form(request, before)
        if not isinstance(read, Entry):
            return Mend(
                {field: ui.problem_text(request.words, problem, request.today) for field, problem in read.items()}
            )
        if where is None:
            done = service.log(self._store, request.actor, [read], origin=request.origin, now=request.now)
            self._counted(request)
            return Tell(ui.logged(request.words, done, request.today))
        entry_id = UUID(where["e"][0])
        done = service.amend(self._store, request.actor, entry_id, read, origin=request.origin, now=request.now)
        self._counted(request)
        if "first" in where:
            return self._list(request, where)
        return Tell(ui.changed(request.words, done, request.today), replace=True)

    def _read_form(self, request: Request, before: Entry | None) -> Entry | form.Problems:
        filled = form.Form(**request.texts(form.FIELDS))
        known = service.known_names(self._store, request.actor, filled.who)
        return form.read_form(filled, request.now.astimezone(request.actor.zone), known, before)

    def _form(self, request: Request, entry: Entry, **where: Any) -> Answer:
        """The form, which remembers where its answer goes and which entry (and list) it came from."""
        metadata = ids.pack(**{**where, "url": request.payload.get("response_url")})
        return Open(activity_form.log_form(request.words, entry, metadata=metadata, editing="e" in where))

    def _done(self, request: Request, done: Logged) -> Message:
        if done.reminder:
            return ui.reminded(request.words, done.reminder, request.today)
        return ui.logged(request.words, done, request.today)


def register(app: App, desk: Desk) -> dict[str, Listener]:
    """Everything of activity that Slack can send; returns the verbs that `/baton` takes too."""
    listeners = Activity(desk)
    app.command(ids.LOG_COMMAND)(desk.answering(listeners.command))
    app.shortcut(ids.LOG_SHORTCUT)(desk.answering(listeners.from_message))
    buttons: dict[str | re.Pattern[str], Listener] = {
        ids.LOG_UNDO: listeners.undo,
        ids.LOG_REMOVE: listeners.undo,
        ids.LOG_RESTORE: listeners.restore,
        ids.LOG_EDIT: listeners.edit,
        ids.LOG_OPEN_FORM: listeners.open_form,
        ids.LOG_CANCEL: listeners.cancel,
        ids.each(ids.LOG_ANSWER): listeners.answer,
        ids.each(ids.LOG_PAGE): listeners.page,
    }
    for action, listener in buttons.items():
        app.action(action)(desk.answering(listener))
    app.view(ids.LOG_FORM)(desk.answering(listeners.submit))
    app.view(ids.LOG_EDIT_FORM)(desk.answering(listeners.submit_edit))
    return {"log": listeners.command}
