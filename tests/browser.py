"""The browser that clicks through the sandbox, taken from the machine."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)
PATIENCE = 20_000.0
"""Milliseconds until the page shows what it should, on a machine that is busy with other tests as well."""

MISSING = "no Chromium on this machine: `make browser` or `apt-get install chromium` gets it"


def executable() -> str:
    """The path of a Chromium or Chrome. Without one the test is skipped; where CI is set it fails."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and os.environ.get("CI"):
        pytest.fail(MISSING, pytrace=False)
    if found is None:
        pytest.skip(MISSING)
    return found


@pytest.fixture(name="browser", scope="module")
def launched_browser() -> Iterator[Browser]:
    """A browser without a window.

    One for each module: while Playwright's own event loop runs in this thread, no test can use asyncio.run.
    """
    path = executable()
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


def new_context(browser: Browser, **how: Any) -> BrowserContext:
    """A place for pages, as if in a fresh browser; `how` goes to Playwright, e.g. `color_scheme`."""
    context = browser.new_context(locale="en-US", timezone_id="America/Chicago", **how)
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture(name="context", scope="module")
def opened_context(browser: Browser) -> Iterator[BrowserContext]:
    """The place where a module's pages are opened, each at an address of its own.

    A fresh one for each page takes Chromium two of the three seconds of work that a page is; the page that stays open
    keeps the process that draws them.
    """
    context = new_context(browser)
    context.new_page()
    yield context
    context.close()
