"""The whole sandbox: the workspace, the app in it, and the way to the app."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sandbox.channels import Channel, Channels, Message
from sandbox.delivery import Courier, Office
from sandbox.events import Events
from sandbox.files import Files
from sandbox.hub import Hub
from sandbox.manifest import App
from sandbox.oauth import Oauth
from sandbox.passes import Passes
from sandbox.payloads import Writer
from sandbox.people import People
from sandbox.record import Calls, Faults, RateLimit
from sandbox.signed_http import SignedHttp
from sandbox.socket_mode import SocketMode
from sandbox.typed import Typist
from sandbox.views import Views
from sandbox.wire import Clock, Json


@dataclass(frozen=True)
class Settings:
    """Where the sandbox listens and which secrets it shares with the app."""

    base_url: str
    bot_token: str
    app_token: str
    signing_secret: str


@dataclass
class Tokens:
    """The app's tokens; `revoked` once the bot token is dead. Where the app is installed by OAuth there is none before,
    and `scopes` are those that were granted. One that `is_whole` is the same in all workspaces of an organisation.
    """

    bot: str
    app: str
    revoked: bool = False
    scopes: tuple[str, ...] = ()
    before: str = ""
    expired: set[str] = field(default_factory=set)
    is_whole: bool = False

    @property
    def is_installed(self) -> bool:
        """Whether the app is there."""
        return bool(self.bot) and not self.revoked

    def install(self, token: str, scopes: Sequence[str], *, is_whole: bool = False) -> None:
        """A new token, in the place of all before; scopes add up over installations."""
        kept = () if self.revoked else self.scopes
        self.scopes = tuple(dict.fromkeys([*kept, *filter(None, scopes)]))
        self.bot, self.before, self.revoked, self.is_whole = token, "", False, is_whole

    def renew(self, token: str) -> None:
        """The next token; the one before lives until it expires."""
        self.bot, self.before = token, self.bot


@dataclass
class Scheduled:
    """A message that `chat.scheduleMessage` keeps until `post_at` (epoch seconds)."""

    id: str
    channel: Channel
    post_at: int
    content: Json


@dataclass
class Schedule:
    """Messages that wait, by id."""

    waiting: dict[str, Scheduled] = field(default_factory=dict)


class Sandbox:
    """One workspace with one app. `given` is what the team file holds; with `oauth` the app is installed by that."""

    def __init__(self, settings: Settings, app: App, given: Json, oauth: Oauth | None = None) -> None:
        self.settings, self.app, self.team = settings, app, given["team"]
        self.clock = Clock()
        self.people = People(self.team["id"], given["users"], app)
        self.channels = Channels(given["channels"], app.bot_user_id)
        self.views = Views(app, self.team["id"], self.clock)
        self.passes = Passes(self.clock)
        self.files = Files(settings.base_url)
        self.schedule = Schedule()
        self.tokens = Tokens("" if oauth else settings.bot_token, settings.app_token)
        self.oauth = oauth or Oauth()
        self.oauth.teams[self.team["id"]] = self
        self.hub, self.calls, self.faults, self.rate_limit = Hub(), Calls(), Faults(), RateLimit()
        self.writer = Writer(app, self.team, lambda: self.tokens.is_whole)
        self.socket_mode = SocketMode(app, lambda: self.hub.tell_all({"type": "state"}))
        courier: Courier = self.socket_mode if app.socket_mode else SignedHttp(app, settings.signing_secret)
        self.office = Office(courier)
        self.events = Events(app.events, self.office, self.writer)
        self._typist: Typist | None = None

    @property
    def scopes(self) -> tuple[str, ...]:
        """What the app's token may do."""
        return self.tokens.scopes or self.app.scopes

    @property
    def typist(self) -> Typist:
        """Knows the present names of people and channels."""
        if self._typist is None:
            channels = ((c.id, c.name) for c in self.channels if c.kind == "channel" and not c.is_private)
            self._typist = Typist(self.people, channels)
        return self._typist

    def forget_names(self) -> None:
        """To be called when somebody's name may have changed."""
        self._typist = None

    def add(self, channel: Channel, message: Message) -> Message:
        """Puts a message into a channel and tells the pages."""
        channel.add(message)
        self.show(channel, message)
        return message

    def show(self, channel: Channel, message: Message) -> None:
        """Tells the pages of those who see this message that it is new or has changed."""
        audience = [message.only_for] if message.only_for else channel.members
        self.hub.tell(audience, {"type": "message", "channel": channel.id, "ts": message.ts})

    def remove(self, channel: Channel, ts: str) -> None:
        """Takes a message away and tells the pages."""
        del channel.messages[ts]
        self.hub.tell(channel.members, {"type": "message_deleted", "channel": channel.id, "ts": ts})

    def response_url(self, channel: Channel, user_id: str, source_ts: str | None = None) -> str:
        """A new response url for one interaction."""
        token = self.passes.response_url(channel.id, user_id, source_ts)
        return f"{self.settings.base_url}/response/{token}"

    def close(self) -> None:
        """Lets go of the open pages; may be called from any thread."""
        self.hub.close()
