"""views.* and blocks.validate"""

import json
from collections.abc import Callable
from typing import Any

from sandbox import checks, posting
from sandbox.channels import Channel
from sandbox.methods.call import Args, Method, missing
from sandbox.state import Sandbox
from sandbox.wire import Json, SlackError

MOST_VIEW_BYTES = 250_000


def views_open(sandbox: Sandbox, args: Args) -> Json:
    return _opened(sandbox, args, "views.open")


def views_push(sandbox: Sandbox, args: Args) -> Json:
    return _opened(sandbox, args, "views.push")


def _opened(sandbox: Sandbox, args: Args, method: str) -> Json:
    """A modal on top of the one that the trigger came from, or for `views.open` also as the first one."""
    trigger = sandbox.passes.valid_trigger(args.need("trigger_id"))
    inside = trigger.view_id in [view["id"] for view in sandbox.views.stack(trigger.user_id)]
    if method == "views.push" and not inside:
        raise SlackError("invalid_trigger_id")
    view = _checked(sandbox, args, method, sandbox.channels.app_dm(trigger.user_id), "modal")
    start = sandbox.views.push if inside else sandbox.views.open
    shown = start(trigger.user_id, view)
    trigger.used = True
    return _shown(sandbox, trigger.user_id, shown)


def views_update(sandbox: Sandbox, args: Args) -> Json:
    view_id = args.text("view_id")
    view_id = view_id or sandbox.views.external(args.need("external_id"))["id"]
    user_id = sandbox.views.viewer(view_id)
    kind = sandbox.views.get(view_id)["type"]
    view = _checked(sandbox, args, "views.update", sandbox.channels.app_dm(user_id), kind)
    return _shown(sandbox, user_id, sandbox.views.update(view_id, view, args.text("hash")))


def views_publish(sandbox: Sandbox, args: Args) -> Json:
    if not sandbox.app.home_tab:
        raise SlackError("not_enabled")
    user_id = sandbox.people.get(args.need("user_id"))["id"]
    view = _checked(sandbox, args, "views.publish", sandbox.channels.app_dm(user_id), "home")
    return _shown(sandbox, user_id, sandbox.views.publish(user_id, view, args.text("hash")))


def checked_view(sandbox: Sandbox, view: Any, method: str, channel: Channel, kind: str) -> Json:
    """A view that Slack would take; raises `view_too_large` or `invalid_arguments`, seen in `channel`."""
    only_for = channel.members[0]
    with posting.refusals_shown(sandbox, channel, method, {"view": view}, only_for):
        reasons = checks.view_reasons(view, kind)
        if reasons:
            raise posting.refusal("invalid_arguments", reasons)
    if len(json.dumps(view, ensure_ascii=False).encode()) > MOST_VIEW_BYTES:
        raise SlackError("view_too_large")
    sound: Json = view
    return sound


def blocks_validate(_: Sandbox, args: Args) -> Json:
    given = [name for name in ("blocks", "view", "message") if name in args.given]
    if len(given) != 1 or not isinstance(args.given[given[0]], str):
        raise SlackError("invalid_arguments")
    reasons = VALIDATORS[given[0]](args.parsed(given[0]))
    if not reasons:
        return {}
    errors = [{"pointer": r.pointer, "code": r.code, "message": r.message, "constraint": r.constraint} for r in reasons]
    raise SlackError("invalid_blocks", errors=errors)


def _reasons_in_view(view: Any) -> list[checks.Reason]:
    kind = view.get("type") if isinstance(view, dict) else ""
    return checks.view_reasons(view, "home" if kind == "home" else "modal")


def _reasons_in_message(message: Any) -> list[checks.Reason]:
    if not isinstance(message, dict) or not isinstance(message.get("attachments", []), list):
        raise SlackError("invalid_arguments")
    return [reason for reasons in checks.message_reasons(message).values() for reason in reasons]


VALIDATORS: dict[str, Callable[[Any], list[checks.Reason]]] = {
    "blocks": lambda blocks: _reasons_in_message({"blocks": blocks}),
    "message": _reasons_in_message,
    "view": _reasons_in_view,
}


def _checked(sandbox: Sandbox, args: Args, method: str, channel: Channel, kind: str) -> Json:
    view = args.parsed("view")
    if not view:
        raise missing("view")
    return checked_view(sandbox, view, method, channel, kind)


def _shown(sandbox: Sandbox, user_id: str, view: Json) -> Json:
    sandbox.hub.tell([user_id], {"type": "home" if view["type"] == "home" else "view"})
    return {"view": view}


METHODS = {
    "views.open": Method(views_open),
    "views.push": Method(views_push),
    "views.update": Method(views_update),
    "views.publish": Method(views_publish),
    "blocks.validate": Method(blocks_validate, caller="anyone"),
}
