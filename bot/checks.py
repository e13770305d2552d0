"""`baton check`: everything that has to be right before Baton can work, each with what to do about it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError

from bot import serving, settings
from bot.delivery.rules import TOKEN_REASONS
from bot.errors import NotReady, StoreUnavailable
from bot.installations import queries as installations
from bot.installations.keys import CannotOpen, Keyring
from bot.ops import traces
from bot.settings import Mode, Settings
from bot.store import schema
from bot.store.engine import Store, passes_walls
from bot.store.walls import everywhere
from handlers.manifest import SCOPES


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the report."""

    name: str
    ok: bool
    said: str


def all_checks() -> list[Result]:
    """Every check that makes sense: without settings there is no database to ask."""
    try:
        found = settings.load()
    except NotReady as reason:
        return [Result("settings", False, str(reason))]
    return [
        _try("settings", lambda: f"{_mode(found)}; database {_database(found)}"),
        _try("database", lambda: _standing(found)),
        *walls(found),
        *_traces(found),
        *(_slack(found) if found.slack_bot_token else _many(found)),
    ]


def _try(name: str, work: Callable[[], str]) -> Result:
    try:
        return Result(name, True, work())
    except (NotReady, OSError) as reason:
        return Result(name, False, str(reason))


def _mode(found: Settings) -> str:
    said = {Mode.SOCKET: "Socket Mode", Mode.HTTP: "HTTP", Mode.MANY: "HTTP, for all workspaces that install it"}
    return said[found.mode()]


def _database(found: Settings) -> str:
    with closing(Store(found.database_url)) as store:
        secret = [name for name in store.url.query if "password" in name]
        return store.url.difference_update_query(secret).render_as_string(hide_password=True)


def _standing(found: Settings) -> str:
    with closing(Store(found.database_url)) as store:
        return _standing_of(store)


def _standing_of(store: Store) -> str:
    standing = schema.standing(store)
    if standing is schema.Schema.CURRENT:
        return "reached; the schema is at its newest version"
    if standing is schema.Schema.NEWER:
        raise NotReady(schema.newer(store))
    if store.is_sqlite:
        return "reached; `baton run` will bring its schema up to date"
    raise NotReady("reached, but its schema is not up to date: run `baton migrate`")


def walls(found: Settings) -> Iterator[Result]:
    """Whether the second lock between workspaces holds the role of DATABASE_URL. It warns only: with one workspace
    there is nobody to keep apart.
    """
    try:
        with closing(Store(found.database_url)) as store:
            if store.is_sqlite or schema.standing(store) is not schema.Schema.CURRENT:
                return
            with store.read() as tx:
                passes = passes_walls(tx)
    except (NotReady, StoreUnavailable):
        return
    yield Result("row-level security", True, PASSES if passes else "holds the role of DATABASE_URL")


def _traces(found: Settings) -> Iterator[Result]:
    if found.otel_exporter_otlp_endpoint:
        yield _try("traces", _can_trace)


def _can_trace() -> str:
    traces.check()
    return "are sent to the collector of OTEL_EXPORTER_OTLP_ENDPOINT"


PASSES = (
    "warning: the role of DATABASE_URL is a superuser or has BYPASSRLS and passes the policies between workspaces; "
    "give Baton a plain one (deploy/README.md)"
)


def _many(found: Settings) -> Iterator[Result]:
    """What many workspaces need: a key that opens what is stored, credentials that Slack takes, living tokens."""
    try:
        if found.mode() is not Mode.MANY:
            return
    except NotReady:  # the settings are told of already
        return
    try:
        keys = Keyring(found.needed(found.baton_encryption_key))
    except NotReady as reason:
        yield Result("encryption key", False, str(reason))
        return
    yield _try("credentials", lambda: _credentials(found))
    try:
        if not _can_be_read(found):
            return
    except NotReady:  # the database is told of already
        return
    with closing(Store(found.database_url)) as store:
        fits = _try("encryption key", lambda: _key(store, keys))
        yield fits
        if not fits.ok:
            return
        with everywhere(), store.read() as tx:
            known = [installations.find(tx, each) for each in installations.served(tx)]
    yield _installed(found, keys, [row for row in known if row is not None])


def _can_be_read(found: Settings) -> bool:
    with closing(Store(found.database_url)) as store:
        return schema.standing(store) is schema.Schema.CURRENT


def _key(store: Store, keys: Keyring) -> str:
    serving.check_keys(store, keys)
    return "opens the tokens of the database; so do those behind the first, until `baton rotate-key` has run"


def _credentials(found: Settings) -> str:
    """Ask for a token with a code that cannot be one: Slack looks at the credentials first."""
    try:
        serving.slack_client(found).oauth_v2_access(
            client_id=found.slack_client_id or "",
            client_secret=found.needed(found.slack_client_secret).get_secret_value(),
            code="baton-check",
        )
    except SlackApiError as error:
        reason = error.response["error"]
        if reason == "invalid_code":
            return "Slack takes SLACK_CLIENT_ID and SLACK_CLIENT_SECRET; workspaces install at /slack/install"
        raise NotReady(f"Slack says {reason}; copy SLACK_CLIENT_ID and SLACK_CLIENT_SECRET again") from None
    except OSError as error:
        raise NotReady(_out_of_reach(found, error)) from None
    return "Slack takes them"


def _out_of_reach(found: Settings, error: OSError) -> str:
    return f"Slack cannot be reached at {found.slack_api_url}: {error}"


def _installed(found: Settings, keys: Keyring, rows: Sequence[Any]) -> Result:
    """How many workspaces there are, and which of them should install Baton again."""
    again = sorted({row.name or row.workspace_id for row in rows if not row.through and not _is_whole(row)})
    try:
        asked = [row for row in rows if not row.through]
        dead = sorted({row.name or row.workspace_id for row in asked if not _lives(found, keys, row)})
    except OSError as error:  # of none of them anything is known
        return Result("workspaces", False, f"{len(rows)} installed; {_out_of_reach(found, error)}")
    if again or dead:
        parts = ([f"scopes are missing in {', '.join(again)}"] if again else []) + (
            [f"Slack does not take the token of {', '.join(dead)}"] if dead else []
        )
        return Result("workspaces", False, f"{'; '.join(parts)}: install Baton there again")
    return Result("workspaces", True, f"{len(rows)} installed")


def _is_whole(row: Any) -> bool:
    return SCOPES.keys() <= set(row.scopes.split(","))


def _lives(found: Settings, keys: Keyring, row: Any) -> bool:
    try:
        token = keys.open(row.sealed_token)
        serving.slack_client(found, token.get_secret_value() if token else "none").auth_test()
    except CannotOpen:
        return False
    except SlackApiError as error:
        return error.response["error"] not in TOKEN_REASONS
    return True


def _slack(found: Settings) -> Iterator[Result]:
    client = serving.slack_client(found)
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        yield Result("bot token", False, f"Slack says {error.response['error']}; copy SLACK_BOT_TOKEN again")
        return
    except OSError as error:
        yield Result("bot token", False, _out_of_reach(found, error))
        return
    yield Result("bot token", True, f"{answer['user']} in {answer['team']}")
    yield _scopes(str(answer.headers.get("x-oauth-scopes") or answer.headers.get("X-OAuth-Scopes") or ""))
    if found.slack_app_token:
        yield _try("app token", lambda: _app_token(found))


def _scopes(header: str) -> Result:
    granted = {scope.strip() for scope in header.split(",") if scope.strip()}
    missing = [f"{scope} ({reason})" for scope, reason in SCOPES.items() if scope not in granted]
    if not granted:
        return Result("scopes", True, "Slack did not name them")
    if missing:
        return Result("scopes", False, f"missing: {', '.join(missing)}; add them and install the app again")
    return Result("scopes", True, ", ".join(SCOPES))


def _app_token(found: Settings) -> str:
    assert found.slack_app_token is not None
    client = serving.slack_client(found)
    try:
        client.apps_connections_open(app_token=found.slack_app_token.get_secret_value())
    except SlackApiError as error:
        raise NotReady(
            f"Slack says {error.response['error']}; make an app-level token with connections:write"
        ) from None
    return "Socket Mode can be opened"
