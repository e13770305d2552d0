"""The sandbox from the chair of the people in it: they type, read, press and fill in."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

Json = dict[str, Any]

GENERAL = "C0GENERAL"

PATIENCE = 5.0


@dataclass
class Shown:
    """A message as somebody sees it."""

    raw: Json
    channel: str

    @property
    def text(self) -> str:
        """Every word of the blocks, in reading order; the fallback where there are none."""
        return "\n".join(_words(self.raw.get("blocks") or [])) or str(self.raw.get("text") or "")

    @property
    def fallback(self) -> str:
        """What a notification or a screen reader says."""
        return str(self.raw.get("text") or "")

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons, in order."""
        return [element["text"]["text"] for _, element in _buttons(self.raw.get("blocks") or [])]

    def button(self, label: str, nth: int = 0) -> tuple[str, Json]:
        """The block id and the element of the button with this label."""
        found = [pair for pair in _buttons(self.raw.get("blocks") or []) if pair[1]["text"]["text"] == label]
        assert found, f"no button {label!r} among {self.buttons} in:\n{self.text}"
        return found[nth]


@dataclass
class Form:
    """An open modal; fields are found by their labels."""

    view: Json
    values: Json = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The view's id."""
        return str(self.view["id"])

    @property
    def title(self) -> str:
        """What stands on top."""
        return str(self.view["title"]["text"])

    def field_id(self, label: str) -> str:
        """The block id of the field with this label."""
        return str(self._field(label)["block_id"])

    def initial(self, label: str) -> str:
        """What the field was opened with."""
        element = self._field(label)["element"]
        option = element.get("initial_option") or {}
        keys = ("initial_value", "initial_date", "initial_time")
        return str(option.get("value") or next((element[key] for key in keys if element.get(key)), ""))

    def fill(self, **fields: str) -> "Form":
        """Fill fields by block id; a select takes the value or the text of an option."""
        for block_id, text in fields.items():
            self.values[block_id] = text
        return self

    def state(self) -> Json:
        """Every field as Slack reports it on submission."""
        blocks = [block for block in self.view["blocks"] if block["type"] == "input"]
        return {block["block_id"]: {block["element"]["action_id"]: self._value(block)} for block in blocks}

    def _field(self, label: str) -> Json:
        blocks: list[Json] = [block for block in self.view["blocks"] if block["type"] == "input"]
        return next(block for block in blocks if block["label"]["text"] == label)

    def _value(self, block: Json) -> Json:
        element, kind = block["element"], block["element"]["type"]
        text = self.values.get(block["block_id"], self.initial(block["label"]["text"])) or None
        if kind == "static_select":
            options = element["options"]
            chosen = next((one for one in options if text in {one["value"], one["text"]["text"]}), None)
            return {"type": kind, "selected_option": chosen}
        keys = {"datepicker": "selected_date", "timepicker": "selected_time"}
        return {"type": kind, keys.get(kind, "value"): text}


class Team:
    """Everybody in the sandbox's workspace.

    Args:
        address: of the sandbox.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._http = httpx.Client(base_url=address, timeout=10)

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

    def taps(self, person: str, shown: Shown, label: str, nth: int = 0) -> Json:
        """Somebody presses a button; returns what the sandbox says of it."""
        block_id, element = shown.button(label, nth)
        source = {"type": "message", "channel": shown.channel, "ts": shown.raw["ts"]}
        return self._post(
            "press",
            {"as": person, "source": source, "block_id": block_id, "action_id": element["action_id"]},
        )

    def form(self, person: str) -> Form:
        """The form that this person has open; it may still be on its way."""
        views = self._eventually(lambda: self.state(person)["views"], "no form opened")
        return Form(views[-1])

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
        found = self._eventually(
            lambda: self.messages(person, channel) if len(self.messages(person, channel)) > seen else [],
            "no new message",
        )
        newest: Shown = found[-1]
        return newest

    def state(self, person: str) -> Json:
        """The workspace as this person sees it."""
        found: Json = self._http.get("/ui/state", params={"as": person}).json()
        return found

    def home(self, person: str) -> Json:
        """The Home tab, opened by this person, as soon as the app has made it."""
        look = lambda: self._http.get("/ui/home", params={"as": person}).json().get("view")  # noqa: E731
        found: Json = self._eventually(look, "no Home tab")
        return found

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

    def control(self, **what: Any) -> Json:
        """Let the sandbox misbehave, or change somebody."""
        return self._post("control", what)

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
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = look()
            if found:
                return found
            time.sleep(0.02)
        raise AssertionError(otherwise)

    def _post(self, path: str, body: Json) -> Json:
        answer: Json = self._http.post(f"/ui/{path}", json=body).json()
        return answer


def _words(blocks: list[Json]) -> list[str]:
    found: list[str] = []
    for block in blocks:
        texts = [block.get("text"), *block.get("fields", []), *block.get("elements", [])]
        found += [each["text"] for each in texts if isinstance(each, dict) and isinstance(each.get("text"), str)]
    return found


def _buttons(blocks: list[Json]) -> list[tuple[str, Json]]:
    found = []
    for block in blocks:
        elements = [*block.get("elements", []), block.get("accessory") or {}]
        found += [(block["block_id"], each) for each in elements if each.get("type") == "button"]
    return found
