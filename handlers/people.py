"""Listeners of people: Slack says that somebody changed."""

from slack_bolt import App

from bot.people import service as people
from handlers.actor import Payload, workspace_of
from handlers.answers import Desk
from handlers.gateway import profile_of


def register(app: App, desk: Desk) -> None:
    """Names, time zones, languages and leavers, as Slack tells of them."""

    def follow(body: Payload) -> None:
        """Somebody changed; whoever never met Baton is left alone."""
        workspace, profile = workspace_of(body), profile_of(body["event"]["user"])
        if people.is_known(desk.store, workspace, profile.id):
            people.remember(desk.store, workspace, profile, desk.now())

    app.event("user_change")(follow)
