"""How payloads reach the app and how its answers come back."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Protocol

from sandbox.wire import Json, SlackError

ACK_SECONDS = 3.0  # docs.slack.dev/interactivity/handling-user-interaction

# kind of delivery (Socket Mode's word for it) -> whether its ack may carry content
ANSWERED = {"slash_commands": True, "interactive": True, "events_api": False}


@dataclass(frozen=True)
class Reply:
    """The app's answer. `error` is empty when it acked in time.

    `body` is what the ack carried: a JSON object, a text, or nothing. `status` is the HTTP status, if any.
    `no_retry` says that the app asked not to be sent this again.
    """

    error: str = ""
    body: Json = field(default_factory=dict)
    status: int | None = None
    retry_reason: str = ""
    no_retry: bool = False


def _outcome(reply: Reply) -> Json:
    return {"ok": False, "error": reply.error} if reply.error else {"ok": True}


@dataclass(frozen=True)
class Parcel:
    """One payload on its way; `kind` is `slash_commands`, `interactive` or `events_api`.

    `settle` does what Slack does with the answer and returns what the person's page is told.
    """

    kind: str
    payload: Json
    settle: Callable[[Reply], Json] = _outcome
    retry_num: int = 0
    retry_reason: str = ""


class Courier(Protocol):
    """One way to reach the app."""

    @property
    def connected(self) -> bool:
        """Whether somebody would take a parcel now, as far as one can know."""

    async def send(self, parcel: Parcel) -> Reply:
        """Delivers and waits for the ack, three seconds at most."""


class Office:
    """Hands parcels to the courier and remembers the last one, so that it can be delivered again.

    `unanswered` says how many wait for their ack.
    """

    def __init__(self, courier: Courier) -> None:
        self.courier = courier
        self.unanswered = 0
        self._last: Parcel | None = None

    async def send(self, parcel: Parcel) -> Reply:
        """Delivers what a person caused, and waits for the ack."""
        self._last = parcel
        self.unanswered += 1
        try:
            return await self.courier.send(parcel)
        finally:
            self.unanswered -= 1

    async def exchange(self, parcel: Parcel) -> Json:
        """Delivers, and settles the answer."""
        return parcel.settle(await self.send(parcel))

    async def redeliver(self, retry_num: int, retry_reason: str) -> Json:
        """The last parcel once more, exactly as it was; raises `nothing_delivered`."""
        if self._last is None:
            raise SlackError("nothing_delivered")
        return await self.exchange(replace(self._last, retry_num=retry_num, retry_reason=retry_reason))


def read_body(raw: bytes | str, content_type: str) -> Json:
    """The content of an ack: JSON as it is, a plain text as `{"text": …}`, nothing as `{}`."""
    text = raw.decode() if isinstance(raw, bytes) else raw
    if not text.strip():
        return {}
    if "json" in content_type or text.lstrip().startswith("{"):
        with suppress(ValueError):
            body = json.loads(text)
            return body if isinstance(body, dict) else {"text": text}
    return {"text": text}
