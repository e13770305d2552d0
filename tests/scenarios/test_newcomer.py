"""Somebody who has never seen Baton opens the demo's workspace in a browser and tries it, wide and on a phone."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect

from tests.browser import launched_browser, opened_context
from tests.scenarios.conftest import Workspace, start_workspace

__all__ = ["launched_browser", "opened_context"]

pytestmark = pytest.mark.browser

FIRST = "U0ANA"

PICTURES = os.environ.get("BATON_TEST_SCREENSHOTS")
"""A folder to leave pictures in, for the README and for whoever wants to look."""


@dataclass(frozen=True)
class Visit:
    """How wide the page is, and who looks: each width has people of its own, who have not seen what others did."""

    width: int
    newcomer: str
    russian: str
    third: str


VISITS = [
    pytest.param(Visit(1280, "U0ANA", "U0ROMAN", "U0DANA"), id="wide"),
    pytest.param(Visit(390, "U0DEVON", "U0OLGA", "U0MINA"), id="phone"),
]


@pytest.fixture(scope="module")
def workspace(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    yield from start_workspace(request, tmp_path_factory.mktemp("newcomer"), "socket", "sqlite")


@pytest.fixture(params=VISITS)
def visit(request: pytest.FixtureRequest) -> Visit:
    found: Visit = request.param
    return found


@pytest.fixture
def page(visit: Visit, context: BrowserContext, workspace: Workspace) -> Iterator[Page]:
    found = context.new_page()
    found.set_viewport_size(ViewportSize(width=visit.width, height=860))
    found.goto(workspace.team.address)  # shows the first of the team
    yield found
    found.close()


def _type(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Message ")
    box.fill(text)
    box.press("Enter")


def _newest(page: Page, text: str) -> Locator:
    return page.get_by_role("article").filter(has_text=text).last


def _see_as(page: Page, workspace: Workspace, person: str) -> None:
    page.goto(f"{workspace.team.address}/?as={person}&room=D{person[1:]}")
    expect(page.get_by_role("textbox", name="Message ")).to_be_visible()


def _keep(page: Page, name: str) -> None:
    if PICTURES:
        width = (page.viewport_size or {"width": 0})["width"]
        page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"))


def test_types_a_line_undoes_it_and_fills_the_form(page: Page, workspace: Workspace, visit: Visit) -> None:
    if visit.newcomer != FIRST:
        _see_as(page, workspace, visit.newcomer)
    page.get_by_role("textbox", name="Message ").press_sequentially("/lo")
    expect(page.get_by_role("option", name="/log")).to_be_visible()
    _keep(page, "suggestions")
    _type(page, "/log call Acme 15m connected - wants pricing next tue send quote")
    reply = _newest(page, "Logged: call with Acme")
    expect(reply).to_contain_text("Only visible to you")
    expect(reply).to_contain_text("1 of 10 calls today")
    _keep(page, "logged")
    reply.get_by_role("button", name="Undo").click()
    gone = _newest(page, "Taken back")
    expect(gone).to_contain_text("0 of 10 calls today")

    _type(page, "/log")
    form = page.get_by_role("dialog", name="Log an activity")
    form.get_by_role("textbox", name="Who").fill("Globex")
    form.get_by_role("textbox", name="Duration").fill("99999m")
    form.get_by_role("button", name="Log").click()
    expect(form.get_by_role("alert")).to_contain_text("99,999 minutes are more than 12 hours")
    _keep(page, "form-with-error")
    form.get_by_role("textbox", name="Duration").fill("20m")
    form.get_by_role("button", name="Log").click()
    expect(form).to_be_hidden()
    expect(_newest(page, "call with Globex")).to_contain_text("1 of 10 calls today")

    _type(page, "/log today")
    day = _newest(page, "Your day")
    expect(day).to_contain_text("call with Globex · 20 min")
    day.get_by_role("button", name="Remove").click()
    expect(_newest(page, "Your day")).to_contain_text("0 of 10 calls today")
    _keep(page, "today")


def test_a_russian_rep_sees_it_in_russian(page: Page, workspace: Workspace, visit: Visit) -> None:
    _see_as(page, workspace, visit.russian)
    _type(page, "/log звонок Ромашка 15м дозвонился - хочет цену след вт отправить КП")
    reply = _newest(page, "Записано: звонок · Ромашка · 15 мин · дозвонился")
    expect(reply).to_contain_text("из 10 звонков сегодня")
    _keep(page, "logged-ru")
    _type(page, "/log звонок Ромашко 10м")
    asked = _newest(page, "«Ромашко» пишется почти как Ромашка")
    _keep(page, "asked-ru")
    asked.get_by_role("button", name="Ромашка", exact=True).click()
    expect(_newest(page, "Записано: звонок · Ромашка · 10 мин")).to_be_visible()
    _type(page, "/log")
    form = page.get_by_role("dialog", name="Записать активность")
    expect(form.get_by_role("textbox", name="Длительность")).to_be_visible()
    _keep(page, "form-ru")
    form.get_by_role("button", name="Отмена").click()
    expect(form).to_be_hidden()


def test_home_shows_the_day_and_opens_the_form(page: Page, workspace: Workspace, visit: Visit) -> None:
    _see_as(page, workspace, visit.third)
    _type(page, "/log call Initech 5m")
    expect(_newest(page, "call with Initech")).to_be_visible()
    page.get_by_role("tab", name="Home").click()
    expect(page.get_by_role("region", name="Home").get_by_text("calls today")).to_be_visible()
    _keep(page, "home")
    page.get_by_role("button", name="Log", exact=True).click()
    form = page.get_by_role("dialog", name="Log an activity")
    form.get_by_role("button", name="Cancel").click()
    expect(form).to_be_hidden()
