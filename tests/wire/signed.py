"""Slash commands as Slack signs and posts them, for tests that need the raw answer."""

import hashlib
import hmac
import time
import uuid
from urllib.parse import urlencode

import httpx

from tests.wire.processes import SIGNING_SECRET, http

TEAM = "T0BATON"

RETRY = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
"""What Slack's own retries have besides (docs.slack.dev, the Events API)."""


def command(person: str, text: str, *, trigger: str | None = None) -> str:
    """The form body of one `/log`, as Slack sends it; every one has a trigger of its own."""
    fields = {
        "command": "/log",
        "text": text,
        "team_id": TEAM,
        "user_id": person,
        "channel_id": "C0GENERAL",
        "trigger_id": trigger or uuid.uuid4().hex,
        "response_url": "http://127.0.0.1:9/nobody",
    }
    return urlencode(fields)


def headers(body: str, *, secret: str = SIGNING_SECRET, age: int = 0, stamp: str | None = None) -> dict[str, str]:
    """The headers of a request signed `age` seconds ago (docs.slack.dev, verifying requests from Slack)."""
    at = stamp or str(int(time.time()) - age)
    mac = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={mac}",
    }


def post(port: int, body: str, signed: dict[str, str] | None = None) -> httpx.Response:
    """Post a body to the bot, signed now unless told otherwise."""
    with http(f"http://127.0.0.1:{port}") as client:
        return client.post("/slack/events", content=body, headers=signed or headers(body))
