"""Listeners of the form in which a deal is divided among several people."""

from uuid import UUID

from slack_bolt import App

from bot.deals import form, pages, service
from bot.deals.service import Wish
from bot.deals.split import MOST
from bot.errors import Refused
from handlers import ids
from handlers.answers import Answer, Close, Desk, Mend, Open, Request, Tell
from handlers.own_words import in_own_words
from handlers.ui import deal_forms
from handlers.ui import deals as ui

FIELDS = tuple(f"{name}{n}" for n in range(1, MOST + 1) for name in ("who", "share"))


class DealSplit:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._store = desk, desk.store

    def open(self, request: Request) -> Answer:
        """`Split`: the form, with the shares as they are."""
        row = service.find_mine(self._store, request.actor, UUID(request.value["d"]), request.now)
        where = {"url": request.payload.get("response_url"), "e": request.is_in_answer}
        metadata = ids.pack(d=row.id.hex, **where, w=request.view_type == "modal")
        return Open(deal_forms.split_form(request.words, row, metadata))

    def divide(self, request: Request) -> Answer:
        """The form, filled in: its card is the answer; what is refused stands under the first field."""
        said = form.read_split(request.texts(FIELDS))
        if isinstance(said, dict):
            return Mend({field: request.words(key, **params) for field, (key, params) in said.items()})
        deal_id, wish = UUID(request.metadata["d"]), Wish(split=said)
        try:
            done = service.change(self._store, request.actor, deal_id, wish, origin=request.origin, now=request.now)
        except Refused as error:
            return Mend({"who1": request.words(error.key, **error.params)})
        people = {request.actor.id, done.row.owner_id, *(done.row.shares or ())}
        people |= set((done.change.before.get("shares") if done.change else None) or ())
        self._desk.touch(request.actor.workspace_id, *sorted(people), of_day=True)
        page = pages.card(self._store, request.actor, done.row.id, request.now)
        message = ui.card(request.words, page, ui.done_head(request.words, page, done.change, None))
        if request.metadata.get("w"):
            return Close(ui.window(request.words, message))
        return Tell(message, replace=bool(request.metadata.get("e")))


def register(app: App, desk: Desk) -> None:
    """Everything of it that Slack can send."""
    listeners = DealSplit(desk)
    app.action(ids.DEAL_SPLIT)(desk.answering(in_own_words(desk, listeners.open)))
    app.view(ids.DEAL_SPLIT_FORM)(desk.answering(in_own_words(desk, listeners.divide)))
