"""The Home tab as a desk: menus of every kind, forms on top of it, and what is published while somebody looks."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from slack_sdk.socket_mode.request import SocketModeRequest

from tests.sandbox.blocks import actions, button, group, mrkdwn, option, plain, section
from tests.sandbox.conftest import Json, Slack, SocketApp, eventually
from tests.sandbox.pages import Visitor, launched_browser, open_visitor, opened_context
from tests.sandbox.test_page_forms import WHO, asked, form

__all__ = ["launched_browser", "open_visitor", "opened_context"]

pytestmark = pytest.mark.browser

ROLES = [option("SDR", "sdr"), option("AE", "ae")]
GROUPS = [group("Selling", 2), {"label": plain("Other"), "options": [option("Partner", "p")]}]


def publish(slack: Slack, *blocks: Json) -> None:
    slack.client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": list(blocks)})


def home(visitor: Visitor) -> Locator:
    return visitor.open(tab="home").page.get_by_role("region", name="Home")


def pick(place: Locator, name: str, *choices: str) -> None:
    for choice in choices:
        place.get_by_role("combobox", name=name).click()
        place.get_by_role("option", name=choice).click()


Use = Callable[[Locator], None]


def picking(choice: str) -> Use:
    return lambda field: pick(field, "Field", choice)


def ticking(choice: str) -> Use:
    return lambda field: field.get_by_label(choice).check()


def entering(value: str) -> Use:
    return lambda field: field.locator("input").fill(value)


def of(kind: str, **more: Any) -> Json:
    return {"type": kind, "placeholder": plain("Field"), **more}


DAY, TIME, WINS = "2026-12-01", "09:30", "C0WINS"
PARTNER, AE = option("Partner", "p"), ROLES[1]
BOXES, RADIO = {"type": "checkboxes", "options": ROLES}, {"type": "radio_buttons", "options": ROLES}
GROUPED = of("static_select", option_groups=GROUPS)
ELEMENTS = [
    pytest.param(of("users_select"), picking("Dana"), {"selected_user": "U0DANA"}, id="person"),
    pytest.param(of("multi_users_select"), picking("Dana"), {"selected_users": ["U0DANA"]}, id="people"),
    pytest.param(of("channels_select"), picking("wins"), {"selected_channel": WINS}, id="channel"),
    pytest.param(of("conversations_select"), picking("wins"), {"selected_conversation": WINS}, id="conversation"),
    pytest.param(GROUPED, picking("Partner"), {"selected_option": PARTNER}, id="grouped"),
    pytest.param(of("multi_static_select", options=ROLES), picking("AE"), {"selected_options": [AE]}, id="several"),
    pytest.param(BOXES, ticking("AE"), {"selected_options": [AE]}, id="checkboxes"),
    pytest.param(RADIO, ticking("AE"), {"selected_option": AE}, id="radio"),
    pytest.param(of("datepicker"), entering(DAY), {"selected_date": DAY}, id="day"),
    pytest.param(of("timepicker"), entering(TIME), {"selected_time": TIME}, id="time"),
]


@pytest.mark.parametrize(("element", "use", "told"), ELEMENTS)
def test_a_choice_in_home_is_told_at_once(
    visitor: Visitor, slack: Slack, app: SocketApp, element: Json, use: Use, told: Json
) -> None:
    publish(slack, section(text=mrkdwn("Set it"), accessory=element | {"action_id": "set"}))
    shown = home(visitor)
    use(shown.locator(".accessory"))
    eventually(lambda: app.last.get("type") == "block_actions")
    assert app.last["actions"][0].items() >= {"action_id": "set", **told}.items()
    assert app.last["view"]["type"] == "home"


@pytest.mark.parametrize(("element", "use", "told"), ELEMENTS)
def test_a_choice_in_a_form_on_top_of_another_is_sent_with_it(
    visitor: Visitor, slack: Slack, app: SocketApp, element: Json, use: Use, told: Json
) -> None:
    view = form(asked("Field", element), title="Details")
    dialog = pushed(visitor, slack, app, view)
    use(dialog.locator("[data-block=field]"))
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(visitor.dialog("Log an activity")).to_be_visible()
    assert app.last["type"] == "view_submission"
    assert app.last["view"]["state"]["values"]["field"]["field"] == {"type": element["type"], **told}


def pushed(visitor: Visitor, slack: Slack, app: SocketApp, view: Json) -> Locator:
    """A form opened from Home, and `view` pushed on top of it."""

    def answer(request: SocketModeRequest) -> None:
        if request.payload.get("type") == "block_actions":
            inside = request.payload["view"]["type"] == "modal"
            show = slack.client.views_push if inside else slack.client.views_open
            show(trigger_id=request.payload["trigger_id"], view=view if inside else form(WHO, actions(button())))

    app.answer = answer
    publish(slack, actions(button()))
    home(visitor).get_by_role("button", name="Press").click()
    visitor.dialog("Log an activity").get_by_role("button", name="Press").click()
    dialog = visitor.dialog(view["title"]["text"])
    expect(dialog).to_be_visible()
    return dialog


def test_a_number_is_checked_and_sent(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    quota = asked("Quota", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"})
    dialog = pushed(visitor, slack, app, form(quota, title="Details"))
    field = dialog.get_by_label("Quota")
    field.fill("0")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_have_text("Please enter a number of at least 1.")
    field.fill("12")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    assert app.last["view"]["state"]["values"]["quota"]["quota"]["value"] == "12"


def test_several_people_are_chosen_and_taken_back(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    dialog = pushed(visitor, slack, app, form(asked("Team", {"type": "multi_users_select"}), title="Details"))
    pick(dialog, "Team", "Dana Lee", "Arun Mehta", "Sam Okafor")
    dialog.get_by_role("button", name="Remove Arun Mehta").click()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    assert app.last["view"]["state"]["values"]["team"]["team"]["selected_users"] == ["U0DANA", "U0SAM"]


def test_clearing_the_stack_leaves_home(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    dialog = pushed(visitor, slack, app, form(asked("Day", {"type": "datepicker"}), title="Details"))
    app.answer = lambda request: {"response_action": "clear"}
    dialog.get_by_label("Day").fill(DAY)
    dialog.get_by_role("button", name="Save").click()
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    expect(visitor.page.get_by_role("region", name="Home").get_by_role("button", name="Press")).to_be_visible()


def test_the_form_below_is_changed_from_the_one_on_top(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    dialog = pushed(visitor, slack, app, form(title="Details", submit=plain("Add"), blocks=[section()]))
    changed = form(section(text=mrkdwn("1 person added")), WHO)

    def update_below(request: SocketModeRequest) -> None:
        slack.client.views_update(view_id=request.payload["view"]["previous_view_id"], view=changed)

    app.answer = update_below
    dialog.get_by_role("button", name="Add").click()
    expect(visitor.dialog("Log an activity")).to_contain_text("1 person added")


def test_a_row_of_many_has_its_own_menu(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    menu = {"type": "overflow", "action_id": "row", "options": [option("Edit", "edit"), option("Remove", "remove")]}
    publish(slack, *(section(text=mrkdwn(f"Row {at}"), accessory=menu, block_id=f"row{at}") for at in range(40)))
    row = home(visitor).locator("[data-block=row33]")
    row.get_by_role("button", name="More options").click()
    row.get_by_role("menuitem", name="Remove").click()
    eventually(lambda: app.last.get("type") == "block_actions")
    action = app.last["actions"][0]
    assert (action["block_id"], action["selected_option"]["value"]) == ("row33", "remove")


def test_what_is_published_meanwhile_shows_at_once_where_one_is(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    find = asked("Find", {"type": "plain_text_input"}, dispatch_action=True)

    def day(calls: int) -> list[Json]:
        rows = [section(text=mrkdwn(f"Row {at}: {calls} calls")) for at in range(60)]
        return [*rows[:30], find, *rows[30:]]

    publish(slack, *day(1))
    shown = home(visitor)
    box = shown.get_by_role("textbox", name="Find")
    box.fill("Ac")
    before = shown.evaluate("home => home.scrollTop")
    assert before > 0
    app.received.clear()
    publish(slack, *day(2))
    expect(shown).to_contain_text("Row 59: 2 calls")
    assert shown.evaluate("home => home.scrollTop") == before
    expect(box).to_have_value("Ac")
    expect(box).to_be_focused()
    assert app.received == []
