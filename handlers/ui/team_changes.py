"""How a change of somebody looks: what was, what is, what was asked back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.audit.service import Change
from bot.errors import Refused
from bot.people.assignments import Assigned
from bot.reading.text import plain_text
from bot.team.draft import CHANGES, AskedBack, Draft, Problem
from bot.team.service import Done
from bot.team.vocabulary import Verb
from bot.words import Words
from bot.working_time.hours import Hours
from bot.workspace.names import country_name, hours_line
from handlers import ids
from handlers.ui.blocks import (
    VALUE_MAX,
    Block,
    Message,
    Mrkdwn,
    actions,
    button,
    escape,
    in_sections,
    md,
    quote,
    section,
)
from handlers.ui.settings import problem_text as refusal_text
from handlers.ui.team import SEPARATOR, edit_button

ROLE = "role."
"""The beginning of what a change of a role is called."""


def assigned(words: Words, done: Done, today: date) -> Message:
    """What an assignment did, from which day on, and what is worth a word about it."""
    found = done.assigned
    start = min(change.start_day or today for change in found.changes)
    key = "team.done.today" if start == today else "team.done.from"
    head = md(words, key, name=found.member.name, day=words.date(start))
    return _told(words, done, head, [change_line(words, each, done.names) for each in found.changes], today)


def ended(words: Words, done: Done, today: date, *, at_once: bool) -> Message:
    """A role that ends; at once means that yesterday was the last day."""
    found = done.assigned
    role, after = found.changes[0].what.removeprefix(ROLE), found.changes[0].after
    if at_once:
        head = md(words, "team.done.ended", name=found.member.name, role=role)
    else:
        day = words.date(date.fromisoformat(after["until"]))
        head = md(words, "team.done.ends", name=found.member.name, role=role, day=day)
    return _told(words, done, head, [change_line(words, each, done.names) for each in found.changes], today)


def corrected(words: Words, done: Done, today: date) -> Message:
    """A role whose days were put right."""
    head = md(words, "team.done.corrected", name=done.assigned.member.name)
    return _told(words, done, head, [change_line(words, each, done.names) for each in done.assigned.changes], today)


def undone(words: Words, done: Done) -> Message:
    """What was taken back, and the way to have it again."""
    head = md(words, "team.done.undone", name=done.assigned.member.name)
    lines = [change_line(words, each, done.names) for each in done.assigned.changes]
    again = button(words("button.restore"), ids.TEAM_UNDO, _changes_value(done.assigned.changes))
    return Message("\n".join([head, *lines]), [section(head), *map(section, in_sections(lines)), actions(again)])


def change_line(words: Words, change: Change, names: Mapping[str, str]) -> Mrkdwn:
    """`*SDR*: from Tue 1 Dec 2026`, `*Team*: North → South`."""
    before, after = (_value(words, change.what, value, names) for value in (change.before, change.after))
    what = change.what.removeprefix(ROLE) if change.what.startswith(ROLE) else words(f"team.field.{change.what}")
    if change.before and not change.after and change.what.startswith(ROLE):
        return md(words, "team.change.gone", what=what, value=before)
    key = "team.change" if change.before or not change.what.startswith(ROLE) else "team.change.new"
    return md(words, key, what=what, before=before, after=after)


def asked_back(words: Words, asked: AskedBack, line: str, names: Mapping[str, str]) -> Message:
    """Why nothing was done, what was understood, a line that would do, and the form with all that in it."""
    problem = escape(problem_text(words, asked.problem))
    understood = _understood(words, asked.draft, names)
    example = asked.example
    for person_id, name in names.items():
        example = example.replace(f"<@{person_id}>", f"@{name}")
    parts = [md(words, "team.understood", what=understood)] if understood else []
    parts.append(md(words, "team.example", line=f"{ids.TEAM_COMMAND} {example}"))
    typed = f"{ids.TEAM_COMMAND} {plain_text(line)}"
    blocks = [section(problem), *quote(typed), *(section(part) for part in parts)]
    if asked.verb in CHANGES:
        blocks.append(actions(button(words("button.form"), ids.TEAM_OPEN_FORM, packed(asked.verb, asked.draft))))
    return Message(" ".join([problem, *parts, escape(typed)]), blocks)


def problem_text(words: Words, problem: Problem) -> str:
    """What is wrong with a line or a field, as plain text."""
    return words(
        f"team.ask.{problem.code}", **{name: _param(words, name, each) for name, each in problem.params.items()}
    )


def reason(words: Words, refused: Refused) -> str:
    """A refusal under a field, where Slack shows plain text."""
    return refusal_text(words, refused).replace("`", "").replace("*", "")


def packed(verb: Verb, draft: Draft) -> str:
    """A draft as the value of a button; where it is too much for Slack, without its values."""
    days = {"s": draft.start and draft.start.isoformat(), "u": draft.last and draft.last.isoformat()}
    whole = ids.pack(verb=verb, p=draft.person_id, r=list(draft.roles), a=dict(draft.aspects), **days)
    return (
        whole if len(whole) <= VALUE_MAX else ids.pack(verb=verb, p=draft.person_id, r=list(draft.roles), a={}, **days)
    )


def unpacked(value: Mapping[str, Any]) -> Draft:
    """The draft that a button carries."""
    start, last = (date.fromisoformat(value[name]) if value.get(name) else None for name in ("s", "u"))
    return Draft(value.get("p"), tuple(value.get("r") or ()), start, last, value.get("a") or {})


def _told(words: Words, done: Done, head: Mrkdwn, lines: Sequence[Mrkdwn], today: date) -> Message:
    remarks = list(_remarks(words, done, today))
    ways = [
        button(words("button.undo"), ids.TEAM_UNDO, _changes_value(done.assigned.changes)),
        edit_button(words, done.assigned.member.id),
    ]
    blocks: list[Block] = [section(head), *map(section, in_sections(lines)), *map(section, in_sections(remarks))]
    return Message("\n".join([head, *lines, *remarks]), [*blocks, actions(*ways)])


def _remarks(words: Words, done: Done, today: date) -> Iterator[Mrkdwn]:
    """What was so already, days in the past (yesterday may be today where somebody else is), other people's changes,
    mixed lines.
    """
    found = done.assigned
    for stint in found.already:
        yield md(words, "team.remark.already", name=found.member.name, role=stint.role, day=words.date(stint.start))
    yesterday = today - timedelta(days=1)
    if any(change.start_day and change.start_day < yesterday for change in _new(found)):
        yield md(words, "team.remark.past")
    for other in found.overtaken:
        who = done.names.get(other.by, other.by)
        yield md(words, "team.remark.overtaken", who=who, change=change_line(words, other, done.names))
    if found.mixes_lines:
        yield md(words, "team.remark.mixes")


def _new(found: Assigned) -> list[Change]:
    """What begins to hold, and not what ends."""
    return [change for change in found.changes if not (change.what.startswith(ROLE) and change.before)]


def _value(words: Words, what: str, value: Any, names: Mapping[str, str]) -> Mrkdwn:
    """What a change was from, or to, in words."""
    if not value:
        return md(words, "team.change.none")
    if what.startswith(ROLE):
        return escape(_days(words, value))
    if what == "hours":
        return escape(hours_line(Hours.from_json(value), words.language))
    if what == "country":
        return escape(country_name(value, words.language))
    if what == "manager":
        return escape(names.get(value, value))
    return escape(", ".join(value) if isinstance(value, list) else str(value))


def _days(words: Words, days: Mapping[str, str | None]) -> str:
    start, until = words.date(date.fromisoformat(str(days["from"]))), days.get("until")
    return f"{start} – {words.date(date.fromisoformat(until))}" if until else words("team.from", day=start)


def _understood(words: Words, draft: Draft, names: Mapping[str, str]) -> Mrkdwn:
    """What a line said so far: `Ana Ruiz · SDR · Team: North · from Tue 1 Dec 2026`."""
    parts = [escape(names.get(draft.person_id, draft.person_id))] if draft.person_id else []
    parts += [escape(", ".join(draft.roles))] if draft.roles else []
    for name, value in draft.aspects.items():
        parts.append(md(words, "team.said", what=words(f"team.field.{name}"), value=_value(words, name, value, names)))
    days = (("team.from", draft.start), ("team.until", draft.last))
    parts += [escape(words(key, day=words.date(day))) for key, day in days if day]
    return Mrkdwn(SEPARATOR.join(parts))


def _param(words: Words, name: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_param(words, name, each) for each in value)
    if isinstance(value, date):
        return words.date(value)
    if name == "what":
        return words(f"team.field.{value}")
    return words.number(value) if isinstance(value, int) else str(value)


def _changes_value(changes: Sequence[Change]) -> str:
    return ids.pack(c=[str(change.id) for change in changes])
