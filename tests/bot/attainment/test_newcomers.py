"""A target for part of a period, by the trade's example: who joins on 2 November, and who is new on top of that."""

from datetime import UTC, date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from bot.attainment.days import Calendar
from bot.attainment.newcomers import of_part, partly
from bot.people.rules import Stint
from bot.quota.metrics import DEALS
from bot.quota.ramp import DEFAULT_CURVE
from bot.store.engine import Store
from bot.working_time.hours import STANDARD
from bot.working_time.presence import Schedule, Span
from tests.bot.quota.desk import Q4, Desk

BERLIN = ZoneInfo("Europe/Berlin")


def calendar(*absences: tuple[date, date]) -> Calendar:
    spans = tuple(
        Span(*(datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC) for day in each))
        for each in absences
    )
    return Calendar(Schedule(BERLIN, STANDARD, "DE", "BE", spans))


def stint(start: date, end: date | None = None) -> Stint:
    return Stint(uuid4(), 1, "U0OLGA", "AE", start, end)


@pytest.mark.parametrize(
    ("full", "least", "stints", "by_days", "by_ramp"),
    [
        # joins 2 Nov: 43 of 65 days → 79,384.62; ramp 22 × 25 % + 21 × 50 % = 16 full days × 120,000 ÷ 65 = 29,538.46
        (12_000_000, 0, [stint(date(2026, 11, 2))], 7_938_462, 2_953_846),
        (10, 1, [stint(date(2026, 11, 2))], 7, 2),
        # the last day of the quarter is one of 65: 0.15 deals, at least one
        (10, 1, [stint(date(2026, 12, 31))], 1, 1),
        # two stints add up: October (22 days) and December (22 days without the 25th): 44 of 65, long ramped
        (6_500, 0, [stint(date(2026, 1, 1), date(2026, 10, 31)), stint(date(2026, 12, 1))], 4_400, 4_400),
    ],
)
def test_by_hand(full: int, least: int, stints: list[Stint], by_days: int, by_ramp: int) -> None:
    found = of_part(full, least, Q4, stints, calendar(), DEFAULT_CURVE)
    assert found is not None
    assert (found.by_days, found.by_ramp) == (by_days, by_ramp)


def test_who_is_there_and_ramped_for_all_of_it_carries_all_of_it() -> None:
    assert of_part(12_000_000, 0, Q4, [stint(date(2026, 1, 1))], calendar(), DEFAULT_CURVE) is None


def test_who_is_there_for_none_of_it_is_offered_no_target_of_nothing() -> None:
    assert of_part(12_000_000, 0, Q4, [stint(date(2027, 1, 1))], calendar(), DEFAULT_CURVE) is None


def test_vacation_makes_no_target_smaller_and_a_long_leave_stops_the_ramp() -> None:
    vacation = calendar((date(2026, 12, 7), date(2026, 12, 12)))
    assert of_part(12_000_000, 0, Q4, [stint(date(2026, 1, 1))], vacation, DEFAULT_CURVE) is None
    # Began on 1 July and was away from 3 August to 30 September: on 1 October the second month is not over yet.
    away = calendar((date(2026, 8, 3), date(2026, 10, 1)))
    found = of_part(12_000_000, 0, Q4, [stint(date(2026, 7, 1))], away, DEFAULT_CURVE)
    assert found is not None
    assert found.by_days is None
    assert found.ramp_days < 65


def test_a_newcomer_s_target_is_offered_and_an_old_hand_s_is_not(store: Store) -> None:
    desk = Desk(store)  # everybody began on 1 June
    done = desk.sets(12_000_000)
    assert partly(store, desk.maria, done.target, desk.now) is None
    assert partly(store, desk.maria, desk.sets(None).target, desk.now) is None
    nobody = desk.sets(9, metric=DEALS, whom="U0CEM")
    assert partly(store, desk.maria, nobody.target, desk.now) is None
