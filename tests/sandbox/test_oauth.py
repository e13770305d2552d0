"""Installing an app in the sandbox as Slack has it: a code is good once, for its app and address, for one workspace."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from sandbox import organisation
from sandbox.manifest import read_manifest
from sandbox.methods.call import Args
from sandbox.methods.users import apps_uninstall, auth_test
from sandbox.oauth import Oauth
from sandbox.server import HERE
from sandbox.state import Sandbox, Settings
from sandbox.wire import Json, SlackError

from tests.sandbox.conftest import manifest

BACK = "https://bot.example/slack/oauth_redirect"
OWN = ("client_id", "client_secret")
ASKED = {"client_id": "1.2", "scope": "commands,chat:write", "state": "xyz"}


@pytest.fixture(params=[False, True], ids=["lasting", "rotating"])
def oauth(request: pytest.FixtureRequest) -> Oauth:
    """Two workspaces, and an app that nobody has installed."""
    found = Oauth("1.2", "secret", (BACK,), request.param)
    given = json.loads((HERE / "team.json").read_text())
    for team in ("T0BATON", "T0SOUTH"):
        settings = Settings("http://127.0.0.1:1", "", "xapp-1", "signing")
        Sandbox(settings, read_manifest(manifest()), {**given, "team": {**given["team"], "id": team}}, found)
    return found


def code_of(oauth: Oauth, team: str = "T0SOUTH", **more: str) -> str:
    """The code that comes back once somebody has allowed it."""
    address = urlsplit(oauth.answered({**ASKED, **more}, team, "U0MARIA", allowed=True))
    query = parse_qs(address.query)
    assert address.geturl().startswith(BACK)
    assert query["state"] == ["xyz"]
    return query["code"][0]


def exchange(oauth: Oauth, **args: str) -> Json:
    """oauth.v2.access."""
    return oauth.access({"client_id": "1.2", "client_secret": "secret", **args})


def refusal(oauth: Oauth, **args: str) -> str:
    """Why it is refused."""
    with pytest.raises(SlackError) as refused:
        exchange(oauth, **args)
    return refused.value.error


def test_a_code_is_one_token_for_one_workspace(oauth: Oauth) -> None:
    code = code_of(oauth)
    answer = exchange(oauth, code=code)
    assert answer["team"]["id"] == "T0SOUTH"
    assert answer["scope"] == "commands,chat:write"
    assert oauth.teams["T0SOUTH"].tokens.bot == answer["access_token"]
    assert not oauth.teams["T0BATON"].tokens.is_installed
    assert refusal(oauth, code=code) == "invalid_code"
    assert ("refresh_token" in answer) == oauth.rotates


def test_what_is_wrong_is_said(oauth: Oauth) -> None:
    assert refusal(oauth, code="made up") == "invalid_code"
    assert refusal(oauth, code=code_of(oauth), client_secret="wrong") == "bad_client_secret"
    assert refusal(oauth, code=code_of(oauth), client_id="3.4") == "invalid_client_id"
    assert refusal(oauth, code=code_of(oauth), redirect_uri=BACK) == "bad_redirect_uri"
    late = code_of(oauth)
    oauth.clock.skip(601)
    assert refusal(oauth, code=late) == "invalid_code"
    with pytest.raises(SlackError, match="bad_redirect_uri"):
        code_of(oauth, redirect_uri="https://evil.example")


def test_who_says_no_comes_back_without_a_code(oauth: Oauth) -> None:
    back = oauth.answered(ASKED, "T0BATON", "U0MARIA", allowed=False)
    assert parse_qs(urlsplit(back).query) == {"error": ["access_denied"], "state": ["xyz"]}


def test_a_refresh_token_is_good_once(oauth: Oauth) -> None:
    if not oauth.rotates:
        assert refusal(oauth, grant_type="refresh_token", refresh_token="any") == "invalid_refresh_token"
        return
    first = exchange(oauth, code=code_of(oauth))
    second = exchange(oauth, grant_type="refresh_token", refresh_token=first["refresh_token"])
    tokens = oauth.teams["T0SOUTH"].tokens
    assert (tokens.before, tokens.bot) == (first["access_token"], second["access_token"])
    assert refusal(oauth, grant_type="refresh_token", refresh_token=first["refresh_token"]) == "invalid_refresh_token"


def test_scopes_add_up_until_the_app_is_removed(oauth: Oauth) -> None:
    exchange(oauth, code=code_of(oauth))
    assert exchange(oauth, code=code_of(oauth, scope="users:read"))["scope"] == "commands,chat:write,users:read"
    oauth.teams["T0SOUTH"].tokens.revoked = True
    assert exchange(oauth, code=code_of(oauth, scope="users:read"))["scope"] == "users:read"


def test_an_app_can_take_itself_away(oauth: Oauth, monkeypatch: pytest.MonkeyPatch) -> None:
    exchange(oauth, code=code_of(oauth))
    team, told = oauth.teams["T0SOUTH"], list[str]()
    monkeypatch.setattr(team.events, "send_soon", lambda name, _: told.append(name))
    for args, error in (("3.4", "secret"), "invalid_client_id"), (("1.2", "wrong"), "bad_client_secret"):
        with pytest.raises(SlackError, match=error):
            apps_uninstall(team, Args(dict(zip(OWN, args, strict=True))))
    assert (told, team.tokens.revoked) == ([], False)
    assert apps_uninstall(team, Args(dict(zip(OWN, ("1.2", "secret"), strict=True)))) == {}
    assert (told, team.tokens.revoked) == (["app_uninstalled", "tokens_revoked"], True)


def test_an_organisation_has_one_token_for_its_workspaces(oauth: Oauth) -> None:
    for team in oauth.teams.values():
        team.team.update(enterprise_id="E0WIND", enterprise_name="Wind Group")
    answer, (north, south) = exchange(oauth, code=code_of(oauth, "E0WIND")), oauth.teams.values()
    assert (answer["team"], answer["is_enterprise_install"]) == (None, True)
    assert answer["enterprise"] == {"id": "E0WIND", "name": "Wind Group"}
    assert answer["access_token"] == north.tokens.bot == south.tokens.bot
    assert auth_test(south, Args({}))["team_id"] == "E0WIND"
    assert organisation.meant([north, south], {"team_id": "T0SOUTH"}) is south
    with pytest.raises(SlackError, match="missing_argument"):
        organisation.check_team("users.list", {}, south.tokens.is_whole)
    told = south.writer.event({"type": "app_home_opened"})["authorizations"][0]
    assert (told["enterprise_id"], told["team_id"], told["is_enterprise_install"]) == ("E0WIND", "T0SOUTH", True)
    oauth.revoke(south)
    assert not north.tokens.is_installed
    exchange(oauth, code=code_of(oauth))
    assert (north.tokens.is_installed, south.tokens.is_installed, south.tokens.is_whole) == (False, True, False)
