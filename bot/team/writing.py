"""Writes a line of `/team` that reads back as what it was made of: the corrected examples."""

from dataclasses import replace
from datetime import date
from typing import Any

from bot.access.roles import Role
from bot.people.model import Aspect
from bot.reading.text import keyed, quoted
from bot.team.draft import WITH_ROLE, Draft
from bot.team.vocabulary import JOINTS, NOBODY, SELF, Verb, begins_clause
from bot.working_time.hours import STANDARD, Hours

_WORDS = {
    "en": {
        Verb.ASSIGN: "assign",
        Verb.END: "end",
        Verb.CORRECT: "correct",
        Verb.HOURS: "hours",
        Verb.COUNTRY: "country",
        Aspect.MANAGER: "to",
        Aspect.TEAM: "team",
        Aspect.TERRITORIES: "territory",
        Aspect.SEGMENTS: "segment",
        "from": "from",
        "until": "until",
        "nobody": "none",
        "standard": "standard",
        "boss": "manager",
        "on": "on",
        Verb.ROLE: "role",
        "days": "mon tue wed thu fri sat sun",
    },
    "ru": {
        Verb.ASSIGN: "назначить",
        Verb.END: "снять",
        Verb.CORRECT: "исправить",
        Verb.HOURS: "часы",
        Verb.COUNTRY: "страна",
        Aspect.MANAGER: "к",
        Aspect.TEAM: "команда",
        Aspect.TERRITORIES: "территория",
        Aspect.SEGMENTS: "сегмент",
        "from": "с",
        "until": "до",
        "nobody": "нет",
        "standard": "обычные",
        "boss": "руководитель",
        "on": "на",
        Verb.ROLE: "роль",
        "days": "пн вт ср чт пт сб вс",
    },
}


_PLACE = dict.fromkeys((Verb.ASSIGN, Verb.END, Verb.CORRECT)) | {Verb.HOURS: STANDARD.to_json(), Verb.COUNTRY: "DE"}
"""The verbs that change something, each with the value that it cannot be without."""
_SAMPLE = {"U0ANA": "@ana"}


def example(verb: Verb, draft: Draft, today: date, language: str) -> str:
    """A line that would do: what was understood, with samples for what is missing."""
    words = _WORDS[language]
    if verb in _PLACE:
        return write(verb, _repaired(verb, draft, today), language)
    if verb in (Verb.ROLE, Verb.ROLES):
        return f"{words[Verb.ROLE]} {next(iter(draft.roles), Role.AE)}"
    return f"{words['on']} {today.replace(day=1)}" if verb is Verb.ROSTER else next(iter(_SAMPLE.values()))


def _repaired(verb: Verb, draft: Draft, today: date) -> Draft:
    if draft.person_id is None:
        draft = replace(draft, person_id=next(iter(_SAMPLE)), called={**draft.called, **_SAMPLE})
    if verb in _PLACE and _PLACE[verb] and not draft.aspects.get(verb):
        return replace(draft, aspects={**draft.aspects, verb: _PLACE[verb]})
    if verb in WITH_ROLE or not draft.says_something:
        draft = replace(draft, roles=draft.roles[:1] or (Role.SDR,))
    if verb is Verb.CORRECT and not (draft.start or draft.last):
        draft = replace(draft, start=today.replace(day=1))
    return draft


def write(verb: Verb, draft: Draft, language: str) -> str:
    """The line behind `/team`, in the words of `language`."""
    words = _WORDS[language]
    aspects = sorted(draft.aspects.items(), key=lambda item: item[0] not in (Aspect.HOURS, Aspect.COUNTRY))
    own = verb in (Verb.HOURS, Verb.COUNTRY)
    parts = (
        [words[verb]] if own and draft.person_id not in draft.called else [words[verb], _called(draft, draft.person_id)]
    )
    if own:
        parts += [_value(name, value, draft, words) for name, value in aspects if name == verb]
    else:
        parts.append("+".join(draft.roles))
    parts += [_clause(name, value, draft, words) for name, value in aspects if name != verb]
    parts += [
        f"{words['from']} {draft.start}" if draft.start else "",
        f"{words['until']} {draft.last}" if draft.last else "",
    ]
    return " ".join(part for part in parts if part)


def _clause(name: str, value: Any, draft: Draft, words: dict[str, str]) -> str:
    if name == Aspect.MANAGER and not value:
        return f"{words['boss']} {words['nobody']}"
    return f"{words[name]} {_value(name, value, draft, words)}"


def _value(name: str, value: Any, draft: Draft, words: dict[str, str]) -> str:
    if name == Aspect.HOURS:
        return written_hours(value, words["days"].split()) if value else words["standard"]
    if not value:
        return words["nobody"]
    if name == Aspect.MANAGER:
        return _called(draft, value)
    if isinstance(value, list):
        return ", ".join(_as_typed(each) for each in value)
    return _as_typed(value) if name == Aspect.TEAM else str(value)


def written_hours(value: Any, names: list[str]) -> str:
    """`9:00-17:30 mon-fri`; `names` are those of the weekdays from Monday on."""
    said = []
    for days, start, end in Hours.from_json(value).spans():
        first, last = names[days[0]], names[days[-1]]
        said.append(f"{start:%H:%M}-{end:%H:%M} {first if first == last else f'{first}-{last}'}")
    return ", ".join(said)


def _called(draft: Draft, person_id: str | None) -> str:
    return draft.called.get(str(person_id)) or f"<@{person_id}>"


def _as_typed(value: str) -> str:
    word = keyed(value)
    is_plain = value.isalnum() and not value.isdigit() and word not in NOBODY | JOINTS | SELF
    return value if is_plain and not begins_clause([word], 0) else quoted(value)
