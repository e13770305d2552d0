"""Listeners of the reminders of deals' next steps, and who writes them. What a press changes reaches the message by the
ledger, like every other change of a card.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from slack_bolt import App

from bot.deals import next_steps
from bot.deals.service import Done
from bot.deals.steps import STEP
from bot.delivery.outcome import NotYet, Parcel
from bot.reminders import deal_steps
from bot.words import words_for
from handlers import ids
from handlers.answers import Answer, Desk, Request
from handlers.courier import Writer
from handlers.ui import deal_steps as ui
from handlers.ui.blocks import Message


class DealSteps:
    """The listeners; each says who, what, one use case."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._store = desk, desk.store

    def done(self, request: Request) -> Answer:
        """`Done`."""
        return self._move(request, next_steps.finish)

    def later(self, request: Request) -> Answer:
        """`Later`: the next working day."""
        return self._move(request, next_steps.postpone)

    def _move(self, request: Request, do: Callable[..., Done]) -> Answer:
        value = request.value
        do(self._store, request.actor, UUID(value["d"]), str(value["k"]), origin=request.origin, now=request.now)
        self._desk.touch(request.actor.workspace_id, request.actor.id, of_day=True)
        return None


def writers(desk: Desk) -> Mapping[str, Writer]:
    """Who writes these reminders when they are sent."""

    def write(parcel: Parcel, now: datetime) -> Message | NotYet | None:
        page = deal_steps.page(desk.store, parcel, now)
        if not isinstance(page, deal_steps.Page):
            return page
        return ui.reminder(page.process.worded(words_for(page.actor.language)), page)

    return {STEP: write}


def register(app: App, desk: Desk) -> None:
    """Everything of them that Slack can send."""
    listeners = DealSteps(desk)
    app.action(ids.DEAL_STEP_DONE)(desk.answering(listeners.done))
    app.action(ids.DEAL_STEP_LATER)(desk.answering(listeners.later))
