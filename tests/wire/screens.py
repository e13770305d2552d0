"""What somebody has before their eyes: a message, an open form, the Home tab."""

import copy
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from tests.wire import reading, values
from tests.wire.reading import Json
from tests.wire.values import Value


class Screen(ABC):
    """Anything made of blocks."""

    @property
    @abstractmethod
    def blocks(self) -> list[Json]:
        """The blocks, as the app sent them."""

    @property
    @abstractmethod
    def source(self) -> Json:
        """Where the blocks stand, for the sandbox."""

    @property
    def text(self) -> str:
        """Every word of the blocks, in reading order, those of menus and buttons too; one piece a line."""
        return "\n".join(reading.words(self.blocks))

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons, in order."""
        return [element["text"]["text"] for _, element in reading.buttons(self.blocks)]

    def button(self, label: str, nth: int = 0) -> tuple[str, Json]:
        """The block id and the element of the button with this label."""
        found = [pair for pair in reading.buttons(self.blocks) if pair[1]["text"]["text"] == label]
        assert len(found) > nth, f"no button {label!r} ({nth}) among {self.buttons} in:\n{self.text}"
        block, element = found[nth]
        return str(block["block_id"]), element

    def menu(self, name: str, nth: int = 0) -> tuple[str, Json]:
        """The block id and the element to choose in: by id, placeholder, label, or words of its section."""
        found = reading.menus(self.blocks, name)
        assert len(found) > nth, f"nothing to choose called {name!r} ({nth}) in:\n{self.text}"
        block, element = found[nth]
        return str(block["block_id"]), element

    def state(self) -> Json | None:
        """What was typed here and not told yet; None where the sandbox keeps it."""
        return None


@dataclass
class Shown(Screen):
    """A message as somebody sees it."""

    raw: Json
    channel: str

    @property
    def blocks(self) -> list[Json]:
        return self.raw.get("blocks") or []

    @property
    def source(self) -> Json:
        return {"type": "message", "channel": self.channel, "ts": self.raw["ts"]}

    @property
    def text(self) -> str:
        """Every word of the blocks, in reading order; the fallback where there are none."""
        return super().text or self.fallback

    @property
    def fallback(self) -> str:
        """What a notification or a screen reader says."""
        return str(self.raw.get("text") or "")


@dataclass
class Home(Screen):
    """The Home tab as it was published for somebody."""

    view: Json

    @property
    def blocks(self) -> list[Json]:
        found: list[Json] = self.view["blocks"]
        return found

    @property
    def source(self) -> Json:
        return {"type": "view", "view_id": self.view["id"]}


@dataclass
class Form(Screen):
    """An open modal; fields are found by their labels or by the ids of their blocks."""

    view: Json
    values: dict[str, Value] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        found: list[Json] = self.view["blocks"]
        return found

    @property
    def source(self) -> Json:
        return {"type": "view", "view_id": self.id}

    @property
    def id(self) -> str:
        """The view's id."""
        return str(self.view["id"])

    @property
    def title(self) -> str:
        """What stands on top."""
        return str(self.view["title"]["text"])

    @property
    def labels(self) -> list[str]:
        """What the fields are called, in order."""
        return [block["label"]["text"] for block in self.blocks if block["type"] == "input"]

    def field_id(self, label: str) -> str:
        """The block id of the field with this label."""
        return str(self._field(label)[0]["block_id"])

    def initial(self, label: str) -> str | list[str]:
        """What the field was opened with: a text, an option's value, an id; a list where several may be chosen."""
        block, element = self._field(label)
        return values.plain(self.view["state"]["values"][block["block_id"]][element["action_id"]])

    def fill(self, by_label: dict[str, Value] | None = None, /, **by_block: Value) -> "Form":
        """Fill fields, named by label in a dict or by block id as keywords; None clears. For values see `filled`."""
        self.values |= {self.field_id(label): value for label, value in (by_label or {}).items()} | by_block
        return self

    def state(self) -> Json:
        """Every field as Slack reports it on submission."""
        state: Json = copy.deepcopy(self.view["state"]["values"])
        for name, value in self.values.items():
            block, element = self._field(name)
            known = state[block["block_id"]][element["action_id"]]
            state[block["block_id"]][element["action_id"]] = known | values.filled(element, value)
        return state

    def _field(self, name: str) -> tuple[Json, Json]:
        stateful = [pair for pair in reading.elements(self.blocks) if pair[1]["type"] in values.KEYS]
        labelled = [pair for pair in stateful if name in (pair[0]["block_id"], pair[0].get("label", {}).get("text"))]
        assert labelled, f"no field {name!r} in {self.title!r}: {[block['block_id'] for block, _ in stateful]}"
        return labelled[0]
