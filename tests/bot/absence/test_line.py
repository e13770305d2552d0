"""Lines of `away` as people type them, and what they say."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.absence.kinds import AbsenceKind
from bot.absence.line import mentioned, read
from bot.absence.rules import Asked, Away
from bot.absence.vocabulary import Half, Verb
from bot.reading.text import escaped

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
"""A Wednesday morning."""

TODAY, TOMORROW, FRIDAY = date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20)
MORNING, AFTERNOON = Half.MORNING, Half.AFTERNOON
VACATION, SICK, TRIP, TRAINING = AbsenceKind.VACATION, AbsenceKind.SICK, AbsenceKind.TRIP, AbsenceKind.TRAINING


def on(first: date, last: date | None = None, **more: Any) -> Away:
    """Away from `first` to `last`."""
    return Away(first, last or first, **more)


def until(last: date, **more: Any) -> Away:
    """Away from now on."""
    return Away(TODAY, last, from_now=True, **more)


def at(start: int, end: int, day: date = TODAY, **more: Any) -> Away:
    """Away for some hours of one day."""
    return Away(day, day, time(start), time(end), **more)


def nov(day: int) -> date:
    """A day of this month."""
    return date(2026, 11, day)


def dec(day: int) -> date:
    """A day of the next month."""
    return date(2026, 12, day)


ENGLISH = [
    ("until fri", until(FRIDAY)),
    ("till 1 dec", until(dec(1))),
    ("UNTIL   Friday!", until(FRIDAY)),
    ("through thursday", until(TOMORROW)),
    ("until wed", until(TODAY)),
    ("until next fri", until(FRIDAY)),
    ("until 15:00", until(TODAY, end=time(15))),
    ("until 3pm", until(TODAY, end=time(15))),
    ("until tomorrow noon", until(TOMORROW, end=time(12))),
    ("until the 25th", until(nov(25))),
    ("until next week", until(nov(22))),
    ("until end of week", until(nov(22))),
    ("until eod", until(TODAY)),
    ("until this week", until(nov(22))),
    ("next week to 4 dec", on(nov(23), dec(4))),
    ("tomorrow pm", on(TOMORROW, half=AFTERNOON)),
    ("fri", on(FRIDAY)),
    ("on fri", on(FRIDAY)),
    ("today", on(TODAY)),
    ("tomorrow", on(TOMORROW)),
    ("tomorrow all day", on(TOMORROW)),
    ("in 3 days", on(nov(21))),
    ("wed", on(TODAY)),
    ("tomorrow morning", on(TOMORROW, half=MORNING)),
    ("tomorrow afternoon", on(TOMORROW, half=AFTERNOON)),
    ("half-am fri", on(FRIDAY, half=MORNING)),
    ("this afternoon", on(TODAY, half=AFTERNOON)),
    ("13:00-15:00", at(13, 15)),
    ("13-15", at(13, 15)),
    ("13:00–15:00 tomorrow", at(13, 15, TOMORROW)),
    ("tomorrow 13 - 15", at(13, 15, TOMORROW)),
    ("2-4pm", at(14, 16)),
    ("11am to 2pm", at(11, 14)),
    ("between 13 and 15", at(13, 15)),
    ("for 2 hours", at(10, 12)),
    ("1 dec - 5 dec", on(dec(1), dec(5))),
    ("from mon to wed", on(nov(23), nov(25))),
    ("mon-wed", on(nov(23), nov(25))),
    ("mon-wed next week", on(nov(23), nov(25))),
    ("24-28 dec", on(dec(24), dec(28))),
    ("dec 24–28", on(dec(24), dec(28))),
    ("24.12-28.12", on(dec(24), dec(28))),
    ("2026-12-24—2026-12-28", on(dec(24), dec(28))),
    ("28 - 3 jan", on(dec(28), date(2027, 1, 3))),
    ("1 nov - 30 nov", on(nov(1), nov(30))),
    ("fri 13:00 - mon 12:00", on(FRIDAY, nov(23), start=time(13), end=time(12))),
    ("from 15:00 until fri", on(TODAY, FRIDAY, start=time(15))),
    ("for 3 days", on(TODAY, FRIDAY)),
    ("3 days from mon", on(nov(23), nov(25))),
    ("for a week", on(TODAY, nov(24))),
    ("next week", on(nov(23), nov(29))),
    ("in the afternoon tomorrow", on(TOMORROW, half=AFTERNOON)),
    ("next month", on(dec(1), dec(31))),
    ("I'm out sick today", on(TODAY, kind=SICK)),
    ("vacation 1 dec - 5 dec - Lisbon at last", on(dec(1), dec(5), kind=VACATION, note="Lisbon at last")),
    ("fri - 3 demos at the expo", on(FRIDAY, note="3 demos at the expo")),
    ("until fri “dentist, then home”", until(FRIDAY, note="dentist, then home")),
    ("parental for 6 months", on(TODAY, date(2027, 5, 17), kind=AbsenceKind.PARENTAL)),
    ("conference tomorrow", on(TOMORROW, kind=TRIP)),
    ("day off fri", on(FRIDAY, kind=AbsenceKind.DAY_OFF)),
    ("time in lieu fri", on(FRIDAY, kind=AbsenceKind.DAY_OFF)),
    ("<@U0ANA> until fri sick", until(FRIDAY, kind=SICK, person_id="U0ANA")),
    ("<@U0ANA|ana> tomorrow", on(TOMORROW, person_id="U0ANA")),
    ("until fri - ask <@U0BEN>", until(FRIDAY, note="ask <@U0BEN>")),
]

RUSSIAN = [
    ("до пятницы", until(FRIDAY)),
    ("до понедельника", until(nov(23))),
    ("по пятницу", until(FRIDAY)),
    ("до 18:30", until(TODAY, end=time(18, 30))),
    ("до 15", until(TODAY, end=time(15))),
    ("до 15 декабря", until(dec(15))),
    ("до конца недели", until(nov(22))),
    ("до конца дня", until(TODAY)),
    ("до завтра", until(TOMORROW)),
    ("завтра", on(TOMORROW)),
    ("Послезавтра", on(FRIDAY)),
    ("в пятницу", on(FRIDAY)),
    ("меня не будет в пятницу", on(FRIDAY)),
    ("весь день", on(TODAY)),
    ("завтра утром", on(TOMORROW, half=MORNING)),
    ("завтра до обеда", on(TOMORROW, half=MORNING)),
    ("в пятницу после обеда", on(FRIDAY, half=AFTERNOON)),
    ("первая половина дня завтра", on(TOMORROW, half=MORNING)),
    ("завтра с 13 до 15", at(13, 15, TOMORROW)),
    ("с 13:00 до 15:00", at(13, 15)),
    ("с 13 до 15 часов", at(13, 15)),
    ("13–15 завтра", at(13, 15, TOMORROW)),
    ("на два часа", at(10, 12)),
    ("с 1 по 5 декабря", on(dec(1), dec(5))),
    ("1 декабря – 5 декабря", on(dec(1), dec(5))),
    ("с 24 декабря по 10 января", on(dec(24), date(2027, 1, 10))),
    ("с пн по ср", on(nov(23), nov(25))),
    ("со среды по пятницу", on(TODAY, FRIDAY)),
    ("с завтра до пятницы", on(TOMORROW, FRIDAY)),
    ("на неделю", on(TODAY, nov(24))),
    ("на 3 дня", on(TODAY, FRIDAY)),
    ("через неделю на неделю", on(nov(25), dec(1))),
    ("на следующей неделе", on(nov(23), nov(29))),
    ("в следующем месяце", on(dec(1), dec(31))),
    ("отпуск на месяц", on(TODAY, dec(17), kind=VACATION)),
    ("болею до пятницы", until(FRIDAY, kind=SICK)),
    ("больничный с 18 по 20 ноября", on(TODAY, FRIDAY, kind=SICK)),
    ("обучение завтра 10:00-16:00", at(10, 16, TOMORROW, kind=TRAINING)),
    ("в командировке с пн по ср", on(nov(23), nov(25), kind=TRIP)),
    ("отгул завтра", on(TOMORROW, kind=AbsenceKind.DAY_OFF)),
    ("завтра 13-15 — врач", at(13, 15, TOMORROW, note="врач")),
    ("<@U0ANA> ОТПУСК до 1 декабря", until(dec(1), kind=VACATION, person_id="U0ANA")),
]


@pytest.mark.parametrize(("line", "away"), [pytest.param(*case, id=case[0]) for case in (*ENGLISH, *RUSSIAN)])
def test_a_line_says_when_and_why(line: str, away: Away) -> None:
    assert read(line, NOW) == away


@pytest.mark.parametrize("kind", list(AbsenceKind))
def test_every_kind_is_a_word_of_its_own(kind: AbsenceKind) -> None:
    assert read(f"{kind} until fri", NOW) == until(FRIDAY, kind=kind)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("sick", "no_end"),
        ("отпуск", "no_end"),
        ("from mon", "no_end"),
        ("15:00", "no_end"),
        ("- dentist", "no_end"),
        ("until", "no_end"),
        ("from tomorrow until", "no_end"),
        ("for 2 hours tomorrow", "no_end"),
        ("for 401 days", "not_understood"),
        ("until tomorrow morning", "not_clear"),
        ("<@U0ANA> sick", "no_end"),
        ("until blurg", "not_understood"),
        ("до послепослезавтра", "not_understood"),
        ("9-9:30", "past"),
        ("until 9:00", "past"),
        ("1 nov 2026 - 5 nov 2026", "past"),
        ("5 dec - 1 dec", "end_before_start"),
        ("15-13", "end_before_start"),
        ("until 24 dec 2027", "too_long"),
        ("1 dec 2031 - 5 dec 2031", "too_far"),
        ("until 31 dec 9999", "too_far"),
        ("31 feb", "no_such_day"),
        ("25:00-26:00", "no_such_time"),
        ("until 99", "no_such_time"),
        ("until the 31st", "no_such_day"),
        ("99-5 dec", "no_such_day"),
        ("until 03/04", "two_days"),
        ("mon and wed", "several_spans"),
        ("mon to tue to wed", "several_spans"),
        ("half day tomorrow", "which_half"),
        ("полдня завтра", "which_half"),
        ("tomorrow morning until fri", "not_clear"),
        ("<@U0ANA> <@U0BEN> until fri", "several_people"),
        (f"until fri - {'x' * 400}", "note_long"),
        ("x" * 2000, "line_long"),
    ],
    ids=lambda text: text[:30],
)
def test_what_is_open_is_asked_back(line: str, code: str) -> None:
    reading = read(line, NOW)
    assert isinstance(reading, Asked)
    assert reading.problem.code == code


def test_a_question_keeps_what_was_understood() -> None:
    reading = read("<@U0ANA> больничный блабла - грипп", NOW)
    assert isinstance(reading, Asked)
    assert reading.problem.params == {"words": "блабла"}
    assert (reading.kind, reading.note, reading.person_id) == (SICK, "грипп", "U0ANA")


@pytest.mark.parametrize(
    ("line", "verb"),
    [
        ("", Verb.FORM),
        ("  ", Verb.FORM),
        ("<@U0ANA>", Verb.FORM),
        ("list", Verb.LIST),
        ("<@U0ANA> LIST", Verb.LIST),
        ("список", Verb.LIST),
        ("help", Verb.HELP),
        ("?", Verb.HELP),
    ],
)
def test_verbs(line: str, verb: Verb) -> None:
    assert read(line, NOW) is verb


@pytest.mark.parametrize(
    ("said_on", "line", "last"),
    [
        pytest.param(20, "until fri", 20, id="on Friday it is today"),
        pytest.param(20, "until this fri", 20, id="this one"),
        pytest.param(20, "until next fri", 27, id="the next one"),
        pytest.param(21, "until fri", 27, id="on Saturday the coming one"),
        pytest.param(20, "до пятницы", 20, id="in Russian"),
    ],
)
def test_a_weekday_looks_ahead_with_today_in_it(said_on: int, line: str, last: int) -> None:
    reading = read(line, NOW.replace(day=said_on))
    assert isinstance(reading, Away)
    assert reading.last == nov(last)


def test_hours_from_now_are_real_hours_when_the_clocks_change() -> None:
    before = datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert read("for 3 hours", before) == Away(date(2026, 10, 25), date(2026, 10, 25), time(1, 30), time(3, 30))


def test_mentions_in_the_note_name_nobody() -> None:
    assert mentioned("<@U0ANA> until fri - ask <@U0BEN>") == ("U0ANA",)


WORDS = st.sampled_from(
    [word for line, _ in (*ENGLISH, *RUSSIAN) for word in line.split()]
    + ["-", "to", "99", "0", "0001-12-01", "9999-12-31"]
)


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=10).map(" ".join)))
def test_every_line_has_a_reading(text: str) -> None:
    assert isinstance(read(text, NOW), Away | Asked | Verb)
    assert isinstance(read(escaped(text), NOW), Away | Asked | Verb)
