"""The form is read like a line: the same entries, the same problems, each under its own field."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.activity.entry import AskedBack, Entry, FollowUp, Kind, Outcome, Problem, Understood, Verb, Who
from bot.activity.form import Form, best_guess, read_form
from bot.reading.names import Known, KnownName

NOW = datetime(2026, 11, 18, 10, tzinfo=ZoneInfo("Europe/Berlin"))
TODAY = date(2026, 11, 18)
ACME = KnownName("account:1", "Acme")
KNOWN = Known((ACME,), (ACME,))
CALL = Form(kind="call", day="2026-11-18")


def test_every_field_finds_its_place() -> None:
    form = Form(
        kind="demo",
        who="acme",
        count="2",
        outcome="connected",
        duration="1h30",
        day="2026-11-17",
        time="14:30",
        note=" they <like> &lt;it&gt; ",
        next_what="send  quote",
        next_day="2026-11-24",
        next_time="09:00",
    )
    assert read_form(form, NOW, KNOWN) == Entry(
        kind=Kind.DEMO,
        day=date(2026, 11, 17),
        count=2,
        who=Who("Acme", "account:1"),
        minutes=90,
        outcome=Outcome.CONNECTED,
        at=time(14, 30),
        note="they <like> &lt;it&gt;",
        follow_up=FollowUp(date(2026, 11, 24), "send quote", time(9)),
    )


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"duration": "99999m"}, "duration", "duration_long"),
        ({"duration": "0"}, "duration", "duration_zero"),
        ({"duration": "a while"}, "duration", "duration_unreadable"),
        ({"count": "many"}, "count", "count_unreadable"),
        ({"count": "2,5"}, "count", "count_unreadable"),
        ({"count": "0"}, "count", "count_zero"),
        ({"count": "5000"}, "count", "count_absurd"),
        ({"day": "2026-11-19"}, "day", "day_future"),
        ({"day": "2026-08-01"}, "day", "day_old"),
        ({"time": "14:30"}, "time", "time_future"),
        ({"who": "Acmee"}, "who", "who_close"),
        ({"who": "x" * 200}, "who", "name_long"),
        ({"kind": "note"}, "note", "note_missing"),
        ({"next_day": "2026-11-20"}, "next_what", "follow_up_what"),
        ({"next_day": "2026-11-17", "next_what": "call"}, "next_day", "follow_up_past"),
        ({"next_day": "2026-11-18", "next_time": "08:00", "next_what": "call"}, "next_time", "follow_up_time_past"),
        ({"next_what": "call"}, "next_day", "follow_up_day_missing"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_problem_stands_under_its_field(change: dict[str, str], field: str, code: str) -> None:
    problems = read_form(replace(CALL, **change), NOW, KNOWN)
    assert isinstance(problems, dict)
    assert {name: problem.code for name, problem in problems.items()} == {field: code}


def test_all_problems_are_told_at_once() -> None:
    problems = read_form(replace(CALL, duration="?", count="?", day="2027-01-01"), NOW, KNOWN)
    assert isinstance(problems, dict)
    assert set(problems) == {"duration", "count", "day"}


@pytest.mark.parametrize("typed", ['"Acmee"', "“Acmee”", "«Acmee»", "„Acmee“"])
def test_a_name_in_quotes_is_meant_as_it_stands(typed: str) -> None:
    entry = read_form(replace(CALL, who=typed), NOW, KNOWN)
    assert isinstance(entry, Entry)
    assert entry.who == Who("Acmee")


@pytest.mark.parametrize(
    ("typed", "minutes"), [("20", 20), ("1,5 ч", 90), ("1 h 5 min", 65), ("полчаса", 30), ("", None)]
)
def test_a_duration_may_leave_out_its_unit(typed: str, minutes: int | None) -> None:
    entry = read_form(replace(CALL, duration=typed), NOW, KNOWN)
    assert isinstance(entry, Entry)
    assert entry.minutes == minutes


def test_namesakes_are_asked_about() -> None:
    twins = Known((KnownName("contact:1", "Jane Roe"), KnownName("contact:2", "Jane Roe")))
    problems = read_form(replace(CALL, who="Jane Roe"), NOW, twins)
    assert isinstance(problems, dict)
    assert problems["who"].code == "name_shared"


def test_the_form_opens_with_what_was_understood() -> None:
    entry = Entry(Kind.CALL, TODAY, who=Who("Acme"))
    assert best_guess(Understood((entry,)), "call Acme", TODAY) == entry
    assert best_guess(AskedBack(Problem("number_bare"), "duration", entry), "call Acme 90", TODAY) == entry
    assert best_guess(AskedBack(Problem("line_long"), "note"), "&lt;so", TODAY).note == "<so"
    assert best_guess(Verb.FORM, "", TODAY) == Entry(Kind.CALL, TODAY)


def test_an_edit_is_not_checked_where_it_changes_nothing() -> None:
    long_ago = Entry(
        Kind.CALL,
        date(2026, 7, 1),
        count=500,
        who=Who("Acmee", "account:9"),
        follow_up=FollowUp(date(2026, 7, 2), "call"),
    )
    form = Form(
        kind="call",
        who="Acmee",
        count="500",
        day="2026-07-01",
        duration="10",
        next_day="2026-07-02",
        next_what="call",
    )
    assert read_form(form, NOW, KNOWN, long_ago) == replace(long_ago, minutes=10)
    problems = read_form(replace(form, day="2026-07-02"), NOW, KNOWN, long_ago)
    assert isinstance(problems, dict)
    assert problems["day"].code == "day_old"
