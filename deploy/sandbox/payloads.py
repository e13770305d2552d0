"""The payloads that Slack sends to an app (docs.slack.dev/reference/interaction-payloads)."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox import organisation
from sandbox.channels import Channel, Message
from sandbox.manifest import App
from sandbox.wire import Json, new_id

OF_APP = frozenset({"app_uninstalled", "tokens_revoked"})
"""Events of an installation as a whole, not of one of an organisation's workspaces."""

VERIFICATION = "sandbox"  # for the deprecated `token` of every payload


@dataclass(frozen=True)
class Writer:
    """Writes payloads for one app in one team (`id`, `domain`); `is_whole` says whether it is installed in all of the
    team's organisation.
    """

    app: App
    team: Json
    is_whole: Callable[[], bool] = lambda: False

    def command(
        self, command: str, text: str, user: Json, channel: Channel, *, trigger_id: str, response_url: str
    ) -> Json:
        """A slash command; `text` is escaped already."""
        above = organisation.of(self.team)
        return {
            "token": VERIFICATION,
            "team_id": self.team["id"],
            "team_domain": self.team["domain"],
            "channel_id": channel.id,
            "channel_name": _channel_name(channel),
            "user_id": user["id"],
            "user_name": user["name"],
            "command": command,
            "text": text,
            "api_app_id": self.app.id,
            "is_enterprise_install": str(self.is_whole()).lower(),
            "response_url": response_url,
            "trigger_id": trigger_id,
            **({"enterprise_id": above["id"], "enterprise_name": above["name"]} if above else {}),
        }

    def block_actions(self, user: Json, action: Json, trigger_id: str, place: Json) -> Json:
        """A pressed button or a choice; `place` is `in_message(…)` or `in_view(…)`."""
        action = {**action, "action_ts": f"{time.time():.6f}"}
        return self._interaction("block_actions", user, trigger_id=trigger_id, actions=[action], **place)

    def in_message(self, channel: Channel, message: Message, state: Json, response_url: str) -> Json:
        """Where an action happened: a message. Nothing is told of the content of an ephemeral one."""
        ephemeral = message.only_for is not None
        container = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": ephemeral,
        }
        place: Json = {
            "container": container | ({"thread_ts": message.thread_ts} if message.thread_ts else {}),
            "channel": {"id": channel.id, "name": _channel_name(channel)},
            "state": {"values": state},
            "response_url": response_url,
        }
        return place if ephemeral else place | {"message": message.as_sent(self.app, self.team["id"])}

    def in_view(self, view: Json) -> Json:
        """Where an action happened: a modal or the Home tab."""
        return {
            "container": {"type": "view", "view_id": view["id"]},
            "view": view,
            "state": view["state"],
            "hash": view["hash"],
        }

    def view_submission(self, user: Json, view: Json, trigger_id: str, response_urls: list[Json]) -> Json:
        """A modal's submit button."""
        return self._interaction("view_submission", user, trigger_id=trigger_id, view=view, response_urls=response_urls)

    def view_closed(self, user: Json, view: Json, is_cleared: bool) -> Json:
        """A modal closed by a person; what was typed is not told."""
        silent = {**view, "state": {"values": {}}}
        return self._interaction("view_closed", user, view=silent, is_cleared=is_cleared)

    def shortcut(self, user: Json, callback_id: str, trigger_id: str) -> Json:
        """A global shortcut."""
        return self._interaction(
            "shortcut", user, callback_id=callback_id, trigger_id=trigger_id, action_ts=f"{time.time():.6f}"
        )

    def message_action(
        self,
        user: Json,
        callback_id: str,
        channel: Channel,
        message: Message,
        *,
        trigger_id: str,
        response_url: str,
    ) -> Json:
        """A shortcut on a message."""
        return self._interaction(
            "message_action",
            user,
            callback_id=callback_id,
            trigger_id=trigger_id,
            action_ts=f"{time.time():.6f}",
            channel={"id": channel.id, "name": _channel_name(channel)},
            message=message.as_sent(self.app, self.team["id"]),
            message_ts=message.ts,
            response_url=response_url,
        )

    def block_suggestion(self, user: Json, action_id: str, block_id: str, value: str, place: Json) -> Json:
        """What was typed into an external select."""
        where = {key: place[key] for key in ("container", "view", "channel", "message") if key in place}
        return self._interaction("block_suggestion", user, action_id=action_id, block_id=block_id, value=value, **where)

    def event(self, event: Json) -> Json:
        """The wrapper of the Events API around one event."""
        now, above = time.time(), (organisation.of(self.team) or {}).get("id")
        of_all = self.is_whole() and event["type"] in OF_APP
        event = {"event_ts": f"{now:.6f}", **event}
        return {
            "token": VERIFICATION,
            "team_id": None if of_all else self.team["id"],
            **({"enterprise_id": above} if above else {}),
            "context_team_id": None if of_all else self.team["id"],
            "context_enterprise_id": above,
            "api_app_id": self.app.id,
            "event": event,
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": int(now),
            "event_context": f"4-{new_id('')}",
            "is_ext_shared_channel": "user_team" in event,
            "authorizations": [
                {
                    "enterprise_id": above,
                    "team_id": None if of_all else self.team["id"],
                    "user_id": self.app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": self.is_whole(),
                }
            ],
        }

    def _interaction(self, kind: str, user: Json, **fields: Any) -> Json:
        person = {key: user[key] for key in ("id", "name", "team_id")}
        above, is_whole = organisation.of(self.team), self.is_whole()
        if above and is_whole and "view" in fields:
            fields["view"] = {**fields["view"], "app_installed_team_id": above["id"]}
        return {
            "type": kind,
            "token": VERIFICATION,
            "team": None if is_whole else {"id": self.team["id"], "domain": self.team["domain"]},
            "user": person | {"username": user["name"]},
            "api_app_id": self.app.id,
            "enterprise": above,
            "is_enterprise_install": is_whole,
            **fields,
        }


def _channel_name(channel: Channel) -> str:
    if channel.kind != "channel":
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name
