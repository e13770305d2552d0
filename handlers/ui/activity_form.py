"""The form that a bare `/log`, `Edit` and `Log as activity` open."""

from bot.activity.entry import Entry, Kind, Outcome
from bot.words import Words
from handlers import ids
from handlers.ui.blocks import Block, date_input, field_of, modal, option, select, text_input, time_input

VALUE = "value"
"""The action id inside each field; the field's own name is its block id."""


def log_form(words: Words, entry: Entry, *, metadata: str, editing: bool = False) -> Block:
    """The fields of one entry, filled with `entry`; errors come back under the field of the same name."""
    return modal(
        ids.LOG_EDIT_FORM if editing else ids.LOG_FORM,
        words("form.edit_title" if editing else "form.title"),
        [*_what(words, entry), *_when(words, entry), *_next(words, entry)],
        submit=words("form.save" if editing else "form.submit"),
        close=words("button.cancel"),
        metadata=metadata,
    )


def _what(words: Words, entry: Entry) -> list[Block]:
    kinds = _options(words, "kind", Kind, entry.kind)
    outcomes = _options(words, "outcome", Outcome, entry.outcome)
    who = entry.who.name if entry.who else None
    count = str(entry.count) if entry.count > 1 else None
    length = words("form.minutes", minutes=entry.minutes) if entry.minutes else None
    return [
        field_of("kind", words("form.kind"), _select(words, kinds, entry.kind), optional=False),
        field_of("who", words("form.who"), text_input(VALUE, who), hint=words("form.who_hint")),
        field_of("outcome", words("form.outcome"), _select(words, outcomes, entry.outcome)),
        field_of("duration", words("form.duration"), _short(length, words("form.duration_example"))),
        field_of("note", words("form.note"), text_input(VALUE, entry.note, multiline=True)),
        field_of("count", words("form.count"), _short(count, "1")),
    ]


def _when(words: Words, entry: Entry) -> list[Block]:
    at = entry.at.strftime("%H:%M") if entry.at else None
    day = date_input(VALUE, entry.day.isoformat())
    return [
        field_of("day", words("form.day"), day, optional=False),
        field_of("time", words("form.time"), time_input(VALUE, at)),
    ]


def _next(words: Words, entry: Entry) -> list[Block]:
    step = entry.follow_up
    day = date_input(VALUE, step.day.isoformat() if step else None)
    at = time_input(VALUE, step.at.strftime("%H:%M") if step and step.at else None)
    return [
        field_of("next_what", words("form.next_what"), text_input(VALUE, step.what if step else None)),
        field_of("next_day", words("form.next_day"), day),
        field_of("next_time", words("form.next_time"), at),
    ]


def _options(words: Words, noun: str, codes: type[Kind] | type[Outcome], own: str | None) -> dict[str, Block]:
    """Every standard choice, and the entry's own where the workspace added it."""
    options = {str(code): option(words(f"{noun}.{code}").capitalize(), code) for code in codes}
    return options if own is None or own in options else {**options, own: option(own, own)}


def _select(words: Words, options: dict[str, Block], chosen: str | None) -> Block:
    initial = options.get(chosen) if chosen else None
    return select(VALUE, list(options.values()), initial, words("form.choose"))


def _short(initial: str | None, example: str) -> Block:
    return text_input(VALUE, initial, placeholder=example)
