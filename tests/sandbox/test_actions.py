"""Buttons, menus, shortcuts, and the search in an external menu."""

from typing import Any

import pytest

from tests.sandbox.blocks import accessory, actions, button, card, field, option, options, section, select
from tests.sandbox.conftest import Json, Slack, SocketApp
from tests.sandbox.test_messages import post


def show(slack: Slack, *blocks: Json) -> Json:
    """A message of the app; returns its source for `press`."""
    ts = post(slack, text="Look", blocks=list(blocks))["ts"]
    return {"type": "message", "channel": "C0SALES", "ts": ts}


def press(slack: Slack, source: Json, action_id: str = "press", **more: Any) -> Json:
    return slack.do("press", by="U0ANA", source=source, block_id="b", action_id=action_id, **more)


def test_a_button_carries_its_value_and_the_message(slack: Slack, app: SocketApp) -> None:
    source = show(slack, {**actions(button(value="17", style="primary")), "block_id": "b"})
    assert press(slack, source) == {"ok": True}
    sent = app.last
    action = sent["actions"][0]
    assert (action["type"], action["action_id"], action["block_id"]) == ("button", "press", "b")
    assert (action["value"], action["text"]["text"], action["style"]) == ("17", "Press", "primary")
    assert sent["user"] == {"id": "U0ANA", "username": "ana", "name": "ana", "team_id": "T0BATON"}
    assert (sent["channel"], sent["message"]["ts"]) == ({"id": "C0SALES", "name": "sales"}, source["ts"])
    assert sent["container"]["is_ephemeral"] is False
    assert sent["response_url"]
    assert sent["trigger_id"]


def test_a_button_of_an_ephemeral_message_tells_nothing_of_its_content(slack: Slack, app: SocketApp) -> None:
    ts = slack.client.chat_postEphemeral(
        channel="C0SALES", user="U0ANA", text="x", blocks=[{**actions(button()), "block_id": "b"}]
    )["message_ts"]
    assert press(slack, {"type": "message", "channel": "C0SALES", "ts": ts})["ok"]
    assert app.last["container"]["is_ephemeral"] is True
    assert "message" not in app.last


CHOICES = [
    pytest.param(select(options=options(2)), {"selected_option": option("Option 1", "1")}, id="select"),
    pytest.param({"type": "users_select", "action_id": "choose"}, {"selected_user": "U0DANA"}, id="person"),
    pytest.param({"type": "datepicker", "action_id": "choose"}, {"selected_date": "2026-12-01"}, id="day"),
    pytest.param(
        {"type": "checkboxes", "action_id": "choose", "options": options(3)},
        {"selected_options": options(2)},
        id="checkboxes",
    ),
    pytest.param(
        {"type": "overflow", "action_id": "choose", "options": options(2)},
        {"selected_option": option("Option 0", "0")},
        id="overflow",
    ),
]


@pytest.mark.parametrize(("element", "value"), CHOICES)
def test_a_choice_carries_what_was_chosen(slack: Slack, app: SocketApp, element: Json, value: Json) -> None:
    source = show(slack, {**section(accessory=element), "block_id": "b"})
    assert press(slack, source, "choose", value=value)["ok"]
    action = app.last["actions"][0]
    assert {key: action[key] for key in value} == value
    if element["type"] != "overflow":
        assert app.last["state"]["values"]["b"]["choose"] == {"type": element["type"], **value}


def test_an_option_may_be_given_by_its_value_alone(slack: Slack, app: SocketApp) -> None:
    source = show(slack, {**actions(select(options=options(2))), "block_id": "b"})
    press(slack, source, "choose", value={"selected_option": {"value": "1"}})
    assert app.last["actions"][0]["selected_option"] == option("Option 1", "1")
    assert press(slack, source, "choose", value={"selected_option": {"value": "9"}})["error"] == "invalid_option"


def test_what_one_person_chose_is_remembered_for_the_next_press(slack: Slack, app: SocketApp) -> None:
    source = show(slack, {**actions(select(options=options(2)), button()), "block_id": "b"})
    press(slack, source, "choose", value={"selected_option": {"value": "1"}})
    press(slack, source)
    assert app.last["state"]["values"]["b"]["choose"]["selected_option"]["value"] == "1"
    slack.do("press", by="U0DANA", source=source, block_id="b", action_id="press")
    assert app.last["state"]["values"]["b"]["choose"]["selected_option"] is None


def test_an_input_is_told_only_when_it_dispatches(slack: Slack, app: SocketApp) -> None:
    for dispatch in (False, True):
        text = {**field(type="plain_text_input"), "block_id": "b", "dispatch_action": dispatch}
        before = len(app.received)
        assert press(slack, show(slack, text), "write", value={"value": "typed"})["ok"]
        assert (len(app.received) > before) is dispatch
    assert app.last["actions"][0]["value"] == "typed"


def test_buttons_inside_cards_are_found(slack: Slack, app: SocketApp) -> None:
    shown = {"type": "carousel", "elements": [{**card(actions=[button()]), "block_id": "b"}]}
    assert press(slack, show(slack, shown))["ok"]


def test_a_press_on_nothing_is_refused(slack: Slack, app: SocketApp) -> None:
    source = show(slack, {**actions(button()), "block_id": "b"})
    assert press(slack, source, "other")["error"] == "not_found"
    assert press(slack, {**source, "ts": "1.2"})["error"] == "message_not_found"
    assert app.received == []


def test_a_press_that_is_not_acked_fails(slack: Slack) -> None:
    source = show(slack, {**actions(button()), "block_id": "b"})
    assert press(slack, source) == {"ok": False, "error": "dispatch_failed"}


def external(**more: Any) -> Json:
    return {**accessory(type="external_select", action_id="find", **more), "block_id": "b"}


def suggest(slack: Slack, source: Json, value: str) -> Json:
    return slack.do("suggest", by="U0ANA", source=source, block_id="b", action_id="find", value=value)


def test_an_external_menu_asks_the_app(slack: Slack, app: SocketApp) -> None:
    app.answer = lambda _: {"options": options(2)}
    source = show(slack, external(min_query_length=1))
    assert suggest(slack, source, "a") == {"options": options(2)}
    assert (app.last["type"], app.last["value"], app.last["action_id"]) == ("block_suggestion", "a", "find")


def test_an_external_menu_waits_for_three_letters(slack: Slack, app: SocketApp) -> None:
    assert suggest(slack, show(slack, external()), "ab") == {"options": []}
    assert app.received == []


def test_too_many_suggestions_are_refused(slack: Slack, app: SocketApp) -> None:
    app.answer = lambda _: {"options": options(101)}
    assert suggest(slack, show(slack, external()), "abc")["error"] == "invalid_options"


def test_a_global_shortcut_has_no_channel(slack: Slack, app: SocketApp) -> None:
    assert slack.do("shortcut", by="U0ANA", callback_id="new") == {"ok": True}
    assert (app.last["type"], app.last["callback_id"]) == ("shortcut", "new")
    assert not {"channel", "response_url"} & app.last.keys()


def test_a_message_shortcut_brings_the_message(slack: Slack, app: SocketApp) -> None:
    ts = slack.do("type", by="U0DANA", channel="C0SALES", text="Acme called")["message"]["ts"]
    app.received.clear()
    assert slack.do("shortcut", by="U0ANA", callback_id="keep", channel="C0SALES", ts=ts)["ok"]
    sent = app.last
    assert (sent["type"], sent["message_ts"], sent["message"]["text"]) == ("message_action", ts, "Acme called")
    assert sent["message"]["user"] == "U0DANA"
    assert sent["response_url"]


def test_an_unknown_shortcut_is_refused(slack: Slack) -> None:
    assert slack.do("shortcut", by="U0ANA", callback_id="nothing")["error"] == "not_found"


def test_the_page_is_told_what_can_be_done(slack: Slack) -> None:
    state = slack.state()
    assert state["commands"][0] == {
        "command": "/log",
        "description": "Log a call",
        "usage_hint": "call WHO",
    }
    assert [shortcut["callback_id"] for shortcut in state["shortcuts"]] == ["new", "keep"]
    assert [channel["kind"] for channel in state["channels"]][-1] == "app"
    assert (state["me"]["name"], state["app"]["bot_user_id"]) == ("ana", "U0BOT")
