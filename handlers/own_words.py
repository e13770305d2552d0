"""Listeners that speak of stages and reasons in the workspace's own words."""

from dataclasses import replace

from bot.deals import process_changes
from handlers.answers import Answer, Desk, Listener, Request


def in_own_words(desk: Desk, listener: Listener) -> Listener:
    """The listener, for whom the catalogues have this workspace's names in them."""

    def answer(request: Request) -> Answer:
        process = process_changes.standing(desk.store, request.actor.workspace_id)
        return listener(replace(request, words=process.worded(request.words)))

    return answer
