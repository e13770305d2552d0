"""Block elements (docs.slack.dev/reference/block-kit/block-elements), and which block takes which."""

import re
from datetime import date
from zoneinfo import available_timezones

from sandbox.checks.grammar import (
    Check,
    Parts,
    anything,
    boolean,
    both,
    by_type,
    exactly_one,
    listed,
    matching,
    one_of,
    ordered,
    shape,
    string,
    typed,
    whole,
)
from sandbox.checks.texts import (
    CONFIRM,
    DISPATCH,
    FILTER,
    LINKED_OPTION,
    MARKED_OPTION,
    OPTION,
    OPTION_GROUPS,
    OPTIONS,
    RICH_TEXT,
    SLACK_FILE,
    URL,
    WORKFLOW,
    initial_among_options,
    plain,
)

ACTION_ID = string(255)
STYLE = one_of("primary", "danger")
LABEL = string(75)
BUTTON_VALUE = string(2000)


def _is_date(given: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", given):
        return False
    try:
        return bool(date.fromisoformat(given))
    except ValueError:
        return False


DATE = matching(_is_date, "a date as YYYY-MM-DD")
TIME = matching(lambda given: bool(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", given)), "a time as HH:mm")
ZONE = matching(lambda given: given in available_timezones(), "an IANA time zone")
NUMBER = matching(lambda given: bool(re.fullmatch(r"-?\d+(\.\d+)?", given)), "a number in a string")
EPOCH = whole(1_000_000_000, 9_999_999_999)  # ten digits

PRESSED: Parts = {"action_id": ACTION_ID, "confirm": CONFIRM}
CHOSEN: Parts = {**PRESSED, "focus_on_load": boolean}
PICKED: Parts = {**CHOSEN, "placeholder": plain(150)}
MANY: Parts = {**PICKED, "max_selected_items": whole(1)}
WRITTEN: Parts = {
    "action_id": ACTION_ID,
    "focus_on_load": boolean,
    "placeholder": plain(150),
    "dispatch_action_config": DISPATCH,
}
ONE_FROM_WORKSPACE: Parts = {**PICKED, "response_url_enabled": boolean}
CONVERSATIONS: Parts = {"default_to_current_conversation": boolean, "filter": FILTER}


def _menu(parts: Parts, initial: str, initial_check: Check) -> Check:
    choices = {"options": OPTIONS, "option_groups": OPTION_GROUPS, initial: initial_check}
    menu = typed({}, {**parts, **choices})
    return both(menu, exactly_one("options", "option_groups"), initial_among_options)


def _buttons(option: Check, initial: str, initial_check: Check) -> Check:
    required = {"options": listed(option, 10, least=1)}
    return both(typed(required, {**CHOSEN, initial: initial_check}), initial_among_options)


FEEDBACK = shape({"text": plain(75), "value": BUTTON_VALUE}, {"accessibility_label": LABEL})
IMAGE_PARTS: Parts = {"image_url": URL, "slack_file": SLACK_FILE}
IMAGE = both(typed({"alt_text": string(2000)}, IMAGE_PARTS), exactly_one("image_url", "slack_file"))
PLAIN_TEXT_INPUT = typed(
    {},
    {
        **WRITTEN,
        "initial_value": string(),
        "multiline": boolean,
        "min_length": whole(0, 3000),
        "max_length": whole(1, 3000),
    },
)
NUMBER_INPUT = typed(
    {"is_decimal_allowed": boolean},
    {**WRITTEN, "initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
)
# Slack documents a rich_text block; an inline text is taken as well.
RICH_INITIAL = by_type({"rich_text": RICH_TEXT, "text": anything})
EXTERNAL: Parts = {"min_query_length": whole(0)}
IDS = listed(string())

ELEMENTS: Parts = {
    "button": typed(
        {"text": plain(75)},
        {**PRESSED, "value": BUTTON_VALUE, "url": URL, "style": STYLE, "accessibility_label": LABEL},
    ),
    "workflow_button": typed(
        {"text": plain(75), "workflow": WORKFLOW},
        {"action_id": ACTION_ID, "style": STYLE, "accessibility_label": LABEL},
    ),
    "overflow": typed({"options": listed(LINKED_OPTION, 5, least=1)}, PRESSED),
    "static_select": _menu(PICKED, "initial_option", OPTION),
    "multi_static_select": _menu(MANY, "initial_options", OPTIONS),
    "external_select": typed({}, {**PICKED, **EXTERNAL, "initial_option": OPTION}),
    "multi_external_select": typed({}, {**MANY, **EXTERNAL, "initial_options": OPTIONS}),
    "users_select": typed({}, {**PICKED, "initial_user": string()}),
    "multi_users_select": typed({}, {**MANY, "initial_users": IDS}),
    "channels_select": typed({}, {**ONE_FROM_WORKSPACE, "initial_channel": string()}),
    "multi_channels_select": typed({}, {**MANY, "initial_channels": IDS}),
    "conversations_select": typed({}, {**ONE_FROM_WORKSPACE, **CONVERSATIONS, "initial_conversation": string()}),
    "multi_conversations_select": typed({}, {**MANY, **CONVERSATIONS, "initial_conversations": IDS}),
    "radio_buttons": _buttons(MARKED_OPTION, "initial_option", MARKED_OPTION),
    "checkboxes": _buttons(MARKED_OPTION, "initial_options", listed(MARKED_OPTION, 10)),
    "datepicker": typed({}, {**PICKED, "initial_date": DATE}),
    "timepicker": typed({}, {**PICKED, "initial_time": TIME, "timezone": ZONE}),
    "datetimepicker": typed({}, {**CHOSEN, "initial_date_time": EPOCH}),
    "plain_text_input": both(PLAIN_TEXT_INPUT, ordered("min_length", "max_length")),
    "number_input": both(NUMBER_INPUT, ordered("min_value", "max_value")),
    "email_text_input": typed({}, {**WRITTEN, "initial_value": string()}),
    "url_text_input": typed({}, {**WRITTEN, "initial_value": string()}),
    "rich_text_input": typed({}, {**WRITTEN, "initial_value": RICH_INITIAL}),
    "file_input": typed(
        {}, {"action_id": ACTION_ID, "filetypes": listed(string(), least=1), "max_files": whole(1, 10)}
    ),
    "feedback_buttons": typed({"positive_button": FEEDBACK, "negative_button": FEEDBACK}, {"action_id": ACTION_ID}),
    "icon_button": typed(
        {"icon": one_of("trash"), "text": plain(75)},
        {
            **PRESSED,
            "value": BUTTON_VALUE,
            "accessibility_label": LABEL,
            "visible_to_user_ids": listed(string(), 10),
        },
    ),
    "image": IMAGE,
}

SELECTS = {"static_select", "external_select", "users_select", "channels_select", "conversations_select"}
MULTI_SELECTS = {f"multi_{select}" for select in SELECTS}
PICKERS = {"radio_buttons", "checkboxes", "datepicker", "timepicker"}
BUTTONS = {"button", "workflow_button", "overflow"}
INPUTS = {
    *SELECTS,
    *MULTI_SELECTS,
    *PICKERS,
    "datetimepicker",
    "plain_text_input",
    "number_input",
    "email_text_input",
    "url_text_input",
    "rich_text_input",
    "file_input",
}


def element_of(kinds: set[str]) -> Check:
    """One of these elements."""
    return by_type({kind: ELEMENTS[kind] for kind in sorted(kinds)})


ACCESSORY = element_of({*BUTTONS, *SELECTS, *MULTI_SELECTS, *PICKERS, "image"})
ACTION = element_of({*BUTTONS, *SELECTS, *PICKERS, "datetimepicker"})
INPUT = element_of(INPUTS)
BUTTON = element_of({"button"})
CONTEXT_ACTION = element_of({"feedback_buttons", "icon_button"})
