"""Listeners of deals: `/deal`, the buttons of its cards and questions, its forms; and the writers of what comes."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt import App

from bot.deals import after_sale, form, notices, pages, process_changes, service, ticking
from bot.deals.queries import DealRow
from bot.deals.said import About, ForNothing, Help, List, Nothing, WhichDay, WhichStage, WhyLost
from bot.deals.service import Done, Meant
from bot.deals.states import Kind, Stage
from bot.delivery.outcome import Parcel
from bot.errors import Refused
from bot.reading.asked import Unclear
from bot.reading.text import plain_text
from bot.words import words_for
from handlers import deal_wishes as wishes
from handlers import ids
from handlers.answers import Answer, Close, Desk, Listener, Mend, Open, Request, Show, Tell
from handlers.courier import Writer
from handlers.deal_wishes import Packed
from handlers.own_words import in_own_words
from handlers.ui import deal_forms, deal_notices
from handlers.ui import deal_questions as ask
from handlers.ui import deals as ui
from handlers.ui import help as help_ui
from handlers.ui.blocks import Message

ABOUT_THE_NOTE = frozenset({"deals.note_missing.competitor", "deals.note_missing.other"})


class Deals:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._store = desk, desk.store

    def command(self, request: Request) -> Answer:
        """`/deal …`."""
        said = service.understand(self._store, request.actor, request.text, request.now)
        match said:
            case Nothing():
                answer = self._list(request, None)
            case Help():
                answer = Tell(help_ui.deal_help(request.words))
            case List(person):
                answer = self._list(request, person)
            case Unclear():
                answer = Tell(ask.unclear(request.words, request.text, said, request.today))
            case _:
                answer = self._about(request, said)
        return answer

    def _about(self, request: Request, said: About) -> Answer:
        """What is about a company's deal: a question first, where the line leaves something open."""
        wish, typed, (name, ref) = wishes.packed(said), _typed(request), wishes.named(said)
        match said:
            case WhichDay():
                return Tell(ask.which_day(request.words, typed, said, wish, request.today))
            case WhichStage():
                return Tell(ask.which_stage(request.words, typed, said, wish))
            case WhyLost() if service.meant(self._store, request.actor, name, ref, request.now).has_any:
                return Tell(ask.why_lost(request.words, typed, said, wish))
            case ForNothing():
                return Tell(ask.for_nothing(request.words, typed, name, ref, wish))
        return self._act(request, name, ref, wish)

    def named(self, request: Request) -> Answer:
        """An answer to a question: the rest of what was wished, with the name."""
        wish = {name: value for name, value in request.value.items() if name not in {"v", "i", "f", "q"}}
        value = request.value
        return self._act(request, str(value["i"]), value.get("f"), wish, is_sure=bool(value.get("q")))

    def do(self, request: Request) -> Answer:
        """Which deal was meant, of several."""
        wish = {name: value for name, value in request.value.items() if name not in {"v", "d"}}
        return self._do(request, UUID(request.value["d"]), wish)

    def show(self, request: Request) -> Answer:
        """`Open` in a list, under a message, or on Home."""
        return self._card(request, self._id(request))

    def mine(self, request: Request) -> Answer:
        """`All my deals` on Home."""
        return self._list(request, None)

    def move(self, request: Request) -> Answer:
        """Another stage, chosen on the card."""
        chosen = ids.unpack(request.payload["actions"][0]["selected_option"]["value"])
        return self._do(request, UUID(chosen["d"]), {"a": wishes.UPDATE, "s": chosen["s"]})

    def tick(self, request: Request) -> Answer:
        """A point of the checklist, done or not after all."""
        pressed = request.payload["actions"][0]
        deal, stage, seen = ids.read_ticks_block(pressed["block_id"])
        points = [each["value"] for each in pressed.get("selected_options") or ()]
        where = (self._store, request.actor, UUID(deal), Stage(stage))
        done = ticking.tick(*where, points, seen, origin=request.origin, now=request.now)
        page = pages.card(self._store, request.actor, done.row.id, request.now)
        return self._tell(request, ui.card(request.words, page))

    def reopen(self, request: Request) -> Answer:
        """`Reopen`."""
        return self._do(request, self._id(request), {"a": wishes.REOPEN})

    def unchurn(self, request: Request) -> Answer:
        """`Undo` under the word that a customer has left."""
        account_id = UUID(request.value["c"])
        row = after_sale.unchurn(self._store, request.actor, account_id, origin=request.origin, now=request.now)
        return self._tell(request, ui.stays(request.words, row, request.today))

    def open_edit(self, request: Request) -> Answer:
        """`Edit`: the form."""
        row = self._mine(request, self._id(request))
        return Open(deal_forms.edit_form(request.words, row, self._metadata(request, row, n=form.seen(row))))

    def edit(self, request: Request) -> Answer:
        """The form, filled in: what its reader did not touch stays as it is."""
        filled = request.texts(form.FIELDS)
        row = pages.card(self._store, request.actor, self._form_id(request), request.now).row
        wish = form.read(filled, request.metadata["n"], row, request.today)
        if isinstance(wish, dict):
            return self._mend(request, wish)
        return self._submitted(
            request,
            lambda: service.change(self._store, request.actor, row.id, wish, origin=request.origin, now=request.now),
            field="note",
        )

    def open_won(self, request: Request) -> Answer:
        """`Won`: for how much, when, for how long."""
        return self._won_form(request, self._mine(request, self._id(request)), None)

    def won(self, request: Request) -> Answer:
        """The form of a win, filled in."""
        filled = request.texts(("amount", "on", "months", "note"))
        row = pages.card(self._store, request.actor, self._form_id(request), request.now).row
        said = form.read_won(filled, row, request.today, request.actor.zone)
        if isinstance(said, dict):
            return self._mend(request, said)
        return self._submitted(
            request,
            lambda: service.win(self._store, request.actor, row.id, said, origin=request.origin, now=request.now),
            field="amount",
        )

    def open_lost(self, request: Request) -> Answer:
        """`Lost`: asks why."""
        return self._lost_form(request, self._mine(request, self._id(request)), {})

    def lost(self, request: Request) -> Answer:
        """Why, filled in."""
        filled = request.texts(("reason", "note"))
        loss = wishes.loss_of(request, {"r": filled["reason"], "n": filled["note"] or None})
        deal_id = self._form_id(request)
        return self._submitted(
            request,
            lambda: service.lose(self._store, request.actor, deal_id, loss, origin=request.origin, now=request.now),
            field="note",
        )

    def _act(self, request: Request, name: str, ref: str | None, wish: Packed, *, is_sure: bool = False) -> Answer:
        """Do what is wished with the deal that a name means, or ask which."""
        meant = service.meant(self._store, request.actor, name, ref, request.now)
        if not meant.is_known and meant.near and not is_sure:
            return self._tell(request, ask.close_spelling(request.words, _typed(request), meant, wish))
        if wish["a"] in AFTER_SALE:
            return self._after_sale(request, meant, wish)
        if len(meant.mine) > 1:
            return self._which(request, meant.mine, wish)
        if meant.mine and not (is_sure and wish["a"] == wishes.UPDATE):
            return self._do(request, meant.mine[0].id, wish)
        return self._without(request, meant, wish, is_sure=is_sure)

    def _without(self, request: Request, meant: Meant, wish: Packed, *, is_sure: bool) -> Answer:
        """No open deal of the actor's: another one that is meant, or a new one."""
        over = sorted(meant.closed, key=lambda each: each.closed_at or each.opened_at, reverse=True)
        divides = wish["a"] == wishes.UPDATE and wishes.wish_of(wish).is_split_only
        if divides:
            over.sort(key=lambda each: each.stage is not Stage.WON)
        opens = (wish["a"] == wishes.UPDATE and not divides) or (wish["a"] == wishes.WON and not over)
        if opens and meant.others and not is_sure:
            owner = self._owner(request, meant.others[0])
            return self._tell(request, ask.one_of_own(request.words, _typed(request), meant, owner, wish))
        if opens:
            return self._open(request, meant, wish)
        meant_one = next(iter((*over, *meant.others)), None)
        if meant_one is None:
            return self._tell(request, ask.nothing(request.words, meant))
        return self._do(request, meant_one.id, wish)

    def _open(self, request: Request, meant: Meant, wish: Packed, kind: Kind = Kind.NEW) -> Answer:
        """A new deal; one that is won already is opened for that."""
        is_won = wish["a"] == wishes.WON
        if is_won and wishes.money_of(wish) is None:
            raise Refused("deals.amount_missing", company=meant.name)
        wanted = wishes.wish_of({} if is_won else wish)
        origin = f"{request.origin}:opened" if is_won else request.origin
        done = service.open_deal(
            self._store, request.actor, meant.name, meant.ref, wanted, kind=kind, origin=origin, now=request.now
        )
        return self._do(request, done.row.id, wish) if is_won else self._done(request, done, wish)

    def _after_sale(self, request: Request, meant: Meant, wish: Packed) -> Answer:
        """What concerns a customer, and not one deal."""
        account_id = service.account_of(meant)
        if account_id is None:
            raise Refused("deals.no_customer", company=meant.name)
        where = (self._store, request.actor, account_id)
        if wish["a"] == wishes.UPSELL:
            after_sale.check_customer(*where, meant.name)
            return self._open(request, meant, wish, Kind.UPSELL)
        if wish["a"] == wishes.RENEWED:
            renewal = wishes.renewal_of(wish)
            return self._done(request, after_sale.renew(*where, renewal, origin=request.origin, now=request.now), wish)
        reason, note = wish.get("r"), wish.get("n")
        row = after_sale.churn(*where, reason, note, origin=request.origin, now=request.now)
        self._touch(request)
        return self._tell(request, ui.left(request.words, row, request.today))

    def _do(self, request: Request, deal_id: UUID, wish: Packed) -> Answer:
        """Do what is wished with one deal; its card is the answer."""
        verb = wish["a"]
        if verb == wishes.SHOW:
            return self._card(request, deal_id)
        try:
            return self._done(request, self._changes()[verb](request, deal_id, wish), wish)
        except Refused as error:
            if error.key == "deals.amount_missing":
                return self._won_form(request, self._mine(request, deal_id), wish.get("n"))
            if error.key in ABOUT_THE_NOTE:
                return self._lost_form(request, self._mine(request, deal_id), wish)
            if error.key == "deals.won_for_nothing":
                row = self._mine(request, deal_id)
                return self._tell(request, ask.for_nothing(request.words, "", row.company, _ref(row), wish))
            raise

    def _changes(self) -> Mapping[str, Callable[[Request, UUID, Packed], Done]]:
        return {
            wishes.UPDATE: lambda request, deal_id, wish: service.change(
                self._store, request.actor, deal_id, wishes.wish_of(wish), origin=request.origin, now=request.now
            ),
            wishes.WON: lambda request, deal_id, wish: service.win(
                self._store,
                request.actor,
                deal_id,
                wishes.win_of(request, wish),
                origin=request.origin,
                now=request.now,
            ),
            wishes.LOST: lambda request, deal_id, wish: service.lose(
                self._store,
                request.actor,
                deal_id,
                wishes.loss_of(request, wish),
                origin=request.origin,
                now=request.now,
            ),
            wishes.REOPEN: lambda request, deal_id, wish: service.reopen(
                self._store, request.actor, deal_id, wishes.wish_of(wish).stage, origin=request.origin, now=request.now
            ),
        }

    def _done(self, request: Request, done: Done, wish: Packed) -> Answer:
        self._touch(request, done)
        page = pages.card(self._store, request.actor, done.row.id, request.now)
        head = ui.done_head(request.words, page, done.change, wish.get("g"))
        return self._tell(request, ui.card(request.words, page, head))

    def _submitted(self, request: Request, do: Callable[[], Done], field: str) -> Answer:
        """A form that was filled in: its card is the answer; what is refused stands under a field."""
        try:
            done = do()
        except Refused as error:
            return Mend({field: request.words(error.key, **error.params)})
        self._touch(request, done)
        page = pages.card(self._store, request.actor, done.row.id, request.now)
        message = ui.card(request.words, page, ui.done_head(request.words, page, done.change, None))
        if request.metadata.get("w"):
            return Close(ui.window(request.words, message))
        return Tell(message, replace=bool(request.metadata.get("e")))

    def _card(self, request: Request, deal_id: UUID) -> Answer:
        page = pages.card(self._store, request.actor, deal_id, request.now)
        return self._put(request, ui.card(request.words, page))

    def _list(self, request: Request, person: str | None) -> Answer:
        page = pages.overview(self._store, request.actor, person, request.now)
        return self._put(request, ui.overview(request.words, page))

    def _put(self, request: Request, message: Message) -> Answer:
        """Something to look at: on Home and above it in a window, else as an answer."""
        return Open(ui.window(request.words, message)) if request.view_type else self._tell(request, message)

    def _which(self, request: Request, rows: tuple[DealRow, ...], wish: Packed) -> Answer:
        owners = service.owners(self._store, request.actor, rows)
        return self._tell(request, ask.which_deal(request.words, _typed(request), rows, owners, wish))

    def _owner(self, request: Request, row: DealRow) -> str:
        return service.owners(self._store, request.actor, [row])[row.owner_id]

    def _mine(self, request: Request, deal_id: UUID) -> DealRow:
        """A deal that the actor may change."""
        return service.find_mine(self._store, request.actor, deal_id, request.now)

    def _won_form(self, request: Request, row: DealRow, note: str | None) -> Answer:
        today = request.today.isoformat()
        return Open(deal_forms.won_form(request.words, row, today, note, self._metadata(request, row)))

    def _lost_form(self, request: Request, row: DealRow, wish: Packed) -> Answer:
        metadata = self._metadata(request, row)
        reasons = process_changes.standing(self._store, request.actor.workspace_id).reasons
        return Open(deal_forms.lost_form(request.words, row, reasons, wish.get("r"), wish.get("n"), metadata))

    def _metadata(self, request: Request, row: DealRow, **more: Any) -> str:
        where = {"url": request.payload.get("response_url"), "e": request.is_in_answer}
        return ids.pack(d=row.id.hex, **where, w=request.view_type == "modal", **more)

    def _mend(self, request: Request, problems: Mapping[str, tuple[str, dict[str, Any]]]) -> Answer:
        return Mend({field: request.words(key, **params) for field, (key, params) in problems.items()})

    def _tell(self, request: Request, message: Message) -> Answer:
        """An answer in the place of the one in which the button was pressed; a message that came by itself stays."""
        if request.view_type == "modal":
            return Show(ui.window(request.words, message))
        return Tell(message, replace=request.is_in_answer)

    def _touch(self, request: Request, done: Done | None = None) -> None:
        """Homes of everybody whose deal it was, or is, or who has a share of it."""
        people = {request.actor.id}
        if done:
            before = done.change.before if done.change else {}
            people |= {done.row.owner_id, *(done.row.shares or ()), *(before.get("shares") or ())}
            people |= {str(before["owner_id"])} if before.get("owner_id") else set()
        self._desk.touch(request.actor.workspace_id, *sorted(people), of_day=True)

    def _id(self, request: Request) -> UUID:
        return UUID(request.value["d"])

    def _form_id(self, request: Request) -> UUID:
        return UUID(request.metadata["d"])


AFTER_SALE = frozenset({wishes.RENEWED, wishes.CHURNED, wishes.UPSELL})


def _ref(row: DealRow) -> str:
    return f"account:{row.account_id}"


def _typed(request: Request) -> str:
    """The line, for an answer that stores nothing: Slack shows a typed command to nobody."""
    text = plain_text(request.text)
    return f"{ids.DEAL_COMMAND} {text}" if text else ""


def writers(desk: Desk) -> Mapping[str, Writer]:
    """Who writes each kind of message about deals when it is sent."""

    def write(parcel: Parcel, now: datetime) -> Message | None:
        found = pages.notice(desk.store, parcel, now)
        return deal_notices.notice(found.process.worded(words_for(found.language)), found) if found else None

    return dict.fromkeys(notices.KINDS, write)


def register(app: App, desk: Desk) -> dict[str, Listener]:
    """Everything of deals that Slack can send; returns the verbs that `/baton` takes."""
    listeners = Deals(desk)
    command = in_own_words(desk, listeners.command)
    app.command(ids.DEAL_COMMAND)(desk.answering(command))
    buttons: dict[str | re.Pattern[str], Listener] = {
        ids.DEAL_SHOW: listeners.show,
        ids.DEAL_LIST: listeners.mine,
        ids.DEAL_STAGE: listeners.move,
        ids.DEAL_TICK: listeners.tick,
        ids.DEAL_WON: listeners.open_won,
        ids.DEAL_LOST: listeners.open_lost,
        ids.DEAL_EDIT: listeners.open_edit,
        ids.DEAL_REOPEN: listeners.reopen,
        ids.DEAL_UNCHURN: listeners.unchurn,
        ids.each(ids.DEAL_DO): listeners.do,
        ids.each(ids.DEAL_NAMED): listeners.named,
    }
    for action, listener in buttons.items():
        app.action(action)(desk.answering(in_own_words(desk, listener)))
    submitted: dict[str, Listener] = {
        ids.DEAL_FORM: listeners.edit,
        ids.DEAL_WON_FORM: listeners.won,
        ids.DEAL_LOST_FORM: listeners.lost,
    }
    for callback, listener in submitted.items():
        app.view(callback)(desk.answering(in_own_words(desk, listener)))
    return dict.fromkeys(("deal", "deals", "сделка", "сделки"), command)
