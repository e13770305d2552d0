"""What the form of `/baton reminders` makes of its fields."""

from datetime import time

import pytest

from bot.reminders.form import FIELDS, OFF, ON, Filled, read
from bot.reminders.rules import Choice, Kind, Quiet

AS_IT_IS = {**dict.fromkeys(FIELDS, ""), "daily": ON, "follow_up": ON, "week": ON, "early": "0"}


def filled(**texts: str) -> Filled:
    """The form with some fields filled in."""
    found = read(AS_IT_IS | texts)
    assert isinstance(found, Filled)
    return found


def test_an_untouched_form_decides_what_holds_by_itself() -> None:
    assert filled() == Filled(dict.fromkeys(Kind, Choice()), None)


def test_every_field_is_read() -> None:
    found = filled(
        daily=OFF,
        daily_at="15:00",
        follow_up=ON,
        early="15",
        week=OFF,
        week_at="08:30",
        training=OFF,
        quiet_start="20:00",
        quiet_end="07:00",
    )
    assert found.choices == {
        Kind.DAILY: Choice(at=time(15), is_muted=True),
        Kind.FOLLOW_UP: Choice(early=15),
        Kind.WEEK_AHEAD: Choice(at=time(8, 30), is_muted=True),
        Kind.TRAINING: Choice(is_muted=True),
    }
    assert found.quiet == Quiet(time(20), time(7))


def test_midnight_is_a_time() -> None:
    found = filled(daily_at="00:00", quiet_start="00:00", quiet_end="07:00")
    assert found.choices[Kind.DAILY].at == time(0)
    assert found.quiet == Quiet(time(0), time(7))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param("20:00", "", id="no end"),
        pytest.param("", "07:00", id="no start"),
        pytest.param("20:00", "20:00", id="an end that is the start"),
    ],
)
def test_quiet_hours_need_two_ends_that_differ(start: str, end: str) -> None:
    assert read(AS_IT_IS | {"quiet_start": start, "quiet_end": end}) == {"quiet_end": "reminders.problem.quiet_ends"}


@pytest.mark.parametrize("early", ["", "7", "-5", "many", "9999"])
def test_minutes_that_nobody_can_choose_are_none(early: str) -> None:
    assert filled(early=early).choices[Kind.FOLLOW_UP].early == 0
