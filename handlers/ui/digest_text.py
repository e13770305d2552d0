"""A digest for a terminal: the same words and figures as the message, without its blocks."""

import re
from collections.abc import Iterator
from typing import Any

from handlers.ui.blocks import Block, Message

_MARKS = re.compile(r":small_\w+: |[*`]")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
GAP = "  "


def text(message: Message) -> str:
    """Block by block, a blank line between them; a chart stands in the table and the sentences anyway."""
    return "\n\n".join(part for block in message.blocks if (part := "\n".join(_lines(block))))


def _lines(block: Block) -> Iterator[str]:
    kind = block["type"]
    if kind in {"header", "section"}:
        if "text" in block:
            yield _plain(block["text"])
        yield from (_plain(each).replace("\n", ": ", 1) for each in block.get("fields", ()))
    elif kind == "context":
        yield from (_plain(each) for each in block["elements"])
    elif kind == "table":
        yield from _table([[str(cell["text"]) for cell in row] for row in block["rows"]])


def _plain(part: dict[str, Any]) -> str:
    said = _MARKS.sub("", str(part["text"])).strip()
    for entity, sign in _ENTITIES.items():
        said = said.replace(entity, sign)
    return said


def _table(rows: list[list[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for first, *rest in rows:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))]
        yield GAP.join(cells).rstrip()
