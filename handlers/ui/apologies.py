"""What people read when something went wrong: what happened, what to do, and their own text whole."""

from datetime import date
from typing import Any

from bot.errors import BotError, Refused, StoreUnavailable
from bot.reading.text import plain_text
from bot.words import Words
from handlers.ui.blocks import Message, md, quote, section

PROBLEM = ".problem."
"""Stands in the keys of refusals that are about what was typed."""


def apology(words: Words, error: Exception, *, code: str, line: str, looks: bool = False) -> Message:
    """An error in the person's words. `code` stands in the log; `line` is what they typed, quoted back where nothing
    was stored through no fault of theirs, or because of what it says. Whoever only `looks` has nothing to be stored.
    """
    key = error.key if isinstance(error, BotError) else "error.unknown"
    key = "error.store_home" if looks and isinstance(error, StoreUnavailable) else key
    params = _shown(words, error.params) if isinstance(error, BotError) else {}
    text = md(words, key, code=code, **params)
    if not line or isinstance(error, Refused):
        about_line = quote(line) if line and PROBLEM in key else []
        return Message(text, [section(text), *about_line])
    kept = md(words, "error.your_text")
    return Message(f"{text} {kept} {md(words, 'error.line', line=line)}", [section(text), section(kept), *quote(line)])


def _shown(words: Words, params: dict[str, object]) -> dict[str, object]:
    return {name: words.date(value) if isinstance(value, date) else value for name, value in params.items()}


def form_did_not_open(words: Words, line: str) -> Message:
    """The form came too late for Slack."""
    text = md(words, "error.form")
    return Message(text, [section(text), *(quote(line) if line else [])])


def typed(payload: dict[str, Any]) -> str:
    """The command as it was typed, or nothing for a press; Slack's own escapes are undone."""
    command, text = payload.get("command"), payload.get("text")
    return f"{command} {plain_text(str(text))}" if command and text else ""


def first_field(payload: dict[str, Any]) -> str:
    """The first field of a form: where an error is shown that belongs to no field."""
    blocks = payload.get("view", {}).get("blocks", [])
    return next((block["block_id"] for block in blocks if block.get("type") == "input"), "")
