"""Texts, options, confirmations (docs.slack.dev/reference/block-kit/composition-objects)."""

from typing import Any

from sandbox.checks.grammar import (
    Check,
    Reason,
    Reasons,
    anything,
    boolean,
    both,
    by_type,
    exactly_one,
    listed,
    one_of,
    shape,
    string,
    typed,
)

LONGEST_TEXT = 3000
MOST_OPTIONS = 100
URL = string(3000)


def plain(most: int = LONGEST_TEXT) -> Check:
    """A plain_text object."""
    return by_type({"plain_text": typed({"text": string(most, least=1)}, {"emoji": boolean})})


def text(most: int = LONGEST_TEXT) -> Check:
    """A plain_text or mrkdwn object; `emoji` belongs to the first, `verbatim` to the second."""
    return by_type(
        {
            "plain_text": typed({"text": string(most, least=1)}, {"emoji": boolean}),
            "mrkdwn": typed({"text": string(most, least=1)}, {"verbatim": boolean}),
        }
    )


def _option(words: Check, **more: Check) -> Check:
    return shape({"text": words, "value": string(150)}, {"description": text(75), **more})


OPTION = _option(plain(75))
MARKED_OPTION = _option(text(75))  # radio buttons and checkboxes take mrkdwn
LINKED_OPTION = _option(plain(75), url=URL)  # only an overflow menu takes a url
OPTION_GROUP = shape({"label": plain(75), "options": listed(OPTION, MOST_OPTIONS, least=1)}, {})
OPTIONS = listed(OPTION, MOST_OPTIONS, least=1)
OPTION_GROUPS = listed(OPTION_GROUP, MOST_OPTIONS, least=1)
CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
DISPATCH = shape({"trigger_actions_on": listed(one_of("on_enter_pressed", "on_character_entered"), least=1)}, {})
SLACK_FILE = both(shape({}, {"id": string(), "url": URL}), exactly_one("id", "url"))
FILTER = shape(
    {},
    {
        "include": listed(one_of("im", "mpim", "private", "public"), least=1),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
TRIGGER = shape(
    {"url": URL},
    {"customizable_input_parameters": listed(shape({"name": string(), "value": string()}, {}))},
)
WORKFLOW = shape({"trigger": TRIGGER}, {})


def initial_among_options(element: Any, at: str) -> Reasons:
    """What is chosen at first is one of the options, exactly."""
    choices = [*element.get("options", [])]
    for group in element.get("option_groups", []):
        choices += group["options"]
    chosen = [("initial_option", element.get("initial_option"))]
    chosen += [("initial_options", option) for option in element.get("initial_options", [])]
    for key, option in chosen:
        if option is not None and option not in choices:
            yield Reason(f"{at}/{key}", "must be one of the provided options", "unsupported", key)


STYLE = shape(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), boolean
    ),
)
INLINE = by_type(
    {
        "text": typed({"text": string(least=1)}, {"style": STYLE}),
        "link": typed({"url": URL}, {"text": string(), "style": STYLE, "unsafe": boolean}),
        "user": typed({"user_id": string()}, {"style": STYLE}),
        "usergroup": typed({"usergroup_id": string()}, {"style": STYLE}),
        "channel": typed({"channel_id": string()}, {"style": STYLE}),
        "team": typed({"team_id": string()}, {"style": STYLE}),
        "emoji": typed({"name": string()}, {"unicode": string(), "skin_tone": anything, "style": STYLE}),
        "date": typed(
            {"timestamp": anything, "format": string()},
            {"url": URL, "fallback": string(), "style": STYLE},
        ),
        "broadcast": typed({"range": one_of("here", "channel", "everyone")}, {"style": STYLE}),
        "color": typed({"value": string()}, {"style": STYLE}),
    }
)
INLINES = listed(INLINE)
SECTION = typed({"elements": INLINES}, {})
RICH_TEXT_PARTS = listed(
    by_type(
        {
            "rich_text_section": SECTION,
            "rich_text_quote": typed({"elements": INLINES}, {"border": anything}),
            "rich_text_preformatted": typed({"elements": INLINES}, {"border": anything, "language": string()}),
            "rich_text_list": typed(
                {"elements": listed(SECTION), "style": one_of("bullet", "ordered")},
                dict.fromkeys(("indent", "offset", "border"), anything),
            ),
        }
    ),
    least=1,
)
RICH_TEXT = by_type({"rich_text": typed({"elements": RICH_TEXT_PARTS}, {"block_id": string(255)})})
