"""The sandbox from the chair of the people in it: they type, read, press and fill in."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from tests.wire.processes import http
from tests.wire.reading import Json
from tests.wire.screens import Form, Home, Screen, Shown
from tests.wire.values import Value, filled
from tests.wire.waiting import until

__all__ = ["GENERAL", "PATIENCE", "Form", "Home", "Json", "Shown", "Team"]

GENERAL = "C0GENERAL"

PATIENCE = 20.0
"""Seconds until what should come has come, on a machine that is busy with other tests as well."""


class Team:
    """Everybody in the sandbox's workspace.

    Args:
        address: of the sandbox.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._http = http(address)

    def types(self, person: str, text: str, channel: str = GENERAL) -> Shown:
        """Somebody types a command; returns the reply that only they see."""
        answer = self.sends(person, text, channel)
        assert answer.get("reply"), f"no reply to {text!r}: {answer}"
        return Shown(answer["reply"], channel)

    def sends(self, person: str, text: str, channel: str = GENERAL) -> Json:
        """Somebody types; returns what the sandbox says of it."""
        return self._post("type", {"as": person, "channel": channel, "text": text})

    def presses(self, person: str, shown: Shown, label: str, nth: int = 0) -> Shown:
        """Somebody presses a button; returns what stands there afterwards."""
        answer = self.taps(person, shown, label, nth)
        assert answer.get("ok"), answer
        return self._after(person, shown)

    def sees_change(self, person: str, shown: Shown) -> Shown:
        """What stands in the place of a message once it has changed."""
        return self._after(person, shown)

    def taps(self, person: str, screen: Screen, label: str, nth: int = 0) -> Json:
        """Somebody presses a button; returns what the sandbox says of it."""
        block_id, element = screen.button(label, nth)
        return self._acts(person, screen, block_id, element, {})

    def presses_in(self, person: str, screen: Screen, label: str, nth: int = 0) -> bool:
        """Somebody presses a button in Home or in a form; returns whether the app took it."""
        return bool(self.taps(person, screen, label, nth)["ok"])

    def chooses(self, person: str, screen: Screen, name: str, value: Value, nth: int = 0) -> bool:
        """Somebody chooses in a menu outside a form's fields; returns whether the app took it.

        Args:
            person: who chooses.
            screen: a message, Home or a form.
            name: the menu's block id, action id, placeholder or label, or words of the section that it stands in.
            value: see `filled`.
            nth: among the menus of that name.
        """
        block_id, element = screen.menu(name, nth)
        return bool(self._acts(person, screen, block_id, element, filled(element, value))["ok"])

    def form(self, person: str, said: str = "") -> Form:
        """The form on top of this person's forms, once it says `said`; it may still be on its way."""

        def look() -> Form | None:
            views = self.state(person)["views"]
            form = Form(views[-1]) if views else None
            return form if form and said in f"{form.title}\n{form.text}" else None

        found: Form = self._eventually(look, f"no form that says {said!r}")
        return found

    def forms(self, person: str) -> list[Form]:
        """The forms that this person has open, the lowest first."""
        return [Form(view) for view in self.state(person)["views"]]

    def closes(self, person: str, form: Form) -> Json:
        """Somebody closes a form without submitting it."""
        return self._post("close", {"as": person, "view_id": form.id})

    def submits(self, person: str, form: Form) -> Json:
        """Somebody presses the form's main button; returns `ok`, or `errors` by block id."""
        return self._post("submit", {"as": person, "view_id": form.id, "state": form.state()})

    def shortcut(self, person: str, callback_id: str, channel: str, ts: str) -> Json:
        """Somebody picks a message shortcut from a message's menu."""
        return self._post("shortcut", {"as": person, "callback_id": callback_id, "channel": channel, "ts": ts})

    def messages(self, person: str, channel: str = GENERAL) -> list[Shown]:
        """What this person sees in a channel, oldest first."""
        found = self._http.get("/ui/messages", params={"as": person, "channel": channel}).json()["messages"]
        return [Shown(message, channel) for message in found]

    def next_message(self, person: str, seen: int, channel: str = GENERAL) -> Shown:
        """The newest message once there are more than `seen`."""
        found: list[Shown] = self._eventually(lambda: self.messages(person, channel)[seen:], "no new message")
        return found[-1]

    def state(self, person: str) -> Json:
        """The workspace as this person sees it."""
        found: Json = self._http.get("/ui/state", params={"as": person}).json()
        return found

    def home(self, person: str) -> Json:
        """The Home tab, opened by this person, as soon as the app has made it."""
        look = lambda: self._http.get("/ui/home", params={"as": person}).json().get("view")  # noqa: E731
        found: Json = self._eventually(look, "no Home tab")
        return found

    def home_of(self, person: str) -> Home:
        """The same, to read and to press."""
        return Home(self.home(person))

    def opens_home(self, person: str) -> Home:
        """This person opens the Home tab; returns what the app published after that."""
        before = self._published(person).get("hash")
        self._http.get("/ui/home", params={"as": person})
        return self._home_once(person, lambda view: view["hash"] != before, "nothing was published")

    def home_when(self, person: str, said: str) -> Home:
        """The published Home tab once it says `said`; nobody opens it, so the app is told nothing."""
        return self._home_once(person, lambda view: said in Home(view).text, f"Home never said {said!r}")

    def eventually(self, ask: Callable[[], httpx.Response], said: str) -> httpx.Response:
        """Ask until an answer says what it should: what Slack tells by events takes a moment to arrive."""
        answers: list[httpx.Response] = []

        def look() -> bool:
            answers.append(ask())
            return said in json.dumps(answers[-1].json(), ensure_ascii=False)

        self._eventually(look, f"never said {said!r}")
        return answers[-1]

    def close(self) -> None:
        """Leave."""
        self._http.close()

    def calls(self) -> list[Json]:
        """Every call of the app to the Web API."""
        found: list[Json] = self._http.get("/ui/calls").json()["calls"]
        return found

    def changes_user(self, user_id: str, **changes: Any) -> Json:
        """Somebody's account changes, or a new one joins; the app is told. Returns the whole user object."""
        user: Json = self.control(user={"id": user_id, **changes})["user"]
        return user

    def control(self, **what: Any) -> Json:
        """Let the sandbox misbehave, or change somebody."""
        return self._post("control", what)

    def _acts(self, person: str, screen: Screen, block_id: str, element: Json, value: Json) -> Json:
        what = {"block_id": block_id, "action_id": element["action_id"], "value": value}
        return self._post("press", {"as": person, "source": screen.source, "state": screen.state(), **what})

    def _published(self, person: str) -> Json:
        found = self._http.get("/ui/home", params={"as": person, "opened": "0"}).json().get("view")
        return found or {}

    def _home_once(self, person: str, right: Callable[[Json], bool], otherwise: str) -> Home:
        def look() -> Home | None:
            view = self._published(person)
            return Home(view) if view and right(view) else None

        found: Home = self._eventually(look, otherwise)
        return found

    def _after(self, person: str, shown: Shown) -> Shown:
        before = shown.raw
        found = self._eventually(
            lambda: [
                each
                for each in self.messages(person, shown.channel)
                if each.raw["ts"] == before["ts"] and each.raw.get("blocks") != before.get("blocks")
            ],
            f"nothing changed after the press:\n{shown.text}",
        )
        after: Shown = found[0]
        return after

    def _eventually(self, look: Any, otherwise: str) -> Any:
        return until(look, otherwise, PATIENCE)

    def _post(self, path: str, body: Json) -> Json:
        answer: Json = self._http.post(f"/ui/{path}", json=body).json()
        return answer
