"""Block Kit's elements with a value: where they stand, what they hold, what Slack's client checks."""

import re
from collections.abc import Iterator
from typing import Any

from sandbox.wire import Json, SlackError, new_id

# element type -> (key of its value in state.values and in actions, key of its initial value)
STATEFUL = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "initial_files"),
}
PRESSED = {"button", "overflow", "workflow_button", "icon_button", "feedback_buttons"}
LISTS = {"selected_options", "selected_users", "selected_conversations", "selected_channels", "files"}
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
URL = re.compile(r"https?://\S+")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
WHOLE_NUMBER = re.compile(r"-?\d+")

Found = tuple[Json, Json]


def elements(blocks: list[Json]) -> Iterator[Found]:
    """Every interactive element with the block it stands in, also inside cards, containers and tables."""
    for block in blocks:
        yield from ((block, element) for element in _inside(block))
        nested = [*block.get("child_blocks", []), *(block["elements"] if block["type"] == "carousel" else [])]
        yield from elements(nested)


def _inside(part: Any) -> Iterator[Json]:
    if isinstance(part, list):
        for item in part:
            yield from _inside(item)
    elif isinstance(part, dict):
        if part.get("type") in STATEFUL or part.get("type") in PRESSED:
            yield part
        for key, value in part.items():
            if key not in ("child_blocks", "confirm") and not _is_card_list(part, key):
                yield from _inside(value)


def _is_card_list(part: Json, key: str) -> bool:
    return key == "elements" and part.get("type") == "carousel"


def with_ids(blocks: list[Json]) -> list[Json]:
    """The blocks with a made-up block_id and action_id wherever the app gave none, as Slack does."""
    for block in blocks:
        block.setdefault("block_id", new_id("")[:5])
        with_ids(block.get("child_blocks", []))
        if block["type"] == "carousel":
            with_ids(block["elements"])
    for _, element in elements(blocks):
        element.setdefault("action_id", new_id("")[:5])
    return blocks


def find(blocks: list[Json], block_id: str, action_id: str) -> Found:
    """The element with its block; raises `not_found`."""
    for block, element in elements(blocks):
        if block["block_id"] == block_id and element["action_id"] == action_id:
            return block, element
    raise SlackError("not_found")


def held(element: Json, given: Json | None = None) -> Json:
    """What state.values says of an element: its type and the given value, or else its initial one."""
    key, initial = STATEFUL[element["type"]]
    empty: Any = [] if key in LISTS else None
    value = element.get(initial, empty) if given is None else given.get(key, empty)
    sent = {"type": element["type"], key: _option_in_full(element, value)}
    if "timezone" in element:
        sent["timezone"] = element["timezone"]
    return sent


def values(blocks: list[Json], known: Json, given: Json | None = None) -> Json:
    """state.values of these blocks: what was just given, else what was known, else the initial values."""
    state: Json = {}
    for block, element in elements(blocks):
        if element["type"] in STATEFUL:
            block_id, action_id = block["block_id"], element["action_id"]
            new = (given or {}).get(block_id, {}).get(action_id) or known.get(block_id, {}).get(action_id)
            same_type = new is not None and new.get("type", element["type"]) == element["type"]
            state.setdefault(block_id, {})[action_id] = held(element, new if same_type else None)
    return state


def options_of(element: Json) -> list[Json]:
    """The options of a menu, those in groups too."""
    grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [*element.get("options", []), *grouped]


def _option_in_full(element: Json, value: Any) -> Any:
    """An option given by its value alone becomes the menu's own; raises `invalid_option` if it has none."""
    if isinstance(value, list):
        return [_option_in_full(element, item) for item in value]
    choices = options_of(element)
    if not isinstance(value, dict) or not choices or "value" not in value:
        return value
    for option in choices:
        if option.get("value") == value["value"]:
            return {key: option[key] for key in ("text", "value", "description") if key in option}
    raise SlackError("invalid_option")


def action_fields(element: Json, given: Json) -> Json:
    """The fields that an action carries besides its ids: `value` of a button, `selected_…` of a menu."""
    kind = element["type"]
    if kind in STATEFUL:
        return held(element, given)
    fields: Json = {key: element[key] for key in ("text", "value", "style") if key in element}
    if kind == "overflow":
        if "selected_option" not in given:
            raise SlackError("invalid_option")
        fields = {"selected_option": _option_in_full(element, given["selected_option"])}
    if kind == "feedback_buttons":
        fields = given
    return {"type": kind, **fields}


def complaints(blocks: list[Json], state: Json) -> dict[str, str]:
    """What Slack's client says under the inputs before anything is sent, by block_id."""
    found = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            key, _ = STATEFUL[element["type"]]
            value = state[block["block_id"]][element["action_id"]][key]
            said = _complaint(element, value, required=not block.get("optional", False))
            if said:
                found[block["block_id"]] = said
    return found


def _complaint(element: Json, value: Any, required: bool) -> str:
    if value in (None, "", []):
        return "Please complete this required field." if required else ""
    check = _FORMS.get(element["type"])
    return check(element, value) if check else ""


def _length(element: Json, value: str) -> str:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    return f"Please enter no more than {most} characters." if len(value) > most else ""


def _email(_: Json, value: str) -> str:
    return "" if EMAIL.fullmatch(value) else "Please enter a valid email address."


def _url(_: Json, value: str) -> str:
    return "" if URL.fullmatch(value) else "Please enter a valid URL."


def _number(element: Json, value: str) -> str:
    form = NUMBER if element["is_decimal_allowed"] else WHOLE_NUMBER
    if not form.fullmatch(value):
        return "Please enter a valid number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return ""


_FORMS = {
    "plain_text_input": _length,
    "email_text_input": _email,
    "url_text_input": _url,
    "number_input": _number,
}
