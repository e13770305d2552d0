"""The members of the workspace, as Slack's user objects."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.manifest import App
from sandbox.wire import Json, SlackError, new_id

FLAGS = (
    "deleted",
    "is_admin",
    "is_owner",
    "is_primary_owner",
    "is_restricted",
    "is_ultra_restricted",
    "is_bot",
    "is_app_user",
)
PROFILE = {
    "title": "",
    "phone": "",
    "display_name": "",
    "status_text": "",
    "status_emoji": "",
    "status_expiration": 0,
}


class People:
    """Everybody by id, the app's bot user among them."""

    def __init__(self, team_id: str, users: list[Json], app: App) -> None:
        self._team_id = team_id
        self._users: dict[str, Json] = {}
        self._made, self._changes = new_id(""), 0
        for user in [*users, _bot_user(app)]:
            self.put(user)

    def __iter__(self) -> Iterator[Json]:
        return iter(self._users.values())

    @property
    def version(self) -> str:
        """Another one whenever somebody is new or changed, also in a sandbox that was started again."""
        return f"{self._made}.{self._changes}"

    def is_member(self, user: Json) -> bool:
        """Whether this is somebody of this workspace, not of one that shares a channel with it (Slack Connect)."""
        return bool(user["team_id"] == self._team_id)

    def __contains__(self, user_id: str) -> bool:
        return user_id in self._users

    def get(self, user_id: str) -> Json:
        """The full user object with its locale; raises `user_not_found`."""
        if user_id not in self._users:
            raise SlackError("user_not_found")
        return self._users[user_id]

    def put(self, given: Json) -> Json:
        """Stores a user given in part, fills in what Slack always sends, returns the full object."""
        user = _completed(given, self._team_id)
        self._users[user["id"]] = user
        self._changes += 1
        return user

    def change(self, changes: Json) -> Json:
        """Merges `changes` (with `id`; `profile` field by field) into a user, or makes a new one of them."""
        known = self._users.get(changes["id"], {})
        profile = {**known.get("profile", {}), **changes.get("profile", {})}
        if "real_name" in changes:
            profile["real_name"] = changes["real_name"]
        return self.put({**known, **changes, "profile": profile, "updated": _epoch()})

    def by_email(self, email: str) -> Json:
        """The active member with this address; raises `users_not_found`."""
        for user in self:
            if user["profile"].get("email", "").lower() == email.lower() and not user["deleted"]:
                return user
        raise SlackError("users_not_found")


def as_sent(user: Json, include_locale: bool = False) -> Json:
    """A user object as the Web API answers it.

    `locale` only where it is asked for, and for the deactivated none of the fields that need an account
    (docs.slack.dev/reference/objects/user-object).
    """
    hidden = set() if include_locale else {"locale"}
    if user["deleted"]:
        hidden |= {"tz", "tz_label", "tz_offset", "locale", *FLAGS} - {"deleted", "is_bot", "is_app_user"}
    return {key: value for key, value in user.items() if key not in hidden}


def display_name(user: Json) -> str:
    """What people see: the display name, else the real name."""
    profile = user["profile"]
    return str(profile.get("display_name") or profile["real_name"])


def _completed(given: Json, team_id: str) -> Json:
    real_name = given.get("real_name") or given.get("profile", {}).get("real_name") or given["name"]
    base: Json = {"team_id": team_id, "locale": "en-US", "is_email_confirmed": True, "updated": _epoch()}
    base |= dict.fromkeys(FLAGS, False)
    user = {**base, **given, "real_name": real_name}
    user["profile"] = {**PROFILE, "real_name": real_name, "team": user["team_id"], **given.get("profile", {})}
    return user | _zone(user.get("tz") or "UTC")


def _zone(name: str) -> Json:
    here = datetime.now(UTC).astimezone(ZoneInfo(name))
    offset = here.utcoffset()
    seconds = int(offset.total_seconds()) if offset else 0
    return {"tz": name, "tz_label": here.tzname() or name, "tz_offset": seconds}


def _bot_user(app: App) -> dict[str, Any]:
    return {
        "id": app.bot_user_id,
        "name": app.name.lower().replace(" ", ""),
        "real_name": app.name,
        "is_bot": True,
        "is_email_confirmed": False,
        "profile": {"real_name": app.name, "api_app_id": app.id, "bot_id": app.bot_id},
    }


def _epoch() -> int:
    return int(datetime.now(UTC).timestamp())
