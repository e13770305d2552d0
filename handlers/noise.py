"""Listeners of the noise budget: `Bring back`, wherever it stands; and who writes that a kind has moved."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from slack_bolt import App

from bot.delivery.outcome import Parcel
from bot.digest import service as digest
from bot.noise import service
from bot.reminders import service as reminders
from bot.words import words_for
from handlers import ids
from handlers.answers import Answer, Desk, Request, Tell
from handlers.courier import Writer
from handlers.ui import noise as ui
from handlers.ui import reminders as reminders_ui
from handlers.ui.blocks import Message


class Noise:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._store = desk, desk.store

    def bring_back(self, request: Request) -> Answer:
        """`Bring back`: the message that told of the move shows it by itself, Home is made anew, the rest is told."""
        move = service.bring_back(self._store, request.actor, UUID(request.value["m"]), request.now)
        self._desk.touch(request.actor.workspace_id, request.actor.id)
        where = request.value["o"]
        if where == ui.OVERVIEW:
            found = reminders.overview(self._store, request.actor, request.now)
            said = reminders_ui.overview(request.words, found, request.actor, request.now, is_new=True)
            return Tell(said, replace=True)
        return Tell(ui.is_back(request.words, move)) if where == ui.DIGEST else None


def writers(desk: Desk) -> Mapping[str, Writer]:
    """Who writes that a kind has moved."""

    def write(parcel: Parcel, now: datetime) -> Message | None:
        page = service.moved_page(desk.store, parcel, now)
        if page is None:
            return None
        has_digest = digest.has_own(desk.store, page.actor, now)
        return ui.moved(words_for(page.actor.language), page, has_digest=has_digest)

    return {service.MOVED: write}


def register(app: App, desk: Desk) -> None:
    """Everything of it that Slack can send."""
    app.action(ids.each(ids.NOISE_BACK))(desk.answering(Noise(desk).bring_back))
