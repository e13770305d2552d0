"""The set-up list, and the settings as one reads them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.access.roles import Role
from bot.audit.service import Change
from bot.errors import Refused
from bot.people.assignments import Assign, Assigned
from bot.quota.own import written
from bot.words import Words
from bot.working_time.hours import Hours
from bot.workspace.checklists import OWN, from_json
from bot.workspace.names import country_name, currency_name, hours_line, month_name
from bot.workspace.rules import Setting, Settings, Step, daily_goal
from bot.workspace.service import Overview, Saved
from handlers import ids
from handlers.ui.blocks import (
    TEXT_MAX,
    Block,
    Mrkdwn,
    actions,
    button,
    context,
    cut,
    escape,
    header,
    md,
    md_plural,
    modal,
    section,
)
from handlers.ui.recognition_form import recognition_said
from handlers.ui.recognition_form import settings_line as recognition_line
from handlers.ui.sales_process import process_changed, process_said, settings_line
from handlers.ui.scoring import rules_changed, scoring_line

SEPARATOR = " · "
MANAGER = "manager"

CHANNEL = re.compile(r"[CDG][A-Z0-9]+")

DEFAULTS: Mapping[str, Any] = {
    Setting.HOURS: Settings().hours.to_json(),
    Setting.FISCAL_MONTH: Settings().fiscal_month,
    Setting.CURRENCY: Settings().currency,
    Setting.HANDOFF_MINUTES: Settings().handoff_minutes,
    Setting.TOUCH_DAYS: Settings().touch_days,
    Setting.SPEED_MINUTES: Settings().speed_minutes,
    Setting.CLAWBACK_DAYS: Settings().clawback_days,
    Setting.RAMP_CURVE: Settings().ramp_curve,
    Setting.QUOTA_GROWTH: Settings().quota_growth,
    Setting.OWN_METRICS: Settings().own_metrics,
    Setting.COMPETITORS: list(Settings().competitors),
    Setting.CHECKLIST: Settings().checklist,
}
TEXTS: Mapping[str, Callable[[Any, str], str]] = {
    Setting.HOURS: lambda value, language: hours_line(Hours.from_json(value), language),
    Setting.FISCAL_MONTH: month_name,
    Setting.CURRENCY: currency_name,
    Setting.COUNTRY: country_name,
    Setting.HANDOFF_MINUTES: lambda value, _: str(value),
    Setting.TOUCH_DAYS: lambda value, _: str(value),
    Setting.SPEED_MINUTES: lambda value, _: str(value),
    Setting.CLAWBACK_DAYS: lambda value, _: str(value),
    Setting.RAMP_CURVE: lambda value, _: " / ".join(map(str, value)),
    Setting.QUOTA_GROWTH: lambda value, _: f"{value}\u00a0%",
    Setting.COMPETITORS: lambda value, _: ", ".join(value) or "–",
    Setting.OWN_METRICS: lambda value, _: written(value).replace("\n", "; ") or "–",
}
"""How the value of a setting reads in a language."""


def setup_list(words: Words, settings: Settings, roles_done: bool) -> list[Block]:
    """What an admin does first, step by step, until all of it is done."""
    title = header(words("settings.setup_title"))
    hide = button(words("settings.hide"), ids.SETTINGS_HIDE, ids.pack())
    if _done(settings, roles_done) == len(Step):
        return [title, section(md(words, "settings.all_done", command=ids.BATON_COMMAND), hide)]
    roles = md(words, "settings.roles_some" if roles_done else "settings.roles_none")
    return [title, *_steps(words, settings, roles_done, roles), _progress(words, settings, roles_done), actions(hide)]


def step_button(words: Words, step: Step, done: bool) -> Block:
    """`Set`, or `Change` once it is: opens the step's form."""
    return button(words("settings.change" if done else "settings.set"), ids.SETTINGS_STEP, ids.pack(step=step))


def settings_view(
    words: Words, overview: Overview, notice: Sequence[Mrkdwn] = (), *, purge_days: int | None = None
) -> Block:
    """Every step with what stands; `notice` says on top what has just been done. With `purge_days`, where
    many workspaces are served, the way to what senders of leads sign with, and what becomes of a removed one.
    """
    has_roles = overview.people > 0
    blocks = [
        *([section(Mrkdwn("\n".join(notice)))] if notice else []),
        *_steps(words, overview.settings, has_roles, people_with_roles(words, overview.people)),
        _progress(words, overview.settings, has_roles),
        scoring_line(words),
        recognition_line(words, overview.settings.recognition),
        planning_line(words, overview.settings),
        settings_line(words),
        *([] if purge_days is None else [inlet_line(words), removal_line(words, purge_days)]),
    ]
    title, close = words("settings.title"), words("settings.close")
    return modal(ids.SETTINGS_LIST, title, blocks, submit=None, close=close, metadata=ids.pack())


def inlet_line(words: Words) -> Block:
    """Leads that forms and programs send in, with the way to their secret."""
    return section(
        md(words, "settings.inlet_line"), button(words("settings.inlet_show"), ids.SETTINGS_INLET, ids.pack())
    )


def removal_line(words: Words, days: int) -> Block:
    """What becomes of everything once Baton is removed, and how to take it along."""
    return context(md_plural(words, "settings.removal", days))


def inlet_view(words: Words, workspace_id: str, secret: str) -> Block:
    """How a form or a program says whose its leads are, and what it signs them with."""
    blocks = [
        section(md(words, "settings.inlet_how")),
        section(md(words, "settings.inlet_headers", workspace=workspace_id)),
        section(md(words, "settings.inlet_secret", secret=secret)),
        actions(button(words("settings.inlet_new"), ids.SETTINGS_INLET_NEW, ids.pack())),
        context(md(words, "settings.inlet_warning")),
    ]
    title, close = words("settings.name.inlet"), words("settings.close")
    return modal(ids.SETTINGS_LIST, title, blocks, submit=None, close=close, metadata=ids.pack())


def planning_line(words: Words, settings: Settings) -> Block:
    """The ramp curve and the growth of proposed targets, with the way to their form."""
    ramp, growth = (
        value_text(words, name, value)
        for name, value in (
            (Setting.RAMP_CURVE, settings.ramp_curve),
            (Setting.QUOTA_GROWTH, f"{settings.quota_growth}"),
        )
    )
    said = md(words, "settings.planning_line", ramp=ramp, growth=growth)
    return section(said, button(words("settings.change"), ids.SETTINGS_PLANNING, ids.pack()))


def people_with_roles(words: Words, people: int) -> Mrkdwn:
    """`7 people have roles`."""
    return Mrkdwn(words.plural("settings.roles", people)) if people else md(words, "settings.roles_none")


def saved(words: Words, step: Step, done: Saved) -> list[Mrkdwn]:
    """What was saved, and what somebody else had changed while the form was open, with whose word stands now."""
    return [md(words, "settings.saved", step=words(f"settings.step.{step}")), *by_others(words, done)]


def saved_planning(words: Words, done: Saved) -> list[Mrkdwn]:
    """The same of the ramp curve and the growth of proposed targets."""
    return [md(words, "settings.saved", step=words("settings.planning")), *by_others(words, done)]


def by_others(words: Words, done: Saved) -> list[Mrkdwn]:
    """What somebody else had changed while a form was open, with whose word stands now."""
    return [
        *(_by_another(words, "settings.kept", each, done) for each in done.kept),
        *(_by_another(words, "settings.written_over", each, done) for each in done.written_over),
    ]


def roles_stored(words: Words, done: Sequence[Assigned], command: Assign, people: int, today: date) -> list[Mrkdwn]:
    """`Ana Ruiz, Devon Clarke: SDR from Mon 23 Nov. 7 people have roles.`, and a word to who mixes lines."""
    names = ", ".join(each.member.name for each in done)
    day = words.day(command.start, today)
    stored = md(words, "settings.stored", names=names, what=Mrkdwn(SEPARATOR.join(_parts(words, command))), day=day)
    mixing = [each.member.name for each in done if each.mixes_lines]
    lines = [Mrkdwn(f"{stored} {people_with_roles(words, people)}.")]
    return [*lines, md(words, "settings.mixes_lines", names=", ".join(mixing))] if mixing else lines


def problem_text(words: Words, problem: Refused) -> str:
    """What is wrong with a field, as Slack shows it under the field: plain text."""
    shown = {name: words.date(value) if isinstance(value, date) else value for name, value in problem.params.items()}
    return cut(words(problem.key, **shown), TEXT_MAX)


def setting_name(words: Words, name: str) -> str:
    """What a setting is called: `Daily goals`."""
    return words(f"settings.name.{name}")


def change_text(words: Words, name: str, before: Any, after: Any) -> Mrkdwn:
    """A setting as it was and as it is: `US Dollar (USD) → Euro (EUR)`; of goals those that are different."""
    if name == Setting.GOALS:
        pairs = goals_changed(before, after)
        changes = (f"{role} {words.number(was)} → {words.number(goal)}" for role, (was, goal) in pairs.items())
        return Mrkdwn(", ".join(changes)) if pairs else md(words, "settings.confirmed", value=_goals(words, after))
    if name in _CHANGED:
        return _CHANGED[name](words, before, after)
    was, value = value_text(words, name, before), value_text(words, name, after)
    return md(words, "settings.confirmed", value=value) if was == value else Mrkdwn(f"{was} → {value}")


def value_text(words: Words, name: str, value: Any) -> Mrkdwn:
    """The value of a setting in words; None is what holds until somebody says otherwise."""
    if name == Setting.GOALS:
        return _goals(words, value or {})
    found = DEFAULTS.get(name) if value is None else value
    if not found:
        return md(words, "settings.none")
    if name in _SHOWN:
        return _SHOWN[name](words, found)
    if name in TEXTS:
        return escape(TEXTS[name](found, words.language))
    return Mrkdwn(f"<#{found}>") if CHANNEL.fullmatch(found) else escape(found)


def checklist_name(words: Words, code: str) -> str:
    """What a checklist is called."""
    return words("routing.form.own") if code == OWN else code.upper()


def goals_changed(before: Mapping[str, int] | None, after: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """The goals that are not what they were, by role: before and after."""
    pairs = {role.value: (daily_goal(before, [role]), daily_goal(after, [role])) for role in Role}
    return {role: pair for role, pair in pairs.items() if pair[0] != pair[1]}


def _routing(words: Words, rules: Mapping[str, Any]) -> Mrkdwn:
    """`Weight: @dana 2 · Limit: 20, @dana 10 · Stuck: @sam`."""
    caps = [str(rules["cap"])] if rules.get("cap") else []
    parts = {
        "weight": [f"<@{person}> {each}" for person, each in (rules.get("weights") or {}).items()],
        "cap": [*caps, *(f"<@{person}> {each}" for person, each in (rules.get("caps") or {}).items())],
        "stuck": [f"<@{rules['stuck']}>"] if rules.get("stuck") else [],
    }
    shown = (
        md(words, f"settings.routing.{part}", value=Mrkdwn(", ".join(each))) for part, each in parts.items() if each
    )
    return Mrkdwn(SEPARATOR.join(shown)) or md(words, "settings.none")


def _questions(words: Words, value: Mapping[str, Any]) -> Mrkdwn:
    asked = from_json(value.get("asked", ()))
    return escape("; ".join(each.line for each in asked)) if asked else md(words, "settings.none")


_SHOWN: Mapping[str, Callable[[Words, Any], Mrkdwn]] = {
    Setting.REQUIRED_ANSWERS: lambda words, value: escape(
        ", ".join(words(f"handoffs.answer.{code}") for code in value)
    ),
    Setting.CHECKLIST: lambda words, value: escape(checklist_name(words, value)),
    Setting.QUESTIONS: _questions,
    Setting.ROUTING: _routing,
    Setting.SALES_PROCESS: process_said,
    Setting.RECOGNITION: recognition_said,
}
"""How those read that take more than a text."""

_CHANGED: Mapping[str, Callable[[Words, Any, Any], Mrkdwn]] = {
    Setting.LEAD_RULES: rules_changed,
    Setting.SALES_PROCESS: process_changed,
}
"""How changes read of settings that have many parts."""


def _by_another(words: Words, key: str, change: Change, done: Saved) -> Mrkdwn:
    who = done.names.get(change.by) or words("settings.somebody")
    what = setting_name(words, change.what)
    return md(words, key, who=who, what=what, change=change_text(words, change.what, change.before, change.after))


def _done(settings: Settings, roles_done: bool) -> int:
    return sum(_is_done(settings, step, roles_done) for step in Step)


def _is_done(settings: Settings, step: Step, roles_done: bool) -> bool:
    return roles_done if step is Step.ROLES else settings.done(step)


def _progress(words: Words, settings: Settings, roles_done: bool) -> Block:
    return context(md(words, "settings.progress", done=str(_done(settings, roles_done)), of=str(len(Step))))


def _steps(words: Words, settings: Settings, roles_done: bool, roles: Mrkdwn) -> Iterator[Block]:
    for step in Step:
        is_done = _is_done(settings, step, roles_done)
        value = roles if step is Step.ROLES else _standing(words, settings, step)
        if not is_done and step is not Step.ROLES:
            value = md(words, "settings.default", value=value)
        title = words(f"settings.step.{step}")
        line = Mrkdwn(f"{'✓' if is_done else '○'} *{title}*\n{value}")
        yield section(line, step_button(words, step, is_done))


def _standing(words: Words, settings: Settings, step: Step) -> Mrkdwn:
    """What stands of a step in one line."""
    if step is Step.GOALS:
        return _goals(words, settings.goals)
    if step is Step.HOURS:
        places = ((Setting.COUNTRY, settings.country), (Setting.ZONE, settings.zone))
        parts = [value_text(words, Setting.HOURS, settings.hours.to_json())]
        return Mrkdwn(SEPARATOR.join([*parts, *(value_text(words, name, value) for name, value in places if value)]))
    if step is Step.CHANNELS:
        handoffs = value_text(words, Setting.HANDOFFS_CHANNEL, settings.handoffs_channel)
        wins = value_text(words, Setting.WINS_CHANNEL, settings.wins_channel)
        return md(words, "settings.channels", handoffs=handoffs, wins=wins)
    if step is Step.FISCAL_YEAR:
        return md(words, "settings.fiscal", month=month_name(settings.fiscal_month, words.language))
    return value_text(words, Setting.CURRENCY, settings.currency)


def _goals(words: Words, goals: Mapping[str, int]) -> Mrkdwn:
    """`SDR, MRR: 40 · AE, CSM: 10`, the highest first."""
    roles: dict[int, list[str]] = {}
    for role in Role:
        roles.setdefault(daily_goal(goals, [role]), []).append(role)
    lines = [f"{', '.join(names)}: {words.number(goal)}" for goal, names in sorted(roles.items(), reverse=True)]
    return Mrkdwn(SEPARATOR.join(lines))


def _parts(words: Words, command: Assign) -> Iterator[Mrkdwn]:
    """What a group was given, piece by piece."""
    if command.roles:
        yield escape(", ".join(command.roles))
    for aspect, value in command.aspects.items():
        shown = Mrkdwn(f"<@{value}>") if aspect == MANAGER else _joined(value)
        yield md(words, f"settings.part.{aspect}", value=shown)


def _joined(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)
