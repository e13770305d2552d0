"""Messages that the app sends, whichever way: checked, stored, shown, or refused in sight of everybody."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sandbox import checks, inputs
from sandbox.channels import Channel, Message
from sandbox.checks.grammar import Reason
from sandbox.state import Sandbox
from sandbox.wire import Json, SlackError

LONGEST_TEXT = 40_000  # docs.slack.dev/reference/methods/chat.postMessage: what is longer is cut


def refusal(error: str, reasons: list[Reason]) -> SlackError:
    """Slack's answer to a payload that it does not take, with a JSON pointer for each reason."""
    messages = [str(reason) for reason in reasons]
    said = [message.removeprefix("[ERROR] ") for message in messages]
    return SlackError(error, errors=said, response_metadata={"messages": messages})


def content(given: Json, webhook: bool = False) -> Json:
    """The checked content of a message: `{text, blocks, attachments, metadata}`.

    `webhook` is the way over a response url, where Slack looks less closely. Raises what Slack answers:
    `no_text`, `invalid_blocks_format`, `invalid_blocks`, `invalid_attachments`, `markdown_text_conflict`,
    `invalid_metadata_format`.
    """
    given = copy.deepcopy(given)
    _check_form(given)
    if not webhook:
        _check_metadata(given.get("metadata"))
    for error, reasons in checks.message_reasons(given, webhook).items():
        raise refusal(error, reasons)
    text = given.get("text") or ""
    blocks = given.get("blocks") or None
    if given.get("markdown_text"):
        blocks = [{"type": "markdown", "text": given["markdown_text"]}]
    if not (text or blocks or given.get("attachments")):
        raise SlackError("no_text")
    attachments = given.get("attachments") or None
    for attachment in attachments or []:
        attachment["blocks"] = inputs.with_ids(attachment.get("blocks", []))
    return {
        "text": str(text)[:LONGEST_TEXT],
        "blocks": inputs.with_ids(blocks) if blocks else None,
        "attachments": attachments,
        "metadata": None if webhook else given.get("metadata"),
    }


def _check_form(given: Json) -> None:
    if not isinstance(given.get("blocks") or [], list):
        raise SlackError("invalid_blocks_format")
    if not isinstance(given.get("attachments") or [], list):
        raise SlackError("invalid_attachments")
    if given.get("markdown_text") and (given.get("text") or given.get("blocks")):
        raise SlackError("markdown_text_conflict")


def _check_metadata(metadata: Any) -> None:
    if not metadata:
        return
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata["event_type"], str) or not isinstance(metadata["event_payload"], dict):
        raise SlackError("invalid_metadata_format")


def post(
    sandbox: Sandbox,
    channel: Channel,
    written: Json,
    *,
    thread_ts: str | None = None,
    only_for: str | None = None,
    files: list[Json] | None = None,
) -> Message:
    """Stores and shows a message of the app with checked content; `only_for` makes it ephemeral."""
    message = Message(
        sandbox.clock.ts(),
        sandbox.app.bot_user_id,
        **written,
        thread_ts=thread_ts,
        only_for=only_for,
        files=files or [],
    )
    sandbox.events.tell_of_own(channel, message)
    return sandbox.add(channel, message)


def rewrite(sandbox: Sandbox, channel: Channel, message: Message, written: Json) -> None:
    """Gives a message of the app another content."""
    message.text, message.blocks = written["text"], written["blocks"]
    message.attachments = written["attachments"]
    if written["metadata"] is not None:
        message.metadata = written["metadata"] or None
    message.state.clear()
    sandbox.show(channel, message)


@contextmanager
def refusals_shown(
    sandbox: Sandbox, channel: Channel, method: str, payload: Json, only_for: str | None = None
) -> Iterator[None]:
    """Puts what is refused into the channel, so that a wrong payload is seen and not only logged."""
    try:
        yield
    except SlackError as refused:
        messages = refused.more.get("response_metadata", {}).get("messages", [])
        if messages:
            note = {"error": refused.error, "detail": messages, "method": method, "payload": payload}
            entry = Message(sandbox.clock.ts(), sandbox.app.bot_user_id, only_for=only_for, refused=note)
            sandbox.add(channel, entry)
        raise
