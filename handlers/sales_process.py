"""Listeners of the sales process: its board above the settings, the form of each stage, and that of the reasons."""

from collections.abc import Callable

from slack_bolt import App

from bot.deals import process_changes, process_form
from bot.deals.process import Process
from bot.deals.process_form import Problems
from bot.deals.states import Stage
from bot.errors import Refused
from handlers import ids
from handlers.answers import Answer, Close, Desk, Listener, Mend, Open, Request
from handlers.ui import sales_process as ui
from handlers.ui.settings import by_others, problem_text

PROBLEM = "deals.process.problem."


class SalesProcess:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._store = desk, desk.store

    def open(self, request: Request) -> Answer:
        """`Open` in the settings: every stage with what stands, and the reasons."""
        page = process_changes.editing(self._store, request.actor, request.now)
        return Open(ui.board(request.words, page.process))

    def edit_stage(self, request: Request) -> Answer:
        """`Change` beside a stage: its form."""
        stage = Stage(request.value["s"])
        page = process_changes.editing(self._store, request.actor, request.now)
        fields = process_form.stage_fields(page.process, stage)
        return Open(ui.stage_form(request.words, stage, fields, ids.pack(s=stage, seen=page.version)))

    def edit_reasons(self, request: Request) -> Answer:
        """`Change` beside the reasons: their form."""
        page = process_changes.editing(self._store, request.actor, request.now)
        fields = process_form.reason_fields(page.process)
        return Open(ui.reasons_form(request.words, page.process, fields, ids.pack(seen=page.version)))

    def save_stage(self, request: Request) -> Answer:
        """A stage's form, filled in."""
        stage = Stage(request.metadata["s"])
        filled = request.texts(process_form.STAGE_FIELDS)
        return self._save(request, lambda before: process_form.read_stage(filled, stage, before))

    def save_reasons(self, request: Request) -> Answer:
        """The form of the reasons, filled in."""
        filled, offered = request.texts(process_form.REASON_FIELDS), request.filled.get("offered") or ()
        chosen = [offered] if isinstance(offered, str) else offered
        return self._save(request, lambda before: process_form.read_reasons(filled, chosen, before))

    def _save(self, request: Request, read: Callable[[Process], Process | Problems]) -> Answer:
        """All of a form is saved, or nothing."""
        before = process_changes.seen(self._store, request.actor, int(request.metadata["seen"]))
        wanted = read(before)
        if isinstance(wanted, dict):
            return Mend({field: problem_text(request.words, problem) for field, problem in wanted.items()})
        try:
            saved = process_changes.change(self._store, request.actor, wanted, before, request.now)
        except Refused as problem:
            if not problem.key.startswith(PROBLEM):
                raise
            return Mend({next(iter(request.filled)): problem_text(request.words, problem)})
        self._desk.touch(request.actor.workspace_id)
        after = process_changes.standing(self._store, request.actor.workspace_id)
        return Close(ui.board(request.words, after, [ui.saved(request.words, saved), *by_others(request.words, saved)]))


def register(app: App, desk: Desk) -> None:
    """Everything of it that Slack can send."""
    listeners = SalesProcess(desk)
    buttons: dict[str, Listener] = {
        ids.PROCESS_OPEN: listeners.open,
        ids.PROCESS_STAGE: listeners.edit_stage,
        ids.PROCESS_REASONS: listeners.edit_reasons,
    }
    for action, listener in buttons.items():
        app.action(action)(desk.answering(listener))
    app.view(ids.PROCESS_STAGE_FORM)(desk.answering(listeners.save_stage))
    app.view(ids.PROCESS_REASONS_FORM)(desk.answering(listeners.save_reasons))
