"""What people read of away and back, and what their buttons and the form do."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.absence import form
from bot.access.actor import Actor
from bot.access.roles import Role
from bot.errors import Refused
from bot.people import service as people
from bot.store.engine import Store
from bot.words import words_for
from handlers import ids
from handlers.absence import Absence
from handlers.answers import Answer, Desk, Mend, Open, Request, Tell
from handlers.gateway import Gateway
from handlers.gateways import OneWorkspace
from handlers.ui.absence import VALUE
from tests.factories import NOW, a_member

SOON = NOW + timedelta(minutes=10)


class Slackless(Gateway):
    """A gateway that nobody needs here."""

    def __init__(self) -> None:
        """It has no client."""


class Room:
    """The listeners of absence, and who was touched."""

    def __init__(self, store: Store) -> None:
        desk = Desk(store, lambda: NOW, OneWorkspace(Slackless(), "T0BATON"))
        self.touched: list[str] = []
        desk.watch(lambda _, people, __: self.touched.extend(people))
        self.listeners = Absence(desk)

    def says(self, who: Actor, verb: str, text: str = "", now: datetime = NOW) -> Answer:
        """`who` types `/team VERB TEXT`."""
        listener = self.listeners.away if verb == "away" else self.listeners.back
        return listener(Request(who, {"text": text}, now, "origin", words_for(who.language)))

    def presses(self, who: Actor, answer: Answer, label: str, now: datetime = SOON) -> Answer:
        """`who` presses a button of a reply."""
        pressed = buttons(answer)[label]
        listener = {
            ids.AWAY_UNDO: self.listeners.undo,
            ids.AWAY_BACK: self.listeners.press_back,
            ids.AWAY_CANCEL: self.listeners.cancel,
            ids.AWAY_RESTORE: self.listeners.restore,
            ids.AWAY_OPEN_FORM: self.listeners.open_form,
        }[pressed["action_id"]]
        return listener(Request(who, {"actions": [pressed]}, now, "origin", words_for(who.language)))

    def submits(self, who: Actor, opened: Answer, **fields: Any) -> Answer:
        """`who` fills in the form that was opened; what they leave alone keeps its first value."""
        assert isinstance(opened, Open)
        values = {
            block["block_id"]: {VALUE: fields.get(block["block_id"], initial(block["element"]))}
            for block in opened.view["blocks"]
        }
        payload = {"view": {**opened.view, "state": {"values": values}}}
        return self.listeners.submit(Request(who, payload, NOW, "origin", words_for(who.language)))


def initial(element: dict[str, Any]) -> dict[str, Any]:
    """The state of a field that nobody has touched."""
    return {
        "selected_date": element.get("initial_date"),
        "selected_time": element.get("initial_time"),
        "selected_option": element.get("initial_option"),
        "value": element.get("initial_value"),
    }


def buttons(answer: Answer) -> dict[str, Any]:
    """The buttons of a reply by their labels."""
    assert isinstance(answer, Tell)
    elements = [each for block in answer.message.blocks for each in block.get("elements", [])]
    elements += [block["accessory"] for block in answer.message.blocks if "accessory" in block]
    return {each["text"]["text"]: each for each in elements if each["type"] == "button"}


def text(answer: Answer) -> str:
    """What the reply says."""
    assert isinstance(answer, Tell)
    return answer.message.text


@pytest.fixture
def room(store: Store) -> Room:
    """The listeners over each database."""
    return Room(store)


@pytest.fixture
def ana(store: Store) -> Actor:
    """A rep in Berlin."""
    a_member(store, "U0MARIA", Role.MANAGER)
    return a_member(store, "U0ANA", Role.AE, zone="Europe/Berlin", country="DE-BE", manager="U0MARIA")


def test_away_says_until_when_in_full_and_when_one_is_back(room: Room, ana: Actor) -> None:
    reply = room.says(ana, "away", "until fri sick - flu")
    assert text(reply).startswith("Away *until Fri 20 Nov* · sick · back Mon 23 Nov 09:00. Get well soon")
    assert list(buttons(reply)) == ["Undo", "Back"]
    assert room.touched == ["U0ANA"]


def test_away_in_russian(room: Room, store: Store) -> None:
    olga = a_member(store, "U0OLGA", Role.AE, language="ru", zone="Europe/Moscow")
    reply = room.says(olga, "away", "до пятницы")
    assert text(reply).startswith("Вас не будет *по пт 20 нояб включительно* · снова на работе пн 23 нояб 09:00")
    assert list(buttons(reply)) == ["Отменить", "Вернуться"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("tomorrow", "Away *Thu 19 Nov* · back Fri 20 Nov 09:00"),
        ("tomorrow 13-15", "Away *Thu 19 Nov 13:00–15:00* · back Thu 19 Nov 15:00"),
        ("until 17:00", "Away *until Wed 18 Nov 17:00* · back Wed 18 Nov 17:00"),
        ("fri 13:00 - mon 12:00", "Away *Fri 20 Nov 13:00 – Mon 23 Nov 12:00* · back Mon 23 Nov 12:00"),
        ("21-24 dec vacation", "Away *Mon 21 Dec – Thu 24 Dec* · vacation · back Mon 28 Dec 09:00"),
        ("21-24 dec", "Fri 25 Dec is a public holiday: Christmas Day."),
        ("tomorrow afternoon", "Away *Thu 19 Nov from 13:15* · back Fri 20 Nov 09:00"),
        ("tomorrow morning", "Away *Thu 19 Nov until 13:15* · back Thu 19 Nov 13:15"),
    ],
)
def test_how_an_absence_is_shown(room: Room, ana: Actor, line: str, said: str) -> None:
    assert said in text(room.says(ana, "away", line))


def test_undo_back_and_bring_back(room: Room, ana: Actor) -> None:
    first = room.says(ana, "away", "until fri")
    gone = room.presses(ana, first, "Undo")
    assert text(gone) == "Taken back: *until Fri 20 Nov*"
    again = room.presses(ana, gone, "Bring back")
    assert text(again).startswith("Away *until Fri 20 Nov*")
    back = room.presses(ana, again, "Back", SOON + timedelta(minutes=1))
    assert text(back).startswith("Welcome back!")
    assert "Ended early: *until Fri 20 Nov*" in text(back)
    assert text(room.presses(ana, back, "Undo", SOON + timedelta(minutes=2))).startswith("Away *until Fri 20 Nov*")


def test_back_of_somebody_who_is_not_away(room: Room, ana: Actor) -> None:
    assert text(room.says(ana, "back")).startswith("You are not away")


def test_undo_of_a_longer_until_lets_the_shorter_one_stand_again(room: Room, ana: Actor) -> None:
    room.says(ana, "away", "until fri")
    longer = room.says(ana, "away", "until mon", SOON)
    assert "Stands again: *until Fri 20 Nov*" in text(room.presses(ana, longer, "Undo", SOON + timedelta(minutes=1)))


def test_what_changes_nothing_is_told_and_can_be_cancelled(room: Room, ana: Actor) -> None:
    room.says(ana, "away", "until fri")
    reply = room.says(ana, "away", "tomorrow")
    assert text(reply).startswith("You are away then already: *until Fri 20 Nov*")
    assert list(buttons(reply)) == ["Cancel it", "Back"]


def test_the_list_cancels_and_brings_back(room: Room, ana: Actor) -> None:
    assert "Nothing is planned" in text(room.says(ana, "away", "list"))
    room.says(ana, "away", "1 dec - 4 dec vacation")
    shown = room.says(ana, "away", "list")
    assert "*Tue 1 Dec – Fri 4 Dec* · vacation" in text(shown)
    without = room.presses(ana, shown, "Cancel")
    assert "Nothing is planned" in text(without)
    assert "*Tue 1 Dec – Fri 4 Dec*" in text(room.presses(ana, without, "Bring back"))


def test_a_manager_says_it_for_a_report_and_a_colleague_may_not(room: Room, ana: Actor, store: Store) -> None:
    maria = _met(store, "U0MARIA")
    reply = room.says(maria, "away", "<@U0ANA> until fri")
    assert text(reply).startswith("Ana is away *until Fri 20 Nov* · back Mon 23 Nov 08:00.")
    assert text(room.says(maria, "back", "<@U0ANA>", SOON)).startswith("Ana is back")
    with pytest.raises(Refused, match=r"refused\.person"):
        room.says(ana, "away", "<@U0MARIA> until fri")


def test_a_question_offers_the_form_with_what_was_understood(room: Room, ana: Actor) -> None:
    asked = room.says(ana, "away", "sick - flu & fever")
    assert text(asked).startswith("Until when?")
    assert "Understood: sick." in text(asked)
    opened = room.presses(ana, asked, "Open the form")
    done = room.submits(ana, opened, last={"selected_date": "2026-11-20"})
    assert text(done).startswith("Away *until Fri 20 Nov* · sick")
    assert isinstance(done, Tell)
    assert {"type": "mrkdwn", "text": ">flu &amp; fever", "verbatim": True} in [
        block.get("text") for block in done.message.blocks
    ]


def test_the_form_tells_each_problem_under_its_field(room: Room, ana: Actor) -> None:
    opened = room.says(ana, "away")
    wrong = room.submits(ana, opened, last={"selected_date": "2026-11-16"})
    assert wrong == Mend({"last": "The end is before the start."})
    long = room.submits(ana, opened, note={"value": "x" * 301})
    assert long == Mend({"note": "The note has 301 characters; 300 is the most."})
    assert room.submits(ana, opened, last={}) == Mend({"last": words_for("en")("away.problem.no_end")})
    assert set(form.FIELDS) == {block["block_id"] for block in _view(opened)["blocks"]}


def test_help_shows_how_it_is_typed(room: Room, ana: Actor) -> None:
    assert "`/team away until fri`" in text(room.says(ana, "away", "help"))


def _view(opened: Answer) -> dict[str, Any]:
    assert isinstance(opened, Open)
    return opened.view


def _met(store: Store, person_id: str) -> Actor:
    found = people.find(store, "T0BATON", person_id, NOW)
    assert found is not None
    return found
