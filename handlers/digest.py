"""Listeners of `/digest`, and who writes the digests that come by themselves."""

from collections.abc import Callable, Mapping
from datetime import datetime

from slack_bolt import App

from bot.attainment import service as attainment
from bot.attainment.frame import Asked
from bot.coaching import agenda
from bot.delivery.outcome import NotYet, Parcel
from bot.digest import planning, service, table
from bot.digest.pages import MarketingPage, OwnPage, TeamPage
from bot.digest.rounds import PATIENCE, Rounds
from bot.digest.rules import Digest
from bot.digest.said import Board, Decide, Help, Overview, Show, Whose
from bot.errors import Refused
from bot.quota import service as targets
from bot.reading.asked import Unclear
from bot.words import Words, words_for
from handlers import ids
from handlers.answers import Answer, Desk, Listener, Open, Request, Tell
from handlers.courier import Content, File, Reply, Writer
from handlers.gateway import Posted
from handlers.ui import coaching_meetings as meetings_ui
from handlers.ui import digest as ui
from handlers.ui import digest_details as details_ui
from handlers.ui import digest_marketing as marketing_ui
from handlers.ui import digest_own as own_ui
from handlers.ui import digest_said as said_ui
from handlers.ui import help as help_ui
from handlers.ui import quota as quota_ui
from handlers.ui.blocks import Message

OfBoard = Callable[[Request, Board], Answer]
"""The listener of `leaderboard`, another noun's."""


class Digests:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk, board: OfBoard) -> None:
        self._store, self._board = desk.store, board

    def command(self, request: Request) -> Answer:
        """`/digest …`."""
        said = service.understand(self._store, request.actor, request.text, request.now)
        match said:
            case Help():
                answer: Answer = Tell(help_ui.digest_help(request.words))
            case Unclear():
                answer = Tell(said_ui.unclear(request.words, request.text, said))
            case Overview():
                found = service.overview(self._store, request.actor, request.now)
                answer = Tell(said_ui.overview(request.words, found, request.actor.zone))
            case Decide():
                found = service.decide(self._store, request.actor, said, request.now)
                answer = Tell(said_ui.overview(request.words, found, request.actor.zone))
            case Board():
                answer = self._board(request, said)
            case Show():
                answer = self._show(request, said)
        return answer

    def stands(self, request: Request) -> Answer:
        """`Where they stand`, beside somebody who needs a look: their `/quota` in a window, above the digest."""
        page = attainment.person(self._store, request.actor, request.value["p"], Asked(), request.now)
        return Open(quota_ui.window(request.words, quota_ui.person(request.words, page)))

    def one_to_one(self, request: Request) -> Answer:
        """`One-to-one`, likewise: the agenda beneath the digest, which stays."""
        page = agenda.agenda(self._store, request.actor, request.value["p"], request.now)
        return Tell(meetings_ui.agenda(request.words, page, request.actor.zone))

    def details(self, request: Request) -> Answer:
        """`Details`, beneath a digest that was asked for: what stands in the thread of one that came by itself."""
        period = targets.named_period(self._store, request.actor, request.value["d"])
        if period is None:
            raise Refused("quota.refused.period", text=request.value["d"])
        asked = Show(period, Whose.EVERYBODY if request.value["e"] else Whose.TEAM)
        found = service.page(self._store, request.actor, asked, request.now)
        assert isinstance(found, TeamPage)
        return Tell(details_ui.details(request.words, found))

    def _show(self, request: Request, asked: Show) -> Answer:
        found = service.page(self._store, request.actor, asked, request.now)
        if isinstance(found, TeamPage):
            return Tell(ui.team(request.words, found, has_thread=False))
        return Tell(message(request.words, found))


def message(words: Words, page: service.Page) -> Message:
    """A digest as a message."""
    match page:
        case TeamPage():
            return ui.team(words, page)
        case OwnPage():
            return own_ui.own(words, page)
        case MarketingPage():
            return marketing_ui.marketing(words, page)


def in_turn(rounds: Rounds, write: Writer) -> Writer:
    """One at a time; whoever has waited too long for their turn comes again a little later."""

    def written(parcel: Parcel, now: datetime) -> Content | NotYet | None:
        with rounds.turn() as is_mine:
            return write(parcel, now) if is_mine else NotYet(now + 2 * PATIENCE)

    return written


def writers(desk: Desk) -> Mapping[str, Writer]:
    """Who writes each kind of digest, and what stands beneath it, when it is sent."""

    rounds = Rounds(desk.store)

    def itself(parcel: Parcel, now: datetime) -> Content | NotYet | None:
        found = service.told(desk.store, rounds, parcel, now)
        return message(words_for(found.language), found.page) if isinstance(found, service.Told) else found

    def details(parcel: Parcel, now: datetime) -> Content | NotYet | None:
        found = service.told(desk.store, rounds, parcel, now)
        if not isinstance(found, service.Told) or not isinstance(found.page, TeamPage):
            return found if isinstance(found, NotYet) else None
        said = details_ui.details(words_for(found.language), found.page)
        return Reply(said, Posted(*found.below) if found.below else None)

    def everything(parcel: Parcel, now: datetime) -> Content | NotYet | None:
        found = service.told(desk.store, rounds, parcel, now)
        if not isinstance(found, service.Told) or not isinstance(found.page, TeamPage):
            return found if isinstance(found, NotYet) else None
        words = words_for(found.language)
        comment = words("digest.table.comment", title=ui.team_title(words, found.page))
        return File(*table.file_of(found.page), comment, below=Posted(*found.below) if found.below else None)

    return {
        **{digest.value: in_turn(rounds, itself) for digest in Digest},
        planning.DETAILS: in_turn(rounds, details),
        planning.TABLE: in_turn(rounds, everything),
    }


def register(app: App, desk: Desk, board: OfBoard) -> dict[str, Listener]:
    """Everything of digests that Slack can send; returns the verbs for `/baton`. `board` is asked for leaderboards."""
    listeners = Digests(desk, board)
    app.action(ids.each(ids.DIGEST_ONEONONE))(desk.answering(listeners.one_to_one))
    app.action(ids.DIGEST_DETAILS)(desk.answering(listeners.details))
    app.action(ids.DIGEST_STANDS)(desk.answering(listeners.stands))
    app.command(ids.DIGEST_COMMAND)(desk.answering(listeners.command))
    return {"digest": listeners.command}
