"""What a person does in the page: type, press, submit, close, use a shortcut, search in a menu."""

from functools import partial

from sandbox import answers, inputs, look
from sandbox.channels import Message
from sandbox.delivery import Parcel, Reply
from sandbox.state import Sandbox
from sandbox.wire import Json, SlackError


async def type_text(sandbox: Sandbox, given: Json) -> Json:
    """`{as, channel, text, thread_ts?}`: a message, or a slash command."""
    user = look.viewer(sandbox, given["as"])
    channel, text = look.channel_for(sandbox, user["id"], given["channel"]), given["text"]
    if text.startswith("/"):
        return await _command(sandbox, user, channel.id, text)
    if not text.strip():
        raise SlackError("no_text")
    marked = sandbox.typist.in_message(text)
    message = Message(sandbox.clock.ts(), user["id"], marked, [_as_typed(text)])
    message.thread_ts = given.get("thread_ts")
    message.foreign_team = None if sandbox.people.is_member(user) else user["team_id"]
    sandbox.add(channel, message)
    channel.mark_read(user["id"])
    await sandbox.events.tell_of(channel, message)
    return {"ok": True, "kind": "message", "message": look.row(sandbox, message)}


async def _command(sandbox: Sandbox, user: Json, channel_id: str, typed: str) -> Json:
    word, *rest = typed.split(maxsplit=1)
    command = sandbox.app.commands.get(word)
    if command is None or not sandbox.tokens.bot:
        return {"ok": False, "kind": "command", "error": "unknown_command"}
    channel = look.channel_for(sandbox, user["id"], channel_id)
    payload = sandbox.writer.command(
        word,
        sandbox.typist.in_command(rest[0] if rest else "", command.should_escape),
        user,
        channel,
        trigger_id=sandbox.passes.trigger(user["id"]),
        response_url=sandbox.response_url(channel, user["id"]),
    )

    def settle(reply: Reply) -> Json:
        told = answers.settle_command(sandbox, channel, user["id"], sandbox.typist.in_message(typed), reply)
        return told | ({"reply": look.row(sandbox, told["reply"])} if "reply" in told else {})

    return await sandbox.office.exchange(Parcel("slash_commands", payload, settle))


async def press(sandbox: Sandbox, given: Json) -> Json:
    """`{as, source, block_id, action_id, value?, state?}`: a button, or a choice that is told at once."""
    user, source = look.viewer(sandbox, given["as"]), given["source"]
    blocks = _blocks_of(sandbox, user["id"], source)
    block, element = inputs.find(blocks, given["block_id"], given["action_id"])
    action = inputs.action_fields(element, given.get("value") or {})
    state = _with_choice(given, element, action)
    view_id = source.get("view_id") if source["type"] == "view" else None
    place = _place(sandbox, user["id"], source, state)
    if block["type"] == "input" and not block.get("dispatch_action"):
        return {"ok": True}
    action = {"action_id": element["action_id"], "block_id": block["block_id"], **action}
    trigger_id = sandbox.passes.trigger(user["id"], view_id)
    payload = sandbox.writer.block_actions(user, action, trigger_id, place)
    return await sandbox.office.exchange(Parcel("interactive", payload))


def _with_choice(given: Json, element: Json, action: Json) -> Json:
    state: Json = {block: dict(values) for block, values in (given.get("state") or {}).items()}
    if element["type"] in inputs.STATEFUL:
        state.setdefault(given["block_id"], {})[given["action_id"]] = action
    return state


def _blocks_of(sandbox: Sandbox, user_id: str, source: Json) -> list[Json]:
    if source["type"] == "view":
        blocks: list[Json] = sandbox.views.seen_by(user_id, source["view_id"])["blocks"]
        return blocks
    return look.all_blocks(_message(sandbox, user_id, source["channel"], source["ts"]))


def _message(sandbox: Sandbox, user_id: str, channel_id: str, ts: str) -> Message:
    message = look.channel_for(sandbox, user_id, channel_id).messages.get(ts)
    if message is None or message.refused or not message.visible_to(user_id):
        raise SlackError("message_not_found")
    return message


def _place(sandbox: Sandbox, user_id: str, source: Json, state: Json | None) -> Json:
    if source["type"] == "view":
        return sandbox.writer.in_view(sandbox.views.type_in(source["view_id"], state))
    channel = look.channel_for(sandbox, user_id, source["channel"])
    message = _message(sandbox, user_id, source["channel"], source["ts"])
    values = look.message_state(message, user_id, state)
    response_url = sandbox.response_url(channel, user_id, message.ts)
    return sandbox.writer.in_message(channel, message, values, response_url)


async def submit(sandbox: Sandbox, given: Json) -> Json:
    """`{as, view_id, state}`: the submit button of a modal, after the checks of Slack's own client."""
    user = look.viewer(sandbox, given["as"])
    view = sandbox.views.seen_by(user["id"], given["view_id"])
    if view["type"] != "modal" or not view["submit"]:
        raise SlackError("not_found")
    view = sandbox.views.type_in(view["id"], given.get("state") or {})
    errors = inputs.complaints(view["blocks"], view["state"]["values"])
    if errors:
        return {"ok": False, "errors": errors}
    trigger_id = sandbox.passes.trigger(user["id"], view["id"])
    payload = sandbox.writer.view_submission(user, view, trigger_id, _response_urls(sandbox, user["id"], view))
    settle = partial(answers.settle_submission, sandbox, user["id"], view["id"])
    return await sandbox.office.exchange(Parcel("interactive", payload, settle))


def _response_urls(sandbox: Sandbox, user_id: str, view: Json) -> list[Json]:
    urls = []
    for block, element in inputs.elements(view["blocks"]):
        value = view["state"]["values"].get(block["block_id"], {}).get(element["action_id"], {})
        channel_id = value.get("selected_conversation") or value.get("selected_channel")
        if element.get("response_url_enabled") and channel_id:
            url = sandbox.response_url(sandbox.channels.get(channel_id), user_id)
            ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
            urls.append({**ids, "channel_id": channel_id, "response_url": url})
    return urls


async def close(sandbox: Sandbox, given: Json) -> Json:
    """`{as, view_id}`: a modal is closed, and with `clear_on_close` the whole stack."""
    user = look.viewer(sandbox, given["as"])
    view = sandbox.views.seen_by(user["id"], given["view_id"])
    if view["type"] != "modal":
        raise SlackError("not_found")
    cleared = bool(view["clear_on_close"])
    closed = sandbox.views.clear(user["id"]) if cleared else sandbox.views.close(user["id"], view["id"])
    sandbox.hub.tell([user["id"]], {"type": "view"})
    for gone in closed:
        if gone["notify_on_close"]:
            payload = sandbox.writer.view_closed(user, gone, is_cleared=cleared)
            await sandbox.office.exchange(Parcel("interactive", payload))
    return {"ok": True}


async def use_shortcut(sandbox: Sandbox, given: Json) -> Json:
    """`{as, callback_id, channel?, ts?}`: a global shortcut, or one on a message."""
    user = look.viewer(sandbox, given["as"])
    shortcut = sandbox.app.shortcuts.get(given["callback_id"])
    if shortcut is None:
        raise SlackError("not_found")
    trigger_id = sandbox.passes.trigger(user["id"])
    if shortcut.type == "global":
        payload = sandbox.writer.shortcut(user, shortcut.callback_id, trigger_id)
        return await sandbox.office.exchange(Parcel("interactive", payload))
    channel = look.channel_for(sandbox, user["id"], given["channel"])
    message = _message(sandbox, user["id"], channel.id, given["ts"])
    response_url = sandbox.response_url(channel, user["id"], message.ts)
    payload = sandbox.writer.message_action(
        user, shortcut.callback_id, channel, message, trigger_id=trigger_id, response_url=response_url
    )
    return await sandbox.office.exchange(Parcel("interactive", payload))


async def suggest(sandbox: Sandbox, given: Json) -> Json:
    """`{as, source, block_id, action_id, value}`: what was typed into an external select."""
    user, source = look.viewer(sandbox, given["as"]), given["source"]
    blocks = _blocks_of(sandbox, user["id"], source)
    block, element = inputs.find(blocks, given["block_id"], given["action_id"])
    if len(given["value"]) < element.get("min_query_length", 3):
        return {"options": []}
    place = _place(sandbox, user["id"], source, None)
    ids = element["action_id"], block["block_id"]
    payload = sandbox.writer.block_suggestion(user, *ids, given["value"], place)
    settle = partial(answers.settle_suggestion, sandbox)
    return await sandbox.office.exchange(Parcel("interactive", payload, settle))


def _as_typed(text: str) -> Json:
    """What people type is a rich_text block in Slack."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "block_id": "typed", "elements": [section]}
