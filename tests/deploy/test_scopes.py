"""The scopes that an administrator grants are those that the code uses: none is missing, and none too many."""

import ast
from functools import cache

import pytest
from slack_sdk import WebClient

from handlers.manifest import SCOPES, manifest
from tests.deploy.places import REPOSITORY

METHODS: dict[str, set[str]] = {
    "apps.connections.open": set(),  # by the app-level token
    "apps.uninstall": set(),  # by the app's own credentials
    "auth.revoke": set(),
    "auth.test": set(),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": {"im:history"},  # of direct messages with the bot, and of no other conversation
    "conversations.replies": {"im:history"},  # likewise
    "conversations.open": {"im:write"},  # with one person
    "files.upload_v2": {"files:write"},
    "oauth.v2.access": set(),
    "users.info": {"users:read"},
    "users.list": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}
"""What docs.slack.dev says that each method asks of a bot token. A method that is not here yet belongs here."""

EVENTS: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_uninstalled": set(),
    "team_access_revoked": set(),
    "team_join": {"users:read"},
    "tokens_revoked": set(),
    "user_change": {"users:read"},
}

OF_FIELDS = {"email": {"users:read.email"}}
"""Of a profile: what Slack leaves out of it without the scope."""

BY_NAME = "api_call"
"""Takes any method's name, and is what all of them go by: for the gateway's client, which watches them."""

OF_CLIENT = {name for name in dir(WebClient) if "_" in name.strip("_") and not name.startswith("_")} - {BY_NAME}


@cache
def sources() -> tuple[ast.Module, ...]:
    """All of the code, read once: that takes longer than everything that is asked of it."""
    paths = [path for folder in ("bot", "handlers") for path in (REPOSITORY / folder).rglob("*.py")]
    return tuple(ast.parse(path.read_text()) for path in paths)


def called() -> set[str]:
    """Every method of Slack's Web API that the code names, as Slack names it."""
    found = {node.attr for tree in sources() for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return {_of_slack(name) for name in found & OF_CLIENT} & _callable()


def _of_slack(name: str) -> str:
    return {"oauth_v2_access": "oauth.v2.access", "apps_connections_open": "apps.connections.open"}.get(
        name, name.replace("_", ".", 1)
    )


def _callable() -> set[str]:
    """Without what is none: `base_url`, `retry_handlers`."""
    return {_of_slack(name) for name in OF_CLIENT if callable(getattr(WebClient, name, None))}


def test_no_method_is_called_by_its_name() -> None:
    nodes = [node for tree in sources() for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    assert {ast.unparse(node) for node in nodes if node.attr == BY_NAME} == {f"super().{BY_NAME}"}


def test_every_method_is_known_with_its_scopes() -> None:
    assert called() - METHODS.keys() == set()
    assert {"chat.postMessage", "views.open", "users.list", "conversations.history", "files.upload_v2"} <= called()


@pytest.mark.parametrize("url", [None, "https://baton.example"], ids=["socket", "http"])
def test_the_manifest_asks_for_what_is_used_and_nothing_else(url: str | None) -> None:
    made = manifest(url)
    asked = set(made["oauth_config"]["scopes"]["bot"])
    assert "user" not in made["oauth_config"]["scopes"]
    events = made["settings"]["event_subscriptions"]["bot_events"]
    assert set(events) - EVENTS.keys() == set()
    needed = set().union(*(METHODS[method] for method in called()), *(EVENTS[event] for event in events))
    assert made["features"]["slash_commands"]
    assert made["features"]["shortcuts"]
    assert asked == needed | OF_FIELDS["email"] | {"commands"}


def test_e_mail_addresses_are_read_by_the_code() -> None:
    texts = {node.value for tree in sources() for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert OF_FIELDS.keys() <= texts


def test_the_administrator_reads_every_scope_with_its_reason() -> None:
    page = (REPOSITORY / "deploy" / "SECURITY.md").read_text()
    table = page.split("| scope | what Baton does with it |\n|---|---|\n")[1].split("\n\n")[0]
    assert table.splitlines() == [f"| `{scope}` | {reason} |" for scope, reason in SCOPES.items()]
