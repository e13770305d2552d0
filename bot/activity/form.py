"""Reads the form of an entry: the same checks as a typed line, each problem under its own field."""

import re
from dataclasses import dataclass, fields
from datetime import date, datetime, time

from bot.activity.entry import AskedBack, Entry, FollowUp, Kind, Problem, Reading, Understood, Who
from bot.activity.limits import FIELD_OF, check_count, check_day, check_follow_up, check_minutes, check_name, check_note
from bot.reading.duration import read_length
from bot.reading.names import Known, close_names, name_key
from bot.reading.numbers import read_number
from bot.reading.text import fold, plain_text, storable

BARE_MINUTES = re.compile(r"\d{1,9}")
QUOTED = re.compile(r'^["“”„«](.+)["“”»]$')
"""A name in quotes is meant as it stands, even beside one that is spelt nearly the same."""


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in each field, as text; dates are ISO, times HH:MM, an empty field is empty."""

    kind: str = ""
    who: str = ""
    count: str = ""
    outcome: str = ""
    duration: str = ""
    day: str = ""
    time: str = ""
    note: str = ""
    next_what: str = ""
    next_day: str = ""
    next_time: str = ""


FIELDS = tuple(each.name for each in fields(Form))

Problems = dict[str, Problem]


def read_form(form: Form, now: datetime, known: Known, before: Entry | None = None) -> Entry | Problems:
    """The entry that a form says, or what is wrong, by field. A day that an edit leaves may be long ago by now.

    Args:
        form: as it was sent; selects hold codes.
        now: aware, in the person's own zone.
        known: the names that are called, or nearly called, what stands in WHO.
        before: the entry that is edited.
    """
    problems: Problems = {}
    was = before or Entry("", date.min)

    def checked(problem: Problem | None) -> None:
        if problem:
            problems.setdefault(FIELD_OF[problem.code], problem)

    who, problem = _who(form.who, known, was.who)
    checked(problem)
    minutes, problem = _minutes(form.duration)
    checked(problem)
    count, problem = _count(form.count)
    checked(problem)
    day, at = _day(form.day, now), _time(form.time)
    if (day, at) != (was.day, was.at):
        checked(check_day(day, at, now))
    note = storable(form.note).strip() or None
    checked(check_note(form.kind, note))
    step, problem = _follow_up(form, now, was.follow_up)
    checked(problem)
    return problems or Entry(
        kind=form.kind or Kind.CALL,
        day=day,
        count=count,
        who=who,
        minutes=minutes,
        outcome=form.outcome or None,
        at=at,
        note=note,
        follow_up=step,
    )


def best_guess(reading: Reading, line: str, today: date) -> Entry:
    """What to open the form with for a line: what was understood of it, and the whole of it where nothing was."""
    if isinstance(reading, Understood):
        return reading.entries[0]
    if isinstance(reading, AskedBack) and reading.partial:
        return reading.partial
    return Entry(Kind.CALL, today, note=plain_text(line) or None)


def _who(text: str, known: Known, before: Who | None) -> tuple[Who | None, Problem | None]:
    if before and text == before.name:
        return before, None
    quoted = QUOTED.match(text)
    name = storable(quoted[1] if quoted else text).strip()
    if not name:
        return None, None
    exact = known.named(name_key(name))
    if len(exact) > 1:
        return None, Problem("name_shared", {"name": name})
    if exact:
        return Who(exact[0].name, exact[0].ref), None
    close = close_names(name, known)
    if close and not quoted:
        return None, Problem("who_close", {"name": name, "names": tuple(each.name for each in close)})
    return Who(name), check_name(name)


def _minutes(text: str) -> tuple[int | None, Problem | None]:
    if not text:
        return None, None
    if BARE_MINUTES.fullmatch(text):
        return int(text), check_minutes(int(text))
    words = fold(text).split()
    length = read_length(words, 0) if words else None
    if length is None or length.used != len(words):
        return None, Problem("duration_unreadable", {"text": text})
    return length.minutes, check_minutes(length.minutes)


def _count(text: str) -> tuple[int, Problem | None]:
    if not text:
        return 1, None
    number = read_number(text)
    if number is None or number != int(number):
        return 1, Problem("count_unreadable", {"text": text})
    return int(number), check_count(int(number), confirmed=True)


def _day(text: str, now: datetime) -> date:
    return date.fromisoformat(text) if text else now.date()


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


def _follow_up(form: Form, now: datetime, before: FollowUp | None) -> tuple[FollowUp | None, Problem | None]:
    what = " ".join(storable(form.next_what).split())
    if not form.next_day:
        missing = Problem("follow_up_day_missing", {"what": what}) if what or form.next_time else None
        return None, missing
    day, at = date.fromisoformat(form.next_day), _time(form.next_time)
    step = FollowUp(day, what, at)
    return step, None if step == before else check_follow_up(day, at, what, now)
