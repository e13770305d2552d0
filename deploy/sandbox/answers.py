"""What Slack does with an app's answers: acks that carry content, and posts to response urls."""

from typing import Any

from sandbox import checks, posting
from sandbox.channels import Channel, Message
from sandbox.delivery import Reply
from sandbox.methods.views import checked_view
from sandbox.state import Sandbox
from sandbox.wire import Json, SlackError

MOST_OPTIONS = 100  # docs.slack.dev/reference/interaction-payloads/block_suggestion-payload


def settle_command(sandbox: Sandbox, channel: Channel, user_id: str, typed: str, reply: Reply) -> Json:
    """Shows what a command's ack says; `typed` becomes visible with `in_channel`.

    Returns `{ok, kind, status?, error?, reply?}` where `reply` is a Message.
    """
    told: Json = {"ok": not reply.error, "kind": "command"}
    told |= {"status": reply.status} if reply.status else {}
    if reply.error:
        return told | {"error": reply.error}
    in_channel = reply.body.get("response_type") == "in_channel"
    if in_channel:
        sandbox.add(channel, Message(sandbox.clock.ts(), user_id, typed))
    if not any(reply.body.get(part) for part in ("text", "blocks", "attachments")):
        return told
    try:
        said = _said(sandbox, channel, user_id, reply.body, None if in_channel else user_id)
    except SlackError as refused:
        return told | {"ok": False, "error": "invalid_command_response", "detail": refused.error}
    return told | {"reply": said}


def _said(sandbox: Sandbox, channel: Channel, user_id: str, body: Json, only_for: str | None) -> Message:
    try:
        with posting.refusals_shown(sandbox, channel, "ack", body, only_for=user_id):
            return posting.post(sandbox, channel, posting.content(body, webhook=True), only_for=only_for)
    except SlackError as refused:
        sandbox.calls.add("ack", body, refused.error)
        raise


def settle_submission(sandbox: Sandbox, user_id: str, view_id: str, reply: Reply) -> Json:
    """Does what the answer to a view_submission asks for.

    Returns `{ok: true, closed}` or `{ok: false, errors}` or `{ok: false, error}`.
    """
    if reply.error:
        return {"ok": False, "error": reply.error}
    try:
        told = _act(sandbox, user_id, view_id, reply.body)
    except SlackError as refused:
        sandbox.calls.add("ack", reply.body, refused.error)
        told = refused.body()
    sandbox.hub.tell([user_id], {"type": "view"})
    return told


def _act(sandbox: Sandbox, user_id: str, view_id: str, body: Json) -> Json:
    action, views = body.get("response_action"), sandbox.views
    open_ids = [view["id"] for view in views.stack(user_id)]
    if view_id not in open_ids:
        return {"ok": True, "closed": True}
    if action == "errors":
        return {"ok": False, "errors": _input_errors(views.get(view_id), body.get("errors"))}
    if action in ("update", "push"):
        channel = sandbox.channels.app_dm(user_id)
        view = checked_view(sandbox, body.get("view"), f"response_action {action}", channel, "modal")
        if action == "push":
            views.push(user_id, view)
        else:
            views.update(view_id, view)
        return {"ok": True, "closed": False}
    if action not in (None, "clear"):
        raise SlackError("invalid_response_action")
    if action == "clear":
        views.clear(user_id)
    else:
        views.close(user_id, view_id)
    return {"ok": True, "closed": True}


def _input_errors(view: Json, errors: Any) -> Json:
    """The texts under the inputs; raises `invalid_response_action` where a key is no input block."""
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackError("invalid_response_action")
    return errors


def settle_suggestion(sandbox: Sandbox, reply: Reply) -> Json:
    """The choices that an app offers: `{options}` or `{option_groups}`, or `{ok: false, error}`."""
    if reply.error:
        return {"ok": False, "error": reply.error}
    choices: Json = {key: reply.body[key] for key in ("options", "option_groups") if key in reply.body}
    reasons = checks.choice_reasons(choices)
    if reasons:
        sandbox.calls.add("ack", reply.body, "invalid_options")
        return {"ok": False, "error": "invalid_options", "detail": [str(reason) for reason in reasons]}
    return choices


def post_to_response_url(sandbox: Sandbox, token: str, body: Json) -> None:
    """One post to a response url.

    `response_type`, `replace_original`, `delete_original` and `thread_ts` as docs.slack.dev
    /interactivity/handling-user-interaction has them. Raises what Slack answers.
    """
    leave = sandbox.passes.use_response_url(token)
    channel = sandbox.channels.get(leave.channel_id)
    source = channel.messages.get(leave.source_ts or "")
    if body.get("delete_original"):
        if source:
            sandbox.remove(channel, source.ts)
        return
    replaces = source if body.get("replace_original") else None
    in_channel = body.get("response_type") == "in_channel"
    only_for = None if in_channel else leave.user_id
    with posting.refusals_shown(sandbox, channel, "response_url", body, only_for=leave.user_id):
        written = posting.content(body, webhook=True)
    if replaces:
        posting.rewrite(sandbox, channel, replaces, written)
    else:
        posting.post(sandbox, channel, written, thread_ts=body.get("thread_ts"), only_for=only_for)
