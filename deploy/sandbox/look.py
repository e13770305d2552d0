"""What the page and the tests see: people, channels, messages, views."""

from operator import itemgetter

from sandbox import inputs
from sandbox.channels import Channel, Message
from sandbox.people import display_name
from sandbox.state import Sandbox
from sandbox.wire import Json, SlackError


def viewer(sandbox: Sandbox, user_id: str) -> Json:
    """The person who looks; raises `user_not_found` or, for one who cannot sign in, `user_disabled`."""
    user = sandbox.people.get(user_id)
    if user["deleted"]:
        raise SlackError("user_disabled")
    return user


def channel_for(sandbox: Sandbox, user_id: str, channel_id: str) -> Channel:
    """A conversation of this person; raises `channel_not_found`, `not_in_channel`."""
    if channel_id == sandbox.channels.app_dm(user_id).id:
        return sandbox.channels.app_dm(user_id)
    channel = sandbox.channels.get(channel_id)
    if user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def state(sandbox: Sandbox, user_id: str, known_people: str = "") -> Json:
    """All but the messages: team, people, channels with unread counts, commands, shortcuts, open modals.

    The people of a large team are by far the most of it: whoever names the version of `people` that they have, and
    has the present one, is not given `users` again.
    """
    me, app = viewer(sandbox, user_id), sandbox.app
    sandbox.channels.app_dm(user_id)
    return {
        "team": sandbox.team,
        "me": me,
        "people": sandbox.people.version,
        **({} if known_people == sandbox.people.version else {"users": list(sandbox.people)}),
        "app": {
            "name": app.name,
            "bot_user_id": app.bot_user_id,
            "connected": sandbox.office.courier.connected,
            "unanswered": sandbox.office.unanswered,
        },
        "channels": [_channel(sandbox, channel, user_id) for channel in sandbox.channels.of(user_id)],
        "commands": [
            {"command": c.command, "description": c.description, "usage_hint": c.usage_hint}
            for c in app.commands.values()
        ],
        "shortcuts": [
            {"name": s.name, "type": s.type, "callback_id": s.callback_id, "description": s.description}
            for s in app.shortcuts.values()
        ],
        "views": sandbox.views.stack(user_id),
    }


def messages(sandbox: Sandbox, user_id: str, channel_id: str) -> Json:
    """What this person sees in a channel, oldest first; it counts as read from now on."""
    viewer(sandbox, user_id)
    channel = channel_for(sandbox, user_id, channel_id)
    channel.mark_read(user_id)
    replies = channel.reply_counts()
    rows = []
    for message in channel.shown_to(user_id):
        count = replies[message.ts]
        rows.append(row(sandbox, message) | ({"reply_count": count} if count else {}))
    return {"messages": rows}


def posts(sandbox: Sandbox) -> Json:
    """`{key, channel, ts}` of each message of the app that everybody sees and whose metadata has a key; oldest first.

    A key that stands here twice was posted twice.
    """
    me = sandbox.app.bot_user_id
    found = [
        {"key": message.metadata["event_payload"]["key"], "channel": channel.id, "ts": message.ts}
        for channel in sandbox.channels
        for message in channel.public_messages()
        if message.user == me and message.metadata and "key" in message.metadata["event_payload"]
    ]
    return {"posts": sorted(found, key=itemgetter("ts"))}


def row(sandbox: Sandbox, message: Message) -> Json:
    """One message as the page draws it."""
    if message.refused:
        return {"ts": message.ts, "refused": True, **message.refused}
    author = sandbox.people.get(message.user)
    shown: Json = {
        "ts": message.ts,
        "user": message.user,
        "bot": bool(author["is_bot"]),
        "name": display_name(author),
        **message.content(),
        "ephemeral": message.only_for is not None,
        "edited": message.edited is not None,
    }
    if message.reactions:
        shown["reactions"] = [{"name": name, "users": users} for name, users in message.reactions.items()]
    return shown


async def home(sandbox: Sandbox, user_id: str, opened: bool) -> Json:
    """The Home tab of this person, after telling the app that it was opened.

    A page that only draws anew what was published says so (`opened` is false).
    """
    viewer(sandbox, user_id)
    if not opened:
        return {"view": sandbox.views.home(user_id)}
    event: Json = {
        "type": "app_home_opened",
        "user": user_id,
        "channel": sandbox.channels.app_dm(user_id).id,
        "tab": "home",
    }
    published = sandbox.views.home(user_id)
    await sandbox.events.send("app_home_opened", event | ({"view": published} if published else {}))
    return {"view": sandbox.views.home(user_id)}


def message_state(message: Message, user_id: str, given: Json | None) -> Json:
    """state.values of a message's elements as this person has set them; `given` is new."""
    known = message.state.get(user_id, {})
    message.state[user_id] = inputs.values(all_blocks(message), known, given)
    return message.state[user_id]


def all_blocks(message: Message) -> list[Json]:
    """The blocks of a message and of its attachments."""
    attached = [block for a in message.attachments or [] for block in a.get("blocks", [])]
    return [*(message.blocks or []), *attached]


def _channel(sandbox: Sandbox, channel: Channel, user_id: str) -> Json:
    name = channel.name
    if channel.kind == "app":
        name = sandbox.app.name
    elif channel.kind == "dm":
        others = (sandbox.people.get(m) for m in channel.members if m != user_id)
        name = ", ".join(display_name(user) for user in others)
    return {
        "id": channel.id,
        "name": name,
        "kind": channel.kind,
        "members": channel.members,
        "unread": channel.unread(user_id),
    }
