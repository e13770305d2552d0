"""The rules of the noise budget, as tables and as properties."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.noise.rules import IN_A_ROW, Told, day_began, has_had_its_day, in_vain, moves_until
from bot.working_time.hours import Hours, Shift
from bot.working_time.presence import Schedule, Span

DAY = Shift(time(9), time(17, 30))
NIGHT = Shift(time(22), time(6))
MON_TO_FRI = Schedule(ZoneInfo("UTC"), Hours((DAY,) * 5 + (None, None)))
NIGHTS = Schedule(ZoneInfo("UTC"), Hours((NIGHT,) * 5 + (None, None)))
MADRID = Schedule(ZoneInfo("Europe/Madrid"), Hours((DAY,) * 5 + (None, None)))


def on(text: str) -> datetime:
    """`11-16 16:30` of 2026 in UTC; 16 November is a Monday."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


MON, TUE, WED, THU = (f"11-{day} 16:30" for day in (16, 17, 18, 19))


@pytest.mark.parametrize(
    ("told", "now", "vain"),
    [
        ([WED, TUE, MON], THU, 3),
        ([WED, TUE, MON], "11-19 16:21", 3),  # a tick that comes early is not a short day
        ([WED, TUE, MON], "11-19 16:00", 0),
        ([WED, TUE, MON], "11-18 17:00", 0),
        ([THU, WED, TUE, MON], "11-19 17:00", 4),  # the newest has had no day yet, and breaks nothing
        ([TUE, MON], THU, 0),
        ([], THU, 0),
        (["11-20 16:30", THU, WED], "11-21 16:30", 0),  # on a Saturday nobody's working day has gone by
        (["11-20 16:30", THU, WED], "11-23 16:30", 3),
        ([MON, MON, MON], TUE, 3),  # three at once
    ],
)
def test_three_that_had_their_day_are_in_vain(told: list[str], now: str, vain: int) -> None:
    assert in_vain([Told(on(each), is_acted_on=False) for each in told], MON_TO_FRI, on(now)) == vain


@pytest.mark.parametrize("acted", [0, 1, 2])
def test_one_act_among_the_last_three_is_enough(acted: int) -> None:
    told = [Told(on(each), is_acted_on=n == acted) for n, each in enumerate((WED, TUE, MON))]
    assert in_vain(told, MON_TO_FRI, on(THU)) == 0


def test_days_away_are_no_time_to_act_in() -> None:
    away = Schedule(MON_TO_FRI.zone, MON_TO_FRI.hours, absences=(Span(on("11-19 00:00"), on("11-24 00:00")),))
    assert not has_had_its_day(away, on(WED), on("11-20 16:30"))
    assert has_had_its_day(away, on(WED), on("11-24 16:30"))


@pytest.mark.parametrize(
    ("schedule", "moved", "until"),
    [
        (MON_TO_FRI, THU, "12-03 00:00"),  # Thu 19 Nov to Wed 2 Dec: ten working days
        (MON_TO_FRI, "11-16 09:00", "11-28 00:00"),
        (MADRID, THU, "12-02 23:00"),
        (NIGHTS, "11-20 03:00", "12-03 06:00"),  # the night of Thursday is Thursday
    ],
)
def test_it_stays_for_ten_working_days_of_theirs(schedule: Schedule, moved: str, until: str) -> None:
    assert moves_until(schedule, on(moved)) == on(until)


@pytest.mark.parametrize(
    ("schedule", "now", "began"),
    [
        (MON_TO_FRI, THU, "11-19 00:00"),
        (MADRID, THU, "11-18 23:00"),
        (NIGHTS, "11-19 23:00", "11-19 06:00"),
        (NIGHTS, "11-20 03:00", "11-19 06:00"),
        (NIGHTS, "11-20 07:00", "11-20 06:00"),
    ],
)
def test_a_working_day_begins_at_midnight_or_behind_the_night_before(schedule: Schedule, now: str, began: str) -> None:
    assert day_began(schedule, on(now)) == on(began)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


@given(
    st.lists(st.tuples(MOMENTS, st.booleans()), max_size=8),
    MOMENTS,
    st.sampled_from([MON_TO_FRI, NIGHTS, MADRID]),
)
def test_what_is_in_vain_is_three_in_a_row_without_an_act(
    several: list[tuple[datetime, bool]], now: datetime, schedule: Schedule
) -> None:
    told = [Told(at, acted) for at, acted in sorted(several, reverse=True)]
    n = in_vain(told, schedule, now)
    assert n == 0 or n >= IN_A_ROW
    assert not any(each.is_acted_on for each in told[:n])
    assert sum(has_had_its_day(schedule, each.at, now) for each in told[:n]) == (IN_A_ROW if n else 0)


@given(MOMENTS, st.sampled_from([MON_TO_FRI, NIGHTS, MADRID]))
def test_ten_working_days_are_two_weeks_of_five(moved: datetime, schedule: Schedule) -> None:
    assert timedelta(days=11) <= moves_until(schedule, moved) - moved <= timedelta(days=15)
    assert day_began(schedule, moved) <= moved
