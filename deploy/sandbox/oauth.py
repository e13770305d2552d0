"""Installing the app by OAuth: Slack's page, codes, tokens, and tokens that are renewed.

docs.slack.dev: installing with OAuth, using token rotation.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from sandbox.wire import Clock, Json, SlackError, new_id

if TYPE_CHECKING:
    from sandbox.state import Sandbox

CODE_LIVES = 600.0
TOKEN_LIVES = 43_200

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Install {app}</title></head>
<body><main><h1>{app} asks for permission</h1><form method="post">{choices}
<p>It may: {scopes}</p><button name="answer" value="allow">Allow</button>
<button name="answer" value="deny">Cancel</button></form></main></body></html>"""


@dataclass
class Grant:
    """A code that was given out for a workspace; good once."""

    team_id: str
    user_id: str
    scopes: str
    redirect_uri: str
    ends_at: float


@dataclass
class Oauth:
    """The app's own credentials, and what was given out by them; without a client id nobody installs anything."""

    client_id: str = ""
    client_secret: str = ""
    redirect_urls: tuple[str, ...] = ()
    rotates: bool = False
    teams: "dict[str, Sandbox]" = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    grants: dict[str, Grant] = field(default_factory=dict)
    refreshes: dict[str, str] = field(default_factory=dict)

    def page(self, query: Mapping[str, str], app_name: str) -> str:
        """Slack's question; raises what Slack shows in its place."""
        self._check_client(query.get("client_id", ""))
        self._redirect(query)
        choices = "".join(
            f'<label><input type="radio" name="team" value="{escape(team_id)}"> {escape(team.team["name"])}</label>'
            for team_id, team in self.teams.items()
        )
        return PAGE.format(app=escape(app_name), choices=choices, scopes=escape(query.get("scope", "")))

    def answered(self, query: Mapping[str, str], team_id: str, user_id: str, *, allowed: bool) -> str:
        """Where the browser is sent once somebody has answered."""
        self._check_client(query.get("client_id", ""))
        back = self._redirect(query)
        if not allowed:
            return f"{back}?{urlencode({'error': 'access_denied', 'state': query.get('state', '')})}"
        code = secrets.token_urlsafe(16)
        ends_at = self.clock.now() + CODE_LIVES
        self.grants[code] = Grant(team_id, user_id, query.get("scope", ""), query.get("redirect_uri", ""), ends_at)
        return f"{back}?{urlencode({'code': code, 'state': query.get('state', '')})}"

    def access(self, args: Json) -> Json:
        """oauth.v2.access: a code, or a refresh token, for a token."""
        self.check_app(args)
        if args.get("grant_type") == "refresh_token":
            return self._renewed(str(args.get("refresh_token", "")))
        grant = self.grants.pop(str(args.get("code", "")), None)
        if grant is None or grant.ends_at < self.clock.now():
            raise SlackError("invalid_code")
        if grant.redirect_uri != str(args.get("redirect_uri") or ""):
            raise SlackError("bad_redirect_uri")
        team = self.teams[grant.team_id]
        team.tokens.install(f"xoxb-{grant.team_id}-{secrets.token_hex(8)}", grant.scopes.split(","))
        team.hub.tell_all({"type": "state"})
        return self._token(team) | {"authed_user": {"id": grant.user_id}}

    def _renewed(self, refresh: str) -> Json:
        team_id = self.refreshes.pop(refresh, None)
        if team_id is None or self.teams[team_id].tokens.revoked:
            raise SlackError("invalid_refresh_token")
        team = self.teams[team_id]
        team.tokens.renew(f"xoxe.xoxb-{team_id}-{secrets.token_hex(8)}")
        return self._token(team)

    def _token(self, team: "Sandbox") -> Json:
        answer: Json = {
            "access_token": team.tokens.bot,
            "token_type": "bot",
            "scope": ",".join(team.tokens.scopes or team.app.scopes),
            "bot_user_id": team.app.bot_user_id,
            "app_id": team.app.id,
            "team": {"id": team.team["id"], "name": team.team["name"]},
            "enterprise": None,
            "is_enterprise_install": False,
        }
        if self.rotates:
            refresh = f"xoxe-1-{new_id('')}"
            self.refreshes[refresh] = team.team["id"]
            answer |= {"expires_in": TOKEN_LIVES, "refresh_token": refresh}
        return answer

    def check_app(self, args: Json) -> None:
        """Raises what Slack says to whoever is not the app itself."""
        self._check_client(str(args.get("client_id", "")))
        if args.get("client_secret") != self.client_secret:
            raise SlackError("bad_client_secret")

    def _check_client(self, client_id: str) -> None:
        if not self.client_id or client_id != self.client_id:
            raise SlackError("invalid_client_id")

    def _redirect(self, query: Mapping[str, str]) -> str:
        asked = query.get("redirect_uri", "")
        known = [url for url in self.redirect_urls if not asked or asked.startswith(url)]
        if not known:
            raise SlackError("bad_redirect_uri")
        return asked or known[0]
