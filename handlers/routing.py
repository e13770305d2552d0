"""Listeners of routing: `/team routing`, its forms, and the replay of a past period."""

from collections.abc import Mapping
from threading import Lock

from slack_bolt import App

from bot.errors import Refused
from bot.handoffs import fairness, trial
from bot.workspace import form, service
from bot.workspace.checklists import fingerprint, written
from bot.workspace.form import Reading
from bot.workspace.rules import Setting
from handlers import ids
from handlers.answers import Answer, Desk, Later, Listener, Mend, Open, Request, Tell
from handlers.ui import replay as replays
from handlers.ui import routing as ui
from handlers.ui.settings import problem_text

PLAIN = (Setting.HANDOFF_MINUTES, Setting.TOUCH_DAYS, Setting.CHECKLIST, Setting.REQUIRED_ANSWERS)


WHOLE = (Setting.ROUTING, Setting.QUESTIONS)
"""Settings of which a form changes a part: saved only where that differs."""

MANY = 500
"""Offers in a period from which on a replay takes so long that one is told."""


class Routing:
    """The listeners; each says who, what, one use case, one view.

    Replays go one after the other, for each keeps a core busy.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk, self._store, self._turn = desk, desk.store, Lock()

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
        questions = fingerprint(written(settings.questions))
        metadata = ids.pack(url=request.payload.get("response_url"), seen=seen, questions=questions)
        return Open(ui.handoffs_form(request.words, settings, metadata))

    def open_replay(self, request: Request) -> Answer:
        """`Replay`."""
        trial.check_may_try(self._store, request.actor, request.now)
        settings = service.settings(self._store, request.actor.workspace_id)
        metadata = ids.pack(url=request.payload.get("response_url"))
        return Open(replays.replay_form(request.words, settings, request.today, metadata))

    def replay(self, request: Request) -> Answer:
        """What is to be tried: Slack is answered first, for a quarter may take some seconds."""
        trial.check_may_try(self._store, request.actor, request.now)
        rules = service.settings(self._store, request.actor.workspace_id).routing
        found = trial.read(request.filled, rules, request.actor.zone, request.now)
        if isinstance(found, dict):
            return self._mend(request, found)
        offers = trial.size_of(self._store, request.actor, found.period)
        wait = replays.wait(request.words, offers) if offers > MANY else None
        return Later(lambda then: self._tried(then, found), wait)

    def use(self, request: Request) -> Answer:
        """`Use these rules`: the ordinary form, filled in."""
        settings = service.overview(self._store, request.actor, request.now).settings
        metadata = ids.pack(url=request.payload.get("response_url"))
        return Open(ui.routing_form(request.words, settings, metadata, request.value))

    def _tried(self, request: Request, what: trial.Trial) -> Answer:
        with self._turn:
            found = trial.tried(self._store, request.actor, what, request.now)
        rules = service.settings(self._store, request.actor.workspace_id).routing
        return Tell(replays.tried(request.words, found, rules, request.filled, request.actor.zone))

    def save(self, request: Request) -> Answer:
        """Weights and limits, filled in."""
        rules = service.settings(self._store, request.actor.workspace_id).routing
        return self._save(request, form.read_routing(request.filled, rules), {Setting.ROUTING: rules})

    def save_handoffs(self, request: Request) -> Answer:
        """The settings of hand-offs, filled in."""
        settings = service.settings(self._store, request.actor.workspace_id)
        reading = form.read_handoffs(request.filled, settings.routing, settings.questions)
        seen = {**request.metadata["seen"], Setting.ROUTING: settings.routing, Setting.QUESTIONS: settings.questions}
        if fingerprint(str(request.filled.get("questions") or "")) == request.metadata.get("questions"):
            reading.values.pop(Setting.QUESTIONS, None)  # somebody else may have changed them since
        return self._save(request, reading, seen)

    def _save(self, request: Request, reading: Reading, seen: Mapping[str, object]) -> Answer:
        if reading.problems:
            return self._mend(request, reading.problems)
        values = {name: each for name, each in reading.values.items() if name not in WHOLE or each != seen[name]}
        try:
            service.change(self._store, request.actor, values, request.now, seen)
        except Refused as refused:
            return Mend({next(iter(request.filled)): request.words(refused.key, **refused.params)})
        self._desk.touch(request.actor.workspace_id)
        board = fairness.board(self._store, request.actor, request.now)
        return Tell(ui.board(request.words, board, saved=True), replace=True)

    def _mend(self, request: Request, problems: Mapping[str, Refused]) -> Mend:
        return Mend({field: problem_text(request.words, each) for field, each in problems.items()})


def register(app: App, desk: Desk) -> dict[str, Listener]:
    """Everything of routing that Slack can send; returns the verb that `/team` and `/baton` take."""
    listeners = Routing(desk)
    app.action(ids.ROUTING_EDIT)(desk.answering(listeners.edit))
    app.action(ids.ROUTING_HANDOFFS)(desk.answering(listeners.edit_handoffs))
    app.action(ids.ROUTING_REPLAY)(desk.answering(listeners.open_replay))
    app.action(ids.ROUTING_USE)(desk.answering(listeners.use))
    app.view(ids.ROUTING_REPLAY_FORM)(desk.answering(listeners.replay))
    app.view(ids.ROUTING_FORM)(desk.answering(listeners.save))
    app.view(ids.ROUTING_HANDOFFS_FORM)(desk.answering(listeners.save_handoffs))
    return {"routing": listeners.show}
