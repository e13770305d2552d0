"""Builds the Bolt app: one set of listeners behind Socket Mode and HTTP alike."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any

import structlog
from slack_bolt import App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient

from handlers import (
    absence,
    activity,
    audit,
    baton,
    capacity,
    coaching,
    deal_split,
    deal_steps,
    deals,
    digest,
    figures,
    handoffs,
    home,
    install,
    leads,
    noise,
    pay,
    people,
    personal,
    quota,
    recognition,
    reminders,
    routing,
    sales_process,
    scoring,
    settings,
    sources,
    team,
)
from handlers.answers import Desk
from handlers.gateways import Installed
from handlers.home import Homes

log = structlog.get_logger()

WORKERS = 64
"""Threads for requests and for what follows them. Bolt's own five missed Slack's three seconds under load."""


NOT_INSTALLED = (
    "Baton is not installed in this workspace any more; whoever installs apps here can bring it back. · "
    "Baton больше не установлен в этом рабочем пространстве; вернуть его может тот, кто здесь устанавливает приложения."
)
"""Said in both languages: where nothing is installed, nobody knows whose it is."""

Authorize = Callable[..., AuthorizeResult | None]


def of_token(identity: Mapping[str, Any], token: str | None) -> Authorize:
    """Whose every request is, where there is one token: what auth.test said, asked once at the start."""
    known = AuthorizeResult(
        enterprise_id=identity.get("enterprise_id"),
        team_id=identity.get("team_id"),
        bot_id=identity.get("bot_id"),
        bot_user_id=identity.get("user_id"),
        bot_token=token,
    )
    return lambda: known


def of_installations(gateways: Installed) -> Authorize:
    """Whose a request is, where there are many workspaces."""

    def authorize(
        team_id: str | None, enterprise_id: str | None, is_enterprise_install: bool | None
    ) -> AuthorizeResult | None:
        return gateways.authorize(team_id, enterprise_id, is_enterprise_install)

    return authorize


def build_app(
    desk: Desk,
    homes: Homes,
    client: WebClient,
    authorize: Authorize,
    signing_secret: str,
    executor: Executor,
    removal: install.Removal | None = None,
) -> App:
    """The Bolt app with every listener.

    Args:
        desk: takes payloads to their listeners.
        homes: keeps App Homes current.
        client: carries Slack's address, and the bot token where there is one.
        authorize: says whose a request is, as Bolt asks it.
        signing_secret: of the app; empty in Socket Mode, where nothing is signed.
        executor: runs the listeners.
        removal: hears that Baton was removed, where many workspaces are served.
    """
    app = App(
        name="baton",  # without one, Bolt reads the source of all that is on the stack to find one: half of a start
        client=client,
        logger=_quiet_logger(),
        authorize=authorize,  # type: ignore[arg-type]  # Bolt takes None as well: nothing is installed there
        signing_secret=signing_secret,
        request_verification_enabled=bool(signing_secret),
        process_before_response=True,
        listener_executor=executor,
        user_facing_authorize_error_message=NOT_INSTALLED,
    )
    app.error(_not_understood)
    _register(app, desk, homes)
    install.register(app, removal)
    return app


def _not_understood(error: Exception) -> BoltResponse:
    """What Bolt, or the way back from a listener, stumbles over: a payload that is signed and none of Slack's.

    What a listener itself stumbles over is told to the person (`handlers.answers`).
    """
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=404, body="")
    log.warning("body_not_understood", reason=type(error).__name__)
    return BoltResponse(status=400, body="body not understood\n")


def _register(app: App, desk: Desk, homes: Homes) -> None:
    """Every listener, noun by noun; `/baton` takes the verbs of all of them."""
    verbs = {**activity.register(app, desk), **settings.register(app, desk), **audit.register(app, desk)}
    verbs |= reminders.register(app, desk)
    given = {**handoffs.register(app, desk), **routing.register(app, desk)}
    verbs |= given
    others = {"why": given["why"], "rules": scoring.register(app, desk), "sources": sources.register(app, desk)}
    verbs |= leads.register(app, desk, others)
    verbs |= deals.register(app, desk)
    verbs |= quota.register(app, desk, pay.register(app, desk), figures.register(app, desk))
    verbs |= digest.register(app, desk, recognition.register(app, desk))
    deal_split.register(app, desk)
    deal_steps.register(app, desk)
    noise.register(app, desk)
    sales_process.register(app, desk)
    verbs |= team.register(
        app, desk, absence.register(app, desk), given, capacity.register(app, desk), coaching.register(app, desk)
    )
    verbs |= personal.register(app, desk)
    baton.register(app, desk, verbs)
    people.register(app, desk)
    home.register(app, desk, homes)


def _quiet_logger() -> logging.Logger:
    """Below errors Bolt logs whole bodies, with what people typed; the server logs what was not served."""
    logger = logging.getLogger("slack_bolt")
    logger.setLevel(logging.ERROR)
    return logger
