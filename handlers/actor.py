"""From a payload to the person behind it: workspace, rights, language, time zone."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.access.actor import Actor
from bot.access.rights import refusal
from bot.errors import BotError, Refused
from bot.people import service as people
from bot.people.rules import is_stale
from bot.store.engine import Store
from handlers.gateways import Gateways

Payload = dict[str, Any]

LANGUAGES_KEPT = 20_000
"""People whose language a process knows without the database: some 6 MB, however many there are."""


class Door:
    """Lets colleagues in and knows who they are.

    Args:
        store: where people are remembered.
        gateways: ask Slack about those who are new, or were not asked about for a day, and know where Baton is
            installed.
    """

    def __init__(self, store: Store, gateways: Gateways) -> None:
        self._store = store
        self._gateways = gateways
        self._languages: OrderedDict[tuple[str, str], str] = OrderedDict()

    def enter(self, payload: Payload, now: datetime) -> Actor:
        """The person behind `payload`.

        Raises:
            Refused: for guests, bots, people who were deactivated, and people of other workspaces.
            SlackUnavailable: when somebody is new and Slack does not say who they are.
            StoreUnavailable: when the database cannot be read.
        """
        workspace, person = workspace_of(payload), person_of(payload)
        if is_of_elsewhere(payload, workspace) or not self._gateways.serves(workspace):
            raise Refused("refused.foreign")
        actor = people.find(self._store, workspace, person, now)
        if actor is None or is_stale(actor.checked_at, now):
            actor = self._introduce(workspace, person, actor, now)
        self._languages[workspace, person] = actor.language
        if len(self._languages) > LANGUAGES_KEPT:
            self._languages.popitem(last=False)
        reason = refusal(actor)
        if reason:
            raise Refused(reason)
        return actor

    def admits(self, actor: Actor) -> bool:
        """Whether Baton has anything to say to this person."""
        return refusal(actor) is None

    def language(self, payload: Payload) -> str:
        """The language to apologise in when nothing can be read: the last one known of whoever came lately."""
        return self._languages.get((workspace_of(payload), person_of(payload)), "en")

    def _introduce(self, workspace: str, person: str, known: Actor | None, now: datetime) -> Actor:
        ask: Callable[[], Actor] = lambda: people.remember(  # noqa: E731 - one expression, used at once
            self._store, workspace, self._gateways.of(workspace).profile(person, workspace), now
        )
        if known is None:
            return ask()
        try:
            return ask()
        except BotError:
            return known


def workspace_of(payload: Payload) -> str:
    """The workspace in which Baton was asked: of a form in a shared channel that is not the reader's, and of an event
    there not the one that it came from (as slack_bolt reads payloads). An organisation's installation leaves `team`
    empty in places, and its forms are installed in the organisation.
    """
    view, team, user, above = (payload.get(name) or {} for name in ("view", "team", "user", "enterprise"))
    installed = view.get("app_installed_team_id") if isinstance(view, dict) else None
    organisation = above.get("id") if isinstance(above, dict) else above
    authorized = (payload.get("authorizations") or [{}])[0]
    found = (
        (installed if installed != organisation else None)
        or (team.get("id") if isinstance(team, dict) else team)
        or authorized.get("team_id")
        or payload.get("team_id")
        or (isinstance(user, dict) and user.get("team_id"))
        or (isinstance(view, dict) and view.get("team_id"))
    )
    return str(found or "")


def is_of_elsewhere(payload: Payload, workspace_id: str) -> bool:
    """Whether the person is said to be of another workspace, which shares a channel with this one (Slack Connect).
    Within one organisation people may be of several: there Slack is asked about them.
    """
    user = payload.get("user")
    own = user.get("team_id") if isinstance(user, dict) else None
    return bool(own and own != workspace_id and not payload.get("enterprise"))


def person_of(payload: Payload) -> str:
    """The Slack user id behind a command, an interaction or an event."""
    user = payload.get("user")
    event = payload.get("event") or {}
    found = user.get("id") if isinstance(user, dict) else payload.get("user_id") or user
    return str(found or event.get("user") or "")


def what_of(payload: Payload) -> str:
    """What kind of request it is, in few words: `/log`, `block_actions`, `view_submission`, `app_home_opened`."""
    event = payload.get("event") or {}
    return str(payload.get("command") or event.get("type") or payload.get("type") or "unknown")


def which_of(payload: Payload) -> dict[str, str]:
    """Which button or form of ours it is `of`; nothing for what has only one."""
    actions, view = payload.get("actions"), payload.get("view") or {}
    found = actions[0].get("action_id") if actions else payload.get("callback_id") or view.get("callback_id")
    return {"of": str(found)} if found else {}


def origin_of(payload: Payload) -> str:
    """One name for one delivery: the same when Slack (or an impatient finger) delivers it again.

    A command is told by its trigger and its text, a form by its view and what was filled in, a button by the
    moment of the press (docs.slack.dev: `trigger_id` and `action_ts` are new for every act).
    """
    view = payload.get("view") or {}
    actions = payload.get("actions") or [{}]
    parts = (
        payload.get("type") or "command",
        person_of(payload),
        payload.get("command"),
        payload.get("text"),
        actions[0].get("action_ts"),
        actions[0].get("value"),
        view.get("id"),
        (view.get("state") or {}).get("values"),
        None if view else payload.get("trigger_id"),
        None if view else payload.get("response_url"),
    )
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
