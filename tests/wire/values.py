"""What stands in an element, in the shape of Slack's `state.values` (docs.slack.dev, view interactions payload)."""

from typing import Any

Json = dict[str, Any]
Value = str | float | list[str] | Json | None

KEYS = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}


def filled(element: Json, given: Value) -> Json:
    """An element with a choice or a text in it: `{type, selected_…}`.

    Args:
        element: of Block Kit.
        given: a text; an id; an option by its value or its text (external ones in full); a date `YYYY-MM-DD`, a time
            `HH:mm`; epoch seconds; a list of these where several may be chosen; None or "" for nothing.
    """
    kind = element["type"]
    key = KEYS[kind]
    if key.endswith("s"):
        several = given if isinstance(given, list) else [given] if given else []
        return {"type": kind, key: [_one(element, each) for each in several]}
    return {"type": kind, key: None if given in (None, "") else _one(element, given)}


def plain(value: Json) -> str | list[str]:
    """What stands in an element as a person would write it down: options by value, people by id, "" for nothing."""
    held = value[KEYS[value["type"]]]
    return [_written(each) for each in held] if isinstance(held, list) else _written(held)


def _one(element: Json, given: Any) -> Any:
    if not KEYS[element["type"]].startswith("selected_option"):
        return str(given) if element["type"] == "number_input" else given
    if isinstance(given, dict):
        return given
    options = _options(element)
    fitting = [option for option in options if given in (option["value"], option["text"]["text"])]
    assert fitting, f"no option {given!r} among {[option['text']['text'] for option in options]}"
    return fitting[0]


def _options(element: Json) -> list[Json]:
    grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [*element.get("options", []), *grouped]


def _written(held: Any) -> str:
    if isinstance(held, dict):
        return str(held.get("value", held))
    return "" if held is None else str(held)
