"""Listeners of the leaderboard and of its form above the settings; and the writers of it and of milestones."""

from collections.abc import Callable, Mapping
from datetime import datetime

from slack_bolt import App

from bot.delivery.outcome import Parcel
from bot.digest.said import Board
from bot.recognition import form, milestones, planning, service
from bot.words import words_for
from bot.workspace import service as settings
from handlers import channels, ids
from handlers.answers import Answer, Close, Desk, Mend, Open, Request, Tell
from handlers.courier import Content, Writer
from handlers.ui import recognition as ui
from handlers.ui import recognition_form as form_ui
from handlers.ui.settings import by_others, problem_text, settings_view


class Recognitions:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._store = desk, desk.store

    def board(self, request: Request, said: Board) -> Answer:
        """`/digest leaderboard …`."""
        if said.is_shown is not None:
            return self._show(request, is_out=not said.is_shown)
        found = service.leaderboard(self._store, request.actor, said.week, request.now)
        return Tell(ui.own_leaderboard(request.words, found))

    def leave(self, request: Request) -> Answer:
        """`Leave me out`, seen by whoever pressed it only."""
        return self._show(request, is_out=True)

    def back(self, request: Request) -> Answer:
        """`Show me again`."""
        return self._show(request, is_out=False)

    def _show(self, request: Request, *, is_out: bool) -> Answer:
        is_new = service.show(self._store, request.actor, request.now, is_out=is_out)
        return Tell(ui.decided(request.words, is_out=is_out, is_new=is_new), replace=request.is_in_answer)

    def open(self, request: Request) -> Answer:
        """Its line in the settings: the form with what stands."""
        found = service.deciding(self._store, request.actor, request.now)
        return Open(form_ui.recognition_form(request.words, found, ids.pack(seen=found.to_json())))

    def save(self, request: Request) -> Answer:
        """The form, filled in."""
        wanted, problems = form.read(request.filled)
        if wanted is None:
            return Mend({field: problem_text(request.words, problem) for field, problem in problems.items()})
        done = service.decide(self._store, request.actor, wanted, request.metadata["seen"], request.now)
        overview = settings.overview(self._store, request.actor, request.now)
        refusing = channels.refusing(self._desk, request, [wanted.channel])
        notice = [form_ui.saved(request.words), *refusing, *by_others(request.words, done)]
        return Close(settings_view(request.words, overview, notice, purge_days=self._desk.purge_days))


def writers(desk: Desk) -> Mapping[str, Writer]:
    """Who writes the leaderboard of a channel and the milestones, in the words of those they are about."""

    def leaderboard(parcel: Parcel, now: datetime) -> Content | None:
        found = service.told(desk.store, parcel, now)
        return ui.leaderboard(words_for(found.language), found) if found else None

    def milestone(parcel: Parcel, now: datetime) -> Content | None:
        found = service.told_milestone(desk.store, parcel, now)
        return ui.milestone(words_for(found.language), found) if found else None

    return {planning.LEADERBOARD: leaderboard, milestones.REACHED: milestone}


def register(app: App, desk: Desk) -> Callable[[Request, Board], Answer]:
    """Everything of recognition that Slack can send; returns the listener of `/digest leaderboard`."""
    listeners = Recognitions(desk)
    app.action(ids.BOARD_LEAVE)(desk.answering(listeners.leave))
    app.action(ids.BOARD_BACK)(desk.answering(listeners.back))
    app.action(ids.RECOGNITION_OPEN)(desk.answering(listeners.open))
    app.view(ids.RECOGNITION_FORM)(desk.answering(listeners.save))
    return listeners.board
