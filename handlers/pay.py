"""Listeners of pay: what stands behind the verbs of pay of `/quota`, the buttons of statements, plans and disputes; and
the writers of what comes.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from slack_bolt import App

from bot.access.roles import Role
from bot.delivery.outcome import NotYet, Parcel
from bot.errors import Refused
from bot.pay import chasing, closing, pages, plan_lines, service
from bot.pay.line import Against, ShowPlan, ShowStatement
from bot.pay.pages import DisputePage, PlanPage, StatementPage
from bot.pay.plan import Plan
from bot.pay.service import Nonsense, PlanWish
from bot.pay.standard import standard_plans
from bot.pay.targets import of_quotas
from bot.quota.said import OF_PAY, OfPay, Verb
from bot.reading.asked import Unclear
from bot.reading.text import plain_text
from bot.transfer.statements_out import file_of
from bot.words import words_for
from handlers import ids
from handlers.answers import Answer, Close, Desk, Later, Listener, Mend, Open, Request, Show, Tell
from handlers.courier import Content, File, Reply, Writer
from handlers.gateway import Posted
from handlers.ui import pay as ui
from handlers.ui import pay_disputes as dispute_ui
from handlers.ui import pay_plans as plan_ui
from handlers.ui.blocks import Message

OfPayListener = Callable[[Request, str], Answer]
"""Takes what stands behind a verb of pay."""

MANY = 100
"""Statements whose closing is worth a word before it is done."""

MOST_SEEN = 100
"""Plans of one role, the latest, whose versions a form carries."""


class Pay:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._store = desk, desk.store

    def command(self, verb: Verb, request: Request, rest: str) -> Answer:
        """`/quota statement …`, `/quota plan …`, `/quota dispute …`."""
        understood = service.understand(self._store, request.actor, OfPay(verb, rest), request.now)
        match understood:
            case ShowStatement():
                return Tell(ui.statement(request.words, self._asked(request, understood)))
            case ShowPlan(role):
                return self._plan(request, role) if role else self._plans(request)
            case Against():
                return self._against(request, understood)
            case Unclear():
                return Tell(ui.unclear(request.words, request.text, understood))

    def show(self, request: Request) -> Answer:
        """Another period of a statement, or other lines of it."""
        page = self._meant(request, request.value)
        return self._tell(request, ui.statement(request.words, page, int(request.value["n"])))

    def send_table(self, request: Request) -> Answer:
        """`CSV`: the statement as a file."""
        page = self._meant(request, request.value)
        found = page.statement
        service.send_table(
            self._store, request.actor, page.person_id, found.period.first, found.as_of,
            origin=request.origin, now=request.now,
        )  # fmt: skip
        return Tell(ui.sent(request.words, page))

    def open_close(self, _request: Request) -> Answer:
        """`Close the period`: what it comes to. Everybody's statements may take some seconds."""
        return Later(self._preview)

    def close(self, request: Request) -> Answer:
        """It is closed; the statement shows that."""
        return Later(self._close, ui.closing_now(request.words) if request.value["c"] > MANY else None)

    def _preview(self, request: Request) -> Answer:
        day = date.fromisoformat(request.value["d"])
        found = closing.preview(self._store, request.actor, day, of_quotas, request.now)
        return Tell(ui.closing(request.words, found, _where(request.value)))

    def _close(self, request: Request) -> Answer:
        day = date.fromisoformat(request.value["d"])
        found = closing.close(self._store, request.actor, day, of_quotas, origin=request.origin, now=request.now)
        self._desk.touch(request.actor.workspace_id)
        page = self._meant(request, request.value)
        return Tell(ui.statement(request.words, page, head=ui.closed_head(request.words, found)))

    def open_dispute(self, request: Request) -> Answer:
        """`Dispute` at a line: what is wrong with it."""
        return self._dispute_form(request, request.value["l"], request.value["d"], request.value.get("t"))

    def dispute(self, request: Request) -> Answer:
        """The form, filled in: it goes to whoever answers."""
        day, line_id = date.fromisoformat(request.metadata["d"]), str(request.metadata["l"])
        text = request.texts(("text",))["text"]
        try:
            made = service.dispute(
                self._store, request.actor, day, line_id, text, of_quotas, origin=request.origin, now=request.now
            )
        except Refused as error:
            return Mend({"text": request.words(error.key, **error.params)})
        page = self._meant(request, request.metadata)
        head = dispute_ui.disputed_head(request.words, made.line.subject)
        at = next((n for n, line in enumerate(page.statement.lines) if line.id == line_id), 0) // ui.SHOWN
        return self._submitted(request, ui.statement(request.words, page, at, head))

    def agree(self, request: Request) -> Answer:
        """`Agree`: the line is wrong. Both messages show it, and the statement that it was pressed at."""
        service.answer(self._store, request.actor, self._dispute_id(request), "", agrees=True, now=request.now)
        return self._tell(request, self._answered(request, request.value)) if "d" in request.value else None

    def open_explain(self, request: Request) -> Answer:
        """`Explain`: why the line is right."""
        page = pages.dispute(self._store, request.actor, self._dispute_id(request), request.now)
        if not page.is_open:
            raise Refused("pay.answer.late", by=page.name(page.dispute.answered_by))
        metadata = self._metadata(request, q=page.dispute.id.hex, **_where(request.value))
        return Open(dispute_ui.explain_form(request.words, page, metadata))

    def explain(self, request: Request) -> Answer:
        """Why, filled in."""
        text, dispute_id = request.texts(("answer",))["answer"], UUID(request.metadata["q"])
        try:
            service.answer(self._store, request.actor, dispute_id, text, now=request.now)
        except Refused as error:
            return Mend({"answer": request.words(error.key, **error.params)})
        if "d" not in request.metadata:
            return None
        return self._submitted(request, self._answered(request, request.metadata))

    def show_plan(self, request: Request) -> Answer:
        """`Show` in the list of plans."""
        return self._plan(request, Role(request.value["r"]))

    def open_plan(self, request: Request) -> Answer:
        """`Edit`: what holds in the next period, to be something else."""
        page = pages.plan(self._store, request.actor, Role(request.value["r"]), request.now)
        return self._plan_form(request, page, page.to_change)

    def open_standard(self, request: Request) -> Answer:
        """`Start with the standard plan`: the same form with what is usual."""
        page = pages.plan(self._store, request.actor, Role(request.value["r"]), request.now)
        usual = (each for each in standard_plans(page.period.first) if each.role is page.role)
        return self._plan_form(request, page, next(usual, page.to_change))

    def change_plan(self, request: Request) -> Answer:
        """The form, filled in; every mistake stands under its field."""
        wish = _wish(request)
        try:
            service.change_plan(self._store, request.actor, wish, origin=request.origin, now=request.now)
        except Nonsense as nonsense:
            return Mend({"steps": plan_ui.wrong(request.words, nonsense.problems)})
        except Refused as error:
            field = "window" if error.key == "settings.problem.clawback" else "steps"
            return Mend({field: request.words(error.key, **error.params)})
        self._desk.touch(request.actor.workspace_id)
        page = pages.plan(self._store, request.actor, wish.role, request.now)
        head = plan_ui.saved_head(request.words, wish.role, wish.start)
        return self._submitted(request, plan_ui.plan(request.words, page, head))

    def _plan(self, request: Request, role: Role) -> Answer:
        page = pages.plan(self._store, request.actor, role, request.now)
        return self._tell(request, plan_ui.plan(request.words, page))

    def _plans(self, request: Request) -> Answer:
        page = pages.plans(self._store, request.actor, request.now)
        if len(page.plans) == 1:
            return self._plan(request, page.plans[0][0])
        return Tell(plan_ui.plans(request.words, page))

    def _plan_form(self, request: Request, page: PlanPage, shown: Plan) -> Answer:
        """Who may not change it is told so before they write anything."""
        if not page.can_change:
            raise Refused("refused.workspace", can=", ".join(page.can) or "–")
        standing = [each for each in page.versions if each.until is None][-MOST_SEEN:]
        seen = {each.plan.start.isoformat(): each.version for each in standing}
        metadata = self._metadata(request, r=page.role, s=seen)
        return Open(plan_ui.plan_form(request.words, page, page.next_start, plan_lines.write(shown), metadata))

    def _against(self, request: Request, said: Against) -> Answer:
        """A dispute by line: the form, where it is clear which line is meant."""
        page = self._asked(request, ShowStatement(day=said.day))
        if said.is_bare:
            return Tell(ui.statement(request.words, page, head=ui.choose_head(request.words, page)))
        lines = page.meant(said.number, said.name)
        if not lines:
            typed = f"{ids.QUOTA_COMMAND} {plain_text(request.text)}"
            return Tell(ui.no_line(request.words, page, typed))
        if len(lines) > 1:
            return Tell(ui.which_line(request.words, page, lines, said.text))
        return self._dispute_form(request, lines[0].id, page.statement.period.first.isoformat(), said.text)

    def _dispute_form(self, request: Request, line_id: str, day: str, text: str | None) -> Answer:
        page = self._meant(request, {"d": day})
        line = next((each for each in page.statement.lines if each.id == line_id), None)
        if line is None:
            raise Refused("pay.dispute.no_line")
        if page.is_disputed(line_id):
            raise Refused("pay.dispute.open_already")
        metadata = self._metadata(request, l=line_id, d=day)
        return Open(dispute_ui.dispute_form(request.words, page, line, text, metadata))

    def _asked(self, request: Request, said: ShowStatement) -> StatementPage:
        as_of = pages.day_end(self._store, request.actor, said.as_of) if said.as_of else None
        day = said.day or said.as_of
        return pages.statement(
            self._store, request.actor, of_quotas, request.now, person_id=said.person, day=day, as_of=as_of
        )

    def _meant(self, request: Request, value: Mapping[str, Any]) -> StatementPage:
        """The statement that a button or a form is about."""
        as_of = datetime.fromisoformat(value["a"]) if value.get("a") else None
        day = date.fromisoformat(value["d"])
        return pages.statement(
            self._store, request.actor, of_quotas, request.now, person_id=value.get("p"), day=day, as_of=as_of
        )

    def _answered(self, request: Request, value: Mapping[str, Any]) -> Message:
        """The statement at which a dispute was answered."""
        return ui.statement(request.words, self._meant(request, value), int(value["n"]))

    def _tell(self, request: Request, message: Message) -> Answer:
        """An answer in the place of the one in which the button was pressed; in a window its next page."""
        if request.is_in_window:
            return Show(ui.window(request.words, message))
        return Tell(message, replace=request.is_in_answer)

    def _submitted(self, request: Request, message: Message) -> Answer:
        """What a form came to, in the place of what it was opened from, if that was a window or an answer."""
        if request.metadata.get("w"):
            return Close(ui.window(request.words, message))
        return Tell(message, replace=bool(request.metadata.get("e")))

    def _metadata(self, request: Request, **more: Any) -> str:
        where = {"url": request.payload.get("response_url"), "e": request.is_in_answer, "w": request.is_in_window}
        return ids.pack(**where, **more)

    def _dispute_id(self, request: Request) -> UUID:
        return UUID(request.value["q"])


def _where(value: Mapping[str, Any]) -> dict[str, Any]:
    """Which statement a button means, for what comes of it."""
    return {name: value[name] for name in ("p", "d", "a", "n") if name in value}


def _wish(request: Request) -> PlanWish:
    """The form of a plan, filled in."""
    filled, role = request.texts(("start", "steps", "window")), Role(request.metadata["r"])
    seen = request.metadata["s"].get(filled["start"])
    return PlanWish(role, date.fromisoformat(filled["start"]), filled["steps"], seen, int(filled["window"]))


def writers(desk: Desk) -> Mapping[str, Writer]:
    """Who writes each kind of message about pay when it is sent."""

    def about_dispute(show: Callable[[DisputePage], Content]) -> Writer:
        def write(parcel: Parcel, now: datetime) -> Content | NotYet | None:
            page = pages.dispute_notice(desk.store, parcel, now)
            return show(page) if isinstance(page, DisputePage) else page

        return write

    def table(parcel: Parcel, now: datetime) -> Content | None:
        found = pages.table(desk.store, parcel, of_quotas, now)
        if found is None:
            return None
        page, language = found
        return File(*file_of(page), ui.table_comment(words_for(language), page))

    def answered(page: DisputePage) -> Reply:
        return Reply(dispute_ui.answered(words_for(page.language), page), Posted(*page.below) if page.below else None)

    return {
        service.DISPUTED: about_dispute(lambda page: dispute_ui.card(words_for(page.language), page)),
        chasing.REMINDED: about_dispute(lambda page: dispute_ui.reminder(words_for(page.language), page)),
        chasing.RAISED: about_dispute(lambda page: dispute_ui.raised(words_for(page.language), page)),
        service.MINE: about_dispute(lambda page: dispute_ui.mine(words_for(page.language), page)),
        service.ANSWER: about_dispute(answered),
        service.TABLE: table,
    }


def register(app: App, desk: Desk) -> dict[Verb, OfPayListener]:
    """Everything of pay that Slack can send; returns who answers each verb of pay of `/quota`."""
    listeners = Pay(desk)
    buttons: dict[str | re.Pattern[str], Listener] = {
        ids.each(ids.PAY_SHOW): listeners.show,
        ids.PAY_TABLE: listeners.send_table,
        ids.PAY_CLOSE: listeners.open_close,
        ids.PAY_CLOSE_NOW: listeners.close,
        ids.PAY_DISPUTE: listeners.open_dispute,
        ids.PAY_AGREE: listeners.agree,
        ids.PAY_EXPLAIN: listeners.open_explain,
        ids.each(ids.PAY_PLAN): listeners.show_plan,
        ids.PAY_PLAN_EDIT: listeners.open_plan,
        ids.PAY_PLAN_STANDARD: listeners.open_standard,
    }
    for action, listener in buttons.items():
        app.action(action)(desk.answering(listener))
    submitted: dict[str, Listener] = {
        ids.PAY_DISPUTE_FORM: listeners.dispute,
        ids.PAY_EXPLAIN_FORM: listeners.explain,
        ids.PAY_PLAN_FORM: listeners.change_plan,
    }
    for callback, listener in submitted.items():
        app.view(callback)(desk.answering(listener))
    return {verb: partial(listeners.command, verb) for verb in OF_PAY}
