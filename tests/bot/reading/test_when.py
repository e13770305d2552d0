"""Days and times as people type them. Now is Wednesday, 18 November 2026, 10:00 in Berlin."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.reading.text import read_line
from bot.reading.when import Day, Look, Moment, Time, read_day, read_moment, read_time

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
TODAY = NOW.date()


def words(typed: str) -> list[str]:
    return [token.word for token in read_line(typed).tokens]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", "2026-11-18"),
        ("сегодня", "2026-11-18"),
        ("yesterday", "2026-11-17"),
        ("вчера", "2026-11-17"),
        ("позавчера", "2026-11-16"),
        ("day before yesterday", "2026-11-16"),
        ("tomorrow", "2026-11-19"),
        ("послезавтра", "2026-11-20"),
        ("mon", "2026-11-16"),
        ("on Monday", "2026-11-16"),
        ("wed", "2026-11-18"),
        ("thu", "2026-11-12"),
        ("Friday", "2026-11-13"),
        ("fri.", "2026-11-13"),
        ("пт", "2026-11-13"),
        ("в пятницу", "2026-11-13"),
        ("во вторник", "2026-11-17"),
        ("за среду", "2026-11-18"),
        ("last fri", "2026-11-13"),
        ("last wed", "2026-11-11"),
        ("прошлую среду", "2026-11-11"),
        ("в прошлый вторник", "2026-11-17"),
        ("this mon", "2026-11-16"),
        ("3 days ago", "2026-11-15"),
        ("a week ago", "2026-11-11"),
        ("2 дня назад", "2026-11-16"),
        ("неделю назад", "2026-11-11"),
        ("2026-11-16", "2026-11-16"),
        ("2026/11/16", "2026-11-16"),
        ("31.10.2026", "2026-10-31"),
        ("31.10.26", "2026-10-31"),
        ("31.10", "2026-10-31"),
        ("16/11", "2026-11-16"),
        ("11/16", "2026-11-16"),
        ("10/10/2026", "2026-10-10"),
        ("31 oct", "2026-10-31"),
        ("31st of October", "2026-10-31"),
        ("oct 31", "2026-10-31"),
        ("Oct 31st, 2025", "2025-10-31"),
        ("31 октября", "2026-10-31"),
        ("31 октября 2026 г.", "2026-10-31"),
        ("30 янв", "2026-01-30"),
        ("20 nov", "2025-11-20"),
        ("18 nov", "2026-11-18"),
        ("Fri 13 Nov", "2026-11-13"),
        ("пятница, 6 ноября", "2026-11-06"),
    ],
)
def test_days_of_what_happened_look_back(typed: str, day: str) -> None:
    assert read_day(words(typed), 0, TODAY, Look.BACK) == Day(len(words(typed)), (date.fromisoformat(day),))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("tmrw", "2026-11-19"),
        ("tue", "2026-11-24"),
        ("wed", "2026-11-25"),
        ("thu", "2026-11-19"),
        ("next tue", "2026-11-24"),
        ("след вт", "2026-11-24"),
        ("в следующий вторник", "2026-11-24"),
        ("this fri", "2026-11-20"),
        ("by Friday", "2026-11-20"),
        ("к пятнице", "2026-11-20"),
        ("week", "2026-11-23"),
        ("next week", "2026-11-23"),
        ("на следующей неделе", "2026-11-23"),
        ("next month", "2026-12-01"),
        ("in 3 days", "2026-11-21"),
        ("in a week", "2026-11-25"),
        ("через неделю", "2026-11-25"),
        ("через 2 недели", "2026-12-02"),
        ("15 jan", "2027-01-15"),
        ("до 30 января", "2027-01-30"),
        ("18 nov", "2026-11-18"),
        ("31 oct", "2027-10-31"),
        ("31.10.2026", "2026-10-31"),
        ("03/04", None),
    ],
)
def test_days_to_come_look_ahead(typed: str, day: str | None) -> None:
    found = read_day(words(typed), 0, TODAY, Look.AHEAD)
    expected = Day(len(words(typed)), (date.fromisoformat(day),)) if day else None

    assert (found if found is None or len(found.days) == 1 else None) == expected


def test_the_month_after_december_is_january() -> None:
    assert read_day(["next", "month"], 0, date(2026, 12, 5), Look.AHEAD) == Day(2, (date(2027, 1, 1),))


@pytest.mark.parametrize("typed", ["31 nov", "2026-02-30", "31.02.2026", "30 февраля", "29 feb", "0 jan", "31/04/2026"])
def test_a_day_that_does_not_exist_is_known_for_one(typed: str) -> None:
    assert read_day(words(typed), 0, TODAY, Look.BACK) == Day(len(words(typed)), ())


def test_a_leap_day_is_found_in_its_year() -> None:
    assert read_day(["29", "feb"], 0, date(2028, 3, 1), Look.BACK) == Day(2, (date(2028, 2, 29),))


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("03/04", ("2026-04-03", "2026-03-04")),
        ("03/04/2026", ("2026-04-03", "2026-03-04")),
        ("03-04-2026", ("2026-04-03", "2026-03-04")),
        ("04/04", ("2026-04-04",)),
    ],
)
def test_day_and_month_that_may_change_places_are_left_open(typed: str, days: tuple[str, ...]) -> None:
    assert read_day([typed], 0, TODAY, Look.BACK) == Day(1, tuple(map(date.fromisoformat, days)))


@pytest.mark.parametrize(
    "typed",
    ["", "acme", "90", "15m", "may", "10.30", "1.5", "12:30", "last call", "next", "3 days", "in", "week", "on"],
)
def test_other_words_are_no_day(typed: str) -> None:
    assert read_day(typed.split() or [""], 0, TODAY, Look.BACK) is None


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("14:30", time(14, 30)),
        ("9:15", time(9, 15)),
        ("9am", time(9)),
        ("9 am", time(9)),
        ("9 a.m.", time(9)),
        ("9:30pm", time(21, 30)),
        ("9.30 pm", time(21, 30)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("at 9", time(9)),
        ("@ 9", time(9)),
        ("at 9 o'clock", time(9)),
        ("at 10.30", time(10, 30)),
        ("в 10", time(10)),
        ("в 10:00", time(10)),
        ("в 9 часов", time(9)),
        ("9 утра", time(9)),
        ("7 вечера", time(19)),
        ("noon", time(12)),
        ("полдень", time(12)),
        ("25:00", None),
        ("9:75", None),
        ("13pm", None),
        ("0am", None),
        ("24:00", None),
    ],
)
def test_times_of_day(typed: str, at: time | None) -> None:
    assert read_time(words(typed), 0) == Time(len(words(typed)), at)


@pytest.mark.parametrize("typed", ["9", "10.30", "at Acme", "в 15 мин", "в 3 марта", "at", "1430", "9m", "14:3"])
def test_other_words_are_no_time(typed: str) -> None:
    assert read_time(typed.split(), 0) is None


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("tmrw 9am call", Moment(2, (date(2026, 11, 19),), time(9))),
        ("9am tmrw call", Moment(2, (date(2026, 11, 19),), time(9))),
        ("завтра в 10 набрать", Moment(3, (date(2026, 11, 19),), time(10))),
        ("tue send", Moment(1, (date(2026, 11, 24),))),
        ("14:30 send", Moment(1, (date(2026, 11, 18),), time(14, 30))),
        ("9:30 send", Moment(1, (date(2026, 11, 19),), time(9, 30))),
        ("10:00 send", Moment(1, (date(2026, 11, 19),), time(10))),
        ("in 2 hours call", Moment(3, (date(2026, 11, 18),), time(12))),
        ("через час набрать", Moment(2, (date(2026, 11, 18),), time(11))),
        ("через 20 часов набрать", Moment(3, (date(2026, 11, 19),), time(6))),
        ("31 nov send", Moment(2, ())),
        ("tue 25:00 send", Moment(2, (date(2026, 11, 24),), None, said_no_such_time=True)),
        ("week is bad", Moment(1, (date(2026, 11, 23),))),
        ("in 99 hours call", None),
        ("to the point", None),
        ("", None),
    ],
)
def test_moments_to_come(typed: str, moment: Moment | None) -> None:
    assert read_moment(words(typed), 0, NOW) == moment


def test_an_hour_from_now_is_an_hour_of_the_clock_on_the_wall_when_clocks_change() -> None:
    before = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))

    assert read_moment(["in", "2", "hours"], 0, before) == Moment(3, (date(2026, 10, 25),), time(3, 30))
