"""Listeners of the audit log: `/baton audit`, and its pages."""

from slack_bolt import App

from bot.audit import line, log
from bot.audit.line import Asked
from handlers import ids
from handlers.answers import Answer, Desk, Listener, Request, Tell
from handlers.ui import audit as ui
from handlers.ui.blocks import Message


class AuditListeners:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.store

    def command(self, request: Request) -> Answer:
        """`/baton audit [@person] [days]`."""
        asked = line.read(request.text, request.actor.id, request.today)
        if asked is None:
            return Tell(ui.not_understood(request.words, request.text))
        return Tell(self._page(request, asked))

    def open(self, request: Request) -> Answer:
        """`Audit log` under the help."""
        return Tell(self._page(request, Asked()))

    def page(self, request: Request) -> Answer:
        """Older or newer changes."""
        asked, number = ui.asked_by(request.value)
        return Tell(self._page(request, asked, number), replace=True)

    def _page(self, request: Request, asked: Asked, number: int = 0) -> Message:
        found = log.read(self._store, request.actor, asked, request.now, number)
        return ui.log_page(request.words, found, request.actor, request.now)


def register(app: App, desk: Desk) -> dict[str, Listener]:
    """Everything of the audit log that Slack can send; returns the verbs that `/baton` takes."""
    listeners = AuditListeners(desk)
    app.action(ids.AUDIT_OPEN)(desk.answering(listeners.open))
    app.action(ids.each(ids.AUDIT_PAGE))(desk.answering(listeners.page))
    return dict.fromkeys(("audit", "журнал", "аудит"), listeners.command)
