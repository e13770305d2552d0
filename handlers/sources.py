"""Listeners of what became of leads by source: `/lead sources`."""

from slack_bolt import App

from bot.handoffs import sources
from handlers import ids
from handlers.answers import Answer, Desk, Listener, Request, Tell
from handlers.ui import sources as ui


class Sources:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.store

    def show(self, request: Request) -> Answer:
        """`/lead sources`."""
        return Tell(ui.page(request.words, sources.feedback(self._store, request.actor, request.now)))

    def other_days(self, request: Request) -> Answer:
        """A longer look back, or the shorter one again."""
        days = int(request.value["d"])
        found = sources.feedback(self._store, request.actor, request.now, days)
        return Tell(ui.page(request.words, found), replace=True)


def register(app: App, desk: Desk) -> Listener:
    """Everything of sources that Slack can send; returns what `/lead` hands over."""
    listeners = Sources(desk)
    app.action(ids.each(ids.LEAD_SOURCES))(desk.answering(listeners.other_days))
    return listeners.show
