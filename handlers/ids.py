"""Every id that goes to Slack and comes back, and the small versioned JSON that buttons carry."""

import json
import re
from typing import Any

LOG_COMMAND = "/log"
BATON_COMMAND = "/baton"

LOG_SHORTCUT = "log_message"

LOG_FORM = "log.form"
LOG_EDIT_FORM = "log.edit_form"

LOG_UNDO = "log.undo"
LOG_EDIT = "log.edit"
LOG_REMOVE = "log.remove"
LOG_RESTORE = "log.restore"
LOG_OPEN_FORM = "log.open_form"
LOG_ANSWER = "log.answer"
LOG_CANCEL = "log.cancel"
LOG_PAGE = "log.page"

VERSION = 1


def each(action_id: str) -> re.Pattern[str]:
    """The ids of several buttons of one kind in one row: Slack wants them different, `ID.0`, `ID.1`, …"""
    return re.compile(rf"^{re.escape(action_id)}\.\d+$")


def pack(**values: Any) -> str:
    """What a button or a form carries."""
    return json.dumps({**values, "v": VERSION}, separators=(",", ":"), ensure_ascii=False)


def unpack(value: str | None) -> dict[str, Any]:
    """What came back. It passed through somebody's client, so it is input like any other.

    Raises:
        ValueError: when it is nothing that `pack` of this version made.
    """
    found = json.loads(value or "null")
    if not isinstance(found, dict) or found.get("v") != VERSION:
        raise ValueError("not a value of this version")
    return found
