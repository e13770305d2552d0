"""Tables and charts (docs.slack.dev/reference/block-kit/blocks: table, data_table, data_visualization)."""

from typing import Any

from sandbox.checks.elements import BUTTON
from sandbox.checks.grammar import (
    Check,
    Reason,
    Reasons,
    boolean,
    both,
    by_type,
    listed,
    number,
    one_of,
    shape,
    string,
    typed,
    whole,
)
from sandbox.checks.texts import RICH_TEXT
from sandbox.wire import Json

MOST_COLUMNS = 20
LONGEST_TABLE, LONGEST_DATA_TABLE = 10_000, 20_000
MOST_PARTS, MOST_POINTS = 12, 20

RAW: dict[str, Check] = {
    "raw_text": typed({"text": string(least=1)}, {}),
    "raw_number": typed({"value": number, "text": string(least=1)}, {}),
}
HEADER_CELL = by_type(RAW)
CELL = by_type({**RAW, "rich_text": RICH_TEXT})
DATA_CELL = by_type({**RAW, "rich_text": RICH_TEXT, "action_cell": typed({"element": BUTTON}, {})})
COLUMN_SETTING = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})


def _setting(value: Any, at: str) -> Reasons:
    if value is not None:
        yield from COLUMN_SETTING(value, at)


def _even_rows(table: Json, at: str) -> Reasons:
    if len({len(row) for row in table["rows"]}) > 1:
        yield Reason(f"{at}/rows", "all rows must have the same number of cells", "ragged", None)


def _setting_for_each_column(table: Json, at: str) -> Reasons:
    settings, columns = table.get("column_settings"), len(table["rows"][0])
    if settings is not None and len(settings) != columns:
        yield Reason(f"{at}/column_settings", f"must have {columns} items", "mismatch", columns)


def _plain_header(table: Json, at: str) -> Reasons:
    for index, cell in enumerate(table["rows"][0]):
        yield from HEADER_CELL(cell, f"{at}/rows/0/{index}")


def characters(part: Any) -> int:
    """How many characters the cells of a table hold."""
    if isinstance(part, list):
        return sum(characters(item) for item in part)
    if isinstance(part, dict):
        return len(str(part.get("text", ""))) + characters(part.get("elements", []))
    return 0


def _not_too_long(table: Json, at: str) -> Reasons:
    if characters(table["rows"]) > LONGEST_DATA_TABLE:
        yield Reason(f"{at}/rows", f"must be less than {LONGEST_DATA_TABLE + 1} characters", "too_long")


BLOCK_ID = {"block_id": string(255)}
TABLE = both(
    typed(
        {"rows": listed(listed(CELL, MOST_COLUMNS, least=1), 100, least=1)},
        {**BLOCK_ID, "column_settings": listed(_setting, MOST_COLUMNS)},
    ),
    _even_rows,
    _setting_for_each_column,
)
DATA_TABLE = both(
    typed(
        {"caption": string(), "rows": listed(listed(DATA_CELL, MOST_COLUMNS, least=1), 201, least=2)},
        {**BLOCK_ID, "page_size": whole(1, 100), "row_header_column_index": whole(0)},
    ),
    _even_rows,
    _plain_header,
    _not_too_long,
)


def _positive(value: Any, at: str) -> Reasons:
    reasons = list(number(value, at))
    yield from reasons
    if not reasons and value <= 0:
        yield Reason(at, "must be greater than 0", "out_of_range", 0)


def _points_on_axis(chart: Json, at: str) -> Reasons:
    """Series have names of their own, and each a point for every category."""
    names = [series["name"] for series in chart["series"]]
    if len(set(names)) < len(names):
        yield Reason(f"{at}/series", "series names must be unique", "duplicate", "name")
    categories = set(chart["axis_config"]["categories"])
    for index, series in enumerate(chart["series"]):
        labels = [point["label"] for point in series["data"]]
        if set(labels) != categories or len(labels) > len(categories):
            message = "must have one point for each category"
            yield Reason(f"{at}/series/{index}/data", message, "mismatch", "categories")


LABEL = string(20, least=1)
SEGMENT = shape({"label": LABEL, "value": _positive}, {})
POINT = shape({"label": LABEL, "value": number}, {})
SERIES = shape({"name": LABEL, "data": listed(POINT, MOST_POINTS, least=1)}, {})
AXIS = shape({"categories": listed(LABEL, MOST_POINTS, least=1)}, {"x_label": string(50), "y_label": string(50)})
ON_AXIS = both(typed({"series": listed(SERIES, MOST_PARTS, least=1), "axis_config": AXIS}, {}), _points_on_axis)
CHART = by_type(
    {
        "pie": typed({"segments": listed(SEGMENT, MOST_PARTS, least=1)}, {}),
        "bar": ON_AXIS,
        "area": ON_AXIS,
        "line": ON_AXIS,
    }
)
DATA_VISUALIZATION = typed({"title": string(50, least=1), "chart": CHART}, BLOCK_ID)
