"""What the ticks do about leads: tell those who begin to work, look at clocks, bring back what was kept warm."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from bot.leads import changes, notices, queries, rescoring
from bot.leads.notices import LOOK_AGAIN, NOBODY, NURTURE, SPEED, WAKE
from bot.leads.queries import LeadRow
from bot.leads.speed import speed, staff
from bot.leads.states import Happening, LeadState
from bot.schedule import service as schedule
from bot.schedule.service import Due, Following, Planner
from bot.store.engine import Store


def plan_wakes(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Following:
    """Somebody who serves the queue begins to work: what waits there is shown to them."""
    found = staff(tx, workspace_id, now)
    following: dict[Due, datetime | None] = {}
    for each, row in _rows(tx, workspace_id, due).items():
        following[each] = None
        if row is None or row.state is not LeadState.QUEUED:
            continue
        if found.serving and not found.there(now):
            following[each] = found.next_start(now) or now + LOOK_AGAIN
        else:
            notices.offer(tx, workspace_id, row, now)
    return following


def plan_speed(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Following:
    """Nobody has reached out yet: a reminder at the target, once, and at twice the target whoever leads is told. The
    clock is reckoned anew from the hours, absences and activities of this moment.
    """
    rows = _rows(tx, workspace_id, due)
    return {each: _see_to_clock(tx, workspace_id, row, now) if row else None for each, row in rows.items()}


def plan_nurture(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Following:
    """The day has come until which a lead was kept warm: it goes back to its owner, or into the queue."""
    for each, row in _rows(tx, workspace_id, due).items():
        if row and row.state is LeadState.NURTURE:
            bring_back(tx, workspace_id, row, f"{each.subject}:{row.nurture_until}", now)
    return dict.fromkeys(due)


def plan_unserved(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Following:
    """Leads wait in a queue that nobody serves: operations is told once a day, until somebody does."""
    waiting, found = queries.queue(tx, workspace_id), staff(tx, workspace_id, now)
    if waiting and found.serving:
        for row in waiting:
            notices.offer(tx, workspace_id, row, now)
    elif waiting:
        notices.unserved(tx, workspace_id, now)
        return dict.fromkeys(due, now + LOOK_AGAIN)
    return dict.fromkeys(due)


def bring_back(tx: Connection, workspace_id: str, row: LeadRow, origin: str, now: datetime) -> None:
    """Out of nurture, to whoever had it."""
    after = LeadState.WORKING if row.owner_id else LeadState.QUEUED
    if not changes.move(tx, workspace_id, row.id, row.state, after, nurture_until=None):
        return
    changes.happened(tx, workspace_id, row.id, Happening.RETURNED, by=None, at=now, origin=origin, now=now)
    again = changes.hold(tx, workspace_id, row.id)
    notices.back_from_nurture(tx, workspace_id, again, now)
    notices.refresh(tx, workspace_id, again, now)


def touched(store: Store, workspace_id: str, person_ids: Collection[str], now: datetime) -> None:
    """These people have logged something: the cards of their leads whose clocks run show the touch that ends them."""
    with store.read() as tx:  # nearly always there is none, and then nobody has to wait to write
        running = {subject for _kind, _person, subject in schedule.moments(tx, workspace_id, [""], [SPEED])}
        owned = [row for person in person_ids for row in queries.owned_by(tx, workspace_id, person)] if running else []
        ended = [row for row in owned if row.id.hex in running and queries.first_touch(tx, workspace_id, row)]
    if ended:
        with store.write() as tx:
            for row in ended:
                notices.refresh(tx, workspace_id, row, now)


PLANNERS: Mapping[str, Planner] = {
    WAKE: plan_wakes,
    SPEED: plan_speed,
    NURTURE: plan_nurture,
    NOBODY: plan_unserved,
    rescoring.RESCORE: rescoring.plan,
}


def _see_to_clock(tx: Connection, workspace_id: str, row: LeadRow, now: datetime) -> datetime | None:
    clock = speed(tx, workspace_id, row, now)
    if clock is None or clock.touch:
        return None
    if clock.due_at is None or clock.late_at is None:
        return now + LOOK_AGAIN
    if clock.due_at > now:
        return clock.due_at
    found = staff(tx, workspace_id, now)
    if clock.late_at > now:
        if not row.owner_id and not found.there(now):  # the target ended with the shift
            return min(clock.late_at, found.next_start(now) or now + LOOK_AGAIN)
        notices.remind(tx, workspace_id, row, found, now)
        return clock.late_at
    notices.escalate(tx, workspace_id, row, found, now)
    return None


def _rows(tx: Connection, workspace_id: str, due: Sequence[Due]) -> dict[Due, LeadRow | None]:
    found = queries.some(tx, workspace_id, [UUID(each.subject) for each in due])
    return {each: found.get(UUID(each.subject)) for each in due}
