"""The page: rooms, people, the box one types into, messages."""

import re
import time

import pytest
from playwright.sync_api import expect
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.request import SocketModeRequest

from tests.sandbox.blocks import mrkdwn, section
from tests.sandbox.conftest import Json, Slack, SocketApp, eventually
from tests.sandbox.pages import Visitor, launched_browser, open_visitor, opened_context
from tests.sandbox.test_messages import post

__all__ = ["launched_browser", "open_visitor", "opened_context"]

pytestmark = pytest.mark.browser


def test_it_opens_with_the_rooms_of_the_person_in_the_conversation_with_the_app(visitor: Visitor) -> None:
    page = visitor.open("U0GUEST").page
    expect(page.get_by_role("heading", level=1)).to_have_text("Relay")
    rooms = page.get_by_role("navigation", name="Workspace").get_by_role("listitem")
    expect(rooms).to_have_text(["Relay", "random"])
    expect(page).to_have_title("Relay · Northwind Sales")


def test_another_person_sees_their_own_conversation_and_clock(visitor: Visitor, slack: Slack) -> None:
    post(slack, "U0ROMAN", text="Для Романа")
    page = visitor.open("U0ANA").page
    visitor.button("See it as").click()
    page.get_by_role("menuitemradio", name="Роман Иванов").click()
    expect(visitor.message("Для Романа")).to_be_visible()
    expect(visitor.button("See it as")).to_contain_text(re.compile(r"Роман Иванов.*in Moscow · Russian", re.DOTALL))
    expect(page).to_have_url(re.compile("as=U0ROMAN"))


def test_the_address_leads_back_to_the_same_person_and_room(visitor: Visitor) -> None:
    page = visitor.open("U0MARIA").page
    visitor.button("wins").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("wins")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("wins")
    expect(visitor.button("See it as")).to_contain_text("Maria Keller")


def test_a_new_name_shows_at_once(visitor: Visitor, slack: Slack) -> None:
    visitor.open("U0ANA")
    slack.control(user={"id": "U0ANA", "real_name": "Ana Maria Ruiz", "profile": {"display_name": "Ana Maria"}})
    expect(visitor.button("See it as")).to_contain_text("Ana Maria")


def test_commands_are_suggested_completed_and_sent(visitor: Visitor, app: SocketApp) -> None:
    app.answer = lambda request: {"text": "Logged: *call*"}
    page = visitor.open().page
    visitor.box.fill("/l")
    suggestion = page.get_by_role("option", name="/log")
    expect(suggestion).to_contain_text("call WHO")
    visitor.box.press("Tab")
    expect(visitor.box).to_have_value("/log ")
    visitor.box.press_sequentially("call Acme 15m")
    visitor.box.press("Enter")
    expect(visitor.message("Only visible to you")).to_contain_text("Logged: call")
    assert (app.last["command"], app.last["text"]) == ("/log", "call Acme 15m")
    expect(visitor.box).to_have_value("")


def test_arrows_walk_through_the_suggestions_and_enter_takes_one(visitor: Visitor) -> None:
    visitor.open().box.fill("/")
    visitor.box.press("ArrowDown")
    expect(visitor.page.get_by_role("option", name="/plain", selected=True)).to_be_visible()
    visitor.box.press("Enter")
    expect(visitor.box).to_have_value("/plain ")
    visitor.box.fill("/")
    visitor.box.press("Escape")
    expect(visitor.page.get_by_role("option")).to_have_count(0)


def test_a_command_that_stands_there_in_full_is_sent_by_enter(visitor: Visitor, app: SocketApp) -> None:
    visitor.open().type("/log")
    eventually(lambda: app.received)
    assert app.last["text"] == ""


def test_whoever_types_faster_than_the_app_answers_loses_nothing(visitor: Visitor, app: SocketApp) -> None:
    def slowly(request: SocketModeRequest) -> Json:
        time.sleep(0.4)
        return {"text": "Logged"}

    app.answer = slowly
    visitor.open()
    for text in ("/log one", "/log two", "/log three"):
        visitor.type(text)
    eventually(lambda: len(app.received) == 3)
    assert [request.payload["text"] for request in app.received] == ["one", "two", "three"]


def test_people_are_suggested_and_reach_the_app_as_mentions(visitor: Visitor, app: SocketApp) -> None:
    visitor.open().box.press_sequentially("/log call @da")
    expect(visitor.page.get_by_role("option")).to_contain_text("Dana Lee")
    visitor.box.press("Enter")
    visitor.box.press("Enter")
    eventually(lambda: app.received)
    assert app.last["text"] == "call <@U0DANA|dana>"


def test_what_was_sent_comes_back_with_arrow_up_for_its_person_only(visitor: Visitor, app: SocketApp) -> None:
    page = visitor.open().page
    for text in ("first", "second"):
        visitor.type(text)
        expect(visitor.message(text)).to_be_visible()
    page.reload()
    visitor.box.press("ArrowUp")
    expect(visitor.box).to_have_value("second")
    visitor.box.press("ArrowUp")
    expect(visitor.box).to_have_value("first")
    page.goto(f"{visitor.slack.base_url}/?as=U0DANA")
    visitor.box.press("ArrowUp")
    expect(visitor.box).to_have_value("")


def test_shift_enter_starts_a_line(visitor: Visitor, slack: Slack) -> None:
    visitor.open(room="C0SALES").box.fill("one")
    visitor.box.press("Shift+Enter")
    visitor.box.press_sequentially("two")
    visitor.box.press("Enter")
    expect(visitor.message("two")).to_be_visible()
    assert slack.rows("C0SALES")[0]["text"] == "one\ntwo"


def test_an_empty_room_says_what_to_try(visitor: Visitor) -> None:
    visitor.open(room="C0WINS")
    visitor.button("Try /log call WHO").click()
    expect(visitor.box).to_have_value("/log call WHO")
    expect(visitor.box).to_be_focused()


def test_a_command_without_an_answer_is_told_in_red(visitor: Visitor, app: SocketApp) -> None:
    app.answer = lambda request: False
    visitor.open().type("/log call Acme")
    expect(visitor.page.get_by_role("article", name="Slackbot, error")).to_have_text(
        "/log failed with the error “operation_timeout”."
    )


def test_an_unknown_command_goes_back_into_the_box(visitor: Visitor) -> None:
    visitor.open().type("/lgo call Acme")
    expect(visitor.page.get_by_role("article", name="Slackbot, error")).to_contain_text("/lgo is not a valid command")
    expect(visitor.box).to_have_value("/lgo call Acme")


def test_a_refused_payload_is_shown_with_its_reason(visitor: Visitor, slack: Slack) -> None:
    with pytest.raises(SlackApiError):
        post(slack, text="x", blocks=[{"type": "header", "text": mrkdwn("No")}])
    card = visitor.open(room="C0SALES").page.get_by_role("article", name="Refused: invalid_blocks")
    expect(card).to_contain_text("/blocks/0/text/type")
    card.get_by_text("The payload").click()
    expect(card.locator("pre")).to_contain_text('"mrkdwn"')


def test_hostile_text_stays_text(visitor: Visitor, slack: Slack) -> None:
    evil = "<img src=x onerror=alert(1)> <javascript:alert(1)|click> &lt;b&gt;bold&lt;/b&gt;"
    post(slack, text=evil, blocks=[section(text=mrkdwn(evil))])
    message = visitor.open(room="C0SALES").message("click")
    expect(message).to_contain_text("<b>bold</b>")
    expect(message.locator("img, b, .content a")).to_have_count(0)


def test_a_new_message_appears_is_announced_and_counted(visitor: Visitor, slack: Slack) -> None:
    page = visitor.open("U0DANA", "C0SALES").page
    expect(visitor.button("Try /log")).to_be_visible()
    post(slack, text="*Acme* signed, <@U0DANA>")
    expect(visitor.message("Acme signed")).to_be_visible()
    expect(page.get_by_role("log", name="New messages")).to_have_text("Relay: Acme signed, @Dana Lee")
    post(slack, "C0WINS", text="Another win")
    expect(visitor.button("wins, 1 unread")).to_be_visible()


def test_a_changed_and_a_deleted_message_follow(visitor: Visitor, slack: Slack) -> None:
    ts = post(slack, text="Draft")["ts"]
    visitor.open(room="C0SALES")
    expect(visitor.message("Draft")).to_be_visible()
    slack.client.chat_update(channel="C0SALES", ts=ts, text="Final")
    expect(visitor.message("Final")).to_contain_text("(edited)")
    slack.client.chat_delete(channel="C0SALES", ts=ts)
    expect(visitor.page.get_by_role("article")).to_have_count(0)


def test_replies_stand_in_a_thread(visitor: Visitor, slack: Slack) -> None:
    ts = post(slack, text="Question")["ts"]
    post(slack, text="Answer", thread_ts=ts)
    page = visitor.open(room="C0SALES").page
    thread = page.get_by_role("complementary", name="Thread")
    visitor.button("1 reply").click()
    expect(thread.get_by_role("article")).to_contain_text(["Question", "Answer"])
    page.keyboard.press("Escape")
    expect(thread).to_be_hidden()
    expect(visitor.button("1 reply")).to_be_focused()
    expect(page.get_by_role("article")).to_have_count(1)


def test_shortcuts_stand_at_the_message_and_at_the_box(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    ts = post(slack, text="Keep me")["ts"]
    page = visitor.open(room="C0SALES").page
    visitor.message("Keep me").hover()
    visitor.button("More actions").click()
    page.get_by_role("menuitem", name="Keep").click()
    eventually(lambda: app.received)
    assert (app.last["callback_id"], app.last["message"]["ts"]) == ("keep", ts)
    visitor.button("Shortcuts").click()
    page.keyboard.press("Enter")
    eventually(lambda: len(app.received) == 2)
    assert app.last["callback_id"] == "new"


def test_a_banner_says_that_the_app_is_not_connected(visitor: Visitor, slack: Slack) -> None:
    banner = visitor.open().page.get_by_text("Relay is not connected")
    expect(banner).to_be_visible()
    app = SocketApp(slack)
    expect(banner).to_be_hidden()
    app.close()
    expect(banner).to_be_visible()


def test_colours_follow_the_system_until_a_person_chooses(visitor: Visitor) -> None:
    page = visitor.open(color_scheme="dark").page
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    visitor.button("Light colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_on_a_phone_the_rooms_are_a_drawer(visitor: Visitor) -> None:
    page = visitor.open(width=390).page
    expect(visitor.button("wins")).to_be_hidden()
    visitor.button("Rooms and people").click()
    expect(visitor.button("Close the list of rooms")).to_be_focused()
    page.keyboard.press("Escape")
    expect(visitor.button("wins")).to_be_hidden()
    visitor.button("Rooms and people").click()
    visitor.button("wins").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("wins")
    expect(visitor.button("random")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_page_goes_on_after_its_connection_was_lost(visitor: Visitor, slack: Slack) -> None:
    page = visitor.open(room="C0SALES").page
    page.route("**/ui/stream*", lambda route: route.abort())
    page.reload()
    expect(page.get_by_text("The sandbox does not answer")).to_be_visible()
    post(slack, text="Meanwhile")
    page.unroute("**/ui/stream*")
    expect(visitor.message("Meanwhile")).to_be_visible()
    expect(page.get_by_text("The sandbox does not answer")).to_be_hidden()
