"""The tests' own driver: it reads, presses and fills in as people do."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk.socket_mode.request import SocketModeRequest

from tests.sandbox.blocks import actions, button, context, data_table, group, mrkdwn, option, pie, plain, section, table
from tests.sandbox.conftest import Json, Slack, SocketApp
from tests.sandbox.test_messages import post
from tests.sandbox.test_page_forms import asked, form
from tests.wire import team as driver
from tests.wire.team import Form, Shown, Team
from tests.wire.values import Value

Act = Callable[[Json], Json | None]

OUTCOMES = [option("Connected", "c"), option("Voicemail", "v")]
GROUPS = [group("EMEA", 2), {"label": plain("APAC"), "options": [option("Japan", "jp")]}]
ANA = "U0ANA"


@pytest.fixture(name="team")
def people(slack: Slack) -> Iterator[Team]:
    """Everybody in the sandbox."""
    team = Team(slack.base_url)
    yield team
    team.close()


def opened(slack: Slack, app: SocketApp, team: Team, view: Json, then: Act = lambda _: None) -> Form:
    """The modal that a command opens; `then` answers what follows."""

    def answer(request: SocketModeRequest) -> Json | None:
        if request.type == "slash_commands":
            slack.client.views_open(trigger_id=request.payload["trigger_id"], view=view)
            return None
        return then(request.payload)

    app.answer = answer
    team.sends(ANA, "/log")
    return team.form(ANA)


def chosen(*options: Json) -> Json:
    return {"selected_options": list(options)}


CONNECTED, VOICEMAIL = OUTCOMES
JAPAN = option("Japan", "jp")
MENU = {"type": "static_select", "options": OUTCOMES}
GROUPED = {"type": "static_select", "option_groups": GROUPS}
SEVERAL = {"type": "multi_static_select", "option_groups": GROUPS}
BOXES = {"type": "checkboxes", "options": OUTCOMES}
TEXT, DAY = {"type": "plain_text_input"}, {"type": "datepicker"}
PERSON, PEOPLE = {"type": "users_select"}, {"type": "multi_users_select"}
NUMBER = {"type": "number_input", "is_decimal_allowed": True}
RADIO = {"type": "radio_buttons", "options": OUTCOMES}
BERLIN = {"timezone": "Europe/Berlin"}
TWO = ["U0DANA", "U0ARUN"]
WINS = "C0WINS"

FIELDS = [
    pytest.param(TEXT, "Acme", {"value": "Acme"}, id="text"),
    pytest.param(TEXT | {"initial_value": "Acme"}, None, {"value": None}, id="text cleared"),
    pytest.param(NUMBER, 12.5, {"value": "12.5"}, id="number"),
    pytest.param(MENU, "v", {"selected_option": VOICEMAIL}, id="option by value"),
    pytest.param(MENU, "Voicemail", {"selected_option": VOICEMAIL}, id="option by text"),
    pytest.param(GROUPED, "Japan", {"selected_option": JAPAN}, id="grouped"),
    pytest.param(MENU | {"initial_option": CONNECTED}, None, {"selected_option": None}, id="choice cleared"),
    pytest.param(SEVERAL, ["jp", "1"], chosen(JAPAN, option("Option 1", "1")), id="several"),
    pytest.param(BOXES, ["Connected"], chosen(CONNECTED), id="checkboxes"),
    pytest.param(BOXES | {"initial_options": OUTCOMES}, [], chosen(), id="unticked"),
    pytest.param(RADIO, "c", {"selected_option": CONNECTED}, id="radio"),
    pytest.param(PERSON, "U0DANA", {"selected_user": "U0DANA"}, id="person"),
    pytest.param(PERSON | {"initial_user": "U0DANA"}, None, {"selected_user": None}, id="nobody"),
    pytest.param(PEOPLE, TWO, {"selected_users": TWO}, id="people"),
    pytest.param(PEOPLE, "U0DANA", {"selected_users": ["U0DANA"]}, id="one of many"),
    pytest.param({"type": "channels_select"}, WINS, {"selected_channel": WINS}, id="channel"),
    pytest.param({"type": "multi_channels_select"}, [WINS], {"selected_channels": [WINS]}, id="channels"),
    pytest.param({"type": "conversations_select"}, WINS, {"selected_conversation": WINS}, id="conversation"),
    pytest.param(DAY, "2026-12-01", {"selected_date": "2026-12-01"}, id="date"),
    pytest.param(DAY | {"initial_date": "2026-12-01"}, None, {"selected_date": None}, id="no date"),
    pytest.param({"type": "timepicker"} | BERLIN, "09:30", {"selected_time": "09:30"} | BERLIN, id="time"),
    pytest.param({"type": "datetimepicker"}, 1_900_000_000, {"selected_date_time": 1_900_000_000}, id="moment"),
]


@pytest.mark.parametrize(("element", "given", "wanted"), FIELDS)
def test_a_field_is_sent_in_slacks_shape(
    slack: Slack, app: SocketApp, team: Team, element: Json, given: Value, wanted: Json
) -> None:
    shown = opened(slack, app, team, form(asked("Field", element, optional=True)))
    assert team.submits(ANA, shown.fill(field=given))["ok"]
    assert app.last["view"]["state"]["values"]["field"]["field"] == {"type": element["type"], **wanted}


UNTOUCHED = [
    pytest.param(TEXT | {"initial_value": "Acme"}, "Acme", id="text"),
    pytest.param(MENU | {"initial_option": VOICEMAIL}, "v", id="choice"),
    pytest.param(BOXES | {"initial_options": OUTCOMES}, ["c", "v"], id="checkboxes"),
    pytest.param(PEOPLE | {"initial_users": TWO}, TWO, id="people"),
    pytest.param({"type": "timepicker", "initial_time": "09:30"}, "09:30", id="time"),
    pytest.param(PERSON, "", id="nobody"),
    pytest.param(PEOPLE, [], id="no people"),
]


@pytest.mark.parametrize(("element", "initial"), UNTOUCHED)
def test_a_field_says_what_it_was_opened_with(
    slack: Slack, app: SocketApp, team: Team, element: Json, initial: str | list[str]
) -> None:
    assert opened(slack, app, team, form(asked("Field", element))).initial("Field") == initial


def test_a_field_may_be_named_by_its_label(slack: Slack, app: SocketApp, team: Team) -> None:
    shown = opened(slack, app, team, form(asked("Who", {"type": "plain_text_input"})))
    assert shown.labels == ["Who"]
    assert shown.fill({"Who": "Acme"}).state()["who"]["who"]["value"] == "Acme"


@pytest.mark.parametrize(("name", "given"), [("outcome", "unheard of"), ("unheard_of", "c")])
def test_what_is_not_there_cannot_be_filled_in(slack: Slack, app: SocketApp, team: Team, name: str, given: str) -> None:
    shown = opened(slack, app, team, form(asked("Outcome", {"type": "static_select", "options": OUTCOMES})))
    with pytest.raises(AssertionError, match="unheard"):
        shown.fill(**{name: given}).state()


def test_a_press_in_a_form_brings_what_was_typed_and_the_form_after_it(
    slack: Slack, app: SocketApp, team: Team
) -> None:
    who = asked("Who", {"type": "plain_text_input"})

    def update(payload: Json) -> None:
        slack.client.views_update(view_id=payload["view"]["id"], view=form(section(text=mrkdwn("Known")), who))

    shown = opened(slack, app, team, form(who, actions(button())), update)
    assert shown.buttons == ["Press"]
    assert team.presses_in(ANA, shown.fill(who="Acme"), "Press")
    assert team.form(ANA, "Known").initial("Who") == "Acme"


def test_forms_are_pushed_and_closed(slack: Slack, app: SocketApp, team: Team) -> None:
    def push(payload: Json) -> None:
        if payload["type"] == "block_actions":
            view = form(section(text=mrkdwn("Which one?")), title="More")
            slack.client.views_push(trigger_id=payload["trigger_id"], view=view)

    shown = opened(slack, app, team, form(section(), actions(button())), push)
    assert team.presses_in(ANA, shown, "Press")
    more = team.form(ANA, "Which one?")
    assert [each.title for each in team.forms(ANA)] == ["Log an activity", "More"]
    assert team.closes(ANA, more)["ok"]
    assert [each.title for each in team.forms(ANA)] == ["Log an activity"]


ROW_MENU = {"type": "overflow", "action_id": "row", "options": OUTCOMES}
ROWS = [section(text=mrkdwn(f"*{name}*"), accessory=ROW_MENU, block_id=name) for name in ("Ana", "Dana")]


def test_home_is_read_pressed_and_chosen_in(slack: Slack, app: SocketApp, team: Team) -> None:
    pick = {"type": "users_select", "action_id": "pick", "placeholder": plain("Whose day?")}
    blocks = [*ROWS, actions(button(), button(text=plain("Plan"), action_id="plan"), pick)]
    slack.client.views_publish(user_id=ANA, view={"type": "home", "blocks": blocks})
    home = team.home_of(ANA)
    assert home.buttons == ["Press", "Plan"]
    assert team.presses_in(ANA, home, "Plan")
    assert (app.last["actions"][0]["action_id"], app.last["view"]["type"]) == ("plan", "home")
    assert team.chooses(ANA, home, "Dana", "Voicemail")
    action = app.last["actions"][0]
    assert (action["block_id"], action["selected_option"]["value"]) == ("Dana", "v")
    assert team.chooses(ANA, home, "Whose day?", "U0ARUN")
    assert app.last["actions"][0]["selected_user"] == "U0ARUN"
    assert app.last["view"]["state"]["values"][app.last["actions"][0]["block_id"]]["pick"]["selected_user"] == "U0ARUN"


def published(slack: Slack, text: str) -> None:
    slack.client.views_publish(user_id=ANA, view={"type": "home", "blocks": [section(text=mrkdwn(text))]})


def test_opening_home_waits_for_what_is_published_after_it(slack: Slack, app: SocketApp, team: Team) -> None:
    published(slack, "Yesterday")

    def late(request: SocketModeRequest) -> bool:
        app.client.send_socket_mode_response({"envelope_id": request.envelope_id})
        time.sleep(0.2)
        published(slack, "Today")
        return False

    app.answer = late
    assert team.opens_home(ANA).text == "Today"
    assert [request.payload["event"]["type"] for request in app.received] == ["app_home_opened"]


def test_looking_at_home_tells_the_app_nothing(
    slack: Slack, app: SocketApp, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(slack, "3 of 10 calls")
    assert team.home_when(ANA, "3 of 10").text == "3 of 10 calls"
    monkeypatch.setattr(driver, "PATIENCE", 0.1)
    with pytest.raises(AssertionError, match="4 of 10"):
        team.home_when(ANA, "4 of 10")
    assert app.received == []


def test_an_account_changes(app: SocketApp, team: Team) -> None:
    assert team.changes_user(ANA, tz="Asia/Tokyo")["tz"] == "Asia/Tokyo"
    assert app.last["event"]["type"] == "user_change"
    team.changes_user("U0NEW", name="nina", real_name="Nina Neu")
    assert app.last["event"]["type"] == "team_join"


RICH = [
    {"type": "text", "text": "Hello "},
    {"type": "user", "user_id": ANA},
    {"type": "emoji", "name": "tada"},
    {"type": "link", "url": "https://x.example", "text": "here"},
]
READ = [
    pytest.param(section(fields=[mrkdwn("*Calls*"), mrkdwn("12")]), ["Text", "*Calls*", "12"], id="fields"),
    pytest.param({"type": "header", "text": plain("Today")}, ["Today"], id="header"),
    pytest.param(context(2), ["Text", "Text"], id="context"),
    pytest.param(actions(button(), ROW_MENU), ["Press", "Connected", "Voicemail"], id="buttons and menus"),
    pytest.param(
        asked("Who", GROUPED | {"placeholder": plain("Pick")}, hint=plain("One of them")),
        ["Who", "Pick", "EMEA", "Option 0", "Option 1", "APAC", "Japan", "One of them"],
        id="input",
    ),
    pytest.param(
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": RICH}]},
        [f"Hello <@{ANA}>:tada:here"],
        id="rich text",
    ),
    pytest.param(table(2, 2, "a"), ["a | a", "a | a"], id="table"),
    pytest.param(data_table(2, 2, "a"), ["Scores", "a | a", "a | a"], id="data table"),
    pytest.param(pie(("Won", 3)), ["Calls", "Won | 3"], id="chart"),
]


@pytest.mark.parametrize(("block", "lines"), READ)
def test_everything_that_a_person_reads_is_in_the_text(block: Json, lines: list[str]) -> None:
    assert Shown({"blocks": [block]}, "").text.splitlines() == lines


def test_a_message_without_blocks_is_its_text(slack: Slack, team: Team) -> None:
    post(slack, text="Plain words")
    assert team.messages(ANA, "C0SALES")[-1].text == "Plain words"


def test_a_choice_in_a_message_is_told(slack: Slack, app: SocketApp, team: Team) -> None:
    day: dict[str, Any] = {"type": "datepicker", "action_id": "day", "placeholder": plain("Which day?")}
    post(slack, text="Plan", blocks=[actions(day)])
    assert team.chooses(ANA, team.messages(ANA, "C0SALES")[-1], "Which day?", "2026-12-01")
    assert app.last["actions"][0]["selected_date"] == "2026-12-01"
