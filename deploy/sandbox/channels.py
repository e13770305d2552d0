"""Channels, direct messages, and the messages in them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.manifest import App
from sandbox.wire import Json, SlackError, new_id


@dataclass
class Message:
    """One message. `only_for` names the one person who sees an ephemeral message.

    `refused` holds what the sandbox refused (`error`, `detail`, `method`, `payload`): such an entry is shown
    to people and does not exist for the app. `state` keeps, by person, what was chosen in the message's
    elements. `foreign_team` is the workspace of an author who is not of this one (Slack Connect).
    """

    ts: str
    user: str
    text: str = ""
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    thread_ts: str | None = None
    metadata: Json | None = None
    files: list[Json] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edited: Json | None = None
    only_for: str | None = None
    refused: Json | None = None
    state: dict[str, Json] = field(default_factory=dict)
    foreign_team: str | None = None

    def visible_to(self, user_id: str) -> bool:
        """Whether this person sees it."""
        return self.only_for in (None, user_id)

    def content(self) -> Json:
        """What it shows, without the empty parts."""
        parts: Json = {
            "blocks": self.blocks,
            "attachments": self.attachments,
            "files": self.files,
            "thread_ts": self.thread_ts,
        }
        return {"text": self.text} | {key: value for key, value in parts.items() if value}

    def as_sent(self, app: App, team_id: str, with_metadata: bool = False) -> Json:
        """The message object of the Web API and of payloads."""
        sent: Json = {"type": "message", "user": self.user, "ts": self.ts, "team": team_id, **self.content()}
        if self.user == app.bot_user_id:
            sent |= {"bot_id": app.bot_id, "app_id": app.id}
        if self.foreign_team:
            sent |= dict.fromkeys(("team", "user_team", "source_team"), self.foreign_team)
        if self.edited:
            sent["edited"] = self.edited
        if self.reactions:
            sent["reactions"] = [
                {"name": name, "users": users, "count": len(users)} for name, users in self.reactions.items()
            ]
        if with_metadata and self.metadata:
            sent["metadata"] = self.metadata
        return sent


@dataclass
class Channel:
    """A conversation; `kind` is `channel`, `app` (somebody and the app, no name) or `dm` (several people)."""

    id: str
    name: str
    kind: str
    members: list[str]
    is_private: bool = False
    is_archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    read_up_to: dict[str, str] = field(default_factory=dict)

    def add(self, message: Message) -> Message:
        """Stores a message as the newest."""
        self.messages[message.ts] = message
        return message

    def message(self, ts: str) -> Message:
        """The message that everybody sees with this `ts`; raises `message_not_found`."""
        found = self.messages.get(ts)
        if found is None or found.only_for or found.refused:
            raise SlackError("message_not_found")
        return found

    def shown_to(self, user_id: str) -> list[Message]:
        """What this person sees here, oldest first."""
        return [message for message in self.messages.values() if message.visible_to(user_id)]

    def public_messages(self) -> list[Message]:
        """What the Web API knows of this channel, oldest first."""
        return [m for m in self.messages.values() if not m.only_for and not m.refused]

    def reply_counts(self) -> Counter[str]:
        """Number of replies by the `ts` of the message that they answer."""
        return Counter(m.thread_ts for m in self.public_messages() if m.thread_ts and m.thread_ts != m.ts)

    def mark_read(self, user_id: str) -> None:
        """This person has now seen everything here."""
        self.read_up_to[user_id] = next(reversed(self.messages), "")

    def unread(self, user_id: str) -> int:
        """Messages of others that came since this person last looked."""
        seen = self.read_up_to.get(user_id, "")
        count = 0
        for message in reversed(self.messages.values()):
            if message.ts <= seen:
                break
            count += message.visible_to(user_id) and message.user != user_id
        return count

    def as_sent(self, bot_user_id: str) -> Json:
        """The conversation object of the Web API."""
        sent: Json = {
            "id": self.id,
            "is_im": self.kind != "channel" and len(self.members) <= 2,
            "is_mpim": self.kind == "dm" and len(self.members) > 2,
            "is_archived": self.is_archived,
        }
        if sent["is_im"]:
            return sent | {"user": next((m for m in self.members if m != bot_user_id), bot_user_id)}
        return sent | {
            "name": self.name,
            "is_channel": not self.is_private,
            "is_private": self.is_private,
            "is_member": bot_user_id in self.members,
            "num_members": len(self.members),
        }


class Channels:
    """All conversations of the workspace by id."""

    def __init__(self, given: list[Json], bot_user_id: str) -> None:
        self._bot = bot_user_id
        self._by_id: dict[str, Channel] = {}
        for entry in given:
            self._by_id[entry["id"]] = Channel(
                entry["id"],
                entry["name"],
                "channel",
                list(entry["members"]),
                is_private=bool(entry.get("is_private", False)),
            )

    def __iter__(self) -> Iterator[Channel]:
        return iter(self._by_id.values())

    def __contains__(self, channel_id: str) -> bool:
        return channel_id in self._by_id

    def get(self, channel_id: str) -> Channel:
        """The channel with this id; raises `channel_not_found`."""
        if channel_id not in self._by_id:
            raise SlackError("channel_not_found")
        return self._by_id[channel_id]

    def named(self, name: str) -> Channel:
        """The channel with this name (with or without `#`) or id; raises `channel_not_found`."""
        wanted = name.removeprefix("#")
        by_name = (c for c in self if c.kind == "channel" and c.name == wanted)
        return next(by_name, None) or self.get(name)

    def app_dm(self, user_id: str) -> Channel:
        """The direct message between a person and the app, always the same one."""
        channel_id = f"D{user_id[1:]}"
        if channel_id not in self._by_id:
            self._by_id[channel_id] = Channel(channel_id, "", "app", [user_id, self._bot])
        return self._by_id[channel_id]

    def group_dm(self, user_ids: list[str]) -> Channel:
        """The direct message of the app with several people, always the same one for the same people."""
        members = sorted({*user_ids, self._bot})
        for channel in self:
            if channel.kind == "dm" and sorted(channel.members) == members:
                return channel
        channel = Channel(new_id("G"), "mpdm-" + "--".join(members), "dm", members, is_private=True)
        self._by_id[channel.id] = channel
        return channel

    def of(self, user_id: str) -> list[Channel]:
        """The conversations that this person is in."""
        return [channel for channel in self if user_id in channel.members]
