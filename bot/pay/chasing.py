"""What the ticks do about disputes: whoever has not answered one within two working days of theirs is reminded once,
and after two more, operations hear of it once.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from bot.absence.schedule import schedules
from bot.delivery import queries as deliveries
from bot.delivery import service as delivery
from bot.delivery.service import Letter
from bot.pay import queries
from bot.pay.queries import Dispute
from bot.pay.states import Standing
from bot.people import queries as people
from bot.schedule import service as schedule
from bot.schedule.service import Due, Following, Planner
from bot.working_time.presence import Schedule, next_working_day, presence, start_of_work
from bot.workspace import queries as workspace

REMINDED, RAISED = "pay_dispute_reminder", "pay_dispute_raised"
"""Kinds of the jobs, and of what they have said: to whoever answers, and to operations."""

DAYS = 2
"""Working days that a dispute waits before each of them."""

LOOK_AGAIN = timedelta(days=1)
"""When a dispute is looked at anew that nobody can be told of."""


def answerers(tx: Connection, workspace_id: str, person_id: str, day: date) -> list[str]:
    """Who is asked about somebody's line: their manager, else up to three of operations."""
    for each in people.line_above(tx, workspace_id, person_id, day):
        member = people.member(tx, workspace_id, each, day)
        if member and member.may_work:
            return [each]
    return [each for each in people.operators(tx, workspace_id, day) if each != person_id]


def watch(tx: Connection, workspace_id: str, found: Dispute, readers: Sequence[str], now: datetime) -> None:
    """Have a dispute looked at once those who may answer it have had their days."""
    due = _days_later(tx, workspace_id, readers[0], now) if readers else now + DAYS * LOOK_AGAIN
    schedule.put(tx, workspace_id, REMINDED, "", due, found.id.hex)


def settle(tx: Connection, workspace_id: str, dispute_id: UUID, now: datetime) -> None:
    """Look at it no more, and let what was said of it show the answer."""
    for kind in (REMINDED, RAISED):
        schedule.take_out(tx, workspace_id, kind, "", dispute_id.hex)
        for letter in deliveries.of_occasions(tx, workspace_id, kind, [dispute_id.hex]):
            delivery.change(tx, workspace_id, letter, now)


def remind(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Following:
    """Remind those who may answer, while they work."""
    return {each: _remind(tx, workspace_id, UUID(each.subject), now) for each in due}


def raise_up(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Following:
    """Let operations know, while they work."""
    return {each: _raise(tx, workspace_id, UUID(each.subject), now) for each in due}


PLANNERS: Mapping[str, Planner] = {REMINDED: remind, RAISED: raise_up}


def _remind(tx: Connection, workspace_id: str, dispute_id: UUID, now: datetime) -> datetime | None:
    found = _open(tx, workspace_id, dispute_id)
    if found is None:
        return None
    readers = answerers(tx, workspace_id, found.person_id, now.date())
    later = _tell(tx, workspace_id, REMINDED, found, readers, now)
    if later is None:
        schedule.put(tx, workspace_id, RAISED, "", _days_later(tx, workspace_id, readers[0], now), dispute_id.hex)
    return later


def _raise(tx: Connection, workspace_id: str, dispute_id: UUID, now: datetime) -> datetime | None:
    found = _open(tx, workspace_id, dispute_id)
    if found is None:
        return None
    asked = answerers(tx, workspace_id, found.person_id, now.date())
    others = {found.person_id, *asked}
    readers = [each for each in people.operators(tx, workspace_id, now.date()) if each not in others]
    return _tell(tx, workspace_id, RAISED, found, readers, now) if readers else None


def _open(tx: Connection, workspace_id: str, dispute_id: UUID) -> Dispute | None:
    found = queries.find_dispute(tx, workspace_id, dispute_id)
    return found if found and found.state is Standing.OPEN else None


def _tell(
    tx: Connection, workspace_id: str, kind: str, found: Dispute, readers: Sequence[str], now: datetime
) -> datetime | None:
    """Tell these people, once the first of them works; else when to look again."""
    if not readers:
        return now + LOOK_AGAIN
    there = presence(_schedule(tx, workspace_id, readers[0], now), now)
    if not there.is_working:
        return there.next_start or now + LOOK_AGAIN
    for reader in readers:
        delivery.tell(tx, workspace_id, Letter(kind, reader, found.id.hex, {"dispute": found.id.hex}), now)
    return None


def _days_later(tx: Connection, workspace_id: str, person_id: str, now: datetime) -> datetime:
    """As somebody's day begins, once they have had `DAYS` working days from tomorrow on."""
    working = _schedule(tx, workspace_id, person_id, now)
    day: date | None = now.astimezone(working.zone).date()
    for _ in range(DAYS + 1):
        day = next_working_day(working, day) if day else None
    begins = start_of_work(working, day) if day else None
    return begins or now + DAYS * LOOK_AGAIN


def _schedule(tx: Connection, workspace_id: str, person_id: str, now: datetime) -> Schedule:
    members = people.members(tx, workspace_id, now.date(), people=[person_id])
    return schedules(tx, workspace_id, members, now, workspace.settings(tx, workspace_id))[person_id]
