"""Installing the app by OAuth: Slack's page, codes, tokens, and tokens that are renewed.

docs.slack.dev: installing with OAuth, using token rotation.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from sandbox import organisation
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
    """A code that was given out for a workspace, or for an organisation; good once."""

    holder_id: str
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
        names = {team_id: team.team["name"] for team_id, team in self.teams.items()}
        names |= {each["id"]: each["name"] for team in self.teams.values() if (each := organisation.of(team.team))}
        choices = "".join(
            f'<label><input type="radio" name="team" value="{escape(holder_id)}"> {escape(name)}</label>'
            for holder_id, name in names.items()
        )
        return PAGE.format(app=escape(app_name), choices=choices, scopes=escape(query.get("scope", "")))

    def answered(self, query: Mapping[str, str], holder_id: str, user_id: str, *, allowed: bool) -> str:
        """Where the browser is sent once somebody has answered."""
        self._check_client(query.get("client_id", ""))
        back = self._redirect(query)
        if not allowed:
            return f"{back}?{urlencode({'error': 'access_denied', 'state': query.get('state', '')})}"
        code = secrets.token_urlsafe(16)
        ends_at = self.clock.now() + CODE_LIVES
        self.grants[code] = Grant(holder_id, user_id, query.get("scope", ""), query.get("redirect_uri", ""), ends_at)
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
        token, is_whole = f"xoxb-{grant.holder_id}-{secrets.token_hex(8)}", grant.holder_id not in self.teams
        for team in self._held(grant.holder_id):
            team.tokens.install(token, grant.scopes.split(","), is_whole=is_whole)
            team.hub.tell_all({"type": "state"})
        return self._token(grant.holder_id) | {"authed_user": {"id": grant.user_id}}

    def revoke(self, team: "Sandbox") -> None:
        """The token of a workspace is dead; where it is an organisation's, in all of them."""
        for each in self.teams.values():
            if each is team or (team.tokens.is_whole and each.tokens.bot == team.tokens.bot):
                each.tokens.revoked = True

    def _renewed(self, refresh: str) -> Json:
        holder_id = self.refreshes.pop(refresh, "")
        teams = self._held(holder_id)
        if not teams or teams[0].tokens.revoked:
            raise SlackError("invalid_refresh_token")
        token = f"xoxe.xoxb-{holder_id}-{secrets.token_hex(8)}"
        for team in teams:
            team.tokens.renew(token)
        return self._token(holder_id)

    def _held(self, holder_id: str) -> "list[Sandbox]":
        """The one workspace, or all of an organisation."""
        one = self.teams.get(holder_id)
        return [one] if one else organisation.members(self.teams.values(), holder_id)

    def _token(self, holder_id: str) -> Json:
        team = self._held(holder_id)[0]
        answer: Json = {
            "access_token": team.tokens.bot,
            "token_type": "bot",
            "scope": ",".join(team.tokens.scopes or team.app.scopes),
            "bot_user_id": team.app.bot_user_id,
            "app_id": team.app.id,
            "team": None if team.tokens.is_whole else {"id": holder_id, "name": team.team["name"]},
            "enterprise": organisation.of(team.team),
            "is_enterprise_install": team.tokens.is_whole,
        }
        if self.rotates:
            refresh = f"xoxe-1-{new_id('')}"
            self.refreshes[refresh] = holder_id
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
