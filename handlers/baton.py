"""`/baton`: help, and every verb under one roof for workspaces where a command's name is taken."""

from dataclasses import replace

from slack_bolt import App

from bot.reading.text import plain_text
from handlers import ids
from handlers.answers import Answer, Desk, Listener, Request, Tell
from handlers.ui import help as ui

HELP = frozenset({"", "help", "?", "помощь", "справка"})


class Baton:
    """`/baton VERB …` goes where `/VERB …` goes."""

    def __init__(self, verbs: dict[str, Listener]) -> None:
        self._verbs = verbs

    def command(self, request: Request) -> Answer:
        """Help, or the listener of the verb with the rest of the line."""
        verb, rest = [*request.text.split(maxsplit=1), "", ""][:2]
        listener = self._verbs.get(verb.casefold().removeprefix("/"))
        if listener:
            return listener(replace(request, payload={**request.payload, "text": rest}))
        if verb.casefold() in HELP:
            return Tell(ui.baton_help(request.words, request.actor))
        return Tell(ui.unknown_verb(request.words, verb, plain_text(request.text), request.actor))


def register(app: App, desk: Desk, verbs: dict[str, Listener]) -> None:
    """`/baton` itself."""
    app.command(ids.BATON_COMMAND)(desk.answering(Baton(verbs).command))
