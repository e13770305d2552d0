"""What the ticks do about hand-offs: half-time reminders, offers that expire, what nobody could take, and what was
accepted but not contacted.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, update

from bot.absence.schedule import schedules
from bot.delivery import service as delivery
from bot.delivery.service import Letter
from bot.handoffs import changes, queries
from bot.handoffs.changes import BREACH, CLOCK, IDLE, QUEUE, REMIND, TOUCH, UNTOUCHED
from bot.handoffs.model import Offer
from bot.handoffs.queries import HandoffRow, OfferRow
from bot.handoffs.rules import Clock, clock_of
from bot.handoffs.states import Reason, State
from bot.people import queries as people
from bot.schedule.service import Due, Following, Planner
from bot.store.sql import table_of
from bot.working_time.clocks import runs_out
from bot.workspace import queries as workspace

offer = table_of(Offer)

GRACE = timedelta(hours=1)
"""What whoever was reminded of a first touch has, in their own working time, before their manager sees it."""


def plan_clocks(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Following:
    """Remind at half time; at the end tell the manager, and offer it to the next. The clock is reckoned anew from the
    hours and absences of this moment: what changed about them moves it.
    """
    changes.turn_of_routing(tx, workspace_id)
    return {each: _see_to_clock(tx, workspace_id, each, now) for each in due}


def plan_queue(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Following:
    """Offer anew what nobody could take."""
    changes.turn_of_routing(tx, workspace_id)
    following: dict[Due, datetime | None] = {}
    for each in due:
        row = queries.find(tx, workspace_id, UUID(each.subject))
        is_waiting = row is not None and row.state is State.WAITING
        following[each] = changes.offer_to_next(tx, workspace_id, UUID(each.subject), now) if is_waiting else None
    return following


def plan_touches(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Following:
    """Accepted is not contacted: who has not reached out in time is reminded, and then their manager sees it."""
    return {each: _see_to_touch(tx, workspace_id, each, now) for each in due}


PLANNERS: Mapping[str, Planner] = {CLOCK: plan_clocks, QUEUE: plan_queue, TOUCH: plan_touches}


def _see_to_clock(tx: Connection, workspace_id: str, due: Due, now: datetime) -> datetime | None:
    handoff_id, _, turn = due.subject.partition(":")
    row = queries.find(tx, workspace_id, UUID(handoff_id))
    if row is None or row.state is not State.OFFERED or row.turn != int(turn):
        return None
    current = next(each for each in queries.offers(tx, workspace_id, row.id) if each.turn == row.turn)
    clock = _clock(tx, workspace_id, current, now)
    if clock.due_at is None:
        return now + changes.LOOK_AGAIN
    if clock.due_at > now:
        _keep_clock(tx, workspace_id, row, current, clock, now)
        if clock.remind_at and clock.remind_at > now:
            return clock.remind_at
        _remind(tx, workspace_id, row, current, clock.due_at, now)
        return clock.due_at
    _expire(tx, workspace_id, row, now)
    return None


def _clock(tx: Connection, workspace_id: str, current: OfferRow, now: datetime) -> Clock:
    settings = workspace.settings(tx, workspace_id)
    members = people.members(tx, workspace_id, now.date(), people=[current.taker_id])
    found = schedules(tx, workspace_id, members, now, settings, start=current.offered_at)
    limit = timedelta(minutes=settings.handoff_minutes)
    return clock_of(found[current.taker_id], current.offered_at, limit)


def _keep_clock(
    tx: Connection, workspace_id: str, row: HandoffRow, current: OfferRow, clock: Clock, now: datetime
) -> None:
    """The moments that people read are those that will be kept."""
    if (current.remind_at, current.due_at) == (clock.remind_at, clock.due_at):
        return
    this = (offer.c.workspace_id == workspace_id) & (offer.c.handoff_id == row.id) & (offer.c.turn == row.turn)
    tx.execute(update(offer).where(this).values(remind_at=clock.remind_at, due_at=clock.due_at))
    changes.refresh(tx, workspace_id, row.id, now)


def _remind(
    tx: Connection, workspace_id: str, row: HandoffRow, current: OfferRow, due_at: datetime, now: datetime
) -> None:
    subject = {"handoff": row.id.hex, "turn": row.turn}
    occasion = f"{row.id.hex}:{row.turn}"
    delivery.tell(tx, workspace_id, Letter(REMIND, current.taker_id, occasion, subject, due_at), now)


def _expire(tx: Connection, workspace_id: str, row: HandoffRow, now: datetime) -> None:
    """Nobody answered: whoever has pressed in this very moment was faster, and then nothing happens here."""
    if not changes.move(tx, workspace_id, row, State.EXPIRED, by=None, now=now, reason=Reason.NO_ANSWER):
        return
    changes.end_offer(tx, workspace_id, row, State.EXPIRED, now, Reason.NO_ANSWER)
    assert row.taker_id is not None
    changes.tell_managers(tx, workspace_id, BREACH, row, f"{row.id.hex}:{row.turn}", row.taker_id, now)
    changes.offer_to_next(tx, workspace_id, row.id, now)


def _see_to_touch(tx: Connection, workspace_id: str, due: Due, now: datetime) -> datetime | None:
    row = queries.find(tx, workspace_id, UUID(due.subject))
    if row is None or row.state is not State.ACCEPTED or row.taker_id is None or _is_touched(tx, workspace_id, row):
        return None
    if row.taker_id != due.person_id:
        return None  # they have left, and whoever accepted it after them has a job of their own
    subject = {"handoff": row.id.hex, "turn": row.turn}
    is_new = delivery.tell(
        tx,
        workspace_id,
        Letter(UNTOUCHED, row.taker_id, f"{row.id.hex}:{row.turn}", subject, now + timedelta(days=1)),
        now,
    )
    if is_new:
        members = people.members(tx, workspace_id, now.date(), people=[row.taker_id])
        found = schedules(tx, workspace_id, members, now, workspace.settings(tx, workspace_id))
        return runs_out(found[row.taker_id], now, GRACE)
    changes.tell_managers(tx, workspace_id, IDLE, row, f"{row.id.hex}:{row.turn}", row.taker_id, now)
    return None


def _is_touched(tx: Connection, workspace_id: str, row: HandoffRow) -> bool:
    return first_touch(tx, workspace_id, row) is not None


def first_touch(tx: Connection, workspace_id: str, row: HandoffRow) -> datetime | None:
    """The first time that the taker reached out since they accepted, or None."""
    return queries.first_touches(tx, workspace_id, [row.id]).get(row.id)
