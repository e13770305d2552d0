"""The forms of the set-up list, one for each step."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.access.roles import Role
from bot.words import Words
from bot.working_time.hours import WEEK
from bot.workspace.fiscal import quarter_name
from bot.workspace.form import Filled
from bot.workspace.names import currency_name, month_name, weekday_names
from bot.workspace.rules import MOST_CALLS_A_DAY, Settings, Step, currencies
from handlers import ids
from handlers.ui.blocks import (
    Block,
    Mrkdwn,
    actions,
    button,
    channel_select,
    context,
    date_input,
    field_of,
    md,
    modal,
    multi_select,
    number_input,
    option,
    people_select,
    person_select,
    plain,
    section,
    select,
    text_input,
    time_input,
)

VALUE = "value"
"""The action id inside each field; the field's own name is its block id."""

COMMON_CURRENCIES = "USD EUR GBP CHF CAD AUD JPY CNY INR BRL PLN SEK RUB KZT".split()
GROUP = 100
"""Options that one group of a select can have."""


def step_form(words: Words, step: Step, filled: Filled, today: date, metadata: str) -> Block:
    """The form of a step that is one or more settings, filled with what stands."""
    fields = {
        Step.GOALS: _goals,
        Step.HOURS: _hours,
        Step.CHANNELS: _channels,
        Step.CURRENCY: _currency,
    }
    blocks = _fiscal_year(words, filled, today) if step is Step.FISCAL_YEAR else fields[step](words, filled)
    return _form(words, ids.SETTINGS_FORM, step, blocks, metadata)


def roles_form(words: Words, today: date, metadata: str, nth: int = 0, notice: Sequence[Mrkdwn] = ()) -> Block:
    """The form for a group of people, empty; `notice` says what became of the last one.

    Args:
        words: the reader's.
        today: the reader's day, from which roles are held unless they say otherwise.
        metadata: comes back with the form.
        nth: the groups before this one. Slack keeps what was typed where a field's ids stay as they were.
        notice: lines on top.
    """
    choose, here = words("settings.choose"), f"{VALUE}.{nth}"
    roles = [option(words(f"role.{role}"), role) for role in Role]
    blocks = [
        *([section(Mrkdwn("\n".join(notice)))] if notice else []),
        field_of("people", words("settings.field.people"), people_select(here, (), choose), optional=False),
        field_of("roles", words("settings.field.roles"), multi_select(here, roles, (), choose)),
        field_of("manager", words("settings.field.manager"), person_select(here, None, choose)),
        field_of("team", words("settings.field.team"), text_input(here, None)),
        field_of("territory", words("settings.field.territory"), text_input(here, None)),
        field_of("segment", words("settings.field.segment"), text_input(here, None)),
        field_of("start", words("settings.field.start"), date_input(here, today.isoformat()), optional=False),
        context(md(words, "settings.import_hint")),
    ]
    return _form(words, ids.SETTINGS_ROLES_FORM, Step.ROLES, blocks, metadata)


def planning_form(words: Words, settings: Settings, metrics: str, metadata: str) -> Block:
    """The ramp curve and the growth of proposed targets as they stand, and the own `metrics`, line by line."""
    blocks = [
        field_of(
            "ramp",
            words("settings.field.ramp"),
            text_input(VALUE, " ".join(map(str, settings.ramp_curve))),
            optional=False,
            hint=words("settings.ramp_hint"),
        ),
        field_of(
            "growth",
            words("settings.field.growth"),
            text_input(VALUE, str(settings.quota_growth)),
            optional=False,
            hint=words("settings.growth_hint"),
        ),
        field_of(
            "metrics",
            words("settings.field.metrics"),
            text_input(VALUE, metrics, multiline=True),
            hint=words("settings.metrics_hint"),
        ),
        field_of(
            "competitors",
            words("settings.field.competitors"),
            text_input(VALUE, "\n".join(settings.competitors), multiline=True),
            hint=words("settings.competitors_hint"),
        ),
    ]
    title, submit, close = words("settings.planning"), words("settings.save"), words("button.cancel")
    return modal(ids.SETTINGS_PLANNING_FORM, title, blocks, submit=submit, close=close, metadata=metadata)


def _form(words: Words, callback_id: str, step: Step, blocks: Sequence[Block], metadata: str) -> Block:
    title, submit, close = words(f"settings.step.{step}"), words("settings.save"), words("button.cancel")
    return modal(callback_id, title, blocks, submit=submit, close=close, metadata=metadata)


def _goals(words: Words, filled: Filled) -> list[Block]:
    fields = [
        field_of(
            role,
            words(f"role.{role}"),
            number_input(VALUE, int(str(filled[role])), least=0, most=MOST_CALLS_A_DAY),
            optional=False,
        )
        for role in Role
    ]
    return [context(md(words, "settings.goals_hint")), *fields]


def _hours(words: Words, filled: Filled) -> list[Block]:
    """One start and end for chosen days, or a line where days differ; a button leads from one to the other."""
    is_line = "hours" in filled
    other = words("settings.same_hours" if is_line else "settings.different_hours")
    return [
        *([_line_of_hours(words, filled)] if is_line else _start_and_end(words, filled)),
        actions(button(other, ids.SETTINGS_HOURS, ids.pack(line=not is_line))),
        _text(words, "country", filled, hint=words("settings.country_hint")),
        _text(words, "zone", filled, hint=words("settings.zone_hint")),
    ]


def _line_of_hours(words: Words, filled: Filled) -> Block:
    element = text_input(VALUE, _said(filled, "hours"), placeholder=words("settings.hours_example"))
    return field_of("hours", words("settings.field.hours"), element, optional=False)


def _start_and_end(words: Words, filled: Filled) -> list[Block]:
    days = [option(name, str(day)) for day, name in zip(WEEK, weekday_names(words.language, "wide"), strict=True)]
    chosen = [day for day in days if day["value"] in filled.get("days", ())]
    return [
        field_of("start", words("settings.field.opens"), time_input(VALUE, _said(filled, "start")), optional=False),
        field_of("end", words("settings.field.closes"), time_input(VALUE, _said(filled, "end")), optional=False),
        field_of("days", words("settings.field.days"), _checkboxes(days, chosen), optional=False),
    ]


def _channels(words: Words, filled: Filled) -> list[Block]:
    choose = words("settings.choose")
    fields = [
        field_of(name, words(f"settings.field.{name}"), channel_select(VALUE, _said(filled, name), choose))
        for name in ("handoffs", "wins")
    ]
    return [*fields, context(md(words, "settings.channels_hint"))]


def _fiscal_year(words: Words, filled: Filled, today: date) -> list[Block]:
    """Each month with what the quarter of today is called in a year that begins there."""
    months = [
        option(
            words("settings.month", month=month_name(month, words.language), quarter=quarter_name(today, month)),
            str(month),
        )
        for month in range(1, 13)
    ]
    chosen = next(month for month in months if month["value"] == filled["month"])
    element = select(VALUE, months, chosen, words("settings.choose"))
    return [field_of("month", words("settings.field.month"), element, optional=False)]


def _currency(words: Words, filled: Filled) -> list[Block]:
    """The usual currencies first, then the others by name, in groups as large as Slack lets them be."""
    options = {code: option(currency_name(code, words.language), code) for code in currencies()}
    others = [each for code, each in options.items() if code not in COMMON_CURRENCIES]
    others.sort(key=lambda each: str(each["text"]["text"]).casefold())
    groups = [_group(words("settings.common"), [options[code] for code in COMMON_CURRENCIES])]
    groups += [
        _group(words("settings.others"), others[first : first + GROUP]) for first in range(0, len(others), GROUP)
    ]
    element: Block = {
        "type": "static_select",
        "action_id": VALUE,
        "option_groups": groups,
        "placeholder": plain(words("settings.choose"), 150),
    }
    chosen = options.get(str(filled["currency"]))
    element |= {"initial_option": chosen} if chosen else {}
    return [field_of("currency", words("settings.field.currency"), element, optional=False)]


def _group(label: str, options: Sequence[Block]) -> Block:
    return {"label": plain(label, 75), "options": list(options)}


def _checkboxes(options: Sequence[Block], chosen: Sequence[Block]) -> Block:
    element: Block = {"type": "checkboxes", "action_id": VALUE, "options": list(options)}
    return element | {"initial_options": list(chosen)} if chosen else element


def _text(words: Words, name: str, filled: Filled, hint: str = "") -> Block:
    return field_of(name, words(f"settings.field.{name}"), text_input(VALUE, _said(filled, name)), hint=hint)


def _said(filled: Filled, name: str) -> Any:
    return filled.get(name) or None
