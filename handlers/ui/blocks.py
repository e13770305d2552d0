"""Block Kit primitives: they keep what people typed harmless and every length inside Slack's limits.

Limits are Slack's own (docs.slack.dev/reference/block-kit). Text that people typed reaches mrkdwn only through
`md` or `escape`; every mrkdwn object is `verbatim`, so that Slack makes no mention or link of it on its own.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.words import Words

Block = dict[str, Any]

TEXT_MAX = 3000
FALLBACK_MAX = 4000
HEADER_MAX = 150
BUTTON_MAX = 75
VALUE_MAX = 2000
LABEL_MAX = 2000
OPTION_MAX = 75
TITLE_MAX = 24
INPUT_MAX = 3000
PLACEHOLDER_MAX = 150
METADATA_MAX = 3000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TABLE_ROWS = 100
CELL_MAX = 60
FIELDS = 10

HALF_ENTITY = re.compile(r"&[a-z]{0,3}$")


class Mrkdwn(str):
    """Text that is mrkdwn already; `md` leaves it as it is."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Message:
    """Blocks, and the text that notifications and screen readers use instead of them."""

    text: str
    blocks: list[Block] = field(default_factory=list)

    def payload(self) -> dict[str, Any]:
        """The fields of a message as Slack's methods take them."""
        plain = self.text.replace("*", "").replace("`", "")
        return {"text": cut(plain, FALLBACK_MAX), "blocks": self.blocks[:MESSAGE_BLOCKS]}


def escape(text: str) -> Mrkdwn:
    """Text that people typed, as mrkdwn shows it literally (docs.slack.dev, formatting message text)."""
    return Mrkdwn(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def md(words: Words, key: str, **params: object) -> Mrkdwn:
    """A message of the catalogue as mrkdwn, with every parameter escaped that is not mrkdwn itself."""
    safe = {
        name: escape(value) if isinstance(value, str) and not isinstance(value, Mrkdwn) else value
        for name, value in params.items()
    }
    return Mrkdwn(words(key, **safe))


def md_plural(words: Words, key: str, n: int, **params: object) -> Mrkdwn:
    """A plural message of the catalogue, which nothing that people typed goes into."""
    return Mrkdwn(words.plural(key, n, **params))


def on_each_wall(at: datetime, form: str, fallback: str) -> Mrkdwn:
    """A moment that Slack shows to each reader by their own clock, for channels (docs.slack.dev, formatting dates).

    Args:
        at: the moment; told to the minute.
        form: of Slack's `{date_short}`, `{time}` and the like.
        fallback: for programs that do not know the form.
    """
    return Mrkdwn(f"<!date^{int(at.replace(second=0).timestamp())}^{form}|{escape(fallback)}>")


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where something is missing and no half of an entity."""
    if len(text) <= limit:
        return text
    return HALF_ENTITY.sub("", text[: limit - 1]) + "…"


def plain(text: str, limit: int) -> Block:
    """A plain_text object; Slack refuses an empty one, so nothing becomes a dash."""
    return {"type": "plain_text", "text": cut(text.strip(), limit) or "–", "emoji": True}


def mrkdwn(text: Mrkdwn) -> Block:
    """A mrkdwn object that makes no links or mentions but those written as such."""
    return {"type": "mrkdwn", "text": cut(text, TEXT_MAX) or "–", "verbatim": True}


def section(text: Mrkdwn, accessory: Block | None = None) -> Block:
    """A paragraph, perhaps with a button beside it."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def titled(pairs: Iterable[tuple[str, str]]) -> Block:
    """Figures side by side, each beneath its name; at most ten."""
    fields = [mrkdwn(Mrkdwn(f"*{escape(name)}*\n{escape(said)}")) for name, said in pairs]
    return {"type": "section", "fields": fields[:FIELDS]}


def header(text: str) -> Block:
    """A headline."""
    return {"type": "header", "text": plain(text, HEADER_MAX)}


def told(blocks: Iterable[Block]) -> Mrkdwn:
    """What sections and small print say, a line for each: the text of a message whose lines are all in its blocks."""
    lines: list[str] = []
    for block in blocks:
        if block["type"] in {"section", "context"}:
            parts = [block.get("text"), *block.get("fields", []), *block.get("elements", [])]
            lines.append(" ".join(" ".join(part["text"].split()) for part in parts if part))
    return Mrkdwn("\n".join(lines))


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def context(*texts: Mrkdwn) -> Block:
    """Small print; at most ten pieces."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[:10]]}


def quote(text: str) -> list[Block]:
    """What somebody wrote, whole and set off, over as many sections as its length asks for."""
    pieces = [">"]
    for char in "\n".join(text.splitlines()):
        shown = "\n>" if char == "\n" else escape(char)
        if len(pieces[-1]) + len(shown) > TEXT_MAX:
            pieces.append(">")
        pieces[-1] += shown
    return [section(Mrkdwn(piece)) for piece in pieces]


def in_sections(lines: Iterable[Mrkdwn]) -> list[Mrkdwn]:
    """Lines in as few texts as Slack's length of one allows; a line that begins with a break stands apart."""
    texts: list[str] = []
    for line in lines:
        if texts and len(texts[-1]) + 1 + len(line) <= TEXT_MAX:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line.lstrip("\n"))
    return [Mrkdwn(text) for text in texts]


def button(text: str, action_id: str, value: str, *, primary: bool = False) -> Block:
    """A button; `value` comes back when it is pressed."""
    assert len(value) <= VALUE_MAX
    block: Block = {"type": "button", "action_id": action_id, "text": plain(text, BUTTON_MAX), "value": value}
    return block | {"style": "primary"} if primary else block


def actions(*elements: Block) -> Block:
    """A row of buttons; at most 25."""
    return {"type": "actions", "elements": list(elements[:25])}


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Block:
    """Rows beneath their heads, figures in all columns but the first; one in a message, and in messages only. What is
    beyond 99 rows is left out, and cells are cut so that all of them stay within Slack's 10,000 characters.
    """
    cells = [list(heads), *rows][:TABLE_ROWS]
    room = max(4, min(CELL_MAX, 10_000 // len(cells) - 12 * (len(heads) - 1)))
    return {
        "type": "table",
        "column_settings": [{"is_wrapped": True}, *({"align": "right"} for _ in heads[1:])],
        "rows": [[{"type": "raw_text", "text": cut(text, room) or "–"} for text in row] for row in cells],
    }


def option(text: str, value: str) -> Block:
    """One choice of a select."""
    return {"text": plain(text, OPTION_MAX), "value": value}


def select(action_id: str, options: Sequence[Block], initial: Block | None, placeholder: str) -> Block:
    """A select of at most 100 fixed choices."""
    block: Block = {
        "type": "static_select",
        "action_id": action_id,
        "options": list(options[:100]),
        "placeholder": plain(placeholder, PLACEHOLDER_MAX),
    }
    return block | {"initial_option": initial} if initial else block


def multi_select(action_id: str, options: Sequence[Block], initial: Sequence[Block], placeholder: str) -> Block:
    """Any number of at most 100 fixed choices."""
    block: Block = {
        "type": "multi_static_select",
        "action_id": action_id,
        "options": list(options[:100]),
        "placeholder": plain(placeholder, PLACEHOLDER_MAX),
    }
    return block | {"initial_options": list(initial)} if initial else block


def checkboxes(action_id: str, options: Sequence[Block], initial: Sequence[Block]) -> Block:
    """At most ten boxes to tick."""
    block: Block = {"type": "checkboxes", "action_id": action_id, "options": list(options[:10])}
    return block | {"initial_options": list(initial)} if initial else block


def person_select(action_id: str, initial: str | None, placeholder: str) -> Block:
    """One person of the workspace, by Slack id."""
    block: Block = {
        "type": "users_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, PLACEHOLDER_MAX),
    }
    return block | {"initial_user": initial} if initial else block


def people_select(action_id: str, initial: Sequence[str], placeholder: str) -> Block:
    """Several people of the workspace, by Slack id."""
    block: Block = {
        "type": "multi_users_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, PLACEHOLDER_MAX),
    }
    return block | {"initial_users": list(initial)} if initial else block


def channel_select(action_id: str, initial: str | None, placeholder: str) -> Block:
    """One public or private channel."""
    block: Block = {
        "type": "conversations_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, PLACEHOLDER_MAX),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return block | {"initial_conversation": initial} if initial else block


def number_input(action_id: str, initial: int | None, *, least: int, most: int) -> Block:
    """A field for a whole number from `least` to `most`."""
    block: Block = {
        "type": "number_input",
        "action_id": action_id,
        "is_decimal_allowed": False,
        "min_value": str(least),
        "max_value": str(most),
    }
    return block | {"initial_value": str(initial)} if initial is not None else block


def text_input(
    action_id: str, initial: str | None, *, multiline: bool = False, placeholder: str | None = None
) -> Block:
    """A field for text of at most 3,000 characters."""
    block: Block = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": multiline,
        "max_length": INPUT_MAX,
    }
    if initial:
        block["initial_value"] = initial[:INPUT_MAX]
    return block | {"placeholder": plain(placeholder, PLACEHOLDER_MAX)} if placeholder else block


def date_input(action_id: str, initial: str | None) -> Block:
    """A calendar; `initial` is an ISO date."""
    block: Block = {"type": "datepicker", "action_id": action_id}
    return block | {"initial_date": initial} if initial else block


def time_input(action_id: str, initial: str | None) -> Block:
    """A time of day; `initial` is HH:MM."""
    block: Block = {"type": "timepicker", "action_id": action_id}
    return block | {"initial_time": initial} if initial else block


def field_of(block_id: str, label: str, element: Block, *, optional: bool = True, hint: str = "") -> Block:
    """A labelled field of a form; errors are shown under the field with this `block_id`."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, LABEL_MAX),
        "element": element,
        "optional": optional,
    }
    return block | {"hint": plain(hint, LABEL_MAX)} if hint else block


def modal(
    callback_id: str, title: str, blocks: Sequence[Block], *, submit: str | None, close: str, metadata: str
) -> Block:
    """A form in a window of its own; without `submit` it has nothing to fill in."""
    assert len(metadata) <= METADATA_MAX
    block: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE_MAX),
        "close": plain(close, TITLE_MAX),
        "private_metadata": metadata,
        "blocks": list(blocks[:VIEW_BLOCKS]),
    }
    return block | {"submit": plain(submit, TITLE_MAX)} if submit else block


def home_view(blocks: Sequence[Block]) -> Block:
    """A Home tab."""
    return {"type": "home", "blocks": list(blocks[:VIEW_BLOCKS])}


def bar(achieved: int, target: int, width: int = 10) -> str:
    """Progress as blocks of text: the bar stays between empty and full, whatever the numbers say."""
    share = min(1.0, max(0.0, achieved / target)) if target else 0.0
    full = int(share * width)
    return "█" * full + "░" * (width - full)
