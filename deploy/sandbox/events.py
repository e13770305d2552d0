"""The Events API: only what is subscribed, with Slack's retries."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sandbox.channels import Channel, Message
from sandbox.delivery import Office, Parcel, Reply
from sandbox.payloads import Writer
from sandbox.wire import Json

RETRY_SECONDS = (0.0, 60.0, 300.0)  # docs.slack.dev/apis/events-api: at once, after 1 minute, after 5 minutes

# kind of a conversation -> its channel_type and the event to subscribe to
KINDS = {"app": ("im", "message.im"), "dm": ("mpim", "message.mpim")}
PUBLIC, PRIVATE = ("channel", "message.channels"), ("group", "message.groups")


class Events:
    """Sends events to the app. `retry_seconds` may be shortened by tests."""

    def __init__(self, subscribed: frozenset[str], office: Office, writer: Writer) -> None:
        self._subscribed, self._office, self._writer = subscribed, office, writer
        self._tasks: set[asyncio.Task[None]] = set()
        self.retry_seconds: Sequence[float] = RETRY_SECONDS

    async def send(self, name: str, event: Json) -> None:
        """Delivers an event if `name` ("message.im") is subscribed; returns after the first attempt."""
        if name in self._subscribed:
            await self._attempt(self._office.send, event)

    def send_soon(self, name: str, event: Json) -> None:
        """The same for what the app itself has caused: nobody waits for it."""
        if name in self._subscribed:
            self._spawn(self._attempt(self._office.courier.send, event))

    async def tell_of(self, channel: Channel, message: Message) -> None:
        """The events of a person's message: `message.im`, `message.channels`, `app_mention`."""
        for name, event in self._of(channel, message):
            await self.send(name, event)

    def tell_of_own(self, channel: Channel, message: Message) -> None:
        """The events of the app's own message, which Slack sends as well."""
        for name, event in self._of(channel, message):
            self.send_soon(name, event)

    def _of(self, channel: Channel, message: Message) -> Iterator[tuple[str, Json]]:
        app = self._writer.app
        if message.only_for or app.bot_user_id not in channel.members:
            return
        event = {**message.as_sent(app, self._writer.team["id"]), "channel": channel.id}
        kind, name = KINDS.get(channel.kind) or (PRIVATE if channel.is_private else PUBLIC)
        yield name, {**event, "channel_type": kind}
        if channel.kind == "channel" and f"<@{app.bot_user_id}>" in message.text:
            yield "app_mention", {**event, "type": "app_mention"}

    async def _attempt(self, send: Callable[[Parcel], Awaitable[Reply]], event: Json) -> None:
        parcel = Parcel("events_api", self._writer.event(event))
        reply = await send(parcel)
        if reply.error and not reply.no_retry:
            self._spawn(self._retry(parcel, reply))

    async def _retry(self, parcel: Parcel, reply: Reply) -> None:
        for number, seconds in enumerate(self.retry_seconds, start=1):
            await asyncio.sleep(seconds)
            again = replace(parcel, retry_num=number, retry_reason=reply.retry_reason)
            reply = await self._office.courier.send(again)
            if not reply.error or reply.no_retry:
                return

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
