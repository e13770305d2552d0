"""Listeners of `/baton export` and `/baton forget`, and the writers of what they send."""

from collections.abc import Mapping
from datetime import datetime

from slack_bolt import App

from bot.delivery.outcome import Parcel
from bot.personal import erasure, export
from bot.reading.text import read_line
from bot.words import words_for
from handlers import ids
from handlers.answers import Answer, Desk, Listener, Request, Tell
from handlers.courier import Content, File, Writer
from handlers.ui import personal as ui

ALL = frozenset({"all", "everything", "всё", "все"})


class Personal:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._store, self._desk = desk.store, desk

    def export(self, request: Request) -> Answer:
        """`/baton export`, and `/baton export all`."""
        return self._send(request, everything=request.text.strip().casefold() in ALL)

    def export_all(self, request: Request) -> Answer:
        """`Everything`, under the answer to the first."""
        return self._send(request, everything=True)

    def forget(self, request: Request) -> Answer:
        """`/baton forget @person`: asks first."""
        named = [token.user for token in read_line(request.text).tokens if token.user]
        if len(named) != 1:
            return Tell(ui.whom(request.words))
        name = erasure.name_of(self._store, request.actor, named[0], request.now)
        return Tell(ui.sure(request.words, named[0], name))

    def erase(self, request: Request) -> Answer:
        """`Erase`: it begins, and what lay with the person moves on."""
        erasure.begin(self._store, request.actor, request.value["p"], request.now)
        self._desk.touch(request.actor.workspace_id, request.value["p"])
        return Tell(ui.begun(request.words))

    def _send(self, request: Request, *, everything: bool) -> Answer:
        export.ask(self._store, request.actor, everything=everything, origin=request.origin, now=request.now)
        return Tell(ui.on_their_way(request.words, request.actor, everything=everything), replace=everything)


def writers(desk: Desk) -> Mapping[str, Writer]:
    """Who writes the files, and the receipts, when they are sent."""

    def file(parcel: Parcel, now: datetime) -> Content | None:
        made = export.made(desk.store, parcel, now)
        return made and File(made.name, made.content, ui.comment(words_for(made.language), made))

    def receipt(parcel: Parcel, now: datetime) -> Content | None:
        found = erasure.receipt(desk.store, parcel, now)
        return found and ui.forgotten(words_for(found[0].language), found[1])

    return {export.FILE: file, erasure.RECEIPT: receipt}


def register(app: App, desk: Desk) -> dict[str, Listener]:
    """Everything of one's own data that Slack can send; returns the verbs that `/baton` takes."""
    listeners = Personal(desk)
    app.action(ids.EXPORT_ALL)(desk.answering(listeners.export_all))
    app.action(ids.FORGET)(desk.answering(listeners.erase))
    exports = dict.fromkeys(("export", "выгрузка", "экспорт"), listeners.export)
    return {**exports, **dict.fromkeys(("forget", "забудь", "забыть"), listeners.forget)}
