"""Listeners that speak of stages and reasons in the workspace's own words."""

from dataclasses import replace

from bot.deals import process_changes
from bot.store.engine import Store
from bot.words import Words
from handlers.answers import Answer, Desk, Listener, Request


def own_words(store: Store, request: Request) -> Words:
    """The reader's language with this workspace's names in it."""
    return process_changes.standing(store, request.actor.workspace_id).worded(request.words)


def in_own_words(desk: Desk, listener: Listener) -> Listener:
    """The listener, for whom the catalogues have this workspace's names in them."""

    def answer(request: Request) -> Answer:
        return listener(replace(request, words=own_words(desk.store, request)))

    return answer
