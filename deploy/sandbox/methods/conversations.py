"""conversations.*"""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from sandbox.channels import Channel, Message
from sandbox.methods.call import Args, Method, missing, page
from sandbox.methods.users import kind_of, kinds_wanted
from sandbox.state import Sandbox
from sandbox.wire import Json, SlackError

MOST_PEOPLE = 8
READ = ("channels:read", "groups:read", "im:read", "mpim:read")
WRITE = {"im": "im:write", "mpim": "mpim:write"}
HISTORY = {
    "public_channel": "channels:history",
    "private_channel": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}


def conversations_open(sandbox: Sandbox, args: Args) -> Json:
    if args.text("channel"):
        return {"channel": {"id": known(sandbox, args.text("channel")).id}, "no_op": True}
    users = args.listed("users")
    if not users:
        raise missing("users")
    if len(users) > MOST_PEOPLE:
        raise SlackError("too_many_users")
    for user_id in users:
        check_reachable(sandbox, user_id)
    channels = sandbox.channels
    channel = channels.app_dm(users[0]) if len(users) == 1 else channels.group_dm(users)
    sent = channel.as_sent(sandbox.app.bot_user_id)
    return {"channel": sent if args.flag("return_im") else {"id": channel.id}}


def check_reachable(sandbox: Sandbox, user_id: str) -> None:
    """Raises `user_not_found`, `user_disabled`, or for the app itself `invalid_user_combination`."""
    user = sandbox.people.get(user_id)
    if user["deleted"]:
        raise SlackError("user_disabled")
    if user_id == sandbox.app.bot_user_id:
        raise SlackError("invalid_user_combination")


def known(sandbox: Sandbox, channel_id: str) -> Channel:
    """A conversation that the app may know of: a private one only as its member; `channel_not_found`."""
    channel = sandbox.channels.get(channel_id)
    if channel.is_private and sandbox.app.bot_user_id not in channel.members:
        raise SlackError("channel_not_found")
    return channel


def conversations_info(sandbox: Sandbox, args: Args) -> Json:
    return {"channel": known(sandbox, args.need("channel")).as_sent(sandbox.app.bot_user_id)}


def conversations_list(sandbox: Sandbox, args: Args) -> Json:
    wanted, me = kinds_wanted(args), sandbox.app.bot_user_id
    seen = (c for c in sandbox.channels if kind_of(c) == "public_channel" or me in c.members)
    return page((c.as_sent(me) for c in seen if kind_of(c) in wanted), args, "channels")


def conversations_members(sandbox: Sandbox, args: Args) -> Json:
    channel = known(sandbox, args.need("channel"))
    answer = page(({"id": member} for member in channel.members), args, "members")
    return {**answer, "members": [entry["id"] for entry in answer["members"]]}


def conversations_history(sandbox: Sandbox, args: Args) -> Json:
    channel = _joined(sandbox, args)
    top_level = (m for m in channel.public_messages() if m.thread_ts in (None, m.ts))
    newest_first = _between(reversed(list(top_level)), args)
    answer = page(_sent(sandbox, channel, newest_first, args), args, "messages")
    return {**answer, "has_more": bool(answer["response_metadata"]["next_cursor"]), "pin_count": 0}


def conversations_replies(sandbox: Sandbox, args: Args) -> Json:
    channel, ts = _joined(sandbox, args), args.need("ts")
    thread = [m for m in channel.public_messages() if ts in (m.ts, m.thread_ts)]
    if not thread:
        raise SlackError("thread_not_found")
    answer = page(_sent(sandbox, channel, _between(thread, args), args), args, "messages", 1000)
    return {**answer, "has_more": bool(answer["response_metadata"]["next_cursor"])}


def conversations_join(sandbox: Sandbox, args: Args) -> Json:
    channel, me = known(sandbox, args.need("channel")), sandbox.app.bot_user_id
    if channel.kind != "channel" or channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if me not in channel.members:
        channel.members.append(me)
        sandbox.hub.tell_all({"type": "state"})
    return {"channel": channel.as_sent(me)}


def _joined(sandbox: Sandbox, args: Args) -> Channel:
    channel = known(sandbox, args.need("channel"))
    if sandbox.app.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _between(messages: Iterable[Message], args: Args) -> list[Message]:
    oldest, latest = args.text("oldest"), args.text("latest")
    both_ends = args.flag("inclusive")

    def inside(message: Message) -> bool:
        if both_ends and message.ts in (oldest, latest):
            return True
        return (not oldest or message.ts > oldest) and (not latest or message.ts < latest)

    return [message for message in messages if inside(message)]


def _sent(sandbox: Sandbox, channel: Channel, messages: list[Message], args: Args) -> list[Json]:
    replies, with_metadata = channel.reply_counts(), args.flag("include_all_metadata")
    sent = []
    for message in messages:
        row = message.as_sent(sandbox.app, sandbox.team["id"], with_metadata)
        if message.ts in replies:
            row |= {"thread_ts": message.ts, "reply_count": replies[message.ts]}
        sent.append(row)
    return sent


def _history_scopes(sandbox: Sandbox, args: Args) -> tuple[str, ...]:
    return _scopes_of(HISTORY, _kind_named(sandbox, args))


def _open_scopes(sandbox: Sandbox, args: Args) -> tuple[str, ...]:
    users = args.listed("users")
    if args.text("channel") or not users:
        return _scopes_of(WRITE, _kind_named(sandbox, args))
    return _scopes_of(WRITE, "im" if len(users) == 1 else "mpim")


def _scopes_of(by_kind: Mapping[str, str], kind: str) -> tuple[str, ...]:
    """The one scope for this kind of conversation; where it has none, any of them will do."""
    return (by_kind[kind],) if kind in by_kind else tuple(by_kind.values())


def _kind_named(sandbox: Sandbox, args: Args) -> str:
    """The kind of the conversation that a call names; empty where the app knows of none such."""
    with suppress(SlackError):
        return kind_of(known(sandbox, args.text("channel")))
    return ""


METHODS = {
    "conversations.open": Method(conversations_open, _open_scopes),
    "conversations.info": Method(conversations_info, READ),
    "conversations.list": Method(conversations_list, READ),
    "conversations.members": Method(conversations_members, READ),
    "conversations.history": Method(conversations_history, _history_scopes),
    "conversations.replies": Method(conversations_replies, _history_scopes),
    "conversations.join": Method(conversations_join, ("channels:join",)),
}
