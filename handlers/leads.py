"""Listeners of leads: `/lead`, the buttons of its cards, its form, `Turn into lead`; and the writers of what comes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from slack_bolt import App

from bot.activity.entry import Entry, Kind, Who
from bot.delivery.outcome import Parcel
from bot.errors import Refused
from bot.handoffs import pages as handoffs
from bot.leads import form, notices, pages, service
from bot.leads.changes import NewLead
from bot.leads.pages import Card
from bot.leads.queries import LeadRow
from bot.leads.said import (
    AddPoints,
    Claim,
    Help,
    LeadLine,
    Merge,
    New,
    Nothing,
    Nurture,
    Queue,
    Release,
    ScoringRules,
    Show,
    Sources,
    Why,
)
from bot.leads.service import OVER, Meant
from bot.leads.vocabulary import Source
from bot.reading.asked import Unclear
from bot.reading.text import plain_text
from bot.words import words_for
from handlers import ids
from handlers.answers import Answer, Desk, Listener, Mend, Open, Request, Tell
from handlers.answers import Show as Instead
from handlers.courier import Writer
from handlers.ui import activity_form, checklist, lead_card, lead_form
from handlers.ui import help as help_ui
from handlers.ui import leads as ui
from handlers.ui.blocks import Message, Mrkdwn, md

LONGEST_SAID = 3000
"""Characters of what they said that a form takes."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to do with a lead that they named; `more` is what else it takes, as plain JSON."""

    verb: str
    name: str
    ref: str | None
    more: dict[str, Any]


class Leads:
    """The listeners; each says who, what, one use case, one view.

    Args:
        desk: takes payloads to their listeners.
        others: what other nouns answer: `why` a lead went where it went (behind the name of its company), the `rules`
            of the score, what became of leads by `sources`.
    """

    def __init__(self, desk: Desk, others: Mapping[str, Listener]) -> None:
        self._desk, self._store, self._others = desk, desk.store, others

    def command(self, request: Request) -> Answer:
        """`/lead …`."""
        said = service.understand(self._store, request.actor, request.text, request.now)
        match said:
            case Nothing():
                answer = self._form(request, NewLead(""))
            case Help():
                answer = Tell(help_ui.lead_help(request.words))
            case Queue():
                answer = self._queue(request)
            case Sources():
                answer = self._others["sources"](request)
            case ScoringRules():
                answer = self._others["rules"](request)
            case New():
                answer = self._new(request, _lead_of(said))
            case Why():
                answer = self._others["why"](replace(request, payload={**request.payload, "text": said.name}))
            case Unclear():
                answer = Tell(ui.unclear(request.words, request.text, said, request.today))
            case _:
                answer = self._wish(request, _wish_of(said))
        return answer

    def do(self, request: Request) -> Answer:
        """A button that does something with a lead: under a question, or on a card."""
        value = request.value
        more = {name: each for name, each in value.items() if name not in {"a", "l", "v"}}
        return self._do(request, str(value["a"]), UUID(value["l"]), more, replace_it=True)

    def claim(self, request: Request) -> Answer:
        """`Claim`: on a card that came by itself the card shows the rest; elsewhere the lead's card is the answer."""
        lead_id = UUID(request.value["l"])
        row = service.claim(self._store, request.actor, lead_id, origin=request.origin, now=request.now)
        self._touch(request)
        if not request.is_in_answer:
            return None
        return self._card(request, row.id, "leads.done.claim", replace_it=True)

    def page(self, request: Request) -> Answer:
        """Another page of the queue."""
        return self._queue(request, int(request.value["q"]), replace_it=True)

    def open_form(self, request: Request) -> Answer:
        """The form, perhaps with the company."""
        return self._form(request, NewLead(str(request.value.get("c") or "")))

    def log(self, request: Request) -> Answer:
        """`Log a call`: the form of an activity with the lead's company, or the person there."""
        row = service.find(self._store, request.actor, UUID(request.value["l"]))
        who = Who(row.company, f"account:{row.account_id}")
        entry = Entry(Kind.CALL, request.today, who=who)
        metadata = ids.pack(url=request.payload.get("response_url"))
        return Open(activity_form.log_form(request.words, entry, metadata=metadata))

    def from_message(self, request: Request) -> Answer:
        """`Turn into lead`: the form with what the message says."""
        text = plain_text(request.payload["message"].get("text") or "")
        return self._form(request, service.from_text(self._store, request.actor, text[:LONGEST_SAID]))

    def submit(self, request: Request) -> Answer:
        """The form, filled in."""
        read = form.read(request.texts(form.FIELDS))
        if not isinstance(read, NewLead):
            return Mend({field: request.words(each.key, limit=each.limit) for field, each in read.items()})
        try:
            made = service.new(self._store, request.actor, read, origin=request.origin, now=request.now)
        except Refused as error:
            return Mend({"company": request.words(error.key, **error.params)})
        if made.is_new:
            self._touch(request)
            return Tell(ui.made(request.words, self._read(request, made.row.id)))
        found = lead_card.card(request.words, self._read(request, made.row.id))
        fields = {name: text for name, text in request.texts(form.FIELDS).items() if text and name != "said"}
        metadata = ids.pack(l=made.row.id.hex, n=fields, url=request.metadata.get("url"))
        return Instead(lead_form.known_form(request.words, found.blocks, read.said, metadata))

    def submit_known(self, request: Request) -> Answer:
        """`Add to it` in that form."""
        where = request.metadata
        fields = {**where["n"], "said": request.texts(("said",))["said"]}
        read = form.read({name: str(text) for name, text in fields.items()})
        if not isinstance(read, NewLead):
            return Mend({"said": request.words("leads.gone")})
        return self._add(request, UUID(where["l"]), read)

    def add(self, request: Request) -> Answer:
        """`Add to it` under a line."""
        return self._add(request, UUID(request.value["l"]), NewLead(**request.value["n"]))

    def anyway(self, request: Request) -> Answer:
        """`New lead` all the same, of a company that was decided about before."""
        lead = NewLead(**request.value["n"])
        made = service.new(self._store, request.actor, lead, origin=request.origin, now=request.now, anyway=True)
        self._touch(request)
        return Tell(ui.made(request.words, self._read(request, made.row.id)), replace=True)

    def _add(self, request: Request, lead_id: UUID, lead: NewLead) -> Answer:
        row = service.add_to(self._store, request.actor, lead_id, lead, origin=request.origin, now=request.now)
        return self._card(request, row.id, "leads.done.add", replace_it=True)

    def _new(self, request: Request, lead: NewLead) -> Answer:
        made = service.new(self._store, request.actor, lead, origin=request.origin, now=request.now)
        page = self._read(request, made.row.id)
        if made.is_new:
            self._touch(request)
            return Tell(ui.made(request.words, page))
        is_over = made.row.state in OVER
        return Tell(ui.known(request.words, page, lead, _typed(request), may_be_new=is_over))

    def _queue(self, request: Request, number: int = 0, *, replace_it: bool = False) -> Answer:
        found = pages.queue(self._store, request.actor, request.now, number)
        return Tell(ui.queue(request.words, found), replace=replace_it)

    def _wish(self, request: Request, wish: Wish, *, replace_it: bool = False) -> Answer:
        meant = service.meant(self._store, request.actor, wish.name, wish.ref)
        if meant.lead is None:
            return self._ask(request, wish.verb, meant, wish.more, replace_it=replace_it)
        return self._do(request, wish.verb, meant.lead.id, wish.more, replace_it=replace_it)

    def _ask(
        self, request: Request, verb: str, meant: Meant, more: dict[str, Any], *, replace_it: bool = False
    ) -> Answer:
        typed = _typed(request)
        return Tell(ui.not_found(request.words, meant, verb, typed, more), replace=replace_it)

    def _do(
        self, request: Request, verb: str, lead_id: UUID, more: dict[str, Any], *, replace_it: bool = False
    ) -> Answer:
        """Do what was wished; the lead's card is the answer."""
        if verb == "show":
            return self._card(request, lead_id, None, replace_it=replace_it)
        if verb == "merge" and "into" not in more:
            return self._merge_into(request, lead_id, more, replace_it=replace_it)
        row = self._changes()[verb](request, lead_id, more)
        self._touch(request)
        if replace_it and not request.is_in_answer:
            return None  # a message that came by itself shows it where it stands
        return self._card(request, row.id, f"leads.done.{verb}", replace_it=replace_it)

    def _merge_into(self, request: Request, lead_id: UUID, more: dict[str, Any], *, replace_it: bool) -> Answer:
        """Who the other one is: asked about like the first."""
        if "first" in more:  # a button that names the second
            return self._do(request, "merge", UUID(more["first"]), {"into": lead_id.hex}, replace_it=replace_it)
        meant = service.meant(self._store, request.actor, more["i"], more.get("ir"))
        if meant.lead is None:
            return self._ask(request, "merge", meant, {"first": lead_id.hex}, replace_it=replace_it)
        return self._do(request, "merge", lead_id, {"into": meant.lead.id.hex}, replace_it=replace_it)

    def _changes(self) -> Mapping[str, Callable[[Request, UUID, dict[str, Any]], LeadRow]]:
        return {
            "claim": lambda request, lead_id, _: service.claim(
                self._store, request.actor, lead_id, origin=request.origin, now=request.now
            ),
            "release": lambda request, lead_id, _: service.release(
                self._store, request.actor, lead_id, origin=request.origin, now=request.now
            ),
            "score": lambda request, lead_id, more: service.add_points(
                self._store,
                request.actor,
                lead_id,
                int(more["p"]),
                str(more["y"]),
                origin=request.origin,
                now=request.now,
            ),
            "nurture": lambda request, lead_id, more: service.nurture(
                self._store,
                request.actor,
                lead_id,
                date.fromisoformat(more["u"]),
                more.get("n"),
                origin=request.origin,
                now=request.now,
            ),
            "merge": lambda request, lead_id, more: service.merge(
                self._store, request.actor, lead_id, UUID(more["into"]), origin=request.origin, now=request.now
            ),
        }

    def _card(self, request: Request, lead_id: UUID, key: str | None, *, replace_it: bool = False) -> Answer:
        page = self._read(request, lead_id)
        head: Mrkdwn | None = md(request.words, key, company=page.row.company) if key else None
        handed = handoffs.newest(self._store, request.actor, page.row.account_id, lead_id)
        below = checklist.answers(request.words, handed) if handed else []
        return Tell(lead_card.card(request.words, page, head=head, below=below), replace=replace_it)

    def _read(self, request: Request, lead_id: UUID) -> Card:
        page = pages.card(self._store, request.actor, lead_id, request.now)
        if page is None:
            raise Refused("leads.gone")
        return page

    def _form(self, request: Request, lead: NewLead) -> Answer:
        metadata = ids.pack(url=request.payload.get("response_url"))
        return Open(lead_form.new_form(request.words, lead, metadata))

    def _touch(self, request: Request) -> None:
        self._desk.touch(request.actor.workspace_id, request.actor.id, of_day=True)


def _lead_of(said: New) -> NewLead:
    return NewLead(
        said.company,
        person=said.person,
        email=said.email,
        phone=said.phone,
        source=said.source or Source.UNKNOWN,
        title=said.title,
        employees=said.employees,
        country=said.country,
        said=said.note,
        owner_id=said.owner,
    )


def _wish_of(said: LeadLine) -> Wish:
    match said:
        case Show(name, ref):
            return Wish("show", name, ref, {})
        case Claim(name, ref):
            return Wish("claim", name, ref, {})
        case Release(name, ref):
            return Wish("release", name, ref, {})
        case AddPoints(name, ref, points, why):
            return Wish("score", name, ref, {"p": points, "y": why})
        case Nurture(name, ref, until, note):
            return Wish("nurture", name, ref, {"u": until.isoformat(), "n": note and note[:LONGEST_CARRIED]})
        case Merge(name, ref, into, into_ref):
            return Wish("merge", name, ref, {"i": into, "ir": into_ref})
    raise AssertionError(said)


LONGEST_CARRIED = 1000
"""Characters of a note that a button carries."""


def _typed(request: Request) -> str:
    """The line, for an answer that stores nothing: Slack shows a typed command to nobody."""
    text = plain_text(request.text)
    return f"{ids.LEAD_COMMAND} {text}" if text else ""


def writers(desk: Desk) -> Mapping[str, Writer]:
    """Who writes each kind of message about leads when it is sent."""

    def write(parcel: Parcel, now: datetime) -> Message | None:
        found = pages.notice(desk.store, parcel, now)
        return ui.notice(words_for(found.reader.language), found) if found else None

    return dict.fromkeys(notices.KINDS, write)


def register(app: App, desk: Desk, others: Mapping[str, Listener]) -> dict[str, Listener]:
    """Everything of leads that Slack can send; returns the verbs that `/baton` takes.

    Args:
        app: Bolt's.
        desk: takes payloads to their listeners.
        others: see `Leads`.
    """
    listeners = Leads(desk, others)
    app.command(ids.LEAD_COMMAND)(desk.answering(listeners.command))
    app.shortcut(ids.LEAD_SHORTCUT)(desk.answering(listeners.from_message))
    buttons: dict[str | re.Pattern[str], Listener] = {
        ids.LEAD_CLAIM: listeners.claim,
        ids.each(ids.LEAD_CLAIM): listeners.claim,
        ids.each(ids.LEAD_DO): listeners.do,
        ids.each(ids.LEAD_PAGE): listeners.page,
        ids.LEAD_OPEN_FORM: listeners.open_form,
        ids.LEAD_LOG: listeners.log,
        ids.LEAD_ADD: listeners.add,
        ids.LEAD_ANYWAY: listeners.anyway,
    }
    for action, listener in buttons.items():
        app.action(action)(desk.answering(listener))
    app.view(ids.LEAD_FORM)(desk.answering(listeners.submit))
    app.view(ids.LEAD_ADD_FORM)(desk.answering(listeners.submit_known))
    return dict.fromkeys(("lead", "leads", "лид", "лиды"), listeners.command)
