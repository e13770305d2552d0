"""Modals and the Home tab: trigger ids, the stack, hashes, what is typed, what a submission answers."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.blocks import actions, button, field, modal, option, plain, section
from tests.sandbox.conftest import Json, Slack, SocketApp, eventually
from tests.sandbox.test_messages import error_of


def form(*blocks: Json, **more: Any) -> Json:
    """A modal with a submit button and, unless others are given, one required text."""
    shown = list(blocks) or [{**field(type="plain_text_input"), "block_id": "note"}]
    return modal(blocks=shown, submit=plain("Save"), callback_id="form", **more)


def trigger(slack: Slack, app: SocketApp) -> str:
    """A fresh trigger id, from a command."""
    slack.do("type", by="U0ANA", channel="C0SALES", text="/log")
    return str(app.last["trigger_id"])


def open_view(slack: Slack, app: SocketApp, view: Json | None = None) -> Json:
    """A modal opened for Ana."""
    opened: Json = slack.client.views_open(trigger_id=trigger(slack, app), view=view or form())["view"]
    return opened


def submit(slack: Slack, view: Json, **values: Any) -> Json:
    """Ana's submit; `values` are by block_id."""
    state = {block_id: {"write": value} for block_id, value in values.items()}
    return slack.do("submit", by="U0ANA", view_id=view["id"], state=state)


def stack(slack: Slack) -> list[str]:
    """The titles of Ana's open modals, bottom first."""
    return [view["title"]["text"] for view in slack.state()["views"]]


SAID = {"type": "plain_text_input", "value": "Called"}


def test_a_modal_opens_for_the_person_who_asked(slack: Slack, app: SocketApp) -> None:
    view = open_view(slack, app)
    assert [open_one["id"] for open_one in slack.state()["views"]] == [view["id"]]
    assert slack.state("U0DANA")["views"] == []
    assert view["root_view_id"] == view["id"]
    assert view["hash"]


def test_a_trigger_id_serves_once_and_three_seconds(slack: Slack, app: SocketApp) -> None:
    used, late = trigger(slack, app), trigger(slack, app)
    views_open = slack.client.views_open
    views_open(trigger_id=used, view=form())
    assert error_of(views_open, trigger_id=used, view=form()) == "exchanged_trigger_id"
    assert error_of(views_open, trigger_id="1.2.abc", view=form()) == "invalid_trigger_id"
    slack.control(skip_seconds=3.1)
    assert error_of(views_open, trigger_id=late, view=form()) == "expired_trigger_id"


def test_a_wrong_view_is_refused_and_does_not_use_the_trigger_up(slack: Slack, app: SocketApp) -> None:
    trigger_id = trigger(slack, app)
    with pytest.raises(SlackApiError) as refused:
        slack.client.views_open(trigger_id=trigger_id, view=form(section(text=plain("x" * 3001))))
    assert refused.value.response["error"] == "invalid_arguments"
    reason = "[ERROR] must be less than 3001 characters [json-pointer:/view/blocks/0/text/text]"
    assert refused.value.response["response_metadata"]["messages"] == [reason]
    assert slack.rows("D0ANA")[0]["detail"] == [reason]
    assert slack.client.views_open(trigger_id=trigger_id, view=form())["ok"]


def test_a_view_above_250_kilobytes_is_refused(slack: Slack, app: SocketApp) -> None:
    big = form(*[section(text=plain("я" * 1500)) for _ in range(90)])
    assert error_of(slack.client.views_open, trigger_id=trigger(slack, app), view=big) == "view_too_large"


def press_more(slack: Slack, view: Json) -> None:
    source = {"type": "view", "view_id": view["id"]}
    slack.do("press", by="U0ANA", source=source, block_id="more", action_id="press")


def test_modals_stack_three_deep(slack: Slack, app: SocketApp) -> None:
    more = {**actions(button()), "block_id": "more"}
    view = open_view(slack, app, modal(blocks=[more]))
    for _ in range(2):
        press_more(slack, view)
        view = slack.client.views_push(trigger_id=app.last["trigger_id"], view=modal(blocks=[more]))["view"]
    first, second, third = slack.state()["views"]
    assert (third["root_view_id"], third["previous_view_id"]) == (first["id"], second["id"])
    press_more(slack, view)
    push = slack.client.views_push
    assert error_of(push, trigger_id=app.last["trigger_id"], view=modal()) == "push_limit_reached"


def test_a_push_needs_a_trigger_from_inside_a_modal(slack: Slack, app: SocketApp) -> None:
    push = slack.client.views_push
    assert error_of(push, trigger_id=trigger(slack, app), view=form()) == "invalid_trigger_id"


def test_an_update_keeps_what_was_typed_where_the_ids_stay(slack: Slack, app: SocketApp) -> None:
    text, more = {**field(type="plain_text_input"), "block_id": "note"}, {**actions(button()), "block_id": "more"}
    view = open_view(slack, app, form(text, more))
    source = {"type": "view", "view_id": view["id"]}
    state = {"note": {"write": SAID}}
    slack.do("press", by="U0ANA", source=source, block_id="more", action_id="press", state=state)
    kept = slack.client.views_update(view_id=view["id"], view=form(text))["view"]
    assert kept["state"]["values"]["note"]["write"]["value"] == "Called"
    renamed = slack.client.views_update(view_id=view["id"], view=form({**text, "block_id": "other"}))["view"]
    assert renamed["state"]["values"]["other"]["write"]["value"] is None


def test_an_update_against_an_old_hash_is_a_conflict(slack: Slack, app: SocketApp) -> None:
    view, update = open_view(slack, app), slack.client.views_update
    update(view_id=view["id"], view=form(), hash=view["hash"])
    assert error_of(update, view_id=view["id"], view=form(), hash=view["hash"]) == "hash_conflict"


def test_an_update_of_a_closed_view_is_not_found(slack: Slack, app: SocketApp) -> None:
    view = open_view(slack, app)
    slack.do("close", by="U0ANA", view_id=view["id"])
    assert error_of(slack.client.views_update, view_id=view["id"], view=form()) == "not_found"


def test_a_view_is_found_by_its_external_id_which_is_unique(slack: Slack, app: SocketApp) -> None:
    view = open_view(slack, app, form(external_id="one"))
    update = slack.client.views_update
    assert update(external_id="one", view=form(external_id="one"))["view"]["id"] == view["id"]
    trigger_id = trigger(slack, app)
    slack.client.views_publish(user_id="U0DANA", view={"type": "home", "blocks": [section()], "external_id": "two"})
    again = form(external_id="two")
    assert error_of(slack.client.views_open, trigger_id=trigger_id, view=again) == "duplicate_external_id"


def test_a_submission_carries_the_state_and_closes_the_view(slack: Slack, app: SocketApp) -> None:
    view = open_view(slack, app, form(private_metadata="C0SALES"))
    assert submit(slack, view, note=SAID) == {"ok": True, "closed": True}
    sent = app.last
    assert (sent["type"], sent["view"]["callback_id"]) == ("view_submission", "form")
    assert sent["view"]["private_metadata"] == "C0SALES"
    assert sent["view"]["state"]["values"] == {"note": {"write": SAID}}
    assert stack(slack) == []


def test_initial_values_are_submitted_when_nothing_is_changed(slack: Slack, app: SocketApp) -> None:
    choice = field(type="static_select", options=[option("A", "a"), option("B", "b")], initial_option=option("B", "b"))
    view = open_view(slack, app, form({**choice, "block_id": "kind"}))
    submit(slack, view)
    assert app.last["view"]["state"]["values"]["kind"]["write"] == {
        "type": "static_select",
        "selected_option": option("B", "b"),
    }


INPUTS = [
    pytest.param({"type": "plain_text_input"}, "", "required", id="nothing"),
    pytest.param({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3", id="too short"),
    pytest.param({"type": "plain_text_input", "max_length": 3}, "abcd", "more than 3", id="too long"),
    pytest.param({"type": "email_text_input"}, "jane", "email", id="no e-mail"),
    pytest.param({"type": "url_text_input"}, "acme", "URL", id="no url"),
    pytest.param({"type": "number_input", "is_decimal_allowed": False}, "1.5", "number", id="no whole number"),
    pytest.param(
        {"type": "number_input", "is_decimal_allowed": True, "max_value": "9"}, "9.5", "at most 9", id="too much"
    ),
    pytest.param(
        {"type": "number_input", "is_decimal_allowed": True, "min_value": "9"}, "1", "at least 9", id="too little"
    ),
]


@pytest.mark.parametrize(("element", "value", "said"), INPUTS)
def test_slacks_client_checks_first(slack: Slack, app: SocketApp, element: Json, value: str, said: str) -> None:
    view = open_view(slack, app, form({**field(**element), "block_id": "note"}))
    before = len(app.received)
    told = submit(slack, view, note={"type": element["type"], "value": value})
    assert said in told["errors"]["note"]
    assert len(app.received) == before


def test_an_optional_input_may_stay_empty(slack: Slack, app: SocketApp) -> None:
    view = open_view(slack, app, form({**field(type="plain_text_input"), "optional": True}))
    assert submit(slack, view) == {"ok": True, "closed": True}


def test_errors_keep_the_view_open(slack: Slack, app: SocketApp) -> None:
    view = open_view(slack, app)
    app.answer = lambda _: {"response_action": "errors", "errors": {"note": "Too vague"}}
    assert submit(slack, view, note=SAID) == {"ok": False, "errors": {"note": "Too vague"}}
    assert stack(slack) == ["Title"]


def test_errors_for_no_input_block_are_a_mistake_of_the_app(slack: Slack, app: SocketApp) -> None:
    view = open_view(slack, app)
    app.answer = lambda _: {"response_action": "errors", "errors": {"elsewhere": "Too vague"}}
    assert submit(slack, view, note=SAID) == {"ok": False, "error": "invalid_response_action"}
    assert slack.get("calls")["calls"][-1]["error"] == "invalid_response_action"


@pytest.mark.parametrize(
    ("action", "shown"),
    [
        pytest.param("update", ["Next"], id="update"),
        pytest.param("push", ["Title", "Next"], id="push"),
    ],
)
def test_a_submission_may_show_another_view(slack: Slack, app: SocketApp, action: str, shown: list[str]) -> None:
    view = open_view(slack, app)
    app.answer = lambda _: {"response_action": action, "view": modal(title=plain("Next"))}
    assert submit(slack, view, note=SAID) == {"ok": True, "closed": False}
    assert stack(slack) == shown


def test_clear_closes_the_whole_stack(slack: Slack, app: SocketApp) -> None:
    view = open_view(slack, app)
    app.answer = lambda _: {"response_action": "push", "view": form()}
    submit(slack, view, note=SAID)
    app.answer = lambda _: {"response_action": "clear"}
    assert submit(slack, slack.state()["views"][-1], note=SAID) == {"ok": True, "closed": True}
    assert stack(slack) == []


def test_a_wrong_view_in_an_answer_is_refused(slack: Slack, app: SocketApp) -> None:
    view = open_view(slack, app)
    app.answer = lambda _: {"response_action": "update", "view": {"type": "modal"}}
    assert submit(slack, view, note=SAID)["error"] == "invalid_arguments"
    assert stack(slack) == ["Title"]


def test_a_submission_that_does_not_arrive_keeps_the_view(slack: Slack, app: SocketApp) -> None:
    view = open_view(slack, app)
    app.client.auto_reconnect_enabled = False
    slack.control(drop_sockets=True)
    eventually(lambda: not slack.state()["app"]["connected"])
    assert submit(slack, view, note=SAID) == {"ok": False, "error": "dispatch_failed"}
    assert stack(slack) == ["Title"]


def test_the_app_hears_of_a_closed_view_only_when_it_asked(slack: Slack, app: SocketApp) -> None:
    for notify in (False, True):
        view = open_view(slack, app, form(notify_on_close=notify))
        slack.do("close", by="U0ANA", view_id=view["id"])
        assert (app.last.get("type") == "view_closed") is notify
    assert (app.last["view"]["id"], app.last["is_cleared"]) == (view["id"], False)


def test_clear_on_close_closes_those_below(slack: Slack, app: SocketApp) -> None:
    view = open_view(slack, app)
    app.answer = lambda _: {"response_action": "push", "view": modal(clear_on_close=True, notify_on_close=True)}
    submit(slack, view, note=SAID)
    slack.do("close", by="U0ANA", view_id=slack.state()["views"][-1]["id"])
    assert stack(slack) == []
    assert app.last["is_cleared"] is True


def test_one_cannot_touch_the_modal_of_another(slack: Slack, app: SocketApp) -> None:
    view = open_view(slack, app)
    assert slack.do("submit", by="U0DANA", view_id=view["id"], state={})["error"] == "not_found"


def test_a_response_url_comes_with_a_chosen_conversation(slack: Slack, app: SocketApp) -> None:
    choice = field(type="conversations_select", response_url_enabled=True)
    view = open_view(slack, app, form({**choice, "block_id": "where"}))
    submit(slack, view, where={"type": "conversations_select", "selected_conversation": "C0WINS"})
    given = app.last["response_urls"][0]
    assert (given["block_id"], given["action_id"], given["channel_id"]) == ("where", "write", "C0WINS")


HOME = {"type": "home", "blocks": [section()]}


def test_opening_the_home_tab_tells_the_app_and_shows_what_it_publishes(slack: Slack, app: SocketApp) -> None:
    assert slack.home() == {"view": None}
    event = app.last["event"]
    assert (event["type"], event["user"], event["tab"], event["channel"]) == (
        "app_home_opened",
        "U0ANA",
        "home",
        "D0ANA",
    )
    assert "view" not in event
    published = slack.client.views_publish(user_id="U0ANA", view=HOME)["view"]
    assert slack.home()["view"]["id"] == published["id"]
    assert app.last["event"]["view"]["id"] == published["id"]
    assert slack.home("U0DANA") == {"view": None}


def test_a_page_that_only_draws_the_home_tab_anew_opens_nothing(slack: Slack, app: SocketApp) -> None:
    slack.client.views_publish(user_id="U0ANA", view=HOME)
    assert slack.get("home", **{"as": "U0ANA", "opened": "0"})["view"]["type"] == "home"
    assert app.received == []


def test_publishing_against_an_old_hash_is_a_conflict(slack: Slack) -> None:
    publish = slack.client.views_publish
    old = publish(user_id="U0ANA", view=HOME)["view"]["hash"]
    publish(user_id="U0ANA", view=HOME, hash=old)
    assert error_of(publish, user_id="U0ANA", view=HOME, hash=old) == "hash_conflict"
    assert error_of(publish, user_id="U0ANA", view=modal()) == "invalid_arguments"


def test_a_button_on_the_home_tab_carries_the_view(slack: Slack, app: SocketApp) -> None:
    home = {"type": "home", "blocks": [{**actions(button()), "block_id": "b"}]}
    view = slack.client.views_publish(user_id="U0ANA", view=home)["view"]
    source = {"type": "view", "view_id": view["id"]}
    assert slack.do("press", by="U0ANA", source=source, block_id="b", action_id="press")["ok"]
    assert app.last["view"]["type"] == "home"
    assert app.last["container"] == {"type": "view", "view_id": view["id"]}
    assert "response_url" not in app.last
