"""The noise budget (trade.md 2.5): pure functions. Moments are UTC, working days are the person's own.

A kind of reminder that was in vain three times in a row, each with a working day of time, moves into the digest for ten
working days; the asked-for act brings it back at once. And no more than five reminders come on one working day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from bot.clock import instant
from bot.working_time.presence import Schedule, next_working_day, shift_of

IN_A_ROW = 3
"""Reminders in vain, after which the kind moves."""

WORKING_DAYS = 10
"""For how many of the person's own it stays there, the one on which it moves included."""

A_DAY = 5
"""Messages of Baton's own accord that somebody gets on one working day."""

TICK = timedelta(minutes=10)
"""By so much a message may be late, and the next one on time, without a working day between them being short."""

_DAY = timedelta(days=1)
_KEPT = 16384

COUNTED = (
    "daily_activity",
    "follow_up",
    "week_ahead",
    "deal_step",
    "deal_renewal",
    "training",
    "reminder_moved",
)
"""The kinds of the ledger that are reminders of Baton's own. What a colleague does (an offer, a deal given, a
dispute), the clocks of leads and hand-offs, wins, digests and answers neither count nor wait.
"""


class Why(StrEnum):
    """Why a reminder was not sent."""

    MOVED = "moved"
    ENOUGH = "enough"


class End(StrEnum):
    """Why a kind comes by message again."""

    ACTED = "acted"
    BROUGHT_BACK = "brought_back"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Told:
    """A reminder that arrived: when, and whether its reader did what it asks for (or answered it) since."""

    at: datetime
    is_acted_on: bool


def in_vain(told: Sequence[Told], schedule: Schedule, now: datetime) -> int:
    """How many of the newest reminders it takes to have three in a row that were in vain by `now`; 0 where there are
    none. `told` is the newest first; one that has not had its working day yet counts for nothing, neither way.
    """
    count = 0
    for n, each in enumerate(told, 1):
        if each.is_acted_on:
            return 0
        count += has_had_its_day(schedule, each.at, now)
        if count == IN_A_ROW:
            return n
    return 0


def has_had_its_day(schedule: Schedule, told_at: datetime, now: datetime) -> bool:
    """Whether one own working day lies between a reminder and `now`: the same time of the next one has come."""
    deadline = _deadline(schedule, told_at)
    return deadline is not None and now >= deadline - TICK


@lru_cache(maxsize=_KEPT)
def _deadline(schedule: Schedule, told_at: datetime) -> datetime | None:
    """Kept: what comes by itself comes to many at once, who share a schedule."""
    local, day = told_at.astimezone(schedule.zone), _day_of(schedule, told_at)
    following = next_working_day(schedule, day)
    return instant(local.date() + (following - day), local.time(), schedule.zone) if following else None


def moves_until(schedule: Schedule, moved_at: datetime) -> datetime:
    """When the last of the ten working days is over: at midnight on their wall, or with its night."""
    day = _day_of(schedule, moved_at)
    last = day
    for _ in range(WORKING_DAYS - 1):
        last = next_working_day(schedule, last) or last + _DAY
    midnight, shift = instant(last + _DAY, time(0), schedule.zone), shift_of(schedule, last)
    return max(midnight, shift.end) if shift else midnight


def day_began(schedule: Schedule, now: datetime) -> datetime:
    """From when on messages count for the working day of `now`: from midnight on their wall, or from the end of a shift
    that reaches over it.
    """
    day = _day_of(schedule, now)
    midnight = instant(day, time(0), schedule.zone)
    before = shift_of(schedule, day - _DAY)
    return max(midnight, before.end) if before else midnight


def _day_of(schedule: Schedule, moment: datetime) -> date:
    """The working day of a moment: that of a night's shift is the one that it began on."""
    today = moment.astimezone(schedule.zone).date()
    before = shift_of(schedule, today - _DAY)
    return today - _DAY if before and before.start <= moment < before.end else today
