"""users.*, team.info, and what a token is worth: auth.*, apps.connections.open, api.test."""

from sandbox import organisation
from sandbox.channels import Channel
from sandbox.methods.call import Args, Method, page
from sandbox.people import as_sent
from sandbox.state import Sandbox
from sandbox.wire import Json, SlackError

KINDS = {"public_channel", "private_channel", "im", "mpim"}


def users_info(sandbox: Sandbox, args: Args) -> Json:
    user = sandbox.people.get(args.need("user"))
    return {"user": _sent(sandbox, user, args.flag("include_locale"))}


def users_list(sandbox: Sandbox, args: Args) -> Json:
    """The members of the workspace; those of others that share a channel with it are not in its list."""
    answer = page(filter(sandbox.people.is_member, sandbox.people), args, "members", default_limit=1000)
    locale = args.flag("include_locale")
    return answer | {"members": [_sent(sandbox, user, locale) for user in answer["members"]]}


def users_lookup_by_email(sandbox: Sandbox, args: Args) -> Json:
    return {"user": _sent(sandbox, sandbox.people.by_email(args.need("email")), False)}


def users_profile_get(sandbox: Sandbox, args: Args) -> Json:
    user = sandbox.people.get(args.text("user") or sandbox.app.bot_user_id)
    return {"profile": _sent(sandbox, user, False)["profile"]}


def users_conversations(sandbox: Sandbox, args: Args) -> Json:
    user_id = args.text("user") or sandbox.app.bot_user_id
    sandbox.people.get(user_id)
    wanted = kinds_wanted(args)
    mine = (c for c in sandbox.channels.of(user_id) if kind_of(c) in wanted)
    return page((c.as_sent(sandbox.app.bot_user_id) for c in mine), args, "channels")


def kinds_wanted(args: Args) -> set[str]:
    """The `types` argument; raises `invalid_types`."""
    wanted = set(args.listed("types")) or {"public_channel"}
    if not wanted <= KINDS:
        raise SlackError("invalid_types")
    return wanted


def kind_of(channel: Channel) -> str:
    """The word of the `types` argument for this conversation."""
    if channel.kind == "app":
        return "im"
    if channel.kind == "dm":
        return "mpim"
    return "private_channel" if channel.is_private else "public_channel"


def team_info(sandbox: Sandbox, _: Args) -> Json:
    return {"team": {**sandbox.team, "email_domain": "", "icon": {"image_default": True}}}


def auth_test(sandbox: Sandbox, _: Args) -> Json:
    above = organisation.of(sandbox.team)
    whose = above if above and sandbox.tokens.is_whole else sandbox.team
    return {
        "url": f"https://{sandbox.team['domain']}.slack.com/",
        "team": whose["name"],
        "user": sandbox.people.get(sandbox.app.bot_user_id)["name"],
        "team_id": whose["id"],
        "user_id": sandbox.app.bot_user_id,
        "bot_id": sandbox.app.bot_id,
        "is_enterprise_install": sandbox.tokens.is_whole,
        **({"enterprise_id": above["id"]} if above else {}),
    }


def auth_revoke(sandbox: Sandbox, args: Args) -> Json:
    revoked = not args.flag("test")
    if revoked:
        sandbox.oauth.revoke(sandbox)
        tokens = {"oauth": [], "bot": [sandbox.app.bot_user_id]}
        sandbox.events.send_soon("tokens_revoked", {"type": "tokens_revoked", "tokens": tokens})
    return {"revoked": revoked}


def oauth_v2_access(sandbox: Sandbox, args: Args) -> Json:
    """For whoever has the app's own credentials: they are in the arguments."""
    return sandbox.oauth.access(args.given)


def apps_uninstall(sandbox: Sandbox, args: Args) -> Json:
    """The app takes itself away; what it is told then is what it is told of any removal."""
    sandbox.oauth.check_app(args.given)
    sandbox.oauth.revoke(sandbox)
    sandbox.events.send_soon("app_uninstalled", {"type": "app_uninstalled"})
    tokens = {"oauth": [], "bot": [sandbox.app.bot_user_id]}
    sandbox.events.send_soon("tokens_revoked", {"type": "tokens_revoked", "tokens": tokens})
    return {}


def apps_connections_open(sandbox: Sandbox, _: Args) -> Json:
    if not sandbox.app.socket_mode:
        raise SlackError("forbidden_team")
    address = sandbox.settings.base_url.replace("http", "ws", 1)
    return {"url": f"{address}/link?ticket={sandbox.socket_mode.ticket()}&app_id={sandbox.app.id}"}


def api_test(_: Sandbox, args: Args) -> Json:
    if args.text("error"):
        raise SlackError(args.text("error"), args=args.given)
    return {"args": args.given}


def _sent(sandbox: Sandbox, user: Json, include_locale: bool) -> Json:
    """The user object, its address only for those with `users:read.email`."""
    sent = as_sent(user, include_locale)
    above = organisation.of(sandbox.team)
    if above:
        named = {"id": user["id"], "enterprise_id": above["id"], "enterprise_name": above["name"]}
        sent |= {"enterprise_user": {**named, "is_admin": False, "is_owner": False, "teams": [user["team_id"]]}}
    if "users:read.email" in sandbox.scopes:
        return sent
    return {**sent, "profile": {key: value for key, value in sent["profile"].items() if key != "email"}}


READ = ("users:read",)
METHODS = {
    "users.info": Method(users_info, READ),
    "users.list": Method(users_list, READ),
    "users.lookupByEmail": Method(users_lookup_by_email, ("users:read.email",)),
    "users.profile.get": Method(users_profile_get, ("users.profile:read",)),
    "users.conversations": Method(users_conversations, ("channels:read", "groups:read", "im:read", "mpim:read")),
    "team.info": Method(team_info, ("team:read",)),
    "auth.test": Method(auth_test),
    "auth.revoke": Method(auth_revoke),
    "apps.connections.open": Method(apps_connections_open, caller="app"),
    "apps.uninstall": Method(apps_uninstall),
    "oauth.v2.access": Method(oauth_v2_access, caller="anyone"),
    "api.test": Method(api_test, caller="anyone"),
}
