"""Listeners of routing: `/team routing`, its two forms."""

from collections.abc import Mapping

from slack_bolt import App

from bot.errors import Refused
from bot.handoffs import fairness
from bot.workspace import form, service
from bot.workspace.form import Reading
from bot.workspace.rules import Setting
from handlers import ids
from handlers.answers import Answer, Desk, Listener, Mend, Open, Request, Tell
from handlers.ui import routing as ui
from handlers.ui.settings import problem_text

PLAIN = (Setting.HANDOFF_MINUTES, Setting.TOUCH_DAYS, Setting.CHECKLIST, Setting.REQUIRED_ANSWERS)


class Routing:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._store = desk, desk.store

    def show(self, request: Request) -> Answer:
        """`/team routing`."""
        return Tell(ui.board(request.words, fairness.board(self._store, request.actor, request.now)))

    def edit(self, request: Request) -> Answer:
        """`Weights and limits`."""
        settings = service.overview(self._store, request.actor, request.now).settings
        return Open(ui.routing_form(request.words, settings, ids.pack(url=request.payload.get("response_url"))))

    def edit_handoffs(self, request: Request) -> Answer:
        """`Hand-off settings`."""
        settings = service.overview(self._store, request.actor, request.now).settings
        seen = {name: getattr(settings, name) for name in PLAIN}
        metadata = ids.pack(url=request.payload.get("response_url"), seen=seen)
        return Open(ui.handoffs_form(request.words, settings, metadata))

    def save(self, request: Request) -> Answer:
        """Weights and limits, filled in."""
        rules = service.settings(self._store, request.actor.workspace_id).routing
        return self._save(request, form.read_routing(request.filled, rules), {Setting.ROUTING: rules})

    def save_handoffs(self, request: Request) -> Answer:
        """The settings of hand-offs, filled in."""
        rules = service.settings(self._store, request.actor.workspace_id).routing
        seen = {**request.metadata["seen"], Setting.ROUTING: rules}
        return self._save(request, form.read_handoffs(request.filled, rules), seen)

    def _save(self, request: Request, reading: Reading, seen: Mapping[str, object]) -> Answer:
        if reading.problems:
            return Mend({field: problem_text(request.words, each) for field, each in reading.problems.items()})
        values = {name: each for name, each in reading.values.items() if name != Setting.ROUTING or each != seen[name]}
        try:
            service.change(self._store, request.actor, values, request.now, seen)
        except Refused as refused:
            return Mend({next(iter(request.filled)): request.words(refused.key, **refused.params)})
        self._desk.touch(request.actor.workspace_id)
        board = fairness.board(self._store, request.actor, request.now)
        return Tell(ui.board(request.words, board, saved=True), replace=True)


def register(app: App, desk: Desk) -> dict[str, Listener]:
    """Everything of routing that Slack can send; returns the verb that `/team` and `/baton` take."""
    listeners = Routing(desk)
    app.action(ids.ROUTING_EDIT)(desk.answering(listeners.edit))
    app.action(ids.ROUTING_HANDOFFS)(desk.answering(listeners.edit_handoffs))
    app.view(ids.ROUTING_FORM)(desk.answering(listeners.save))
    app.view(ids.ROUTING_HANDOFFS_FORM)(desk.answering(listeners.save_handoffs))
    return {"routing": listeners.show}
