"""The app, read from the manifest that one pastes into Slack."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.wire import Json


@dataclass(frozen=True)
class Command:
    """One slash command; `command` has its slash."""

    command: str
    description: str
    usage_hint: str
    should_escape: bool
    url: str


@dataclass(frozen=True)
class Shortcut:
    """One shortcut; `type` is `global` or `message`."""

    name: str
    type: str
    callback_id: str
    description: str


@dataclass(frozen=True)
class App:
    """What Slack knows of an installed app.

    The urls are empty in Socket Mode. `home_tab` and `messages_tab` say whether those tabs are switched on.
    """

    name: str
    commands: Mapping[str, Command]
    shortcuts: Mapping[str, Shortcut]
    events: frozenset[str]
    scopes: tuple[str, ...]
    socket_mode: bool
    home_tab: bool
    messages_tab: bool
    events_url: str
    interactivity_url: str
    options_url: str
    redirect_urls: tuple[str, ...] = ()
    rotates: bool = False
    id: str = "A0SANDBOX"
    bot_id: str = "B0SANDBOX"
    bot_user_id: str = "U0BOT"


def read_manifest(manifest: Json, events_url: str = "") -> App:
    """The app of a manifest (version 1 or 2).

    A given `events_url` takes everything, whatever urls the manifest names. Raises ValueError where there is
    neither Socket Mode nor a url to deliver to.
    """
    features, settings = _part(manifest, "features"), _part(manifest, "settings")
    home, interactivity = _part(features, "app_home"), _part(settings, "interactivity")
    subscriptions = _part(settings, "event_subscriptions")
    commands = [_command(entry, events_url) for entry in features.get("slash_commands", [])]
    shortcuts = [_shortcut(entry) for entry in features.get("shortcuts", [])]
    interactivity_url = events_url or interactivity.get("request_url", "")
    app = App(
        name=_part(features, "bot_user").get("display_name") or manifest["display_information"]["name"],
        commands={command.command: command for command in commands},
        shortcuts={shortcut.callback_id: shortcut for shortcut in shortcuts},
        events=frozenset(subscriptions.get("bot_events", [])),
        scopes=tuple(_part(_part(manifest, "oauth_config"), "scopes").get("bot", [])),
        socket_mode=bool(settings.get("socket_mode_enabled", False)),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
        events_url=events_url or subscriptions.get("request_url", ""),
        interactivity_url=interactivity_url,
        options_url=events_url or interactivity.get("message_menu_options_url", "") or interactivity_url,
        redirect_urls=tuple(_part(manifest, "oauth_config").get("redirect_urls", [])),
        rotates=bool(settings.get("token_rotation_enabled", False)),
    )
    if not app.socket_mode and not app.events_url:
        raise ValueError("the manifest has neither Socket Mode nor a request_url, and no --events-url is given")
    return app


def _part(parent: Mapping[str, Any], key: str) -> Json:
    part: Json = parent.get(key) or {}
    return part


def _command(entry: Json, events_url: str) -> Command:
    return Command(
        command=entry["command"],
        description=entry["description"],
        usage_hint=entry.get("usage_hint", ""),
        should_escape=bool(entry.get("should_escape", False)),
        url=events_url or entry.get("url", ""),
    )


def _shortcut(entry: Json) -> Shortcut:
    return Shortcut(entry["name"], entry["type"], entry["callback_id"], entry.get("description", ""))
