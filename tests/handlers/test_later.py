"""What takes a while: Slack is answered first, be it a command or a press, and the answer follows. What nobody waits
for any more is not begun.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest

from bot.quota.said import Figures as Asked
from bot.store.engine import Store
from bot.store.patience import PATIENCE, patient
from handlers.answers import Desk, Later, Request, Tell
from handlers.figures import MANY, FiguresListeners
from handlers.gateways import OneWorkspace
from handlers.ui.blocks import Message
from tests.factories import NOW, a_member


class Line:
    """What goes to Slack, in its order."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def ack(self, **said: Any) -> None:
        self.said.append(f"ack {said.get('text', '')}".strip())

    def run_later(self, what: Callable[[], None]) -> None:
        what()

    def respond(self, url: str, person: str, message: Message) -> None:
        self.said.append(f"{url} {person} {message.text}")


def test_a_command_is_answered_before_its_answer_is_made(store: Store) -> None:
    a_member(store, "U0SAM", "OPS")
    line = Line()

    def made(request: Request) -> Tell:
        line.said.append("made")
        return Tell(Message(f"done for {request.actor.id}"))

    desk = Desk(store, lambda: NOW, OneWorkspace(line, "T0BATON"))  # type: ignore[arg-type]  # as much of a gateway as is asked for
    body = {"command": "/quota", "team_id": "T0BATON", "user_id": "U0SAM", "response_url": "back", "trigger_id": "1"}
    desk.answering(lambda _: Later(made, Message("a moment")))(body, line.ack)
    assert line.said == ["ack", "back U0SAM a moment", "made", "back U0SAM done for U0SAM"]


def test_few_deals_are_gone_through_at_once(store: Store) -> None:
    assert MANY > 0
    a_member(store, "U0SAM", "OPS")
    line = Line()
    desk = Desk(store, lambda: NOW, OneWorkspace(line, "T0BATON"))  # type: ignore[arg-type]  # likewise
    body = {"command": "/quota", "team_id": "T0BATON", "user_id": "U0SAM", "response_url": "back", "trigger_id": "1"}
    desk.answering(lambda request: FiguresListeners(desk).show(request, Asked(is_whole=True)))(body, line.ack)
    assert line.said[0].startswith("ack Figures: everybody")


def test_many_deals_are_gone_through_behind_the_answer(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.figures.MANY", -1)
    a_member(store, "U0SAM", "OPS")
    line = Line()
    desk = Desk(store, lambda: NOW, OneWorkspace(line, "T0BATON"))  # type: ignore[arg-type]  # likewise
    body = {"command": "/quota", "team_id": "T0BATON", "user_id": "U0SAM", "response_url": "back", "trigger_id": "1"}
    desk.answering(lambda request: FiguresListeners(desk).show(request, Asked(is_whole=True)))(body, line.ack)
    assert line.said[:2] == ["ack", "back U0SAM Going through 0 deals, a moment…"]
    assert line.said[2].startswith("back U0SAM Figures: everybody")


@pytest.mark.parametrize(
    ("body", "served"),
    [
        pytest.param({"command": "/log", "text": "3 calls", "user_id": "U0SAM"}, 0, id="a command"),
        pytest.param({"type": "event_callback", "event": {"type": "user_change", "user": "U0SAM"}}, 1, id="an event"),
    ],
)
def test_what_waited_for_its_turn_too_long_is_told_and_slack_delivers_events_again(
    store: Store, body: dict[str, Any], served: int
) -> None:
    a_member(store, "U0SAM", "OPS")
    line, begun = Line(), list[Request]()
    desk = Desk(store, lambda: NOW, OneWorkspace(line, "T0BATON"))  # type: ignore[arg-type]  # likewise
    with patient(time.monotonic() - PATIENCE):
        desk.answering(begun.append)({"team_id": "T0BATON", **body}, line.ack)
    told = [each for each in line.said if "too much is going on" in each and "/log 3 calls" in each]
    assert (len(begun), len(told)) == (served, 1 - served)
