"""Listeners of figures: `/quota figures`, other periods of them, the same person by person, how they are counted."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from slack_bolt import App

from bot.quota import service as targets
from bot.quota.periods import Period
from bot.quota.said import Figures as Asked
from bot.quota.said import Whom
from bot.quota.whose import Whose
from bot.scorecards import service
from handlers import ids
from handlers.answers import Answer, Desk, Later, Open, Request, Tell
from handlers.ui import figures as ui

MANY = 3_000
"""Deals from which on Slack would not wait for the figures of all of them."""


class FiguresListeners:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.store

    def show(self, request: Request, asked: Asked) -> Answer:
        """`/quota figures …`: Slack is answered first where many deals are gone through."""
        deals = service.how_many(self._store, request.actor, asked, request.now)
        if deals > MANY:
            return Later(lambda then: self._shown(then, asked), ui.wait(request.words, deals))
        return self._shown(request, asked)

    def _shown(self, request: Request, asked: Asked) -> Answer:
        found = service.page(self._store, request.actor, asked, request.now)
        return Tell(ui.page(request.words, found))

    def period(self, request: Request) -> Answer:
        """The same of another period, or together again."""
        found = service.page(self._store, request.actor, self._again(request), request.now)
        return Tell(ui.page(request.words, found), replace=request.is_in_answer)

    def people(self, request: Request) -> Answer:
        """`By person`."""
        found = service.by_person(self._store, request.actor, self._again(request), request.now)
        return Tell(ui.by_person(request.words, found), replace=request.is_in_answer)

    def counted(self, request: Request) -> Answer:
        """`How it is counted`."""
        return Open(ui.counted(request.words))

    def _again(self, request: Request) -> Asked:
        value = request.value
        period = targets.named_period(self._store, request.actor, value["d"]) if value.get("d") else None
        return _asked(value, period)


def _asked(value: Mapping[str, Any], period: Period | None) -> Asked:
    """What a page was asked for when its buttons were made: see `handlers.ui.figures.reference`."""
    whom = Whom(Whose(value["w"]), value.get("p"), value.get("n"))
    as_of = date.fromisoformat(value["t"]) if value.get("t") else None
    return Asked(whom, period, as_of, value.get("s"), bool(value.get("b")), bool(value.get("a")))


def register(app: App, desk: Desk) -> Callable[[Request, Asked], Answer]:
    """Everything of figures that Slack can send; returns what `/quota` hands over."""
    listeners = FiguresListeners(desk)
    app.action(ids.each(ids.FIGURES_PERIOD))(desk.answering(listeners.period))
    app.action(ids.FIGURES_PEOPLE)(desk.answering(listeners.people))
    app.action(ids.FIGURES_COUNTED)(desk.answering(listeners.counted))
    return listeners.show
