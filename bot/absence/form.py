"""Reads the form of an absence: the same checks as a typed line, each problem under its own field."""

from dataclasses import dataclass, fields
from datetime import date, datetime, time

from bot.absence.kinds import AbsenceKind
from bot.absence.rules import Away, Problem, check
from bot.reading.text import storable

PROBLEMS = (
    "end_before_start line_long no_end no_such_day no_such_time not_clear not_understood note_long past several_people "
    "several_spans too_far too_long two_days which_half"
)
FIELD_OF = dict.fromkeys(PROBLEMS.split(), "last") | {"note_long": "note"}
"""Every problem of a line or a form, and the field that shows it."""


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in each field, as text; dates are ISO, times HH:MM, an empty field is empty."""

    first: str = ""
    start: str = ""
    last: str = ""
    end: str = ""
    kind: str = ""
    note: str = ""


FIELDS = tuple(each.name for each in fields(Form))


def read_form(form: Form, now: datetime, person_id: str | None) -> Away | dict[str, Problem]:
    """The absence that a form says, or what is wrong, by field.

    Args:
        form: as it was sent; the select holds a code.
        now: aware, in the zone of the person who will be away.
        person_id: whose absence; None for the reader's own.
    """
    if not form.last:
        return {"last": Problem("no_end")}
    away = Away(
        date.fromisoformat(form.first) if form.first else now.date(),
        date.fromisoformat(form.last),
        time.fromisoformat(form.start) if form.start else None,
        time.fromisoformat(form.end) if form.end else None,
        kind=AbsenceKind(form.kind) if form.kind else None,
        note=storable(form.note) or None,
        person_id=person_id,
    )
    problem = check(away, now)
    return {FIELD_OF[problem.code]: problem} if problem else away
