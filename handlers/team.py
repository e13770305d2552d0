"""Listeners of the team: `/team`, its buttons and its forms."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from slack_bolt import App

from bot.access.roles import Role
from bot.errors import Refused, SlackUnavailable
from bot.people import service as people
from bot.team import form, service
from bot.team.draft import AskedBack, Draft, Understood
from bot.team.line import read
from bot.team.service import Done
from bot.team.vocabulary import Group, Verb
from bot.words import LANGUAGES
from bot.workspace import service as workspace
from bot.workspace.rules import Card
from handlers import ids
from handlers.answers import Answer, Desk, Listener, Mend, Open, Request, Tell
from handlers.ui import help as help_ui
from handlers.ui import role_cards, team_changes, team_forms
from handlers.ui import team as ui
from handlers.ui.blocks import Message

NOT_MEMBERS = frozenset(f"team.problem.{why}" for why in ("guest", "bot", "deactivated", "foreign"))


class Team:
    """The listeners; each says who, what, one use case, one view.

    Args:
        desk: takes payloads here.
        absence: the listeners of `away` and `back`.
        handoffs: the listeners of `stuck` and `routing`.
        capacity: the listener of `capacity`.
        coaching: the listeners of the verbs of coaching.
    """

    def __init__(
        self,
        desk: Desk,
        absence: Mapping[str, Listener],
        handoffs: Mapping[str, Listener],
        capacity: Listener,
        coaching: Mapping[Verb, Listener],
    ) -> None:
        self._desk = desk
        self._store = desk.store
        self._absence = absence
        self._verbs: dict[Verb, Callable[[Request, Understood], Answer]] = {
            Verb.ROSTER: self._roster,
            Verb.CARD: self._card,
            Verb.ASSIGN: self._assign,
            Verb.HOURS: self._assign,
            Verb.COUNTRY: self._assign,
            Verb.END: self._end,
            Verb.CORRECT: self._correct,
            Verb.ROLE: self._role,
            Verb.ROLES: self._roles,
            Verb.HELP: lambda request, _: Tell(help_ui.team_help(request.words)),
            Verb.STUCK: lambda request, _: handoffs["stuck"](request),
            Verb.ROUTING: lambda request, _: handoffs["routing"](request),
            Verb.CAPACITY: lambda request, _: capacity(request),
            Verb.AWAY: self._away,
            Verb.BACK: lambda request, _: absence["back"](request),
        }
        self._coaching = coaching

    def command(self, request: Request) -> Answer:
        """`/team …`: the roster, a card, a change, or a question about the line."""
        language = request.words.language
        reading = read(request.text, today=request.today, me=request.actor.id, language=language)
        self._meet(request, reading.draft)
        if isinstance(reading, AskedBack):
            return self._ask(request, reading)
        if reading.verb in self._coaching:
            return self._coaching[reading.verb](request)
        return self._verbs[reading.verb](request, reading)

    def _ask(self, request: Request, asked: AskedBack) -> Answer:
        about = [asked.draft.person_id, asked.draft.aspects.get("manager")]
        names = service.names(self._store, request.actor.workspace_id, [each for each in about if each])
        return Tell(team_changes.asked_back(request.words, asked, request.text, names))

    def _away(self, request: Request, _: Understood) -> Answer:
        rest = request.text.split(maxsplit=1)[1:]
        return self._absence["away"](replace(request, payload={**request.payload, "text": "".join(rest)}))

    def _roster(self, request: Request, read: Understood) -> Answer:
        return Tell(self._roster_of(request, read.day, read.group, 0))

    def page(self, request: Request) -> Answer:
        """Another page of a roster, or another order."""
        value = request.value
        day = date.fromisoformat(value["d"]) if value["d"] else None
        return Tell(self._roster_of(request, day, Group(value["g"]), int(value["n"])), replace=True)

    def _roster_of(self, request: Request, day: date | None, group: Group, page: int) -> Message:
        found = service.roster(self._store, request.actor, day, request.now)
        return ui.roster(request.words, found, request.actor, request.now, group=group, page=page)

    def _card(self, request: Request, read: Understood) -> Answer:
        person_id = str(read.draft.person_id)
        card = service.person_card(self._store, request.actor, person_id, read.day, request.now)
        return Tell(ui.person(request.words, card, request.actor))

    def _role(self, request: Request, read: Understood) -> Answer:
        return Tell(self._role_card(request, Role(read.draft.roles[0])))

    def role(self, request: Request) -> Answer:
        """Another role's card."""
        return Tell(self._role_card(request, Role(request.value["r"])), replace=True)

    def _role_card(self, request: Request, role: Role) -> Message:
        found = service.role_card(self._store, request.actor, role, request.now)
        return role_cards.role_card(request.words, found, request.actor, request.now)

    def _roles(self, request: Request, _: Understood) -> Answer:
        return Tell(role_cards.roles(request.words, service.holders(self._store, request.actor, request.now)))

    def _assign(self, request: Request, read: Understood) -> Answer:
        """What was said of somebody; the form where nothing was."""
        if not read.draft.says_something:
            return self._form(request, read.verb, read.draft)
        done = service.assign(self._store, request.actor, read.draft, request.now)
        return self._told(request, done, team_changes.assigned(request.words, done, request.today))

    def _end(self, request: Request, read: Understood) -> Answer:
        if not read.draft.roles:
            return self._form(request, read.verb, read.draft)
        done = service.end(self._store, request.actor, read.draft, request.now)
        at_once = read.draft.last is None
        return self._told(request, done, team_changes.ended(request.words, done, request.today, at_once=at_once))

    def _correct(self, request: Request, read: Understood) -> Answer:
        if not read.draft.roles:
            return self._form(request, read.verb, read.draft)
        done = service.correct(self._store, request.actor, read.draft, request.now)
        return self._told(request, done, team_changes.corrected(request.words, done, request.today))

    def undo(self, request: Request) -> Answer:
        """`Undo`, and `Bring back` after it."""
        changes = [UUID(change_id) for change_id in request.value["c"]]
        done = service.undo(self._store, request.actor, changes, request.now)
        return self._told(request, done, team_changes.undone(request.words, done), replace=True)

    def edit(self, request: Request) -> Answer:
        """`Edit`: the form of one person."""
        return self._form(request, Verb.ASSIGN, Draft(request.value["p"]))

    def open_form(self, request: Request) -> Answer:
        """The form with what was understood of a line."""
        return self._form(request, Verb(request.value["verb"]), team_changes.unpacked(request.value))

    def _form(self, request: Request, verb: Verb, draft: Draft) -> Answer:
        """The form of a verb; about somebody if they are known, else it asks whom.

        It remembers when it was opened, where its answer goes, whom it is about, and what a line filled in.
        """
        if draft.person_id is None:
            service.let_assign(self._store, request.actor, request.now)
        found = service.editing(self._store, request.actor, draft.person_id, request.now) if draft.person_id else None
        if found and not found.whole:
            draft = service.own_part(draft)
        member = found.member if found else None
        url = request.payload.get("response_url")
        where = {"p": draft.person_id, "at": request.now.isoformat(), "url": url, "m": sorted(draft.aspects)}
        metadata = ids.pack(verb=verb, **where)
        if verb in (Verb.END, Verb.CORRECT):
            return Open(team_forms.days_form(request.words, verb, member, draft, metadata))
        whole = found is None or found.whole
        return Open(team_forms.assign_form(request.words, member, draft, request.today, whole=whole, metadata=metadata))

    def submit(self, request: Request) -> Answer:
        """The form of somebody's place, filled in."""
        where, filled = request.metadata, request.filled
        shown, meant = shown_in(request.payload["view"]), frozenset(where["m"])
        draft, problems = form.read_form(str(where["p"] or ""), filled, shown, meant, request.today)
        if problems:
            texts = {name: team_changes.problem_text(request.words, each) for name, each in problems.items()}
            return Mend(texts)
        seen_at = datetime.fromisoformat(where["at"])

        def change() -> Answer:
            done = service.assign(self._store, request.actor, draft, request.now, seen_at=seen_at)
            return self._told(request, done, team_changes.assigned(request.words, done, request.today))

        return self._or_mend(request, draft, filled, change)

    def submit_days(self, request: Request) -> Answer:
        """The form of a role's days, filled in."""
        where, filled = request.metadata, request.filled
        draft = form.read_days_form(str(where["p"] or ""), filled)
        if where["verb"] == Verb.CORRECT and not (draft.start or draft.last):
            return Mend({"start": request.words("team.ask.day_missing")})
        act = self._end if where["verb"] == Verb.END else self._correct
        return self._or_mend(request, draft, filled, lambda: act(request, Understood(Verb(where["verb"]), draft)))

    def _or_mend(
        self, request: Request, draft: Draft, filled: Mapping[str, Any], change: Callable[[], Answer]
    ) -> Answer:
        """A change from a form; a refusal stands under the field that it belongs to."""
        try:
            self._meet(request, draft)
            return change()
        except Refused as refused:
            field = form.FIELD_OF.get(refused.key, "person")
            manager = draft.aspects.get("manager")
            if refused.key in NOT_MEMBERS and manager and not self._may_work(request, manager):
                field = "manager"
            first = next(iter(filled))
            return Mend({field if field in filled else first: team_changes.reason(request.words, refused)})

    def _may_work(self, request: Request, person_id: str) -> bool:
        card = service.person_card(self._store, request.actor, person_id, None, request.now)
        return card.member.may_work

    def edit_role(self, request: Request) -> Answer:
        """`Edit` on a role card."""
        role = Role(request.value["r"])
        found = service.role_card(self._store, request.actor, role, request.now)
        metadata = ids.pack(r=role, url=request.payload.get("response_url"))
        return Open(role_cards.role_form(request.words, found, metadata))

    def submit_role(self, request: Request) -> Answer:
        """A role card in the workspace's own words; what reads as the product's own is not the workspace's."""
        role, filled = Role(request.metadata["r"]), request.filled
        texts = {language: str(filled[f"text_{language}"]) for language in LANGUAGES}
        standard = {language: role_cards.standard_text(language, role) for language in LANGUAGES}
        own = {language: text for language, text in texts.items() if text.split() != standard[language].split()}
        share = int(str(filled["share"])) if filled["share"] else None
        workspace.reword(self._store, request.actor, role, Card(own, share), request.now)
        self._desk.touch(request.actor.workspace_id)
        return Tell(role_cards.reworded(request.words, self._role_card(request, role)))

    def _told(self, request: Request, done: Done, message: Message, *, replace: bool = False) -> Answer:
        self._desk.touch(request.actor.workspace_id, done.assigned.member.id)
        return Tell(message, replace=replace)

    def _meet(self, request: Request, draft: Draft) -> None:
        """Ask Slack about those in a draft whom Baton has not met."""
        named = [each for each in (draft.person_id, draft.aspects.get("manager")) if each]
        for person_id in service.strangers(self._store, request.actor.workspace_id, named) if named else ():
            try:
                profile = self._desk.gateways.of(request.actor.workspace_id).profile(
                    person_id, request.actor.workspace_id
                )
            except SlackUnavailable as error:
                raise Refused("team.problem.unknown_person") from error
            people.remember(self._store, request.actor.workspace_id, profile, request.now)


def shown_in(view: Mapping[str, Any]) -> dict[str, str]:
    """What the form was opened with: its blocks come back with it."""
    elements = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    return {
        block_id: str(element.get("initial_value") or element.get("initial_user") or "")
        for block_id, element in elements.items()
    }


def register(
    app: App,
    desk: Desk,
    absence: Mapping[str, Listener],
    handoffs: Mapping[str, Listener],
    capacity: Listener,
    coaching: Mapping[Verb, Listener],
) -> dict[str, Listener]:
    """Everything of the team that Slack can send; returns the verbs that `/baton` takes too."""
    listeners = Team(desk, absence, handoffs, capacity, coaching)
    app.command(ids.TEAM_COMMAND)(desk.answering(listeners.command))
    buttons: dict[str | re.Pattern[str], Listener] = {
        ids.each(ids.TEAM_ROSTER): listeners.page,
        ids.each(ids.TEAM_ROLE): listeners.role,
        ids.TEAM_ROLE_EDIT: listeners.edit_role,
        ids.TEAM_EDIT: listeners.edit,
        ids.TEAM_OPEN_FORM: listeners.open_form,
        ids.TEAM_UNDO: listeners.undo,
    }
    for action, listener in buttons.items():
        app.action(action)(desk.answering(listener))
    forms = {
        ids.TEAM_FORM: listeners.submit,
        ids.TEAM_DAYS_FORM: listeners.submit_days,
        ids.TEAM_ROLE_FORM: listeners.submit_role,
    }
    for callback, listener in forms.items():
        app.view(callback)(desk.answering(listener))
    return {"team": listeners.command}
