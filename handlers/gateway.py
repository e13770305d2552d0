"""The only caller of Slack's Web API. What Slack refuses is logged here and never lost in silence."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from copy import copy
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPException
from typing import Any, NamedTuple

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookClient

from bot.errors import NotReady, SlackUnavailable
from bot.ops import traces
from bot.people.rules import Profile
from bot.words import language_of
from handlers.ui.blocks import Block, Message

log = structlog.get_logger()

WITHIN_ACK = 2
"""Seconds for a call that must end before Slack's three seconds for the answer do."""

PAGE = 200
"""People on one page of users.list, as Slack recommends."""

PATIENT_ATTEMPTS = 10

PATIENCE = 12
"""Seconds for a message that nobody waits for. Well below the lease of its row in the ledger."""

EVENT = "baton_delivery"
"""What the metadata of such a message is called; its payload is a `Mark`."""

HISTORY_PAGES = 10

FAILURES = (SlackClientError, OSError, HTTPException)
"""What the SDK raises: Slack's refusals, and a network that does not answer, or not to the end."""


class Client(WebClient):
    """The SDK's client; each call is a part of what asks for it."""

    def api_call(self, api_method: str, **how: Any) -> SlackResponse:
        """As the SDK's, by which all of its methods go."""
        with traces.inner(api_method, "call"):
            return super().api_call(api_method, **how)


class Posted(NamedTuple):
    """Where a message stands: the conversation's id (for a direct message the `D…` one) and its `ts`."""

    channel: str
    ts: str


class Mark(NamedTuple):
    """By what a message is found again: the key of its row, and what no other message to its recipient is about."""

    key: str
    occasion: str | None = None


NextToken = Callable[[str | None], str | None]
"""Gets the token that follows one of which Slack says that it has ended; None where none does."""


class Caller(Client):
    """A client that goes on with the next token when Slack says that its own has ended, whatever our clock says of it:
    a call that is refused so was not begun (docs.slack.dev, using token rotation).
    """

    def __init__(self, like: WebClient, next_token: NextToken) -> None:
        super().__init__(token=like.token, base_url=like.base_url)
        self._next_token = next_token

    def api_call(self, api_method: str, **given: Any) -> SlackResponse:
        """See `WebClient`."""
        try:
            return super().api_call(api_method, **given)
        except SlackApiError as error:
            token = self._next_token(self.token) if error.response["error"] == "token_expired" else None
            if token is None:
                raise
            self.token = token
        return super().api_call(api_method, **given)


class Gateway:
    """Slack's Web API for one workspace.

    Args:
        client: carries the bot token and the address; its retry handlers are taken away, for a call that is
            repeated blindly may post twice.
        executor: where calls run that nobody waits for.
        names_workspace: whether the token is an organisation's, so that lists have to be told whose they are.
    """

    def __init__(self, client: WebClient, executor: Executor, *, names_workspace: bool = False) -> None:
        client.retry_handlers.clear()
        client.timeout = WITHIN_ACK
        self.client, self._patient = client, copy(client)
        self._patient.timeout = PATIENCE
        self._executor = executor
        self._names_workspace = names_workspace

    def identify(self) -> dict[str, Any]:
        """Who the token belongs to: `team_id`, `team`, `bot_id`, `user_id` (auth.test).

        Raises:
            NotReady: when Slack refuses the token.
            OSError: when Slack cannot be reached.
        """
        try:
            return dict(self.client.auth_test().data)  # type: ignore[arg-type]  # bytes only for downloads
        except SlackApiError as error:
            raise NotReady(
                f"Slack does not take SLACK_BOT_TOKEN ({error.response['error']}). "
                "Copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of your app."
            ) from None

    def profile(self, person_id: str, workspace_id: str) -> Profile:
        """What Slack says of a person (users.info).

        Raises:
            SlackUnavailable: when it does not say.
        """
        try:
            answer = self.client.users_info(user=person_id, include_locale=True)
        except FAILURES as error:
            log.warning("slack_did_not_say_who", person=person_id, reason=_reason(error))
            raise SlackUnavailable from error
        return profile_of(answer["user"], workspace_id)

    def open_view(self, trigger_id: str, view: Block) -> bool:
        """Open a form; False when Slack did not (the trigger lives three seconds)."""
        return self._try("views.open", lambda: self.client.views_open(trigger_id=trigger_id, view=view))

    def push_view(self, trigger_id: str, view: Block) -> bool:
        """Open a form on top of the one that is open; False when Slack did not (three are the most)."""
        return self._try("views.push", lambda: self.client.views_push(trigger_id=trigger_id, view=view))

    def update_view_later(self, view_id: str, view: Block) -> None:
        """Show something else in an open form, when the caller has acked."""
        self._executor.submit(self._try, "views.update", lambda: self.client.views_update(view_id=view_id, view=view))

    def everyone(self, workspace_id: str) -> Iterator[list[Profile]]:
        """Everybody whom Slack lists, page by page (users.list; the cursor that comes back empty is the last).

        Waits where Slack asks for it (`Retry-After`), so call it where nobody waits for an answer.

        Raises:
            SlackUnavailable: when Slack does not go on.
        """
        cursor, ask = "", partial(self.client.users_list, limit=PAGE, include_locale=True)
        if self._names_workspace:
            ask = partial(ask, team_id=workspace_id)
        while True:
            page = self._patiently(partial(ask, cursor=cursor))
            yield [profile_of(user, workspace_id) for user in page["members"]]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _patiently(self, call: Callable[[], Any]) -> Any:
        """A call that waits and asks again where Slack says how long."""
        for _ in range(PATIENT_ATTEMPTS):
            try:
                return call()
            except FAILURES as error:
                pause = asked_to_wait(error)
                if pause is None:
                    log.warning("slack_refused", call="users.list", reason=_reason(error))
                    raise SlackUnavailable from error
                time.sleep(pause)
        raise SlackUnavailable

    def why_not(self, channel: str, person_id: str, message: Message) -> str | None:
        """Why a channel does not take our messages, found by one that only `person_id` sees (chat.postEphemeral), in
        Slack's word or that of what kept it from answering; None where it took it.
        """
        try:
            self.client.chat_postEphemeral(channel=channel, user=person_id, **message.payload())
        except FAILURES as error:
            log.warning("slack_refused", call="chat.postEphemeral", reason=_reason(error))
            return _reason(error)
        return None

    def respond_later(self, response_url: str | None, person_id: str, message: Message, *, replace: bool) -> None:
        """Answer where something was pressed, when the caller has acked; by direct message if that fails."""
        self._executor.submit(self._respond, response_url, person_id, message, replace)

    def respond(self, response_url: str | None, person_id: str, message: Message) -> None:
        """The same at once."""
        self._respond(response_url, person_id, message, False)

    def run_later(self, work: Callable[[], object]) -> None:
        """Do something that nobody waits for."""
        self._executor.submit(work)

    def publish_home_later(self, person_id: str, view: Block) -> None:
        """Show a person's Home tab, when the caller has acked."""
        self._executor.submit(
            self._try, "views.publish", lambda: self.client.views_publish(user_id=person_id, view=view)
        )

    def publish_home(self, person_id: str, view: Block) -> float:
        """Show a person's Home tab now.

        Returns:
            Seconds that Slack asks to wait before it takes this Home (429 with `Retry-After`), else 0.
        """
        try:
            self.client.views_publish(user_id=person_id, view=view)
        except FAILURES as error:
            log.warning("slack_refused", call="views.publish", reason=_reason(error))
            return asked_to_wait(error) or 0.0
        return 0.0

    def post(self, channel: str, message: Message, mark: Mark, *, below: Posted | None = None) -> Posted:
        """Post a message that can be found again by its `mark`; `channel` may be a person (chat.postMessage). What
        stands beneath another one (`below`) no history shows.

        Raises: one of `FAILURES`, as all of the following do.
        """
        thread = below.ts if below else None
        answer = self._patient.chat_postMessage(
            channel=channel, thread_ts=thread, unfurl_links=False, unfurl_media=False, **_content(message, mark)
        )
        return Posted(str(answer["channel"]), str(answer["ts"]))

    def rewrite(self, place: Posted, message: Message, mark: Mark) -> None:
        """Give a message of ours another content in its place (chat.update)."""
        self._patient.chat_update(channel=place.channel, ts=place.ts, **_content(message, mark))

    def post_for(self, channel: str, person_id: str, message: Message) -> None:
        """Show a message in a channel to one person only, if they are there to see it (chat.postEphemeral)."""
        self._patient.chat_postEphemeral(channel=channel, user=person_id, **message.payload())

    def upload(self, channel: str, name: str, content: bytes, comment: str, *, below: Posted | None = None) -> None:
        """Put a file into a conversation, by its id (files.getUploadURLExternal, files.completeUploadExternal)."""
        thread = below.ts if below else None
        self._patient.files_upload_v2(
            channel=channel, filename=name, content=content, initial_comment=comment, thread_ts=thread
        )

    def conversation_with(self, person_id: str) -> str:
        """The id of the direct message with a person (conversations.open)."""
        return str(self._patient.conversations_open(users=person_id)["channel"]["id"])

    def find(self, channel: str, mark: Mark, since: datetime, *, below: Posted | None = None) -> Posted | None:
        """Where the message stands that was posted with `mark`, or for the same occasion, after `since`, or beneath
        another one (conversations.history, conversations.replies); None where none does.

        Raises: one of `FAILURES`; `LookupError` where the history goes on for too long to tell.
        """
        history = partial(self._patient.conversations_history, channel=channel, oldest=f"{since.timestamp():.6f}")
        for message in _messages(self._thread(below) if below else history):
            if _is_marked((message.get("metadata") or {}).get("event_payload") or {}, mark):
                return Posted(channel, str(message["ts"]))
        return None

    def has_file(self, below: Posted, name: str) -> bool:
        """Whether a file of that name stands beneath a message. Raises as `find`."""
        return any(each.get("name") == name for message in _messages(self._thread(below)) for each in _files(message))

    def _thread(self, below: Posted) -> Callable[..., Any]:
        return partial(self._patient.conversations_replies, channel=below.channel, ts=below.ts)

    def _respond(self, response_url: str | None, person_id: str, message: Message, replace: bool) -> None:
        body = {**message.payload(), "response_type": "ephemeral", "replace_original": replace}
        if response_url and self._try("response_url", lambda: _webhook(response_url, body)):
            return
        self._try("chat.postMessage", lambda: self.client.chat_postMessage(channel=person_id, **message.payload()))

    def _try(self, what: str, call: Callable[[], object]) -> bool:
        try:
            call()
        except FAILURES as error:
            log.warning("slack_refused", call=what, reason=_reason(error))
            return False
        return True


def _content(message: Message, mark: Mark) -> dict[str, Any]:
    return {**message.payload(), "metadata": {"event_type": EVENT, "event_payload": mark._asdict()}}


def _messages(ask: Callable[..., Any]) -> Iterator[dict[str, Any]]:
    """The messages of a history or a thread, page by page."""
    cursor = None
    for _ in range(HISTORY_PAGES):
        page = ask(include_all_metadata=True, limit=PAGE, cursor=cursor)
        yield from page["messages"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
    raise LookupError("it goes on for too long")


def _files(message: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return message.get("files") or ()


def _is_marked(payload: Mapping[str, Any], mark: Mark) -> bool:
    return payload.get("key") == mark.key or (mark.occasion is not None and payload.get("occasion") == mark.occasion)


def profile_of(user: dict[str, Any], workspace_id: str) -> Profile:
    """Slack's user object (users.info, users.list, user_change, team_join) as the product knows people."""
    details = user.get("profile") or {}
    name = details.get("display_name") or details.get("real_name") or user.get("real_name") or user.get("name")
    away_kind, away_until = _away(details)
    return Profile(
        id=user["id"],
        name=name or user["id"],
        email=details.get("email"),
        zone=user.get("tz"),
        language=language_of(user["locale"]) if user.get("locale") else None,
        is_active=not user.get("deleted", False),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_foreign=_is_foreign(user, workspace_id),
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        away_kind=away_kind,
        away_until=away_until,
    )


def _is_foreign(user: dict[str, Any], workspace_id: str) -> bool:
    """Whether somebody is met only in a shared channel; people of an organisation may be of several workspaces."""
    own = user.get("team_id")
    of_organisation = workspace_id in ((user.get("enterprise_user") or {}).get("teams") or [])
    return bool(user.get("is_stranger")) or bool(own and own != workspace_id and not of_organisation)


AWAY_SIGNS = {":palm_tree:": "vacation", ":face_with_thermometer:": "sick"}
"""Slack's own statuses "Vacationing" and "Out sick". Their words are in the person's language, their signs are not."""


def _away(details: dict[str, Any]) -> tuple[str | None, datetime | None]:
    """The absence that a status tells of; one without an end says nothing about when somebody is back."""
    kind, ends = AWAY_SIGNS.get(str(details.get("status_emoji"))), details.get("status_expiration")
    return (kind, datetime.fromtimestamp(int(ends), UTC)) if kind and ends else (None, None)


def asked_to_wait(error: Exception) -> float | None:
    """Seconds that Slack asks to wait (429 with `Retry-After`), or None for another failure."""
    if isinstance(error, SlackApiError) and error.response.status_code == 429:
        return float(error.response.headers.get("Retry-After", 1))
    return None


def _webhook(url: str, body: dict[str, Any]) -> None:
    with traces.inner("response_url", "call"):
        answer = WebhookClient(url, timeout=WITHIN_ACK * 5).send_dict(body)
    if answer.status_code != 200:
        raise SlackClientError(f"{answer.status_code} {answer.body[:200]}")


def _reason(error: Exception) -> str:
    return str(error.response["error"]) if isinstance(error, SlackApiError) else str(error)
