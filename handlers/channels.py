"""Whether a channel that somebody chooses takes what Baton will say there: told at once, before a word is lost."""

from collections.abc import Iterable

from handlers.answers import Desk, Request
from handlers.ui import delivery as ui
from handlers.ui.blocks import Message, Mrkdwn, section


def refusing(desk: Desk, request: Request, channels: Iterable[str | None]) -> list[Mrkdwn]:
    """A line with what to do for each of these channels that does not take our messages, or of which nobody can tell.

    It is found by a word there that only whoever chose it sees: so Baton needs no right to read channels. The lines go
    to them as a message, too, for nobody can invite Baton before the settings are closed.
    """
    gateway, lines = desk.gateways.of(request.actor.workspace_id), list[Mrkdwn]()
    for channel in dict.fromkeys(each for each in channels if each):
        why = gateway.why_not(channel, request.actor.id, ui.greeting(request.words))
        if why is not None:
            lines.append(ui.refusing(request.words, channel, why))
    if lines:
        gateway.respond_later(
            None, request.actor.id, Message("\n".join(lines), [section(each) for each in lines]), replace=False
        )
    return lines
