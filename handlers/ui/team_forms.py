"""The forms of the team: somebody's place in it, and the days of a role."""

from collections.abc import Mapping
from datetime import date

from bot.access.roles import Role
from bot.people.rules import Member
from bot.team.draft import Draft
from bot.team.form import initial
from bot.team.vocabulary import Verb
from bot.words import Words
from handlers import ids
from handlers.ui.blocks import (
    Block,
    date_input,
    field_of,
    md,
    modal,
    multi_select,
    option,
    person_select,
    section,
    select,
    text_input,
)

VALUE = "value"
"""The action id inside each field; the field's own name is its block id."""


def assign_form(words: Words, member: Member | None, draft: Draft, today: date, *, whole: bool, metadata: str) -> Block:
    """Somebody's roles and place from a day on, with what stands and what a line said.

    Without a member it asks whom. `whole` is for those who may say more than when somebody works.
    """
    texts = initial(member, draft, words.language)
    fields = [*_whom(words, member, draft), *(_roles(words, member, draft) if whole else [])]
    fields += _standing(words, texts) if whole else []
    fields += [
        _text(words, "hours", texts, hint=words("team.form.hours_hint"), example=words("team.form.hours_example")),
        _text(words, "country", texts, hint=words("team.form.country_hint"), example="DE-BE"),
        _day(words, "start", "team.form.start", draft.start or today),
        *([_day(words, "last", "team.form.last", draft.last)] if whole else []),
    ]
    return _form(words, ids.TEAM_FORM, "team.form.title", fields, metadata)


def days_form(words: Words, verb: Verb, member: Member | None, draft: Draft, metadata: str) -> Block:
    """One role of somebody, and its days: where it ends, or both put right."""
    options = {role: option(f"{role} · {words(f'role.{role}')}", role) for role in Role}
    chosen = options.get(Role(draft.roles[0])) if draft.roles else None
    role = select(VALUE, list(options.values()), chosen, words("form.choose"))
    fields = [*_whom(words, member, draft), field_of("roles", words("team.form.role"), role, optional=False)]
    if verb is Verb.CORRECT:
        fields.append(_day(words, "start", "team.form.first", draft.start))
    hint = words("team.form.at_once") if verb is Verb.END else ""
    fields.append(_day(words, "last", "team.form.last", draft.last, hint=hint))
    return _form(words, ids.TEAM_DAYS_FORM, f"team.form.{verb}", fields, metadata)


def _whom(words: Words, member: Member | None, draft: Draft) -> list[Block]:
    if member is not None:
        return [section(md(words, "team.form.whom", name=member.name))]
    person = person_select(VALUE, draft.person_id, words("form.choose"))
    return [field_of("person", words("team.form.person"), person, optional=False)]


def _roles(words: Words, member: Member | None, draft: Draft) -> list[Block]:
    """Roles to take on; those that are held stand in the hint, for a form that takes one away would say so nowhere."""
    options = {role: option(f"{role} · {words(f'role.{role}')}", role) for role in Role}
    chosen = [options[Role(role)] for role in draft.roles]
    held = ", ".join(member.roles) if member else ""
    hint = words("team.form.roles_held", held=held) if held else ""
    element = multi_select(VALUE, list(options.values()), chosen, words("form.choose"))
    return [field_of("roles", words("team.form.roles"), element, hint=hint)]


def _standing(words: Words, texts: Mapping[str, str]) -> list[Block]:
    manager = person_select(VALUE, texts.get("manager") or None, words("form.choose"))
    several = words("team.form.several")
    return [
        field_of("manager", words("team.field.manager"), manager),
        _text(words, "team", texts),
        _text(words, "territories", texts, hint=several, example="EMEA, DACH"),
        _text(words, "segments", texts, hint=several, example="SMB"),
    ]


def _text(words: Words, name: str, texts: Mapping[str, str], *, hint: str = "", example: str | None = None) -> Block:
    element = text_input(VALUE, texts.get(name), placeholder=example)
    return field_of(name, words(f"team.field.{name}"), element, hint=hint)


def _day(words: Words, name: str, label: str, day: date | None, *, hint: str = "") -> Block:
    return field_of(name, words(label), date_input(VALUE, day.isoformat() if day else None), hint=hint)


def _form(words: Words, callback_id: str, title: str, fields: list[Block], metadata: str) -> Block:
    save, cancel = words("form.save"), words("button.cancel")
    return modal(callback_id, words(title), fields, submit=save, close=cancel, metadata=metadata)
