"""What tests order: faults, disconnects, changed people, repeated deliveries, time."""

from collections.abc import Awaitable, Callable
from typing import Any

from sandbox import accounts
from sandbox.record import Fault
from sandbox.state import Sandbox
from sandbox.wire import Json, SlackError


async def obey(sandbox: Sandbox, orders: Json) -> Json:
    """Carries out each order `{name: details}`; raises `unknown_order`. Returns what the last one returns."""
    told: Json = {}
    for name, details in orders.items():
        if name not in ORDERS:
            raise SlackError("unknown_order", order=name)
        told = await ORDERS[name](sandbox, details)
    return {"ok": True, **told}


async def _disconnect(sandbox: Sandbox, reason: str) -> Json:
    await sandbox.socket_mode.disconnect(reason)
    return {}


async def _drop_sockets(sandbox: Sandbox, _: bool) -> Json:
    await sandbox.socket_mode.drop()
    return {}


async def _fail(sandbox: Sandbox, fault: Json) -> Json:
    sandbox.faults.order(Fault(**fault))
    return {}


async def _user(sandbox: Sandbox, changes: Json) -> Json:
    return {"user": await accounts.change(sandbox, changes)}


async def _redeliver(sandbox: Sandbox, retry: Json) -> Json:
    return await sandbox.office.redeliver(int(retry["retry_num"]), str(retry["retry_reason"]))


async def _skip_seconds(sandbox: Sandbox, seconds: float) -> Json:
    """Time passes for trigger ids and response urls."""
    sandbox.clock.skip(float(seconds))
    return {}


async def _rate_limit(sandbox: Sandbox, on: bool) -> Json:
    """About one message per second and channel, as Slack allows."""
    sandbox.rate_limit.on = on
    return {}


async def _event_retry_seconds(sandbox: Sandbox, seconds: list[float]) -> Json:
    """How long to wait before each retry of an event."""
    sandbox.events.retry_seconds = seconds
    return {}


async def _uninstall(sandbox: Sandbox, _: bool) -> Json:
    """The app is removed: its token is dead, then it is told."""
    sandbox.oauth.revoke(sandbox)
    await sandbox.events.send("app_uninstalled", {"type": "app_uninstalled"})
    tokens: Json = {"oauth": [], "bot": [sandbox.app.bot_user_id]}
    await sandbox.events.send("tokens_revoked", {"type": "tokens_revoked", "tokens": tokens})
    return {}


async def _reinstall(sandbox: Sandbox, _: bool) -> Json:
    """The app is back: its token is alive again."""
    sandbox.tokens.revoked = False
    return {}


async def _revoke(sandbox: Sandbox, _: bool) -> Json:
    """The token is dead, and nobody tells the app."""
    sandbox.tokens.revoked = True
    return {}


async def _expire(sandbox: Sandbox, _: bool) -> Json:
    """The token has lived its twelve hours."""
    sandbox.tokens.expired.update({sandbox.tokens.bot, sandbox.tokens.before})
    return {}


async def _tell_of_removal(sandbox: Sandbox, what: str) -> Json:
    """`app_uninstalled` or `tokens_revoked` alone, as Slack repeats them or mixes up their order."""
    event: Json = {"type": what}
    if what == "tokens_revoked":
        event["tokens"] = {"oauth": [], "bot": [sandbox.app.bot_user_id]}
    await sandbox.events.send(what, event)
    return {}


async def _forget_calls(sandbox: Sandbox, _: bool) -> Json:
    """The record of calls begins anew; what stood in it is the answer."""
    return {"calls": sandbox.calls.forget()}


async def _join(sandbox: Sandbox, place: Json) -> Json:
    """A person or the app is taken into a channel: `{channel, user}`."""
    channel = sandbox.channels.get(place["channel"])
    if place["user"] not in channel.members:
        channel.members.append(place["user"])
        sandbox.hub.tell_all({"type": "state"})
        event = {"type": "member_joined_channel", "user": place["user"], "channel": channel.id}
        kind = "G" if channel.is_private else "C"
        event |= {"channel_type": kind, "team": sandbox.team["id"]}
        await sandbox.events.send("member_joined_channel", event)
    return {}


ORDERS: dict[str, Callable[[Sandbox, Any], Awaitable[Json]]] = {
    "disconnect": _disconnect,
    "drop_sockets": _drop_sockets,
    "fail": _fail,
    "user": _user,
    "redeliver": _redeliver,
    "skip_seconds": _skip_seconds,
    "rate_limit": _rate_limit,
    "event_retry_seconds": _event_retry_seconds,
    "uninstall": _uninstall,
    "reinstall": _reinstall,
    "revoke": _revoke,
    "expire": _expire,
    "tell_of_removal": _tell_of_removal,
    "forget_calls": _forget_calls,
    "join": _join,
}
