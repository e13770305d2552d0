"""What happens to people's accounts: they change, they join, they set a status."""

from sandbox import look
from sandbox.people import as_sent
from sandbox.state import Sandbox
from sandbox.wire import Json


async def change(sandbox: Sandbox, changes: Json) -> Json:
    """A changed person is told as `user_change`, a new member as `team_join`; returns the whole user object.

    `changes` has the `id` and what is new; a `profile` is merged field by field. Somebody of another workspace does
    not join this one: the app hears of them when they act.
    """
    known = changes["id"] in sandbox.people
    user = sandbox.people.change(changes)
    sandbox.forget_names()
    sandbox.hub.tell_all({"type": "user"})
    if known or sandbox.people.is_member(user):
        name = "user_change" if known else "team_join"
        event = {"type": name, "user": as_sent(user, include_locale=True), "cache_ts": user["updated"]}
        await sandbox.events.send(name, event)
    return user


async def set_status(sandbox: Sandbox, given: Json) -> Json:
    """`{as, emoji, text, until}`: a person sets their own status; `until` in epoch seconds, 0 for no end."""
    user = look.viewer(sandbox, given["as"])
    status = {"status_emoji": given["emoji"], "status_text": given["text"], "status_expiration": given["until"]}
    return {"ok": True, "user": await change(sandbox, {"id": user["id"], "profile": status})}
