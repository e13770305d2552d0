"""Listeners of the rules of the score: `/lead rules`, its three forms, and the message that follows rescoring."""

from collections.abc import Mapping
from datetime import datetime

from slack_bolt import App

from bot.delivery.outcome import Parcel
from bot.errors import Refused
from bot.leads import rescoring, rule_changes, scoring_form
from bot.leads.rule_changes import Changed
from bot.leads.scoring_form import FIELDS, Form
from bot.words import words_for
from handlers import ids
from handlers.answers import Answer, Close, Desk, Listener, Mend, Open, Request, Tell
from handlers.courier import Writer
from handlers.ui import scoring as ui
from handlers.ui.blocks import Message
from handlers.ui.settings import by_others

PROBLEM = "scoring.problem."


class Scoring:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._store = desk, desk.store

    def show(self, request: Request) -> Answer:
        """`/lead rules`, for everybody."""
        return Tell(ui.board(request.words, rule_changes.overview(self._store, request.actor, request.now)))

    def open(self, request: Request) -> Answer:
        """The same on top of the settings."""
        return Open(ui.board_view(request.words, rule_changes.overview(self._store, request.actor, request.now)))

    def edit(self, request: Request) -> Answer:
        """One of the forms, with what stands."""
        form = Form(request.value["f"])
        page = rule_changes.editing(self._store, request.actor, request.now)
        fields = scoring_form.standing(form, page.scoring, request.words.language)
        over_board = (request.payload.get("view") or {}).get("type") == "modal"
        metadata = ids.pack(
            f=form,
            seen=page.version,
            speed=page.scoring.speed_minutes,
            board=over_board,
            url=request.payload.get("response_url"),
        )
        return Open(ui.form(request.words, form, fields, metadata))

    def save(self, request: Request) -> Answer:
        """A form, filled in: all of it is saved, or nothing."""
        where, form = request.metadata, Form(request.metadata["f"])
        seen = rule_changes.seen(self._store, request.actor, int(where["seen"]), int(where["speed"]))
        wanted, problems = scoring_form.read(form, request.texts(FIELDS[form]), seen, request.words.language)
        if problems:
            return Mend(ui.mended(request.words, problems))
        try:
            done = rule_changes.change(self._store, request.actor, wanted, seen, request.now)
        except Refused as problem:
            if not problem.key.startswith(PROBLEM):
                raise
            return Mend(ui.mended(request.words, {_field(form, problem): (problem,)}))
        self._desk.touch(request.actor.workspace_id)
        return self._saved(request, done)

    def _saved(self, request: Request, done: Changed) -> Answer:
        said = ui.saved(request.words, is_changed=bool(done.saved.changes), is_rescoring=done.is_rescoring)
        head = [said, *by_others(request.words, done.saved)]
        page = rule_changes.overview(self._store, request.actor, request.now)
        if request.metadata["board"]:
            return Close(ui.board_view(request.words, page, head))
        return Tell(ui.board(request.words, page, head), replace=True)


def _field(form: Form, problem: Refused) -> str:
    """Where a form shows what two made nonsense of together."""
    field = str(problem.params.get("field"))
    return field if field in FIELDS[form] else FIELDS[form][0]


def writers(desk: Desk) -> Mapping[str, Writer]:
    """Who writes the message about rescoring when it is sent."""

    def write(parcel: Parcel, now: datetime) -> Message | None:
        found = rescoring.progress(desk.store, parcel, now)
        return ui.progress(words_for(found.reader.language), found) if found else None

    return {rescoring.PROGRESS: write}


def register(app: App, desk: Desk) -> Listener:
    """Everything of the rules that Slack can send; returns what shows them."""
    listeners = Scoring(desk)
    app.action(ids.SCORING_OPEN)(desk.answering(listeners.open))
    app.action(ids.each(ids.SCORING_EDIT))(desk.answering(listeners.edit))
    app.view(ids.SCORING_FORM)(desk.answering(listeners.save))
    return listeners.show
