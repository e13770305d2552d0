"""What a person reads in blocks, and what they can press or choose in them."""

from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
Found = tuple[Json, Json]

# The parts of blocks and elements that are shown, in reading order (docs.slack.dev/reference/block-kit).
SHOWN = (
    "title",
    "subtitle",
    "caption",
    "label",
    "text",
    "description",
    "body",
    "fields",
    "alt_text",
    "placeholder",
    "elements",
    "element",
    "accessory",
    "options",
    "option_groups",
    "child_blocks",
    "actions",
    "subtext",
    "hint",
)
RUNS: dict[str, Callable[[Json], str]] = {
    "link": lambda run: str(run.get("text") or run["url"]),
    "user": lambda run: f"<@{run['user_id']}>",
    "channel": lambda run: f"<#{run['channel_id']}>",
    "usergroup": lambda run: f"<!subteam^{run['usergroup_id']}>",
    "broadcast": lambda run: f"@{run['range']}",
    "emoji": lambda run: f":{run['name']}:",
    "date": lambda run: str(run.get("fallback", "")),
}


def words(part: Any) -> Iterator[str]:
    """Every word of blocks, of a block or of an element, piece by piece; a table row is one piece."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for each in part:
            yield from words(each)
    elif isinstance(part, dict):
        read = SPECIAL.get(part.get("type", ""), _parts)
        yield from read(part)


def elements(blocks: list[Json]) -> Iterator[Found]:
    """Every interactive element with the block it stands in, in order."""
    for block in blocks:
        if block["type"] != "carousel":
            cells = [cell.get("element") for row in block.get("rows", []) for cell in row]
            beside = [block.get("accessory"), block.get("element")]
            here = [*beside, *block.get("elements", []), *block.get("actions", []), *cells]
            yield from ((block, each) for each in here if each and "action_id" in each)
        yield from elements(block.get("child_blocks", []))
        yield from elements(block["elements"] if block["type"] == "carousel" else [])


def buttons(blocks: list[Json]) -> list[Found]:
    """The buttons, in order."""
    return [(block, element) for block, element in elements(blocks) if element["type"] == "button"]


def menus(blocks: list[Json], name: str) -> list[Found]:
    """The elements to choose in that go by this name.

    A name is a block id, an action id, a placeholder, a label, or words of the section that the menu stands in.
    """
    chosen_in = [(block, each) for block, each in elements(blocks) if each["type"] != "button"]
    return [(block, element) for block, element in chosen_in if _goes_by(name, block, element)]


def _goes_by(name: str, block: Json, element: Json) -> bool:
    labels = (element.get("placeholder"), block.get("label"))
    names = {block["block_id"], element["action_id"], element.get("accessibility_label")}
    names |= {label["text"] for label in labels if label}
    beside = [block.get("text"), block.get("fields")] if block["type"] == "section" else []
    return name in names or any(name in piece for piece in words(beside))


def _parts(part: Json) -> Iterator[str]:
    for key in SHOWN:
        yield from words(part.get(key))


def _run(part: Json) -> Iterator[str]:
    """A line of rich text: its runs belong together."""
    runs = part.get("elements", [])
    yield "".join(RUNS.get(run["type"], _plain)(run) for run in runs)


def _plain(run: Json) -> str:
    return str(run.get("text", ""))


def _table(part: Json) -> Iterator[str]:
    yield from words(part.get("caption"))
    for row in part["rows"]:
        yield " | ".join(" ".join(words(cell)) or str(cell.get("value", "")) for cell in row)


def _chart(part: Json) -> Iterator[str]:
    yield str(part["title"])
    chart = part["chart"]
    for segment in chart.get("segments", []):
        yield f"{segment['label']} | {segment['value']}"
    for series in chart.get("series", []):
        yield str(series["name"])
        yield from (f"{point['label']} | {point['value']}" for point in series["data"])


SPECIAL: dict[str, Callable[[Json], Iterator[str]]] = {
    "rich_text_section": _run,
    "rich_text_quote": _run,
    "rich_text_preformatted": _run,
    "table": _table,
    "data_table": _table,
    "data_visualization": _chart,
}
