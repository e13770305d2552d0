"""Listeners of `/quota`: where I stand, targets, what it would be if; what is about pay goes to those who know pay."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from slack_bolt import App

from bot.attainment import service, suggesting
from bot.attainment.frame import Asked
from bot.attainment.newcomers import partly
from bot.attainment.what_if import what_if
from bot.errors import Refused
from bot.quota import service as targets
from bot.quota import writing
from bot.quota.metrics import REVENUE, Metric, by_code
from bot.quota.queries import Subject
from bot.quota.said import Figures, Form, Help, OfPay, QuotaLine, Set, Suggest, Verb, WhatIf, WhichPeriod, Whom
from bot.quota.said import Show as Shown
from bot.quota.service import Wanted
from bot.quota.whose import Whose
from bot.reading.asked import Unclear
from bot.reading.text import plain_text
from handlers import ids
from handlers.answers import Answer, Desk, Listener, Mend, Open, Request, Show, Tell
from handlers.ui import help as help_ui
from handlers.ui import quota as ui
from handlers.ui import quota_forms as forms
from handlers.ui import quota_groups as groups_ui
from handlers.ui import quota_said as said_ui
from handlers.ui.blocks import Message

OfOthers = Mapping[Verb, Callable[[Request, str], Answer]]
"""Who takes a verb that is not about targets, with the rest of the line."""

FIELD_OF = {"amount": "amount", "currency": "amount", "negative": "amount", "too": "amount", "not": "amount"} | {
    "period": "period",
    "group": "group",
    "two": "group",
}
"""Under which field a problem is shown, by the first word of its code."""


class Quota:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk, others: OfOthers, figures: Callable[[Request, Figures], Answer]) -> None:
        self._desk, self._store, self._others, self._figures = desk, desk.store, others, figures

    def command(self, request: Request) -> Answer:
        """`/quota …`."""
        said = self._understand(request, request.text)
        match said:
            case Help():
                answer: Answer = Tell(help_ui.quota_help(request.words))
            case Unclear():
                answer = Tell(said_ui.unclear(request.words, request.text, said, request.today))
            case Shown():
                answer = self._show(request, said)
            case OfPay(verb, rest):
                answer = self._others[verb](request, rest)
            case WhatIf(metric, more):
                answer = self._what_if_form(request, metric) if more is None else self._what_if(request, metric, more)
            case Suggest(whom, metric, period):
                answer = self._proposed(request, whom, Asked(metric, period))
            case Figures():
                answer = self._figures(request, said)
            case _:
                answer = self._setting(request, said)
        return answer

    def _setting(self, request: Request, said: Set | Form | WhichPeriod) -> Answer:
        match said:
            case Set(whom, metric, period, value, grouped):
                wanted = Wanted(_subject(whom, request), metric, period, value, whom.name)
                return self._set(request, wanted, grouped)
            case WhichPeriod(whom, metric, value, text, periods):
                wish = _wish(whom, metric, value, request)
                return Tell(said_ui.which_period(request.words, _typed(request), text, periods, wish))
            case Form():
                return self._set_form(request, said)

    def open(self, request: Request) -> Answer:
        """`Where I stand`, or `My team`, on Home: the page in a window."""
        message = self._group(request, None, Asked()) if request.value.get("t") else self._page(request, None, Asked())
        return Open(ui.window(request.words, message))

    def person(self, request: Request) -> Answer:
        """`Open` beside a person: their page."""
        return self._tell(
            request, self._page(request, request.value.get("p"), self._asked_again(request, request.value))
        )

    def group(self, request: Request) -> Answer:
        """A team or territory that was chosen."""
        value = request.value
        asked = self._asked_again(request, value)
        if value.get("m"):
            asked = replace(asked, metric=by_code(value["m"]))
        return self._tell(request, self._group(request, _group_of(value), asked))

    def part(self, request: Request) -> Answer:
        """Another metric or period of a group, chosen from the menu."""
        return self._tell(request, self._page_of_group(request, chosen_part(request.payload["actions"][0])))

    def page(self, request: Request) -> Answer:
        """Further people of a group."""
        return self._tell(request, self._page_of_group(request, request.value))

    def counted(self, request: Request) -> Answer:
        """`How it is counted`."""
        asked = self._asked_again(request, request.value)
        page = service.person(self._store, request.actor, request.value.get("p"), asked, request.now)
        return Open(ui.counted(request.words, page))

    def open_what_if(self, request: Request) -> Answer:
        """`What if…`: how much more."""
        return self._what_if_form(request, REVENUE)

    def what_if(self, request: Request) -> Answer:
        """The form of it, filled in: read as a line would be."""
        filled = request.texts(forms.WHAT_IF_FIELDS)
        said = self._understand(request, f"{Verb.WHAT_IF} {filled['metric']} {filled['amount']}")
        if isinstance(said, Unclear):
            return self._mend(request, said)
        if not isinstance(said, WhatIf) or said.more is None:
            return Mend({"amount": request.words("quota.ask.amount_unread", text=filled["amount"])})
        return self._what_if(request, said.metric, said.more)

    def open_set(self, request: Request) -> Answer:
        """`Set a target`: the form, for whom it stood beside."""
        value = request.value
        whom = Whom(Whose(value["w"]), name=value["n"]) if value.get("w") else Whom(person=value.get("p"))
        return self._set_form(request, Form(whom))

    def set(self, request: Request) -> Answer:
        """The form of a target, filled in: read as a line would be."""
        filled = request.texts(forms.SET_FIELDS)
        if bool(filled["person"]) == bool(filled["group"]):
            return Mend({"person": request.words("quota.form.one_of_both")})
        who = f"<@{filled['person']}>" if filled["person"] else filled["group"]
        line = f"{Verb.SET} {who} {filled['metric']} {filled['amount']} {filled['period']}"
        said = self._understand(request, line)
        if isinstance(said, Unclear):
            return self._mend(request, said)
        if not isinstance(said, Set):
            return Mend({"amount": request.words("quota.ask.amount_unread", text=filled["amount"])})
        try:
            return self._setting(request, said)
        except Refused as error:
            field = "person" if filled["person"] else "group"
            return Mend({field: request.words(error.key, **error.params)})

    def put(self, request: Request) -> Answer:
        """A period that was chosen for a target; or a proposed target, whose list stays for more of them."""
        value = request.value
        subject = Subject(Whose(value["w"]), value["s"])
        period = targets.named_period(self._store, request.actor, value["d"])
        if period is None:
            raise Refused("quota.refused.period", text=value["d"])
        wanted = Wanted(subject, by_code(value["m"]), period, value["a"], value["n"])
        done = self._set(request, wanted, None, is_part=bool(value.get("x")))
        return self._tell(request, done.message) if not value.get("k") else done

    def suggest(self, request: Request) -> Answer:
        """`Suggest`: targets proposed from the past."""
        person_id = request.value.get("p")
        return self._proposed(request, Whom(person=person_id), Asked())

    def _understand(self, request: Request, text: str) -> QuotaLine:
        of_pay = frozenset(self._others)
        return targets.understand(self._store, request.actor, text, request.now, of_pay)

    def _show(self, request: Request, said: Shown) -> Answer:
        asked, whom = Asked(said.metric, said.period, said.as_of), said.whom
        if whom.whose is Whose.PERSON:
            return Tell(self._page(request, whom.person, asked))
        if whom.name is None:
            return Tell(self._own_group(request, whom.whose, asked))
        return Tell(self._group(request, Subject.named(whom.whose, whom.name), asked))

    def _page(self, request: Request, person_id: str | None, asked: Asked) -> Message:
        return ui.person(request.words, service.person(self._store, request.actor, person_id, asked, request.now))

    def _own_group(self, request: Request, whose: Whose, asked: Asked) -> Message:
        """Those who report to the reader; who has none chooses among the teams that they may see."""
        page = service.group(self._store, request.actor, None, asked, request.now)
        if page.rows:
            return groups_ui.group(request.words, page)
        names = service.groups_of(self._store, request.actor, whose, request.now)
        if not names:
            raise Refused("quota.refused.no_reports")
        return groups_ui.which_group(request.words, whose, names, asked)

    def _group(
        self,
        request: Request,
        subject: Subject | None,
        asked: Asked,
        shown: tuple[str, str] | None = None,
        offset: int = 0,
    ) -> Message:
        page = service.group(self._store, request.actor, subject, asked, request.now, shown)
        return groups_ui.group(request.words, page, offset)

    def _page_of_group(self, request: Request, value: Mapping[str, Any]) -> Message:
        shown = (value["m"], value["p"]) if value.get("m") else None
        asked = self._asked_again(request, value)
        return self._group(request, _group_of(value), asked, shown, int(value.get("o") or 0))

    def _asked_again(self, request: Request, value: Mapping[str, Any]) -> Asked:
        """What a page was asked for when its buttons were made."""
        as_of = date.fromisoformat(value["a"]) if value.get("a") else None
        period = targets.named_period(self._store, request.actor, value["d"]) if value.get("d") else None
        return Asked(period=period, as_of=as_of)

    def _set(self, request: Request, wanted: Wanted, grouped: str | None, *, is_part: bool = False) -> Tell:
        done = targets.set_target(self._store, request.actor, wanted, origin=request.origin, now=request.now)
        if wanted.subject.whose is Whose.PERSON:
            self._desk.touch(request.actor.workspace_id, wanted.subject.key, of_day=True)
        currency = service.currency(self._store, request.actor)
        part = None if is_part else partly(self._store, request.actor, done.target, request.now)
        return Tell(said_ui.done(request.words, done, currency, request.today, grouped, part))

    def _set_form(self, request: Request, said: Form) -> Answer:
        metadata = ids.pack(url=request.payload.get("response_url"))
        currency = service.currency(self._store, request.actor)
        language = request.actor.language
        amount = said.typed
        if said.metric and said.value is not None:
            amount = writing.amount_said(said.metric, said.value, currency, language)
        group = writing.whom_said(said.whom, language) if said.whom.name else None
        offered = targets.offered(self._store, request.actor, request.now)
        return Open(
            forms.set_form(
                request.words,
                targets.metrics_of(self._store, request.actor),
                offered,
                metadata,
                person=said.whom.person,
                group=group,
                metric=said.metric,
                amount=amount,
                period=said.period,
            )
        )

    def _what_if_form(self, request: Request, metric: Metric) -> Answer:
        metadata = ids.pack(url=request.payload.get("response_url"))
        metrics = targets.metrics_of(self._store, request.actor)
        return Open(forms.what_if_form(request.words, metrics, metric, metadata))

    def _what_if(self, request: Request, metric: Metric, more: int) -> Answer:
        return Tell(said_ui.what_if(request.words, what_if(self._store, request.actor, metric, more, request.now)))

    def _proposed(self, request: Request, whom: Whom, asked: Asked) -> Answer:
        found = suggesting.proposed(
            self._store,
            request.actor,
            whom.person,
            asked.metric,
            asked.period,
            request.now,
            group=whom.whose if whom.whose is not Whose.PERSON else None,
            name=whom.name,
        )
        return self._tell(request, said_ui.proposals(request.words, found))

    def _mend(self, request: Request, asked: Unclear) -> Answer:
        field = FIELD_OF.get(asked.problem.code.partition("_")[0], "amount")
        params = {
            name: request.words.day(value, request.today) if isinstance(value, date) else value
            for name, value in asked.problem.params.items()
        }
        return Mend({field: request.words(f"quota.ask.{asked.problem.code}", **params)})

    def _tell(self, request: Request, message: Message) -> Tell | Show:
        """An answer in the place of the one in which the button was pressed; in a window its next page."""
        if request.is_in_window:
            return Show(ui.window(request.words, message))
        return Tell(message, replace=request.is_in_answer)


def _subject(whom: Whom, request: Request) -> Subject:
    return whom.subject or Subject.person(request.actor.id)


def _wish(whom: Whom, metric: Metric, value: int | None, request: Request) -> dict[str, object]:
    """A target without its period, as the buttons of the question carry it."""
    subject = _subject(whom, request)
    return {"w": subject.whose.value, "s": subject.key, "n": whom.name, "m": metric.code, "a": value}


def _group_of(value: Mapping[str, Any]) -> Subject | None:
    return Subject.named(Whose(value["w"]), value["n"]) if value.get("w") else None


def chosen_part(action: Mapping[str, Any]) -> dict[str, Any]:
    """What was chosen in the menu of a group's page: the part, and which group's, as its block says."""
    return {**ids.unpack(action["block_id"]), **ids.unpack(action["selected_option"]["value"])}


def _typed(request: Request) -> str:
    """The line, for an answer that stores nothing: Slack shows a typed command to nobody."""
    text = plain_text(request.text)
    return f"{ids.QUOTA_COMMAND} {text}" if text else ""


def register(
    app: App, desk: Desk, others: OfOthers, figures: Callable[[Request, Figures], Answer]
) -> dict[str, Listener]:
    """Everything of `/quota` that Slack can send; returns the verbs that `/baton` takes."""
    listeners = Quota(desk, others, figures)
    app.command(ids.QUOTA_COMMAND)(desk.answering(listeners.command))
    buttons: dict[str | re.Pattern[str], Listener] = {
        ids.QUOTA_OPEN: listeners.open,
        ids.QUOTA_COUNTED: listeners.counted,
        ids.QUOTA_WHAT_IF: listeners.open_what_if,
        ids.QUOTA_SET: listeners.open_set,
        ids.QUOTA_SUGGEST: listeners.suggest,
        ids.QUOTA_PERSON: listeners.person,
        ids.QUOTA_PART: listeners.part,
        ids.each(ids.QUOTA_PUT): listeners.put,
        ids.each(ids.QUOTA_GROUP): listeners.group,
        ids.each(ids.QUOTA_PAGE): listeners.page,
    }
    for action, listener in buttons.items():
        app.action(action)(desk.answering(listener))
    submitted: dict[str, Listener] = {ids.QUOTA_SET_FORM: listeners.set, ids.QUOTA_WHAT_IF_FORM: listeners.what_if}
    for callback, listener in submitted.items():
        app.view(callback)(desk.answering(listener))
    return dict.fromkeys(("quota", "quotas", "квота", "план"), listeners.command)
