"""Blocks (docs.slack.dev/reference/block-kit/blocks), and where each may stand."""

from collections.abc import Mapping
from typing import Any

from sandbox.checks.elements import ACCESSORY, ACTION, BUTTON, CONTEXT_ACTION, IMAGE, IMAGE_PARTS, INPUT
from sandbox.checks.figures import DATA_TABLE, DATA_VISUALIZATION, TABLE
from sandbox.checks.grammar import (
    Check,
    Parts,
    Reason,
    Reasons,
    at_least_one,
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
from sandbox.checks.texts import RICH_TEXT, RICH_TEXT_PARTS, URL, plain, text
from sandbox.wire import Json

BLOCK_ID: Parts = {"block_id": string(255)}


def _own_action_ids(block: Json, at: str) -> Reasons:
    """An action_id is unique within its block."""
    seen = set()
    for index, element in enumerate(block["elements"]):
        action_id = element.get("action_id")
        if action_id in seen:
            yield Reason(f"{at}/elements/{index}/action_id", "action_id already exists", "duplicate", action_id)
        if action_id:
            seen.add(action_id)


CONTEXT_ELEMENT = by_type({"image": IMAGE, "plain_text": plain(), "mrkdwn": text()})
CARD = both(
    typed(
        {},
        {
            **BLOCK_ID,
            "hero_image": IMAGE,
            "icon": IMAGE,
            "slack_icon": shape({"type": one_of("icon"), "name": string()}, {}),
            "title": text(150),
            "subtitle": text(150),
            "body": text(200),
            "subtext": text(200),
            "actions": listed(BUTTON, 3, least=1),
        },
    ),
    at_least_one("hero_image", "title", "body", "actions"),
)
SOURCE = by_type({"url": typed({"url": string(3000, least=1)}, {"text": string(), "icon_url": URL})})
TASK = shape(
    {
        "task_id": string(),
        "title": string(),
        "status": one_of("pending", "in_progress", "complete", "error"),
    },
    {
        **BLOCK_ID,
        "type": one_of("task_card"),
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": listed(SOURCE),
    },
)

SIMPLE: Parts = {
    "section": both(
        typed(
            {},
            {
                **BLOCK_ID,
                "text": text(),
                "fields": listed(text(2000), 10, least=1),
                "accessory": ACCESSORY,
                "expand": boolean,
            },
        ),
        at_least_one("text", "fields"),
    ),
    "header": typed({"text": plain(150)}, BLOCK_ID),
    "divider": typed({}, BLOCK_ID),
    "image": both(
        typed({"alt_text": string(2000)}, {**BLOCK_ID, **IMAGE_PARTS, "title": plain(2000)}),
        exactly_one("image_url", "slack_file"),
    ),
    "context": typed({"elements": listed(CONTEXT_ELEMENT, 10, least=1)}, BLOCK_ID),
    "actions": both(typed({"elements": listed(ACTION, 25, least=1)}, BLOCK_ID), _own_action_ids),
    "input": typed(
        {"label": plain(2000), "element": INPUT},
        {**BLOCK_ID, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": typed({"elements": RICH_TEXT_PARTS}, BLOCK_ID),
    "video": typed(
        {
            "alt_text": string(200, least=1),
            "title": plain(200),
            "thumbnail_url": URL,
            "video_url": URL,
        },
        {
            **BLOCK_ID,
            "title_url": URL,
            "description": plain(200),
            "author_name": string(50),
            "provider_name": string(50),
            "provider_icon_url": URL,
        },
    ),
    "file": typed({"external_id": string(), "source": one_of("remote")}, BLOCK_ID),
    "table": TABLE,
}
CONTAINED = {
    kind: SIMPLE[kind]
    for kind in (
        "actions",
        "context",
        "divider",
        "file",
        "header",
        "image",
        "input",
        "rich_text",
        "section",
        "table",
        "video",
    )
}
RICHER: Parts = {
    "markdown": typed({"text": string(12_000, least=1)}, BLOCK_ID),
    "data_table": DATA_TABLE,
    "data_visualization": DATA_VISUALIZATION,
    "context_actions": both(typed({"elements": listed(CONTEXT_ACTION, 5, least=1)}, BLOCK_ID), _own_action_ids),
    "card": CARD,
    "carousel": typed({"elements": listed(by_type({"card": CARD}), 10, least=1)}, BLOCK_ID),
    "container": both(
        typed(
            {"child_blocks": listed(by_type(CONTAINED), 10, least=1)},
            {
                **BLOCK_ID,
                "title": plain(150),
                "rich_text_title": RICH_TEXT,
                "subtitle": text(150),
                "icon": IMAGE,
                "width": one_of("narrow", "standard", "wide", "full"),
                "is_collapsible": boolean,
                "default_collapsed": boolean,
                "has_header_divider": boolean,
            },
        ),
        at_least_one("title", "rich_text_title"),
    ),
    "alert": typed(
        {"text": text(200)},
        {**BLOCK_ID, "level": one_of("default", "info", "warning", "error", "success")},
    ),
    "plan": typed({"title": string()}, {**BLOCK_ID, "tasks": listed(TASK)}),
    "task_card": TASK,
}
BLOCKS: Parts = {**SIMPLE, **RICHER}

# Where the pages disagree (table and card), the block is taken.
NOT_IN: Mapping[str, set[str]] = {
    "message": {"alert"},
    "modal": {
        "markdown",
        "table",
        "data_table",
        "data_visualization",
        "context_actions",
        "carousel",
        "container",
        "plan",
        "task_card",
        "file",
    },
    "home": {"alert", "markdown", "context_actions", "container", "plan", "task_card", "file"},
}


def block_for(surface: str) -> Check:
    """A block for a `message`, `modal` or `home`."""
    return by_type({kind: check for kind, check in BLOCKS.items() if kind not in NOT_IN[surface]})


def own_block_ids(blocks: list[Any], at: str) -> Reasons:
    """A block_id is unique in its message or view."""
    seen = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            yield Reason(f"{at}/{index}/block_id", "block_id already exists", "duplicate", block_id)
        if block_id:
            seen.add(block_id)
