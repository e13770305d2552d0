"""Modals and Home tabs: the stack of each person, hashes, and what is typed into them."""

import copy
from collections import defaultdict

from sandbox import inputs
from sandbox.manifest import App
from sandbox.wire import Clock, Json, SlackError, new_id

STACK_DEPTH = 3  # docs.slack.dev/surfaces/modals
GIVEN = (
    "type",
    "title",
    "submit",
    "close",
    "blocks",
    "private_metadata",
    "callback_id",
    "external_id",
    "clear_on_close",
    "notify_on_close",
    "submit_disabled",
)


class Views:
    """Every open view. A view is the object that Slack sends, with `state` filled in."""

    def __init__(self, app: App, team_id: str, clock: Clock) -> None:
        self._app, self._team_id, self._clock = app, team_id, clock
        self._by_id: dict[str, Json] = {}
        self._viewer: dict[str, str] = {}
        self._stacks: dict[str, list[str]] = defaultdict(list)
        self._homes: dict[str, str] = {}

    def __contains__(self, view_id: str) -> bool:
        return view_id in self._by_id

    def stack(self, user_id: str) -> list[Json]:
        """The open modals of a person, bottom first."""
        return [self._by_id[view_id] for view_id in self._stacks[user_id]]

    def home(self, user_id: str) -> Json | None:
        """The published Home tab of a person."""
        view_id = self._homes.get(user_id)
        return self._by_id[view_id] if view_id else None

    def viewer(self, view_id: str) -> str:
        """Who has this view open; raises `not_found`."""
        self.get(view_id)
        return self._viewer[view_id]

    def get(self, view_id: str) -> Json:
        """An open view; raises `not_found`."""
        if view_id not in self._by_id:
            raise SlackError("not_found")
        return self._by_id[view_id]

    def seen_by(self, user_id: str, view_id: str) -> Json:
        """A view that this person has open; raises `not_found`."""
        view = self.get(view_id)
        if self._viewer[view_id] != user_id:
            raise SlackError("not_found")
        return view

    def open(self, user_id: str, given: Json) -> Json:
        """A new modal as the only one."""
        self.clear(user_id)
        return self.push(user_id, given)

    def push(self, user_id: str, given: Json) -> Json:
        """A new modal on top; raises `push_limit_reached` above three."""
        stack = self._stacks[user_id]
        if len(stack) == STACK_DEPTH:
            raise SlackError("push_limit_reached")
        self._check_external_id(given, None)
        view = self._made(given, new_id("V"))
        view["previous_view_id"] = stack[-1] if stack else None
        view["root_view_id"] = stack[0] if stack else view["id"]
        stack.append(view["id"])
        self._viewer[view["id"]] = user_id
        return view

    def update(self, view_id: str, given: Json, expected_hash: str | None = None) -> Json:
        """Replaces what a view shows and keeps what was typed where block_id and action_id stay.

        Raises `not_found`, `hash_conflict`, `duplicate_external_id`.
        """
        old = self.get(view_id)
        _check_hash(old, expected_hash)
        self._check_external_id(given, view_id)
        if given["type"] != old["type"]:
            raise SlackError("invalid_arguments", response_metadata=_said("view type cannot be changed"))
        view = self._made(given, view_id, old["state"]["values"])
        view |= {"previous_view_id": old["previous_view_id"], "root_view_id": old["root_view_id"]}
        return view

    def publish(self, user_id: str, given: Json, expected_hash: str | None = None) -> Json:
        """Shows a Home tab to one person; raises `hash_conflict`, `duplicate_external_id`."""
        old = self.home(user_id)
        if old:
            _check_hash(old, expected_hash)
        self._check_external_id(given, old["id"] if old else None)
        known = old["state"]["values"] if old else {}
        view = self._made(given, old["id"] if old else new_id("V"), known)
        view |= {"previous_view_id": None, "root_view_id": view["id"]}
        self._homes[user_id] = view["id"]
        self._viewer[view["id"]] = user_id
        return view

    def external(self, external_id: str) -> Json:
        """The open view with this external_id; raises `not_found`."""
        for view in self._by_id.values():
            if external_id and view["external_id"] == external_id:
                return view
        raise SlackError("not_found")

    def type_in(self, view_id: str, given: Json | None) -> Json:
        """Takes over what a person has chosen or typed; returns the view with its state."""
        view = self.get(view_id)
        view["state"] = {"values": inputs.values(view["blocks"], view["state"]["values"], given)}
        return view

    def close(self, user_id: str, view_id: str) -> list[Json]:
        """Closes a modal, and those above it; returns them, bottom first."""
        stack = self._stacks[user_id]
        at = stack.index(view_id)
        closed = [self._by_id.pop(gone) for gone in stack[at:]]
        del stack[at:]
        return closed

    def clear(self, user_id: str) -> list[Json]:
        """Closes the whole stack; returns what was open, bottom first."""
        stack = self._stacks[user_id]
        return self.close(user_id, stack[0]) if stack else []

    def _made(self, given: Json, view_id: str, known: Json | None = None) -> Json:
        shown = {key: copy.deepcopy(given[key]) for key in GIVEN if key in given}
        defaults: Json = dict.fromkeys(("title", "submit", "close"))
        defaults |= dict.fromkeys(("private_metadata", "callback_id", "external_id"), "")
        defaults |= dict.fromkeys(("clear_on_close", "notify_on_close"), False)
        view: Json = {
            "id": view_id,
            "team_id": self._team_id,
            "app_id": self._app.id,
            "bot_id": self._app.bot_id,
            "app_installed_team_id": self._team_id,
            "hash": f"{self._clock.ts()}.{new_id('')[:4].lower()}",
            **defaults,
            **shown,
        }
        view["blocks"] = inputs.with_ids(view["blocks"])
        view["state"] = {"values": inputs.values(view["blocks"], known or {})}
        self._by_id[view_id] = view
        return view

    def _check_external_id(self, given: Json, view_id: str | None) -> None:
        external_id = given.get("external_id")
        taken = (v["id"] for v in self._by_id.values() if external_id and v["external_id"] == external_id)
        if any(other != view_id for other in taken):
            raise SlackError("duplicate_external_id")


def _check_hash(view: Json, expected: str | None) -> None:
    if expected and expected != view["hash"]:
        raise SlackError("hash_conflict")


def _said(message: str) -> Json:
    return {"messages": [f"[ERROR] {message}"]}
