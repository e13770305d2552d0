"""chat.* and reactions.add"""

import asyncio
import re

from sandbox import posting
from sandbox.channels import Channel, Message
from sandbox.methods.call import Args, Method
from sandbox.methods.conversations import check_reachable, known
from sandbox.state import Sandbox, Scheduled
from sandbox.wire import Json, SlackError, new_id

CONTENT = ("text", "blocks", "attachments", "metadata", "markdown_text")
LONGEST_UPDATE = 4_000
SCHEDULE_DAYS = 120
SCHEDULE_WINDOW_SECONDS, MOST_IN_WINDOW = 300, 30


def post_message(sandbox: Sandbox, args: Args) -> Json:
    channel = _writable(sandbox, args.need("channel"))
    given, thread_ts = _given(args), args.text("thread_ts") or None
    with posting.refusals_shown(sandbox, channel, "chat.postMessage", given):
        content = posting.content(given)
    _check_thread(channel, thread_ts)
    sandbox.rate_limit.take(channel.id)
    message = posting.post(sandbox, channel, content, thread_ts=thread_ts)
    sent = message.as_sent(sandbox.app, sandbox.team["id"], with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": sent}


def post_ephemeral(sandbox: Sandbox, args: Args) -> Json:
    channel, user_id = _writable(sandbox, args.need("channel")), args.need("user")
    if user_id not in channel.members:
        raise SlackError("user_not_in_channel")
    given = _given(args)
    with posting.refusals_shown(sandbox, channel, "chat.postEphemeral", given, only_for=user_id):
        content = posting.content(given)
    message = posting.post(sandbox, channel, content, thread_ts=args.text("thread_ts") or None, only_for=user_id)
    return {"message_ts": message.ts}


def update(sandbox: Sandbox, args: Args) -> Json:
    channel = known(sandbox, args.need("channel"))
    message = _own(sandbox, channel, args.need("ts"), "cant_update_message")
    given = _given(args)
    if len(str(given.get("text") or "")) > LONGEST_UPDATE:
        raise SlackError("msg_too_long")
    with posting.refusals_shown(sandbox, channel, "chat.update", given):
        content = posting.content(given)
    if not content["blocks"]:
        message.edited = {"user": sandbox.app.bot_user_id, "ts": sandbox.clock.ts()}
    posting.rewrite(sandbox, channel, message, content)
    sent = message.as_sent(sandbox.app, sandbox.team["id"], with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": sent}


def delete(sandbox: Sandbox, args: Args) -> Json:
    channel = known(sandbox, args.need("channel"))
    message = _own(sandbox, channel, args.need("ts"), "cant_delete_message")
    sandbox.remove(channel, message.ts)
    return {"channel": channel.id, "ts": message.ts}


def schedule_message(sandbox: Sandbox, args: Args) -> Json:
    channel, post_at = _writable(sandbox, args.need("channel")), args.number("post_at", 0)
    _check_post_at(sandbox, channel, post_at)
    given = _given(args)
    with posting.refusals_shown(sandbox, channel, "chat.scheduleMessage", given):
        content = posting.content(given)
    entry = Scheduled(new_id("Q"), channel, post_at, content)
    sandbox.schedule.waiting[entry.id] = entry
    asyncio.get_running_loop().call_later(post_at - sandbox.clock.now(), _post_scheduled, sandbox, entry.id)
    message = {"text": content["text"], "bot_id": sandbox.app.bot_id, "type": "delayed_message"}
    return {
        "channel": channel.id,
        "scheduled_message_id": entry.id,
        "post_at": post_at,
        "message": message,
    }


def delete_scheduled(sandbox: Sandbox, args: Args) -> Json:
    entry = sandbox.schedule.waiting.get(args.need("scheduled_message_id"))
    if entry is None or entry.channel is not known(sandbox, args.need("channel")):
        raise SlackError("invalid_scheduled_message_id")
    del sandbox.schedule.waiting[entry.id]
    return {}


def list_scheduled(sandbox: Sandbox, args: Args) -> Json:
    wanted = args.text("channel")
    rows = [
        {
            "id": entry.id,
            "channel_id": entry.channel.id,
            "post_at": entry.post_at,
            "text": entry.content["text"],
        }
        for entry in sandbox.schedule.waiting.values()
        if not wanted or entry.channel.id == wanted
    ]
    return {"scheduled_messages": rows, "response_metadata": {"next_cursor": ""}}


def get_permalink(sandbox: Sandbox, args: Args) -> Json:
    channel = known(sandbox, args.need("channel"))
    message = channel.message(args.need("message_ts"))
    place = f"archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": f"https://{sandbox.team['domain']}.slack.com/{place}"}


def add_reaction(sandbox: Sandbox, args: Args) -> Json:
    channel, name = known(sandbox, args.need("channel")), args.need("name")
    message = channel.message(args.need("timestamp"))
    if not re.fullmatch(r"[\w+-]+", name):
        raise SlackError("invalid_name")
    users = message.reactions.setdefault(name, [])
    if sandbox.app.bot_user_id in users:
        raise SlackError("already_reacted")
    users.append(sandbox.app.bot_user_id)
    sandbox.show(channel, message)
    return {}


def _given(args: Args) -> Json:
    given = {name: args.parsed(name) for name in CONTENT if name not in ("text", "markdown_text")}
    given |= {"text": args.text("text"), "markdown_text": args.text("markdown_text")}
    return {name: value for name, value in given.items() if value is not None and value != ""}


def _writable(sandbox: Sandbox, name: str) -> Channel:
    """Where a message for this channel id, `#name` or user id goes, if the app may write there."""
    app = sandbox.app
    if name in sandbox.people:
        check_reachable(sandbox, name)
        channel = sandbox.channels.app_dm(name)
    else:
        channel = known(sandbox, sandbox.channels.named(name).id)
    if channel.kind == "app" and not app.messages_tab:
        raise SlackError("messages_tab_disabled")
    if channel.is_archived:
        raise SlackError("is_archived")
    if app.bot_user_id not in channel.members and "chat:write.public" not in app.scopes:
        raise SlackError("not_in_channel")
    return channel


def _own(sandbox: Sandbox, channel: Channel, ts: str, otherwise: str) -> Message:
    message = channel.message(ts)
    if message.user != sandbox.app.bot_user_id:
        raise SlackError(otherwise)
    return message


def _check_thread(channel: Channel, thread_ts: str | None) -> None:
    if thread_ts and thread_ts not in channel.messages:
        raise SlackError("thread_not_found")


def _check_post_at(sandbox: Sandbox, channel: Channel, post_at: int) -> None:
    now = sandbox.clock.now()
    if post_at <= now:
        raise SlackError("time_in_past")
    if post_at > now + SCHEDULE_DAYS * 86_400:
        raise SlackError("time_too_far")
    slot = post_at // SCHEDULE_WINDOW_SECONDS
    waiting = (e for e in sandbox.schedule.waiting.values() if e.channel is channel)
    if sum(e.post_at // SCHEDULE_WINDOW_SECONDS == slot for e in waiting) >= MOST_IN_WINDOW:
        raise SlackError("restricted_too_many")


def _post_scheduled(sandbox: Sandbox, entry_id: str) -> None:
    entry = sandbox.schedule.waiting.pop(entry_id, None)
    # Slack's documentation warns that a scheduled message with metadata does not get posted.
    if entry and not entry.content["metadata"]:
        posting.post(sandbox, entry.channel, entry.content)


WRITE = ("chat:write",)
METHODS = {
    "chat.postMessage": Method(post_message, WRITE),
    "chat.postEphemeral": Method(post_ephemeral, WRITE),
    "chat.update": Method(update, WRITE),
    "chat.delete": Method(delete, WRITE),
    "chat.scheduleMessage": Method(schedule_message, WRITE),
    "chat.deleteScheduledMessage": Method(delete_scheduled, WRITE),
    "chat.scheduledMessages.list": Method(list_scheduled),
    "chat.getPermalink": Method(get_permalink),
    "reactions.add": Method(add_reaction, ("reactions:write",)),
}
