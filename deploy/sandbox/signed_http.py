"""Delivery over HTTP: form bodies for commands and interactions, JSON for events, all signed."""

import asyncio
import hashlib
import hmac
import json
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlencode, urlsplit

from sandbox.delivery import ACK_SECONDS, Parcel, Reply, read_body
from sandbox.manifest import App
from sandbox.wire import Json

AT_ONCE = 64


class SignedHttp:
    """Posts to the urls of the app. `connected` says how the last attempt went."""

    def __init__(self, app: App, signing_secret: str) -> None:
        self._app, self._secret = app, signing_secret
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="to-app")
        self.connected = False

    async def send(self, parcel: Parcel) -> Reply:
        """One signed request; anything but 200 is an error."""
        content_type, body = _encoded(parcel)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        if parcel.retry_num:
            headers["X-Slack-Retry-Num"] = str(parcel.retry_num)
            headers["X-Slack-Retry-Reason"] = parcel.retry_reason
        headers |= signature(self._secret, body)
        loop = asyncio.get_running_loop()
        posting = loop.run_in_executor(self._pool, _posted, urlsplit(self._url(parcel)), body, headers)
        try:
            reply = await asyncio.wait_for(posting, ACK_SECONDS)
        except TimeoutError:
            reply = Reply(error="operation_timeout", retry_reason="http_timeout")
        self.connected = reply.retry_reason != "connection_failed"
        return reply

    def _url(self, parcel: Parcel) -> str:
        if parcel.kind == "slash_commands":
            return self._app.commands[parcel.payload["command"]].url or self._app.events_url
        if parcel.kind == "events_api":
            return self._app.events_url
        if parcel.payload["type"] == "block_suggestion":
            return self._app.options_url
        return self._app.interactivity_url


def signature(secret: str, body: str) -> dict[str, str]:
    """The headers that prove a request (docs.slack.dev/authentication/verifying-requests-from-slack)."""
    at = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}


def _encoded(parcel: Parcel) -> tuple[str, str]:
    if parcel.kind == "events_api":
        return "application/json", json.dumps(parcel.payload)
    fields: Json = parcel.payload
    if parcel.kind == "interactive":
        fields = {"payload": json.dumps(parcel.payload)}
    return "application/x-www-form-urlencoded", urlencode(fields)


def _posted(url: SplitResult, body: str, headers: dict[str, str]) -> Reply:
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    connection = kind(url.netloc, timeout=ACK_SECONDS)
    try:
        connection.request("POST", url._replace(scheme="", netloc="").geturl() or "/", body.encode(), headers)
        response = connection.getresponse()
        raw = response.read()
    except TimeoutError:
        return Reply(error="operation_timeout", retry_reason="http_timeout")
    except (OSError, HTTPException):
        return Reply(error="dispatch_failed", retry_reason="connection_failed")
    finally:
        connection.close()
    if response.status != 200:
        error = "http_service_error" if response.status >= 500 else "http_client_error"
        no_retry = response.headers.get("X-Slack-No-Retry") == "1"
        return Reply(error=error, status=response.status, retry_reason="http_error", no_retry=no_retry)
    return Reply(body=read_body(raw, response.headers.get("Content-Type", "")), status=200)
