"""What Slack counts: every payload is taken at its limit and refused one step beyond.

Each case is built here from a sound payload; the JSON pointer is that of the refusal.
"""

from collections.abc import Callable
from typing import Any

import pytest
from sandbox.checks import message_reasons, view_reasons

from tests.sandbox.blocks import (
    Json,
    accessory,
    actions,
    bars,
    button,
    card,
    carousel,
    chart,
    confirm,
    container,
    context,
    data_table,
    feedback,
    field,
    group,
    image,
    modal,
    mrkdwn,
    option,
    options,
    pie,
    plain,
    section,
    select,
    source,
    table,
    trash,
    video,
)

Make = Callable[[Any], Json]


def most(name: str, limit: int, at: str, make: Make) -> Any:
    """A piece made with a size that may be as large as `limit`."""
    return pytest.param(make, limit, limit + 1, at, id=name)


def least(name: str, limit: float, at: str, make: Make) -> Any:
    """A piece made with a size that may be as small as `limit`."""
    return pytest.param(make, limit, int(limit) - (limit == int(limit)), at, id=f"least {name}")


def pointers(block: Json) -> list[str]:
    """The places of what is wrong with a message of this one block."""
    found = message_reasons({"text": "t", "blocks": [block]})
    return [reason.pointer for reasons in found.values() for reason in reasons]


LENGTHS: list[Any] = [
    most("section text", 3000, "/text/text", lambda n: section(text=mrkdwn("x" * n))),
    least("text", 1, "/text/text", lambda n: section(text=mrkdwn("x" * n))),
    most("section field", 2000, "/fields/0/text", lambda n: section(fields=[plain("x" * n)])),
    most("section fields", 10, "/fields", lambda n: section(fields=[plain()] * n)),
    most("block_id", 255, "/block_id", lambda n: section(block_id="b" * n)),
    most("header", 150, "/text/text", lambda n: {"type": "header", "text": plain("😀" * n)}),
    most("context elements", 10, "/elements", context),
    least("context", 1, "/elements", context),
    most("image url", 3000, "/image_url", lambda n: image(image_url="u" * n)),
    most("image alt_text", 2000, "/alt_text", lambda n: image(alt_text="a" * n)),
    most("image title", 2000, "/title/text", lambda n: image(title=plain("t" * n))),
    most("button text", 75, "/elements/0/text/text", lambda n: actions(button(text=plain("t" * n)))),
    most("button value", 2000, "/elements/0/value", lambda n: actions(button(value="v" * n))),
    most("button url", 3000, "/elements/0/url", lambda n: actions(button(url="u" * n))),
    most("action_id", 255, "/elements/0/action_id", lambda n: actions(button(action_id="a" * n))),
    most(
        "button accessibility_label",
        75,
        "/elements/0/accessibility_label",
        lambda n: actions(button(accessibility_label="a" * n)),
    ),
    most("actions", 25, "/elements", lambda n: actions(*(button(action_id=f"press {i}") for i in range(n)))),
    least("actions", 1, "/elements", lambda n: actions(*[button()] * n)),
    most("confirm title", 100, "/elements/0/confirm/title/text", lambda n: confirm(title=plain("t" * n))),
    most("confirm text", 300, "/elements/0/confirm/text/text", lambda n: confirm(text=plain("t" * n))),
    most("confirm yes", 30, "/elements/0/confirm/confirm/text", lambda n: confirm(confirm=plain("t" * n))),
    most("confirm no", 30, "/elements/0/confirm/deny/text", lambda n: confirm(deny=plain("t" * n))),
    most(
        "option text",
        75,
        "/elements/0/options/0/text/text",
        lambda n: actions(select(options=[option("t" * n)])),
    ),
    most(
        "option value",
        150,
        "/elements/0/options/0/value",
        lambda n: actions(select(options=[option(value="v" * n)])),
    ),
    most(
        "option description",
        75,
        "/elements/0/options/0/description/text",
        lambda n: actions(select(options=[option(description=plain("d" * n))])),
    ),
    most(
        "option url",
        3000,
        "/accessory/options/0/url",
        lambda n: accessory(type="overflow", options=[option(url="😀" * n)]),
    ),
    most("options", 100, "/elements/0/options", lambda n: actions(select(options=options(n)))),
    least("options", 1, "/elements/0/options", lambda n: actions(select(options=options(n)))),
    most(
        "option group label",
        75,
        "/elements/0/option_groups/0/label/text",
        lambda n: actions(select(option_groups=[group("g" * n)])),
    ),
    most(
        "options in a group",
        100,
        "/elements/0/option_groups/0/options",
        lambda n: actions(select(option_groups=[group(count=n)])),
    ),
    least(
        "empty option group",
        1,
        "/elements/0/option_groups/0/options",
        lambda n: actions(select(option_groups=[group(count=n)])),
    ),
    most(
        "option groups",
        100,
        "/elements/0/option_groups",
        lambda n: actions(select(option_groups=[group(str(i)) for i in range(n)])),
    ),
    most(
        "placeholder",
        150,
        "/elements/0/placeholder/text",
        lambda n: actions(select(options=options(1), placeholder=plain("p" * n))),
    ),
    least(
        "max_selected_items",
        1,
        "/accessory/max_selected_items",
        lambda n: accessory(type="multi_users_select", max_selected_items=n),
    ),
    most("overflow", 5, "/accessory/options", lambda n: accessory(type="overflow", options=options(n))),
    least("overflow", 1, "/accessory/options", lambda n: accessory(type="overflow", options=options(n))),
    most("checkboxes", 10, "/accessory/options", lambda n: accessory(type="checkboxes", options=options(n))),
    least("checkboxes", 1, "/accessory/options", lambda n: accessory(type="checkboxes", options=options(n))),
    most("radio", 10, "/accessory/options", lambda n: accessory(type="radio_buttons", options=options(n))),
    least("radio", 1, "/accessory/options", lambda n: accessory(type="radio_buttons", options=options(n))),
    least("max_files", 1, "/element/max_files", lambda n: field(type="file_input", max_files=n)),
    most("max_files", 10, "/element/max_files", lambda n: field(type="file_input", max_files=n)),
    most("max_length", 3000, "/element/max_length", lambda n: field(type="plain_text_input", max_length=n)),
    most(
        "input label",
        2000,
        "/label/text",
        lambda n: {**field(type="plain_text_input"), "label": plain("l" * n)},
    ),
    most("input hint", 2000, "/hint/text", lambda n: {**field(type="plain_text_input"), "hint": plain("h" * n)}),
    most("markdown", 12_000, "/text", lambda n: {"type": "markdown", "text": "m" * n}),
    least("markdown", 1, "/text", lambda n: {"type": "markdown", "text": "m" * n}),
    most("video alt_text", 200, "/alt_text", lambda n: video(alt_text="a" * n)),
    least("video alt_text", 1, "/alt_text", lambda n: video(alt_text="a" * n)),
    most("video title", 200, "/title/text", lambda n: video(title=plain("t" * n))),
    most("video description", 200, "/description/text", lambda n: video(description=plain("d" * n))),
    most("video author", 50, "/author_name", lambda n: video(author_name="a" * n)),
    most("video provider", 50, "/provider_name", lambda n: video(provider_name="p" * n)),
    most("table rows", 100, "/rows", lambda n: table(rows=n)),
    most("table columns", 20, "/rows/0", lambda n: table(columns=n)),
    most("table characters", 5000, "", lambda n: table(2, 1, "x" * n)),
    least("table cell", 1, "/rows/0/0/text", lambda n: table(text="x" * n)),
    most("data table rows", 201, "/rows", lambda n: data_table(rows=n)),
    least("data table rows", 2, "/rows", lambda n: data_table(rows=n)),
    most("data table columns", 20, "/rows/0", lambda n: data_table(columns=n)),
    least("data table columns", 1, "/rows/0", lambda n: data_table(columns=n)),
    least("page_size", 1, "/page_size", lambda n: data_table(page_size=n)),
    most("page_size", 100, "/page_size", lambda n: data_table(page_size=n)),
    least("data table cell", 1, "/rows/0/0/text", lambda n: data_table(text="x" * n)),
    most("data table characters", 5000, "/rows", lambda n: data_table(2, 2, "x" * n)),
    most("chart title", 50, "/title", lambda n: chart("t" * n, **pie(("a", 1))["chart"])),
    most("pie segments", 12, "/chart/segments", lambda n: pie(*((f"Part {i}", 1) for i in range(n)))),
    least("pie", 1, "/chart/segments", lambda n: pie(*[("a", 1)] * n)),
    most("segment label", 20, "/chart/segments/0/label", lambda n: pie(("l" * n, 1))),
    least("segment value", 0.1, "/chart/segments/0/value", lambda n: pie(("a", n))),
    most("series", 12, "/chart/series", bars),
    least("series", 1, "/chart/series", bars),
    most("points", 20, "/chart/series/0/data", lambda n: bars(1, n)),
    least("points", 1, "/chart/series/0/data", lambda n: bars(1, n)),
    most("categories", 20, "/chart/axis_config/categories", lambda n: bars(1, n)),
    least("categories", 1, "/chart/axis_config/categories", lambda n: bars(1, n)),
    most(
        "series name",
        20,
        "/chart/series/0/name",
        lambda n: bars(
            series=[{"name": "n" * n, "data": [{"label": "a", "value": 1}]}],
            axis_config={"categories": ["a"]},
        ),
    ),
    most(
        "point label",
        20,
        "/chart/series/0/data/0/label",
        lambda n: bars(
            series=[{"name": "n", "data": [{"label": "l" * n, "value": 1}]}],
            axis_config={"categories": ["l" * n]},
        ),
    ),
    most(
        "category label",
        20,
        "/chart/axis_config/categories/0",
        lambda n: bars(
            series=[{"name": "n", "data": [{"label": "l" * n, "value": 1}]}],
            axis_config={"categories": ["l" * n]},
        ),
    ),
    most(
        "axis label",
        50,
        "/chart/axis_config/x_label",
        lambda n: bars(axis_config={"categories": ["Week 0", "Week 1"], "x_label": "x" * n}),
    ),
    most("card title", 150, "/title/text", lambda n: card(title=mrkdwn("t" * n))),
    most("card subtitle", 150, "/subtitle/text", lambda n: card(subtitle=mrkdwn("t" * n))),
    most("card body", 200, "/body/text", lambda n: card(body=mrkdwn("t" * n))),
    most("card subtext", 200, "/subtext/text", lambda n: card(subtext=mrkdwn("t" * n))),
    most("card actions", 3, "/actions", lambda n: card(actions=[button()] * n)),
    most("carousel", 10, "/elements", carousel),
    least("carousel", 1, "/elements", carousel),
    most("container title", 150, "/title/text", lambda n: container(title=plain("t" * n))),
    most("container subtitle", 150, "/subtitle/text", lambda n: container(subtitle=mrkdwn("t" * n))),
    most("container blocks", 10, "/child_blocks", lambda n: container(child_blocks=[section()] * n)),
    most(
        "context actions",
        5,
        "/elements",
        lambda n: {"type": "context_actions", "elements": [trash(action_id=f"a{i}") for i in range(n)]},
    ),
    most("feedback text", 75, "/elements/0/positive_button/text/text", lambda n: feedback(text=plain("t" * n))),
    most("feedback value", 2000, "/elements/0/positive_button/value", lambda n: feedback(value="v" * n)),
    most(
        "feedback accessibility_label",
        75,
        "/elements/0/positive_button/accessibility_label",
        lambda n: feedback(accessibility_label="a" * n),
    ),
    most(
        "icon button users",
        10,
        "/elements/0/visible_to_user_ids",
        lambda n: {"type": "context_actions", "elements": [trash(visible_to_user_ids=["U1"] * n)]},
    ),
    most("source url", 3000, "/sources/0/url", lambda n: source("u" * n)),
    least("source url", 1, "/sources/0/url", lambda n: source("u" * n)),
]


@pytest.mark.parametrize(("make", "taken", "refused", "at"), LENGTHS)
def test_a_block_is_taken_at_its_limit_and_refused_beyond(make: Make, taken: float, refused: float, at: str) -> None:
    assert pointers(make(taken)) == []
    assert (f"/blocks/0{at}" if at else "/blocks") in pointers(make(refused))


VIEW_LENGTHS: list[Any] = [
    most(
        "alert",
        200,
        "/blocks/0/text/text",
        lambda n: modal(blocks=[{"type": "alert", "text": mrkdwn("a" * n)}]),
    ),
    most("title", 24, "/title/text", lambda n: modal(title=plain("t" * n))),
    most("submit", 24, "/submit/text", lambda n: modal(submit=plain("t" * n))),
    most("close", 24, "/close/text", lambda n: modal(close=plain("t" * n))),
    most("private_metadata", 3000, "/private_metadata", lambda n: modal(private_metadata="m" * n)),
    most("callback_id", 255, "/callback_id", lambda n: modal(callback_id="c" * n)),
    most("external_id", 255, "/external_id", lambda n: modal(external_id="e" * n)),
    most("blocks", 100, "/blocks", lambda n: modal(blocks=[section()] * n)),
    least("blocks", 1, "/blocks", lambda n: modal(blocks=[section()] * n)),
]


@pytest.mark.parametrize(("make", "taken", "refused", "at"), VIEW_LENGTHS)
def test_a_modal_is_taken_at_its_limit_and_refused_beyond(make: Make, taken: int, refused: int, at: str) -> None:
    assert view_reasons(make(taken), "modal") == []
    assert f"/view{at}" in [reason.pointer for reason in view_reasons(make(refused), "modal")]
