"""Listeners of App Home."""

from slack_bolt import App

from bot.activity import service as activity
from handlers.answers import Answer, Desk, Home, Request
from handlers.ui import home as ui


def register(app: App, desk: Desk) -> None:
    """The Home tab, made anew from stored figures whenever somebody opens it."""

    def opened(request: Request) -> Answer:
        """Home, but not the Messages tab: Slack sends the event for both."""
        if request.payload["event"].get("tab") != "home":
            return None
        week = activity.this_week(desk.store, request.actor, request.now)
        return Home(ui.home(request.words, request.actor.name, week, request.today))

    app.event("app_home_opened")(desk.answering(opened))
