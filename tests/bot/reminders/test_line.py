"""How people type what they decide about reminders: what each line is understood as, in English and Russian."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reminders.line import EARLY, Decided, read
from bot.reminders.rules import Kind, Quiet

DAILY, FOLLOW_UP, WEEK = Kind.DAILY, Kind.FOLLOW_UP, Kind.WEEK_AHEAD
NIGHT = Quiet(time(20), time(7))


@pytest.mark.parametrize(
    ("line", "decided"),
    [
        ("daily 15:00", Decided(DAILY, at=time(15))),
        ("Daily at 3pm", Decided(DAILY, at=time(15))),
        ("daily 9", Decided(DAILY, at=time(9))),
        ("daily 0", Decided(DAILY, at=time(0))),
        ("day 15.30", Decided(DAILY, at=time(15, 30))),
        ("daily reminder at 15:00!", Decided(DAILY, at=time(15))),
        ("15:00 daily", Decided(DAILY, at=time(15))),
        ("daily noon", Decided(DAILY, at=time(12))),
        ("calls 3:30 pm", Decided(DAILY, at=time(15, 30))),
        ("week monday 9", Decided(WEEK, at=time(9))),
        ("weekly 9:30", Decided(WEEK, at=time(9, 30))),
        ("week ahead at 10", Decided(WEEK, at=time(10))),
        ("день 15:00", Decided(DAILY, at=time(15))),
        ("ежедневно в 15", Decided(DAILY, at=time(15))),
        ("ежедневное напоминание в 15.30", Decided(DAILY, at=time(15, 30))),
        ("звонки 16", Decided(DAILY, at=time(16))),
        ("неделя в 10", Decided(WEEK, at=time(10))),
        ("план на неделю 10:00", Decided(WEEK, at=time(10))),
        ("ДЕНЬ, 15:00", Decided(DAILY, at=time(15))),
    ],
)
def test_a_kind_is_moved(line: str, decided: Decided) -> None:
    assert read(line) == decided


@pytest.mark.parametrize(
    ("line", "early"),
    [
        ("follow-ups 15 min", 15),
        ("follow-ups 15", 15),
        ("follow ups 5m", 5),
        ("followup 10 minutes before", 10),
        ("follow-ups half an hour before", 30),
        ("next steps 1h", 60),
        ("steps 0 min", 0),
        ("шаги 15 мин", 15),
        ("шаги за 15 минут до срока", 15),
        ("следующие шаги за полчаса", 30),
        ("следующие шаги за 1 час", 60),
    ],
)
def test_follow_ups_come_earlier(line: str, early: int) -> None:
    assert read(line) == Decided(FOLLOW_UP, early=early)


@pytest.mark.parametrize(
    ("line", "kind", "is_on"),
    [
        ("daily off", DAILY, False),
        ("mute daily", DAILY, False),
        ("stop my daily reminders", DAILY, False),
        ("daily on", DAILY, True),
        ("unmute week", WEEK, True),
        ("week off", WEEK, False),
        ("follow-ups off", FOLLOW_UP, False),
        ("follow ups on", FOLLOW_UP, True),
        ("no follow-ups", FOLLOW_UP, False),
        ("all off", None, False),
        ("everything on", None, True),
        ("off", None, False),
        ("Mute", None, False),
        ("stop all reminders", None, False),
        ("день выкл", DAILY, False),
        ("активность вкл", DAILY, True),
        ("неделя выкл", WEEK, False),
        ("отключи неделю", WEEK, False),
        ("план на неделю выключить", WEEK, False),
        ("шаги выкл", FOLLOW_UP, False),
        ("следующие шаги вкл", FOLLOW_UP, True),
        ("все выкл", None, False),
        ("всё вкл", None, True),
        ("отключить все напоминания", None, False),
        ("выкл", None, False),
    ],
)
def test_a_kind_or_all_of_them_are_muted_or_come_again(line: str, kind: Kind | None, is_on: bool) -> None:
    assert read(line) == Decided(kind, is_on=is_on)


@pytest.mark.parametrize(
    "line",
    [
        "quiet 20-7",
        "quiet 20:00-07:00",
        "quiet 20 – 7",
        "quiet from 20 to 7",
        "quiet hours 8pm until 7am",
        "Quiet, 20-7",
        "тихо 20-7",
        "тихо с 20 до 7",
        "тихие часы с 20:00 до 7:00",
        "тихие часы 20.00-7.00",
        "тишина с 20 по 7",
    ],
)
def test_quiet_hours_begin_and_end(line: str) -> None:
    assert read(line) == Decided(quiet=NIGHT)


@pytest.mark.parametrize(
    "line", ["quiet off", "quiet hours off", "no quiet hours", "тихо выкл", "тихие часы откл", "без тихих часов"]
)
def test_there_are_to_be_no_quiet_hours(line: str) -> None:
    assert read(line) == Decided(is_loud=True)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "hello",
        "what is this",
        "daily",
        "15:00",
        "all",
        "all 15:00",
        "daily 25:00",
        "daily 24",
        "daily 15:00 16:00",
        "daily 15:00 off",
        "daily on off",
        "daily week 15:00",
        "next week off",
        "daily 15:00, week off",
        "daily 15 min",
        "follow-ups",
        "follow-ups 7 min",
        "follow-ups 2h",
        "follow-ups 15:00",
        "follow-ups 15 min 15 min",
        "follow-ups -15 min",
        "quiet",
        "quiet 20",
        "quiet 20-20",
        "quiet 20-25",
        "quiet 20-7-9",
        "quiet 20-7 off",
        "quiet - 7",
        "день",
        "день сегодня",
        "шаги за 7 минут",
        "тихо",
        "тихо с 20",
        "<@U0ANA> off",
        "daily `15:00`",
    ],
)
def test_what_says_nothing_for_certain_is_not_guessed(line: str) -> None:
    assert read(line) is None


WORDS = st.sampled_from(
    "daily week follow-ups all quiet off on mute 15 15:00 25:00 15min - to at до с в день шаги тихо выкл ٣ , .".split()
)


@given(st.lists(WORDS | st.text(max_size=6), max_size=6))
def test_any_line_is_read_or_not_and_never_fails(words: list[str]) -> None:
    found = read(" ".join(words))
    assert found is None or found.early in {None, *EARLY}
    assert found is None or found.quiet is None or found.quiet.start != found.quiet.end
