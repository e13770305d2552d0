"""The people at the page: thousands of them, and what they say of themselves."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from slack_sdk.socket_mode.request import SocketModeRequest

from tests.sandbox.conftest import Slack, SocketApp, eventually, manifest, running
from tests.sandbox.pages import Visitor, launched_browser, open_visitor, opened_context
from tests.sandbox.test_page_forms import asked, form
from tests.wire.bigteam import write_team

__all__ = ["launched_browser", "open_visitor", "opened_context"]

pytestmark = pytest.mark.browser


@pytest.fixture(name="crowd")
def large_workspace(context: BrowserContext, tmp_path: Path) -> Iterator[Visitor]:
    """Somebody at the page of a workspace of 2,012 people."""
    write_team(tmp_path / "team.json", 2_000)
    with running(manifest(), team=json.loads((tmp_path / "team.json").read_text(encoding="utf-8"))) as slack:
        visitor = Visitor(context, slack)
        yield visitor
        visitor.leave()
        assert visitor.troubles == []


def test_one_of_thousands_is_found_by_a_part_of_the_name(crowd: Visitor) -> None:
    page = crowd.open().page
    crowd.button("See it as").click()
    people = page.get_by_role("menuitemradio")
    expect(people).to_have_count(50)
    expect(page.get_by_text("… and 1,961 more: type a part of a name")).to_be_visible()
    page.get_by_role("searchbox", name="Find a person").fill("zoe abb")
    expect(people).to_contain_text(["Zoe Abbott", "Zoe Abbott 2"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(people.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(crowd.button("See it as")).to_contain_text("Zoe Abbott")
    expect(page).to_have_url(re.compile("as=U1"))


def test_the_first_who_fits_is_taken_by_enter(crowd: Visitor) -> None:
    page = crowd.open().page
    crowd.button("See it as").click()
    page.keyboard.type("роман")
    expect(page.get_by_role("menuitemradio")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(crowd.button("See it as")).to_contain_text("Роман Иванов")


def test_nobody_fits(crowd: Visitor) -> None:
    page = crowd.open().page
    crowd.button("See it as").click()
    page.keyboard.type("xyzzy")
    expect(page.get_by_role("menuitemradio")).to_have_count(0)
    expect(page.get_by_text("Nobody found")).to_be_visible()
    page.keyboard.press("Escape")
    expect(crowd.button("See it as")).to_be_focused()


def test_a_field_for_people_offers_those_who_fit(crowd: Visitor) -> None:
    app = SocketApp(crowd.slack)
    view = form(asked("Who", {"type": "users_select"}))

    def answer(request: SocketModeRequest) -> None:
        if request.type == "slash_commands":
            crowd.slack.client.views_open(trigger_id=request.payload["trigger_id"], view=view)

    app.answer = answer
    eventually(lambda: crowd.slack.state()["app"]["connected"])
    crowd.open().type("/log")
    field = crowd.dialog("Log an activity").get_by_role("combobox", name="Who")
    field.click()
    expect(crowd.page.get_by_role("option")).to_have_count(50)
    field.fill("Zoe Abbott 2")
    expect(crowd.page.get_by_role("option")).to_have_count(1)
    crowd.page.keyboard.press("Enter")
    crowd.dialog("Log an activity").get_by_role("button", name="Save").click()
    eventually(lambda: app.last["type"] == "view_submission")
    assert app.last["view"]["state"]["values"]["who"]["who"]["selected_user"].startswith("U1")
    app.close()


def test_a_status_stands_beside_the_name_until_it_is_over(visitor: Visitor, slack: Slack) -> None:
    page = visitor.open("U0DANA").page
    for user, until in (("U0ANA", 4_000_000_000), ("U0ARUN", 1_000_000_000)):
        status = {"status_emoji": ":palm_tree:", "status_text": "Vacationing", "status_expiration": until}
        slack.control(user={"id": user, "profile": status})
    visitor.button("See it as").click()
    ana = page.get_by_role("menuitemradio", name="Ana Ruiz")
    expect(ana.get_by_role("img", name="palm tree")).to_be_visible()
    expect(ana).to_contain_text("Vacationing until 2 Oct")
    expect(page.get_by_role("menuitemradio", name="Arun Mehta")).not_to_contain_text("Vacationing")


def test_a_person_sets_and_clears_their_own_status(visitor: Visitor, slack: Slack, app: SocketApp) -> None:
    page = visitor.open().page
    visitor.button("Set a status").click()
    page.get_by_role("menuitem", name="Out sick").click()
    eventually(lambda: app.received)
    profile = app.last["event"]["user"]["profile"]
    assert (profile["status_emoji"], profile["status_text"]) == (":face_with_thermometer:", "Out sick")
    assert profile["status_expiration"] > 0
    visitor.button("Out sick until").click()
    page.get_by_role("menuitem", name="Clear the status").click()
    expect(visitor.button("Set a status")).to_be_visible()
    eventually(lambda: app.last["event"]["user"]["profile"]["status_text"] == "")  # the page does not wait for the app
