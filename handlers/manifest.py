"""The app manifest that one pastes into Slack: what the code listens to and the scopes that this takes."""

from typing import Any

from handlers import ids

Manifest = dict[str, Any]

COMMANDS = (
    (
        ids.LOG_COMMAND,
        "Log a call, an e-mail, a meeting: one line",
        "call Acme 15m connected - wants pricing next tue send quote",
    ),
    (
        ids.TEAM_COMMAND,
        "Who does what: roster, roles, who is away",
        "assign @ana SDR to @maria territory EMEA from 1 dec",
    ),
    (
        ids.LEAD_COMMAND,
        "Leads: the queue, a card with its score, new ones",
        "new Acme, Jane Roe, jane@acme.example, source webinar",
    ),
    (
        ids.HANDOFF_COMMAND,
        "Hand a lead to an account executive and see it land",
        "Acme to @dana - wants a demo before Christmas",
    ),
    (
        ids.DEAL_COMMAND,
        "Deals: open, move on, won, lost; the list of mine",
        "Acme 24000 close 30 jan | Acme won 24000 | Acme lost price",
    ),
    (
        ids.QUOTA_COMMAND,
        "Where I stand: quota, pace, forecast, what I earned",
        "team | @rep | set @rep revenue 120000 2026-Q4 | what-if 50000",
    ),
    (
        ids.DIGEST_COMMAND,
        "The week: my own, my team's, by source; when it comes",
        "last | 2026-W46 | monthly | on mon 08:30 | off",
    ),
    (ids.BATON_COMMAND, "Help, and every command under one roof", "help | log call Acme 15m connected"),
)

SCOPES = {
    "commands": "the slash commands and shortcuts themselves",
    "chat:write": "reminders and answers by direct message, and messages to channels that Baton is invited to",
    "im:write": "opens the direct message with somebody, to look there for a message of its own",
    "im:history": "looks whether a message of its own has arrived before it sends it again; it reads nothing else",
    "files:write": "sends pay statements, the table of a digest and one's own data as files to whoever they are for",
    "users:read": "name, time zone and language, so that `yesterday` is the person's own",
    "users:read.email": "e-mail addresses, to match people in imports",
}
"""Every scope with its reason, for the administrator who has to approve them."""

EVENTS = ("app_home_opened", "team_join", "user_change")

OF_REMOVAL = ("app_uninstalled", "tokens_revoked", "team_access_revoked")
"""Told where many workspaces may have installed it: by HTTP."""


def manifest(url: str | None) -> Manifest:
    """The manifest for Socket Mode (`url` None), or for HTTP at the public address `url`."""
    endpoint = {"url": f"{url.rstrip('/')}/slack/events"} if url else {}
    request = {"request_url": endpoint["url"]} if url else {}
    redirect = {"redirect_urls": [f"{url.rstrip('/')}/slack/oauth_redirect"]} if url else {}
    events = [*EVENTS, *(OF_REMOVAL if url else ())]
    return {
        "_metadata": {"major_version": 1},
        "display_information": {
            "name": "Baton",
            "description": "Keeps a sales team in step: calls logged in seconds, leads handed over and seen to land.",
            "background_color": "#1f4d3d",
        },
        "features": _features(endpoint),
        "oauth_config": {**redirect, "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": events, **request},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": url is not None,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def _features(endpoint: dict[str, str]) -> dict[str, Any]:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": True,
        },
        "bot_user": {"display_name": "Baton", "always_online": True},
        "slash_commands": [
            {
                "command": command,
                "description": what,
                "usage_hint": hint,
                "should_escape": True,
                **endpoint,
            }
            for command, what, hint in COMMANDS
        ],
        "shortcuts": [
            {
                "name": "Log as activity",
                "type": "message",
                "callback_id": ids.LOG_SHORTCUT,
                "description": "Keep this message as a note to a company",
            },
            {
                "name": "Turn into lead",
                "type": "message",
                "callback_id": ids.LEAD_SHORTCUT,
                "description": "A new lead, with this message as what they said",
            },
        ],
    }
