"""What lines of `/digest` say, in both languages; every string has a reading."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.line import read
from bot.digest.rules import Digest
from bot.digest.said import Board, Decide, Help, Overview, Show, Whose
from bot.reading.asked import Unclear

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("line", "name", "whose"),
    [
        ("", "2026-W48", None),
        ("this week", "2026-W48", None),
        ("эта неделя", "2026-W48", None),
        ("last", "2026-W47", None),
        ("last week", "2026-W47", None),
        ("прошлая", "2026-W47", None),
        ("за прошлую неделю", "2026-W47", None),
        ("2026-W46", "2026-W46", None),
        ("2026-w46", "2026-W46", None),
        ("w46", "2026-W46", None),
        ("week 46", "2026-W46", None),
        ("неделя 46", "2026-W46", None),
        ("W53", "2020-W53", None),
        ("monthly", "2026-11", None),
        ("ежемесячно", "2026-11", None),
        ("monthly last", "2026-10", None),
        ("last month", "2026-10", None),
        ("прошлый месяц", "2026-10", None),
        ("october", "2026-10", None),
        ("2026-09", "2026-09", None),
        ("quarterly", "2026-Q4", None),
        ("q3", "2026-Q3", None),
        ("2026-Q3", "2026-Q3", None),
        ("my", "2026-W48", Whose.MINE),
        ("моя", "2026-W48", Whose.MINE),
        ("team last", "2026-W47", Whose.TEAM),
        ("команда прошлая", "2026-W47", Whose.TEAM),
        ("marketing last", "2026-W47", Whose.MARKETING),
        ("маркетинг", "2026-W48", Whose.MARKETING),
        ("everybody monthly", "2026-11", Whose.EVERYBODY),
    ],
)
def test_a_period_and_whose(line: str, name: str, whose: Whose | None) -> None:
    said = read(line, TODAY)
    if name == "2020-W53":  # no year near by has a week 53 that is over
        assert isinstance(said, Show | Unclear)
        return
    assert isinstance(said, Show), said
    assert (said.period.name, said.whose) == (name, whose)


@pytest.mark.parametrize(
    ("line", "decided"),
    [
        ("on mon 08:30", Decide(True, None, 0, time(8, 30))),
        ("on monday 8:30", Decide(True, None, 0, time(8, 30))),
        ("вкл пн 8:30", Decide(True, None, 0, time(8, 30))),
        ("on fri", Decide(True, None, 4, None)),
        ("on friday at 4pm", Decide(True, None, 4, time(16))),
        ("mon 9:00", Decide(True, None, 0, time(9))),
        ("on", Decide(True)),
        ("off", Decide(False)),
        ("выкл", Decide(False)),
        ("off my", Decide(False, Digest.OWN)),
        ("off team", Decide(False, Digest.TEAM)),
        ("on marketing tue 10:00", Decide(True, Digest.MARKETING, 1, time(10))),
    ],
)
def test_when_it_comes(line: str, decided: Decide) -> None:
    assert read(line, TODAY) == decided


@pytest.mark.parametrize(
    ("line", "week", "is_shown"),
    [
        ("leaderboard", None, None),
        ("рейтинг", None, None),
        ("the leaderboard for last week", "2026-W47", None),
        ("leaderboard W45", "2026-W45", None),
        ("рейтинг за эту неделю", "2026-W48", None),
        ("leaderboard this", "2026-W48", None),
        ("leaderboard off", None, False),
        ("рейтинг выкл", None, False),
        ("on leaderboard", None, True),
    ],
)
def test_the_leaderboard(line: str, week: str | None, is_shown: bool | None) -> None:
    said = read(line, TODAY)
    assert isinstance(said, Board), said
    assert (said.week and said.week.name, said.is_shown) == (week, is_shown)


def test_help_and_what_comes_next() -> None:
    assert read("help", TODAY) == read("помощь", TODAY) == Help()
    assert read("when", TODAY) == read("когда", TODAY) == Overview()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("2026-W54", "period_unread"),
        ("2026-W00", "period_unread"),
        ("2027-W02", "ahead"),
        ("next week", "ahead"),
        ("on mon 25:00", "time_missing"),
        ("last 2026-W46", None),  # which is the week alone
        ("2026-W46 2026-W45", "two_periods"),
        ("monthly q3", "two_periods"),
        ("on 2026-W46", "nothing_on"),
        ("leaderboard q3", "only_weeks"),
        ("leaderboard monthly", "only_weeks"),
        ("leaderboard W45 W46", "only_weeks"),
        ("leaderboard 2027-W02", "ahead"),
        ("frobnicate", "words_unknown"),
        ("x" * 301, "line_long"),
    ],
)
def test_what_is_asked_back(line: str, code: str | None) -> None:
    said = read(line, TODAY)
    if code is None:
        assert isinstance(said, Show)
        return
    assert isinstance(said, Unclear)
    assert said.problem.code == code
    assert not isinstance(read(said.example, TODAY), Unclear)


def test_a_quarter_that_may_be_two() -> None:
    said = read("2026-Q3", TODAY, 4)
    assert isinstance(said, Unclear)
    assert said.problem.code == "period_ambiguous"


@given(st.text(max_size=320))
def test_every_string_has_a_reading(line: str) -> None:
    read(line, TODAY)
