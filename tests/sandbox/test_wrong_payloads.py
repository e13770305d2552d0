"""What Slack refuses for its form, and the place that the refusal names."""

from typing import Any

import pytest
from sandbox.checks import choice_reasons, message_reasons, view_reasons

from tests.sandbox.blocks import (
    Json,
    accessory,
    actions,
    bars,
    button,
    card,
    cell,
    cells,
    chart,
    container,
    feedback,
    field,
    group,
    image,
    modal,
    mrkdwn,
    option,
    options,
    plain,
    section,
    select,
    table,
    task,
)
from tests.sandbox.test_limits import pointers

WRONG: list[Any] = [
    pytest.param({"type": "section"}, "", id="section without content"),
    pytest.param(section(txt=plain()), "", id="unknown property"),
    pytest.param({"type": "sectoin"}, "/type", id="unknown block"),
    pytest.param({"type": "alert", "text": plain()}, "/type", id="alert outside a modal"),
    pytest.param(section(text="bare"), "/text", id="text that is no object"),
    pytest.param(section(text={"type": "plain_text", "text": 5}), "/text/text", id="text that is a number"),
    pytest.param(section(text={"type": "mrkdwn", "text": "x", "emoji": True}), "/text", id="emoji in mrkdwn"),
    pytest.param(section(text={"type": "plain_text", "text": "x", "verbatim": True}), "/text", id="verbatim in plain"),
    pytest.param({"type": "header", "text": mrkdwn()}, "/text/type", id="header in mrkdwn"),
    pytest.param({"type": "context", "elements": [button()]}, "/elements/0/type", id="button in a context"),
    pytest.param(actions(field(type="plain_text_input")["element"]), "/elements/0/type", id="input in actions"),
    pytest.param(actions({"type": "multi_users_select"}), "/elements/0/type", id="multi select in actions"),
    pytest.param(actions(button(), button()), "/elements/1/action_id", id="action_id twice"),
    pytest.param(actions({"type": "button", "action_id": "a"}), "/elements/0", id="button without text"),
    pytest.param(actions(button(style="default")), "/elements/0/style", id="unknown style"),
    pytest.param({"type": "input", "label": plain()}, "", id="input without element"),
    pytest.param({"type": "input", "label": plain(), "element": button()}, "/element/type", id="button in an input"),
    pytest.param({"type": "image", "alt_text": "a"}, "", id="image without source"),
    pytest.param(image(slack_file={"id": "F1"}), "", id="image with two sources"),
    pytest.param(
        accessory(type="image", image_url="u", slack_file={"id": "F1"}, alt_text="a"), "/accessory", id="icon"
    ),
    pytest.param({"type": "image", "image_url": "u"}, "", id="image without alt_text"),
    pytest.param(actions(select()), "/elements/0", id="select without options"),
    pytest.param(
        actions(select(options=options(1), option_groups=[group()])),
        "/elements/0",
        id="select with options and groups",
    ),
    pytest.param(
        actions(select(options=options(2), initial_option=option("Other"))),
        "/elements/0/initial_option",
        id="initial option that is none of them",
    ),
    pytest.param(
        accessory(type="checkboxes", options=options(2), initial_options=[option("Other")]),
        "/accessory/initial_options",
        id="initial checkbox that is none of them",
    ),
    pytest.param(actions(select(options=[option(url="u")])), "/elements/0/options/0", id="url outside an overflow"),
    pytest.param(
        actions({"type": "datepicker", "initial_date": "2026-02-31"}), "/elements/0/initial_date", id="no day"
    ),
    pytest.param(
        actions({"type": "datepicker", "initial_date": "3 May"}),
        "/elements/0/initial_date",
        id="no date form",
    ),
    pytest.param(actions({"type": "timepicker", "initial_time": "24:00"}), "/elements/0/initial_time", id="no hour"),
    pytest.param(actions({"type": "timepicker", "timezone": "Mars/Base"}), "/elements/0/timezone", id="no zone"),
    pytest.param(
        actions({"type": "datetimepicker", "initial_date_time": 12345}),
        "/elements/0/initial_date_time",
        id="epoch of five digits",
    ),
    pytest.param(
        field(type="plain_text_input", min_length=5, max_length=4),
        "/element",
        id="min_length over max_length",
    ),
    pytest.param(field(type="number_input"), "/element", id="number input that says nothing of decimals"),
    pytest.param(
        field(type="number_input", is_decimal_allowed=True, min_value="5", max_value="4.5"),
        "/element",
        id="min_value over max_value",
    ),
    pytest.param(
        field(type="number_input", is_decimal_allowed=True, min_value=5),
        "/element/min_value",
        id="min_value that is no text",
    ),
    pytest.param({"type": "table", "rows": [[cell()], [cell(), cell()]]}, "/rows", id="ragged table"),
    pytest.param(table(column_settings=[{"align": "left"}]), "/column_settings", id="too few column settings"),
    pytest.param(table(column_settings=[None] * 3), "/column_settings", id="too many column settings"),
    pytest.param(table(column_settings=[None, {"align": "top"}]), "/column_settings/1/align", id="no alignment"),
    pytest.param(
        {"type": "data_table", "caption": "c", "rows": [[cell()], [cell(), cell()]]},
        "/rows",
        id="ragged data table",
    ),
    pytest.param({"type": "data_table", "rows": cells(2, 1)}, "", id="data table without caption"),
    pytest.param(
        {
            "type": "data_table",
            "caption": "c",
            "rows": [
                [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}],
                [cell()],
            ],
        },
        "/rows/0/0/type",
        id="rich text in a data table's header",
    ),
    pytest.param(chart(type="donut"), "/chart/type", id="unknown chart"),
    pytest.param(
        bars(axis_config={"categories": ["Week 0", "Week 2"]}),
        "/chart/series/0/data",
        id="point without category",
    ),
    pytest.param(
        bars(axis_config={"categories": ["Week 0", "Week 1", "Week 2"]}),
        "/chart/series/0/data",
        id="category without point",
    ),
    pytest.param(bars(series=bars(1)["chart"]["series"] * 2), "/chart/series", id="series name twice"),
    pytest.param({"type": "card", "subtitle": mrkdwn()}, "", id="card without content"),
    pytest.param({"type": "container", "child_blocks": [section()]}, "", id="container without title"),
    pytest.param(container(child_blocks=[card()]), "/child_blocks/0/type", id="card in a container"),
    pytest.param(task(status="done"), "/status", id="unknown status"),
    pytest.param(
        {"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}, "/elements/0/type", id="bare text"
    ),
]


@pytest.mark.parametrize(("block", "at"), WRONG)
def test_a_wrong_block_is_refused_with_its_place(block: Json, at: str) -> None:
    assert f"/blocks/0{at}" in pointers(block)


RIGHT: list[Any] = [
    pytest.param(actions(button(style="danger", url="https://x.example")), id="button"),
    pytest.param(section(fields=[plain(), mrkdwn()], expand=True), id="section"),
    pytest.param(accessory(type="multi_external_select", min_query_length=0), id="external select"),
    pytest.param(accessory(type="conversations_select", filter={"include": ["im"]}), id="conversations"),
    pytest.param(accessory(type="timepicker", initial_time="23:59", timezone="Asia/Kolkata"), id="time"),
    pytest.param(field(type="number_input", is_decimal_allowed=False, min_value="-1", max_value="5"), id="number"),
    pytest.param(field(type="email_text_input"), id="e-mail"),
    pytest.param(table(column_settings=[None, {"align": "right", "is_wrapped": True}]), id="table"),
    pytest.param(bars(3, 4), id="bars"),
    pytest.param(feedback(), id="feedback"),
    pytest.param({"type": "plan", "title": "Plan", "tasks": [{**task(), "type": "task_card"}]}, id="plan"),
]


@pytest.mark.parametrize("block", RIGHT)
def test_a_sound_block_is_taken(block: Json) -> None:
    assert pointers(block) == []


MESSAGES: list[Any] = [
    pytest.param({"blocks": [section()] * 51}, "invalid_blocks", id="51 blocks"),
    pytest.param({"blocks": [section(block_id="b"), section(block_id="b")]}, "invalid_blocks", id="block_id twice"),
    pytest.param({"blocks": [bars()] * 3}, "invalid_blocks", id="three charts"),
    pytest.param({"blocks": [{"type": "markdown", "text": "m" * 6001}] * 2}, "invalid_blocks", id="markdown in all"),
    pytest.param({"blocks": [table(), table()]}, "invalid_attachments", id="two tables"),
    pytest.param({"attachments": [{"text": "a"}] * 101}, "too_many_attachments", id="101 attachments"),
    pytest.param({"attachments": [{"blocks": [{"type": "sectoin"}]}]}, "invalid_attachments", id="in an attachment"),
    pytest.param({"attachments": [{"footer": "f" * 301}]}, "invalid_attachments", id="attachment footer"),
]


@pytest.mark.parametrize(("message", "error"), MESSAGES)
def test_a_message_with_too_much_is_refused(message: Json, error: str) -> None:
    assert list(message_reasons(message)) == [error]


def test_a_message_at_its_limits_is_taken() -> None:
    assert message_reasons({"blocks": [section()] * 47 + [bars(), bars(), table()]}) == {}


FOCUSED = field(type="plain_text_input", focus_on_load=True)
WRONG_VIEWS: list[Any] = [
    pytest.param({"type": "modal", "blocks": [section()]}, "modal", "/view", id="modal without title"),
    pytest.param(modal(blocks=[field(type="plain_text_input")]), "modal", "/view", id="inputs without submit"),
    pytest.param(modal(blocks=[bars()]), "modal", "/view/blocks/0/type", id="chart in a modal"),
    pytest.param(modal(blocks=[FOCUSED, FOCUSED], submit=plain()), "modal", "/view/blocks", id="two with focus"),
    pytest.param(
        modal(blocks=[section(block_id="b"), section(block_id="b")]),
        "modal",
        "/view/blocks/1/block_id",
        id="block_id twice",
    ),
    pytest.param(modal(), "home", "/view/type", id="modal for a home"),
    pytest.param({"type": "home", "title": plain(), "blocks": [section()]}, "home", "/view", id="home with title"),
    pytest.param(
        {"type": "home", "blocks": [{"type": "alert", "text": plain()}]},
        "home",
        "/view/blocks/0/type",
        id="alert",
    ),
]


@pytest.mark.parametrize(("view", "kind", "at"), WRONG_VIEWS)
def test_a_wrong_view_is_refused_with_its_place(view: Json, kind: str, at: str) -> None:
    assert at in [reason.pointer for reason in view_reasons(view, kind)]


@pytest.mark.parametrize(
    ("view", "kind"),
    [
        pytest.param(modal(blocks=[field(type="plain_text_input")], submit=plain("Save")), "modal", id="form"),
        pytest.param(modal(blocks=[{"type": "alert", "text": plain(), "level": "info"}]), "modal", id="alert"),
        pytest.param({"type": "home", "blocks": [field(type="plain_text_input"), bars()]}, "home", id="home"),
    ],
)
def test_a_sound_view_is_taken(view: Json, kind: str) -> None:
    assert view_reasons(view, kind) == []


@pytest.mark.parametrize(
    ("choices", "sound"),
    [
        pytest.param({"options": options(100)}, True, id="100 options"),
        pytest.param({"options": options(101)}, False, id="101 options"),
        pytest.param({"option_groups": [group()]}, True, id="groups"),
        pytest.param({"options": []}, True, id="nothing found"),
        pytest.param({}, False, id="no answer"),
    ],
)
def test_the_choices_for_a_menu_are_checked(choices: Json, sound: bool) -> None:
    assert (choice_reasons(choices) == []) is sound


def test_a_reason_reads_like_slacks() -> None:
    reason = message_reasons({"blocks": [section(text=mrkdwn("x" * 3001))]})["invalid_blocks"][0]
    assert str(reason) == "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
