"""What messages look like: mrkdwn, blocks, charts, and the elements in them."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sandbox.blocks import actions, button, mrkdwn, option, plain, section, select
from tests.sandbox.conftest import Json, Slack, SocketApp, eventually, manifest, running
from tests.sandbox.pages import Visitor, launched_browser, open_visitor, opened_context
from tests.sandbox.test_messages import post

__all__ = ["launched_browser", "open_visitor", "opened_context"]

pytestmark = pytest.mark.browser

DRAWN = """async ([module, name, text, options]) => {
  const call = (await import(module))[name];
  const people = new Map([["U1", {id: "U1", profile: {display_name: "Dana Lee"}}]]);
  const channels = new Map([["C1", {name: "sales"}]]);
  const me = {id: "U9", tz: "Europe/Berlin", locale: "en-GB"};
  const host = document.createElement("div");
  host.append(...[call(text, {people, channels, me}, options)].flat());
  for (const node of host.querySelectorAll("svg")) node.remove();
  for (const node of host.querySelectorAll("[title], [target], [rel]")) {
    for (const name of ["title", "target", "rel"]) node.removeAttribute(name);
  }
  return host.innerHTML;
}"""


@pytest.fixture(name="drawing", scope="module")
def blank_page(browser: Browser) -> Iterator[Page]:
    """The page with nobody at it, for its modules to be called."""
    with running(manifest()) as slack:
        page = browser.new_page()
        page.goto(f"{slack.base_url}/?as=U0ANA")
        yield page
        page.close()


MRKDWN = [
    pytest.param(
        "*bold* _it_ ~no~ `a*b*`", "<strong>bold</strong> <em>it</em> <s>no</s> <code>a*b*</code>", id="styles"
    ),
    pytest.param("(*yes*), *_both_*", "(<strong>yes</strong>), <strong><em>both</em></strong>", id="at punctuation"),
    pytest.param("2*3*4 snake_case_name a~b~c", "2*3*4 snake_case_name a~b~c", id="inside words"),
    pytest.param("*81,600* of 120   *68 %*", "<strong>81,600</strong> of 120   <strong>68 %</strong>", id="figures"),
    pytest.param("* not* *not *", "* not* *not *", id="spaces inside"),
    pytest.param("a &lt;b&gt; &amp;amp;", "a &lt;b&gt; &amp;amp;", id="escapes"),
    pytest.param("say\n>one\n>two\nend", "say<blockquote>one\ntwo</blockquote>end", id="quote"),
    pytest.param("&gt; one", "<blockquote>one</blockquote>", id="escaped quote"),
    pytest.param("x\n```\na *b*\n```\ny", "x<pre><code>a *b*</code></pre>y", id="preformatted"),
    pytest.param("<https://a.example|*A*>", '<a href="https://a.example">*A*</a>', id="link"),
    pytest.param("https://a.example/x.", '<a href="https://a.example/x">https://a.example/x</a>.', id="bare link"),
    pytest.param("<javascript:alert(1)|x>", "<span>x</span>", id="dangerous link"),
    pytest.param("<@U1>", '<span class="mention ">@Dana Lee</span>', id="person"),
    pytest.param("<@U404|lee>", '<span class="mention ">@lee</span>', id="unknown person"),
    pytest.param("<#C1|x>", '<span class="mention">#sales</span>', id="channel"),
    pytest.param("<!here>", '<span class="mention">@here</span>', id="everybody here"),
    pytest.param(":tada:", '<span class="emoji" role="img" aria-label="tada"></span>', id="emoji"),
    pytest.param("🎉", '<span class="emoji" role="img" aria-label="tada"></span>', id="emoji character"),
    pytest.param("10:30:15 :nope:", "10:30:15 :nope:", id="no emoji"),
    pytest.param(
        "<!date^1730800000^{date_num} {time}|then>",
        '<time datetime="2024-11-05T09:46:40.000Z">2024-11-05 10:46</time>',
        id="date in the reader's zone",
    ),
]


@pytest.mark.parametrize(("text", "drawn"), MRKDWN)
def test_mrkdwn(drawing: Page, text: str, drawn: str) -> None:
    assert drawing.evaluate(DRAWN, ["/static/mrkdwn.js", "mrkdwn", text, {}]) == drawn


def test_verbatim_text_makes_no_links(drawing: Page) -> None:
    text = "see https://a.example"
    assert drawing.evaluate(DRAWN, ["/static/mrkdwn.js", "mrkdwn", text, {"verbatim": True}]) == text


MARKDOWN = [
    pytest.param("# Head\ntext", "<h2>Head</h2><p>text</p>", id="heading"),
    pytest.param("**b** *i* ~~s~~ `c`", "<p><strong>b</strong> <em>i</em> <s>s</s> <code>c</code></p>", id="styles"),
    pytest.param("- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", id="nested list"),
    pytest.param("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>", id="numbers"),
    pytest.param("> q\n\n---", "<blockquote><p>q</p></blockquote><hr>", id="quote and rule"),
    pytest.param("```\n<b>\n```", "<pre><code>&lt;b&gt;</code></pre>", id="code"),
    pytest.param(
        "|A|B|\n|-|-|\n|1|2|",
        '<div class="table-scroll"><table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
        "<tbody><tr><td>1</td><td>2</td></tr></tbody></table></div>",
        id="table",
    ),
]


@pytest.mark.parametrize(("text", "drawn"), MARKDOWN)
def test_markdown(drawing: Page, text: str, drawn: str) -> None:
    whole = f'<div class="markdown" dir="auto">{drawn}</div>'
    assert drawing.evaluate(DRAWN, ["/static/markdown.js", "markdown", text, {}]) == whole


TYPES = "bar line area"
PLACES = ["W1", "W2", "W3"]


def chart(kind: str, *values: float) -> Json:
    """A chart block of one series."""
    data = [{"label": place, "value": value} for place, value in zip(PLACES, values, strict=True)]
    axes = {"categories": PLACES, "x_label": "Week", "y_label": "Deals"}
    return {
        "type": "data_visualization",
        "title": f"Won, as {kind}",
        "chart": {"type": kind, "series": [{"name": "North", "data": data}], "axis_config": axes},
    }


@pytest.mark.parametrize("kind", TYPES.split())
def test_a_chart_has_its_figures_for_those_who_do_not_see_it(visitor: Visitor, slack: Slack, kind: str) -> None:
    post(slack, text="Chart", blocks=[chart(kind, 1200, -300, 40)])
    page = visitor.open(room="C0SALES").page
    drawing = page.get_by_role("img", name=f"{kind.capitalize()} chart: North: W1 1200, W2 -300, W3 40")
    expect(drawing).to_be_visible()
    visitor.button("Show as table").click()
    expect(drawing).to_be_hidden()
    rows = page.get_by_role("group", name=f"Won, as {kind}, figures").get_by_role("row")
    expect(rows).to_have_text(["WeekNorth", "W11,200", "W2-300", "W340"])


def test_a_pie_tells_shares(visitor: Visitor, slack: Slack) -> None:
    segments = [{"label": "Webinar", "value": 3}, {"label": "Referral", "value": 1}]
    pie = {"type": "data_visualization", "title": "Sources", "chart": {"type": "pie", "segments": segments}}
    post(slack, text="Pie", blocks=[pie])
    message = visitor.open(room="C0SALES").message("Sources")
    expect(message.get_by_role("img", name="Pie chart: Webinar 3, Referral 1")).to_be_visible()
    expect(message).to_contain_text("75 %")


def cells(*texts: str) -> list[Json]:
    return [{"type": "raw_text", "text": text} for text in texts]


def test_a_data_table_is_sorted_and_paged(visitor: Visitor, slack: Slack) -> None:
    body = [[*cells(name), {"type": "raw_number", "value": calls, "text": str(calls)}] for name, calls in
            (("Ana", 9), ("Roman", 40), ("Devon", 100))]  # fmt: skip
    table = {"type": "data_table", "caption": "Calls", "page_size": 2, "rows": [cells("Rep", "Calls"), *body]}
    post(slack, text="Table", blocks=[table])
    page = visitor.open(room="C0SALES").page
    names = page.get_by_role("rowheader")
    expect(names).to_have_text(["Ana", "Roman"])
    visitor.button("Next page").click()
    expect(names).to_have_text(["Devon"])
    sort = page.get_by_role("columnheader", name="Calls").get_by_role("button")
    sort.click()
    sort.click()
    expect(names).to_have_text(["Devon", "Roman"])


EVERYTHING: list[Json] = [
    {"type": "header", "text": plain("A header :tada:")},
    section(fields=[mrkdwn("*One*\n1"), mrkdwn("*Two*\n2")]),
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn("small"), plain("print")]},
    {"type": "markdown", "text": "- [x] done"},
    {"type": "table", "rows": [cells("A", "B"), cells("1", "2")], "column_settings": [None, {"align": "right"}]},
    {"type": "card", "title": mrkdwn("A card"), "actions": [button(action_id="card")]},
    {"type": "carousel", "elements": [{"type": "card", "title": mrkdwn("First card")}]},
    {"type": "container", "title": plain("A box"), "is_collapsible": True, "child_blocks": [section()]},
    {"type": "rich_text", "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "rich", "style": {"bold": True}}]},
        {"type": "rich_text_list", "style": "ordered", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U0DANA"}]}]},
    ]},
    actions(
        {"type": "datepicker", "action_id": "d"},
        {"type": "timepicker", "action_id": "t"},
        {"type": "overflow", "action_id": "o", "options": [option(), option("Two", "2")]},
        {"type": "radio_buttons", "action_id": "r", "options": [option("Yes", "y"), option("No", "n")]},
        {"type": "checkboxes", "action_id": "c", "options": [option("Tick", "t")]},
        {"type": "users_select", "action_id": "u", "placeholder": plain("Who")},
    ),
]  # fmt: skip


def test_every_kind_of_block_is_drawn(visitor: Visitor, slack: Slack) -> None:
    post(slack, text="All", blocks=EVERYTHING)
    message = visitor.open(room="C0SALES").page.get_by_role("article")
    for role, name in [("heading", "A header"), ("table", ""), ("checkbox", "Tick"), ("radio", "Yes"),
                       ("combobox", "Who"), ("button", "More options"), ("button", "Press")]:  # fmt: skip
        expect(message.get_by_role(role, name=name).first).to_be_visible()  # type: ignore[arg-type]
    expect(message.locator(".unsupported")).to_have_count(0)


def test_a_block_of_a_type_unknown_to_the_page_is_named(drawing: Page) -> None:
    said = drawing.evaluate(
        """async () => {
          const { renderBlocks } = await import("/static/blocks.js");
          return renderBlocks([{type: "hologram"}], {}).textContent;
        }"""
    )
    assert "hologram" in said


def acting(slack: Slack, *elements: Json) -> None:
    post(slack, text="Act", blocks=[actions(*elements)])


def pressed(app: SocketApp) -> Any:
    eventually(lambda: app.received)
    return app.last["actions"][0]


def test_a_button_is_pressed_with_what_was_chosen_beside_it(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    acting(slack, select(options=[option("One", "1"), option("Two", "2")]), button(value="17"))
    page = visitor.open(room="C0SALES").page
    page.get_by_role("combobox", name="Choice").fill("tw")
    page.keyboard.press("Enter")
    assert pressed(app)["selected_option"]["value"] == "2"
    visitor.button("Press").click()
    eventually(lambda: len(app.received) == 2)
    assert app.last["actions"][0]["value"] == "17"
    (values,) = app.last["state"]["values"].values()
    assert values["choose"]["selected_option"]["value"] == "2"


def test_a_confirmation_is_asked_first(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    sure = {"title": plain("Sure?"), "text": plain("Gone is gone."), "confirm": plain("Remove"), "deny": plain("Keep")}
    acting(slack, button(confirm=sure))
    visitor.open(room="C0SALES").button("Press").click()
    visitor.dialog("Sure?").get_by_role("button", name="Keep").click()
    expect(visitor.dialog("Sure?")).to_have_count(0)
    assert app.received == []
    visitor.button("Press").click()
    visitor.dialog("Sure?").get_by_role("button", name="Remove").click()
    assert pressed(app)["action_id"] == "press"


def test_a_press_without_an_answer_is_told(visitor: Visitor, slack: Slack) -> None:
    acting(slack, button())
    visitor.open(room="C0SALES").button("Press").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("dispatch_failed")


def test_an_overflow_menu_is_walked_with_the_keyboard(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    acting(slack, {"type": "overflow", "action_id": "o", "options": [option("One", "1"), option("Two", "2")]})
    page = visitor.open(room="C0SALES").page
    visitor.button("More options").press("ArrowDown")
    expect(page.get_by_role("menuitem", name="One")).to_be_focused()
    page.keyboard.press("Escape")
    expect(visitor.button("More options")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert pressed(app)["selected_option"]["value"] == "2"
