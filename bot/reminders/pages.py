"""What a reminder shows when it is sent, or changes: plain values, from the state of that moment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import refusal
from bot.activity import queries as activity
from bot.activity import steps
from bot.activity.steps import Step
from bot.activity.versions import EARLIEST
from bot.delivery import queries as deliveries
from bot.delivery.outcome import NotYet, Parcel
from bot.people import queries as people
from bot.reminders import deal_steps, planning, queries
from bot.reminders.rules import Kind
from bot.store.engine import Store
from bot.working_time.holidays import name_of
from bot.working_time.presence import Reason, Schedule, hours_on, presence, work_on

ASK_AFTER = 10
"""Reminders in a row that nobody acted on, after which the next one asks whether it should stop."""

LOOKS_BACK = 20 * ASK_AFTER
"""Whoever has let so many pass, and kept them when asked, is asked no more."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Page:
    """What every reminder has: its reader, the reader's day, what they did with it, and whether it asks to stop."""

    key: str
    kind: Kind
    actor: Actor
    today: date
    act: str | None
    asks: bool


@dataclass(frozen=True, slots=True)
class DailyPage(Page):
    """Calls of `day` against the goal."""

    day: date
    calls: int
    goal: int


@dataclass(frozen=True, slots=True)
class FollowUpPage(Page):
    """What was promised for now, as it stands."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class DayOff:
    """A working day of the week on which its reader does not work: a public holiday with its name, or an absence."""

    day: date
    holiday: str | None


@dataclass(frozen=True, slots=True)
class WeekPage(Page):
    """What the week from `monday` on brings: what is overdue, what was promised (with deals, too), the days off."""

    monday: date
    overdue: tuple[Step, ...]
    steps: tuple[Step, ...]
    days_off: tuple[DayOff, ...]


def daily_page(store: Store, parcel: Parcel, now: datetime) -> DailyPage | None:
    """The day so far; None once the goal is reached, unless the message stands already."""
    day = date.fromisoformat(parcel.subject["day"])
    with store.read() as tx:
        page = common(tx, parcel, now)
        if page is None:
            return None
        calls = activity.calls_on(tx, parcel.workspace_id, parcel.recipient, day)
    if calls >= page.actor.daily_goal and parcel.ts is None:
        return None
    return DailyPage(*_fields(page), day, calls, page.actor.daily_goal)


def follow_up_page(store: Store, parcel: Parcel, now: datetime) -> FollowUpPage | NotYet | None:
    """What was promised; None where all of it was done or taken back before anybody had to be reminded, `NotYet` where
    its reader has gone since that was planned.
    """
    ids = [UUID(each) for each in parcel.subject["steps"]]
    with store.read() as tx:
        page = common(tx, parcel, now)
        found = steps.found(tx, parcel.workspace_id, ids)
        shown = tuple(found[each] for each in ids if each in found)
        still_open = [each.due_at for each in shown if each.is_open]
        if page is None or not shown or (parcel.ts is None and not still_open):
            return None
        if parcel.ts is None:
            standing = queries.standing(tx, parcel.workspace_id, parcel.recipient, now)
            moment = planning.next_follow_up(standing, min(still_open), now)
            if moment is None or moment > now:
                return NotYet(moment or now + planning.NOT_SOON)
    return FollowUpPage(*_fields(page), shown)


def week_page(store: Store, parcel: Parcel, now: datetime) -> WeekPage | None:
    """The week; None where it brings nothing."""
    monday = date.fromisoformat(parcel.subject["monday"])
    with store.read() as tx:
        page = common(tx, parcel, now)
        if page is None:
            return None
        standing = queries.standing(tx, parcel.workspace_id, parcel.recipient, now)
        promised = [
            *steps.open_until(tx, parcel.workspace_id, parcel.recipient, monday + 6 * _DAY),
            *deal_steps.of_week(tx, parcel.workspace_id, parcel.recipient, monday + 6 * _DAY),
        ]
        promised.sort(key=lambda each: each.day)
    overdue = tuple(each for each in promised if each.day < page.today)
    coming = tuple(each for each in promised if each.day >= page.today)
    off = tuple(each for each in _days_off(standing.schedule, monday, page.actor.language) if each.day >= page.today)
    if not (promised or off or parcel.ts):
        return None
    return WeekPage(*_fields(page), monday, overdue, coming, off)


def common(tx: Connection, parcel: Parcel, now: datetime) -> Page | None:
    """What every reminder has. None for somebody who is no colleague any more, and for a message that does not stand
    yet and is not wanted.
    """
    actor = people.actor(tx, parcel.workspace_id, parcel.recipient, now)
    if actor is None or refusal(actor) or (parcel.ts is None and not _is_wanted(tx, parcel, now)):
        return None
    asks = _asks(tx, parcel)
    return Page(parcel.key, Kind(parcel.kind), actor, people.today_of(actor, now), parcel.act, asks)


def _is_wanted(tx: Connection, parcel: Parcel, now: datetime) -> bool:
    """Whether its reader still wants this kind, and (but for follow-ups, which wait for them) is there."""
    standing = queries.standing(tx, parcel.workspace_id, parcel.recipient, now)
    is_there = presence(standing.schedule, now).reason not in {Reason.AWAY, Reason.HOLIDAY}
    return standing.wants(Kind(parcel.kind)) and (is_there or parcel.kind == Kind.FOLLOW_UP)


def _fields(page: Page) -> tuple[str, Kind, Actor, date, str | None, bool]:
    return page.key, page.kind, page.actor, page.today, page.act, page.asks


def _asks(tx: Connection, parcel: Parcel) -> bool:
    """Whether the ten before this one (or twenty, thirty …) passed without an act."""
    sent = deliveries.last_sent(tx, parcel.workspace_id, parcel.kind, parcel.recipient, LOOKS_BACK)
    before = [row for row in sent if row.id != parcel.id and row.recorded_at <= parcel.recorded_at]
    passed = list(takewhile(lambda row: row.act is None, before))
    if len(passed) >= ASK_AFTER and parcel.kind == Kind.DAILY:
        passed = _without_calls_after(tx, parcel, passed)
    if len(passed) >= ASK_AFTER and parcel.kind == Kind.FOLLOW_UP:
        passed = _still_waiting(tx, parcel, passed)
    return 0 < len(passed) < LOOKS_BACK and len(passed) % ASK_AFTER == 0


def _without_calls_after(tx: Connection, parcel: Parcel, passed: Sequence[Any]) -> list[Any]:
    """Those newest in a row after which no call was logged for their day: to log is to act on the reminder."""
    days = [date.fromisoformat(row.subject["day"]) for row in passed]
    calls = activity.calls_of(tx, parcel.workspace_id, [parcel.recipient], min(days), max(days))
    counted = zip(passed, days, strict=True)
    idle = takewhile(lambda each: calls.get((parcel.recipient, each[1]), 0) <= each[0].subject["calls"], counted)
    return [row for row, _ in idle]


def _still_waiting(tx: Connection, parcel: Parcel, passed: Sequence[Any]) -> list[Any]:
    """Those newest in a row of which every step stands as it did: to do or to move one on Home is to act on it."""
    ids = {UUID(each) for row in passed for each in row.subject["steps"]}
    found = steps.found(tx, parcel.workspace_id, ids)

    def waits(row: Any) -> bool:
        those = (found[UUID(each)] for each in row.subject["steps"] if UUID(each) in found)
        return all(step.is_open and step.due_at <= row.recorded_at + EARLIEST for step in those)

    return list(takewhile(waits, passed))


def _days_off(schedule: Schedule, monday: date, language: str) -> Iterator[DayOff]:
    for day in (monday + _DAY * further for further in range(7)):
        holiday = name_of(schedule.country, schedule.subdivision, day, language)
        if schedule.hours.week[day.weekday()] and holiday and not hours_on(schedule, day):
            yield DayOff(day, holiday)
        elif hours_on(schedule, day) and not work_on(schedule, day):
            yield DayOff(day, None)
