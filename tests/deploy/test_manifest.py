"""The manifest is one that Slack takes: its fields, and their limits (docs.slack.dev, app manifests)."""

import re
from typing import Any

import pytest

from handlers.manifest import manifest

KNOWN = {
    "": {"_metadata", "display_information", "features", "oauth_config", "settings"},
    "_metadata": {"major_version", "minor_version"},
    "display_information": {"name", "description", "long_description", "background_color"},
    "features": {"app_home", "bot_user", "shortcuts", "slash_commands", "unfurl_domains", "workflow_steps"},
    "features.app_home": {"home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"},
    "features.bot_user": {"display_name", "always_online"},
    "features.shortcuts": {"name", "type", "callback_id", "description"},
    "features.slash_commands": {"command", "url", "description", "usage_hint", "should_escape"},
    "oauth_config": {"redirect_urls", "scopes", "pkce_enabled"},
    "oauth_config.scopes": {"bot", "user", "bot_optional", "user_optional"},
    "settings": {
        "allowed_ip_address_ranges", "event_subscriptions", "interactivity", "org_deploy_enabled",
        "socket_mode_enabled", "token_rotation_enabled", "is_hosted",
    },
    "settings.event_subscriptions": {"request_url", "bot_events", "user_events"},
    "settings.interactivity": {"is_enabled", "request_url", "message_menu_options_url"},
}  # fmt: skip
"""The fields of each object, by its path."""

BOTH = pytest.mark.parametrize("url", [None, "https://baton.example"], ids=["socket", "http"])


def objects(of: Any, path: str = "") -> list[tuple[str, dict[str, Any]]]:
    """Every object of a manifest, with its path."""
    if isinstance(of, list):
        return [found for each in of for found in objects(each, path)]
    if not isinstance(of, dict):
        return []
    below = [found for key, value in of.items() for found in objects(value, f"{path}.{key}".strip("."))]
    return [(path, of), *below]


@BOTH
def test_slack_knows_every_field(url: str | None) -> None:
    for path, found in objects(manifest(url)):
        assert found.keys() - KNOWN[path] == set(), path


@BOTH
def test_everything_is_as_short_as_slack_wants_it(url: str | None) -> None:
    made = manifest(url)
    about, features = made["display_information"], made["features"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert re.fullmatch("#[0-9a-fA-F]{6}", about["background_color"])
    assert re.fullmatch("[A-Za-z0-9 ._-]{1,80}", features["bot_user"]["display_name"])
    assert len(features["slash_commands"]) <= 50
    assert len(features["shortcuts"]) <= 10
    for command in features["slash_commands"]:
        assert re.fullmatch("/[a-z0-9_-]{1,31}", command["command"])
        assert 0 < len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["callback_id"]) <= 255
        assert len(shortcut["description"]) <= 150
        assert shortcut["type"] in {"message", "global"}


def test_by_socket_mode_slack_needs_no_address() -> None:
    made = manifest(None)
    assert made["settings"]["socket_mode_enabled"] is True
    assert "http" not in repr(made)


def test_by_http_every_address_is_ours() -> None:
    made = manifest("https://baton.example/")
    assert made["settings"]["socket_mode_enabled"] is False
    ours = {value for _, found in objects(made) for key, value in found.items() if key in {"url", "request_url"}}
    assert ours == {"https://baton.example/slack/events"}
    assert all("url" in command for command in made["features"]["slash_commands"])
