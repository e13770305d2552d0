"""Listeners of capacity: `/team capacity`, and the same of another period."""

from slack_bolt import App

from bot.quota import service as targets
from bot.quota.said import Suggest, Verb, Whom
from bot.quota.whose import Whose
from bot.scorecards import capacity
from handlers import ids
from handlers.answers import Answer, Desk, Listener, Request, Tell
from handlers.ui import capacity as ui


class CapacityListeners:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.store

    def show(self, request: Request) -> Answer:
        """`/team capacity [team North] [2027-Q1]`: read as `/quota suggest` reads a group and a coming period."""
        rest = "".join(request.text.split(maxsplit=1)[1:])
        said = targets.understand(self._store, request.actor, f"{Verb.SUGGEST} {rest}", request.now)
        if not isinstance(said, Suggest) or said.whom.person or said.metric:
            return Tell(ui.unclear(request.words, rest))
        found = capacity.page(self._store, request.actor, said.whom, said.period, request.now)
        return Tell(ui.page(request.words, found))

    def period(self, request: Request) -> Answer:
        """Another period of the same."""
        value = request.value
        whom = Whom(Whose(value["w"]), name=value.get("n"))
        period = targets.named_period(self._store, request.actor, value["d"])
        found = capacity.page(self._store, request.actor, whom, period, request.now)
        return Tell(ui.page(request.words, found), replace=request.is_in_answer)


def register(app: App, desk: Desk) -> Listener:
    """Everything of capacity that Slack can send; returns what `/team` hands over."""
    listeners = CapacityListeners(desk)
    app.action(ids.each(ids.CAPACITY_PERIOD))(desk.answering(listeners.period))
    return listeners.show
