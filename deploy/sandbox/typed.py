"""What Slack makes of typed text before an app sees it (docs.slack.dev/messaging/formatting-message-text)."""

import re
from collections.abc import Iterable

from sandbox.people import display_name
from sandbox.wire import Json

# A bare domain is linked when its ending is a known one.
BARE_DOMAIN = r"(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|co|dev|de|ru|eu)\b(?![\w@.-]*@)(?:/\S*)?"
LINKS = re.compile(
    r"(?P<url>https?://[^\s<>|]+[^\s<>|.,;:!?)])"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    rf"|(?P<domain>{BARE_DOMAIN})",
    re.IGNORECASE,
)
SPECIAL = {"here", "channel", "everyone"}


class Typist:
    """Turns typed names into mentions. `people` are user objects, `channels` are `(id, name)`."""

    def __init__(self, people: Iterable[Json], channels: Iterable[tuple[str, str]]) -> None:
        self._users = {
            name.casefold(): user
            for user in people
            if not user["deleted"]
            for name in (user["real_name"], display_name(user), user["name"])
            if name
        }
        self._channels = {name.casefold(): (channel_id, name) for channel_id, name in channels}
        self._mention = re.compile(
            rf"(?<![\w@&])@(?P<user>{_any_of([*self._users, *SPECIAL])})(?!\w)"
            rf"|(?<![\w#&])#(?P<channel>{_any_of(self._channels)})(?![\w-])",
            re.IGNORECASE,
        )

    def in_command(self, text: str, should_escape: bool) -> str:
        """The `text` of a slash command; mentions become `<@U1|ann>` where the manifest asks for it."""
        return self._marked(text, labelled=True) if should_escape else escaped(text)

    def in_message(self, text: str) -> str:
        """The `text` of a message: as in a command, with people as `<@U1>`."""
        return self._marked(text, labelled=False)

    def _marked(self, text: str, labelled: bool) -> str:
        parts, end = [], 0
        for link in LINKS.finditer(text):
            parts += [self._mentions(text[end : link.start()], labelled), _linked(link)]
            end = link.end()
        return "".join([*parts, self._mentions(text[end:], labelled)])

    def _mentions(self, text: str, labelled: bool) -> str:
        def mention(match: re.Match[str]) -> str:
            if match["channel"]:
                channel_id, name = self._channels[match["channel"].casefold()]
                return f"<#{channel_id}|{name}>"
            name = match["user"].casefold()
            if name in SPECIAL:
                return f"<!{name}>"
            user = self._users[name]
            return f"<@{user['id']}|{user['name']}>" if labelled else f"<@{user['id']}>"

        return self._mention.sub(mention, escaped(text))


def escaped(text: str) -> str:
    """The three characters that Slack escapes, and no other."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _linked(link: re.Match[str]) -> str:
    shown = escaped(link[0])
    if link["email"]:
        return f"<mailto:{shown}|{shown}>"
    return f"<{shown}>" if link["url"] else f"<http://{shown}|{shown}>"


def _any_of(names: Iterable[str]) -> str:
    longest_first = sorted(names, key=len, reverse=True)
    return "|".join(re.escape(escaped(name)) for name in longest_first) or r"(?!)"
