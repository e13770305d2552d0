"""Listeners of people: Slack says who is new, who changed, and who left."""

import structlog
from slack_bolt import App

from bot.absence import service as absence
from bot.errors import BotError
from bot.people import service as people
from bot.people.rules import Profile
from bot.store.walls import within
from handlers.actor import Payload, workspace_of
from handlers.answers import Desk
from handlers.gateway import profile_of

log = structlog.get_logger()


def load_everyone(desk: Desk, workspace_id: str) -> None:
    """Learn at the start, and at an installation, whom Slack lists: events tell only of what happens from then on."""
    with within(workspace_id):
        _load_everyone(desk, workspace_id)


def _load_everyone(desk: Desk, workspace_id: str) -> None:
    now, met = desk.now(), 0
    try:
        away = absence.told_by_slack(desk.store, workspace_id, now)
        for page in desk.gateways.of(workspace_id).everyone(workspace_id):
            known = [profile for profile in page if not profile.is_bot]
            people.remember_all(desk.store, workspace_id, known, now)
            for profile in known:
                if profile.away_until or profile.id in away:
                    _follow_status(desk, workspace_id, profile)
            met += len(known)
    except BotError as error:
        log.warning("not_everybody_is_known", met=met, reason=str(error.__cause__ or error))
    else:
        log.info("everybody_is_known", met=met)


def _follow_status(desk: Desk, workspace_id: str, profile: Profile) -> None:
    kind, until = profile.away_kind, profile.away_until
    absence.follow_status(desk.store, workspace_id, profile.id, kind, until, desk.now())


def register(app: App, desk: Desk) -> None:
    """Names, time zones, languages, statuses and leavers, as Slack tells of them."""

    def follow(body: Payload) -> None:
        """Somebody joined or changed: another zone, language or status, an account that ended or became a guest's."""
        workspace = workspace_of(body)
        with within(workspace):
            take_over(workspace, body)

    def take_over(workspace: str, body: Payload) -> None:
        profile = profile_of(body["event"]["user"], workspace)
        if profile.is_bot and not people.is_known(desk.store, workspace, profile.id):
            return
        people.remember(desk.store, workspace, profile, desk.now())
        _follow_status(desk, workspace, profile)
        desk.touch(workspace, profile.id)

    app.event("user_change")(follow)
    app.event("team_join")(follow)
