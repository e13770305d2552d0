"""An organisation (Enterprise Grid): its workspaces name it in their `team`; an app may be installed in all at once.

api.slack.com/enterprise/apps/reference and /changes-apis: one token, `team` empty in places, `team_id` where a method
lists; ids are told apart over the whole organisation.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sandbox.wire import Json, SlackError

if TYPE_CHECKING:
    from sandbox.state import Sandbox

NEEDS_TEAM = frozenset({"conversations.list", "users.conversations", "users.list"})
"""Of the methods here, those that an organisation's token has to tell which workspace they are about."""


def of(team: Json) -> Json | None:
    """The organisation of a workspace: `id` and `name`."""
    found = team.get("enterprise_id")
    return {"id": found, "name": team.get("enterprise_name", found)} if found else None


def members(teams: Iterable["Sandbox"], organisation_id: str) -> list["Sandbox"]:
    """Its workspaces."""
    return [each for each in teams if (of(each.team) or {}).get("id") == organisation_id]


def meant(teams: Sequence["Sandbox"], given: Json) -> "Sandbox":
    """Which of its workspaces a call is about: the one that it names, or whose people, conversations, forms or triggers
    it names; the first where it names nothing.
    """
    named = [each for each in teams if given.get("team_id") == each.team["id"]]
    known = [each for each in teams if any(isinstance(value, str) and _knows(each, value) for value in given.values())]
    return next(iter(named or known or teams))


def check_team(name: str, given: Json, is_whole: bool) -> None:
    """Raises `missing_argument` where the token is an organisation's, and the call says not what it is about."""
    if is_whole and name in NEEDS_TEAM and not given.get("team_id"):
        raise SlackError("missing_argument")


def _knows(team: "Sandbox", value: str) -> bool:
    is_person = value in team.people and value != team.app.bot_user_id
    return is_person or value in team.channels or value in team.views or value in team.passes
