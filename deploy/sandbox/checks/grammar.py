"""The words in which Slack's rules are written down: small checks that are put together to bigger ones.

A check takes a value and the JSON pointer of its place, and yields a reason for each thing that is refused.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reason:
    """One thing that is wrong at `pointer`; `code` and `constraint` say it to programs."""

    pointer: str
    message: str
    code: str
    constraint: Any = None

    def __str__(self) -> str:
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"


Reasons = Iterator[Reason]
Check = Callable[[Any, str], Reasons]
Parts = Mapping[str, Check]


def anything(_: Any, __: str) -> Reasons:
    """Takes every value."""
    yield from ()


def string(most: int | None = None, least: int = 0) -> Check:
    """A text of `least` to `most` characters (code points)."""

    def check(value: Any, at: str) -> Reasons:
        if not isinstance(value, str):
            yield Reason(at, "must provide a string", "wrong_type", "string")
        elif len(value) < least:
            yield Reason(at, f"must be more than {least - 1} characters", "too_short", least)
        elif most is not None and len(value) > most:
            yield Reason(at, f"must be less than {most + 1} characters", "too_long", most)

    return check


def whole(least: int | None = None, most: int | None = None) -> Check:
    """A whole number from `least` to `most`."""

    def check(value: Any, at: str) -> Reasons:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Reason(at, "must provide an integer", "wrong_type", "integer")
        elif least is not None and value < least:
            yield Reason(at, f"must be greater than or equal to {least}", "out_of_range", least)
        elif most is not None and value > most:
            yield Reason(at, f"must be less than or equal to {most}", "out_of_range", most)

    return check


def number(value: Any, at: str) -> Reasons:
    """Any number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield Reason(at, "must provide a number", "wrong_type", "number")


def boolean(value: Any, at: str) -> Reasons:
    """True or false."""
    if not isinstance(value, bool):
        yield Reason(at, "must provide a boolean", "wrong_type", "boolean")


def one_of(*words: str) -> Check:
    """One of these words."""

    def check(value: Any, at: str) -> Reasons:
        if value not in words:
            yield Reason(at, f"must be one of: {', '.join(words)}", "unsupported", list(words))

    return check


def matching(right: Callable[[str], bool], meant: str) -> Check:
    """A text for which `right` holds; `meant` names it in the refusal."""

    def check(value: Any, at: str) -> Reasons:
        if not isinstance(value, str) or not right(value):
            yield Reason(at, f"must be {meant}", "wrong_form", meant)

    return check


def listed(item: Check, most: int | None = None, least: int = 0) -> Check:
    """An array of `least` to `most` items that each pass `item`."""

    def check(value: Any, at: str) -> Reasons:
        if not isinstance(value, list):
            yield Reason(at, "must provide an array", "wrong_type", "array")
            return
        if len(value) < least:
            yield Reason(at, f"no fewer than {least} items allowed", "too_few", least)
        if most is not None and len(value) > most:
            yield Reason(at, f"no more than {most} items allowed", "too_many", most)
        for index, part in enumerate(value):
            yield from item(part, f"{at}/{index}")

    return check


def shape(required: Parts, optional: Parts) -> Check:
    """An object with these properties and no others."""
    known = {**required, **optional}

    def check(value: Any, at: str) -> Reasons:
        if not isinstance(value, dict):
            yield Reason(at, "must provide an object", "wrong_type", "object")
            return
        for key in required.keys() - value.keys():
            yield Reason(at, f"missing required field: {key}", "missing", key)
        for key, part in value.items():
            if key in known:
                yield from known[key](part, f"{at}/{key}")
            else:
                yield Reason(at, f"invalid additional property: {key}", "unknown_property", key)

    return check


def typed(required: Parts, optional: Parts) -> Check:
    """The same for an object that carries a `type`."""
    return shape({"type": anything, **required}, optional)


def by_type(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` decides which check it has to pass."""

    def check(value: Any, at: str) -> Reasons:
        if not isinstance(value, dict):
            yield Reason(at, "must provide an object", "wrong_type", "object")
        elif "type" not in value:
            yield Reason(at, "missing required field: type", "missing", "type")
        elif not isinstance(value["type"], str) or value["type"] not in kinds:
            yield Reason(f"{at}/type", f"unsupported type: {value['type']}", "unsupported", list(kinds))
        else:
            yield from kinds[value["type"]](value, at)

    return check


def both(first: Check, *rules: Check) -> Check:
    """Further rules for a value whose parts are right."""

    def check(value: Any, at: str) -> Reasons:
        reasons = list(first(value, at))
        yield from reasons
        if not reasons:
            for rule in rules:
                yield from rule(value, at)

    return check


def exactly_one(*keys: str) -> Check:
    """An object with one of these properties, and not two."""

    def check(value: Any, at: str) -> Reasons:
        given = [key for key in keys if key in value]
        if not given:
            yield Reason(at, f"missing required field: {keys[0]}", "missing", list(keys))
        elif len(given) > 1:
            yield Reason(at, f"only one of {', '.join(keys)} allowed", "conflict", list(keys))

    return check


def at_least_one(*keys: str) -> Check:
    """An object with one or more of these properties."""

    def check(value: Any, at: str) -> Reasons:
        if not any(key in value for key in keys):
            yield Reason(at, f"must define at least one of: {', '.join(keys)}", "missing", list(keys))

    return check


def ordered(low: str, high: str) -> Check:
    """An object whose property `low` is not above its property `high`; both may be numbers in texts."""

    def check(value: Any, at: str) -> Reasons:
        if low in value and high in value and float(value[low]) > float(value[high]):
            yield Reason(at, f"{low} must not be greater than {high}", "out_of_range", [low, high])

    return check
