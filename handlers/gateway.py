"""The only caller of Slack's Web API. What Slack refuses is logged here and never lost in silence."""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot.errors import NotReady, SlackUnavailable
from bot.people.rules import Profile
from bot.words import language_of
from handlers.ui.blocks import Block, Message

log = structlog.get_logger()

WITHIN_ACK = 2
"""Seconds for a call that must end before Slack's three seconds for the answer do."""

FAILURES = (SlackClientError, OSError)
"""What the SDK raises: Slack's refusals, and a network that does not answer."""


class Gateway:
    """Slack's Web API for one workspace.

    Args:
        client: carries the bot token and the address; its retry handlers are taken away, for a call that is
            repeated blindly may post twice.
        executor: where calls run that nobody waits for.
    """

    def __init__(self, client: WebClient, executor: Executor) -> None:
        client.retry_handlers.clear()
        client.timeout = WITHIN_ACK
        self.client = client
        self._executor = executor

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

    def profile(self, person_id: str) -> Profile:
        """What Slack says of a person (users.info).

        Raises:
            SlackUnavailable: when it does not say.
        """
        try:
            answer = self.client.users_info(user=person_id, include_locale=True)
        except FAILURES as error:
            log.warning("slack_did_not_say_who", person=person_id, reason=_reason(error))
            raise SlackUnavailable from error
        return profile_of(answer["user"])

    def open_view(self, trigger_id: str, view: Block) -> bool:
        """Open a form; False when Slack did not (the trigger lives three seconds)."""
        return self._try("views.open", lambda: self.client.views_open(trigger_id=trigger_id, view=view))

    def respond_later(self, response_url: str | None, person_id: str, message: Message, *, replace: bool) -> None:
        """Answer where something was pressed, when the caller has acked; by direct message if that fails."""
        self._executor.submit(self._respond, response_url, person_id, message, replace)

    def publish_home_later(self, person_id: str, view: Block) -> None:
        """Show a person's Home tab, when the caller has acked."""
        self._executor.submit(
            self._try, "views.publish", lambda: self.client.views_publish(user_id=person_id, view=view)
        )

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


def profile_of(user: dict[str, Any]) -> Profile:
    """Slack's user object (users.info, user_change, team_join) as the product knows people."""
    details = user.get("profile") or {}
    guest = ("is_restricted", "is_ultra_restricted", "is_stranger")
    name = details.get("display_name") or details.get("real_name") or user.get("real_name") or user.get("name")
    return Profile(
        id=user["id"],
        name=name or user["id"],
        email=details.get("email"),
        zone=user.get("tz"),
        language=language_of(user["locale"]) if user.get("locale") else None,
        is_active=not user.get("deleted", False),
        is_guest=any(user.get(flag) for flag in guest),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
    )


def _webhook(url: str, body: dict[str, Any]) -> None:
    answer = WebhookClient(url, timeout=WITHIN_ACK * 5).send_dict(body)
    if answer.status_code != 200:
        raise SlackClientError(f"{answer.status_code} {answer.body[:200]}")


def _reason(error: Exception) -> str:
    return str(error.response["error"]) if isinstance(error, SlackApiError) else str(error)
