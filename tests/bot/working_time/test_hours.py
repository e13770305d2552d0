"""The hours of a week: as people type them, as they are stored, as a form shows them."""

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.working_time.hours import STANDARD, WEEK, Hours, read_hours
from bot.working_time.presence import half_of
from tests.lengths import length

EXAMPLES = settings(max_examples=length(100, 3_000), deadline=None)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
SHIFTS = st.tuples(TIMES, TIMES).filter(lambda shift: shift[0] != shift[1])


def is_of_half_a_day(shift: tuple[time, time]) -> bool:
    """Whether it is at most twelve hours long on the wall."""
    start, end = (at.hour * 60 + at.minute for at in shift)
    return (end - start) % (24 * 60) <= 12 * 60


HOURS = st.dictionaries(st.sampled_from(WEEK), SHIFTS, min_size=1).map(Hours.of)


def shown(hours: Hours) -> str:
    """`01234 09:00-17:30`: the weekdays of each run by number."""
    return ", ".join(f"{''.join(map(str, days))} {start:%H:%M}-{end:%H:%M}" for days, start, end in hours.spans())


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("9-17:30", "01234 09:00-17:30"),
        ("09:00–17:30 mon-fri", "01234 09:00-17:30"),
        ("9.30 — 17.30", "01234 09:30-17:30"),
        ("10-19 пн-пт", "01234 10:00-19:00"),
        ("вс-чт 9-18", "60123 09:00-18:00"),
        ("Fri-Mon 9-17", "4560 09:00-17:00"),
        ("every day 10-18", "0123456 10:00-18:00"),
        ("ежедневно 10-18", "0123456 10:00-18:00"),
        ("каждый день с 10 до 18", "0123456 10:00-18:00"),
        ("weekends 10-14", "56 10:00-14:00"),
        ("с 9 до 18 по будням", "01234 09:00-18:00"),
        ("from 9 to 17:30 on weekdays", "01234 09:00-17:30"),
        ("10-19 по пятницам", "4 10:00-19:00"),
        ("сб 22:00-06:00", "5 22:00-06:00"),
    ],
)
def test_hours_are_read_with_their_days_which_are_monday_to_friday_unless_said(typed: str, hours: str) -> None:
    assert shown(read_hours(typed)) == hours


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("9-5", "09:00-17:00"),
        ("8:30-5", "08:30-17:00"),
        ("09:00-5:00", "09:00-17:00"),
        ("12-8", "12:00-20:00"),
        ("9am-5pm", "09:00-17:00"),
        ("9 a.m. - 5:30 p.m.", "09:00-17:30"),
        ("9-5pm", "09:00-17:00"),
        ("1-5pm", "13:00-17:00"),
        ("9am-5", "09:00-17:00"),
        ("1pm-5", "13:00-17:00"),
        ("10-6am", "22:00-06:00"),
        ("10pm-6", "22:00-06:00"),
        ("22:00-06:00", "22:00-06:00"),
        ("22-6", "22:00-06:00"),
        ("10:00-06:00", "10:00-06:00"),
        ("14-8", "14:00-08:00"),
        ("0-8", "00:00-08:00"),
        ("12am-8am", "00:00-08:00"),
        ("9-24", "09:00-00:00"),
        ("с 8 утра до 5 вечера", "08:00-17:00"),
        ("с 12 ночи до 12 дня", "00:00-12:00"),
    ],
)
def test_a_half_of_the_day_that_is_left_out_is_the_one_that_people_mean(typed: str, hours: str) -> None:
    assert shown(read_hours(typed)) == f"01234 {hours}"


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("9am-5pm mon-thu, fri 9-15", "0123 09:00-17:00, 4 09:00-15:00"),
        ("mon-thu 9-17 fri 9-15", "0123 09:00-17:00, 4 09:00-15:00"),
        ("9-17 mon-thu 9-15 fri", "0123 09:00-17:00, 4 09:00-15:00"),
        ("9-17, fri 9-15", "0123 09:00-17:00, 4 09:00-15:00"),
        ("пн-чт 9:00-18:00, пт 9:00-16:45", "0123 09:00-18:00, 4 09:00-16:45"),
        ("пн-чт 9-18\nпт 9-15", "0123 09:00-18:00, 4 09:00-15:00"),
        ("mon-fri 9-17, sat, sun 10-14", "01234 09:00-17:00, 56 10:00-14:00"),
        ("9-17, mon-fri; 10-14 sat", "01234 09:00-17:00, 5 10:00-14:00"),
        ("mon, wed, fri 9-13", "0 09:00-13:00, 2 09:00-13:00, 4 09:00-13:00"),
        ("9-13 mon, wed, fri", "0 09:00-13:00, 2 09:00-13:00, 4 09:00-13:00"),
        ("пн и ср 9-13", "0 09:00-13:00, 2 09:00-13:00"),
        ("Mon - Fri: 9 - 17", "01234 09:00-17:00"),
        ("mon-fri, 9-17", "01234 09:00-17:00"),
        ("mon 9-17, mon-tue 9-17", "01 09:00-17:00"),
    ],
)
def test_days_stand_before_or_behind_their_hours(typed: str, hours: str) -> None:
    assert shown(read_hours(typed)) == hours


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="nothing"),
        pytest.param(" \n ", id="spaces"),
        pytest.param(", ,", id="commas"),
        pytest.param("9", id="one time"),
        pytest.param("mon-fri", id="days without hours"),
        pytest.param("mon-fri 9-17, sat", id="a day without hours at the end"),
        pytest.param("mon 9-17 tue", id="a day behind the last hours"),
        pytest.param("25:00-3", id="no such hour"),
        pytest.param("9-25", id="no such end"),
        pytest.param("9:60-17", id="no such minute"),
        pytest.param("13pm-17", id="no such hour of twelve"),
        pytest.param("9-9", id="an end that is the start"),
        pytest.param("00:00-24:00", id="a whole day"),
        pytest.param("mon 9-17, mon 10-18", id="a day twice with different hours"),
        pytest.param("mon 9-13 14-18", id="two shifts a day"),
        pytest.param("9-13, 14-18", id="two shifts a day for nobody"),
        pytest.param("9-17, mon-fri 10-18", id="hours that are left no day"),
        pytest.param("9-17 mon, wed, fri 14-18", id="a day between two hours"),
        pytest.param("mon, 9-17 tue", id="days on both sides"),
        pytest.param("9-17 mornings", id="an unknown word"),
        pytest.param("monkeys 9-17", id="the beginning of a word"),
        pytest.param("2026-11-18", id="a date"),
        pytest.param("9-17-20", id="three times"),
        pytest.param("-5-9", id="a minus"),
        pytest.param("17:30:00-18:00", id="seconds"),
    ],
)
def test_what_cannot_be_read_for_certain_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_hours(typed)


@EXAMPLES
@given(st.text() | st.text("0123456789:-, .amponftuпнчт", max_size=30))
def test_every_text_is_hours_or_refused(typed: str) -> None:
    try:
        hours = read_hours(typed)
    except ValueError:
        return
    assert Hours.from_json(hours.to_json()) == hours


@EXAMPLES
@given(HOURS)
def test_hours_are_stored_and_shown_with_all_their_days(hours: Hours) -> None:
    shown_days = {day: (start, end) for days, start, end in hours.spans() for day in days}

    assert Hours.from_json(hours.to_json()) == hours
    assert Hours.of(shown_days) == hours


@EXAMPLES
@given(st.dictionaries(st.sampled_from(WEEK), SHIFTS.filter(is_of_half_a_day), min_size=1).map(Hours.of))
def test_hours_up_to_half_a_day_are_read_back_as_they_are_shown(hours: Hours) -> None:
    names = "пн вт ср чт пт сб вс".split()
    typed = ", ".join(
        f"{names[days[0]]}-{names[days[-1]]} {start:%H:%M}–{end:%H:%M}" for days, start, end in hours.spans()
    )

    assert read_hours(typed) == hours


@pytest.mark.parametrize(
    ("days", "spans"),
    [
        pytest.param("0 1 2 3 4", "01234", id="the standard week"),
        pytest.param("6 0 1 2 3", "60123", id="Sunday to Thursday is one run"),
        pytest.param("0 1 2 3 4 5 6", "0123456", id="every day"),
        pytest.param("0 2 4", "0, 2, 4", id="single days"),
        pytest.param("0 1 3 4", "01, 34", id="a day off parts them"),
    ],
)
def test_days_with_the_same_hours_are_shown_as_one_run(days: str, spans: str) -> None:
    hours = Hours.of(dict.fromkeys(map(int, days.split()), (time(9), time(18))))

    assert shown(hours) == ", ".join(f"{run} 09:00-18:00" for run in spans.split(", "))


def test_a_shorter_friday_is_a_run_of_its_own() -> None:
    long, short = (time(9), time(18)), (time(9), time(15))

    assert shown(Hours.of({**dict.fromkeys((6, 0, 1, 2, 3), long), 4: short})) == "60123 09:00-18:00, 4 09:00-15:00"


def test_the_standard_is_nine_to_half_past_five_from_monday_to_friday() -> None:
    assert STANDARD.to_json() == {str(day): ["09:00", "17:30"] for day in range(5)}


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="nothing"),
        pytest.param({}, id="no day"),
        pytest.param([], id="a list"),
        pytest.param("09:00-17:30", id="text"),
        pytest.param({"7": ["09:00", "17:30"]}, id="no such weekday"),
        pytest.param({0: ["09:00", "17:30"]}, id="a number for a weekday"),
        pytest.param({"0": None}, id="a day without hours"),
        pytest.param({"0": ["09:00"]}, id="no end"),
        pytest.param({"0": ["09:00", "17:30", "18:00"]}, id="three times"),
        pytest.param({"0": [9, 17]}, id="numbers"),
        pytest.param({"0": ["9:00", "17:30"]}, id="another form"),
        pytest.param({"0": ["09:00", "24:00"]}, id="no such time"),
        pytest.param({"0": ["09:00", "09:00"]}, id="an end that is the start"),
    ],
)
def test_rubbish_in_the_store_is_no_hours(value: Any) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Hours.from_json(value)


@pytest.mark.parametrize("week", [(), (None,) * 7, (*STANDARD.week, None)])
def test_a_week_has_seven_days_and_one_of_work(week: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="week"):
        Hours(week)


@pytest.mark.parametrize(
    ("start", "end", "middle"),
    [
        pytest.param(time(9), time(17, 30), time(13, 15), id="the standard day"),
        pytest.param(time(22), time(6), time(2), id="a night, halved on the next day"),
        pytest.param(time(18), time(2), time(22), id="a night, halved before midnight"),
        pytest.param(time(18), time(6), time(0), id="a night, halved at midnight"),
        pytest.param(time(9), time(17, 15), time(13, 7), id="to the minute"),
    ],
)
def test_the_middle_of_a_day_is_that_of_its_own_hours(start: time, end: time, middle: time) -> None:
    hours = Hours.of({2: (start, end)})

    assert half_of(hours, date(2026, 11, 18)) == middle
    assert half_of(hours, date(2026, 11, 19)) is None
