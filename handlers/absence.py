"""Listeners of absence: `/team away …`, `/team back`, their buttons and their form."""

from datetime import datetime
from uuid import UUID

from slack_bolt import App

from bot.absence import form, service
from bot.absence.kinds import AbsenceKind
from bot.absence.line import mentioned
from bot.absence.rules import Asked, Away
from bot.absence.vocabulary import Verb
from handlers import ids
from handlers.answers import Answer, Desk, Listener, Mend, Open, Request, Tell
from handlers.ui import absence as ui


class Absence:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.store

    def away(self, request: Request) -> Answer:
        """`away …`: an absence, a question about it, the list, or the form."""
        reading = service.understand(self._store, request.actor, request.text, request.now)
        if isinstance(reading, Verb):
            return self._verb(request, reading)
        if isinstance(reading, Asked):
            return Tell(ui.asked_back(request.words, reading, request.text, request.today))
        return self._declare(request, reading)

    def _verb(self, request: Request, verb: Verb) -> Answer:
        if verb is Verb.HELP:
            return Tell(ui.help_message(request.words))
        person_id = next(iter(mentioned(request.text)), None)
        if verb is Verb.LIST:
            found = service.overview(self._store, request.actor, request.now, person_id)
            return Tell(ui.overview(request.words, found, request.actor, request.now))
        return self._form(request, Away(request.today, request.today, person_id=person_id))

    def _declare(self, request: Request, away: Away) -> Answer:
        done = service.declare(self._store, request.actor, away, request.now)
        self._touch(request, done.member.id)
        return Tell(ui.declared(request.words, done, request.actor, request.now))

    def back(self, request: Request) -> Answer:
        """`back`: what runs is over; perhaps of the colleague who is named."""
        return self._back(request, next(iter(mentioned(request.text)), None), replace=False)

    def press_back(self, request: Request) -> Answer:
        """`Back` under an absence."""
        return self._back(request, request.value["p"], replace=True)

    def _back(self, request: Request, person_id: str | None, *, replace: bool) -> Answer:
        ended = service.come_back(self._store, request.actor, request.now, person_id)
        self._touch(request, ended.member.id)
        return Tell(ui.back_again(request.words, ended, request.actor, request.now), replace=replace)

    def undo(self, request: Request) -> Answer:
        """`Undo`: take back what was just declared, and let stand again what it replaced."""
        value = request.value
        replaced = [UUID(leave_id) for leave_id in value["r"]]
        ended = service.cancel(self._store, request.actor, UUID(value["a"]), request.now, replaced=replaced)
        self._touch(request, ended.member.id)
        return Tell(ui.taken_back(request.words, ended, request.actor, request.now), replace=True)

    def cancel(self, request: Request) -> Answer:
        """`Cancel` in a list: the list without that absence."""
        ended = service.cancel(self._store, request.actor, UUID(request.value["a"]), request.now)
        self._touch(request, ended.member.id)
        found = service.overview(self._store, request.actor, request.now, ended.member.id)
        return Tell(ui.overview(request.words, found, request.actor, request.now, gone=ended), replace=True)

    def restore(self, request: Request) -> Answer:
        """`Bring back`, and `Undo` of being back: the absences stand again; in a list, the list shows it."""
        leaves = [UUID(leave_id) for leave_id in request.value["a"]]
        done = service.restore(self._store, request.actor, leaves, request.now)
        self._touch(request, done.member.id)
        if "person" in request.value:
            found = service.overview(self._store, request.actor, request.now, done.member.id)
            return Tell(ui.overview(request.words, found, request.actor, request.now), replace=True)
        return Tell(ui.declared(request.words, done, request.actor, request.now), replace=True)

    def open_form(self, request: Request) -> Answer:
        """The form, with what was understood of a line."""
        value = request.value
        kind = AbsenceKind(value["k"]) if value["k"] else None
        return self._form(request, Away(request.today, request.today, kind=kind, note=value["n"], person_id=value["p"]))

    def submit(self, request: Request) -> Answer:
        """The form, filled in."""
        person_id = request.metadata["p"]
        there: datetime = service.local_now(self._store, request.actor, person_id, request.now)
        read = form.read_form(form.Form(**request.texts(form.FIELDS)), there, person_id)
        if not isinstance(read, Away):
            return Mend({name: ui.problem_text(request.words, each, request.today) for name, each in read.items()})
        return self._declare(request, read)

    def _form(self, request: Request, away: Away) -> Answer:
        metadata = ids.pack(p=away.person_id, url=request.payload.get("response_url"))
        return Open(ui.away_form(request.words, away, metadata=metadata))

    def _touch(self, request: Request, person_id: str) -> None:
        self._desk.touch(request.actor.workspace_id, person_id)


def register(app: App, desk: Desk) -> dict[str, Listener]:
    """Everything of absence that Slack can send; returns the verbs that `/team` takes."""
    listeners = Absence(desk)
    buttons: dict[str, Listener] = {
        ids.AWAY_OPEN_FORM: listeners.open_form,
        ids.AWAY_UNDO: listeners.undo,
        ids.AWAY_BACK: listeners.press_back,
        ids.AWAY_CANCEL: listeners.cancel,
        ids.AWAY_RESTORE: listeners.restore,
    }
    for action, listener in buttons.items():
        app.action(action)(desk.answering(listener))
    app.view(ids.AWAY_FORM)(desk.answering(listeners.submit))
    return {"away": listeners.away, "back": listeners.back}
