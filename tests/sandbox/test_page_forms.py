"""Modals and the Home tab."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Route, expect
from slack_sdk.socket_mode.request import SocketModeRequest

from tests.sandbox.blocks import actions, button, field, mrkdwn, option, plain, section
from tests.sandbox.conftest import Json, Slack, SocketApp, eventually
from tests.sandbox.pages import Visitor, launched_browser, open_visitor, opened_context

__all__ = ["launched_browser", "open_visitor", "opened_context"]

pytestmark = pytest.mark.browser

Acting = Callable[[SocketModeRequest], Json | None]


def asked(name: str, element: Json, **more: Any) -> Json:
    """An input block; its block and action are called like its label, in small letters."""
    label = {"label": plain(name), "block_id": name.lower()}
    return field(**element, action_id=name.lower()) | label | more


def form(*blocks: Json, title: str = "Log an activity", **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Save"),
        "blocks": list(blocks),
        **more,
    }


WHO = asked("Who", {"type": "plain_text_input"})


def shown(visitor: Visitor, app: SocketApp, slack: Slack, view: Json, then: Acting = lambda _: None) -> Locator:
    """Opens the modal with a command; `then` answers what follows."""

    def answer(request: SocketModeRequest) -> Json | None:
        if request.type == "slash_commands":
            slack.client.views_open(trigger_id=request.payload["trigger_id"], view=view)
            return None
        return then(request)

    app.answer = answer
    visitor.open().type("/log")
    dialog = visitor.dialog(view["title"]["text"])
    expect(dialog).to_be_visible()
    return dialog


def sent(app: SocketApp) -> Any:
    """The values of the newest submission."""
    eventually(lambda: app.last["type"] == "view_submission")
    return app.last["view"]["state"]["values"]


def test_errors_stand_under_their_fields_and_go_when_corrected(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    refusal = {"response_action": "errors", "errors": {"who": "No such account."}}
    dialog = shown(visitor, app, slack, form(WHO), lambda request: refusal)
    who = dialog.get_by_role("textbox", name="Who")
    expect(who).to_be_focused()
    dialog.get_by_role("button", name="Save").click()
    expect(who).to_have_accessible_description("Please complete this required field.")
    who.fill("Nobody")
    expect(dialog.get_by_role("alert")).to_have_count(0)
    who.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("No such account.")
    expect(who).to_have_value("Nobody")
    expect(who).to_be_focused()
    expect(who).to_have_attribute("aria-invalid", "true")


def test_what_was_entered_reaches_the_app_and_the_modal_closes(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    outcomes = [option("Connected", "c"), option("Voicemail", "v", description=plain("Left a message"))]
    groups = [
        {"label": plain("Segment"), "options": [option("EMEA", "e")]},
        {"label": plain("Size"), "options": [option("SMB", "s")]},
    ]
    dialog = shown(visitor, app, slack, form(
        WHO,
        asked("Outcome", {"type": "static_select", "options": outcomes}),
        asked("Tags", {"type": "multi_static_select", "option_groups": groups}),
        asked("Helper", {"type": "users_select"}, optional=True),
        asked("Minutes", {"type": "number_input", "is_decimal_allowed": False, "initial_value": "15"}),
        asked("Day", {"type": "datepicker", "initial_date": "2026-11-20"}),
        asked("Next", {"type": "datetimepicker"}, optional=True),
        asked("Kind", {"type": "radio_buttons", "options": outcomes}),
        asked("Also", {"type": "checkboxes", "options": outcomes}, optional=True),
        asked("Note", {"type": "plain_text_input", "multiline": True}, optional=True),
    ))  # fmt: skip
    dialog.get_by_role("textbox", name="Who").fill("Acme")
    dialog.get_by_role("combobox", name="Outcome").fill("voi")
    expect(dialog.get_by_role("option")).to_have_text("VoicemailLeft a message")
    visitor.page.keyboard.press("Enter")
    for tag in ("EMEA", "SMB"):
        dialog.get_by_role("combobox", name="Tags").click()
        dialog.get_by_role("option", name=tag).click()
    dialog.get_by_role("button", name="Remove EMEA").click()
    dialog.get_by_role("combobox", name="Helper").click()
    dialog.get_by_role("option", name="Dana Lee").click()
    dialog.get_by_label("Next").fill("2026-11-24T10:00")
    dialog.get_by_role("radio", name="Connected").check()
    dialog.get_by_role("checkbox", name="Voicemail").check()
    dialog.get_by_role("textbox", name="Note").fill("Two\nlines")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    values = {block: next(iter(value.values())) for block, value in sent(app).items()}
    assert values["who"]["value"] == "Acme"
    assert values["outcome"]["selected_option"]["value"] == "v"
    assert [each["value"] for each in values["tags"]["selected_options"]] == ["s"]
    assert values["helper"]["selected_user"] == "U0DANA"
    assert (values["minutes"]["value"], values["day"]["selected_date"]) == ("15", "2026-11-20")
    assert values["next"]["selected_date_time"] == 1795510800  # 10:00 in Madrid, where Ana is
    assert values["kind"]["selected_option"]["value"] == "c"
    assert [each["value"] for each in values["also"]["selected_options"]] == ["v"]
    assert values["note"]["value"] == "Two\nlines"
    expect(visitor.box).to_be_focused()


def test_a_menu_asks_the_app_for_its_options(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    view = form(asked("Account", {"type": "external_select", "min_query_length": 2}))
    dialog = shown(
        visitor, app, slack, view, lambda request: {"options": [option(f"{request.payload['value']} GmbH", "1")]}
    )
    account = dialog.get_by_role("combobox", name="Account")
    account.press_sequentially("a")
    expect(dialog.get_by_text("Type at least 2 letters")).to_be_visible()
    account.press_sequentially("c")
    dialog.get_by_role("option", name="ac GmbH").click()
    expect(account).to_have_value("ac GmbH")


def test_a_modal_on_top_gives_way_to_the_one_below_with_what_was_typed(
    visitor: Visitor, slack: Slack, app: SocketApp
) -> None:
    def push(request: SocketModeRequest) -> None:
        if request.payload["type"] == "block_actions":
            slack.client.views_push(trigger_id=request.payload["trigger_id"], view=form(WHO, title="More"))

    dialog = shown(visitor, app, slack, form(WHO, actions(button())), push)
    dialog.get_by_role("textbox", name="Who").fill("Acme")
    dialog.get_by_role("button", name="Press").click()
    expect(visitor.dialog("More")).to_be_visible()
    expect(dialog).to_be_hidden()
    visitor.page.keyboard.press("Escape")
    expect(visitor.dialog("More")).to_have_count(0)
    expect(dialog.get_by_role("textbox", name="Who")).to_have_value("Acme")


def test_an_updated_modal_keeps_what_was_typed(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    def update(request: SocketModeRequest) -> None:
        view = form(section(text=mrkdwn("Acme has 3 open deals")), WHO)
        slack.client.views_update(view_id=request.payload["view"]["id"], view=view)

    dialog = shown(visitor, app, slack, form(WHO, actions(button())), update)
    dialog.get_by_role("textbox", name="Who").fill("Acme")
    dialog.get_by_role("button", name="Press").click()
    expect(dialog).to_contain_text("Acme has 3 open deals")
    expect(dialog.get_by_role("textbox", name="Who")).to_have_value("Acme")


def test_escape_closes_the_list_first_and_then_the_modal(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    dialog = shown(
        visitor,
        app,
        slack,
        form(asked("Outcome", {"type": "static_select", "options": [option()]}), notify_on_close=True),
    )
    dialog.get_by_role("combobox", name="Outcome").click()
    expect(dialog.get_by_role("option")).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(dialog.get_by_role("option")).to_have_count(0)
    expect(dialog).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    eventually(lambda: app.last["type"] == "view_closed")


def test_a_modal_that_opens_before_the_page_is_told_of_changes_is_seen(
    visitor: Visitor, context: BrowserContext, slack: Slack, app: SocketApp
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    context.route("**/ui/stream*", hold, times=1)

    def answer(request: SocketModeRequest) -> None:
        slack.client.views_open(trigger_id=request.payload["trigger_id"], view=form(WHO))

    app.answer = answer
    visitor.open().type("/log")
    expect(visitor.message("/log")).to_be_visible()
    assert slack.state()["views"]
    held[0].continue_()
    expect(visitor.dialog("Log an activity")).to_be_visible()


def test_the_focus_stays_inside_the_modal(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    dialog = shown(visitor, app, slack, form(WHO))
    for _ in range(6):
        visitor.page.keyboard.press("Tab")
        outside = "e => !e.contains(document.activeElement) && document.activeElement !== document.body"
        assert not dialog.evaluate(outside)


def test_the_home_tab_is_what_the_app_published(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    search = asked("Find", {"type": "plain_text_input"}, dispatch_action=True)

    def publish(request: SocketModeRequest) -> None:
        if request.type == "events_api":
            blocks = [section(text=mrkdwn("*12 of 40* calls")), actions(button()), search]
            slack.client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": blocks})

    app.answer = publish
    page = visitor.open().page
    page.get_by_role("tab", name="Home").click()
    home = page.get_by_role("region", name="Home")
    expect(home).to_contain_text("12 of 40 calls")
    home.get_by_role("button", name="Press").click()
    eventually(lambda: app.last.get("type") == "block_actions")
    assert app.last["view"]["type"] == "home"
    home.get_by_role("textbox", name="Find").fill("Acme")
    page.keyboard.press("Enter")
    eventually(lambda: app.last["actions"][0].get("value") == "Acme")
    page.get_by_role("tab", name="Home").press("ArrowRight")
    expect(page.get_by_role("region", name="Messages")).to_be_visible()


def test_a_home_tab_that_is_not_there_yet_is_explained(visitor: Visitor, app: SocketApp) -> None:
    home = visitor.open(tab="home").page.get_by_role("region", name="Home")
    expect(home).to_contain_text("Relay has nothing on this page yet")
