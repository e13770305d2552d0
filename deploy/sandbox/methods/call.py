"""One call of the Web API: its arguments, and what a method needs."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sandbox.state import Sandbox
from sandbox.wire import Json, SlackError


class Args:
    """The arguments of a call, from a form (all texts) or from JSON."""

    def __init__(self, given: Json) -> None:
        self.given = given

    def text(self, name: str, default: str = "") -> str:
        """A text or number as text."""
        value = self.given.get(name)
        return default if value is None else str(value)

    def need(self, name: str) -> str:
        """The same, but it has to be there; raises `invalid_arguments`."""
        value = self.text(name)
        if not value:
            raise missing(name)
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean, in a form `1` or `true`."""
        value = self.given.get(name)
        return default if value is None else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        """A whole number; raises `invalid_arguments`."""
        try:
            return int(self.text(name) or default)
        except ValueError:
            raise SlackError("invalid_arguments") from None

    def listed(self, name: str) -> list[str]:
        """A list, or a text with commas."""
        value = self.given.get(name) or ""
        if isinstance(value, list):
            return [str(item) for item in value]
        return [item.strip() for item in str(value).split(",") if item.strip()]

    def parsed(self, name: str) -> Any:
        """An array or object, which forms carry as JSON text; raises `invalid_arguments`."""
        value = self.given.get(name)
        if not isinstance(value, str) or not value:
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError("invalid_arguments") from None


def missing(name: str) -> SlackError:
    """Slack's answer where an argument is not there."""
    message = f"[ERROR] missing required field: {name}"
    return SlackError("invalid_arguments", response_metadata={"messages": [message]})


@dataclass(frozen=True)
class Method:
    """How a method runs and what it wants.

    `scopes`: any of them will do, none means that any token does; a function says them where they depend on the
    arguments. `caller` is whose token it takes: `bot`, `app` or `anyone`.
    """

    run: Callable[[Sandbox, Args], Json]
    scopes: tuple[str, ...] | Callable[[Sandbox, Args], tuple[str, ...]] = ()
    caller: str = "bot"


def page(items: Iterable[Json], args: Args, key: str, default_limit: int = 100) -> Json:
    """One page of a list with `response_metadata.next_cursor`; raises `invalid_cursor`, `invalid_limit`."""
    every = list(items)
    limit = args.number("limit", default_limit)
    if not 1 <= limit <= 1000:
        raise SlackError("invalid_limit")
    start = _start(args.text("cursor"), len(every))
    end = start + limit
    next_cursor = f"from:{end}" if end < len(every) else ""
    return {key: every[start:end], "response_metadata": {"next_cursor": next_cursor}}


def _start(cursor: str, length: int) -> int:
    """Where a page begins; a cursor that was not given out for such a list is refused."""
    if not cursor:
        return 0
    word, _, number = cursor.partition(":")
    if word != "from" or not number.isdecimal() or not 0 < int(number) < length:
        raise SlackError("invalid_cursor")
    return int(number)
