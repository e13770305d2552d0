"""Whole messages and views (docs.slack.dev/reference/views, /reference/methods/chat.postMessage)."""

from typing import Any

from sandbox.checks.blocks import block_for, own_block_ids
from sandbox.checks.figures import LONGEST_TABLE, characters
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
    shape,
    string,
    typed,
)
from sandbox.checks.texts import OPTION_GROUPS, OPTIONS, plain
from sandbox.wire import Json

MOST_CHARTS = 2
LONGEST_MARKDOWN = 12_000
MOST_ATTACHMENTS = 100
VIEW_ID = string(255)

MESSAGE_BLOCKS = listed(block_for("message"), 50)


def _markdown_in_all(blocks: list[Json], at: str) -> Reasons:
    together = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if together > LONGEST_MARKDOWN:
        message = f"markdown blocks must be less than {LONGEST_MARKDOWN + 1} characters in all"
        yield Reason(at, message, "too_long", LONGEST_MARKDOWN)


def _charts_in_all(blocks: list[Json], at: str) -> Reasons:
    if sum(block["type"] == "data_visualization" for block in blocks) > MOST_CHARTS:
        message = f"no more than {MOST_CHARTS} data_visualization blocks allowed"
        yield Reason(at, message, "too_many", MOST_CHARTS)


def _tables_in_all(blocks: list[Json], at: str) -> Reasons:
    tables = [block for block in blocks if block["type"] == "table"]
    if sum(characters(table["rows"]) for table in tables) > LONGEST_TABLE:
        yield Reason(at, f"tables must be less than {LONGEST_TABLE + 1} characters", "too_long", LONGEST_TABLE)


def _one_focus(view: Json, at: str) -> Reasons:
    focused = [block for block in view["blocks"] if block.get("element", {}).get("focus_on_load")]
    if len(focused) > 1:
        yield Reason(f"{at}/blocks", "only one element may have focus_on_load", "conflict", "focus_on_load")


def _submit_for_inputs(view: Json, at: str) -> Reasons:
    if any(block["type"] == "input" for block in view["blocks"]) and "submit" not in view:
        yield Reason(at, "missing required field: submit", "missing", "submit")


def _blocks_of(surface: str) -> Check:
    return both(listed(block_for(surface), 100, least=1), own_block_ids)


COMMON = {"private_metadata": string(3000), "callback_id": VIEW_ID, "external_id": VIEW_ID}
MODAL = both(
    typed(
        {"title": plain(24), "blocks": _blocks_of("modal")},
        {
            **COMMON,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
        },
    ),
    _submit_for_inputs,
    _one_focus,
)
HOME = both(typed({"blocks": _blocks_of("home")}, COMMON), _one_focus)
VIEWS = {"modal": MODAL, "home": HOME}


def view_reasons(view: Any, kind: str) -> list[Reason]:
    """What is wrong with a view of this kind (`modal` or `home`)."""
    return list(by_type({kind: VIEWS[kind]})(view, "/view"))


def message_reasons(given: Any, webhook: bool = False) -> dict[str, list[Reason]]:
    """What is wrong with the blocks and attachments of a message, by Slack's error code.

    Over a response url (`webhook`) Slack does not mind two blocks with the same block_id.
    """
    blocks, attachments = given.get("blocks") or [], given.get("attachments") or []
    unique = anything if webhook else own_block_ids
    check = both(MESSAGE_BLOCKS, unique, _markdown_in_all, _charts_in_all, _tables_in_all)
    found = {"invalid_blocks": list(check(blocks, "/blocks"))}
    if not found["invalid_blocks"] and sum(block["type"] == "table" for block in blocks) > 1:
        found["invalid_attachments"] = [Reason("/blocks", "only_one_table_allowed", "too_many", 1)]
    if len(attachments) > MOST_ATTACHMENTS:
        message = f"no more than {MOST_ATTACHMENTS} attachments allowed"
        found["too_many_attachments"] = [Reason("/attachments", message, "too_many", MOST_ATTACHMENTS)]
    for index, attachment in enumerate(attachments):
        at = f"/attachments/{index}"
        found.setdefault("invalid_attachments", []).extend(_attachment(attachment, at))
    return {error: reasons for error, reasons in found.items() if reasons}


def _attachment(attachment: Any, at: str) -> Reasons:
    if not isinstance(attachment, dict):
        yield Reason(at, "must provide an object", "wrong_type", "object")
        return
    yield from both(MESSAGE_BLOCKS, own_block_ids)(attachment.get("blocks", []), f"{at}/blocks")
    if "footer" in attachment:
        yield from string(300)(attachment["footer"], f"{at}/footer")


CHOICES = both(shape({}, {"options": OPTIONS, "option_groups": OPTION_GROUPS}), exactly_one("options", "option_groups"))
EMPTY_CHOICES: tuple[Json, ...] = ({"options": []}, {"option_groups": []})


def choice_reasons(choices: Json) -> list[Reason]:
    """What is wrong with the answer to a block_suggestion; nothing found is a fair answer."""
    return [] if choices in EMPTY_CHOICES else list(CHOICES(choices, ""))
