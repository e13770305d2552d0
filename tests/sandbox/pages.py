"""The sandbox's page in a browser, for the tests to look at and to use."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect

from tests.browser import launched_browser, new_context, opened_context
from tests.sandbox.conftest import Slack

__all__ = ["Visitor", "launched_browser", "open_visitor", "opened_context"]


class Visitor:
    """A person at the page. What goes wrong inside the page is kept in `troubles`, what it loads in `loaded`."""

    def __init__(self, context: BrowserContext, slack: Slack) -> None:
        self.slack, self._context = slack, context
        self.troubles: list[str] = []
        self.loaded: list[str] = []
        self.page: Page
        self._opened: list[Page | BrowserContext] = []

    def open(self, user: str = "U0ANA", room: str = "", tab: str = "", width: int = 1280, **how: Any) -> "Visitor":
        """Comes to a page of their own, or with `how` with a browser of their own, e.g. `color_scheme`."""
        browser = self._context.browser
        assert browser
        context = new_context(browser, **how) if how else self._context
        self.page = context.new_page()
        self._opened.append(context if how else self.page)
        self.page.set_viewport_size(ViewportSize(width=width, height=860))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("request", lambda request: self.loaded.append(request.url))
        query = "&".join(f"{key}={value}" for key, value in (("as", user), ("room", room), ("tab", tab)) if value)
        self.page.goto(f"{self.slack.base_url}/?{query}")
        expect(self.box.or_(self.page.get_by_role("tab", name="Home", selected=True))).to_be_visible()
        return self

    def leave(self) -> None:
        """Closes every page that was opened."""
        for opened in self._opened:
            opened.close()

    @property
    def box(self) -> Locator:
        """What one types into."""
        return self.page.get_by_role("textbox", name="Message ")

    def type(self, text: str) -> None:
        """Types a text and sends it."""
        self.box.fill(text)
        self.box.press("Enter")

    def message(self, text: str) -> Locator:
        """The newest message with this text."""
        return self.page.get_by_role("article").filter(has_text=text).last

    def dialog(self, name: str) -> Locator:
        """An open modal by its title."""
        return self.page.get_by_role("dialog", name=name)

    def button(self, name: str) -> Locator:
        """A button of the page."""
        return self.page.get_by_role("button", name=name)


@pytest.fixture(name="visitor")
def open_visitor(context: BrowserContext, slack: Slack) -> Iterator[Visitor]:
    """Somebody who can open the page; whatever they do, the page must not break and must load nothing from afar."""
    visitor = Visitor(context, slack)
    yield visitor
    visitor.leave()
    assert visitor.troubles == []
    assert [url for url in visitor.loaded if not url.startswith((slack.base_url, "data:"))] == []
