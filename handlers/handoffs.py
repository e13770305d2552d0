"""Listeners of hand-offs: `/handoff`, the buttons of its cards, its forms; and the writers of what is said of them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from uuid import UUID

from slack_bolt import App

from bot.clock import instant
from bot.delivery.outcome import Parcel
from bot.errors import Refused
from bot.handoffs import changes, glances, pages, service
from bot.handoffs.giving import Giving, close_to, give, prepared, understand, understand_stuck, with_ref
from bot.handoffs.pages import Page
from bot.handoffs.rules import Answer, answer_of
from bot.handoffs.said import Give, Help, List, Nothing, Withdraw
from bot.handoffs.states import Kind
from bot.reading.asked import Unclear
from bot.words import words_for
from bot.workspace import service as workspace
from handlers import ids
from handlers.answers import Answer as Reply
from handlers.answers import Desk, Listener, Mend, Open, Request, Tell
from handlers.courier import Writer
from handlers.ui import handoff_forms as forms
from handlers.ui import handoffs as ui
from handlers.ui import help as help_ui
from handlers.ui.blocks import Message
from handlers.ui.checklist import ANSWER

KIND_OF_ROLE = {"AE": Kind.SALE, "SPECIALIST": Kind.HELP, "CSM": Kind.CARE}


class Handoffs:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._store = desk, desk.store

    def command(self, request: Request) -> Reply:
        """`/handoff …`."""
        said = understand(self._store, request.actor, request.text)
        match said:
            case Nothing():
                return self._form(request, None)
            case Help():
                return Tell(help_ui.handoff_help(request.words))
            case List():
                return self._list(request)
            case Withdraw(name, ref):
                row = service.found(self._store, request.actor, name, ref)
                return self._withdrawn(request, row.id)
            case Give():
                return self._give(request, said)
            case Unclear():
                return Tell(ui.unclear(request.words, request.text, said))

    def stuck(self, request: Request) -> Reply:
        """`/team stuck …`: whoever takes such things over is asked."""
        said = understand_stuck(self._store, request.actor, request.text)
        if isinstance(said, Unclear):
            return Tell(ui.unclear(request.words, request.text, said, ids.TEAM_COMMAND))
        giving = Giving(said.name, said.ref, kind=Kind.STUCK, note=said.what)
        return self._unless_misspelt(request, giving)

    def submit(self, request: Request) -> Reply:
        """The form, filled in."""
        filled = request.texts(("company", "to", "kind", "note", "meeting_day", "meeting_at"))
        giving = Giving(
            filled["company"],
            to=filled["to"] or None,
            kind=Kind(filled["kind"] or Kind.SALE),
            answers=_answers(request),
            note=filled["note"] or None,
            meeting_at=_meeting(request, filled["meeting_day"], filled["meeting_at"]),
        )
        try:
            given = self._given(request, with_ref(self._store, request.actor, giving))
            return Tell(given, replace=True) if request.metadata.get("url") else None  # their one message tells them
        except Refused as error:
            field = "to" if error.key in ABOUT_THE_TAKER else "company"
            return Mend({field: request.words(error.key, **error.params)})

    def open_form(self, request: Request) -> Reply:
        """`Hand off` on a lead's card: the form with what is known of the company."""
        value = request.value
        return self._form(request, prepared(self._store, request.actor, Giving(value["c"], f"account:{value['r']}")))

    def take_name(self, request: Request) -> Reply:
        """The name that was meant, of several that are written alike."""
        value = request.value
        giving = Giving(value["c"], value["r"] or None, value["to"], Kind(value["k"]), note=value["n"] or None)
        return Tell(self._given(request, giving), replace=True)

    def accept(self, request: Request) -> Reply:
        """`Accept`: the card shows the rest."""
        row = service.accept(self._store, request.actor, self._id(request), request.now)
        self._touch(request, row.id)
        return None

    def open_decline(self, request: Request) -> Reply:
        """`Decline`: asks why."""
        return self._open(
            request, lambda page, meta: forms.decline_form(request.words, page.row.company, page.row.kind, meta)
        )

    def decline(self, request: Request) -> Reply:
        """The reason."""
        return self._with_reason(request, service.decline)

    def open_reassign(self, request: Request) -> Reply:
        """`Reassign`: asks to whom."""
        return self._open(request, lambda page, meta: forms.reassign_form(request.words, page.row.company, meta))

    def reassign(self, request: Request) -> Reply:
        """To whom, or to whoever is next."""
        filled = request.texts(("to", "note"))
        return self._judged(
            request,
            lambda: service.reassign(
                self._store,
                request.actor,
                self._form_id(request),
                filled["to"] or None,
                filled["note"] or None,
                request.now,
            ),
            field="to",
        )

    def open_qualified(self, request: Request) -> Reply:
        """`Qualified`: the checklist, as far as it is known."""
        return self._open(
            request,
            lambda page, meta: forms.qualified_form(
                request.words, page.row.company, page.row.questions, page.row.answers, meta
            ),
        )

    def qualified(self, request: Request) -> Reply:
        """The checklist, filled in: the giver is credited."""
        note = request.texts(("note",))["note"] or None
        return self._judged(
            request,
            lambda: service.requalify(
                self._store, request.actor, self._form_id(request), _answers(request), note, request.now
            ),
            field="note",
        )

    def open_reject(self, request: Request) -> Reply:
        """`Not qualified`: asks why."""
        return self._open(request, lambda page, meta: forms.reject_form(request.words, page.row.company, meta))

    def reject(self, request: Request) -> Reply:
        """The reason, which goes back to the giver."""
        return self._with_reason(request, service.reject)

    def withdraw(self, request: Request) -> Reply:
        """`Withdraw` under the giver's message, which shows the rest."""
        row = service.withdraw(self._store, request.actor, self._id(request), request.now)
        self._touch(request, row.id)
        return None

    def why(self, request: Request) -> Reply:
        """`/lead why …`: every candidate, and why not."""
        row = service.named(self._store, request.actor, request.text)
        page = pages.page_for(self._store, request.actor, row.id, request.now)
        assert page is not None
        return Tell(ui.why(request.words, page))

    def _give(self, request: Request, said: Give) -> Reply:
        kind = KIND_OF_ROLE[said.role] if said.role else Kind.SALE
        giving = Giving(said.name, said.ref, said.to, kind, note=said.note)
        try:
            return self._unless_misspelt(request, giving)
        except Refused as error:
            if error.key == "handoffs.answers_missing":
                return self._form(request, prepared(self._store, request.actor, giving))
            raise

    def _unless_misspelt(self, request: Request, giving: Giving) -> Reply:
        near = () if giving.ref else close_to(self._store, request.actor, giving.company)
        if near:
            return Tell(ui.close_spelling(request.words, giving, near))
        return Tell(self._given(request, giving))

    def _given(self, request: Request, giving: Giving) -> Message:
        row = give(self._store, request.actor, giving, origin=request.origin, now=request.now)
        self._touch(request, row.id)
        page = pages.page_for(self._store, request.actor, row.id, request.now)
        assert page is not None
        return ui.given(request.words, page)

    def _form(self, request: Request, giving: Giving | None) -> Reply:
        settings = workspace.settings(self._store, request.actor.workspace_id)
        is_card = "actions" in request.payload and not request.is_in_answer
        metadata = ids.pack(url=None if is_card else request.payload.get("response_url"))
        return Open(
            forms.give_form(
                request.words, giving, settings.asked, settings.required_answers, request.actor.zone, metadata
            )
        )

    def _list(self, request: Request) -> Reply:
        return Tell(ui.overview(request.words, pages.lists(self._store, request.actor, request.now)))

    def _withdrawn(self, request: Request, handoff_id: UUID) -> Reply:
        service.withdraw(self._store, request.actor, handoff_id, request.now)
        self._touch(request, handoff_id)
        page = pages.page_for(self._store, request.actor, handoff_id, request.now)
        assert page is not None
        return Tell(ui.done(request.words, page))

    def _open(self, request: Request, form: Callable[[Page, str], dict[str, object]]) -> Reply:
        page = pages.page_for(self._store, request.actor, self._id(request), request.now)
        if page is None:
            raise Refused("handoffs.gone")
        service.check_taker(self._store, request.actor, page.row)
        return Open(form(page, ids.pack(h=page.row.id.hex, url=request.payload.get("response_url"))))

    def _with_reason(self, request: Request, do: Callable[..., object]) -> Reply:
        filled = request.texts(("reason", "note"))
        reason, note = filled["reason"], filled["note"] or None
        return self._judged(
            request, lambda: do(self._store, request.actor, self._form_id(request), reason, note, request.now)
        )

    def _judged(self, request: Request, do: Callable[[], object], field: str = "note") -> Reply:
        try:
            do()
        except Refused as error:
            return Mend({field: request.words(error.key, **error.params)})
        self._touch(request, self._form_id(request))
        return None

    def _touch(self, request: Request, handoff_id: UUID) -> None:
        """Let the Homes of those who see this hand-off show how it stands."""
        here = request.actor.workspace_id
        self._desk.touch(here, *glances.concerned(self._store, here, handoff_id, request.now), of_day=True)

    def _id(self, request: Request) -> UUID:
        return UUID(request.value["h"])

    def _form_id(self, request: Request) -> UUID:
        return UUID(request.metadata["h"])


ABOUT_THE_TAKER = frozenset(f"handoffs.{code}" for code in ("to_yourself", "cannot_take", "without_role", "taker_away"))


def _answers(request: Request) -> dict[str, Answer]:
    filled = {name: str(text) for name, text in request.filled.items() if name.startswith(ANSWER)}
    return {name.removeprefix(ANSWER): answer_of(text) for name, text in filled.items() if text.strip()}


def _meeting(request: Request, day: str, at: str) -> datetime | None:
    """On the giver's own wall; a day without an hour is none that could be kept."""
    if not day or not at:
        return None
    return instant(date.fromisoformat(day), time.fromisoformat(at), request.actor.zone)


def writers(desk: Desk) -> Mapping[str, Writer]:
    """Who writes each kind of message about hand-offs when it is sent."""

    def writer(show: Callable[..., Message]) -> Writer:
        def write(parcel: Parcel, now: datetime) -> Message | None:
            page = pages.page(desk.store, parcel, now)
            return show(words_for(page.language), page) if page else None

        return write

    return {
        changes.CARD: writer(ui.card),
        changes.GIVER: writer(ui.giver),
        changes.RECORD: writer(ui.record),
        changes.REMIND: writer(ui.reminder),
        changes.BREACH: writer(ui.breach),
        changes.NOBODY: writer(ui.nobody),
        changes.UNTOUCHED: writer(ui.untouched),
        changes.IDLE: writer(ui.idle),
    }


def register(app: App, desk: Desk) -> dict[str, Listener]:
    """Everything of hand-offs that Slack can send; returns the verbs that `/baton` takes."""
    listeners = Handoffs(desk)
    app.command(ids.HANDOFF_COMMAND)(desk.answering(listeners.command))
    buttons: dict[str, Listener] = {
        ids.HANDOFF_GIVE: listeners.open_form,
        ids.HANDOFF_ACCEPT: listeners.accept,
        ids.HANDOFF_DECLINE: listeners.open_decline,
        ids.HANDOFF_REASSIGN: listeners.open_reassign,
        ids.HANDOFF_QUALIFIED: listeners.open_qualified,
        ids.HANDOFF_REJECT: listeners.open_reject,
        ids.HANDOFF_WITHDRAW: listeners.withdraw,
    }
    for action, listener in buttons.items():
        app.action(action)(desk.answering(listener))
    app.action(ids.each(ids.HANDOFF_NAMED))(desk.answering(listeners.take_name))
    submitted: dict[str, Listener] = {
        ids.HANDOFF_FORM: listeners.submit,
        ids.HANDOFF_DECLINE_FORM: listeners.decline,
        ids.HANDOFF_REASSIGN_FORM: listeners.reassign,
        ids.HANDOFF_QUALIFIED_FORM: listeners.qualified,
        ids.HANDOFF_REJECT_FORM: listeners.reject,
    }
    for callback, listener in submitted.items():
        app.view(callback)(desk.answering(listener))
    verbs: dict[str, Listener] = dict.fromkeys(("handoff", "handoffs", "передать", "передача"), listeners.command)
    return {**verbs, "why": listeners.why, "stuck": listeners.stuck}
