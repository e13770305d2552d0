"""Listeners of coaching: what stands behind its verbs of `/team`, its buttons and forms; the writers of what comes."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from slack_bolt import App

from bot.coaching import agenda, feedback, items, oneonones, reminding, review, service, training
from bot.coaching.line import is_link
from bot.coaching.rules import FURTHEST
from bot.coaching.said import About, AssignForm, Give, Mine, Module, Progress, Review, Unread
from bot.delivery.outcome import NotYet, Parcel
from bot.errors import Refused, SlackUnavailable
from bot.people import service as people
from bot.reminders import service as reminders
from bot.reminders.rules import Kind
from bot.reminders.service import Act
from bot.team import service as team
from bot.team.vocabulary import COACHING, Verb
from bot.words import words_for
from handlers import ids
from handlers.answers import Answer, Desk, Later, Listener, Mend, Open, Request, Tell
from handlers.courier import Content, File, Writer
from handlers.ui import coaching as ui
from handlers.ui import coaching_meetings as meet_ui
from handlers.ui import coaching_review as review_ui
from handlers.ui import coaching_training as training_ui
from handlers.ui.blocks import Message, Mrkdwn


class Coaching:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._store = desk, desk.store

    def command(self, verb: Verb, request: Request) -> Answer:
        """`/team oneonone …`, `/team feedback …`, `/team kudos …`, `/team review …`, `/team training …`."""
        said = service.understand(self._store, request.actor, verb, request.text, request.now)
        match said:
            case Unread():
                return Tell(ui.unread(request.words, request.text, said))
            case Give():
                return self._give(request, said)
            case About(person):
                return self._meet(request, person) if person else self._mine(request)
            case Review():
                return self._review(request, said)
        return self._training(request, said)

    def _give(self, request: Request, said: Give) -> Answer:
        """With words it is given; without, one reads what one may, or the form asks for them."""
        self._know(request, said.person)
        if said.person and said.text:
            return Tell(self._given(request, said.person, said.text, is_kudos=said.is_kudos))
        whom = said.person or request.actor.id
        if not said.is_kudos and feedback.may_read_of(self._store, request.actor, whom, request.now):
            page = feedback.page(self._store, request.actor, whom, request.now)
            return Tell(ui.received(request.words, page, request.actor.zone, request.today))
        return self._feedback_form(request, said.person, is_kudos=said.is_kudos)

    def _given(self, request: Request, person: str, text: str, *, is_kudos: bool) -> Message:
        found = feedback.give(
            self._store, request.actor, person, text, is_kudos=is_kudos, origin=request.origin, now=request.now
        )
        return ui.given(request.words, found)

    def open_feedback(self, request: Request) -> Answer:
        """`Give feedback`: the form, about somebody if it is known about whom."""
        return self._feedback_form(request, request.value.get("p"))

    def _feedback_form(self, request: Request, person: str | None, *, is_kudos: bool = False) -> Answer:
        return Open(ui.feedback_form(request.words, person, self._metadata(request), is_kudos=is_kudos))

    def submit_feedback(self, request: Request) -> Answer:
        """The form, filled in."""
        filled = request.texts(("person", "text"))
        is_kudos = ui.KUDOS in request.filled.get("public", ())
        try:
            self._know(request, filled["person"])
            return Tell(self._given(request, filled["person"], filled["text"], is_kudos=is_kudos))
        except Refused as refused:
            about_text = refused.key in {"coaching.refused.no_words", "coaching.refused.long"}
            return Mend({"text" if about_text else "person": _plain(request, refused)})

    def undo(self, request: Request) -> Answer:
        """`Undo` under what one has just given."""
        remark = feedback.take_back(self._store, request.actor, UUID(request.value["f"]), request.now)
        return Tell(ui.taken_back(request.words, remark), replace=True)

    def _mine(self, request: Request, *, in_place: bool = False) -> Answer:
        page = oneonones.mine(self._store, request.actor, request.now)
        return Tell(meet_ui.mine(request.words, page), replace=in_place)

    def _meet(self, request: Request, person: str, head: Mrkdwn | None = None, *, in_place: bool = False) -> Answer:
        self._know(request, person)
        page = agenda.agenda(self._store, request.actor, person, request.now)
        return Tell(meet_ui.agenda(request.words, page, request.actor.zone, head), replace=in_place)

    def open_agenda(self, request: Request) -> Answer:
        """`Agenda` in a list; one's own without a person."""
        return self._meet(request, request.value.get("p") or request.actor.id, in_place=request.is_in_answer)

    def open_notes(self, request: Request) -> Answer:
        """`Notes and items`; `Edit` in the list of those before."""
        person, held = request.value["p"], request.value.get("h")
        found = oneonones.form(self._store, request.actor, person, UUID(held) if held else None, request.now)
        metadata = self._metadata(request, p=person, s=found.held.version if found.held else 0)
        return Open(meet_ui.notes_form(request.words, found, metadata))

    def submit_notes(self, request: Request) -> Answer:
        """The form, filled in: the agenda shows what is to be done now."""
        filled = request.texts(("held_on", "notes", "theirs", "mine"))
        shared = meet_ui.SHARED if meet_ui.SHARED in request.filled.get("is_shared", ()) else ""
        wish = oneonones.read_form({**filled, "is_shared": shared}, request.today, int(request.metadata["s"]))
        if isinstance(wish, dict):
            return Mend({name: _plain(request, each) for name, each in wish.items()})
        person = str(request.metadata["p"])
        try:
            oneonones.hold(self._store, request.actor, person, wish, origin=request.origin, now=request.now)
        except Refused as refused:
            return Mend({"held_on": _plain(request, refused)})
        self._desk.touch(request.actor.workspace_id, person, request.actor.id)
        page = agenda.agenda(self._store, request.actor, person, request.now)
        shown = meet_ui.agenda(
            request.words, page, request.actor.zone, meet_ui.saved_head(request.words, page.name)
        )  # fmt: skip
        return Tell(shown, replace=bool(request.metadata.get("e")))

    def history(self, request: Request) -> Answer:
        """`Earlier ones`."""
        person = request.value.get("p") or request.actor.id
        page = oneonones.history(self._store, request.actor, person, request.now)
        return Tell(meet_ui.history(request.words, page), replace=request.is_in_answer)

    def item_done(self, request: Request) -> Answer:
        """`Done` at an item: the page that it stands on shows that."""
        done = items.finish(self._store, request.actor, UUID(request.value["i"]), request.now)
        self._desk.touch(request.actor.workspace_id, done.owner_id)
        about = request.value.get("a")
        return self._meet(request, about, in_place=True) if about else self._mine(request, in_place=True)

    def _review(self, request: Request, said: Review) -> Answer:
        """Attainment of several quarters takes a while."""
        self._know(request, said.person)
        return Later(partial(self._reviewed, said))

    def _reviewed(self, said: Review, request: Request) -> Answer:
        person = None if said.person == request.actor.id else said.person
        page = review.review(self._store, request.actor, person, said.period, request.now)
        return Tell(review_ui.review(request.words, page, request.actor.zone))

    def send_review(self, request: Request) -> Answer:
        """`CSV`: the review as a file."""
        person, period = str(request.value["p"]), review.period_from(request.value["s"])
        review.send(self._store, request.actor, person, period, origin=request.origin, now=request.now)
        name = team.names(self._store, request.actor.workspace_id, [person]).get(person, person)
        return Tell(review_ui.sent(request.words, name, period.name))

    def _training(self, request: Request, said: Any) -> Answer:
        match said:
            case Progress():
                return self.progress(request)
            case AssignForm():
                return self.open_assign(request)
            case Module():
                for person in said.people:
                    self._know(request, person)
                return self._assign(request, said)
        assert isinstance(said, Mine)
        page = training.mine(self._store, request.actor, request.now)
        return Tell(training_ui.mine(request.words, page))

    def _assign(self, request: Request, wish: Module) -> Answer:
        page = training.assign(self._store, request.actor, wish, origin=request.origin, now=request.now)
        found = training.progress(self._store, request.actor, request.now)
        return Tell(training_ui.progress(request.words, found, training_ui.assigned_head(request.words, page)))

    def open_assign(self, request: Request) -> Answer:
        """`Assign`: the form."""
        training.let_assign(self._store, request.actor, request.now)
        return Open(training_ui.assign_form(request.words, self._metadata(request)))

    def submit_assign(self, request: Request) -> Answer:
        """The form, filled in; what is wrong stands under its field."""
        wish = _module_of(request)
        if isinstance(wish, dict):
            return Mend({name: request.words(key) for name, key in wish.items()})
        try:
            for person in wish.people:
                self._know(request, person)
            return self._assign(request, wish)
        except Refused as refused:
            field = "roles" if refused.key == "coaching.training.nobody" else "people"
            return Mend({field: _plain(request, refused)})

    def training_done(self, request: Request) -> Answer:
        """`Done` in the list, or under a message, which changes by the ledger."""
        task = training.finish(self._store, request.actor, UUID(request.value["t"]), request.now)
        if request.value.get("d"):
            reminders.act(self._store, request.actor, UUID(request.value["d"]), Act.DONE, request.now)
        if request.value.get("m"):
            return None
        page = training.mine(self._store, request.actor, request.now)
        assert not task.is_open
        return Tell(training_ui.mine(request.words, page), replace=True)

    def progress(self, request: Request) -> Answer:
        """How far the modules are."""
        page = training.progress(self._store, request.actor, request.now)
        return Tell(training_ui.progress(request.words, page), replace=request.is_in_answer)

    def withdraw(self, request: Request) -> Answer:
        """`Take back` at a module."""
        training.withdraw(self._store, request.actor, UUID(request.value["m"]), request.now)
        page = training.progress(self._store, request.actor, request.now)
        return Tell(training_ui.progress(request.words, page), replace=request.is_in_answer)

    def _know(self, request: Request, person: str | None) -> None:
        """Ask Slack about somebody whom Baton has not met."""
        if person and team.strangers(self._store, request.actor.workspace_id, [person]):
            try:
                here = request.actor.workspace_id
                profile = self._desk.gateways.of(here).profile(person, here)
            except SlackUnavailable as error:
                raise Refused("coaching.refused.stranger") from error
            people.remember(self._store, request.actor.workspace_id, profile, request.now)

    def _metadata(self, request: Request, **more: Any) -> str:
        return ids.pack(url=request.payload.get("response_url"), e=request.is_in_answer, **more)


def _plain(request: Request, refused: Refused) -> str:
    """A refusal under a field, where Slack shows plain text."""
    return request.words(refused.key, **refused.params).replace("`", "").replace("*", "")


def _module_of(request: Request) -> Module | dict[str, str]:
    """A module as its form has it, or a message key for each field that needs another look."""
    filled, wrong = request.texts(("title", "link", "due_on")), dict[str, str]()
    people, roles = (tuple(request.filled.get(name) or ()) for name in ("people", "roles"))
    due_on = datetime.fromisoformat(filled["due_on"]).date() if filled["due_on"] else request.today
    if not filled["title"]:
        wrong["title"] = "coaching.assign.no_title"
    if filled["link"] and not is_link(filled["link"]):
        wrong["link"] = "coaching.assign.bad_link"
    if due_on < request.today:
        wrong["due_on"] = "coaching.assign.past"
    elif due_on - request.today > FURTHEST:
        wrong["due_on"] = "coaching.assign.far"
    if not people and not roles:
        wrong["people"] = "coaching.assign.nobody"
    return wrong or Module(filled["title"], filled["link"] or None, due_on, people, roles)


def writers(desk: Desk) -> Mapping[str, Writer]:
    """Who writes each kind of message about coaching when it is sent."""

    def told(parcel: Parcel, now: datetime) -> Message | None:
        page = feedback.notice(desk.store, parcel, now)
        show = ui.public if parcel.kind == feedback.KUDOS else ui.told
        return show(words_for(page.language), page) if page else None

    def held(parcel: Parcel, now: datetime) -> Message | None:
        page = oneonones.notice(desk.store, parcel, now)
        return meet_ui.notice(words_for(page.language), page) if page else None

    def taught(parcel: Parcel, now: datetime) -> Message | NotYet | None:
        page = reminding.page(desk.store, parcel, now)
        if not isinstance(page, reminding.TrainingPage):
            return page
        is_new = parcel.kind == reminding.GIVEN
        return training_ui.message(words_for(page.actor.language), page, is_new=is_new)

    def file(parcel: Parcel, now: datetime) -> Content | None:
        found = review.of_parcel(desk.store, parcel, now)
        if found is None:
            return None
        page, language = found
        return File(*review.file_of(page), review_ui.comment(words_for(language), page))

    return {
        feedback.TOLD: told,
        feedback.KUDOS: told,
        oneonones.HELD: held,
        reminding.GIVEN: taught,
        Kind.TRAINING: taught,
        review.FILE: file,
    }


def register(app: App, desk: Desk) -> dict[Verb, Listener]:
    """Everything of coaching that Slack can send; returns who answers each of its verbs of `/team`."""
    listeners = Coaching(desk)
    buttons: dict[str | re.Pattern[str], Listener] = {
        ids.COACH_GIVE: listeners.open_feedback,
        ids.COACH_UNDO: listeners.undo,
        ids.each(ids.COACH_AGENDA): listeners.open_agenda,
        ids.COACH_NOTES: listeners.open_notes,
        ids.COACH_HISTORY: listeners.history,
        ids.each(ids.COACH_ITEM_DONE): listeners.item_done,
        ids.COACH_REVIEW_FILE: listeners.send_review,
        ids.each(ids.COACH_TRAINING_DONE): listeners.training_done,
        ids.COACH_TRAINING_ASSIGN: listeners.open_assign,
        ids.COACH_TRAINING_PROGRESS: listeners.progress,
        ids.each(ids.COACH_TRAINING_WITHDRAW): listeners.withdraw,
    }
    for action, listener in buttons.items():
        app.action(action)(desk.answering(listener))
    forms: dict[str, Listener] = {
        ids.COACH_FEEDBACK_FORM: listeners.submit_feedback,
        ids.COACH_NOTES_FORM: listeners.submit_notes,
        ids.COACH_TRAINING_FORM: listeners.submit_assign,
    }
    for callback, listener in forms.items():
        app.view(callback)(desk.answering(listener))
    return {verb: partial(listeners.command, verb) for verb in sorted(COACHING)}
