"""Listeners of the settings: `/baton settings`, the set-up list in Home, and the form of each step."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_bolt import App

from bot.errors import Refused
from bot.people import assignments
from bot.people import service as people
from bot.people.assignments import Assigned
from bot.quota import own
from bot.words import Words
from bot.workspace import form, service
from bot.workspace.form import Fields, Group
from bot.workspace.rules import SETTINGS_OF, Setting, Step
from handlers import channels, ids
from handlers.answers import Answer, Close, Desk, Listener, Mend, Open, Request, Show
from handlers.ui import settings as ui
from handlers.ui import settings_forms as forms
from handlers.ui.blocks import Block

FIELD_OF = {
    "refused.granting": "roles",
    "refused.granting_alone": "roles",
    "team.problem.own_manager": "manager",
    "team.problem.circle": "manager",
    "team.problem.too_far": "start",
}
"""The field under which a refusal of roles is shown; the rest is about the people."""


class SettingsListeners:
    """The listeners; each says who, what, one use case, one view."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._store = desk, desk.store

    def open(self, request: Request) -> Answer:
        """`/baton settings`: every step with what stands."""
        return Open(self._list(request, ()))

    def inlet(self, request: Request) -> Answer:
        """What senders of leads sign with."""
        secret = self._desk.keys and service.inlet_secret(self._store, self._desk.keys, request.actor, request.now)
        return Open(ui.inlet_view(request.words, request.actor.workspace_id, secret)) if secret else None

    def renew_inlet(self, request: Request) -> Answer:
        """`New secret`: the one that was is good for nothing any more."""
        if self._desk.keys is None:
            return None
        secret = service.renew_inlet_secret(self._store, self._desk.keys, request.actor, request.now)
        return Show(ui.inlet_view(request.words, request.actor.workspace_id, secret))

    def hide(self, request: Request) -> Answer:
        """`Hide`: the list goes from Home."""
        service.hide_setup(self._store, request.actor, request.now)
        self._desk.touch(request.actor.workspace_id)
        return None

    def step(self, request: Request) -> Answer:
        """A step's button: its form with what stands, on top of the list or from Home."""
        step, overview = Step(request.value["step"]), self._overview(request)
        over_list = (request.payload.get("view") or {}).get("type") == "modal"
        if step is Step.ROLES:
            return Open(forms.roles_form(request.words, request.today, ids.pack(list=over_list, nth=0)))
        filled = form.standing(overview.settings, step, request.actor.zone.key, request.actor.language)
        metadata = ids.pack(step=step, seen=form.read(step, filled).values, list=over_list)
        return Open(forms.step_form(request.words, step, filled, request.today, metadata))

    def other_hours(self, request: Request) -> Answer:
        """From one start and end to a line for different days, or back, with what stands in the form so far."""
        filled = request.filled
        hours = form.read_hours_fields(filled)
        if isinstance(hours, dict):
            hours = self._overview(request).settings.hours
        fields = form.other_hours_fields(hours, request.actor.language, as_line=bool(request.value["line"]))
        places: Fields = {name: filled.get(name, "") for name in ("country", "zone")}
        metadata = request.payload["view"]["private_metadata"]
        return Show(forms.step_form(request.words, Step.HOURS, {**fields, **places}, request.today, metadata))

    def save(self, request: Request) -> Answer:
        """A step's form, filled in."""
        step, seen = Step(request.metadata["step"]), request.metadata["seen"]
        values, problems = form.read(step, request.filled)
        if problems:
            return _mend(request.words, problems)
        done = service.change(self._store, request.actor, values, request.now, seen)
        self._desk.touch(request.actor.workspace_id)
        refusing = channels.refusing(self._desk, request, [values.get(each) for each in SETTINGS_OF[Step.CHANNELS]])
        notice = [*ui.saved(request.words, step, done), *refusing]
        if request.metadata["list"]:
            return Close(self._list(request, notice))
        told = done.kept or done.written_over or refusing
        return Show(self._list(request, notice)) if told else None

    def save_roles(self, request: Request) -> Answer:
        """The form for roles, filled in: stored for everybody in it, and empty again for the next group."""
        group = form.read_group(request.filled)
        if group.problems:
            return _mend(request.words, group.problems)
        try:
            done = self._assign(request, group)
        except Refused as refused:
            return _mend(request.words, {FIELD_OF.get(refused.key, "people"): refused})
        self._desk.touch(request.actor.workspace_id)
        overview = self._overview(request)
        stored = ui.roles_stored(request.words, done, group.commands[0], overview.people, request.today)
        over_list, nth = request.metadata["list"], int(request.metadata["nth"]) + 1
        if over_list:
            beneath = request.payload["view"]["previous_view_id"]
            self._desk.gateways.of(request.actor.workspace_id).update_view_later(beneath, self._list(request, ()))
        metadata = ids.pack(list=over_list, nth=nth)
        return Show(forms.roles_form(request.words, request.today, metadata, nth, stored))

    def planning(self, request: Request) -> Answer:
        """The ramp curve and the growth of proposed targets: their form."""
        settings = self._overview(request).settings
        seen = {
            Setting.RAMP_CURVE: list(settings.ramp_curve),
            Setting.QUOTA_GROWTH: settings.quota_growth,
            Setting.OWN_METRICS: settings.own_metrics,
            Setting.COMPETITORS: list(settings.competitors),
        }
        lines = own.written(settings.own_metrics)
        return Open(forms.planning_form(request.words, settings, lines, ids.pack(seen=seen)))

    def save_planning(self, request: Request) -> Answer:
        """Both, filled in."""
        values, problems = form.read_planning(request.filled)
        try:
            values[Setting.OWN_METRICS] = own.read_own(request.texts(("metrics",))["metrics"])
        except Refused as refused:
            problems["metrics"] = refused
        try:
            values[Setting.COMPETITORS] = form.read_competitors(request.texts(("competitors",))["competitors"])
        except Refused as refused:
            problems["competitors"] = refused
        if problems:
            return _mend(request.words, problems)
        done = service.change(self._store, request.actor, values, request.now, request.metadata["seen"])
        self._desk.touch(request.actor.workspace_id)
        return Close(self._list(request, ui.saved_planning(request.words, done)))

    def _assign(self, request: Request, group: Group) -> Sequence[Assigned]:
        """Store a group; who was never met is asked about first."""
        workspace = request.actor.workspace_id
        for command in group.commands:
            for person in filter(None, (command.person_id, command.aspects.get("manager"))):
                if not people.is_known(self._store, workspace, person):
                    profile = self._desk.gateways.of(workspace).profile(person, workspace)
                    people.remember(self._store, workspace, profile, request.now)
        return assignments.assign_all(self._store, request.actor, group.commands, request.now)

    def _overview(self, request: Request) -> service.Overview:
        return service.overview(self._store, request.actor, request.now)

    def _list(self, request: Request, notice: Sequence[Any]) -> Block:
        return ui.settings_view(request.words, self._overview(request), notice, purge_days=self._desk.purge_days)


def _mend(words: Words, problems: Mapping[str, Refused]) -> Mend:
    return Mend({field: ui.problem_text(words, problem) for field, problem in problems.items()})


def register(app: App, desk: Desk) -> dict[str, Listener]:
    """Everything of the settings that Slack can send; returns the verbs that `/baton` takes."""
    listeners = SettingsListeners(desk)
    app.action(ids.SETTINGS_OPEN)(desk.answering(listeners.open))
    app.action(ids.SETTINGS_STEP)(desk.answering(listeners.step))
    app.action(ids.SETTINGS_HOURS)(desk.answering(listeners.other_hours))
    app.action(ids.SETTINGS_INLET)(desk.answering(listeners.inlet))
    app.action(ids.SETTINGS_INLET_NEW)(desk.answering(listeners.renew_inlet))
    app.action(ids.SETTINGS_HIDE)(desk.answering(listeners.hide))
    app.action(ids.SETTINGS_PLANNING)(desk.answering(listeners.planning))
    app.view(ids.SETTINGS_PLANNING_FORM)(desk.answering(listeners.save_planning))
    app.view(ids.SETTINGS_FORM)(desk.answering(listeners.save))
    app.view(ids.SETTINGS_ROLES_FORM)(desk.answering(listeners.save_roles))
    return dict.fromkeys(("settings", "setup", "настройки", "настройка"), listeners.open)
