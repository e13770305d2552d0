"""What SECURITY.md promises is what the code does: for how long things are kept, what is refused, how one is erased."""

import re

import pytest

from bot.installations.service import STATE_LIVES
from bot.settings import Settings
from bot.upkeep import LEDGER_KEPT
from handlers import door, replays, server, webhooks
from handlers.app import WORKERS
from tests.deploy.places import DEPLOY

PAGE = (DEPLOY / "SECURITY.md").read_text()

LIMITS = {
    "a request's line and headers": [f"{door.HEAD_MAX // 1024} KB"],
    "a body": [f"{door.BODY_MAX // 1024**2} MB", f"{webhooks.BODY_MAX // 1024} KB"],
    "until the headers have come": [f"{door.HEAD_WITHIN:.0f} s"],
    "until the body has come": [f"{door.BODY_WITHIN:.0f} s"],
    "until the answer has been taken": [f"{door.TAKEN_WITHIN:.0f} s"],
    "connections at once": [f"{door.MOST_CONNECTIONS:,}"],
    "work at once": [f"{WORKERS} threads", f"{server.AT_ONCE} of them"],
    "age of a signed request": [f"{replays.FRESH // 60} minutes"],
    "a request of Slack's once more": [f"{replays.MOST:,}"],
    "the way back from installing": [f"{STATE_LIVES.seconds // 60} minutes"],
}


def row(name: str) -> str:
    """What a table says beside a name."""
    found = re.search(rf"^\| {re.escape(name)} \| (.+)$", PAGE, re.MULTILINE)
    assert found, name
    return found[1]


@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_is_the_one_that_is_held(limit: str) -> None:
    assert [value for value in LIMITS[limit] if value not in row(limit)] == []


def test_things_are_kept_as_long_as_is_said() -> None:
    assert f"{LEDGER_KEPT.days} days" in row("what Baton said (who, what about, when; not the words)")
    assert f"`BATON_PURGE_DAYS` ({Settings.model_fields['baton_purge_days'].default})" in PAGE
    assert "ten minutes" in row("states of installing (a hash, no person)")


def test_it_says_how_a_person_and_a_workspace_are_erased() -> None:
    assert "`/baton forget @person`" in PAGE
    assert "`/baton export`" in PAGE
