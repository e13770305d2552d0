"""`baton check`: everything that has to be right before Baton can work, each with what to do about it."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError

from bot import settings, wiring
from bot.errors import NotReady
from bot.settings import Mode, Settings
from bot.store import schema
from bot.store.engine import Store
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
        *_slack(found),
    ]


def _try(name: str, work: Callable[[], str]) -> Result:
    try:
        return Result(name, True, work())
    except (NotReady, OSError) as reason:
        return Result(name, False, str(reason))


def _mode(found: Settings) -> str:
    return "Socket Mode" if found.mode() is Mode.SOCKET else "HTTP"


def _database(found: Settings) -> str:
    with closing(Store(found.database_url)) as store:
        return store.url.render_as_string(hide_password=True)


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


def _slack(found: Settings) -> Iterator[Result]:
    if found.slack_bot_token is None:
        return
    client = wiring.slack_client(found)
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        yield Result("bot token", False, f"Slack says {error.response['error']}; copy SLACK_BOT_TOKEN again")
        return
    except OSError as error:
        yield Result("bot token", False, f"Slack cannot be reached at {found.slack_api_url}: {error}")
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
    client = wiring.slack_client(found)
    try:
        client.apps_connections_open(app_token=found.slack_app_token.get_secret_value())
    except SlackApiError as error:
        raise NotReady(
            f"Slack says {error.response['error']}; make an app-level token with connections:write"
        ) from None
    return "Socket Mode can be opened"
